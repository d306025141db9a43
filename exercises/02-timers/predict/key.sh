#!/bin/sh
# SPDX-License-Identifier: MIT
#
# key.sh - the key of this question: what the explorer sees the program do
#
# usage: key.sh PROGRAM LIST
#
# PROGRAM is key.c with the real pool and the explorer, LIST prints the times
# that the model gives. In virtual time there is but one outcome, and it must
# be the model's: in every schedule with up to one preemption, and in a
# thousand by chance. (With two preemptions there are 61,868 schedules, which
# take minutes; the outcome is the same.)

program=$1 list=$2 lines='^A '
. exercises/tool/key.sh
compare 1 runs=1000
require_all search
echo "02-timers/predict: one outcome, in all $searched schedules" \
    "with up to one preemption and in $tried by chance"

#!/bin/sh
# SPDX-License-Identifier: MIT
#
# key.sh - the key of this question: what the explorer sees the program write
#
# usage: key.sh PROGRAM LIST [PREEMPTIONS]
#
# PROGRAM is key.c with the real pool and the explorer, LIST prints the logs
# that the model allows. A search through every schedule with up to one
# preemption must see no log that the model does not allow (it does not
# come upon all of them, and with a second preemption it takes too long for a
# test, so that PREEMPTIONS makes no difference here); some thousand
# executions by chance must see exactly the logs that the model allows.

program=$1 list=$2 lines=' end$'
. exercises/tool/key.sh
compare 1 runs=20000
echo "06-pools/predict: $found of $allowed logs in all $searched schedules" \
    "with up to one preemption, all of them in $tried by chance"

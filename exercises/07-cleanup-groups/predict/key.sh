#!/bin/sh
# SPDX-License-Identifier: MIT
#
# key.sh - the key of this question: what the explorer sees the program write
#
# usage: key.sh PROGRAM LIST [PREEMPTIONS]
#
# PROGRAM is key.c with the real pool and the explorer, LIST prints the logs
# that the model allows. A search through every schedule with up to two
# preemptions must see no log that the model does not allow (it does not
# come upon all of them, and with a third preemption it takes too long for a
# test, so that PREEMPTIONS makes no difference here); a few thousand
# executions by chance must see exactly the logs that the model allows.

program=$1 list=$2 lines=' end$'
. exercises/tool/key.sh
compare 2 runs=6000
echo "07-cleanup-groups/predict: $found of $allowed logs in all $searched schedules" \
    "with up to two preemptions, all of them in $tried by chance"

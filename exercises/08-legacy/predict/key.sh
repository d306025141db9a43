#!/bin/sh
# SPDX-License-Identifier: MIT
#
# key.sh - the key of this question: what the explorer sees the program count
#
# usage: key.sh PROGRAM LIST [PREEMPTIONS]
#
# PROGRAM is key.c with the real pool and the explorer, LIST prints what the
# model says; both are given the number of a row. A search through every
# schedule with up to one preemption, and executions by chance (ten times as
# many if PREEMPTIONS is more than one), must see that number and no other.

program=$1 list=$2 lines='^[0-3] of 3 items$'
[ "${3:-1}" -gt 1 ] && runs=1000 || runs=100
export TP_IDLE_MS=7200000 TP_STALL_MS=7200000
. exercises/tool/key.sh
for row in 0 1 2 3 4 5 6 7 8 9 10 11; do
	compare 1 "runs=$runs" $row
done
echo "08-legacy/predict: the $allowed numbers of the model, and no other, in" \
    "all $searched schedules with up to 1 preemption"

#!/bin/sh
# SPDX-License-Identifier: MIT
#
# key.sh - the key of this question: what the explorer sees the program write
#
# usage: key.sh PROGRAM LIST [PREEMPTIONS]
#
# PROGRAM is key.c with the real pool and the explorer, LIST prints the logs
# that the model allows; both are given the number of a situation. A search
# through every schedule with so many preemptions (1 if not given) must see
# no log that the model does not allow; a thousand executions by chance, in
# which time-outs may come although others can run (a slow machine), exactly
# the logs that the model allows.

program=$1 list=$2 lines='^(set|signal|timeout) '
preemptions=${3:-1}
export TP_IDLE_MS=7200000 TP_STALL_MS=7200000
. exercises/tool/key.sh
for situation in 1 2 3 4 5 6 7; do
	compare "$preemptions" 'time=race runs=1000' $situation
done
echo "03-waits/predict: the $allowed logs of the model, and no other, in all" \
    "$searched schedules with up to $preemptions preemptions"

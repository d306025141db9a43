#!/bin/sh
# SPDX-License-Identifier: MIT
#
# key.sh - the key of this question: what the explorer sees the program come to
#
# usage: key.sh PROGRAM LIST [PREEMPTIONS]
#
# PROGRAM is key.c with the real pool and the explorer, LIST prints the logs
# that the model allows; both are given the number of an account. A search
# through every schedule with up to one preemption must see no log that the
# model does not allow (with two it would take too long: if PREEMPTIONS is
# more than one, chance is given ten times as many); two hundred executions
# by chance exactly those that it allows.

program=$1 list=$2 lines='^(ended|pending|failed), '
[ "${3:-1}" -gt 1 ] && runs=2000 || runs=200
export TP_IDLE_MS=7200000 TP_STALL_MS=7200000
. exercises/tool/key.sh
for account in 0 1 2 3 4 5 6 7 8 9 10 11; do
	compare 1 "runs=$runs" $account
done
echo "04-io/predict: the $allowed logs of the model, and no other, in all" \
    "$searched schedules with up to 1 preemption"

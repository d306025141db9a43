#!/bin/sh
# SPDX-License-Identifier: MIT
#
# key.sh - the key of this question: what the explorer sees the program write
#
# usage: key.sh PROGRAM LIST [PREEMPTIONS]
#
# PROGRAM is key.c with the real pool and the explorer, LIST prints the logs
# that the model allows. A search through every schedule with so many
# preemptions (2 if not given) must see no log that the model does not allow,
# and from 3 on, every one that it does; some thousand executions by chance
# must see exactly the logs that the model allows.

program=$1 list=$2 lines='^s1 '
preemptions=${3:-2}
. exercises/tool/key.sh
compare "$preemptions" runs=15000
[ "$preemptions" -lt 3 ] || require_all search
echo "01-work/predict: $found of $allowed logs in all $searched schedules" \
    "with up to $preemptions preemptions, all of them in $tried by chance"

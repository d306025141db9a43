#!/bin/sh
# SPDX-License-Identifier: MIT
#
# key.sh - the key of this question: what the explorer sees the program find
#
# usage: key.sh PROGRAM LIST [PREEMPTIONS]
#
# PROGRAM is key.c with the explorer, LIST prints the logs that the model
# allows; both are given the name of a pool and the number of a sign. "this"
# is the pool of this book; "loose" keeps Microsoft's promises, and no order
# beyond them (loose.c). For each, two ways lead to the key:
#
#	a search, which must see no log that the model does not allow: with
#	this pool through every schedule with up to one preemption (or two, if
#	PREEMPTIONS is more than one: with a third it takes too long), with the
#	loose one, which has many threads, through those without any;
#	a few thousand executions by chance, which must see exactly the logs
#	that the model allows.
#
# A line for each pool says how many logs there are, and how many schedules
# were searched.

program=$1 list=$2 lines=' end$'
[ "${3:-1}" -gt 1 ] && most=2 || most=1
. exercises/tool/key.sh

# compare_pool POOL PREEMPTIONS RUNS: under each sign.
compare_pool()
{
	allowed=0 searched=0
	for sign in 0 1 2; do
		compare "$2" "runs=$3" "$1" $sign
	done
	echo "05-completion/predict, $1 pool: the $allowed logs of the model," \
	    "and no other, in all $searched schedules with up to $2 preemptions"
}

compare_pool this $most 2000
compare_pool loose 0 6000

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

folder=$(mktemp -d) || exit 3
trap 'rm -rf "$folder"' EXIT
program=$1
"$2" > "$folder/model"
[ -s "$folder/model" ] || { echo 'the model gives nothing'; exit 1; }

# explore NAME WORDS: the one outcome must be the model's.
explore()
{
	EXPLORE="outcomes=on races=off $2" "$program" > "$folder/$1.text" || {
		cat "$folder/$1.text"
		exit 1
	}
	grep '^A ' "$folder/$1.text" > "$folder/$1"
	cmp -s "$folder/$1" "$folder/model" && return
	echo "$1: the program's times, and then the model's:"
	cat "$folder/$1" "$folder/model"
	exit 1
}

# executions NAME: of its closing line; it must have come to an end.
executions()
{
	sed -n 's/^explore: \([0-9]*\) executions, 0 failing$/\1/p' \
	    "$folder/$1.text"
}

explore search 'search=1 runs=10000000'
grep -q '^explore: all schedules' "$folder/search.text" ||
    { echo 'the search did not come to its end'; exit 1; }
explore chance runs=1000
echo "02-timers/predict: one outcome, in all $(executions search) schedules" \
    "with up to one preemption and in $(executions chance) by chance"

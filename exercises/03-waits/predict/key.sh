#!/bin/sh
# SPDX-License-Identifier: MIT
#
# key.sh - the key of this question: what the explorer sees the program write
#
# usage: key.sh PROGRAM LIST [PREEMPTIONS]
#
# PROGRAM is key.c with the real pool and the explorer, LIST prints the logs
# that the model allows; both are given the number of a situation. Two ways
# lead to the key:
#
#	a search through every schedule with so many preemptions (1 if not
#	given): it must see no log that the model does not allow;
#	a thousand executions by chance: they must see exactly the logs that
#	the model allows.
#
# In the second, time-outs may come although others can run: a slow machine.
# The last line says how many logs there are, and how many schedules were
# searched.

program=$1
list=$2
preemptions=${3:-1}
folder=$(mktemp -d) || exit 3
trap 'rm -rf "$folder"' EXIT
export TP_IDLE_MS=7200000 TP_STALL_MS=7200000

# logs NAME WORDS: explores, and gathers the logs in NAME.
logs()
{
	EXPLORE="outcomes=on races=off $2" "$program" $number \
	    > "$folder/$1.text" || {
		cat "$folder/$1.text"
		exit 1
	}
	grep -E '^(set|signal|timeout) ' "$folder/$1.text" |
	    sort > "$folder/$1"
}

# executions NAME: of its closing line; it must have come to an end.
executions()
{
	sed -n 's/^explore: \([0-9]*\) executions, 0 failing$/\1/p' \
	    "$folder/$1.text"
}

# differ NAME WORDS LINES: there must be no such lines.
differ()
{
	[ -z "$3" ] && return
	echo "$1 of situation $number: logs $2:"
	echo "$3"
	exit 1
}

seen=0 searched=0
for number in 1 2 3 4 5 6 7; do
	"$list" $number | sort > "$folder/model"
	[ -s "$folder/model" ] || { echo 'the model allows nothing'; exit 1; }
	logs search "search=$preemptions runs=10000000"
	grep -q '^explore: all schedules' "$folder/search.text" ||
	    { echo 'the search did not come to its end'; exit 1; }
	logs chance "time=race runs=1000"
	for way in search chance; do
		differ $way 'that the model does not allow' \
		    "$(comm -13 "$folder/model" "$folder/$way")"
	done
	differ chance 'that it did not see' \
	    "$(comm -23 "$folder/model" "$folder/chance")"
	seen=$((seen + $(wc -l < "$folder/model")))
	searched=$((searched + $(executions search)))
done
echo "predict (waits): the $seen logs of the model, and no other, in all" \
    "$searched schedules with up to $preemptions preemptions"

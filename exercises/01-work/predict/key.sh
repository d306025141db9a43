#!/bin/sh
# SPDX-License-Identifier: MIT
#
# key.sh - the key of this question: what the explorer sees the program write
#
# usage: key.sh PROGRAM LIST [PREEMPTIONS]
#
# PROGRAM is key.c with the real pool and the explorer, LIST prints the logs
# that the model allows. Two ways lead to the key:
#
#	a search through every schedule with so many preemptions (2 if not
#	given): it must see no log that the model does not allow; from 3 on,
#	every one that it does;
#	a few thousand executions by chance: they must see exactly the logs
#	that the model allows.
#
# The last line says how many logs there are, and how many executions it took.

preemptions=${3:-2}
folder=$(mktemp -d) || exit 3
trap 'rm -rf "$folder"' EXIT
"$2" | sort > "$folder/model"

# logs NAME WORDS: explores, and gathers the logs in NAME.
logs()
{
	EXPLORE="outcomes=on races=off $2" "$program" > "$folder/$1.text" || {
		cat "$folder/$1.text"
		exit 1
	}
	grep '^s1 ' "$folder/$1.text" | sort > "$folder/$1"
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
	echo "$1: logs $2:"
	echo "$3"
	exit 1
}

program=$1
[ -s "$folder/model" ] || { echo 'the model allows nothing'; exit 1; }
logs search "search=$preemptions runs=10000000"
grep -q '^explore: all schedules' "$folder/search.text" ||
    { echo 'the search did not come to its end'; exit 1; }
logs chance runs=6000
for way in search chance; do
	differ $way 'that the model does not allow' \
	    "$(comm -13 "$folder/model" "$folder/$way")"
done
[ "$preemptions" -lt 3 ] || differ search 'that it did not see' \
    "$(comm -23 "$folder/model" "$folder/search")"
differ chance 'that it did not see' \
    "$(comm -23 "$folder/model" "$folder/chance")"
echo "predict: $(wc -l < "$folder/search") of $(wc -l < "$folder/model")" \
    "logs in all $(executions search) schedules with up to $preemptions" \
    "preemptions, all of them in $(executions chance) by chance"

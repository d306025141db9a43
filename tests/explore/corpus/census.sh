#!/bin/sh
# census.sh - how soon each way of choosing schedules finds some of the bugs
# SPDX-License-Identifier: MIT
#
# usage: census.sh PROGRAMS BUG...	the folder, build/explore/corpus; names
#
# Prints a table: for each bug and each way of choosing, how many executions it
# took until one failed, the median over 10 seeds; a star where a seed did not
# find the bug in 2,000 executions. The book shows it (book/explorer.md). The
# same on every machine.

programs=$1
shift

# median BUG WORDS
median()
{
	EXPLORE="seeds=10 $2" "$programs/$1" | sed -n \
		-e 's/.* from 10 of 10 .*median \([0-9]*\),.*/\1/p' \
		-e 's/.* from 0 of .*/never/p' \
		-e 's/.* from [1-9] of .*median \([0-9]*\),.*/\1*/p'
}

printf '%-20s%8s%7s%7s%7s%12s%14s\n' '' random POS PCT-3 PCT-5 portfolio \
	'spurious=on'
for bug do
	printf '%-20s' bug_$bug
	for words in random pos pct3 pct5; do
		printf ' %s' "$(median bug_$bug strategy=$words)"
	done
	printf ' %s' "$(median bug_$bug '')"
	printf ' %s\n' "$(median bug_$bug spurious=on)"
done | awk '{ printf "%-20s%8s%7s%7s%7s%12s%14s\n", $1, $2, $3, $4, $5, $6, $7 }'

#!/bin/sh
# SPDX-License-Identifier: MIT
#
# times.sh - how long it takes to grade a right answer, for each exercise
#
# usage: exercises/tool/times.sh [EX...]
#
# A line for each: seconds by the clock, seconds of processor time, EX; the
# longest last. What is shared is built before. Nothing is asserted here, since
# a time is the machine's; the grader means to stay below ten seconds on two
# processors.

cd "$(dirname "$0")/../.." || exit 3

# now: in milliseconds
now()
{
	echo $(($(date +%s%N) / 1000000))
}

# grade EX FILE: in a shell of its own, whose times are then those of grading.
grade()
(
	began=$(now)
	exercises/grade check --edited --strict "$1" "$2" > /dev/null || {
		echo "times.sh: $2 has not earned everything" >&2
		exit 1
	}
	ended=$(now)
	times > "$times"
	awk -v ms=$((ended - began)) -v ex="$1" 'NR == 2 {
		split($1 "m" $2, t, "[ms]+")
		printf "%5.1f s %5.1f s  %s\n", ms / 1000, \
		    t[1] * 60 + t[2] + t[3] * 60 + t[4], ex }' "$times"
)

[ $# -gt 0 ] || set -- $(ls exercises/*/*/manifest | cut -d / -f 2,3)
times=$(mktemp) || exit 3
trap 'rm -f "$times"' EXIT
for ex in "$@"; do
	for answer in "exercises/$ex"/correct/*.c; do break; done
	exercises/grade check --edited "$ex" "exercises/$ex/stub.c" \
	    > /dev/null || exit
	grade "$ex" "$answer" || exit
done | sort -n

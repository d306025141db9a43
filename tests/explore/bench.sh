#!/bin/sh
# bench.sh - what one execution costs: processor time, and how many a second
# SPDX-License-Identifier: MIT
#
# Usage: sh tests/explore/bench.sh RUNS PROGRAM...
#
# By one job. Processor time, of user and system, is what other work on the
# machine disturbs least; "a second" is on one processor that has nothing else
# to do, and with as many jobs as there are processors it is so much more.
# A suite is asked for one test by TEST_ONLY, as ever.

runs=$1
shift
before=$(mktemp) && after=$(mktemp) || exit 1
trap 'rm -f "$before" "$after"' EXIT

# times, not in a pipe: a subshell has no children yet, and would tell of none.
for program; do
	times >"$before"
	EXPLORE="runs=$runs jobs=1" "$program" >/dev/null || exit 1
	times >"$after"
	# The second line of each: what the children took, user and system.
	awk -v program="$program" -v runs="$runs" '
		FNR == 2 {
			sum = -sum
			for (i = 1; i <= 2; i++) {
				split($i, part, /[ms]/)
				sum += part[1] * 60000 + part[2] * 1000
			}
		}
		END {
			printf "%-44s %6.2f ms %7.0f a second\n", program,
				sum / runs, runs * 1000 / sum
		}' "$before" "$after"
done

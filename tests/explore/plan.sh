#!/bin/sh
# plan.sh - which tests a run of the explorer takes, and which are done already
# SPDX-License-Identifier: MIT
#
# Usage: sh tests/explore/plan.sh OUT K/N SUITE...	for run.sh
#
# Writes into the folder OUT, with fields separated by tabs:
#
#	settings.tsv	the shard; what decides the results: the budgets, the
#			seed, the libraries that suites load; the sum of all
#			tests' names; the sum of each program
#	todo		a line for each test of this shard that is to be
#			explored: suite, test, case, program, key
#
# The key is the program's sum and that of the settings. In OUT/journal, which a
# run that was killed may have left, stay the lines whose key is the right one.

out=$1
shard=$2
shift 2

# list: a line for each test of these programs: suite, test, case, program
list() {
	for program do
		tests=$(EXPLORE=off TEST_LIST=1 "$program") || {
			echo "$program does not list its tests" >&2
			return 1
		}
		while read -r case test; do
			printf '%s\t%s\t%s\t%s\n' "${program##*/}" "$test" \
				"$case" "$program"
		done <<-end
		$tests
		end
	done
}

# settings: what decides the results of every program
settings() {
	printf '%s\t%s\n' small "$SMALL" scenario "$SCENARIO" \
		faults "$FAULTS" seed "$SEED" words "$WORDS" \
		run.sh "$(cksum <"${0%/*}/run.sh")"
	for library in "${1%/*}"/*.so; do
		[ ! -f "$library" ] || printf 'library %s\t%s\n' \
			"${library##*/}" "$(cksum <"$library")"
	done
}

# programs: the sum of each
programs() {
	cksum "$@" | while read -r sum size program; do
		printf 'program %s\t%s %s\n' "${program##*/}" "$sum" "$size"
	done
}

list "$@" >"$out/todo" || exit 1
LC_ALL=C sort -o "$out/todo" "$out/todo"
key=$(settings "$@" | cksum)
{
	printf 'shard\t%s\n' "$shard"
	settings "$@"
	printf 'tests\t%s\n' "$(cut -f 1,2 "$out/todo" | cksum)"
	programs "$@"
} >"$out/settings.tsv"
touch "$out/journal"

# A line of the journal that was not written to its end has no full stop.
awk -F '\t' -v OFS='\t' -v key="$key" -v k="${shard%/*}" -v n="${shard#*/}" \
	-v kept="$out/journal.new" -v todo="$out/todo.new" '
	FILENAME == ARGV[1] { sum[$1] = $2; next }
	FILENAME == ARGV[2] {
		if (FNR % n == k % n) {
			unit[++units] = $1 OFS $2
			is[unit[units]] = sum["program " $1] " " key
			rest[units] = $3 OFS $4
		}
		next
	}
	$NF == "." && NF == 11 && is[$2 OFS $4] == $1 && !done[$2 OFS $4]++ {
		print >kept
	}
	END {
		printf "" >kept
		printf "" >todo
		for (i = 1; i <= units; i++)
			if (!done[unit[i]])
				print unit[i], rest[i], is[unit[i]] >todo
	}' "$out/settings.tsv" "$out/todo" "$out/journal"
mv "$out/todo.new" "$out/todo"
mv "$out/journal.new" "$out/journal"

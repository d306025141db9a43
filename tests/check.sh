#!/bin/sh
# check.sh - everything that must hold, part by part, with a table at the end
# SPDX-License-Identifier: MIT
#
# Usage: sh tests/check.sh MAKE [all]
#
# Each part is one or more targets of the Makefile. A part that fails prints
# its log and does not keep the others from running. With `all` come the parts
# that take long or need clang, musl or Wine.
#
# The last line is `N passed, N failed`: parts, not tests.

make=$1
form=${2:-}
logs=build/check
jobs=$(getconf _NPROCESSORS_ONLN 2>/dev/null || echo 2)
passed=0
failed=0
mkdir -p $logs
: >$logs/table

# part NAME TARGET...: what the part has counted is the last line that counts
part() {
	name=$1
	shift
	log=$logs/$name.log
	began=$(date +%s)
	printf '%s ...\n' "$name"
	if $make --no-print-directory -k -j"$jobs" "$@" >"$log" 2>&1; then
		verdict=passed
		passed=$((passed + 1))
	else
		verdict=FAILED
		failed=$((failed + 1))
		tail -n 100 "$log"
	fi
	count=$(counts "$log")
	printf '%-12s %-7s %5d s  %s\n' "$name" $verdict \
		$(($(date +%s) - began)) "$count" >>$logs/table
}

# counts LOG: how many tests of Check ran in it; or what it says last
counts() {
	awk '/%: Checks: [0-9]+/ {
			match($0, /Checks: [0-9]+/)
			n += substr($0, RSTART + 8, RLENGTH - 8)
			suites++
		}
		/[0-9]+ (passed|rules|tests|includes|mutants|faults)/ { last = $0 }
		END {
			if (suites)
				printf "%d tests in %d suites", n, suites
			else
				printf "%s", last
		}' "$1"
}

start=$(date +%s)
part build all
part tests test
part house check-house check-headers check-install
part asan asan
part tsan tsan
part explorer check-explorer
part explore explore
part mutants mutants
part rules check-rules rules
part exercises check-exercises
part grader check-grader
part book book
part sabotage check-book
part timeline check-timeline
part bench bench-quick
if [ "$form" = all ]; then
	part clang clang
	part variants check-explorer-all
	part explore-all explore-all
	part musl musl
	part wine wine
	part sdk check-sdk
	part epub check-epub
	part answers exercises-all
	part measure bench
fi

echo
echo 'part         verdict    time  counted'
cat $logs/table
printf 'all together %19s s\n' $(($(date +%s) - start))
echo "$passed passed, $failed failed"
[ $failed -eq 0 ]

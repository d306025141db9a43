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
# One more than there are processors: tests and answers wait now and then.
jobs=$(($(getconf _NPROCESSORS_ONLN 2>/dev/null || echo 2) + 1))
passed=0
failed=0
mkdir -p $logs
: >$logs/table
: >$logs/troubles

# run NAME TARGET...: makes them; leaves in NAME.end how that ended and how
# long it took, and in NAME.times what the shell has used for it
run() (
	name=$1
	shift
	printf '%s ...\n' "$name"
	began=$(date +%s)
	$make --no-print-directory -k -j"$jobs" "$@" >$logs/$name.log 2>&1
	echo "$? $(($(date +%s) - began))" >$logs/$name.end
	times >$logs/$name.times
)

# processor NAME: the seconds of processor time of its make, from its times,
# as 1m2.5s 0m3.25s in the line of the children
processor() {
	awk 'NR == 2 {
			split($1 "m" $2, t, "[ms]+")
			printf "%.0f", t[1] * 60 + t[2] + t[3] * 60 + t[4]
		}' $logs/$1.times
}

# tell NAME: what the part has counted is the last line that counts
tell() {
	read -r status seconds <$logs/$1.end
	if [ "$status" -eq 0 ]; then
		verdict=passed
		passed=$((passed + 1))
	else
		verdict=FAILED
		failed=$((failed + 1))
		tail -n 100 $logs/$1.log
		trouble $1 >>$logs/troubles
	fi
	count=$(counts $logs/$1.log)
	printf '%-12s %-7s %5d s %9d s  %s\n' "$1" $verdict "$seconds" \
		"$(processor $1)" "$count" >>$logs/table
}

# trouble NAME: the lines of its log that say what went wrong, as far as they
# can be told by their looks; all of them are in the log
trouble() {
	echo "$1, of $logs/$1.log:"
	grep -a -E 'not so|:[FE]:|alive|[Ff]ail(s|ed|ing)|fault|must |\*\*\*' \
		$logs/$1.log |
		grep -v -E ' 0 (faults|failed|failing|alive)|^(compile|link) ' |
		cut -c 1-200 | head -n 12 | sed 's/^/    /'
}

# part NAME TARGET...
part() {
	run "$@"
	tell "$1"
}

# meanwhile: parts that use one processor only, one after the other, and build
# nothing that the parts before have not built, or that those beside them do;
# finish tells how they went.
meanwhile() (
	jobs=1
	run grader check-grader check-formats
	run learner check-learner
	run class check-batch check-vary
)

finish() {
	wait
	for name in grader learner class; do
		tell $name
	done
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

case $form in
all) mutants=mutants ;;
*) mutants=mutants-some ;;
esac

start=$(date +%s)
part build all
part tests test
part house check-house check-headers check-install
part asan asan
part explorer check-explorer check-shards
part explore explore
part answers exercise-all
meanwhile &
part exercises check-exercises
part tsan tsan
part mutants $mutants
part rules check-rules rules check-sources sources
part book book
part sabotage check-book
part timeline check-timeline
part bench bench-quick
finish
if [ "$form" = all ]; then
	part clang clang
	part unchecked unchecked
	part load load
	part variants check-explorer-all
	part explore-all explore-all
	part musl musl
	part wine wine
	part gdb check-gdb
	part sdk check-sdk
	part epub check-epub
	part all-stages exercises-all
	part course check-course-all check-guide
	part classes check-batch-all
	part variants-all check-vary-all
	part learners check-learner-all check-formats-all
	part measure bench
fi

echo
echo 'part         verdict    time   processor  counted'
cat $logs/table
printf 'all together %19s s\n' $(($(date +%s) - start))
cat $logs/troubles
echo "$passed passed, $failed failed"
[ $failed -eq 0 ]

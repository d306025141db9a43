#!/bin/sh
# run.sh - every test of the project, under the explorer
# SPDX-License-Identifier: MIT
#
# Usage: sh tests/explore/run.sh SUITE...	programs, build/explore/suite/...
#
# Each test of the cases "small" and "scenario" runs in as many executions as
# the environment says: SMALL and SCENARIO. In a scenario every allocation and
# every new thread fails once besides, in FAULTS executions each. SEED is the
# base of all schedules: the same seed, the same executions, on any machine.
# WORDS has more for EXPLORE: time=race is a slow machine, where time-outs come
# although others could run.
# A suite that repeats the small tests of another one, with the dispatcher in a
# poller, has a fifth of the executions.
# OUT is the folder for what this writes, if not build/explore.
#
# The pool's own deadlines are a day away, where a test does not set them:
# beyond the end of explored time, so that none comes to the rescue of a
# wake-up that got lost.
#
# Results: a line for each test, fields separated by tabs, in
# build/explore/results.tsv: suite, case, test, executions, verdict, text. The
# verdict "native" means that the test runs natively only, and the text why.
# The logs of what failed are in build/explore/logs. The last line printed:
#
#	288 tests explored, 41230 executions, 0 failing; 12 run natively only
#
# Exit status: 0 nothing failed, 1 something did.

SMALL=${SMALL:-30}
SCENARIO=${SCENARIO:-100}
FAULTS=${FAULTS:-5}
SEED=${SEED:-1}
WORDS=${WORDS:-}
out=${OUT:-build/explore}
results=$out/results.tsv
logs=$out/logs
export TP_IDLE_MS=86400000 TP_STALL_MS=86400000

# one: explores $test of $suite ($program); sets $executions, $verdict, $text
one() {
	log=$logs/$suite.$test
	executions=0
	case $case:$suite in
	small:*_epoll | small:*_poll) words="runs=$((SMALL / 5))" ;;
	small:*) words="runs=$SMALL" ;;
	scenario:*) words="runs=$SCENARIO faults=$FAULTS" ;;
	*)
		verdict=native
		text='a load test'
		return ;;
	esac
	TEST_ONLY=$test EXPLORE="$words seed=$SEED $WORDS" "$program" >"$log" 2>&1
	status=$?
	closing=$(sed -n 's/^explore: \([0-9]* execution.*\)/\1/p' "$log" |
		tail -n 1)
	executions=${closing%% *}
	text=${closing#*failing}
	text=${text#: }
	case $status:$closing in
	0:*' 0 failing') verdict=pass ;;
	1:*' 1 failing: '*)
		verdict=${text%%: *}
		text=${text#*: } ;;
	3:*': trouble: '*)
		verdict=native
		text=${text#*: } ;;
	*)
		verdict=none
		text="it ended with status $status, and without a verdict" ;;
	esac
}

# tell: a line of results; of a failure, the log
tell() {
	printf '%s\t%s\t%s\t%s\t%s\t%s\n' "$suite" "$case" "$test" \
		"${executions:-0}" "$verdict" "$text" >>"$results.new"
	case $verdict in
	pass | native) rm -f "$log" ;;
	*)
		printf '\n== %s: %s: %s\n\n' "$suite" "$test" "$verdict"
		cat "$log" ;;
	esac
}

[ $# -gt 0 ] || { sed -n '/^# Usage/s/^# //p' "$0" >&2; exit 2; }
mkdir -p "$logs"
: >"$results.new"
for program do
	suite=${program##*/}
	tests=$(EXPLORE=off TEST_LIST=1 "$program") || {
		echo "$program does not list its tests" >&2
		exit 1
	}
	while read -r case test; do
		log=
		one </dev/null
		tell
	done <<-end
	$tests
	end
done
mv "$results.new" "$results"

# A run of nothing must not pass.
awk -F '\t' '
	$5 == "native" { native++; next }
	{ tests++; executions += $4 }
	$5 != "pass" { failing++ }
	END {
		printf "%d tests explored, %d executions, %d failing;" \
		    " %d run natively only\n", tests, executions, failing,
		    native
		exit failing > 0 || tests == 0
	}' "$results"

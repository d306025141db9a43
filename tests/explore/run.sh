#!/bin/sh
# run.sh - every test of the project, under the explorer
# SPDX-License-Identifier: MIT
#
# Usage: sh tests/explore/run.sh [--shard K/N] SUITE...
#
# SUITE is a program, build/explore/suite/... Each test of the cases "small"
# and "scenario" runs in as many executions as the environment says: SMALL and
# SCENARIO. In a scenario every allocation and every new thread fails once
# besides, in FAULTS executions each. SEED is the base of all schedules: the
# same seed, the same executions, on any machine; "new" is one by the clock.
# WORDS has more for EXPLORE: time=race is a slow machine, where time-outs come
# although others could run.
# A suite that repeats the small tests of another one, with the dispatcher in a
# poller, has a fifth of the executions, one at least.
# OUT is the folder for what this writes, if not build/explore.
#
# With --shard K/N it takes every N-th test of the sorted list, from the K-th
# on, and writes into the folder shards/K-of-N of OUT. merge.sh makes of all
# shards what one run would have written, to the byte.
#
# The pool's own deadlines are a day away, where a test does not set them:
# beyond the end of explored time, so that none comes to the rescue of a
# wake-up that got lost.
#
# Results: a sorted line for each test, fields separated by tabs, in
# results.tsv: suite, case, test, executions, verdict, text, seed; and of a
# failure, in which execution it was and the words for EXPLORE that show it
# again, or "-". The verdict "native" means that the test runs natively only,
# and the text why. The logs of what failed are in the folder logs; plan.sh
# tells what is in settings.tsv. The last line printed:
#
#	288 tests explored, 41230 executions, 0 failing; 12 run natively only
#
# Standard error has each failure at once, and how far the run is: on a terminal
# in one line that changes, else in a line every EVERY seconds.
#
# Until all is done, the results are in OUT/journal. With RESUME=1, a run takes
# from the journal of one that was killed what the same program gave under the
# same settings. Of a run that came to its end nothing is ever taken.
#
# Exit status: 0 nothing failed, 1 something did, 2 wrong usage.

usage() {
	sed -n '/^# Usage/s/^# //p' "$0" >&2
	exit 2
}

out=${OUT:-build/explore}
shard=1/1
if [ "${1-}" = --shard ]; then
	shard=${2-}
	case $shard in
	0* | */0* | *[!0-9/]* | /* | */ | */*/*) usage ;;
	*/*) [ "${shard%/*}" -le "${shard#*/}" ] || usage ;;
	*) usage ;;
	esac
	out=$out/shards/${shard%/*}-of-${shard#*/}
	shift 2
fi
[ $# -gt 0 ] || usage

export SMALL="${SMALL:-20}" SCENARIO="${SCENARIO:-60}" FAULTS="${FAULTS:-4}"
export SEED="${SEED:-1}" WORDS="${WORDS:-}"
export TP_IDLE_MS=86400000 TP_STALL_MS=86400000
logs=$out/logs
journal=$out/journal
log=$out/log.$$

# one: explores $test of $suite ($program); sets $executions, $verdict, $text
one() {
	executions=0
	case $case:$suite in
	small:*_epoll | small:*_poll) words="runs=$(((SMALL + 4) / 5))" ;;
	small:*) words="runs=$SMALL" ;;
	scenario:*) words="runs=$SCENARIO faults=$FAULTS" ;;
	*)
		verdict=native
		text='a load test'
		return ;;
	esac
	TEST_ONLY=$test EXPLORE="$words seed=$SEED $WORDS" "$program" \
		>"$log" 2>&1
	status=$?
	closing=$(sed -n '/^explore: [0-9]* execution/h
		${ g; s/^explore: //p; }' "$log")
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

# first PATTERN: what is in its brackets, in the first line of the log like it
first() {
	sed -n "/$1/{ s//\\1/p; q; }" "$log"
}

# note: a line for the journal; of a failure, the log
note() {
	where=
	again=
	case $verdict in
	pass | native) ;;
	*)
		failing=$((failing + 1))
		where=$(first '^Found in execution \([0-9]*\).*')
		again=$(first "^ *EXPLORE='\\(.*\\)' .*")
		mv "$log" "$logs/$suite.$test"
		[ -z "$live" ] || printf '%70s\r' '' >&2
		printf '%s: %s: %s: %s\n' "$suite" "$test" "$verdict" \
			"$text" >&2 ;;
	esac
	{
		printf '%s\t' "$key" "$suite" "$case" "$test" \
			"${executions:-0}" "$verdict" "$text" "$SEED" \
			"${where:--}" "${again:--}"
		echo .
	} >>"$journal"
}

# progress: how far it is
progress() {
	finished=$((finished + 1))
	made=$((made + ${executions:-0}))
	now=$(date +%s)
	[ -n "$live" ] || [ $((now - told)) -ge "${EVERY:-60}" ] || return
	told=$now
	[ "$now" -gt "$began" ] || now=$((began + 1))
	printf '%d of %d done, %d left, %d executions a second, %d failing%s' \
		$finished $total $((total - finished)) \
		$((made / (now - began))) $failing "${live:-$line}" >&2
}

mkdir -p "$logs"
rm -f "$out"/log.* "$out/results.tsv"
[ "${RESUME:-0}" = 1 ] || rm -rf "$journal" "$logs"/*
if [ "$SEED" = new ]; then
	[ "$shard" = 1/1 ] || {
		echo 'run.sh: shards must have the same SEED: say which' >&2
		exit 2
	}
	SEED=$(tail -n 1 "$journal" 2>/dev/null | cut -f 8)
	SEED=${SEED:-$(date +%s)}
fi
sh "${0%/*}/plan.sh" "$out" "$shard" "$@" || exit

tab=$(printf '\t')
for old in "$logs"/*; do
	name=${old##*/}
	grep -q "$tab${name%%.*}${tab}[a-z]*$tab${name#*.}$tab" "$journal" ||
		rm -f "$old"
done

line='
'
live=
[ ! -t 2 ] || live=$(printf '  \r')
finished=$(wc -l <"$journal")
total=$((finished + $(wc -l <"$out/todo")))
failing=$(cut -f 6 "$journal" | grep -cvx -e pass -e native)
made=0
began=$(date +%s)
told=$began
[ $finished -eq 0 ] || echo "resumed: $finished of $total done before" >&2
while IFS=$tab read -r suite test case program key; do
	one </dev/null
	note
	progress
done <"$out/todo"
[ -z "$live" ] || echo >&2

cut -f 2-10 "$journal" | LC_ALL=C sort >"$out/results.new"
mv "$out/results.new" "$out/results.tsv"
rm -f "$journal" "$log" "$out/todo"
sh "${0%/*}/tell.sh" "$out"

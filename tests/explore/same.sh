#!/bin/sh
# same.sh - the explorer says the same on every machine, to the byte
# SPDX-License-Identifier: MIT
#
# Usage: sh tests/explore/same.sh PROGRAMS
#
# A grade must not depend on where it is given. Some of the corpus' bugs, in the
# folder PROGRAMS, are explored by one job; then by more, on one processor,
# on a busy machine, with less priority, other addresses, other limits, another
# environment and as another user. The report, the drawing and the data must be
# the same bytes each time. What this machine does not allow is left out, aloud.

programs=$1
names='bug_aba bug_lock_order bug_unlocked_counter bug_timer_rearm_lost
bug_close_frees_running bug_philosophers'
folder=$(mktemp -d) || exit 1
trap 'rm -rf "$folder"' EXIT
chmod 755 "$folder"
failed=0
compared=0

# explore NAME WORDS COMMAND...: what it says, into the folder "now"
explore() {
	name=$1
	words=$2
	shift 2
	rm -rf "$folder/now"
	mkdir "$folder/now"
	chmod 777 "$folder/now"
	"$@" env EXPLORE="$words svg=$folder/now/svg json=$folder/now/json" \
		"$programs/$name" >"$folder/now/text" 2>&1
}

# same HOW WORDS COMMAND...: for each program
same() {
	how=$1
	words=$2
	shift 2
	for name in $names; do
		explore "$name" "$words" "$@"
		compared=$((compared + 1))
		diff -r "$folder/$name" "$folder/now" >"$folder/diff" && continue
		failed=$((failed + 1))
		echo "$name, $how: not the same"
		sed 's/^/    /; 12q' "$folder/diff"
	done
}

# if_allowed HOW COMMAND...: the same with this command before, if it works
if_allowed() {
	how=$1
	shift
	if "$@" test -x "$programs/bug_aba" 2>/dev/null; then
		same "$how" '' "$@"
	else
		echo "not compared: $how"
	fi
}

limited() {
	ulimit "$1" "$2" && shift 2 && "$@"
}

# In a subshell each, so that the limit is for this command only.
under_limit() {
	(limited "$@")
}

for name in $names; do
	explore "$name" jobs=1
	mv "$folder/now" "$folder/$name"
	grep -q '^explore: .* 1 failing: ' "$folder/$name/text" || {
		echo "$name: nothing was found"
		failed=$((failed + 1))
	}
done

same 'two jobs' jobs=2
same 'seven jobs' jobs=7
if_allowed 'one processor' taskset -c 0
if_allowed 'less priority' nice -n 19
if_allowed 'addresses that are not random' setarch -R
if_allowed 'another user' setpriv --reuid=65534 --regid=65534 --clear-groups
if_allowed 'a small stack' under_limit -s 1024
if_allowed 'a stack without limit' under_limit -s unlimited
if_allowed 'few descriptors' under_limit -n 32
same 'another environment' '' env HOME=/ LC_ALL=C.UTF-8 TZ=Asia/Kathmandu \
	JUNK="$(seq 1 999 | tr -d '\n')"
(while :; do :; done) &
one=$!
(while :; do :; done) &
two=$!
same 'a busy machine' ''
kill $one $two

echo "$compared reports compared with those of one job alone, $failed different"
[ $failed -eq 0 ]

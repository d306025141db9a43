#!/bin/sh
# shards_test.sh - an exploration in parts, killed and resumed, is as in one
# SPDX-License-Identifier: MIT
#
# Usage: sh tests/explore/shards_test.sh PROGRAMS	build/explore
#
# Explored are two small suites of the project, and two that are scripts: one
# with a test that fails, and one that can kill the run that explores it, which
# is how a run is killed half-way at the same place each time. The scripts write
# down what is explored.

programs=$1
here=${0%/*}
folder=$(mktemp -d) || exit 1
trap 'rm -rf "$folder"' EXIT
trap 'exit 1' HUP INT TERM
export SMALL=4 SCENARIO=4 FAULTS=1 FOLDER="$folder" BROKEN="$programs/corpus"
tests=0
wrong=0

# expect WHAT COMMAND...: the command succeeds
expect() {
	what=$1
	shift
	tests=$((tests + 1))
	"$@" && return
	wrong=$((wrong + 1))
	echo "shards: not so: $what"
}

not() {
	! "$@"
}

# run OUT WORDS...: explores all suites; status, text and complaints in OUT.*
run() {
	name=$1
	shift
	OUT=$folder/$name sh "$here/run.sh" "$@" "$folder"/suite/* \
		>"$folder/$name.text" 2>"$folder/$name.log"
	echo $? >"$folder/$name.status"
}

# merge OUT SHARD...: likewise
merge() {
	name=$1
	shift
	sh "$here/merge.sh" "$folder/$name" "$@" \
		>"$folder/$name.text" 2>"$folder/$name.log"
	echo $? >"$folder/$name.status"
}

ended() {
	[ "$(cat "$folder/$1.status")" -eq "$2" ]
}

# same OUT: as the whole run in one, in all that it leaves and says
same() {
	diff -r "$folder/whole" "$folder/$1" &&
		diff "$folder/whole.text" "$folder/$1.text"
}

# has FILE LINE: a line that matches the whole of it
has() {
	grep -qx -- "$2" "$folder/$1" || {
		cat "$folder/$1"
		return 1
	}
}

# explored NAME...: the scripts' tests that were, in this order
explored() {
	echo "$*" | tr ' ' '\n' | diff - "$folder/explored"
}

# refused WHAT: by merge, for this reason, and nothing was written
refused() {
	expect "$1 is refused" ended no 2
	expect "$1: $2" has no.log "merge: $2"
	expect "$1: nothing is written" not test -e "$folder/no/results.tsv"
}

# suites: two of the project, and two scripts
suites() {
	mkdir "$folder/suite"
	cp "$programs/suite/queue" "$programs/suite/scenario_first_pool" \
		"$folder/suite"
	cat >"$folder/suite/locks" <<-'end'
	#!/bin/sh
	[ -z "$TEST_LIST" ] || {
		echo large locks_at_last
		echo scenario locks_in_a_ring
		exit
	}
	echo $TEST_ONLY >>"$FOLDER/explored"
	exec "$BROKEN/bug_lock_order"
	end
	cat >"$folder/suite/stops" <<-'end'
	#!/bin/sh
	[ -z "$TEST_LIST" ] || {
		printf 'small stops_%s\n' c b a
		echo large stops_d
		exit
	}
	echo $TEST_ONLY >>"$FOLDER/explored"
	[ ! -e "$FOLDER/kill" ] || {
		rm "$FOLDER/kill"
		kill -9 $PPID
	}
	echo 'explore: 4 executions, 0 failing'
	end
	chmod +x "$folder/suite/locks" "$folder/suite/stops"
}

# killed OUT WORDS...: a run that is killed in stops_a
killed() {
	: >"$folder/kill"
	run "$@"
	rm -f "$folder/explored"
	expect "$1 is killed" ended "$1" 137
}

# One run.
suites
run whole
expect 'a failure is one' ended whole 1
expect 'the sum is told' has whole.text \
	'15 tests explored, [0-9]* executions, 1 failing; 2 run natively only'
expect 'all tests have a line' \
	[ "$(wc -l <"$folder/whole/results.tsv")" -eq 17 ]
expect 'lines are sorted' env LC_ALL=C sort -c "$folder/whole/results.tsv"
expect 'a failure is told at once' has whole.log \
	'locks: locks_in_a_ring: deadlock: Nobody can go on: .*'
expect 'nothing is left but results' [ "$(cd "$folder/whole" && echo *)" = \
	'logs results.tsv settings.tsv' ]
expect 'a pass has no words that show it again' has whole/results.tsv \
	'stops	small	stops_a	4	pass		1	-	-'
again=$(sed -n 's/^locks	scenario	.*	1	[0-9]*	//p' \
	"$folder/whole/results.tsv")
EXPLORE="$again" "$programs/corpus/bug_lock_order" >"$folder/replay"
expect 'those of a failure do' has replay \
	'explore: 1 execution, 1 failing: deadlock: .*'

# Three shards, one killed when its failure was found and not all was done.
run parts --shard 1/3
run parts --shard 3/3
killed parts --shard 2/3
shards=$folder/parts/shards
expect 'a killed run has no results' not [ -e "$shards/2-of-3/results.tsv" ]
expect 'what it did is there' \
	[ "$(wc -l <"$shards/2-of-3/journal")" -eq 4 ]
half=$(sed '$s/[^	]*	\.$//' "$shards/2-of-3/journal")
printf '%s' "$half" >"$shards/2-of-3/journal"
merge no "$shards"/*
refused 'a shard that was killed' "$shards/2-of-3: not a shard at its end"
RESUME=1 run parts --shard 2/3
expect 'the resumed shard knows the failure' ended parts 1
expect 'but not what was written to the half' \
	has parts.log 'resumed: 3 of 6 done before'
expect 'it does only the rest' explored stops_a
merge joined "$shards"/*
expect 'a failure of a shard is one' ended joined 1
expect 'shards are the same as one run' same joined

# What does not fit together.
merge no "$shards/1-of-3" "$shards/3-of-3"
refused 'a part of the shards' 'shard 2/3 is missing'
merge no "$shards"/* "$shards/3-of-3"
refused 'a shard given twice' \
	"$shards/3-of-3: shard 3/3 once more, as $shards/3-of-3"
merge no "$shards"/* "$folder"
refused 'another folder' "$folder: not a shard at its end"
merge no "$shards"/* "$folder/whole"
refused 'a whole run among shards' "$folder/whole: shard 1/1, not one of 3"
other=$folder/other/shards/1-of-3
SEED=2 run other --shard 1/3
merge no "$shards"/[23]* "$other"
refused 'another seed' \
	"$other: other settings, seed 2 than in $shards/2-of-3"
echo '# newer' >>"$folder/suite/stops"
run other --shard 1/3
merge no "$shards"/[23]* "$other"
refused 'another program' \
	"$other: other program stops than in $shards/2-of-3"
cp "$folder/suite/stops" "$folder/suite/stops_more"
run other --shard 1/3
merge no "$shards"/[23]* "$other"
expect 'one program more is refused' ended no 2
rm "$folder/suite/stops_more"
cp -r "$shards" "$folder/cut"
sed -i '$d' "$folder/cut/1-of-3/results.tsv"
merge no "$folder/cut"/*
refused 'a result too few' 'the shards together have not each test once'
rm -r "$folder/cut" && cp -r "$shards" "$folder/cut"
rm -r "$folder/cut/2-of-3/logs"
merge no "$folder/cut"/*
refused 'a log too few' 'the log of locks.locks_in_a_ring is missing'
rm -r "$folder/cut" && cp -r "$shards" "$folder/cut"
sed -i '/^words/d' "$folder/cut/3-of-3/settings.tsv"
merge no "$folder/cut"/*
refused 'a setting too few' \
	"$folder/cut/3-of-3: not as many settings as in $folder/cut/1-of-3"

# What a run takes from a journal, and what not.
killed again
RESUME=1 run again
expect 'what was done is not done again' explored stops_a stops_b stops_c
rm "$folder/explored"
RESUME=1 run again
expect 'of a run at its end nothing is taken' \
	explored locks_in_a_ring stops_a stops_b stops_c
killed again
expect 'it leaves no older results' not [ -e "$folder/again/results.tsv" ]
run again
expect 'unless told, nothing is taken' \
	explored locks_in_a_ring stops_a stops_b stops_c
killed again
SMALL=5 RESUME=1 run again
expect 'of other settings nothing is taken' \
	explored locks_in_a_ring stops_a stops_b stops_c
killed again
sed -i '/^exec/s/.*/echo "explore: 4 executions, 0 failing"/' \
	"$folder/suite/locks"
RESUME=1 run again
expect 'of another program nothing is taken' \
	explored locks_in_a_ring stops_a stops_b stops_c
expect 'but of the other programs' has again.log \
	'resumed: 11 of 17 done before'
expect 'no failure is left' ended again 0
expect 'no log of it, either' \
	not [ -e "$folder/again/logs/locks.locks_in_a_ring" ]

# A new seed is kept until the end.
mkdir "$folder/bin"
printf '#!/bin/sh\necho >>"$FOLDER/ticks"\nwc -l <"$FOLDER/ticks"\n' \
	>"$folder/bin/date"
chmod +x "$folder/bin/date"
PATH=$folder/bin:$PATH
export PATH
export SEED=new
killed again
RESUME=1 run again
expect 'a resumed run keeps its seed' explored stops_a stops_b stops_c
rm "$folder/explored"
run again
expect 'the next has another' \
	not grep -qx 'seed	1' "$folder/again/settings.tsv"
run no --shard 1/2
expect 'shards do not choose a seed each' ended no 2
unset SEED

# How far it is; and what is no shard.
EVERY=0 run again
expect 'a log has lines' has again.log \
	'17 of 17 done, 0 left, [0-9]* executions a second, 0 failing'
if script -qec true /dev/null >/dev/null 2>&1 </dev/null; then
	OUT=$folder/again script -qec "sh $here/run.sh $folder/suite/*" \
		/dev/null >"$folder/live" </dev/null
	expect 'a terminal has one line' \
		[ "$(grep -c ' of 17 done' "$folder/live")" -eq 1 ]
	tr '\r' '\n' <"$folder/live" | sed 's/ *$//' >"$folder/lines"
	expect 'which changes' \
		[ "$(grep -c '^[0-9]* of 17 done' "$folder/lines")" -eq 17 ]
elif [ "${ELSEWHERE:-}" = required ]; then
	expect 'the command "script" can make a terminal' false
else
	echo 'not tried: a terminal, which the command "script" cannot make here'
fi
for shard in 0/3 4/3 3 /3 3/ 1/2/3 -1/3 1/b 01/3 ''; do
	run no --shard "$shard"
	expect "$shard is no shard" ended no 2
done
run no --shard 17/18
expect 'a shard may have native tests only' ended no 0
run no --shard 18/18
expect 'or none' ended no 0

# The recipes of README.md: each, with part 2, is a run of that shard.
recipe() {
	sed -n "s/^[^#\`]*\(make $1 SHARD=[^#']*\).*/\1/p" "$here/README.md" |
		sed 's|SHARD=[^/]*/|SHARD=2/|; s|[ 	]:::.*||'
}

for target in explore explore-nightly; do
	recipe $target >"$folder/recipes"
	expect "there are recipes for $target" [ -s "$folder/recipes" ]
	while read -r _ target words; do
		shard=${words%%[ 	]*}
		make -n "$target" "$shard" SEED=42 2>/dev/null </dev/null |
			tail -n 2 >"$folder/command"
		expect "recipe: $make $target $words" \
			grep -q -- "--shard ${shard#SHARD=} " "$folder/command"
	done <"$folder/recipes"
done

echo "shards: $tests tests, $wrong faults"
[ $wrong -eq 0 ]

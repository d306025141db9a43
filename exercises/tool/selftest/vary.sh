#!/bin/sh
# SPDX-License-Identifier: MIT
#
# vary.sh - tests of variants, of overlays and of hidden checks
#
# usage: exercises/tool/selftest/vary.sh [--all]
#
# Two exercises are varied and graded, one with a check added that is hidden.
# --all: every exercise that has parameters, in the variants of two seeds, by
# tool/check.sh: stub, right answers and mutants.

cd -P "$(dirname "$0")/../../.." || exit 3
. exercises/tool/stages.sh
repair=01-work/repair
starve=06-pools/starve
tests=0
faults=0
work=$(mktemp -d) || exit 3
overlays=

# What was made under build/ for the overlays of this test.
clean_up()
{
	for sum in $overlays; do
		rm -rf "build/overlay-$sum" "build/exercises-$sum"
		for part in obj asan explore; do
			rm -rf "build/$part/build/overlay-$sum"
		done
	done
	rm -rf "$work"
}

# expect WORDS COMMAND...: the command must succeed.
expect()
{
	words=$1
	shift
	tests=$((tests + 1))
	"$@" && return
	echo "vary: not so: $words"
	faults=$((faults + 1))
}

# fails COMMAND...: with the exit status, and says why.
fails()
{
	wanted=$1
	shift
	"$@" > "$work/out" 2>&1
	[ $? -eq "$wanted" ] && [ -s "$work/out" ] && return
	sed 's/^/    /' "$work/out"
	return 1
}

not()
{
	! "$@" > /dev/null 2>&1
}

# use DIR: grades with this overlay from now on; sets results.
use()
{
	OVERLAY=$1
	lay_over || exit 3
	overlays="$overlays ${overlay#build/overlay-}"
	results=build/exercises-${overlay#build/overlay-}
}

# earns POINTS EX FILE [--edited]: graded in the overlay. With --edited it does
# not matter whether somebody is at work on the grader itself.
earns()
{
	exercises/grade check "$2" "$3" $4 > "$work/out" 2>&1 &&
	    grep -q "^Points: $1 of " "$work/out" && return
	sed 's/^/    /' "$work/out"
	return 1
}

# Does the exercise of the overlay keep to its list of checksums?
as_listed()
{
	ex=$1
	out=$work
	locate && overlay_as_listed
}

says()
{
	grep -q -F -e "$1" "$work/out" && return
	sed 's/^/    /' "$work/out"
	return 1
}

vary()
{
	exercises/grade vary "$@" > "$work/varied" 2>&1 && return
	sed 's/^/    /' "$work/varied"
	return 1
}

test_seeds()
{
	vary --seed apple --to "$work/a" $repair $starve || exit 3
	vary --seed apple --to "$work/again" $starve $repair || exit 3
	vary --seed pear --to "$work/b" $repair $starve || exit 3
	expect 'the same seed gives the same bytes' \
	    diff -r "$work/a" "$work/again"
	for ex in $repair $starve; do
		expect "two seeds give two variants of $ex" \
		    not diff -r -q "$work/a/$ex" "$work/b/$ex"
	done
	expect 'no name that was renamed is left' \
	    not grep -r -E '(^|[^a-z_])(struct pool|pool_[a-z]+)' \
	    "$work/a/$repair"
	expect 'a variant says nothing of its parameters' \
	    not grep -E '^(vary|rename|word|with|place) ' \
	    "$work/a/$repair/manifest" "$work/a/$starve/manifest"
	expect 'a variant is not written over' fails 3 \
	    exercises/grade vary --seed apple --to "$work/a" $repair
	expect 'a seed is needed' fails 2 exercises/grade vary --to "$work/c"
	expect 'an exercise without parameters has no variant' fails 3 \
	    exercises/grade vary --seed apple --to "$work/c" 01-work/predict
}

test_answers()
{
	use "$work/a"
	expect 'the varied right answer earns all' \
	    earns 5 $repair "$overlay/$repair/correct/loop.c" --edited
	expect 'its files are those that were written' as_listed $repair
	expect 'the public right answer earns nothing' \
	    earns 0 $repair exercises/$repair/correct/loop.c --edited
	expect 'it does not build' says 'build      fail'
	expect 'the varied right answer keeps the varied limit' \
	    earns 5 $starve "$overlay/$starve/correct/computed.c" --edited
	expect 'the public right answer does not earn all' \
	    not earns 5 $starve exercises/$starve/correct/computed.c --edited
	expect 'it keeps another limit' says 'FAIL  nobody_starves'
	mutant=$work/a/$starve/mutant/off_by_one.c
	message=$(sed -n 's/^ \* message: //p' "$mutant")
	expect 'the mutant has another message' \
	    not grep -q -F "$message" exercises/$starve/mutant/off_by_one.c
	exercises/grade check --edited $starve "$mutant" > "$work/out" 2>&1
	tr '\n' ' ' < "$work/out" | tr -s ' ' > "$work/line"
	mv "$work/line" "$work/out"
	expect 'a varied mutant dies for its stated reason' says "$message"
}

# A variant with two checks more, of which one fails in some schedules.
add_hidden()
{
	mkdir -p "$work/h/01-work"
	cp -R "$work/a/$repair" "$work/h/$repair"
	cat > "$work/h/$repair/hidden.c" <<'END'
/* hidden.c - what an instructor has added */
/* SPDX-License-Identifier: MIT */
#include "suite.h"

static struct tally done = TALLY_ZERO;

CHECK(it_works_with_many)
{
	require(MANY, "not with 4711");
}

static void
work(void *unused)
{
	(void)unused;
	tally_add(&done);
}

CHECK(it_works_in_any_order)
{
	struct actor actor;
	unsigned long seen;

	actor_start(&actor, work, NULL);
	seen = tally_read(&done);
	actor_join(&actor);
	require(seen == 0, "not in the order 4711");
}
END
	cat > "$work/h/$repair/mutant/few.c" <<'END'
/* few.c - a mutant: cannot do 4711 */
/* SPDX-License-Identifier: MIT */
/*
 * check: it_works_with_many
 * message: 4711
 */
END
	awk '/^points / { $2 = 7 }
	    /^suites / { $0 = $0 " hidden.c" }
	    /^stage schedules / {
		print "check it_works_with_many 1 It works with many."
		print "check it_works_in_any_order 1 It works in any order."
		print "hidden it_works_with_many it_works_in_any_order"
	    }
	    { print }' "$work/a/$repair/manifest" > "$work/h/$repair/manifest"
}

# The hidden check passes, or does not.
with_many()
{
	sed "s/MANY/$1/" "$work/h/$repair/hidden.c" > "$work/hidden.c"
	rm -rf "$work/h$1"
	cp -R "$work/h" "$work/h$1"
	cp "$work/hidden.c" "$work/h$1/$repair/hidden.c"
	use "$work/h$1"
}

held_back()
{
	not grep -l 4711 "$results/$repair/report.txt" \
	    "$results/$repair/verdicts.tsv" "$results/$repair/result.tsv"
}

# visibility NAME: of the record's item.
visibility()
{
	awk -F'\t' -v name="$1" '$1 == "item" && $3 == name { print $7 }' \
	    "$results/$repair/result.tsv"
}

test_hidden()
{
	add_hidden
	with_many false
	right=$work/a/$repair/correct/loop.c
	expect 'what was edited is not graded' earns 0 $repair "$right"
	expect 'and the report says so' says 'the overlay'
	expect 'checksums can be renewed' exercises/grade vary \
	    --sums "$work/hfalse"
	use "$work/hfalse"
	expect 'and then they fit' as_listed $repair
	expect 'hidden checks count' earns '5 1/4' $repair "$right" --edited
	expect 'their number and weight are shown' \
	    says 'hidden     2 of 10 items, 2 of 7 points'
	expect 'and their promises' says 'It works with many.'
	expect 'what they try is held back, in every stage' held_back
	expect 'the instructor can look it up' \
	    grep -q 4711 "$results/$repair/records"
	expect 'a hidden check is marked in the record' \
	    test "$(visibility it_works_with_many)" = hidden
	expect 'and no other' test "$(visibility schedules)" = visible
	with_many true
	rm "$work/htrue/$repair/sums"
	use "$work/htrue"
	expect 'a hidden check can be passed' earns '6 1/4' $repair "$right"
	expect 'without a list nothing is compared' \
	    says 'skip: an overlay without a list'
}

# A project of one exercise, whose parameters are as they must not be.
broken()
{
	rm -rf "$work/project"
	mkdir -p "$work/project/exercises/01-work"
	cp -R exercises/tool "$work/project/exercises"
	cp -R exercises/$repair "$work/project/exercises/01-work"
	echo "$1" >> "$work/project/exercises/$repair/manifest"
	fails 3 "$work/project/exercises/tool/vary/vary.sh" --seed apple \
	    --to "$work/broken" $repair
	status=$?
	rm -rf "$work/broken"
	return $status
}

test_faults()
{
	expect 'a place that is nowhere is found out' \
	    broken 'place stub.c no such text'
	expect 'so is a parameter that there is not' \
	    broken 'place stub.c {NONE}'
	expect 'and a name that is there already' broken 'word item thread'
	expect 'and nothing to choose from' broken 'rename item'
	expect 'what is not broken is varied' not broken '# nothing'
}

vary_all()
{
	for seed in apple pear; do
		vary --seed $seed --to "$work/$seed" || exit 3
		use "$work/$seed"
		for ex in $(cd "$work/$seed" && echo */*); do
			expect "the $seed variant of $ex is sound" \
			    exercises/tool/check.sh "$ex"
		done
	done
}

trap clean_up EXIT
trap 'exit 3' HUP INT TERM
if [ "$1" = --all ]; then
	vary_all
else
	test_seeds
	test_answers
	test_hidden
	test_faults
fi
echo "vary: $tests tests, $faults faults"
[ $faults -eq 0 ]

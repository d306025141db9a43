#!/bin/sh
# SPDX-License-Identifier: MIT
#
# check_course.sh - tests of what is packed for a course
#
# usage: exercises/course/check_course.sh [all]
#
# Packs handouts and archives, breaks them in the ways that must be noticed,
# grades in an unpacked one what is graded here too, and plays the platforms.
# Objects of this checkout are used again where their sources are the same.
# With "all", the handout of all exercises, and more answers.

cd -P "$(dirname "$0")/../.." || exit 3
. exercises/course/parts.sh
. exercises/course/platforms.sh
LC_ALL=C
export LC_ALL
form=$1
suite=check_course
. exercises/tool/selftest/expect.sh

# unpack FOLDER: the handout, with the objects of this checkout that a student
# would make of the same sources.
unpack()
{
	mkdir -p "$1"
	tar -C "$1" -xzf build/course/handout.tar.gz
	there=$1/the-deep-end
	lend "$there"
}

# lend TREE: but not what is there already compiled. The tree's own sources
# were copied from here; that they are the same is for `together` to see.
lend()
{
	(cd build && find $VARIANTS explorer -name '*.o') |
	    grep -v '/suite/\|/counted/\|/corpus/' > "$scratch/lent"
	mkdir -p "$1/build"
	tar -C build -cf - -T "$scratch/lent" | tar -C "$1/build" -xmf -
	(cd "$1/prebuilt" && find . -name '*.o') |
	    (cd "$1/build" && xargs rm -f)
}

body_of_quiet()
{
	awk '/^}/ { functions++ } functions == 4 { print }' ref/quiet.c
}

# What must not be in a handout, all of it in one.
spoil()
{
	mkdir "$scratch/spoilt"
	tar -C "$scratch/spoilt" -xzf build/course/handout.tar.gz
	bad=$scratch/spoilt/the-deep-end
	mkdir "$bad/exercises/01-work/wait/correct"
	cp exercises/01-work/wait/correct/nodes.c \
	    "$bad/exercises/01-work/wait/correct"
	cp ref/due.c "$bad/ref"
	cp exercises/01-work/wait/mutant/polls.c "$bad/exercises/tool/polls.h"
	body_of_quiet >> "$bad/exercises/01-work/wait/README.md"
	sed 's/	/  /g' exercises/01-work/predict/correct/by_letter.c |
	    tail -n +4 >> "$bad/exercises/01-work/predict/logs.h"
	cp build/obj/ref/quiet.o "$bad/prebuilt/obj/ref/quiet.o"
	echo hello > "$bad/README.md"
	ln -s LICENSE "$bad/LICENCE"
	tar -C "$scratch/spoilt" -czf "$scratch/spoilt.tar.gz" the-deep-end
	exercises/course/check_handout.sh "$scratch/spoilt.tar.gz" \
	    > "$scratch/said"
	[ $? -eq 1 ]
}

# said WORDS: with a line of its own for each thing that is wrong.
said()
{
	grep -e "$1" "$scratch/said" && return
	cat "$scratch/said"
	return 1
}

spoilt_handouts()
{
	expect 'a spoilt handout is noticed' spoil
	expect 'a right answer in the handout is found' \
	    said 'an answer: .*wait/correct/nodes.c'
	expect 'a module that is an answer is found' \
	    said 'an answer: .*ref/due.c'
	expect 'a copy of an answer with another name is found' \
	    said 'a copy of an answer: .*polls.h'
	expect 'a function of a module in a text is found' \
	    said 'lines of ref/quiet.c are in .*wait/README.md'
	expect 'lines of a right answer with other spaces are found' \
	    said 'lines of exercises/01-work/predict/correct/.* in .*logs.h'
	expect 'an object that names lines is found' \
	    said 'names lines of the source: .*obj/ref/quiet.o'
	expect 'another first line of README.md is found' said 'does not begin'
	expect 'a symbolic link is found' said 'symbolic link'
}

# same_bytes: packed twice, with another umask and in between other dates.
same_bytes()
{
	cp build/course/handout.tar.gz "$scratch/first.tar.gz"
	touch exercises/01-work/wait/suite.c
	(umask 077 && exercises/course/handout.sh handout $some)
	cmp "$scratch/first.tar.gz" build/course/handout.tar.gz
}

one_owner_one_date()
{
	tar --numeric-owner -tvzf build/course/handout.tar.gz |
	    awk '$2 != "0/0" || $4 != "2000-01-01" { print; bad = 1 }
	    END { exit bad || NR < 100 }'
}

# grade_here EX [FILE]; grade_there EX [FILE]
grade_here()
{
	exercises/grade check "$@"
}

grade_there()
{
	(cd "$there" && make grade EX="$1" SRC="$2")
}

points()
{
	awk -F'\t' '$1 == "total" { print $4 "/" $5 }' "$1/verdicts.tsv"
}

# as_here EX: the stub has the same verdicts in the handout, and no points.
as_here()
{
	grade_here "$1" "exercises/$1/stub.c" && grade_there "$1" &&
	    points "build/exercises/$1" &&
	    [ "$(points "build/exercises/$1" | cut -d / -f 1)" = 0 ] &&
	    diff "build/exercises/$1/verdicts.tsv" \
	    "$there/build/exercises/$1/verdicts.tsv"
}

# full_marks EX NAME: a correct answer, handed in where students do.
full_marks()
{
	mkdir -p "$there/answers/${1%/*}"
	for suffix in c csv; do
		[ -f "exercises/$1/correct/$2.$suffix" ] &&
		    cp "exercises/$1/correct/$2.$suffix" \
		    "$there/answers/$1.$suffix"
	done
	grade_there "$1"
	all=$(manifest_field "$1" points)
	[ "$(points "$there/build/exercises/$1")" = "$all/$all" ]
}

edited_is_seen()
{
	echo >> "$there/exercises/01-work/wait/suite.c"
	grade_there 01-work/wait > "$scratch/edited"
	grep 'integrity *fail: the question.s own files were edited' \
	    "$scratch/edited"
}

other_machine()
{
	echo z80 > "$there/prebuilt/machine"
	grade_there 01-work/predict > "$scratch/other" 2>&1
	[ $? -ne 0 ] && grep 'this handout is for z80' "$scratch/other"
}

# Both archives together are the exercises of the repository again.
together()
{
	mkdir "$scratch/both"
	for kind in handout instructor; do
		tar -C "$scratch/both" -xzf build/course/$kind.tar.gz ||
			return 1
	done
	for one in $some; do
		for file in $(files_of "exercises/$one"); do
			cmp "$file" "$scratch/both/the-deep-end/$file" ||
				return 1
		done
	done
	for file in $(withheld_modules); do
		cmp "$file" "$scratch/both/the-deep-end/$file" || return 1
	done
}

handouts()
{
	some='01-work/predict 01-work/wait 06-pools/starve'
	[ "$form" = all ] && some=$(all_exercises)
	expect 'the handout is packed' exercises/course/handout.sh handout $some
	expect 'the archive of the rest is packed' \
	    exercises/course/handout.sh instructor $some
	expect 'there are no answers in the handout' \
	    exercises/course/check_handout.sh build/course/handout.tar.gz
	expect 'the same files give the same bytes' same_bytes
	expect 'files have one owner and one date' one_owner_one_date
	expect 'both archives together have all of the exercises' together
	spoilt_handouts
}

# Here it is graded with the modules' source, there with their objects.
graded_handouts()
{
	unpack "$scratch/student"
	for one in 01-work/predict 01-work/wait; do
		expect "the stub of $one fails in the handout as here" \
		    as_here $one
	done
	expect 'a right answer to 01-work/wait gets everything' \
	    full_marks 01-work/wait semaphores
	if [ "$form" = all ]; then
		for one in $some; do
			expect "the stub of $one fails as here" as_here "$one"
			first=$(ls "exercises/$one"/correct/*.c | head -n 1)
			first=${first##*/}
			expect "$first to $one gets everything" \
			    full_marks "$one" "${first%.c}"
		done
	fi
	actions
	expect "the Dockerfile has README.md's packages, and files that exist" \
	    dockerfile
	expect 'an edited suite is noticed without git' edited_is_seen
	expect 'another kind of machine is told so, and nothing is graded' \
	    other_machine
}

scratch=$(mktemp -d) || exit 3
trap 'rm -rf "$scratch"' EXIT
trap 'exit 3' HUP INT TERM
chmod 755 "$scratch"
handouts
graded_handouts
gradescope
[ "$form" = all ] && gradescope_variant && recipes
echo "check_course: $tests tests, $faults faults"
[ $faults -eq 0 ]

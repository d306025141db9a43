#!/bin/sh
# SPDX-License-Identifier: MIT
#
# guide_test.sh - is what exercises/GUIDE.md says so?
#
# usage: exercises/course/guide_test.sh
#
# Commands in fences "sh run" are run, in their order, with folders of a scratch
# folder for those that the guide names; those in fences "sh" must exist, with
# their options. The plans' points and weights are added up from the manifests.
# The exercise that the guide writes is taken from its text and graded.

cd -P "$(dirname "$0")/../.." || exit 3
. exercises/course/parts.sh
LC_ALL=C
export LC_ALL
guide=exercises/GUIDE.md
suite=guide_test
. exercises/tool/selftest/expect.sh

# plans GUIDE: complains about what is wrong in the tables of the plans.
plans()
{
	for one in $(all_exercises); do
		echo "$one $(manifest_field "$one" points)"
	done > "$scratch/points"
	awk -F'|' -v points="$scratch/points" -f exercises/course/plans.awk "$1"
}

wrong_plans_are_found()
{
	sed 's/^Together 60/Together 61/' $guide > "$scratch/wrong"
	plans "$scratch/wrong" && return 1
	sed 's/| 17 | 28 |/| 17 | 29 |/' $guide > "$scratch/wrong"
	plans "$scratch/wrong" && return 1
	sed 's/`02-timers\/stop`/`02-timers\/go`/' $guide > "$scratch/wrong"
	plans "$scratch/wrong" && return 1
	:
}

# fences WORDS: the lines in fences that begin with these words alone.
fences()
{
	awk -v head='```'"$1" '
	    /^```$/ && inside { inside = 0; next }
	    /^```/ { inside = $0 == head; next }
	    inside' $guide
}

# known COMMAND...: does it exist, with its words and options?
known()
{
	case $1 in
	make)
		grep -q "^$2:.*##" Makefile ;;
	exercises/grade)
		exercises/grade 2>&1 | grep -q "exercises/grade $2" || return 1
		shift 2
		for word in "$@"; do
			case $word in
			-*) exercises/grade 2>&1 | grep -q -e "$word" ||
				return 1 ;;
			esac
		done ;;
	*)
		[ -x "$1" ] ;;
	esac
}

# What stands in backquotes and looks like a file of the project, or a target.
named()
{
	awk '/^```/ { inside = !inside } !inside' $guide |
	    grep -o '`[^`]*`' | tr -d '`' | sort -u > "$scratch/named"
	while read -r name; do
		case $name in
		exercises/01-work/numbers | classroom-resources/*) ;;
		*' EX='*) ;;
		make\ *) known $name || echo "no target: $name" ;;
		exercises/*) [ -e "$name" ] || echo "no file: $name" ;;
		[0-9][0-9]-*/*) [ -f "exercises/$name/manifest" ] ||
			echo "no exercise: $name" ;;
		esac
	done < "$scratch/named" | grep . && return 1
	[ "$(wc -l < "$scratch/named")" -gt 40 ]
}

# The files that the guide writes, into overlay/ of the scratch folder.
write_exercise()
{
	awk -v root="$scratch/" '
	    /^```(c|text) overlay\// {
		file = root $2
		folder = file
		sub(/\/[^\/]*$/, "", folder)
		system("mkdir -p " folder)
		next
	    }
	    /^```$/ { file = "" }
	    file { print > file }' $guide
}

# placed LINE: with the scratch folder's names for the guide's.
placed()
{
	echo "$1" | sed -E \
	    -e "s#([ =])(submissions|results|overlay)#\\1$scratch/\\2#g" \
	    -e "s# my\.c# $scratch/my.c#"
}

# run LINE: and looks whether its result is what the guide says.
run()
{
	sh -c "$(placed "$1")" > "$scratch/out" 2>&1 < /dev/null || {
		cat "$scratch/out"
		return 1
	}
	case $1 in
	*' check '*stub.c) grep '^Points: 0 of' "$scratch/out" ;;
	*' check '*correct/* | *' my.c')
		grep '^Points: \([0-9]*\) of \1$' "$scratch/out" ;;
	*' check '*mutant/*)
		grep '^Points: ' "$scratch/out" &&
		    ! grep '^Points: \([0-9]*\) of \1$' "$scratch/out" ;;
	*' batch '*results)
		cp "$scratch/results/gradebook.csv" "$scratch/first.csv" &&
		    [ -s "$scratch/results/checks.csv" ] &&
		    [ -s "$scratch/results/class/index.html" ] ;;
	*' merge '*)
		cmp "$scratch/results/gradebook.csv" "$scratch/first.csv" ;;
	*' vary --seed '*)
		# What is now there is a variant; the rest makes itself at home.
		cp "$scratch/overlay/01-work/repair/correct/loop.c" \
		    "$scratch/my.c" ;;
	*'make handout '*) OVERLAY=$scratch/overlay \
		exercises/course/check_handout.sh build/course/handout.tar.gz ;;
	esac
}

# An exercise with a mutant that does not die as it should is not all right.
wrong_exercise_is_found()
{
	sed -i 's/message: the first/message: the last/' \
	    "$scratch/overlay/01-work/numbers/mutant/begins_at_zero.c"
	OVERLAY=$scratch/overlay exercises/tool/check.sh 01-work/numbers \
	    > "$scratch/out" 2>&1 && return 1
	grep 'begins_at_zero' "$scratch/out"
}

hidden_is_refused()
{
	cp -R "$scratch/overlay/01-work/numbers" "$scratch/overlay/01-work/hide"
	echo 'hidden no_number_is_given_twice' \
	    >> "$scratch/overlay/01-work/hide/manifest"
	OVERLAY=$scratch/overlay exercises/course/handout.sh handout \
	    01-work/hide
	[ $? -eq 2 ]
}

class()
{
	mkdir -p "$scratch/submissions/ada/01-work" "$scratch/submissions/bob"
	cp exercises/01-work/predict/correct/by_letter.c \
	    "$scratch/submissions/ada/01-work/predict.c"
	mkdir -p "$scratch/submissions/bob/01-work"
	cp exercises/01-work/predict/stub.c \
	    "$scratch/submissions/bob/01-work/predict.c"
}

scratch=$(mktemp -d) || exit 3
trap 'rm -rf "$scratch"' EXIT
trap 'exit 3' HUP INT TERM
chmod 755 "$scratch"
expect 'the plans add up' plans $guide
expect 'plans that do not add up are found' wrong_plans_are_found
expect 'what the guide names exists' named
fences sh > "$scratch/lines"
while read -r line; do
	[ -z "$line" ] || expect "there is: $line" known $line
done < "$scratch/lines"
class
fences 'sh run' > "$scratch/lines"
while read -r line; do
	case $line in *numbers*) write_exercise ;; esac
	[ -z "$line" ] || expect "works: $line" run "$line"
done < "$scratch/lines"
expect 'an exercise with a wrong mutant is found' wrong_exercise_is_found
expect 'hidden checks are not handed out' hidden_is_refused
echo "guide_test: $tests tests, $faults faults"
[ $faults -eq 0 ]

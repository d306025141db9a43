#!/bin/sh
# SPDX-License-Identifier: MIT
#
# batch.sh - grades what a class has handed in
#
# usage: exercises/grade batch DIR --out OUT [--jobs N] [--shard K/N]
#		[--exercise EX...] [--edited] [--overlay DIR]
#        exercises/grade merge OUT SHARD...
#
# A unit is a student and an exercise. What is shared is built once, before;
# then units are graded some at a time, each in a folder of its own under
# build/, and its results moved to OUT/units/CODE/EX/: CODE is the student's
# name as names.c encodes it. The file `done` there is written last, with what
# the results depend on: a unit of which it says the same is not graded again.
# So a batch may end at any moment, and be started again.
#
#	OUT/plan.tsv	the grader, exercises, students, units: see plan()
#	OUT/shard	which part of the units was asked for
#	OUT/lock	held by the batch; OUT/busy also by all it has started
#
# Everything under OUT has the same bytes whenever the same answers are graded,
# but for machine.tsv and printed/ of each unit. Exit status: 0 all graded, 2
# wrong usage, 3 some are not graded, by the grader's or the machine's fault.

usage()
{
	cat >&2 <<'EOF'
usage: exercises/grade batch DIR --out OUT [--jobs N] [--shard K/N]
		[--exercise EX...] [--edited] [--overlay DIR]
       exercises/grade merge OUT SHARD...
EOF
	exit 2
}

refuse()
{
	echo "batch: $*" >&2
	exit 2
}

# path NAME: sets path, absolute and without links; the last part may be new.
path()
{
	case $1 in
	*"$newline"*) refuse 'no folder may have a line break in its path' ;;
	esac
	if [ -d "$1" ]; then
		path=$(cd -P -- "$1" && pwd -P)
	else
		parent=$(dirname -- "$1")
		path=$(cd -P -- "$parent" 2> /dev/null && pwd -P) ||
		    refuse "no folder $parent"
		path=${path%/}/$(basename -- "$1")
	fi
}

# A command that may read, but not hold, what others wait for.
class()
{
	build/exercises/class "$@"
}

# make under a guard: it ends when this shell does.
make_guarded()
{
	MAKEFLAGS= class guard flock build/exercises/lock make -s \
	    --no-print-directory "-j$jobs" "$@" > "$work/make.log" 2>&1 &&
	    return
	cat "$work/make.log" >&2
	echo 'batch: what the grader needs does not build' >&2
	exit 3
}

# ---- What there is to do ----

# A line for each exercise: its name, its kind, and 1 if it is asked for.
list_exercises()
{
	for manifest in exercises/*/*/manifest \
	    ${overlay:+"$overlay"/*/*/manifest}; do
		[ -f "$manifest" ] || continue
		ex=${manifest%/manifest}
		ex=${ex#exercises/}
		echo "${ex#"$overlay"/}"
	done > "$work/names"
	for ex in $asked; do
		locate || refuse "there is no exercise '$ex'"
		echo "$ex" >> "$work/names"
	done
	LC_ALL=C sort -u "$work/names" | while read -r ex; do
		locate
		case " $asked " in
		*" $ex "*) echo "$ex $(field kind) 1" ;;
		*) echo "$ex $(field kind) 0" ;;
		esac
	done > "$work/exercises"
}

sum_of()
{
	LC_ALL=C sort | cksum | cut -d ' ' -f 1
}

# Pools may be made of the mutants next door.
sum_of_exercise()
{
	locate
	next_door=
	[ -d "$dir/pools" ] && next_door=$(dirname "$dir")
	find "$dir" ${next_door:+"$next_door"/*/mutant} -type f \
	    -exec cksum {} + | sum_of
}

# All but what only shows results, or is for learners.
sum_of_grader()
{
	find exercises/tool ref chapters tests/explore Makefile -type f \
	    ! -path '*/selftest/*' ! -name '*.md' ! -name '*page*' \
	    ! -name 'render*' ! -name 'results.?' ! -name gradebook.c \
	    ! -name class.sh ! -name 'learner.*' -exec cksum {} + | sum_of
}

# Sets integrity: pass, or why it is not looked at; ends if it fails.
check_integrity()
{
	out=$work
	integrity=pass
	for ex in $(cut -f 3 "$work/units" | sort -u); do
		: > "$out/records"
		locate
		stage_integrity || refuse "$(cut -f 4 "$out/records")"
		integrity=$(cut -f 3,4 "$out/records" | tr '\t' ' ')
		integrity=${integrity% }
	done
}

# plan: by tabs, what all shards of a class have in common.
#
#	batch 1, grader SUM, integrity WORDS, machine WORDS, exercise EX SUM,
#	student CODE NAME, unit CODE EX FILE WHAT EXERCISE-SUM,
#	note CODE TEXT
plan()
{
	list_exercises
	class scan "$in" "$work/exercises" > "$work/scan" || exit 3
	grep "^unit$tab" "$work/scan" > "$work/units"
	[ -s "$work/units" ] || refuse "there are no answers in $in"
	check_integrity
	for ex in $(cut -f 3 "$work/units" | LC_ALL=C sort -u); do
		printf 'exercise\t%s\t%s\n' "$ex" "$(sum_of_exercise)"
	done > "$work/sums"
	{
		printf 'batch\t1\ngrader\t%s\nintegrity\t%s\n' \
		    "$(sum_of_grader)" "$integrity"
		printf 'machine\tcan %s%s\n' "$variants" "$no_checks"
		cat "$work/sums"
		awk -F'\t' -v OFS='\t' 'FNR == NR { sum[$2] = $3; next }
		    $1 == "unit" { $6 = sum[$3] } { print }' \
		    "$work/sums" "$work/scan"
	} > "$work/plan.tsv" &&
	    [ "$(grep -c "^unit$tab" "$work/plan.tsv")" -eq \
	    "$(wc -l < "$work/units")" ] || exit 3
	BATCH_GRADER=$(sed -n "s/^grader$tab//p" "$work/plan.tsv")
}

# Units of this shard that are not done: as unit() reads them.
left_to_do()
{
	awk -F'\t' -v k="${shard%/*}" -v n="${shard#*/}" -v OFS='\t' '
	    $1 == "unit" && ++number % n == k % n {
		print $2, $3, $4, $5, $6 }' "$work/plan.tsv" > "$work/mine"
	while IFS=$tab read -r code ex file what sum; do
		says=
		[ -f "$to/units/$code/$ex/done" ] &&
		    read -r says < "$to/units/$code/$ex/done"
		[ "$says" = "$what$tab$sum$tab$BATCH_GRADER${tab}graded" ] ||
		    printf '%s\t%s\t%s\t%s\t%s\n' "$code" "$ex" "$file" \
		    "$what" "$sum"
	done < "$work/mine" > "$work/todo"
}

# What an undisturbed run would not have left there.
remove_others()
{
	rm -f "$to"/room.*
	(cd "$to/units" && find . -type d -name output) |
	    sed 's|^\./||; s|/output$||' | LC_ALL=C sort > "$work/have"
	awk -F'\t' '{ print $1 "/" $2 }' "$work/mine" | LC_ALL=C sort \
	    > "$work/want"
	LC_ALL=C comm -23 "$work/have" "$work/want" > "$work/others"
	[ -s "$work/others" ] || return
	[ -n "$(LC_ALL=C comm -12 "$work/have" "$work/want")" ] ||
	    refuse "$to holds the results of other students or exercises"
	while read -r other; do
		rm -rf "$to/units/$other"
	done < "$work/others"
	find "$to/units" -depth -type d -exec rmdir {} + 2> /dev/null
	mkdir -p "$to/units"
}

# ---- The folder of results ----

# accept: may we write there? It is empty, or made by a batch.
accept()
{
	mkdir -p "$to" || exit 3
	for entry in "$to"/* "$to"/.[!.]* "$to"/..?*; do
		[ -e "$entry" ] || [ -L "$entry" ] || continue
		case ${entry##*/} in
		lock | busy | shard | shard.new | plan.tsv | plan.new) ;;
		units | class | class.new | class.old | room.*) ;;
		gradebook.csv | checks.csv) ;;
		*) refuse "$to is not empty, and not made by a batch:" \
		    "${entry##*/}" ;;
		esac
	done
	for entry in units class gradebook.csv; do
		[ ! -e "$to/$entry" ] || [ -f "$to/plan.tsv" ] ||
		    refuse "$to is not empty, and not made by a batch: $entry"
	done
}

# Who holds lock is a batch; who holds busy may be the rest of a killed one.
hold()
{
	command -v flock > /dev/null ||
	    refuse 'there is no flock (of util-linux) here'
	exec 9>> "$to/lock" 8>> "$to/busy" || exit 3
	flock -n 9 || refuse "another batch writes to $to"
	flock -w 60 8 || refuse "something still runs for $to"
}

# settle FILE TO: a result that is there as a whole or not at all.
settle()
{
	sync "$1" 2> /dev/null
	mv "$1" "$2" || exit 3
}

begin_results()
{
	work=build/exercises/batch/$(printf %s "$to" | cksum | cut -d ' ' -f 1)
	chmod -R u+rwx "$work" 2> /dev/null
	rm -rf "$work" && mkdir -p "$work" || exit 3
}

# What is odd in the class, and how many students it concerns.
say_notes()
{
	sed -n "s/^note$tab-$tab/batch: /p" "$to/plan.tsv"
	students=$(grep "^note$tab[^-]" "$to/plan.tsv" | cut -f 2 | sort -u |
	    grep -c .)
	[ "$students" -eq 0 ] ||
	    echo "batch: students with files that are not graded: $students;" \
		"the page of the class has them"
}

# The shell that holds the lock keeps it from what it starts.
batch()
{
	begin_results
	make_alone build/exercises/class build/exercises/settings &&
	    know_machine || exit 3
	plan
	[ ! -f "$to/shard" ] || [ "$(cat "$to/shard")" = "$shard" ] ||
	    refuse "$to holds shard $(cat "$to/shard")"
	mkdir -p "$to/units" || exit 3
	left_to_do
	remove_others
	cp "$work/plan.tsv" "$to/plan.new" && echo "$shard" > "$to/shard.new" ||
	    exit 3
	settle "$to/plan.new" "$to/plan.tsv"
	settle "$to/shard.new" "$to/shard"
	say_notes >&2
	if [ -s "$work/todo" ]; then
		grade_units
		status=$?
		left_to_do
		[ $status -eq 3 ] || { [ $status -eq 0 ] &&
		    [ ! -s "$work/todo" ]; } || {
			echo 'batch: not finished: the same command goes on' >&2
			exit 3
		}
	else
		echo 'batch: everything is graded already' >&2
		status=0
	fi
	[ "$shard" = 1/1 ] && show_class
	chmod -R u+rwx "$work" 2> /dev/null
	rm -rf "$work"
	exit $status
}

grade_units()
{
	targets=
	for ex in $(cut -f 2 "$work/todo" | sort -u); do
		read_manifest
		targets="$targets $(needs)"
	done
	make_guarded $(printf '%s\n' $targets | sort -u)
	. build/exercises/settings
	BATCH_CALLED=-fmacro-prefix-map
	$CC "$BATCH_CALLED=a=b" -E -x c /dev/null > /dev/null 2>&1 ||
	    BATCH_CALLED=
	BATCH_OUT=$to BATCH_IN=$in BATCH_WORK=$work PREPARED=1
	export BATCH_OUT BATCH_IN BATCH_WORK BATCH_GRADER BATCH_CALLED
	export PREPARED EDITED overlay
	class run "$jobs" "$work/todo" exercises/tool/class/unit.sh \
	    < /dev/null
}

# ---- The command line ----

number()
{
	case $1 in '' | *[!0-9]* | 0*) usage ;; esac
}

# batch_words WORDS...: sets in, to, jobs, shard, asked.
batch_words()
{
	in= to= want=
	for word in "$@"; do
		case $want,$word in
		out,*) path "$word"; to=$path want= ;;
		jobs,*) number "$word"; jobs=$word want= ;;
		shard,*/*) shard=$word want= ;;
		overlay,*) path "$word"; OVERLAY=$path want= ;;
		*,--out | *,--jobs | *,--shard | *,--overlay | *,--exercise)
			[ -z "$want" ] || [ "$want" = exercise ] || usage
			want=${word#--} ;;
		*,--edited) EDITED=1 ;;
		exercise,[!-]*)
			word=${word#exercises/}
			asked="$asked ${word%/}" ;;
		,[!-]*)
			[ -z "$in" ] && [ -d "$word" ] || usage
			path "$word"
			in=$path ;;
		*) usage ;;
		esac
	done
	[ -n "$in" ] && [ -n "$to" ] || usage
	number "${shard%%/*}"
	number "${shard#*/}"
	[ "${shard%%/*}" -le "${shard#*/}" ] || usage
	case $to/ in "$in"/*) refuse 'the results may not lie in DIR' ;; esac
	case $in/ in "$to"/*) refuse 'DIR may not lie in the results' ;; esac
}

# What is under way in these folders can be killed at any time, but not by a
# change of the folder that we stand in: names were made absolute before.
begin()
{
	newline='
'
	jobs=$(getconf _NPROCESSORS_ONLN) shard=1/1 asked=
	command=$1
	shift
	case $command in
	batch) batch_words "$@" ;;
	merge) merge_words "$@" ;;
	*) usage ;;
	esac
	cd -P "$here/../../.." || exit 3
	. exercises/tool/stages.sh
	lay_over || exit $?
	accept
	hold
	$command 9>&-
}

here=$(cd -P "$(dirname "$0")" && pwd -P) || exit 3
. "$here/class.sh"
begin "$@"

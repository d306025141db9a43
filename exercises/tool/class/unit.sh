#!/bin/sh
# SPDX-License-Identifier: MIT
#
# unit.sh - grades one student's answer to one exercise, for batch.sh
#
# usage: unit.sh LINE
#
# LINE is the student's code, the exercise, the file, what it was when the
# class was looked at, and the exercise's sum, by tabs. The queue (queue.c)
# calls it with SLOT and ATTEMPT in the environment, batch.sh has put there:
#
#	BATCH_IN	the class	BATCH_OUT	the results
#	BATCH_WORK	where to work: SLOT is a folder of our own in it
#	BATCH_GRADER	the grader's sum
#	BATCH_CALLED	the compiler's option that renames a file, or nothing
#	PREPARED, EDITED, overlay: see stages.sh
#
# Exit status: 0 full marks, 1 less, 3 an error, 4 nothing can be written.

cd "$(dirname "$0")/../../.." || exit 3
laid=$overlay
. exercises/tool/stages.sh
overlay=$laid

# not_graded WHY: nothing that could be graded was handed in.
not_graded()
{
	: > "$out/records"
	record integrity - skip "$1"
	record source - fail "$1"
	record build - skip "$1"
	skip_rest "$1"
	printf 'mode\tcheck\twall ms\tcpu ms\tKiB\tprotection\n' \
	    > "$out/machine.tsv"
}

# A disk that is full must not look like a wrong answer.
room()
{
	for file in "$BATCH_WORK/room.$SLOT" "$BATCH_OUT/room.$SLOT"; do
		dd if=/dev/zero of="$file" bs=65536 count=16 2> /dev/null &&
		    rm "$file" || return
	done
	! grep -q 'No space left\|quota exceeded' "$out/compiler.txt" \
	    2> /dev/null
}

# Whoever edits the question while a class is graded costs nobody points:
# batch.sh has found it as it should be.
unedited()
{
	! grep -q "^integrity$tab-${tab}fail" "$out/records" && return
	echo "batch: $ex was edited meanwhile" >&2
	return 1
}

# What the explorer writes is the same each time; what a check prints is not.
publish_output()
{
	for file in "$out"/output/*; do
		[ -f "$file" ] || continue
		case ${file##*/} in
		contract-* | schedules-* | race-*) cp "$file" "$to/output" || return ;;
		*) cp "$file" "$to/printed" || return ;;
		esac
	done
}

# publish STATUS: graded, or error.
publish()
{
	to=$BATCH_OUT/units/$code/$ex
	rm -f "$to/done"
	rm -rf "$to"
	mkdir -p "$to/output" "$to/printed" &&
	    cp "$out/report.txt" "$out/verdicts.tsv" "$out/result.tsv" \
	    "$out/machine.tsv" "$to" && publish_output &&
	    printf '%s\t%s\t%s\t%s\n' "$what" "$sum" "$BATCH_GRADER" "$1" \
	    > "$to/done.new" && sync "$to"/*.* "$to"/*/* 2> /dev/null
	[ -s "$to/done.new" ] && mv "$to/done.new" "$to/done"
}

# Sets what: the sums of the answer that lies in $answer now, or why not.
take()
{
	data=
	[ "$kind" = M ] && data=data
	what=none
	[ "$file" = - ] && return
	what=$(build/exercises/class take "$BATCH_IN" "$code" "$file" \
	    "$answer" $data)
}

# missing: nothing handed in is the same for everybody: it is made once.
missing()
{
	kept=$BATCH_WORK/missing/$ex
	[ -d "$kept" ] && out=$kept && return
	not_graded "nothing handed in as $ex.c"
	report
	mkdir -p "${kept%/*}"
	mv -T "$out" "$kept" 2> /dev/null || [ -d "$kept" ] || exit 4
	out=$kept
}

# begin LINE: an empty folder to work in, and the answer in it.
begin()
{
	IFS=$tab read -r code ex file what sum <<EOF
$1
EOF
	out=$BATCH_WORK/$SLOT
	chmod -R u+rwx "$out" 2> /dev/null
	rm -rf "$out"
	named=$ex.c
	answer=$out/answer/$named
	mkdir -p "${answer%/*}" "$out/output" || exit 4
	read_manifest
	[ -n "$BATCH_CALLED" ] && called=$BATCH_CALLED=$out/answer/=
	runs=3
	take || exit 4
}

# unit LINE: exit status as queue.c wants it.
unit()
{
	begin "$1"
	status=1
	case $what in
	none) missing ;;
	bad:*) not_graded "the file is not accepted: ${what#bad: }"; report ;;
	*)
		grade_one 2> "$out/log" || { cat "$out/log" >&2; exit 3; }
		report
		status=$?
		unedited || exit 3 ;;
	esac
	room || { echo 'batch: the disk is full' >&2; exit 4; }
	tail -n 1 "$out/result.tsv" | grep -q "^total$tab" || exit 3
	[ $status -eq 3 ] && [ "$ATTEMPT" = 1 ] && exit 3
	if [ $status -eq 3 ]; then publish error; else publish graded; fi || {
		echo "batch: cannot write to $BATCH_OUT" >&2
		exit 4
	}
	exit $status
}

unit "$1"

#!/bin/sh
# SPDX-License-Identifier: MIT
#
# check_handout.sh - is there an answer in what students are handed?
#
# usage: exercises/course/check_handout.sh ARCHIVE
#
# ARCHIVE is a .tar.gz or a .zip of a handout's tree. It is compared with the
# answers of all exercises of this checkout: no file of it may be one, whatever
# its name, and none may hold four consecutive lines of one. Objects must not
# name lines of the source. Prints what is wrong; exit status 1 if anything is.

cd "$(dirname "$0")/../.." || exit 3
. exercises/course/parts.sh
LC_ALL=C
export LC_ALL
faults=0

fault()
{
	echo "check_handout: $*"
	faults=$((faults + 1))
}

unpack()
{
	mkdir "$scratch/tree"
	case $archive in
	*.zip) unzip -q "$archive" -d "$scratch/tree" ;;
	*) tar -C "$scratch/tree" -xzf "$archive" ;;
	esac || {
		echo "check_handout: $archive cannot be unpacked" >&2
		exit 3
	}
	(cd "$scratch/tree" && find . ! -type d | sort) > "$scratch/names"
	[ "$(wc -l < "$scratch/names")" -gt 100 ] ||
		fault "there are too few files in $archive for a handout"
}

# Every file of the repository that is an answer or part of one.
list_answers()
{
	for one in $(all_exercises); do
		withheld_files "$one"
	done > "$scratch/answers"
	withheld_modules >> "$scratch/answers"
	[ "$(wc -l < "$scratch/answers")" -gt 500 ] ||
		fault 'hardly any answers were found to look for'
}

# What has the name of an answer.
check_names()
{
	grep -E '/(correct|mutant|selftest|\.git)/|/answers/|/pools/.*\.c$' \
	    "$scratch/names" > "$scratch/bad"
	while read -r name; do
		echo "./the-deep-end/$(handed "$name")"
	done < "$scratch/answers" > "$scratch/called"
	grep -x -F -f "$scratch/called" "$scratch/names" >> "$scratch/bad"
	for name in $(sort -u "$scratch/bad"); do
		fault "an answer: ${name#./}"
	done
	find "$scratch/tree" -type l | grep . > "$scratch/bad" &&
		fault 'there are symbolic links'
}

# A copy of an answer under another name. An answer in the repository may be
# the same file as one that is handed out: several have the same header.
check_copies()
{
	xargs cksum < "$scratch/answers" | awk '{ print $1, $2 }' |
	    sort -u > "$scratch/sums"
	(cd "$scratch/tree" && xargs cksum < "$scratch/names") |
	    awk -v sums="$scratch/sums" '
	    BEGIN { while ((getline line < sums) > 0) answer[line] = 1 }
	    ($1 " " $2) in answer { print $3 }' > "$scratch/bad"
	for name in $(cat "$scratch/bad"); do
		fault "a copy of an answer: ${name#./}"
	done
}

# What students may read anyway: the stubs and headers of the questions, and
# the programs that they are about. Suites are none of these.
list_known()
{
	for one in $(all_exercises); do
		folder=$(folder_of "$one")
		withheld_files "$one" > "$scratch/withheld"
		for file in $(manifest_field "$one" suites); do
			case $file in *suite.c) echo "$folder/$file" ;; esac
		done >> "$scratch/withheld"
		ls "$folder"/*.[ch] "$folder"/stub.* | sort -u |
		    grep -v -x -F -f "$scratch/withheld"
	done
	ls ref/*.h ref/compat/*.h chapters/08-legacy/legacy.h
}

# The answer to an exercise of kind K is a test, and may read like a suite of
# another exercise: both set the same scenes.
but_tests()
{
	for one in $(all_exercises); do
		[ "$(manifest_field "$one" kind)" = K ] &&
		    echo "^lines of exercises/$one/correct/.*/suite\\.c: "
	done > "$scratch/tests"
	grep -v -f "$scratch/tests"
}

check_lines()
{
	list_known > "$scratch/known"
	grep -v '\.o$' "$scratch/names" |
	    sed "s|^\\.|$scratch/tree|" > "$scratch/texts"
	grep -e /correct/ -e '^ref/' -e '^chapters/' -e '/pools/' \
	    -e '/model\.c$' "$scratch/answers" > "$scratch/right"
	awk -v known="$scratch/known" -v answers="$scratch/right" \
	    -v texts="$scratch/texts" -v root="$scratch/tree/" \
	    -f exercises/course/lines.awk | but_tests > "$scratch/bad"
	while read -r line; do
		fault "$line"
	done < "$scratch/bad"
}

check_objects()
{
	for object in $(grep '\.o$' "$scratch/names"); do
		objdump -h "$scratch/tree/$object" | grep -q '\.debug_' &&
			fault "it names lines of the source: ${object#./}"
	done
}

check_readme()
{
	readme=$(find "$scratch/tree" -path '*/the-deep-end/README.md')
	head -n 1 "$readme" 2> /dev/null | grep -qi 'this is meant to fail' ||
		fault 'README.md does not begin with "This is meant to fail"'
}

archive=$1
[ -f "$archive" ] || {
	sed -n 's/^# usage: /usage: /p' "$0" >&2
	exit 2
}
scratch=$(mktemp -d) || exit 3
trap 'rm -rf "$scratch"' EXIT
trap 'exit 3' HUP INT TERM
unpack
list_answers
check_names
check_copies
check_lines
check_objects
check_readme
[ $faults -eq 0 ] || exit 1
echo "check_handout: $(wc -l < "$scratch/names") files, no answers in them"

#!/bin/sh
# SPDX-License-Identifier: MIT
#
# formats.sh - every format of a result, against what is published about it
#
# usage: exercises/tool/selftest/formats/formats.sh [ROUNDS]
#
# Documents are made of results with hostile texts (strings), read by other
# programs or by strict readers of our own, and the texts must come back
# unchanged. Files that are no results must be refused. ROUNDS: how many that
# are made at random, 40 if left out. jq and xmllint read what they can read;
# without one of them that part is skipped, and fails if ELSEWHERE=required.

cd -P "$(dirname "$0")/../../../.." || exit 3
here=exercises/tool/selftest/formats
render=build/exercises/render
careful=build/exercises/render-asan
all='gradescope classroom autolab junit tap csv rows'
rounds=${1:-40}
fixture=tool/selftest/fixture
tab=$(printf '\t')
tests=0
faults=0
LC_ALL=C
export LC_ALL

# expect WORDS COMMAND...: the command must succeed.
expect()
{
	words=$1
	shift
	tests=$((tests + 1))
	"$@" && return
	echo "formats: not so: $words"
	faults=$((faults + 1))
}

# present PROGRAM: or says that its part is skipped.
present()
{
	command -v "$1" > /dev/null && return
	echo "formats: skipped: there is no $1 here"
	[ "$ELSEWHERE" = required ] && faults=$((faults + 1))
	return 1
}

silent()
{
	"$@" > /dev/null 2>&1
}

not()
{
	! "$@"
}

# ---- What the results are ----

# hostile.tsv, and trouble.tsv with an error; full.tsv has all points.
make_results()
{
	awk -v id=H1 -f $here/result.awk $here/strings > "$work/hostile.tsv"
	awk -v id=H2 -v error=1 -f $here/result.awk $here/strings \
	    > "$work/trouble.tsv"
	{
		printf 'grader\t2\t1\nexercise\t01-work/full\tF1\tFull\tI\t1\t2\n'
		for number in 1 2 3 4 5 6; do
			printf 'item\tcontract\tpart_%s\tpass\t1/3\t1/3\t' \
			    $number
			printf 'visible\t-\t-\t-\tA promise.\t\t\t\n'
		done
		printf 'total\t2\t2\tgraded\n'
	} > "$work/full.tsv"
}

# ---- Against schemas ----

# document FORMAT ERROR FILE...: into $work/document, and valid?
document()
{
	format=$1
	error=$2
	shift 2
	$render "$format" "$@" > "$work/document" || return
	valid "$format" "$error" "$work/document"
}

# One line, of which nothing is left over behind the object.
in_base64()
{
	[ "$(wc -l < "$1")" -eq 1 ] && base64 -d < "$1" > "$work/decoded" &&
	    [ "$(tail -c 1 "$work/decoded" | tr '\0' 0)" = '}' ]
}

valid()
{
	case $1 in
	gradescope)
		jq -e --argjson error "$2" -f $here/gradescope.jq "$3" ;;
	classroom)
		in_base64 "$3" &&
		    jq -e --argjson error "$2" -f $here/classroom.jq \
		    "$work/decoded" ;;
	autolab)
		[ "$(wc -l < "$3")" -eq 2 ] &&
		    jq -e -s --argjson error "$2" -f $here/autolab.jq "$3" ;;
	junit)
		xmllint --noout --relaxng $here/junit.rng "$3" &&
		    junit_counts testsuites "$3" &&
		    junit_counts 'testsuite[last()]' "$3" ;;
	tap) awk -f $here/tap.awk "$3" ;;
	csv) awk -v column=check -f $here/csv.awk "$3" ;;
	rows) awk -v number=1 -f $here/csv.awk "$3" ;;
	esac > "$work/told" 2>&1 && return
	head -n 5 "$work/told"
	return 1
}

# What an element counts is what is in it.
junit_counts()
{
	[ "$(xmllint --xpath "boolean(//$1[@tests = count(.//testcase) and
	    @failures = count(.//failure) and @errors = count(.//error) and
	    @skipped = count(.//skipped)])" "$2")" = true ]
}

# schema FORMAT: all that may happen, in a document of this format.
schema()
{
	expect "$1 is valid" document "$1" false "$work/hostile.tsv"
	expect "$1 is valid with all points" document "$1" false \
	    "$work/full.tsv"
	expect "$1 is valid after an error" document "$1" true \
	    "$work/trouble.tsv"
	expect "$1 of several is valid" document "$1" false \
	    -n ann "$work/full.tsv" -n bob "$work/hostile.tsv"
	expect "$1 of several is valid with one error" document "$1" true \
	    "$work/full.tsv" "$work/trouble.tsv" "$work/hostile.tsv"
}

# ---- What comes back ----

# reasons FORMAT FILE: of the checks named string_N, in their order.
reasons()
{
	happened='s/^Happened\( (it never ends)\)\{0,1\}: //p'
	case $1 in
	gradescope)
		jq -r '.tests[] | select(.extra_data.check | test("^string"))
		    | .output' "$2" | sed -n "$happened" ;;
	classroom)
		base64 -d < "$2" | jq -r '.tests[] |
		    select(.name | test(": string")) | .message' |
		    sed -n "$happened" ;;
	autolab)
		head -n 1 "$2" | jq -r '."H1 contract" | to_entries | .[] |
		    select(.key | test("^string")) | .value.hint' |
		    sed -n "$happened" ;;
	junit)
		for number in $(seq "$(wc -l < $here/strings)"); do
			xmllint --xpath "string(//testcase[@name=\
'string_$number']/failure/@message)" "$2"
		done ;;
	tap) awk -v key=message -f $here/tap.awk "$2" | head -n -2 ;;
	csv)
		awk -v column=check -f $here/csv.awk "$2" > "$work/checks"
		awk -v column=reason -f $here/csv.awk "$2" |
		    paste "$work/checks" - | sed -n 's/^string_[0-9]*	//p' ;;
	esac
}

# A runner of Actions would take ##[ for a command.
as_sent()
{
	case $1 in
	classroom) sed 's/##\[/# [/g' $here/strings ;;
	*) cat $here/strings ;;
	esac
}

come_back()
{
	$render "$1" "$work/hostile.tsv" > "$work/document"
	reasons "$1" "$work/document" > "$work/back"
	as_sent "$1" | cmp - "$work/back"
}

# Bytes that are no text, and marks that move a cursor or turn a line.
spoilt='\377\376 caf\351 \300\200 \355\240\200 \364\220\200\200 \342\202 '
spoilt="$spoilt"'\302\233 \342\200\256gnp.exe \342\200\250 \357\277\277'
repaired='?? caf? ?? ??? ???? ?? ? ?gnp.exe ? ?'

spoilt_text()
{
	sed "s/SECRET$tab/$(printf "$spoilt")$tab/" "$work/hostile.tsv" \
	    > "$work/spoilt.tsv"
	$render csv "$work/spoilt.tsv" > "$work/document"
	awk -v column=reason -f $here/csv.awk "$work/document" |
	    tail -n 1 > "$work/back"
	printf '%s\n' "$repaired" | cmp - "$work/back"
}

spoilt_is_valid()
{
	document "$1" false -n "$(printf "=a\033[31m\n\"<b>,\351'")" \
	    "$work/spoilt.tsv"
}

spoilt_name()
{
	$render csv -n "$(printf "=a\033[31m\n\"<b>,\351'")" \
	    "$work/full.tsv" > "$work/document"
	awk -v column=student -f $here/csv.awk "$work/document" |
	    tail -n 1 > "$work/back"
	printf '%s\n' "=a?[31m?\"<b>,?'" | cmp - "$work/back"
}

# ---- Errors, hidden checks, points ----

column()
{
	awk -v column="$1" -f $here/csv.awk "$work/document"
}

error_has_no_points()
{
	$render csv "$work/trouble.tsv" > "$work/document"
	column verdict > "$work/verdicts"
	[ "$(column points | paste "$work/verdicts" - |
	    grep -c "^error$tab$")" -eq 1 ] &&
	    [ "$(column status | sort -u)" = error ] &&
	    $render rows "$work/trouble.tsv" > "$work/document" &&
	    [ -z "$(awk -v number=8 -f $here/csv.awk "$work/document")" ] &&
	    $render tap "$work/trouble.tsv" | awk -f $here/tap.awk |
	    grep -q '^bail$' &&
	    $render junit "$work/trouble.tsv" | grep -q ' errors="1"' &&
	    $render gradescope "$work/trouble.tsv" |
	    grep -q "not the answer's fault"
}

hidden_is_weighed()
{
	for format in classroom autolab; do
		$render $format "$work/hostile.tsv" > "$work/document"
		[ $format = classroom ] &&
		    base64 -d < "$work/document" > "$work/decoded" &&
		    mv "$work/decoded" "$work/document"
		grep -q SECRET "$work/document" && return 1
		grep -q 'is hidden' "$work/document" || return 1
	done
	$render gradescope "$work/hostile.tsv" |
	    grep -q '1 of the [0-9]* checks is hidden, worth 1/4 of'
}

# A sum of floating-point numbers, as the reporter's.
points_add_up()
{
	[ "$($render classroom "$work/full.tsv" | base64 -d |
	    jq '([.tests[].score] | add) == .max_score')" = true ]
}

# Base64 ends in another way for each remainder of a length by three.
all_lengths()
{
	for more in '' x xx; do
		sed "s/nobody can go on/&$more/" "$work/hostile.tsv" \
		    > "$work/longer.tsv"
		document classroom false "$work/longer.tsv" || return
	done
}

numbers()
{
	$render csv "$work/full.tsv" > "$work/document"
	[ "$(column points | sort -u)" = 0.3333333333333333 ] &&
	    [ "$(column 'points exact' | sort -u)" = '0 1/3' ] &&
	    $render gradescope -t 1.5 "$work/full.tsv" |
	    grep -q '"execution_time": 1.5,' &&
	    not silent $render gradescope -t soon "$work/full.tsv"
}

# Perl's harness: with it, only a result with all points passes. Many of them
# know version 13, with which 14 is compatible, and refuse another number.
harness()
{
	present prove || return
	for name in full hostile trouble; do
		$render tap "$work/$name.tsv" | sed '1s/14$/13/' \
		    > "$work/$name.tap"
	done
	expect 'prove: all points pass' silent \
	    prove -e cat "$work/full.tap"
	expect 'prove: fewer do not' not silent \
	    prove -e cat "$work/hostile.tap"
	expect 'prove: an error does not' not silent \
	    prove -e cat "$work/trouble.tap"
	head -n 12 "$work/full.tap" > "$work/cut.tap"
	expect 'prove: what is cut off does not' not silent \
	    prove -e cat "$work/cut.tap"
	expect 'prove: it reads every test' sh -c "prove -e cat \
	    '$work/hostile.tap' 2>&1 | grep -q \
	    'Tests: $(grep -c '^item' "$work/hostile.tsv") '"
}

# ---- Writing ----

# A document that cannot be written is not taken for one that was.
full_disk()
{
	[ -c /dev/full ] || return 0
	$render csv "$work/hostile.tsv" > /dev/full 2> /dev/null
	[ $? -eq 3 ]
}

# ---- At random ----

at_random()
{
	mkdir "$work/fuzz"
	awk -v seed=1 -v rounds="$rounds" -v out="$work/fuzz" \
	    -f $here/fuzz.awk "$work/hostile.tsv"
	expect 'a result that is out of order: refused, or none' \
	    forms_are_refused
	expect 'texts at random: no fault of memory' texts_are_read
	for format in $all; do
		case $format in
		gradescope | classroom | autolab) needs=jq ;;
		junit) needs=xmllint ;;
		*) needs=awk ;;
		esac
		command -v $needs > /dev/null || continue
		[ $format = autolab ] && continue	# has an exercise once
		expect "texts at random: $format is valid" \
		    document $format false "$work"/fuzz/text-*.tsv
	done
}

forms_are_refused()
{
	read_forms=0
	number=0
	while [ $number -lt "$rounds" ]; do
		number=$((number + 1))
		set -- $all
		shift $((number % 7))
		$careful "$1" "$work/fuzz/form-$number.tsv" \
		    > "$work/printed" 2> "$work/told"
		case $? in
		0)	read_forms=$((read_forms + 1)) ;;
		2)	[ -s "$work/printed" ] && return 1 ;;
		*)	head -n 20 "$work/told"
			return 1 ;;
		esac
	done
	[ $read_forms -lt "$rounds" ]
}

texts_are_read()
{
	for format in $all; do
		set -- "$work"/fuzz/text-*.tsv
		[ $format = autolab ] && set -- "$1"
		silent $careful $format "$@" || return 1
	done
}

# ---- By way of the grader ----

# grade ARGUMENTS: what it prints is in $work/printed.
grade()
{
	exercises/grade check --edited "$@" > "$work/printed" 2> "$work/told"
}

by_grade()
{
	right=exercises/$fixture/correct/add.c
	wrong=exercises/$fixture/mutant/positive.c
	for format in $all; do
		grade --format $format $fixture $wrong
		expect "grade check --format $format prints that alone" \
		    sh -c "$render $format build/exercises/$fixture/result.tsv |
		    cmp - '$work/printed'"
	done
	grade --strict --format csv $fixture $wrong
	expect 'with --strict the status tells of missing points' test $? -eq 1
	grade --strict --format csv $fixture $right
	expect 'and of none' test $? -eq 0
	grade --format html $fixture $right
	expect 'a format that is none is wrong usage' test $? -eq 2
	RUN=false grade --format tap $fixture $right
	expect 'trouble has the status 3, and a document' sh -c \
	    "[ $? -eq 3 ] && grep -q '^Bail out!' '$work/printed'"
}

mkdir -p build/exercises
lock=
command -v flock > /dev/null && lock='flock build/exercises/lock'
MAKEFLAGS= $lock make -s --no-print-directory $render $careful >&2 || exit 3
work=$(mktemp -d) || exit 3
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM
. $here/refusals.sh
make_results
for format in $all; do
	case $format in
	gradescope) present jq || jq_missing=1 ;;
	junit) present xmllint || continue ;;
	esac
	case $format in
	gradescope | classroom | autolab) [ -z "$jq_missing" ] || continue ;;
	esac
	schema $format
	[ $format = rows ] || expect "$format: all strings come back" \
	    come_back $format
done
expect 'what is no text is ?' spoilt_text
expect 'so it is in a name' spoilt_name
for format in tap csv rows; do
	expect "$format: what is no text makes it no less valid" \
	    spoilt_is_valid $format
done
expect 'an error has no points' error_has_no_points
expect 'a hidden check is weighed, and keeps its secret' hidden_is_weighed
[ -n "$jq_missing" ] || expect 'base64 of all lengths' all_lengths
[ -n "$jq_missing" ] || expect 'sixths add up to the whole' points_add_up
expect 'points are numbers and fractions' numbers
harness
refusals
odd_files
expect 'what cannot be written has the status 3' full_disk
at_random
by_grade
echo "formats: $tests tests, $faults faults"
[ $faults -eq 0 ]

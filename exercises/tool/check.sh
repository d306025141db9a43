#!/bin/sh
# SPDX-License-Identifier: MIT
#
# check.sh - grades the grader on one exercise
#
# usage: exercises/tool/check.sh EX [--short | --full]
#
# The stub must compile and earn nothing, every correct answer everything; every
# mutant must fail the check that it names, with the words that it names. In the
# short form a mutant runs only that check, and a correct answer a fifth of its
# schedules; in the full form a correct answer must also earn everything when it
# is graded as one that fails in a schedule. With EVERY=3 in the environment only
# every third correct answer and mutant is graded, from the first on. Writes
# build/exercises/EX/check/matrix.tsv, one line per mutant, and exits with 1 if
# anything is not as it should be. OVERLAY in the environment: as for grade.
# Everything the lines need is built by now if PREPARED is set.

cd "$(dirname "$0")/../.." || exit 3
. exercises/tool/stages.sh

lay_over || exit 2
ex=${1#exercises/}
locate || { echo "check.sh: no exercise '$ex'" >&2; exit 2; }
full=
[ "$2" = --full ] && full=1
base=$home/check
EDITED=1
faults=0

wrong()
{
	echo "$ex: $1"
	faults=$((faults + 1))
}

show()
{
	sed 's/^/    /' "$1"
}

# grade NAME FILE: into $base/NAME; only, last and runs as set.
grade()
{
	answer=$2
	out=$base/$1
	rm -rf "$out"
	mkdir -p "$out"
	grade_one || { echo "$ex: $2: not graded" >&2; exit 3; }
	report
	[ $? -ne 3 ] || { wrong "$2: the grader is in trouble:"
	    show "$out/report.txt"; }
}

total()
{
	awk -F'\t' '$1 == "total" { print $4 }' "$out/verdicts.tsv"
}

# verdict_of ITEM: sets verdict and reason.
verdict_of()
{
	verdict= reason=
	awk -F'\t' -v item="$1" -v stage="$2" '$1 == stage && $2 == item {
		print $3 "\t" $4 }' "$out/records" > "$out/one"
	IFS=$tab read -r verdict reason < "$out/one"
}

check_stub()
{
	only= last=
	grade stub "$dir/stub.c"
	grep -q "^build${tab}-${tab}pass" "$out/records" || {
		wrong "the stub does not build"
		show "$out/compiler.txt"
	}
	[ "$(total)" = 0 ] || wrong "the stub earns $(total) points"
	grep -q TODO "$dir/stub.c" || wrong "the stub has no TODO"
}

# Every item of the manifest is in the verdicts, once.
check_count()
{
	awk -v want=items -f $tool/manifest.awk "$dir/manifest" |
	    cut -f 2 | sort > "$base/items"
	awk -F'\t' '/^(contract|schedules|race|memory|quiescence)\t/ {
	    print $2 }' \
	    "$out/verdicts.tsv" | sort | cmp -s - "$base/items" ||
	    wrong "$answer: not every check is counted once"
}

grade_right()
{
	grade "correct-$(basename "$1" .c)" "$1"
	check_count
	[ "$(total)" = "$(field points)" ] && return
	wrong "$1 is right and earns only $(total) points:"
	show "$out/report.txt"
}

# Memory and quiescence of what fails in a schedule: explored, all is well, too.
grade_unlucky()
{
	unlucky=1 share=50
	grade_right "$1"
	unlucky= share=1
}

check_correct()
{
	only= last=
	right=0
	[ -n "$full" ] || share=5
	for file in "$dir"/correct/*.c; do
		[ -f "$file" ] || continue
		right=$((right + 1))
		[ $(((right - 1) % ${EVERY:-1})) -eq 0 ] || continue
		grade_right "$file"
		[ -z "$full" ] || grade_unlucky "$file"
	done
	share=1
	[ $right -ge 2 ] || wrong 'fewer than two correct answers'
}

# header KEY FILE: the value in the comment at the head of a mutant.
header()
{
	awk -v key="$1:" '/\*\// && NR > 2 { exit }
	    $1 == "*" && $2 == key { sub(/^[ \t]*\*[ \t]*[a-z]+:[ \t]*/, "")
		print; exit }' "$2"
}

mistake()
{
	sed -n '1s|^/\* [^ ]* - \(a mutant: \)\{0,1\}\(.*\) \*/$|\2|p' "$1"
}

# The stage that must kill it, and that alone.
grade_short()
{
	only=$named
	last=contract
	case $where in
	memory | quiescence | schedules | race)
		read_manifest
		prepare || exit 3
		. build/exercises/settings
		answer=$2
		out=$base/$1
		rm -rf "$out"
		mkdir -p "$out/output"
		: > "$out/records"
		stage_build || return
		record contract "$named" pass
		case $where in
		schedules | race) build_explored || return ;;
		esac
		stage_$where ;;
	*)
		grade "$1" "$2" ;;
	esac
}

row()
{
	printf '%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\n' "$(field id)" "$ex" \
	    "$(basename "$file" .c)" "$(mistake "$file")" "$where" \
	    "${named:--}" "$verdict" "$reason" "$others" >> "$base/matrix.new"
}

# What else the mutant fails, in the full form.
others()
{
	awk -F'\t' -v item="$entry" '$2 != "-" && $2 != item &&
	    ($3 == "fail" || $3 == "timeout") { printf "%s%s", s, $2; s = " " }' \
	    "$out/records"
}

# A mutant of the explorer's stages is one that shows in no other.
only_then()
{
	case $1 in
	schedules | race) ;;
	*) return ;;
	esac
	grep -q "^contract${tab}[^$tab]*$tab[ft]" "$out/records" &&
	    wrong "$file fails the contract already"
	return 0
}

# In a stage of one item the check that is named is the first that fails there,
# or no answer would be said to resemble the mutant.
fails_there()
{
	case $entry,$reason in
	"$named",* | -,* | *,"in $named: "*) return ;;
	esac
	wrong "$file fails $where in another check: $reason"
}

due_mutant()
{
	out=$base/mutant-$1
	answer=$file
	mkdir -p "$out"
	: > "$out/records"
	read_manifest
	prepare || exit 3
	. build/exercises/settings
	only= last=
	stage_build || wrong "$file does not build"
	verdict=due reason= others=
	row
}

check_mutant()
{
	file=$1
	name=$(basename "$file" .c)
	named=$(header check "$file")
	words=$(header message "$file")
	where=$(header stage "$file")
	where=${where:-contract}
	[ -n "$(mistake "$file")" ] ||
	    wrong "$file: the first line does not say what is wrong with it"
	case $where in
	measure) due_mutant "$name"; return ;;
	esac
	[ -n "$words" ] || { wrong "$file names no message"; return; }
	case $where in
	contract) entry=$named ;;
	memory | quiescence | schedules | race) entry=$where ;;
	source | build) entry=- ;;
	*) wrong "$file: no such stage: $where"; return ;;
	esac
	only= last= others=
	if [ -n "$full" ]; then
		grade "mutant-$name" "$file"
		others=$(others)
	else
		grade_short "mutant-$name" "$file"
	fi
	verdict_of "$entry" "$where"
	row
	[ -n "$full" ] && only_then "$where" && fails_there
	case $verdict,$reason in
	fail,*"$words"* | timeout,*"$words"*) return ;;
	esac
	wrong "$file must fail $where $named with '$words'; it got: \
${verdict:-nothing}${reason:+: $reason}"
}

mkdir -p "$base"
alone
: > "$base/matrix.new"
awk -v want=lint -f $tool/manifest.awk "$dir/manifest" || faults=1
for file in README.md stub.c; do
	[ -f "$dir/$file" ] || wrong "there is no $file"
done
runs=1
[ -n "$full" ] && runs=3
check_stub
check_correct
number=0
for mutant in "$dir"/mutant/*.c; do
	[ -f "$mutant" ] || continue
	[ $((number % ${EVERY:-1})) -eq 0 ] && check_mutant "$mutant"
	number=$((number + 1))
done
mv "$base/matrix.new" "$base/matrix.tsv"
[ $faults -gt 0 ] && { echo "$ex: $faults faults"; exit 1; }
printf '%-22s stub 0, %d correct answers %s, %d mutants as stated (%d due)\n' \
    "$ex:" $(((right + ${EVERY:-1} - 1) / ${EVERY:-1})) "$(field points)" \
    "$(wc -l < "$base/matrix.tsv")" \
    "$(grep -c "${tab}due$tab" "$base/matrix.tsv")"
exit 0

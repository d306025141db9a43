# SPDX-License-Identifier: MIT
#
# learner.sh - what somebody who learns alone asks the grader for
#
# Sourced by exercises/grade: list, next, progress, hint, reset, machine; and
# watch, in watching.sh. Answers are in answers/, and nothing here ever
# throws one away. answers/.hints has how many hints were given for what.

. exercises/tool/learner/watching.sh

catalogue()
{
	LC_ALL=C awk -v want=catalogue -f $tool/learner/learner.awk \
	    exercises/[0-9]*/*/manifest | LC_ALL=C sort
}

# exercise_named NAME: the folder, or complaints, and the status 1.
exercise_named()
{
	ex=${1#./}
	case $ex in answers/*.c) ex=${ex%.c} ex=${ex#answers/} ;; esac
	ex=${ex#exercises/}
	ex=${ex%/}
	wanted=$ex
	[ -n "$ex" ] && locate && echo "$ex" && return
	found=$(catalogue | LC_ALL=C awk -F'\t' -v name="$wanted" \
	    -f $tool/learner/near.awk) && echo "$found" && return
	echo "grade: $found" >&2
	return 1
}

# print_of FILE: the file's name, and what tells its contents from others.
print_of()
{
	echo "$1"
	cksum < "$1"
	[ ! -f "${1%.c}.csv" ] || cksum < "${1%.c}.csv"
}

# What was graded last, and whether it is still the same: FILE, tab, yes or no.
last_graded()
{
	graded=-
	[ -f "$1/graded" ] && IFS= read -r graded < "$1/graded"
	fresh=yes
	if [ -f "$graded" ]; then
		print_of "$graded" | cmp -s - "$1/graded" || fresh=no
	elif [ "$graded" != - ]; then
		fresh=no
	fi
	printf '%s\t%s\n' "$graded" "$fresh"
}

states()
{
	catalogue | while IFS= read -r row; do
		one=${row#*"$tab"*"$tab"}
		one=${one%%"$tab"*}
		have=no
		[ -f "answers/$one.c" ] && have=yes
		ex=$one
		locate
		printf '%s\t%s\t%s\t%s\n' "$row" $have \
		    "$(last_graded "$home")" "$home"
	done
}

list()
{
	states | LC_ALL=C awk -v want=list -f $tool/learner/learner.awk
}

progress()
{
	states | LC_ALL=C awk -v want=progress -f $tool/learner/learner.awk
}

begun()
{
	for file in answers/*/*.c; do
		[ -f "$file" ] && return
	done
	return 1
}

first_page()
{
	cat <<'EOF'
This is meant to fail.

An exercise begins with a stub: a C file that compiles, and in which a TODO
says where you write. As it is it earns nothing, so the first report that you
see is one of failures, all of them as they should be. It reads like this:

    FAIL  some_check, 1/2 point
      promised:  what a right answer does
      happened:  what yours did
      hint:      what to think about first

    Points: 0 of 5

Take the first check that fails, make that one pass, save, and have it graded
again. The points rise from check to check. To grade an answer does not change
it; reset puts the stub in its place, and keeps a copy of what was there.

If you are stuck, exercises/grade hint EX helps a little more each time that
you ask: what matters, then where to look, then what went wrong.

EOF
}

next()
{
	begun || first_page
	states | LC_ALL=C awk -v want=next -f $tool/learner/learner.awk
}

machine()
{
	make_alone build/exercises/settings || exit 3
	$tool/machine.sh --again | LC_ALL=C awk -F'\t' '
	    $1 == "wrap" { $1 = "checks can be run" }
	    $1 == "explore" { $1 = "schedules can be explored" }
	    $1 == "asan" { $1 = "AddressSanitizer starts" }
	    $1 == "tsan" { $1 = "ThreadSanitizer starts" }
	    { printf "%-26s %s\n", $1, $2 }'
}

# keep FILE: a copy under the first number that is free; sets kept.
keep()
{
	number=1
	while [ -e "$1.old-$number" ] || [ -L "$1.old-$number" ] ||
	    ! (set -C; : > "$1.old-$number") 2> /dev/null; do
		[ -w "$(dirname "$1")" ] || return 1
		number=$((number + 1))
	done
	kept=$1.old-$number
	cp -p "$1" "$kept" && cmp -s "$1" "$kept" && return
	rm -f "$kept"
	return 1
}

# renew STUB FILE: the stub in place of the file, which is kept.
renew()
{
	if [ -f "$2" ]; then
		cmp -s "$1" "$2" && { echo "$2 is the stub."; return; }
		keep "$2" || {
			echo "grade: no copy could be made of $2;" \
			    "nothing was changed" >&2
			exit 3
		}
		echo "What you had is in $kept."
	fi
	cp "$1" "$2.stub.$$" && mv "$2.stub.$$" "$2" || exit 3
	echo "The stub is in $2: write there."
}

reset()
{
	exercise "$1"
	mkdir -p "$(dirname "$own")" || exit 3
	for suffix in c csv; do
		[ -f "$dir/stub.$suffix" ] || continue
		renew "$dir/stub.$suffix" "${own%.c}.$suffix"
	done
	forget_hints
	echo "The question: $dir/README.md"
	echo "To have it graded whenever you save it: exercises/grade watch $ex"
}

# ---- Hints ----

# wrapped: lines of at most 76 columns, indented by three.
wrapped()
{
	fold -s -w 72 | sed 's/ *$//; s/^/   /'
}

hints=answers/.hints
earning='check|accept|kill|schedules|race|memory|quiescence'

# rung_of ITEM: how many hints have been given for it.
rung_of()
{
	[ -f $hints ] || { echo 0; return; }
	awk -F'\t' -v ex="$ex" -v item="$1" '
	    $1 == ex && $2 == item { rung = $3 }
	    END { print rung + 0 }' $hints
}

# set_rung ITEM RUNG; without an item all of the exercise are forgotten.
set_rung()
{
	mkdir -p answers
	[ -f $hints ] || : > $hints
	awk -F'\t' -v ex="$ex" -v item="$1" '
	    $1 != ex || (item != "" && $2 != item)' $hints > $hints.new
	[ -n "$1" ] && printf '%s\t%s\t%s\n' "$ex" "$1" "$2" >> $hints.new
	mv $hints.new $hints
}

forget_hints()
{
	[ ! -f $hints ] || set_rung ''
}

# The verdicts of the last grading: stage, name, verdict, reason.
failures()
{
	awk -F'\t' '($3 == "fail" || $3 == "timeout") && $1 != "total" {
	    print $1 "\t" $2 "\t" $3 "\t" $6 }' "$out/verdicts.tsv"
}

# written ITEM FROM TO: these rungs of the manifest.
written()
{
	awk -v name="$1" -v from="$2" -v to="$3" '
	    $1 == "hint" && $2 == name && ++n >= from && n <= to {
		sub(/^hint[ \t]+[^ \t]+[ \t]+/, "")
		print }' "$dir/manifest" | wrapped
}

# all_hints [ITEM]: what the manifest has, of everything.
all_hints()
{
	for item in ${1:-$(items "$earning")}; do
		echo "$item:"
		written "$item" 1 99
	done
}

# How the failure came about: what the last report knows of it.
counter_example()
{
	given=
	mistake=$(awk -F'\t' -v stage="$stage" -v item="$item" '
	    $1 == "item" && $2 == stage && $3 == item { print $14 }' \
	    "$out/result.tsv" 2> /dev/null)
	if [ -n "$mistake" ]; then
		echo "It resembles a known wrong answer: $mistake." | wrapped
		given=1
	fi
	culprit=$item
	[ "$stage" = contract ] || culprit=${reason#in }
	culprit=${culprit%%:*}
	drawn=$out/output/$stage-$culprit.txt
	case $stage,$reason in
	*'a hidden check failed'*)
		;;
	contract,* | schedules,* | race,*)
		[ -f "$drawn" ] || return
		echo "   This is how it happens, step by step:"
		echo
		sed 's/^\(.\)/   \1/' "$drawn"
		given=1 ;;
	esac
}

third_rung()
{
	echo "What went wrong: $reason." | wrapped | sed '1s/^   /3. /'
	counter_example
	written "$item" 3 99
	[ -n "$given" ] || [ "$stage" != contract ] || [ ! -x "$out/obj" ] ||
	    echo "   To watch it happen: $out/obj $item"
}

# rungs UPTO: of $item.
rungs()
{
	written "$item" 1 1 | sed '1s/^   /1. /'
	[ "$1" -lt 2 ] || written "$item" 2 2 | sed '1s/^   /2. /'
	[ "$1" -lt 3 ] || third_rung
}

# choose ITEM: sets stage, item and reason to it, or to the first that fails.
choose()
{
	chosen=$(failures | awk -F'\t' -v item="$1" '
	    item == "" || $2 == item { print; exit }')
	IFS=$tab read -r stage item verdict reason <<EOF
$chosen
EOF
	[ -n "$stage" ]
}

# Sets rung: one more than last time; what the manifest lacks is left out.
next_rung()
{
	rung=$(($(rung_of "$item") + 1))
	while [ $rung -lt 3 ] && [ -z "$(written "$item" $rung $rung)" ]; do
		rung=$((rung + 1))
	done
	[ $rung -lt 3 ] || rung=3
}

no_failure()
{
	if [ -z "$1" ]; then
		echo "Nothing fails in the last grading of $ex."
	elif [ -z "$(kind_of "$1")" ]; then
		echo "grade: $ex has no check '$1'; it has:" >&2
		items "$earning" | sed 's/^/    /' >&2
		exit 2
	else
		echo "$1 does not fail in the last grading of $ex."
		echo "All hints for it: exercises/grade hint --all $ex $1"
	fi
	exit 0
}

hint()
{
	exercise "$1"
	if [ -n "$all" ]; then
		[ -z "$2" ] || [ -n "$(kind_of "$2")" ] || no_failure "$2"
		all_hints "$2"
		return
	fi
	[ -f "$out/verdicts.tsv" ] || {
		echo "Hints are about what fails, and nothing of $ex has been" \
		    "graded yet:"
		echo "    exercises/grade check $ex"
		return
	}
	choose "$2" || no_failure "$2"
	case $(last_graded "$out") in *no)
		echo "(The answer has changed since it was graded.)" ;;
	esac
	if [ "$item" = - ]; then
		echo "The stage $stage comes first: $reason."
		return
	fi
	next_rung
	[ -n "$2" ] || echo "The first that fails: $item"
	rungs $rung
	set_rung "$item" $rung
	[ $rung -eq 3 ] && echo "That is all there is for $item." ||
	    echo "To have one more: exercises/grade hint $ex $item"
}

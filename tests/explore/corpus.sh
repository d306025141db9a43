#!/bin/sh
# corpus.sh - the explorer's own tests: planted bugs and correct programs
# SPDX-License-Identifier: MIT
#
# Usage: sh tests/explore/corpus.sh FORM PROGRAMS [SEES]
#
# FORM is what to do with the programs, which are in the folder PROGRAMS:
#
#	check	each bug is found from 30 seeds within 2,000 executions, with
#		the verdict and the words that its source names; each failure
#		is replayed; correct programs pass 20,000 executions together
#	short	the same with 3 seeds, and 2,000 executions: for the variants
#	long	the same as check with 1,000,000 executions
#
# SEES is what can be seen in these programs, the first three if not given:
# `atomics` and plain `accesses` are steps, the latter being watched by the
# explorer itself; `races` are found by somebody; a `sanitizer` is there and may
# put its own word in place of the explorer's race, misuse or crash. A program
# that `needs: N`, which is not among them, is left out.
#
# A bug's source says `verdict: V`, `message: M`, `median: N` (of the
# prototype's; twice that is allowed), `needs: N` and `options: O` at the
# beginning of a line of its first comment. The words of `message` are expected
# with the first of the verdicts.

form=$1
programs=$2
sees=${3-atomics accesses races}
folder=tests/explore/corpus
out=$programs/results
failed=0
bugs=0
rights=0
left_out=0
executions=0

case $form in
check) seeds=30 replays=100 total=20000 ;;
short) seeds=3 replays=1 total=2000 ;;
long) seeds=30 replays=100 total=1000000 ;;
*) echo "corpus.sh: no such form: $form" >&2; exit 2 ;;
esac

mkdir -p "$out"
: >"$out/table.tsv"

# said KEY FILE: the value in the comment at the head
said() {
	sed -n "3,\${ /\*\//q; s/^ \* $1: *//p; }" "$2"
}

wrong() {
	echo "$name: $1"
	failed=$((failed + 1))
}

# Does SEES name what the program needs?
is_seen() {
	case " $sees " in
	*" ${1:-$sees} "*) ;;
	*) return 1 ;;
	esac
}

# A further verdict that will do.
by_sanitizer() {
	case "$sees:$verdict" in
	*sanitizer*:*race* | *sanitizer*:*misuse* | *sanitizer*:*crash*)
		echo sanitizer ;;
	esac
}

# What must hold of one planted bug.
bug() {
	bugs=$((bugs + 1))
	EXPLORE="seeds=$seeds $options" "$program" >"$out/$name.census" 2>&1 ||
		wrong "$(tail -n 1 "$out/$name.census")"
	median=$(sed -n 's/.*median \([0-9]*\),.*/\1/p' "$out/$name.census")
	[ -z "$most" ] || [ "$form" = short ] ||
		[ "${median:-99999}" -le $((2 * most)) ] ||
		wrong "median $median, more than twice $most"

	EXPLORE="$options" "$program" >"$out/$name.txt" 2>&1
	got=$(sed -n 's/^explore: .* failing: \([a-z]*\): .*/\1/p' "$out/$name.txt")
	case "|$verdict|$(by_sanitizer)|" in
	*"|${got:-nothing}|"*) ;;
	*) wrong "expected $verdict, got ${got:-nothing}" ;;
	esac
	[ "$got" != "${verdict%%|*}" ] ||
		grep -qiF -- "$message" "$out/$name.txt" ||
			wrong "its report does not say: $message"
	replay
	printf '%s\t%s\t%s\t%s\n' "$name" "$got" \
		"$(sed -n 's/^explore: found from [^:]*: //p' "$out/$name.census")" \
		"$(tail -n 1 "$out/$name.txt")" >>"$out/table.tsv"
}

# The command that the report gives shows the same, every time.
replay() {
	words=$(sed -n "s/^ *EXPLORE='\(.*\)' .*/\1/p" "$out/$name.txt" | head -n 1)
	[ -n "$words" ] || {
		wrong 'no replay command'
		return
	}
	EXPLORE="$words $options repeat=$replays" "$program" \
		>"$out/$name.replay" 2>&1
	sed -n 's/^explore: [0-9]* execution.*, //p' "$out/$name.replay" \
		>"$out/replayed"
	sed -n 's/^explore: [0-9]* execution.*, //p' "$out/$name.txt" |
		cmp -s - "$out/replayed" ||
		wrong "replayed, it says: $(cat "$out/replayed")"
	grep -q "^explore: $replays of $replays replays identical" \
		"$out/$name.replay" ||
		wrong "$(tail -n 1 "$out/$name.replay")"
}

right() {
	rights=$((rights + 1))
	each=$((total / $(ls $folder/ok_*.c | wc -l) + 1))
	EXPLORE="runs=$each $options" "$program" >"$out/$name.txt" 2>&1 || {
		wrong 'a false alarm:'
		sed 's/^/    /' "$out/$name.txt"
	}
	made=$(sed -n 's/^explore: \([0-9]*\) executions, 0 failing$/\1/p' \
		"$out/$name.txt")
	[ "${made:-0}" -eq $each ] || wrong "made only ${made:-no} executions"
	executions=$((executions + ${made:-0}))
}

for source in $folder/bug_*.c $folder/ok_*.c; do
	name=$(basename "$source" .c)
	program=$programs/$name
	options=$(said options "$source")
	verdict=$(said verdict "$source")
	message=$(said message "$source")
	most=$(said median "$source")
	is_seen "$(said needs "$source")" || {
		left_out=$((left_out + 1))
		continue
	}
	case $name in
	bug_*) bug ;;
	*) right ;;
	esac
done

[ $left_out -eq 0 ] ||
	echo "$left_out programs left out: what they need cannot be seen in this variant"
echo "$bugs planted bugs tests, $rights correct programs, $executions executions without a false alarm, $failed wrong"
[ $failed -eq 0 ]

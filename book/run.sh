#!/bin/sh
# SPDX-License-Identifier: MIT
#
# run.sh - run one program of a chapter under the explorer, and keep what
# the book shows of it
#
# usage: book/run.sh PROGRAM CHAPTER/NAME OUTPUT.out
#
# Writes OUTPUT.out, what one execution prints, in virtual time and under a
# schedule that is the same in every build; OUTPUT.trace, what the pool did in
# it; and OUTPUT.explored: the verdict over many executions, and the interleaving
# of the one that failed.
#
# A correct program must pass in all of them. How it is to be run, a line of its
# head comment may say:
#
#	explore: one=5		show execution 5, and not 0
#	explore: runs=2000	pass so many, and not 200
#	explore: native		cannot be explored: run it once, as it is
#	explore: must=deadlock	fail, and so: it is broken on purpose
#	explore: brief		keep the report without its columns
#
# Further words are the explorer's own (tests/explore/options.c).

program=$1
source=chapters/$2.c
chapter=chapters/${2%%/*}/chapter.md
output=${3%.out}
seconds=1200		# only the slowest of machines needs many of them

one=0
runs=200
how=explored
must=
brief=0
more=
for word in $(sed -n 's/^ \* explore: //p' "$source"); do
	case $word in
	one=*) one=${word#one=} ;;
	runs=*) runs=${word#runs=} ;;
	must=*) must=${word#must=} ;;
	brief) brief=1 ;;
	native) how=native ;;
	*) more="$more $word" ;;
	esac
done

# stop WHAT FILE REMEDY: FILE tells the whole story
stop()
{
	fence=$(grep -n "=$source}" "$chapter" | head -n 1 | cut -d: -f1)
	echo "$chapter:${fence:-1}: $source $1" >&2
	[ ! -e "$2" ] || head -n 100 "$2" | cut -c1-200 | sed 's/^/    /' >&2
	echo "    remedy: $3" >&2
	exit 1
}

# run FILE WORDS: the program, its output into FILE
run()
{
	EXPLORE=$2 timeout -k 1 "$seconds" "$program" >"$1" 2>"$output.err" \
		</dev/null
	status=$?
	case $status in
	124 | 137) stop "was still running after $seconds seconds" \
		"$output.err" 'mend the program; the book shows what it prints' ;;
	esac
}

# verdict: of the exploration; pass, or the word after "failing:"
verdict()
{
	sed -n -e 's/^explore: .*, 0 failing$/pass/p' \
		-e 's/^explore: .* failing: \([a-z]*\): .*/\1/p' "$output.all"
}

# What happened, where, and the columns of a report: who else waits, and how to
# see it again, is for the one who sits in front of it. Brief: without the
# columns, where they show an ordinary run.
interleaving()
{
	awk -v brief=$brief '
	/^(Found in|The other threads:|Who waits|Where the threads are:)/ { told = 1 }
	!told && NF == 0 { gap = 1 }
	!told && NF { if (gap) print ""; gap = 0; print }
	/^What happened, one step a line:$/ { columns = !brief; empty = 1; getline; next }
	/^The pools at that moment:$/ { columns = 1 }
	/^(What the program printed|Note: )/ { columns = 0 }
	columns { if ($0 == "") empty = 1
		else { if (empty) print ""; empty = 0; print } }
	' "$output.report"
}

rm -f "$output.trace" "$output.report" "$output.err"
if [ $how = native ]; then
	run "$output.part" off
	[ $status -eq 0 ] || stop "ended with status $status instead of 0" \
		"$output.err" 'mend the program; the book shows what it prints'
	echo native >"$output.explored"
	mv "$output.part" "$output.out"
	exit 0
fi

# No deadline of the pool's housekeeping may mask a lost wake-up.
export TP_IDLE_MS=4000000 TP_STALL_MS=4000000
common="hang=10 width=76$more"
if [ -z "$must" ]; then
	# The pool writes its own trace; for the toy pool the explorer does, from
	# the program's notes.
	case $2 in
	00-first-pool/*) shown=trace=$output.trace ;;
	*)
		shown=
		export TP_TRACE="$output.trace" ;;
	esac
	run "$output.part" \
		"one=$one show=output steps=60000 text=$output.report $shown $common"
	unset TP_TRACE
	[ $status -eq 0 ] ||
		stop 'fails in the execution that the book shows' \
		"$output.report" 'mend the program'
	common="steps=60000 $common"
else
	: >"$output.part"
fi

run "$output.all" "runs=$runs text=$output.report $common"
found=$(verdict)
case $found:$status in
pass:0) ;;
pass:*) found=trouble ;;
esac
[ -n "$found" ] || stop 'was explored without a verdict' "$output.err" \
	'mend the program, or the words of its line "explore:"'
if [ -z "$must" ] && [ "$found" != pass ]; then
	stop "fails under some schedule: $found" "$output.report" \
		'mend the program; its text must hold under every schedule'
elif [ -n "$must" ] && [ "$found" != "$must" ]; then
	stop "must end in $must, but: $found" "$output.all" \
		'break it again, or tell the reader what it does now'
fi
{
	echo "$found"
	sed -n 's/^explore: \([0-9]* executions*, [0-9]* failing\).*/\1/p' \
		"$output.all"
	[ "$found" = pass ] || interleaving
} >"$output.explored"
mv "$output.part" "$output.out"

# SPDX-License-Identifier: MIT
#
# learner_watch.sh - the tests of watch; a part of learner.sh
#
# Ctrl-C is SIGINT to the group of what runs in the terminal. What a shell
# starts in the background ignores it, so it is started by env, which sets it
# back. A grading is held up by an answer that includes a pipe: the compiler
# waits at it for as long as nobody writes there.

watching=

# Every process that works in the copy.
in_copy()
{
	for link in /proc/[0-9]*/cwd; do
		case $(readlink "$link" 2> /dev/null) in
		"$copy" | "$copy"/*)
			link=${link%/cwd}
			echo "${link#/proc/}" ;;
		esac
	done
}

# Again, as long as there is one: one may be starting another.
end_all()
{
	pids=$(in_copy)
	while [ -n "$pids" ]; do
		kill -s KILL $pids 2> /dev/null
		pids=$(in_copy)
	done
	[ -z "$watching" ] || wait "$watching" 2> /dev/null
}

# until_true COMMAND...: the watchdog is two minutes.
until_true()
{
	tries=0
	until "$@"; do
		tries=$((tries + 1))
		[ $tries -lt 1200 ] || return 1
		sleep 0.1
	done
}

# start COMMAND EX: as in a terminal of its own.
start()
{
	: > "$said"
	(cd "$copy" && exec setsid env --default-signal=INT \
	    exercises/grade "$1" "$2") > "$said" 2>&1 < /dev/null &
	watching=$!
}

start_watch()
{
	start watch "$1"
}

ended()
{
	! kill -0 "$watching" 2> /dev/null
}

nothing_left()
{
	[ -z "$(in_copy)" ]
}

# interrupted WORDS: after Ctrl-C it ends, and nothing goes on.
interrupted()
{
	kill -s INT -- "-$watching"
	expect "$1: Ctrl-C ends it" until_true ended
	wait "$watching"
	expect "$1: and it says so in its status" test $? -eq 130
	expect "$1: no process is left behind" nothing_left
	end_all
}

# saves: as editors do it: in place, in its place, in pieces, after deletion.
saves()
{
	file=$copy/answers/01-first/twice.c
	answer 01-first/twice $own/fixture/stub.c
	start_watch Q1
	expect 'watch: grades at once' until_true says 'Graded, number 1.'
	expect 'watch: shows the report' says 'Points: 0 of 2'
	cp $own/fixture/mutant/positive.c "$file"
	expect 'watch: saved in place' until_true says 'Graded, number 2.'
	expect 'watch: what passes now' says 'passes now: doubles'
	cp $own/fixture/mutant/three.c "$file.new"
	mv "$file.new" "$file"
	expect 'watch: another file in its place' \
	    until_true says 'Graded, number 3.'
	expect 'watch: what passed before' says 'passed before: doubles'
	rm "$file"
	expect 'watch: deleted' until_true says 'There is nothing in'
	head -n 5 $own/fixture/correct/add.c > "$file"
	expect 'watch: half of it' until_true says 'Graded, number 4.'
	sed 1,5d $own/fixture/correct/add.c >> "$file"
	expect 'watch: and the rest' until_true says 'Graded, number 5.'
	expect 'watch: all points' says 'All points. What comes next'
	interrupted 'watch, waiting'
}

# An answer at which the compiler waits, and then another.
saved_while_grading()
{
	mkfifo "$copy/exercises/01-first/twice/pipe.h"
	echo '#include "pipe.h"' > "$scratch/waits.c"
	answer 01-first/twice "$scratch/waits.c"
	start_watch Q1
	expect 'watch: the compiler waits' until_true runs cc1
	answer 01-first/twice $own/fixture/correct/add.c
	expect 'watch: saved while it is graded' \
	    until_true says 'Saved again' 'Graded, number 1.' 'Points: 2 of 2'
	interrupted 'watch, after that'
}

# Sets pid to the process of the copy that runs this program.
runs()
{
	for pid in $(in_copy); do
		case $(readlink "/proc/$pid/exe") in */"$1") return ;; esac
	done
	return 1
}

# The check may be another user's process: its parent tells.
checks()
{
	runs build/exercises/run && cat /proc/[0-9]*/stat 2> /dev/null |
	    awk -v parent="$pid" '$4 == parent { found = 1 }
	    END { exit !found }'
}

interruptions()
{
	answer 01-first/twice "$scratch/waits.c"
	start_watch Q1
	expect 'watch: the compiler waits again' until_true runs cc1
	interrupted 'watch, compiling'
	answer 01-first/twice $own/hostile/spins.c
	start_watch Q1
	expect 'watch: a check runs' until_true checks
	interrupted 'watch, checking'
	expect 'watch: that was no result' not says 'Graded, number'
	start check Q1
	expect 'check: a check runs' until_true checks
	kill -s INT -- "-$watching"
	expect 'check: Ctrl-C ends it' until_true ended
	expect 'check: and soon all of it' until_true nothing_left
	end_all
	for try in 1 2 3; do
		start_watch Q1
		until_true says 'Grading'
		interrupted "watch, just begun ($try)"
	done
}

watches()
{
	env --default-signal=INT true 2> /dev/null || {
		echo 'learner: watch is not tried: no env --default-signal'
		[ "$ELSEWHERE" != required ] || faults=$((faults + 1))
		return
	}
	saves
	saved_while_grading
	interruptions
}

# SPDX-License-Identifier: MIT
#
# watching.sh - grades an answer whenever it is saved
#
# Sourced by learner.sh. The file is looked at twice a second: its time, its
# size, its number and its contents. What two looks in a row have found the
# same is complete; so an editor may write it piece by piece, or put another
# file in its place, and a file that is not there, or empty, is waited for.
#
# A grading runs in a session of its own, so that a signal reaches all of it.
# If the file is saved meanwhile, or this is ended, it is called off: the
# group gets TERM, at which tool/run kills what it has started, and this
# waits until nothing of the group is left.

# What the answer is now; nothing if it is not there.
look()
{
	[ -s "$own" ] || return 0
	for name in "$own" "${own%.c}.csv"; do
		[ -f "$name" ] || continue
		stat -c '%y %s %i' "$name" || ls -dil "$name"
		cksum < "$name"
	done 2> /dev/null
}

pause()
{
	sleep 0.5 2> /dev/null || sleep 1
}

# Nothing must come between the start and $!, which the shell sets itself:
# a signal may arrive before the next command.
begin_grading()
{
	[ -f "$out/verdicts.tsv" ] && cp "$out/verdicts.tsv" "$out/watch.tsv"
	before=$!
	grading=1
	setsid exercises/grade check ${EDITED:+--edited} "$ex" \
	    > "$out/watch.txt" 2>&1 &
}

# The first kill is refused if the session has not begun: then it is one
# process, and has its number.
stop_grading()
{
	[ -n "$grading" ] && [ "$!" != "$before" ] || return 0
	tries=0
	kill -s TERM -- "-$!" 2> /dev/null || kill -s TERM "$!" 2> /dev/null
	wait "$!" 2> /dev/null
	while kill -s TERM -- "-$!" 2> /dev/null; do
		sleep 0.1 2> /dev/null || sleep 1
		tries=$((tries + 1))
		[ $tries -lt 50 ] || kill -s KILL -- "-$!" 2> /dev/null
	done
	grading=
}

end_watch()
{
	trap '' HUP INT PIPE TERM
	stop_grading
	exit "$1"
}

# What passes now that did not before, and the other way round.
differences()
{
	[ -f "$out/watch.tsv" ] || return 0
	LC_ALL=C awk -F'\t' '
	FNR == 1 { file++ }
	/^#/ || $2 == "-" { next }
	file == 1 { before[$1, $2] = $3 }
	file == 2 && ($1, $2) in before {
		if ($3 == "pass" && before[$1, $2] != "pass")
			print "passes now: " $2
		if ($3 != "pass" && before[$1, $2] == "pass")
			print "passed before: " $2
	}' "$out/watch.tsv" "$out/verdicts.tsv"
}

show_grading()
{
	wait "$!"
	status=$?
	grading=
	gradings=$((gradings + 1))
	echo
	cat "$out/watch.txt"
	[ $status -eq 0 ] && differences
	awk -F'\t' '$1 == "total" && $3 == "pass" { found = 1 }
	    END { exit !found }' "$out/verdicts.tsv" 2> /dev/null &&
	    [ $status -eq 0 ] &&
	    echo "All points. What comes next: exercises/grade next"
	echo "Graded, number $gradings. Waiting for you to save $own."
}

# Between two looks: now and last are what they found, and current what is
# graded or being graded.
react()
{
	if [ -n "$grading" ] && ! kill -0 "$!" 2> /dev/null; then
		show_grading
	fi
	if [ -z "$now" ]; then
		[ -n "$missing" ] || echo "There is nothing in $own;" \
		    "waiting for it. The stub: exercises/grade reset $ex"
		missing=1
	elif [ "$now" = "$last" ] && [ "$now" != "$current" ]; then
		missing=
		[ -z "$grading" ] || echo "Saved again: from the beginning."
		stop_grading
		current=$now
		echo "Grading $own ..."
		begin_grading
	fi
}

watch()
{
	exercise "$1"
	command -v setsid > /dev/null || {
		echo "grade: watch needs setsid, of util-linux" >&2
		exit 3
	}
	mkdir -p "$out"
	grading= missing= last= current= gradings=0
	trap 'end_watch 129' HUP
	trap 'end_watch 130' INT
	trap 'end_watch 141' PIPE
	trap 'end_watch 143' TERM
	echo "Watching $own: saved is graded. To end this: Ctrl-C."
	while :; do
		now=$(look)
		react
		last=$now
		pause
	done
}

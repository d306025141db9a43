# SPDX-License-Identifier: MIT
#
# apply.awk - plants the bug of a mutant into the source that it names
#
# usage: awk -v file=ref/wake.c -f apply.awk NAME.mutant ref/wake.c > MUTATED
#
# Each `--- old` block of the mutant must stand in the source exactly once,
# line for line; the `--- new` block that follows it takes its place. If the
# source has moved on, nothing is guessed: the mutant is named, and the exit
# status is 1.

function stop(words)
{
	printf "%s: %s\n", mutant, words > "/dev/stderr"
	failed = 1
	exit 1
}

# How often does block i begin at line n of the source? 0 or 1.
function stands_at(i, n,	k)
{
	for (k = 1; k <= old_lines[i]; k++)
		if (source[n + k - 1] != old[i, k])
			return 0
	return 1
}

FNR == 1 { files++ }

files == 1 {
	mutant = FILENAME
	if ($0 == "--- old") {
		if (part != "" && part != "end")
			stop("line " FNR ": the block before has no end")
		part = "old"
		edits++
	} else if ($0 == "--- new") {
		if (part != "old")
			stop("line " FNR ": new lines without old ones")
		part = "new"
	} else if ($0 == "--- end") {
		if (part != "new")
			stop("line " FNR ": an end without new lines")
		part = "end"
	} else if (part == "old") {
		old[edits, ++old_lines[edits]] = $0
	} else if (part == "new") {
		new[edits, ++new_lines[edits]] = $0
	}
	next
}

{ source[++lines] = $0 }

END {
	if (failed)
		exit 1
	if (part != "end")
		stop("no complete edit")
	for (i = 1; i <= edits; i++) {
		found = 0
		for (n = 1; n <= lines; n++)
			if (stands_at(i, n)) {
				found++
				at[n] = i
			}
		if (found != 1)
			stop("its old lines stand " found " times in " file \
				" (edit " i "), not once")
	}
	printf "#line 1 \"%s\"\n", file
	for (n = 1; n <= lines; n++) {
		if (!(n in at)) {
			print source[n]
			continue
		}
		i = at[n]
		for (k = 1; k <= new_lines[i]; k++)
			print new[i, k]
		n += old_lines[i] - 1
		printf "#line %d \"%s\"\n", n + 1, file
	}
}

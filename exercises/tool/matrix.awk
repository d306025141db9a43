# SPDX-License-Identifier: MIT
#
# matrix.awk - the kill matrix: which check kills which mutant, and how
#
# usage: awk -v out=FOLDER -f matrix.awk MATRIX.tsv
#
# Writes FOLDER/matrix.txt and FOLDER/matrix.md, and prints a summary.
# A line: id, exercise, mutant, mistake, stage, check, verdict, reason, and
# what else fails (full form only).

BEGIN {
	FS = "\t"
	text = out "/matrix.txt"
	book = out "/matrix.md"
	printf "" > text
	printf "" > book
}

$1 != last {
	printf "%s%s  %s\n", last == "" ? "" : "\n", $1, $2 > text
	printf "%s**%s** `%s`\n\n", last == "" ? "" : "\n", $1, $2 > book
	print "| Mutant | Its mistake | Dies of | What the report says |" > book
	print "|---|---|---|---|" > book
	last = $1
}

{
	place = $5 == "contract" ? $6 : $5
	printf "  %s: %s\n", $3, $4 > text
	if ($7 == "due") {
		printf "    due: stage %s\n", $5 > text
		printf "| `%s` | %s | due | stage %s |\n", $3, $4, $5 > book
		due++
		next
	}
	printf "    %s (%s): %s\n", place, $7, $8 > text
	if ($9 != "")
		printf "    also: %s\n", $9 > text
	gsub(/\|/, "\\|", $8)
	printf "| `%s` | %s | `%s` | %s |\n", $3, $4, place, $8 > book
	dead++
	killed[$1, $5]++
	if (!($1 in folder))
		order[++exercises] = $1
	folder[$1] = $2
	sub(/.*\//, "", folder[$1])
}

# How many mutants of each exercise each stage has killed.
END {
	n = split("source build contract schedules race memory quiescence", \
	    stage, " ")
	printf "%-18s", "dead of"
	for (i = 1; i <= n; i++)
		printf " %10s", stage[i]
	print ""
	for (e = 1; e <= exercises; e++) {
		printf "%-3s %-14s", order[e], folder[order[e]]
		for (i = 1; i <= n; i++)
			printf " %10s", killed[order[e], stage[i]]
		print ""
	}
	printf "%d mutants dead for their stated reasons, %d due; the kill " \
	    "matrix is in %s\n", dead, due, text
}

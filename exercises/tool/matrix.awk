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
		printf "    due: needs a schedule that gates cannot force\n" > text
		printf "| `%s` | %s | due | needs the explorer |\n", $3, $4 > book
		due++
		next
	}
	printf "    %s (%s): %s\n", place, $7, $8 > text
	if ($9 != "")
		printf "    also: %s\n", $9 > text
	gsub(/\|/, "\\|", $8)
	printf "| `%s` | %s | `%s` | %s |\n", $3, $4, place, $8 > book
	dead++
}

END {
	printf "%d mutants dead for their stated reasons, %d due with the " \
	    "explorer; the kill matrix is in %s\n", dead, due, text
}

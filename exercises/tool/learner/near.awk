# SPDX-License-Identifier: MIT
#
# near.awk - which exercise is meant
#
# usage: awk -F'\t' -v name=NAME -f near.awk CATALOGUE
#
# NAME is a folder (01-work/wait), its last part if only one has it (wait), or
# an id (W3, w3). Prints the folder; if there is none, what may have been
# meant, and the exit status is 1.

function least(a, b, c)
{
	a = a < b ? a : b
	return a < c ? a : c
}

# How many letters must be put in, taken out or changed to make b from a.
function distance(a, b,	i, j, row, above, corner)
{
	for (j = 0; j <= length(b); j++)
		row[j] = j
	for (i = 1; i <= length(a); i++) {
		corner = row[0]
		row[0] = i
		for (j = 1; j <= length(b); j++) {
			above = row[j]
			row[j] = least(above + 1, row[j - 1] + 1, corner + \
			    (substr(a, i, 1) != substr(b, j, 1)))
			corner = above
		}
	}
	return row[length(b)]
}

function bare(folder)
{
	sub(/.*\//, "", folder)
	return folder
}

BEGIN { wanted = tolower(name) }

{
	folder[NR] = $3
	if (wanted == $3 || wanted == tolower($2))
		exact = $3
	if (wanted == bare($3))
		same[++sames] = $3
	far[NR] = distance(wanted, $3)
	if (wanted !~ /\//)
		far[NR] = least(distance(wanted, bare($3)), \
		    distance(wanted, tolower($2)), 99)
}

# Up to four of the nearest, if they are near at all.
function propose(	i, n, nearest, limit, words)
{
	limit = length(wanted) > 6 ? 3 : length(wanted) > 2 ? 2 : 1
	nearest = limit + 1
	for (i = 1; i <= NR; i++)
		if (far[i] < nearest)
			nearest = far[i]
	for (i = 1; i <= NR; i++)
		if (far[i] == nearest && nearest <= limit && n < 4)
			words = words (n++ ? " or " : "") folder[i]
	return words
}

END {
	if (exact != "" || sames == 1) {
		print exact != "" ? exact : same[1]
		exit
	}
	for (i = 1; i <= sames; i++)
		words = words (i > 1 ? ", " : "") same[i]
	if (sames > 1) {
		print "There are several exercises '" name "': " words "."
		exit 1
	}
	words = propose()
	print "There is no exercise '" name "'." \
	    (words == "" ? "" : " Did you mean " words "?")
	print "All of them: exercises/grade list"
	exit 1
}

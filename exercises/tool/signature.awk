# SPDX-License-Identifier: MIT
#
# signature.awk - which known mistake a failure resembles
#
# usage: awk -v want=table -f signature.awk MUTANT.c...
#        awk -v want=match -f signature.awk TABLE RECORDS
#
# A signature is how a mutant is known to fail: the stage, the check, words of
# the reason, and what is wrong with the mutant, by tabs. The table is made
# from the heads of the mutants, and is all that match needs: a handout has
# the table and no mutants.
#
# Prints, of RECORDS (see stages.sh), each failing item that a signature fits:
# stage, name and the mistake. If several fit, those with the most words of
# the reason count; if that is more than one, all their mistakes are named.

# How many answers of a table are wrong fits any of them: it tells no mistake.
function counts_only(words)
{
	return words ~ /^(wrong answers|no answer yet) to [0-9]+ of the [0-9]+ [a-z]+ [A-Z]+$/
}

function signature(	mistake)
{
	mistake = first
	sub(/^\/\* [^ ]+ - (a mutant: )?/, "", mistake)
	sub(/ \*\/$/, "", mistake)
	if (words != "" && stage != "measure" && !counts_only(words))
		print stage "\t" check "\t" words "\t" mistake
}

function value(text)
{
	sub(/^[ \t]*\*[ \t]*[a-z]+:[ \t]*/, "", text)
	return text
}

want == "table" && FNR == 1 {
	if (NR > 1)
		signature()
	first = $0
	stage = "contract"
	check = "-"
	words = ""
	head = 1
}

want == "table" {
	if (FNR > 2 && /\*\//)
		head = 0
	if (head && $1 == "*" && $2 == "check:")
		check = $3
	if (head && $1 == "*" && $2 == "stage:")
		stage = $3
	if (head && $1 == "*" && $2 == "message:")
		words = value($0)
	next
}

FILENAME == ARGV[1] {
	split($0, part, "\t")
	known_stage[++known] = part[1]
	known_check[known] = part[2]
	known_words[known] = part[3]
	known_mistake[known] = part[4]
	next
}

# best STAGE CHECK REASON: the mistakes of the signatures that fit best.
function best(stage, check, why,	i, longest, mistakes)
{
	for (i = 1; i <= known; i++) {
		if (known_stage[i] != stage || known_check[i] != check ||
		    length(known_words[i]) < longest ||
		    !index(why, known_words[i]))
			continue
		if (length(known_words[i]) > longest)
			mistakes = ""
		longest = length(known_words[i])
		if (index("; or " mistakes "; or ",
		    "; or " known_mistake[i] "; or "))
			continue
		mistakes = mistakes (mistakes == "" ? "" : "; or ") \
		    known_mistake[i]
	}
	return mistakes
}

# Of a stage with one item the check that failed is named in the reason.
{
	n = split($0, part, "\t")
	if (part[3] != "fail" && part[3] != "timeout")
		next
	check = part[2]
	if (part[1] ~ /^(schedules|race|memory|quiescence)$/) {
		check = part[4]
		if (!sub(/^in /, "", check))
			next
		sub(/:.*/, "", check)
	}
	found = best(part[1], check, part[4])
	if (found != "")
		print part[1] "\t" part[2] "\t" found
}

END {
	if (want == "table" && NR > 0)
		signature()
}

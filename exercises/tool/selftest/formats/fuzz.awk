# SPDX-License-Identifier: MIT
#
# fuzz.awk - results that nobody meant
#
# usage: awk -v seed=1 -v rounds=100 -v out=FOLDER -f fuzz.awk RESULT.tsv
#
# Writes FOLDER/text-N.tsv, good results whose texts are bytes at random, and
# FOLDER/form-N.tsv, in which something is out of order. With the same awk, the
# same seed makes the same files.

function random(below)
{
	return int(rand() * below)
}

# Bytes that may stand in a field: what is special somewhere, and all above
# 127.
function noise(	text, i, n)
{
	text = ""
	n = random(30)
	for (i = 0; i < n; i++)
		text = text (random(2) ? sprintf("%c", 128 + random(128)) : \
		    substr(special, 1 + random(length(special)), 1))
	return text
}

function noisy(text,	part, n, i)
{
	if (text !~ /^item/)
		return text
	n = split(text, part, "\t")
	text = part[1]
	for (i = 2; i <= n; i++)
		text = text "\t" (i > 10 ? noise() : part[i])
	return text
}

# One change to a line, of those that a bug or a hand might make.
function broken(text,	at, part, n, i, kind)
{
	at = 1 + random(length(text))
	kind = random(7)
	if (kind == 0)
		return substr(text, 1, at - 1) substr(text, at + 1)
	if (kind == 1)
		return substr(text, 1, at) sprintf("%c", 1 + random(255)) \
		    substr(text, at + 1)
	if (kind == 2)
		return text "\n" text
	if (kind == 3)
		return substr(text, 1, at)
	if (kind == 4)
		return substr(text, 1, at) "\t" substr(text, at + 1)
	n = split(text, part, "\t")
	i = 1 + random(n)
	if (kind == 5)
		part[i] = odd[1 + random(odds)]
	else
		part[i] = part[1 + random(n)]
	text = part[1]
	for (i = 2; i <= n; i++)
		text = text "\t" part[i]
	return text
}

BEGIN {
	srand(seed)
	special = "<>&\"'\\#=+-@,;:%|[]{}!~ ab/0]]>"
	odds = split("-|0|1|1/0|1/3|7/3|1 2/3|999999|1000000|" \
	    "999999/999998|pass|error|hidden|graded|total|item||--|" \
	    "99999999999999999999|-1|nan|1/999999|output/", odd, "|")
}

{ line[NR] = $0 }

END {
	for (round = 1; round <= rounds; round++) {
		text = out "/text-" round ".tsv"
		form = out "/form-" round ".tsv"
		at = 1 + random(NR)
		for (i = 1; i <= NR; i++) {
			print noisy(line[i]) > text
			if (i != at)
				print line[i] > form
			else if (random(8) > 0)
				print broken(line[i]) > form
		}
		close(text)
		close(form)
	}
}

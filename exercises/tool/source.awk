# SPDX-License-Identifier: MIT
#
# source.awk - the rules that an answer's source must keep
#
# usage: awk -v forbid='sleep usleep' -f source.awk ANSWER.c
#
# Prints one sentence for the first rule that is broken, and nothing if none
# is. Comments, strings and characters are not looked into.

# The line without comments, strings and characters.
function code(line,	out, c, i)
{
	out = ""
	for (i = 1; i <= length(line); i++) {
		c = substr(line, i, 1)
		if (comment) {
			if (substr(line, i, 2) == "*/") {
				comment = 0
				i++
			}
			continue
		}
		if (substr(line, i, 2) == "/*") {
			comment = 1
			i++
			out = out " "
			continue
		}
		if (substr(line, i, 2) == "//")
			break
		if (c == "\"" || c == "'") {
			for (i++; i <= length(line) && \
			    substr(line, i, 1) != c; i++)
				if (substr(line, i, 1) == "\\")
					i++
			out = out " "
			continue
		}
		out = out c
	}
	return out
}

function broken(text)
{
	if (!said)
		print text
	said = 1
}

BEGIN {
	c11_threads = "^(thrd|mtx|cnd)_(create|join|detach|exit|sleep|" \
	    "yield|init|destroy|lock|trylock|timedlock|unlock|wait|" \
	    "timedwait|signal|broadcast)$"
	n = split(forbid, words, " ")
	for (i = 1; i <= n; i++)
		forbidden[words[i]] = 1
}

{
	line = code($0)
	while (match(line, /[A-Za-z_][A-Za-z0-9_]*/)) {
		word = substr(line, RSTART, RLENGTH)
		line = substr(line, RSTART + RLENGTH)
		if (word in forbidden)
			broken("line " FNR " uses " word \
			    ", which this exercise does not allow")
		if (word ~ c11_threads)
			broken("line " FNR " uses " word ": the checks see " \
			    "POSIX threads only (pthread_...)")
		if (word ~ /^(__real_|__wrap_|suite_checks$)/)
			broken("line " FNR " uses " word \
			    ", which is the grader's own")
	}
}

# SPDX-License-Identifier: MIT
#
# source.awk - the rules that an answer's source must keep
#
# usage: awk -v forbid='sleep usleep' [-v own=1] -f source.awk ANSWER.c
#
# Prints one sentence for the first rule that is broken, and nothing if none
# is. Comments, strings and characters are not looked into. With own the file
# is one of the question's, and may include others of them.
#
# Lines are read as the compiler reads them: joined where one ends in a
# backslash, with ??= for # and %: for it, so that no other spelling includes
# what may not be included. That is any file but a header, by its name: neither
# a right answer, nor the suite, nor what else lies on the machine.

# The line without comments, strings and characters; kept is with the strings.
function code(line,	out, c, i, from)
{
	out = kept = ""
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
			kept = kept " "
			continue
		}
		if (substr(line, i, 2) == "//")
			break
		if (c == "\"" || c == "'") {
			from = i
			for (i++; i <= length(line) && \
			    substr(line, i, 1) != c; i++)
				if (substr(line, i, 1) == "\\")
					i++
			out = out " "
			kept = kept substr(line, from, i - from + 1)
			continue
		}
		out = out c
		kept = kept c
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
	longest = 4000
	c11_threads = "^(thrd|mtx|cnd)_(create|join|detach|exit|sleep|" \
	    "yield|init|destroy|lock|trylock|timedlock|unlock|wait|" \
	    "timedwait|signal|broadcast)$"
	n = split(forbid, words, " ")
	for (i = 1; i <= n; i++)
		forbidden[words[i]] = 1
}

function may_include(what)
{
	return what ~ /^"[A-Za-z0-9_.-]+\.h"$/ || \
	    what ~ /^<([A-Za-z0-9_-]+\/)*[A-Za-z0-9_-]+\.h>$/
}

# What a directive includes, if it does.
function directive(text, number,	word)
{
	if (own || !sub(/^[ \t\f\v]*(#|%:)[ \t\f\v]*/, "", text))
		return
	match(text, /^[a-z_]*/)
	word = substr(text, 1, RLENGTH)
	text = substr(text, RLENGTH + 1)
	gsub(/[^!-~]+/, " ", text)
	gsub(/^ | $/, "", text)
	if (word ~ /^(include_next|import|embed)$/)
		broken("line " number " has #" word ", which an answer may not")
	if (word == "include" && !may_include(text))
		broken("line " number " includes " substr(text, 1, 60) \
		    ": an answer includes only headers, and by their names")
}

function words_of(line, number,	word)
{
	while (match(line, /[A-Za-z_][A-Za-z0-9_]*/)) {
		word = substr(line, RSTART, RLENGTH)
		line = substr(line, RSTART + RLENGTH)
		if (word in forbidden)
			broken("line " number " uses " word \
			    ", which this exercise does not allow")
		if (word ~ c11_threads)
			broken("line " number " uses " word ": the checks see " \
			    "POSIX threads only (pthread_...)")
		if (word ~ /^(__real_|__wrap_|suite_checks$)/)
			broken("line " number " uses " word \
			    ", which is the grader's own")
		if (word ~ /^(asm|__asm|__asm__)$/)
			broken("line " number " uses " word \
			    ": an answer is written in C")
	}
}

# What follows a line that is too long is not looked at: neither is it graded.
{
	line = $0
	gsub(/\?\?=/, "#", line)
	gsub(/\?\?\//, "\\", line)
	if (!parts++)
		first = FNR
	held = held line
	if (length(held) > longest || parts > longest) {
		broken("line " first " is longer than " longest " characters")
		exit
	}
	if (sub(/\\[ \t\r]*$/, "", held))
		next
	words_of(code(held), first)
	directive(kept, first)
	held = ""
	parts = 0
}

END {
	words_of(code(held), first)
	directive(kept, first)
}

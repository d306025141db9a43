# SPDX-License-Identifier: MIT
#
# vary.awk - one file of an exercise, as a variant has it
#
# usage: awk -v name=PATH -v used=FILE -f vary.awk RULES FILE
#
# PATH is the file's, in the exercise's folder. RULES, one a line, by tabs:
#
#	rename STEM NEW		identifiers: STEM and STEM_...
#	word STEM NEW		the same, in capitals too, and as a word
#	place FILES OLD NEW	text of the files that the pattern is for
#
# Places come first, in one go from left to right: what has been put in is
# not looked at again. Names of files remain. In C the exact STEM of rename
# is an identifier in code alone, since comments use it as a word; in a text,
# between backquotes alone, or behind struct. Appends the numbers of the lines
# of RULES that were of use to FILE used.

function pattern(glob)
{
	gsub(/\./, "\\.", glob)
	gsub(/\*/, ".*", glob)
	return "^" glob "$"
}

# The first of the places in the text: sets found and where.
function find_place(text,	i, at)
{
	found = 0
	for (i = 1; i <= places; i++) {
		at = index(text, old[i])
		if (at > 0 && (found == 0 || at < where)) {
			found = i
			where = at
		}
	}
	return found
}

function put_places(text,	done)
{
	while (find_place(text)) {
		done = done substr(text, 1, where - 1) new[found]
		text = substr(text, where + length(old[found]))
		seen[line_of[found]] = 1
	}
	return done text
}

function capital(word)
{
	return toupper(substr(word, 1, 1)) substr(word, 2)
}

# An identifier or a word, or what it is in the variant.
function varied(token, before, after, code,	i, s, t)
{
	if (before ~ /\/$/ || after ~ /^(\.[chm]|\/)/)
		return token
	for (i = 1; i <= stems; i++) {
		s = stem[i]
		t = to[i]
		if (index(token, s "_") == 1)
			t = t substr(token, length(s) + 1)
		else if (prose[i] && index(token, toupper(s) "_") == 1)
			t = toupper(t) substr(token, length(s) + 1)
		else if (token == s && (code || prose[i] || \
		    before ~ /struct $/))
			t = t ""
		else if (prose[i] && token == s "s")
			t = t "s"
		else if (prose[i] && token == capital(s))
			t = capital(t)
		else if (prose[i] && token == capital(s) "s")
			t = capital(t) "s"
		else
			continue
		seen[stem_line[i]] = 1
		return t
	}
	return token
}

# What comes next of C: whether it is code depends on the line's part so far.
function step(mark, two)
{
	if (in_comment) {
		if (two == "*/")
			in_comment = 0
	} else if (quote != "") {
		if (mark == quote)
			quote = ""
	} else if (two == "/*")
		in_comment = 1
	else if (mark == "\"" || mark == "'")
		quote = mark
}

function c_line(text,	done, token, mark)
{
	quote = ""
	while (text != "") {
		if (match(text, /^[A-Za-z_][A-Za-z0-9_]*/)) {
			token = substr(text, 1, RLENGTH)
			text = substr(text, RLENGTH + 1)
			done = done varied(token, done, text, \
			    !in_comment && quote == "")
			continue
		}
		mark = substr(text, 1, 1)
		if (quote != "" && mark == "\\")
			mark = substr(text, 1, 2)
		step(mark, substr(text, 1, 2))
		if (mark ~ /[0-9]/ && match(text, /^[0-9][A-Za-z0-9]*/))
			mark = substr(text, 1, RLENGTH)
		done = done mark
		text = substr(text, length(mark) + 1)
	}
	return done
}

function text_line(text,	done, token, code)
{
	while (match(text, /[A-Za-z_][A-Za-z0-9_]*/)) {
		token = substr(text, 1, RSTART - 1)
		code += gsub(/`/, "`", token)
		done = done token
		token = substr(text, RSTART, RLENGTH)
		text = substr(text, RSTART + RLENGTH)
		done = done varied(token, done, text, code % 2)
	}
	return done text
}

NR == FNR && $0 != "" {
	n = split($0, part, "\t")
	if (part[1] == "place" && name ~ pattern(part[2])) {
		old[++places] = part[3]
		new[places] = part[4]
		line_of[places] = FNR
	} else if (part[1] == "rename" || part[1] == "word") {
		stem[++stems] = part[2]
		to[stems] = part[3]
		prose[stems] = part[1] == "word"
		stem_line[stems] = FNR
	}
	next
}

name == "manifest" && $1 ~ /^(vary|rename|word|place|with)$/ { next }

{
	line = put_places($0)
	if (name !~ /\.[ch]$/)
		line = text_line(line)
	else if (in_comment || line !~ /^[ \t]*#[ \t]*include/)
		line = c_line(line)
	print line
}

END {
	for (i in seen)
		print i >> used
}

# SPDX-License-Identifier: MIT
#
# check.awk - is what the chapter shows still true?
#
# usage: awk -v mode=check -v rules=rules.tsv -v exercises=exercises.tsv \
#            -v runs=build/run -v fragments=DIR [-v results=build/results] \
#            -f book/check.awk chapter.md
#
# Reads one chapter from top to bottom and holds every fence and every box
# against its source: quoted code against the file it comes from; outputs,
# interleavings, verdicts and timelines against what run.sh has kept of this
# build's runs; rule boxes and links to tests against the table of rules and
# the test results; exercise boxes against the manifests.
#
# mode=check	complains about each difference with file, line and remedy,
#		and then exits 1; else writes the chapter, line for line, with
#		the fences' attributes spelled as pandoc wants them.  Writes
#		the fragments that are to be compiled to DIR.
# mode=refresh	writes the chapter with quotes, runs and rule boxes renewed
#		and everything else untouched.

function complain(line, what, remedy)
{
	printf "%s:%d: %s\n    remedy: %s\n", chapter, line, what, remedy \
	    > "/dev/stderr"
	errors++
}

function trim(s)
{
	gsub(/[ \t]+/, " ", s)
	gsub(/^ | $/, "", s)
	return s
}

function columns(s,	i, n)
{
	gsub(/[\200-\277]/, "", s)
	n = 0
	for (i = 1; i <= length(s); i++)
		n = substr(s, i, 1) == "\t" ? n + 8 - n % 8 : n + 1
	return n
}

# --- Quoting: find a piece of a source file -----------------------------------

# Reads a file into source[file, 1 ... length_of[file]]; 0 if there is none.
function load(file,	line, n)
{
	if (file in length_of)
		return length_of[file]
	n = 0
	while ((getline line < file) > 0)
		source[file, ++n] = line
	close(file)
	return length_of[file] = n
}

# The line that opens the definition of NAME: a function, struct, enum, macro,
# table or test whose name stands in column 0 or follows its keyword there.
function opening(file, name,	i, s)
{
	for (i = 1; i <= length_of[file]; i++) {
		s = source[file, i]
		if (index(s, name) == 0 || s ~ /^[ \t\/*]/)
			continue
		if (s ~ ("^" name "\\(") && s !~ /;[ \t]*$/ ||
		    s ~ ("^(typedef )?(struct|union|enum) " name "( \\{)?$") ||
		    s ~ ("^#define[ \t]+" name "([^A-Za-z0-9_]|$)") ||
		    s ~ ("[ *]" name "(\\[.*\\])? = *\\{") ||
		    s ~ ("^START_TEST\\(" name "\\)"))
			return i
	}
	return 0
}

# Sets from and to for the definition of NAME and the comment above it.
function find_definition(file, name,	i, s)
{
	i = from = opening(file, name)
	if (!from)
		return "there is no function, struct or enum " name \
		    " in column 0 of " file
	if (source[file, i] ~ /^#define/)
		while (source[file, i] ~ /\\$/)
			i++
	else
		while (i <= length_of[file] && source[file, i] !~ /^(}|END_TEST)/)
			i++
	to = i
	if (to > length_of[file])
		return name " in " file " never ends in column 0"
	while (from > 1 && source[file, from - 1] ~ /^[A-Za-z_]/ &&
	    source[file, from - 1] !~ /[;:]$/)
		from--
	if (from > 1 && source[file, from - 1] ~ /\*\/[ \t]*$/)
		for (from--; from > 1 && source[file, from] !~ /^\/\*/; )
			from--
	return ""
}

# Sets from and to for the lines between the comments [LABEL] and [end].
function find_region(file, label,	i, s)
{
	from = to = 0
	for (i = 1; i <= length_of[file]; i++) {
		s = trim(source[file, i])
		if (s == "/* [" label "] */")
			from = i + 1
		else if (from && s == "/* [end] */") {
			to = i - 1
			break
		}
	}
	if (!from)
		return "there is no label /* [" label "] */ in " file
	if (!to)
		return "the label /* [" label "] */ in " file " is never closed"
	if (to - from >= 35)
		return "the region " label " of " file " is longer than 35 lines"
	return ""
}

# Puts what SPEC (file, file#name or file#<label>) means into fresh[1 ... fresh_n].
function quote(spec,	file, name, i, s, error)
{
	fresh_n = 0
	file = name = spec
	sub(/#.*/, "", file)
	if (!load(file))
		return "there is no file " file
	sub(/^[^#]*#?/, "", name)
	if (name == "") {
		from = 1
		to = length_of[file]
	} else if (name ~ /^</) {
		gsub(/[<>]/, "", name)
		error = find_region(file, name)
	} else {
		error = find_definition(file, name)
		if (error != "" && find_region(file, name) !~ /no label/)
			error = find_region(file, name)
	}
	if (error != "")
		return error
	for (i = from; i <= to; i++) {
		s = source[file, i]
		if (trim(s) ~ /^\/\* \[[a-z0-9 -]+\] \*\/$/)
			continue
		if (columns(s) > 76)
			return file ":" i " is wider than the book's 76 columns"
		fresh[++fresh_n] = s
	}
	attributes = sprintf(" file=\"%s\" first=\"%d\" last=\"%d\"",
	    file, from, to)
	return ""
}

# --- What programs did: output, verdicts, timelines -----------------------------

# Puts what run.sh has kept of the program, from line FIRST on, into fresh.
function kept(program, suffix, first,	file, line, n)
{
	fresh_n = n = 0
	file = program
	sub(/^(chapters|tests\/explore)/, runs, file)
	sub(/\.(c|sh)$/, suffix, file)
	while ((getline line < file) > 0)
		if (++n >= first)
			fresh[++fresh_n] = line
		else
			head[n] = line
	close(file)
	attributes = sprintf(" file=\"%s\"", program)
	return n
}

function output(program)
{
	kept(program, ".out", 1)
	return fresh_n ? "" : program " was not run in this build, or is silent"
}

# The interleaving that the explorer found: head[1] is its verdict.
function broken(program)
{
	if (!kept(program, ".explored", 3))
		return program " was not explored in this build"
	if (head[1] == "native")
		return program " is not explored: its head says native"
	if (head[1] != verdict[kind])
		return program " does not end in " verdict[kind] ", but: " \
		    head[1]
	return ""
}

# And of one that is correct, how often it was run.
function explored(program)
{
	if (!kept(program, ".explored", 2))
		return program " was not explored in this build"
	if (head[1] != "pass")
		return program " does not pass, but: " head[1]
	return ""
}

function timeline(program)
{
	kept(program, ".timeline", 1)
	return fresh_n ? "" : "there is no timeline of " program
}

# Claim is not true in line N; 0: nowhere.
function differs(	i)
{
	for (i = 1; i <= fresh_n || i <= body_n; i++)
		if (i > fresh_n || i > body_n || fresh[i] != body[i])
			return i
	return 0
}

# --- Fences -------------------------------------------------------------------

function open_fence(	info)
{
	fence = NR
	fence_line = $0
	match($0, /^`+/)
	ticks = RLENGTH
	info = substr($0, ticks + 1)
	language = info
	sub(/[ \t{].*/, "", language)
	kind = value = ""
	if (match(info, /\{[a-z]+(=[^}]*)?\}[ \t]*$/)) {
		kind = trim(substr(info, RSTART))
		gsub(/^\{|\}$/, "", kind)
		value = kind
		if (!sub(/^[a-z]+=/, "", value))
			value = ""
		gsub(/^"|"$/, "", value)
		sub(/=.*/, "", kind)
	}
	if (language == "")
		language = "text"
	body_n = 0
}

function close_fence(	error, i)
{
	attributes = error = ""
	if (kind == "quote" || kind in shows) {
		error = find_fresh()
		if (error != "")
			complain(fence, error, remedy_of[kind])
		else if (mode == "check")
			compare()
	} else if (kind == "compile" || kind == "nocompile") {
		if (value != "" && value != "body")
			complain(fence, "there is no {" kind "=" value "}",
			    "write {" kind "} or {" kind "=body}")
		else if (mode == "check")
			write_fragment()
	} else if (kind == "figure") {
		attributes = sprintf(" title=\"%s\"", value)
		if (value == "")
			complain(fence, "a figure without a title",
			    "write {figure=\"what it shows\"}")
	} else if (kind != "shell")
		complain(fence, "a fence without a kind",
		    "say {quote=...}, {output=...}, {compile}, {nocompile}," \
		    " {shell}, {figure=...}, {timeline=...}, {explored=...} or" \
		    " a verdict after the language")

	if (mode == "refresh" && error == "" &&
	    (kind == "quote" || kind in shows)) {
		body_n = fresh_n
		for (i = 1; i <= fresh_n; i++)
			body[i] = fresh[i]
	}
	if (mode == "check")
		fence_line = substr(fence_line, 1, ticks) " {." language \
		    " ." (kind in verdict ? "broken" : kind) attributes \
		    (kind in verdict ? " verdict=\"" kind "\"" : "") "}"
	print fence_line
	for (i = 1; i <= body_n; i++)
		print body[i]
	print
	fence = 0
}

# Fills fresh with what the fence should hold, or says why that cannot be.
function find_fresh(	error, i)
{
	error = kind == "quote" ? quote(value) : \
	    kind == "output" ? output(value) : \
	    kind == "explored" ? explored(value) : \
	    kind == "timeline" ? timeline(value) : broken(value)
	if (kind == "quote" && error != "")
		return "cannot quote: " error
	if (kind == "quote" || kind == "output" || error != "")
		return error
	for (i = 1; i <= fresh_n; i++)
		if (columns(fresh[i]) > 76)
			return "line " i " of what " value " shows is wider" \
			    " than the book's 76 columns"
	return ""
}

function compare(	i, theirs, ours)
{
	i = differs()
	if (!i)
		return
	theirs = i > fresh_n ? "(ends here)" : fresh[i]
	ours = i > body_n ? "(ends here)" : body[i]
	complain(fence + i, (kind == "quote" ? "this quote is not " value \
	    " any more" : "this is not what " value " " shows[kind]) \
	    ":\n    " (kind == "quote" ? "source:  " : "build:   ") theirs \
	    "\n    chapter: " ours,
	    "run make refresh, and read the text around it again")
}

# A fragment is compiled at file scope, or as the body of a function.  #line
# makes the compiler speak of the chapter's own lines.
function write_fragment(	file, i)
{
	file = sprintf("%s/%d.%s.c", fragments, fence, kind)
	print "#include \"threadpool.h\"" > file
	print "#include <stdio.h>\n#include <stdlib.h>" > file
	if (value == "body")
		print "void fragment(void);\nvoid\nfragment(void)\n{" > file
	printf "#line %d \"%s\"\n", fence + 1, chapter > file
	for (i = 1; i <= body_n; i++)
		print body[i] > file
	if (value == "body")
		print "}" > file
	close(file)
}

# --- Boxes and rules ----------------------------------------------------------

function check_rule(id, line)
{
	if (!(id in statement))
		complain(line, "there is no rule " id,
		    "mend the number, or add the rule to tests/rules.md")
	else if (state[id] == "failed")
		complain(line, "the test of rule " id " failed: " tests[id],
		    "mend the code or the test; the book does not promise" \
		    " what does not hold")
	else if (state[id] == "unrun")
		complain(line, "the test of rule " id " did not run in this" \
		    " build: " tests[id], "run the tests before the book")
	else if (state[id] == "untested")
		complain(line, "no test verifies rule " id,
		    "write the test and name the rule in its first line, or" \
		    " give the reason in the last column of tests/rules.md")
}

# A test that the text links to by its name must exist and have passed.
function check_test(file, name, line,	suite, i, n, s, found)
{
	if (load(file) == 0 || opening(file, name) == 0) {
		complain(line, "there is no test " name " in " file,
		    "mend the name, or write the test")
		return
	}
	suite = file
	gsub(/.*\/test_|\.c$/, "", suite)
	n = load(results "/" suite ".tap")
	for (i = 1; i <= n; i++) {
		s = source[results "/" suite ".tap", i]
		if (index(s, ":" name ":") == 0)
			continue
		found = 1
		if (s ~ /^not /)
			complain(line, "the test " name " failed",
			    "mend the code or the test")
	}
	if (!found)
		complain(line, "the test " name " did not run in this" \
		    " build", "run the tests before the book")
}

function linked_tests(s, line,	link, name)
{
	while (match(s, /\[`[A-Za-z_0-9]+`\]\([^)]*tests\/test_[a-z_0-9]+\.c/)) {
		link = name = substr(s, RSTART, RLENGTH)
		s = substr(s, RSTART + RLENGTH)
		gsub(/^\[`|`.*$/, "", name)
		sub(/.*tests\//, "tests/", link)
		check_test(link, name, line)
	}
}

# Every rule that the text mentions must exist and hold.
function mentions(s, line,	id, prefix)
{
	while (match(s, /[A-Z]+-[0-9]+/)) {
		id = prefix = substr(s, RSTART, RLENGTH)
		sub(/-.*/, "", prefix)
		if (prefix in known_prefix)
			check_rule(id, line)
		s = substr(s, RSTART + RLENGTH)
	}
}

function end_box(	said, words, n, i, s)
{
	said = trim(box_text)
	if (mode == "check" && rule in statement &&
	    said != trim(statement[rule]))
		complain(box, "the text of rule " rule " differs from" \
		    " tests/rules.md:\n    table:   " statement[rule] \
		    "\n    chapter: " said, "run make refresh")
	if (mode == "refresh" && rule in statement &&
	    said != trim(statement[rule])) {
		n = split("**Rule " rule ".** " statement[rule], words, " ")
		s = ">"
		box_lines = ""
		for (i = 1; i <= n; i++) {
			if (columns(s " " words[i]) > 78) {
				box_lines = box_lines s "\n"
				s = ">"
			}
			s = s " " words[i]
		}
		box_lines = box_lines s "\n"
	}
	printf "%s", box_lines
	box = 0
}

function exercise_box(	id, wanted)
{
	id = $0
	sub(/^> \*\*Exercise /, "", id)
	sub(/\.\*\*.*/, "", id)
	shown[id] = NR
	if (!(id in wanted_box)) {
		complain(NR, "there is no exercise " id,
		    "mend its number, or add its manifest under exercises/")
		return
	}
	wanted = wanted_box[id]
	if (substr($0 " ", 1, length(wanted) + 1) !~ /[^0-9A-Za-z]$/ ||
	    index($0, wanted) != 1)
		complain(NR, "the box of exercise " id " differs from " \
		    folder[id] "/manifest", "begin it with: " wanted)
}

# The kinds of fences whose content comes from a run, and what they say.
function fence_kinds(	kinds, n, i)
{
	shows["output"] = "prints"
	shows["explored"] = "comes to when explored"
	shows["timeline"] = "does, by its trace"
	n = split("deadlock race leak livelock assertion misuse crash", kinds, \
	    " ")
	for (i = 1; i <= n; i++) {
		verdict[kinds[i]] = kinds[i] == "leak" ? "leftover" : kinds[i]
		shows[kinds[i]] = "ends in"
		remedy_of[kinds[i]] = "name a program whose head says " \
		    "\"explore: must=" verdict[kinds[i]] "\""
	}
	remedy_of["quote"] = "mend the name in the fence, or the source"
	remedy_of["output"] = "name a program of the chapter that prints something"
	remedy_of["explored"] = "name a program that is correct"
	remedy_of["timeline"] = "name a program that uses the pool"
}

# --- The chapter, line by line ------------------------------------------------

BEGIN {
	fence_kinds()
	chapter = ARGV[1]
	if (results == "")
		results = "build/results"
	if (mode != "refresh")
		mode = "check"
	while ((getline line < rules) > 0) {
		split(line, part, "\t")
		statement[part[1]] = part[2]
		state[part[1]] = part[3]
		tests[part[1]] = part[5]
		sub(/-.*/, "", part[1])
		known_prefix[part[1]] = 1
	}
	while ((getline line < exercises) > 0) {
		split(line, part, "\t")
		stars = ""
		for (i = 0; i < part[3]; i++)
			stars = stars "★"
		wanted_box[part[1]] = sprintf("> **Exercise %s.** %s %s %s " \
		    "point%s", part[1], part[2], stars, part[4],
		    part[4] == 1 ? "" : "s")
		folder[part[1]] = part[5]
	}
}

fence && /^`+[ \t]*$/ && match($0, /^`+/) && RLENGTH >= ticks {
	close_fence()
	next
}

fence {
	body[++body_n] = $0
	next
}

box && /^> ./ {
	box_text = box_text " " substr($0, 3)
	box_lines = box_lines $0 "\n"
	next
}

box {
	if ($0 != "" && $0 != ">")
		complain(NR, "a box runs on without >",
		    "begin every line of a box with >, and end it with an" \
		    " empty line")
	end_box()
}

/^```/ {
	open_fence()
	next
}

/^[ >]+```/ || /^ *~~~/ {
	complain(NR, "a fence that does not begin with ``` in column 0",
	    "move it to column 0, outside lists and boxes")
}

mode == "check" && chapter !~ /rules\.md$/ { mentions($0, NR) }
mode == "check" { linked_tests($0, NR) }

/^> \*\*Rule [A-Z]+-[0-9]+\.\*\* / {
	box = NR
	rule = $3
	sub(/\..*/, "", rule)
	box_text = $0
	sub(/^> \*\*Rule [^ ]* /, "", box_text)
	box_lines = $0 "\n"
	if (!(rule in statement) && !(rule_prefix(rule) in known_prefix))
		check_rule(rule, NR)
	next
}

/^> \*\*Exercise [A-Z]+[0-9]+\.\*\* / {
	exercise_box()
	print
	next
}

/^> \*\*Quick quiz [0-9]+\.\*\* / {
	number = $4 + 0
	if (number in quiz)
		complain(NR, "there are two quick quizzes " number,
		    "number them through the chapter")
	quiz[number] = NR
	print
	next
}

/^> \*\*(Rule|Exercise|Quick quiz)/ {
	complain(NR, "a box that begins in no known way", "write" \
	    " > **Rule WORK-11.** ..., > **Exercise W3.** ... or" \
	    " > **Quick quiz 2.** ...")
}

/^#+ / { in_answers = /^## Answers *$/ }

in_answers && /^(### |\*\*)(Quick quiz )?[0-9]+/ {
	number = $0
	sub(/^[^0-9]*/, "", number)
	answer[number + 0] = NR
}

{ print }

function rule_prefix(id)
{
	sub(/-.*/, "", id)
	return id
}

END {
	if (fence)
		complain(fence, "this fence is never closed", "close it with ```")
	if (box)
		end_box()
	for (number in quiz)
		if (!(number in answer))
			complain(quiz[number], "quick quiz " number \
			    " has no answer", "write **Quick quiz " number \
			    ".** ... under ## Answers at the chapter's end")
	for (number in answer)
		if (!(number in quiz))
			complain(answer[number], "an answer to quick quiz " \
			    number ", which is not asked", "mend the number")
	here = chapter
	sub(/\/[^\/]*$/, "", here)
	sub(/^chapters/, "exercises", here)
	for (id in folder)
		if (index(folder[id], here "/") == 1 && !(id in shown))
			complain(NR, "exercise " id " (" folder[id] ") is not" \
			    " in the chapter", "add: " wanted_box[id])
	exit errors > 0
}

# SPDX-License-Identifier: MIT
#
# tap.awk - a reader of TAP 14 that is strict about the specification
#
# usage: awk [-v key=KEY] -f tap.awk FILE
#
# https://testanything.org/tap-version-14-specification.html. Prints `ok N',
# `not ok N', `skip N' or, with key, what the YAML block of every failed test
# has under it; and `bail' for a Bail out!. Complains, with the status 1, of
# what the specification does not allow, and of what a careful producer does
# not print: no plan before the first test, a number that is left out or out of
# order, text that is no TAP, a subtest, a directive but SKIP, a YAML block
# that is not indented by two columns, is not closed, has a key twice, or has
# anything but scalars in double quotes.

function complain(text)
{
	printf "tap.awk: line %d: %s: %s\n", NR, text, $0
	bad = 1
}

# The scalar's text; its quotes are there.
function unquoted(text,	out, c)
{
	text = substr(text, 2, length(text) - 2)
	out = ""
	while (match(text, /\\/)) {
		out = out substr(text, 1, RSTART - 1)
		c = substr(text, RSTART + 1, 1)
		if (c != "\"" && c != "\\")
			complain("no escape of ours: " c)
		out = out c
		text = substr(text, RSTART + 2)
	}
	return out text
}

function yaml_line(	name)
{
	if ($0 !~ /^  [a-z_]+: "([^"\\]|\\.)*"$/) {
		complain("no line of the YAML block")
		return
	}
	name = $0
	sub(/:.*/, "", name)
	sub(/^  /, "", name)
	if (name in seen)
		complain("a key twice")
	seen[name] = 1
	sub(/^  [a-z_]+: /, "")
	if (name == key && failed)
		print unquoted($0)
}

# Of a line `ok ...', what comes after the number.
function directive(text)
{
	gsub(/\\\\/, "", text)
	gsub(/\\#/, "", text)
	if (text !~ /[ \t]#[ \t]/)
		return ""
	sub(/.*[ \t]#[ \t]+/, "", text)
	sub(/[^A-Za-z].*/, "", text)
	return toupper(text)
}

function test_line(	what, number)
{
	failed = /^not /
	what = $0
	sub(/^(not )?ok/, "", what)
	if (!match(what, /^ [1-9][0-9]* - [^ ]/))
		complain("no number and description")
	number = what + 0
	if (number != ++tests)
		complain("the number is not " tests)
	what = directive(what)
	if (what != "" && what != "SKIP")
		complain("a directive: " what)
	if (what == "SKIP" && failed)
		complain("skipped, and not ok")
	if (key == "")
		print (failed ? "not ok " : what == "SKIP" ? "skip " : "ok ") \
		    number
	after_test = 1
}

/[\001-\037\177]/ { complain("a control character") }

inside && $0 == "  ..." { inside = 0; next }

inside { yaml_line(); next }

NR == 1 {
	if ($0 != "TAP version 14")
		complain("the first line is not the version")
	next
}

NR == 2 {
	if ($0 !~ /^1\.\.[1-9][0-9]*$/)
		complain("the second line is not the plan")
	plan = substr($0, 4) + 0
	next
}

bailed { complain("after Bail out!"); next }

$0 == "  ---" {
	if (!after_test)
		complain("a YAML block, and no test before it")
	inside = 1
	after_test = 0
	split("", seen)
	next
}

/^(not )?ok / { test_line(); next }

{ after_test = 0 }

/^# *Subtest/ { complain("a subtest") }

/^#/ { next }

/^Bail out! [^ ]/ { bailed = 1; print "bail"; next }

{ complain("this is no TAP") }

END {
	if (inside)
		complain("a YAML block without an end")
	if (plan != tests)
		complain(tests " tests, and a plan of " plan)
	exit bad
}

# SPDX-License-Identifier: MIT
#
# manifest.awk - reads an exercise's manifest
#
# usage: awk -v want=WHAT -f manifest.awk MANIFEST
#
#	fields KEY	every value of the key, one a line (-v key=KEY)
#	items		what earns points: kind, name, points, promise, by tabs
#	table		the C table that the checks' program finds its checks in
#	lint		complaints; the exit status is 1 if there are any

function complain(text)
{
	printf "%s:%d: %s\n", FILENAME, FNR, text
	complaints++
}

# Numbers are n/d; a whole number is n/1.
function numerator(text)
{
	return text ~ /\// ? substr(text, 1, index(text, "/") - 1) + 0 : text + 0
}

function denominator(text)
{
	return text ~ /\// ? substr(text, index(text, "/") + 1) + 0 : 1
}

function rest(from,	text, i)
{
	text = $0
	for (i = 1; i < from; i++)
		sub(/^[ \t]*[^ \t]+[ \t]*/, "", text)
	sub(/[ \t]+$/, "", text)
	return text
}

function item(kind, name, points, promise)
{
	if (want == "items")
		printf "%s\t%s\t%s\t%s\n", kind, name, points, promise
	if (want == "table" && kind == "check")
		body[++rows] = "check_" name
	if (want == "table" && (kind == "accept" || kind == "kill"))
		body[++rows] = "tests"
	if (want == "table" && $1 != "stage")
		label[rows] = name
	if (points !~ /^[1-9][0-9]*(\/[1-9][0-9]*)?$/)
		complain("points must be a whole number or a fraction: " points)
	if (name !~ /^[A-Za-z][A-Za-z0-9_]*$/ || name in seen)
		complain("not a name, or one that is used twice: " name)
	if (promise !~ /\.$/)
		complain("a promise is a sentence, with a full stop: " name)
	seen[name] = 1
	listed[++count] = name
	top = top * denominator(points) + numerator(points) * bottom
	bottom *= denominator(points)
}

BEGIN { bottom = 1 }

/^#/ || NF == 0 { next }

want == "fields" && $1 == key { print rest(2) }

$1 == "check" || $1 == "accept" || $1 == "kill" {
	item($1, $2, $3, rest(4))
	next
}

$1 == "stage" {
	if ($2 !~ /^(schedules|race|memory|quiescence)$/)
		complain("a stage that earns no points: " $2)
	if ($2 == "race" && !("schedules" in seen))
		complain("the stage race needs the stage schedules above it")
	item($2, $2, $3, rest(4))
	next
}

$1 == "hint" {
	if (!($2 in seen))
		complain("a hint for a check that is not above: " $2)
	rungs[$2]++
	next
}

$1 == "due" {
	if ($2 != "measure")
		complain("due, and there is such a stage: " $2)
	next
}

$1 == "sequential" || $1 == "hidden" {
	for (i = 2; i <= NF; i++)
		if (!($i in seen))
			complain($1 ", and no check above: " $i)
	if ($1 == "hidden")
		added = 1
	next
}

# What variants choose; vary.sh finds out what is wrong there.
$1 ~ /^(vary|rename|word|place|with)$/ { next }

$1 ~ /^(id|title|stars|points|kind|replaces|suites|forbid)$/ {
	if ($1 in value && $1 != "forbid")
		complain($1 " is given twice")
	value[$1] = rest(2)
	next
}

{ complain("what is this? " $1) }

END {
	if (want == "table") {
		print "#include \"suite.h\"\n"
		for (i = 1; i <= rows; i++)
			if (!declared[body[i]]++)
				print "void " body[i] "(void);"
		print "\nconst struct suite_check suite_checks[] = {"
		for (i = 1; i <= rows; i++)
			printf "\t{ \"%s\", %s },\n", label[i], body[i]
		print "\t{ 0, 0 }\n};"
	}
	if (want != "lint")
		exit
	split("id title stars points kind replaces", needed, " ")
	for (i in needed)
		if (!(needed[i] in value))
			complain("it does not say: " needed[i])
	if (top != value["points"] * bottom)
		complain("the points of the checks are not " value["points"] \
		    " together: " top "/" bottom)
	if (!added && value["points"] != (value["stars"] == 1 ? 2 : \
	    value["stars"] == 2 ? 5 : value["stars"] == 3 ? 10 : 20))
		complain("points do not match the stars")
	for (i = 1; i <= count && !added; i++)
		if (rungs[listed[i]] != 2)
			complain("two hints, no more and no less: " listed[i])
	if (value["kind"] !~ /^[PFIKM]$/)
		complain("a kind is P, F, I, K or M")
	exit complaints > 0
}

# SPDX-License-Identifier: MIT
#
# rules.awk - the rules of a variant, for vary.awk
#
# usage: awk -f rules.awk CHOICES MANIFEST
#
# CHOICES, by tabs: vary, rename or word; the parameter's name; what the
# project has; what was chosen. A place of the manifest becomes a rule with the
# text as it is and as it is to be: in it {N} is the value of N, {N+1} and
# {N-1} are its neighbours, {N:word} and {N:th} are four and fourth. A line
# with PARENT N has a value of N for each of PARENT's, in which ~ is a space.

BEGIN {
	split("one two three four five six seven eight nine ten eleven " \
	    "twelve", words, " ")
	split("first second third fourth fifth sixth seventh eighth ninth " \
	    "tenth eleventh twelfth", ordinals, " ")
}

NR == FNR {
	split($0, part, "\t")
	if (part[1] == "vary") {
		first[part[2]] = part[3]
		chosen[part[2]] = part[4]
	} else
		print part[1] "\t" part[2] "\t" part[4]
	next
}

function complain(text)
{
	printf "vary: %s:%d: %s\n", FILENAME, FNR, text > "/dev/stderr"
	faults++
}

function spaced(text)
{
	gsub(/~/, " ", text)
	return text
}

# What {inside} is when the parameters have these values.
function value_of(inside, values,	name, how)
{
	name = inside
	sub(/[-+:*].*$/, "", name)
	how = substr(inside, length(name) + 1)
	if (!(name in values)) {
		complain("no such parameter: " name)
		return ""
	}
	if (how == "")
		return values[name]
	if (how == ":word" && values[name] in words)
		return words[values[name]]
	if (how == ":th" && values[name] in ordinals)
		return ordinals[values[name]]
	if (how ~ /^[-+][0-9]+$/)
		return values[name] + how
	if (how ~ /^\*[0-9]+$/)
		return values[name] * substr(how, 2)
	complain("what is " how " of " name "?")
	return ""
}

function filled(text, values,	done, inside)
{
	while (match(text, /\{[A-Z][A-Z0-9_]*[^{} ]*\}/)) {
		inside = substr(text, RSTART + 1, RLENGTH - 2)
		done = done substr(text, 1, RSTART - 1) \
		    value_of(inside, values)
		text = substr(text, RSTART + RLENGTH)
	}
	return done text
}

# What goes with a value that is chosen: the same in its own line.
$1 == "vary" {
	for (i = 3; i <= NF; i++)
		if ($i == chosen[$2])
			number[$2] = i - 2
	next
}

$1 == "with" {
	if (!($2 in number) || $(number[$2] + 3) == "")
		complain("nothing goes with " $2 ": " $3)
	first[$3] = spaced($4)
	chosen[$3] = spaced($(number[$2] + 3))
	next
}

$1 == "place" {
	text = $0
	sub(/^place[ \t]+[^ \t]+[ \t]+/, "", text)
	print "place\t" $2 "\t" filled(text, first) "\t" filled(text, chosen)
}

END { exit faults > 0 }

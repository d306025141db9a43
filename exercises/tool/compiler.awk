# SPDX-License-Identifier: MIT
#
# compiler.awk - the compiler's or linker's first complaint, in plain words
#
# usage: LC_ALL=C cc ... 2>&1 | awk -f compiler.awk

# What stands between the first two quotes.
function quoted(text)
{
	if (!match(text, /[`'"][^`'"]*['"]/))
		return ""
	return substr(text, RSTART + 1, RLENGTH - 2)
}

function say(text)
{
	if (!said)
		print text
	said = 1
}

function place(	part)
{
	split($0, part, ":")
	sub(/.*\//, "", part[1])
	return part[1] ", line " part[2]
}

/undefined reference to/ {
	name = $0
	sub(/.*undefined reference to/, "", name)
	say("it defines no function or variable called " quoted(name) \
	    ", which is needed")
}

/multiple definition of/ {
	name = $0
	sub(/.*multiple definition of/, "", name)
	say(quoted(name) " is defined twice: here and in what it is linked with")
}

/out of memory|virtual memory exhausted|CPU time limit|File size limit|Killed signal/ {
	say("compiling it takes more than the compiler may use: two " \
	    "minutes, 4 GiB of memory, a file of 64 MiB")
}

/ error: | fatal error: / {
	what = $0
	sub(/.* error: /, "", what)
	name = quoted(what)
	sub(/ \[-W[^]]*\]$/, "", what)
	if (what ~ /^expected ';'/)
		what = "a semicolon is missing"
	else if (what ~ /undeclared|implicit declaration/)
		what = "the name " name " is not declared"
	else if (what ~ /unused (variable|parameter|function)|defined but not used/)
		what = name " is defined but not used"
	else if (what ~ /No such file/)
		what = "it includes a file that is not there: " what
	say(place() ": " what)
}

END {
	if (!said)
		print "the compiler gave up"
}

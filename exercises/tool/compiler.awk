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

# Ended by somebody else: that is no fault of the answer's; see stages_build.sh.
/^[^:]*: [a-z ]*error: .*Killed/ {
	say("the compiler was killed: the machine has too little memory")
}

/out of memory|virtual memory exhausted|Cannot allocate memory/ {
	say("compiling it takes more than 1 GiB of memory, which is all that " \
	    "the compiler may use")
}

/CPU time limit/ {
	say("compiling it takes more than two minutes of processor time, " \
	    "which is all that the compiler may use")
}

/File size limit/ {
	say("compiling it makes a file of more than 64 MiB, which is all that " \
	    "the compiler may write")
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

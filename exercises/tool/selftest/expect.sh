# SPDX-License-Identifier: MIT
#
# expect.sh - counts what a test expects, and what is not so
#
# Sourced by a script that has set suite, its name, and scratch, a folder. At
# its end, tests and faults are how many there were.

tests=0
faults=0

# expect WORDS COMMAND...: the command must succeed; else what it said is shown.
expect()
{
	words=$1
	shift
	tests=$((tests + 1))
	"$@" > "$scratch/expect.said" 2>&1 && return
	echo "$suite: not so: $words"
	cut -c 1-160 "$scratch/expect.said" | sed 's/^/    /' | tail -n 20
	faults=$((faults + 1))
}

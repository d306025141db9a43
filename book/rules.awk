# SPDX-License-Identifier: MIT
#
# rules.awk - which test verifies which rule, and did it pass?
#
# usage: awk -f book/rules.awk tests/rules.md tests/test_*.c results/*.tap
#
# Reads the table of rules (| ID | Rule | ... | reason |), the comment on the
# first line of each test's body ({ /* WORK-11, WORK-12 */) and the results
# that the tests wrote (ok 3 - suite:case:name: Passed), in this order.
# Writes one line per rule, fields separated by tabs:
#
#	ID  statement  state  reason  tests
#
# state is passed, failed, unrun (there is a test but no result), reason (no
# test, but the table says why) or untested.  tests is a list, separated by
# blanks, of file:line:name.

function trim(s)
{
	gsub(/^[ \t]+|[ \t]+$/, "", s)
	return s
}

FILENAME ~ /\.md$/ && /^\| *[A-Z]+-[0-9]+ *\|/ {
	gsub(/\\\|/, "\001")
	n = split($0, cell, "|")
	for (i = 1; i <= n; i++) {
		cell[i] = trim(cell[i])
		gsub(/\001/, "|", cell[i])
	}
	id = cell[2]
	if (id in statement) {
		printf "%s:%d: rule %s stands in the table twice\n" \
		    "    remedy: give one of the two another number\n",
		    FILENAME, FNR, id > "/dev/stderr"
		bad = 1
	}
	statement[id] = cell[3]
	reason[id] = n > 4 ? cell[n - 1] : ""
	order[++rules] = id
}

FILENAME ~ /\.c$/ && match($0, /^START_TEST\([A-Za-z0-9_]+\)/) {
	name = substr($0, 12, RLENGTH - 12)
	start = FNR
	next
}

FILENAME ~ /\.c$/ && name != "" && FNR == start + 1 {
	suite = FILENAME
	gsub(/.*test_|\.c$/, "", suite)
	while (match($0, /[A-Z]+-[0-9]+/)) {
		id = substr($0, RSTART, RLENGTH)
		$0 = substr($0, RSTART + RLENGTH)
		tests[id] = tests[id] (id in tests ? " " : "") \
		    FILENAME ":" start ":" name
		key[id, ++count[id]] = suite SUBSEP name
		if (!(id in statement)) {
			printf "%s:%d: %s verifies %s, which is no rule\n" \
			    "    remedy: add the rule to tests/rules.md, " \
			    "or mend the number\n",
			    FILENAME, FNR, name, id > "/dev/stderr"
			bad = 1
		}
	}
	name = ""
}

FILENAME ~ /\.tap$/ && /^(not )?ok / {
	suite = FILENAME
	gsub(/.*\/|\.tap$/, "", suite)
	split($0, part, ":")
	ran[suite, part[3]] = 1
	if (/^not /)
		failed[suite, part[3]] = 1
}

function state(id,	i, result)
{
	if (!count[id])
		return reason[id] ~ /[A-Za-z]/ ? "reason" : "untested"
	result = "passed"
	for (i = 1; i <= count[id]; i++) {
		if (key[id, i] in failed)
			return "failed"
		if (!(key[id, i] in ran))
			result = "unrun"
	}
	return result
}

END {
	for (i = 1; i <= rules; i++) {
		id = order[i]
		printf "%s\t%s\t%s\t%s\t%s\n", id, statement[id], state(id),
		    reason[id], tests[id]
	}
	exit bad
}

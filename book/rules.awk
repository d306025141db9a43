# SPDX-License-Identifier: MIT
#
# rules.awk - does each rule hold in this build?
#
# usage: awk -f book/rules.awk tests/test_*.c build/results/*.tap rules.tsv
#
# The last file comes from tests/rules.sh --tsv: which test verifies which rule.
# The results say which tests passed (ok 3 - suite:case:name: Passed).  Writes
# one line per rule, fields separated by tabs:
#
#	ID  statement  state  reason  tests
#
# state is passed, failed, unrun (there is a test but no result), reason (no
# test, but the table says why) or untested.  tests is a list, separated by
# blanks, of file:line:name.

FILENAME ~ /\.c$/ && match($0, /^START_TEST\([A-Za-z0-9_]+\)/) {
	suite = FILENAME
	sub(/.*\//, "", suite)
	name = substr($0, 12, RLENGTH - 12)
	place[suite ":" name] = FILENAME ":" FNR ":" name
}

FILENAME ~ /\.tap$/ && /^(not )?ok / {
	suite = FILENAME
	gsub(/.*\/|\.tap$/, "", suite)
	split($0, part, ":")
	test = "test_" suite ".c:" part[3]
	if (/^not / || result[test] == "failed")
		result[test] = "failed"
	else
		result[test] = "passed"
}

FILENAME ~ /\.tsv$/ {
	split($0, field, "\t")
	n = split(field[6], test_of, ",")
	state = n ? "passed" : field[5] ~ /^(due|not)/ ? "reason" : "untested"
	places = ""
	for (i = 1; i <= n; i++) {
		test = test_of[i]
		places = places (i > 1 ? " " : "") place[test]
		if (result[test] == "failed")
			state = "failed"
		else if (result[test] == "" && state != "failed")
			state = "unrun"
	}
	printf "%s\t%s\t%s\t%s\t%s\n", field[1], field[3], state, field[5],
	    places
}

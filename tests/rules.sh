#!/bin/sh
# SPDX-License-Identifier: MIT
# rules.sh - which test stands behind which rule
#
# rules.md says what the pool promises; a test names the rules that it
# verifies in the comment on the first line of its body:
#
#	START_TEST(cancelling_never_interrupts_a_callback)
#	{	/* WORK-12 */
#
# This script puts the two together. With port-defined in the comment a
# test says that it shows this pool's own choice and no fact about Windows.
#
# A test is "explored" if the explorer has tried its schedules, and else
# "native"; a rule is explored if one of its tests is.
#
#	rules.sh [DIR [RESULTS [EXPLORED]]]
#				every rule with its tests or its state
#	rules.sh --tsv [DIR]		the same for programs, a line a rule:
#		ID, chapter, statement, evidence, state, FILE:TEST,...
#	rules.sh --self-test		break a copy in every way; it must object
#
# DIR holds rules.md and test_*.c (this script's own folder, if not given);
# RESULTS holds the TAP files of the last run, if there was one; EXPLORED is
# what the explorer wrote (explore/run.sh). Anything wrong is said on standard
# error, with file and line, and the exit status is 1. Only --tsv lets a rule
# without test and state pass: what reads it asks for the tests of the rules
# that it quotes.

set -u
here=$(dirname "$0")

# The numbers of the chapters beside DIR that are written: nothing can be
# due with one of them any more.
written_chapters()
{
	for chapter in "$1"/../chapters/[0-9][0-9]-*/chapter.md; do
		[ ! -f "$chapter" ] || ! grep -q "^## " "$chapter" || {
			chapter=${chapter%/*}
			chapter=${chapter##*/}
			printf "%s " "${chapter%%-*}"
		}
	done
}

# report MODE DIR RESULTS EXPLORED - join table, tests and results.
report()
{
	written=$(written_chapters "$2")
	set -- "$1" "$2/rules.md" "$2"/test_*.c "$3"/*.tap "$4"
	mode=$1
	shift
	for file do
		shift
		[ ! -f "$file" ] || set -- "$@" "$file"
	done
	[ $# -gt 0 ] || { echo "rules.sh: no rules.md" >&2; return 1; }
	awk -v mode="$mode" -v written="$written" '
	function object(line, text) {
		printf "%s:%d: %s\n", FILENAME, line, text | "cat >&2"
		bad++
	}

	function trim(s) {
		gsub(/^[ \t]+|[ \t]+$/, "", s)
		return s
	}

	# The table. A chapter says in its heading which rules it has, and
	# they stand in that order: none can get lost or appear twice.
	function heading(  f, n) {
		finish_chapter()
		n = split($0, f, / /)
		chapter = trim(substr($0, 4, index($0, ":") - 4))
		prefix = f[n]
		sub(/-[0-9]+$/, "", prefix)
		last = substr(f[n], length(prefix) + 2) + 0
		next_number = 1
		if ($0 !~ /: [A-Z]+-01 to [A-Z]+-[0-9][0-9]$/)
			object(FNR, "a heading reads \"## Title: ABC-01 to" \
			    " ABC-nn\"")
	}

	function finish_chapter() {
		if (prefix != "" && next_number != last + 1)
			object(heading_line, sprintf("%s-%02d is missing",
			    prefix, next_number))
	}

	function row(  f, n, id) {
		n = split($0, f, /\|/)
		id = trim(f[2])
		if (n != 6 || id !~ /^[A-Z]+-[0-9][0-9]$/) {
			object(FNR, "a row has an ID, a rule, an evidence and" \
			    " a state: " $0)
			return
		}
		if (id in statement) {
			object(FNR, id " stands in the table twice, first in" \
			    " line " line_of[id])
			return
		}
		if (id != sprintf("%s-%02d", prefix, next_number))
			object(FNR, sprintf("%s stands where %s-%02d is" \
			    " expected", id, prefix, next_number))
		next_number = substr(id, length(prefix) + 2) + 1
		order[++rules] = id
		line_of[id] = FNR
		chapter_of[id] = chapter
		statement[id] = trim(f[3])
		evidence[id] = trim(f[4])
		state[id] = trim(f[5])
		port[id] = evidence[id] ~ /, port-defined$/
		if (statement[id] !~ /^[A-Z`].*[.]$/)
			object(FNR, id ": a rule is a sentence")
		if (evidence[id] !~ ("^(tested on Windows|documented|seen in" \
		    " one implementation|reported|inferred)" \
		    "(, disputed)?(, port-defined)?$"))
			object(FNR, id ": unknown evidence \"" evidence[id] "\"")
		if (state[id] !~ ("^((half )?due with chapter [0-9][0-9]|" \
		    "not testable: .+)?$"))
			object(FNR, id ": unknown state \"" state[id] "\"")
		if (match(state[id], /due with chapter [0-9][0-9]/) &&
		    mode != "--tsv" && index(" " written, " " \
		    substr(state[id], RSTART + 17, 2) " "))
			object(FNR, id " is " state[id] ", which is there")
	}

	FILENAME ~ /rules\.md$/ {
		if (/^## /) {
			heading()
			heading_line = FNR
		} else if (/^\|/ && prefix != "" &&
		    !/^\| ID \| Rule \| Evidence \| State \|$/ &&
		    !/^\|---\|---\|---\|---\|$/)
			row()
		if (/^The table has [0-9]+ rules\.$/)
			total = $4
		table = FILENAME
		next
	}

	# The results of the last run, in NAME.tap for test_NAME.c:
	# "ok 3 - SUITE:CASE:TEST: Passed".
	FILENAME ~ /\.tap$/ {
		if (/^(not )?ok [0-9]+ - [^:]+:[^:]+:[^:]+:/) {
			split($0, tap, ":")
			test = FILENAME
			gsub(/.*\/|\.tap$/, "", test)
			test = "test_" test ".c:" tap[3]
			if (result[test] != "FAILED")
				result[test] = /^ok/ ? "passed" : "FAILED"
			have_results = 1
		}
		next
	}

	# What the explorer says: SUITE, case, TEST, executions, verdict, text.
	FILENAME ~ /\.tsv$/ {
		n = split($0, found, "\t")
		if (n < 5 || found[4] !~ /^[0-9]+$/) {
			object(FNR, "this is no line of the explorer: " $0)
			next
		}
		test = "test_" found[1] ".c:" found[3]
		if (found[5] == "native")
			explored[test] = "native"
		else if (found[5] == "pass")
			explored[test] = "explored"
		else
			explored[test] = "explored: " found[5]
		have_explored = 1
		next
	}

	# The tests: the line after START_TEST begins the body, and its
	# comment, if there is one, ends on it.
	FNR == 1 {
		file = FILENAME
		sub(/.*\//, "", file)
		expect = 0
	}

	/^START_TEST/ {
		if (!/^START_TEST\([A-Za-z_0-9]+\)[ \t]*$/)
			object(FNR, "START_TEST(name) stands alone in its line")
		name = $0
		gsub(/^START_TEST\(|\).*$/, "", name)
		name = file ":" name
		tests++
		expect = 1
		next
	}

	expect {
		expect = 0
		if (/^\{[ \t]*\/\*.*\*\//)
			cite(substr($0, 1, index($0, "*/")))
		else if (/[A-Z]+-[0-9]+/)
			object(FNR, name " names its rules in a comment that" \
			    " begins and ends on the line of the brace")
	}

	function cite(comment,  marked, wants, named, id) {
		marked = comment ~ /port-defined/
		while (match(comment, /[A-Z]+-[0-9]+/)) {
			id = substr(comment, RSTART, RLENGTH)
			comment = substr(comment, RSTART + RLENGTH)
			if (!(id in statement)) {
				object(FNR, name " names an unknown rule, " id)
				continue
			}
			named++
			if (port[id])
				wants = id
			if (!((id, name) in cited))
				tests_of[id] = tests_of[id] \
				    (tests_of[id] == "" ? "" : ",") name
			cited[id, name] = 1
			some = id
		}
		if (named)
			naming++
		if (marked && wants == "")
			object(FNR, name " says port-defined, but " \
			    (named ? some " is not" : "names no rule"))
		if (!marked && wants != "")
			object(FNR, name " must say port-defined, as " \
			    wants " is")
	}

	# How many of these tests, by commas, are explored?
	function explored_among(list,  n, t, i, sum) {
		n = split(list, t, ",")
		for (i = 1; i <= n; i++)
			sum += explored[t[i]] ~ /^explored/
		return sum + 0
	}

	function print_rule(id,  text, n, t, i) {
		if (mode == "--tsv") {
			printf "%s\t%s\t%s\t%s\t%s\t%s\n", id, chapter_of[id],
			    statement[id], evidence[id], state[id], tests_of[id]
			return
		}
		if (chapter_of[id] != shown)
			printf "%s%s\n\n", shown == "" ? "" : "\n",
			    shown = chapter_of[id]
		text = statement[id]
		gsub(/`/, "", text)
		printf "%-9s  %s [%s]\n", id, text, evidence[id]
		n = split(tests_of[id], t, ",")
		for (i = 1; i <= n; i++)
			printf "%-9s    %s%s%s\n", "", t[i], outcome(t[i]),
			    how(t[i])
		if (state[id] != "" && (n == 0 || state[id] !~ /^due/))
			printf "%-9s    %s\n", "", state[id]
	}

	function outcome(test) {
		if (!have_results)
			return ""
		return (test in result) ? ": " result[test] : ": not run"
	}

	function how(test) {
		if (!have_explored)
			return ""
		return ", " ((test in explored) ? explored[test] : "native")
	}

	function settle(id) {
		if (tests_of[id] != "") {
			tested++
			if (explored_among(tests_of[id]))
				rules_explored++
			if (state[id] ~ /^half/)
				half++
			if (state[id] ~ /^not testable/)
				object(line_of[id], id " has a test and claims" \
				    " that it is not testable: " tests_of[id])
		} else if (state[id] ~ /^due/)
			due++
		else if (state[id] ~ /^not/)
			untestable++
		else {
			missing++
			if (mode != "--tsv")
				object(line_of[id], id " has neither a test" \
				    " nor a reason to have none")
		}
	}

	END {
		FILENAME = table
		finish_chapter()
		if (rules != total && mode != "--tsv")
			object(1, "the table has " rules " rules, and says " \
			    (total == "" ? "nothing" : total))
		if (rules == 0)
			object(1, "no rules")
		for (i = 1; i <= rules; i++) {
			print_rule(order[i])
			settle(order[i])
		}
		if (mode != "--tsv") {
			printf "\n%d rules: %d tested (%d of them by half)," \
			    " %d due with a later chapter, %d not testable," \
			    " %d with nothing.\n", rules, tested, half, due,
			    untestable, missing
			printf "%d tests: %d name rules, %d name none.\n",
			    tests, naming, tests - naming
			if (have_explored)
				printf "%d of the tested rules are explored," \
				    " %d natively only.\n", rules_explored,
				    tested - rules_explored
		}
		close("cat >&2")
		exit bad > 0
	}' "$@"
}

# A sabotage changes the scratch copy; report must then fail and say why.
sabotaged=0
failed=0

# expect_objection WORDS - run on $scratch/broken, which sabotage changed.
expect_objection()
{
	sabotaged=$((sabotaged + 1))
	if report --print "$scratch/broken" "$scratch/none" \
	    "$scratch/broken/explored.tsv" \
	    >"$scratch/out" 2>"$scratch/err"; then
		echo "rules.sh: not noticed: $1" >&2
		failed=1
	elif ! grep -q -- "$1" "$scratch/err"; then
		echo "rules.sh: expected \"$1\", but it says:" >&2
		cat "$scratch/err" >&2
		failed=1
	fi
}

# printed WORDS - a line of the report reads so.
printed()
{
	sabotaged=$((sabotaged + 1))
	grep -qx -- "$1" "$scratch/out" || {
		echo "rules.sh: not printed: $1" >&2
		failed=1
	}
}

# Of WORK-05 and -06 one test is explored, one failed, one cannot be, and all
# others were not tried; before, no test was said to be either.
expect_explored()
{
	if grep -q 'explored\|native' "$scratch/out"; then
		echo "rules.sh: tells of the explorer what it cannot know" >&2
		failed=1
	fi
	printf 'all\tsmall\tWORK_%s_holds\t150\t%s\t\n' 05 pass \
	    06 deadlock 07 native >"$scratch/explored.tsv"
	report --print "$scratch/whole" "$scratch/none" \
	    "$scratch/explored.tsv" >"$scratch/out"
	printed ' *test_all.c:WORK_05_holds, explored'
	printed ' *test_all.c:WORK_06_holds, explored: deadlock'
	printed ' *test_all.c:WORK_07_holds, native'
	printed ' *test_all.c:WORK_08_holds, native'
	printed '2 of the tested rules are explored, [0-9]* natively only\.'
	cp "$scratch/whole/"* "$scratch/broken"
	echo 'all	small	WORK_05_holds' >"$scratch/broken/explored.tsv"
	expect_objection 'no line of the explorer'
	rm "$scratch/broken/explored.tsv"
}

# break_table AWK WORDS - change rules.md by an awk program.
break_table()
{
	cp "$scratch/whole/"* "$scratch/broken"
	awk "$1" "$scratch/whole/rules.md" >"$scratch/broken/rules.md"
	expect_objection "$2"
}

# break_tests AWK WORDS - change the tests by an awk program.
break_tests()
{
	cp "$scratch/whole/"* "$scratch/broken"
	awk "$1" "$scratch/whole/test_all.c" >"$scratch/broken/test_all.c"
	expect_objection "$2"
}

# A test for each rule of the real table that needs one, and for WAIT-08.
make_tests()
{
	awk -F'|' '
	/^\| [A-Z]+-[0-9]+ / && ($5 ~ /^ *$/ || $5 ~ /half/ || /WAIT-08/) {
		gsub(/ /, "", $2)
		id = name = $2
		sub(/-/, "_", name)
		printf "START_TEST(%s_holds)\n{\t/* %s%s */\n}\nEND_TEST\n\n",
		    name, id, /port-defined/ ? ", port-defined" : ""
	}' "$here/rules.md"
}

self_test()
{
	scratch=$(mktemp -d) || return 1
	trap 'rm -rf "$scratch"' EXIT
	mkdir "$scratch/whole" "$scratch/broken"
	cp "$here/rules.md" "$scratch/whole"
	make_tests >"$scratch/whole/test_all.c"
	if ! report --print "$scratch/whole" "$scratch/none" \
	    "$scratch/none" >"$scratch/out"; then
		echo "rules.sh: the whole copy does not pass" >&2
		return 1
	fi
	expect_explored

	mkdir -p "$scratch/chapters/98-planned" "$scratch/chapters/99-there"
	echo "# A title" >"$scratch/chapters/98-planned/chapter.md"
	printf "# A title\n\n## A section\n" >\
	    "$scratch/chapters/99-there/chapter.md"
	break_table '{ if (/^\| WORK-05 /) sub(/\| \|$/,
	    "| half due with chapter 99 |"); print }' \
	    'WORK-05 is half due with chapter 99, which is there'
	break_table '{ if (/^\| WORK-05 /) sub(/\| \|$/,
	    "| due with chapter 98 |"); sub(/has 337 rules/, "has 336 rules");
	    print }' 'the table has 337 rules, and says 336'
	if grep -q "is due with" "$scratch/err"; then
		echo "rules.sh: chapter 98 is not there" >&2
		failed=1
	fi
	break_table '!/^The table has/' '337 rules, and says nothing'
	break_table '{ print } /^\| WORK-05 /' 'WORK-05 stands in the table twice'
	break_table '{ print } /^\| WORK-05 / { sub(/05/, "04"); print }' \
	    'WORK-04 stands in the table twice'
	break_table '!/^\| WORK-05 /' 'WORK-06 stands where WORK-05'
	break_table '!/^\| DIAG-24 /' 'DIAG-24 is missing'
	break_table '!/^\| WORK-27 /' 'WORK-27 is missing'
	break_table '{ sub(/^\| WORK-05 /, "| WORK-5 "); print }' 'a row has'
	break_table '{ if (/^\| WORK-05 /) sub(/\./, ". |"); print }' 'a row has'
	break_table '/^## Work/ { $0 = "## Work" } { print }' 'a heading reads'
	break_table '{ if (/^\| WORK-05 /) sub(/documented/, "sure"); print }' \
	    'unknown evidence "sure"'
	break_table '{ if (/^\| WORK-05 /) sub(/\| \|$/, "| later |"); print }' \
	    'unknown state "later"'
	break_table '{ if (/^\| WORK-05 /) sub(/\./, ""); print }' \
	    'WORK-05: a rule is a sentence'
	break_table '{ if (/^\| WORK-05 /) sub(/\| \|$/,
	    "| not testable: too dull |"); print }' \
	    'WORK-05 has a test and claims'
	break_table '{ if (/^\| WORK-13 /) sub(/, port-def[a-z]*/, ""); print }' \
	    'says port-defined, but WORK-13 is not'
	break_table '/^# /' 'no rules'

	break_tests '{ sub(/WORK-05/, "WORK-55"); print }' \
	    'names an unknown rule, WORK-55'
	break_tests '{ sub(/WORK-05/, "WROK-05"); print }' \
	    'names an unknown rule, WROK-05'
	break_tests '{ sub(/WORK-05 /, ""); print }' 'WORK-05 has neither'
	break_tests '{ sub(/WORK-20 /, ""); print }' 'WORK-20 has neither'
	break_tests '{ sub(/\t\/\* WORK-05 /, "\n&"); print }' \
	    'WORK-05 has neither'
	break_tests '{ sub(/WORK-05 /, "WORK-05,\n\t * WORK-06 "); print }' \
	    'WORK_05_holds names its rules in a comment that'
	break_tests '{ sub(/WORK-05/, "&, port-defined"); print }' \
	    'says port-defined, but WORK-05 is not'
	break_tests '{ sub(/WORK-05/, "port-defined"); print }' \
	    'says port-defined, but names no rule'
	break_tests '{ sub(/WORK-13, port-defined/, "WORK-13"); print }' \
	    'must say port-defined, as WORK-13 is'
	break_tests '{ sub(/WAIT-08, port-defined/, "WAIT-08"); print }' \
	    'must say port-defined, as WAIT-08 is'
	break_tests '{ sub(/WORK_05_holds[)]/, "& {"); print }' \
	    'stands alone in its line'
	[ $failed = 0 ] && echo "rules.sh: $sabotaged trials, all noticed"
	return $failed
}

case ${1-} in
--self-test)
	self_test ;;
--tsv)
	report --tsv "${2-$here}" "${3-$here/../build/results}" none ;;
-*)
	sed -n '/^#	rules.sh/,/^$/s/^# \{0,1\}//p' "$0" >&2
	exit 2 ;;
*)
	report --print "${1-$here}" "${2-$here/../build/results}" \
	    "${3-$here/../build/explore/results.tsv}" ;;
esac

#!/bin/sh
# SPDX-License-Identifier: MIT
# sources.sh - what answers which section of the five documents
#
# The project began with five documents about the thread pool. The appendix
# "Sources and errata" (chapters/appendix-sources/chapter.md) has two kinds of
# table: errata, which say where a document is wrong and what shows it; and
# the sections of each document, with what answers them: rules, errata and
# files. The appendix "Differences" names what this pool does otherwise than
# Windows. This script holds both against what there is:
#
#	errata are numbered without a gap; each has a verdict, and something
#	that shows it: a test, a rule, a file, or a section of the page;
#	sections are numbered as their heading says, and each is answered;
#	every rule, test and file that is named exists, on both pages;
#	every erratum answers a section of each document that it is about;
#	every disputed rule is spoken of by an erratum;
#	"Differences" names every port-defined rule, and links to every file
#	with a comment that says "Differs:".
#
#	sources.sh [ROOT]		every section with its answers
#	sources.sh --self-test		break a copy in every way; it must object
#
# ROOT is the project's folder. Anything wrong is said on standard error, with
# file and line, and the exit status is 1.

set -u
here=$(cd "$(dirname "$0")/.." && pwd)

# gather ROOT OUT - what there is: rules, tests, files, and who differs.
gather()
{
	sh "$1/tests/rules.sh" --tsv "$1/tests" >"$2/rules" || return
	(
		cd "$1" || exit
		grep '^START_TEST(' tests/test_*.c |
			sed 's/:START_TEST(/ /; s/).*//' >"$2/tests"
		find Makefile README.md book chapters exercises ref tests \
			-type f >"$2/files"
		grep -l 'Differs:' ref/*.[ch] ref/compat/*.[ch] \
			chapters/*/*.[ch] >"$2/differs"
	)
}

# report FACTS PAGES - hold the two pages, in the folder PAGES, against FACTS.
report()
{
	awk '
	function object(text) {
		printf "%s:%d: %s\n", where, FNR, text | "cat >&2"
		bad++
	}

	function trim(s) {
		gsub(/^[ \t]+|[ \t]+$/, "", s)
		return s
	}

	# A link of the page as a path from the project folder.
	function path_of(link) {
		sub(/^[^(]*\(/, "", link)
		sub(/[#)].*$/, "", link)
		if (link ~ /^\.\.\/\.\.\//)
			return substr(link, 7)
		return "chapters/" substr(link, 4)
	}

	# The rule, test or file that a word of the page names.
	function check_name(word,  path, name) {
		if (word ~ /^[A-Z]+-[0-9]+$/) {
			if (!(word in rule))
				object("there is no rule " word)
			else if (!(word in named)) {
				named[word] = 1
				rules_named++
			}
			if (rule[word] ~ /due/)
				return word " (" rule[word] ")"
			return word
		}
		if (word !~ /^\[[^]]+\]\(\.\.\/[^)]+\)$/) {
			object("neither rule, nor erratum, nor link: " word)
			return word
		}
		path = path_of(word)
		name = word
		gsub(/^\[`?|`?\].*$/, "", name)
		if (!(path in file))
			object("there is no file " path)
		else if (path ~ /^tests\/test_/ && name ~ /^[A-Za-z_0-9]+$/ &&
		    !((path, name) in test))
			object("there is no test " name " in " path)
		else if (!(path in named)) {
			named[path] = 1
			files_named++
		}
		return path ~ /^tests\/test_/ ? name : path
	}

	# The rules that a text speaks of; in judged, if it judges them.
	function check_rules(text, judges,  word, name) {
		while (match(text, /[A-Z]+-[0-9]+/)) {
			word = substr(text, RSTART, RLENGTH)
			text = substr(text, RSTART + RLENGTH)
			name = word
			sub(/-.*/, "", name)
			if (name in kind_of_rule && !(word in rule))
				object("there is no rule " word)
			if (judges)
				judged[word] = 1
		}
	}

	# ---- Errata ----

	function erratum(  cell, n, i, word, id) {
		n = split($0, cell, /\|/)
		id = trim(cell[2])
		if (n != 7 || id !~ /^ERR-[0-9][0-9]+$/) {
			object("an erratum has a number, a source, what it" \
			    " says, what holds, and what shows it: " $0)
			return
		}
		if (id != sprintf("ERR-%02d", ++errata))
			object(id " stands where " sprintf("ERR-%02d", errata) \
			    " is expected")
		errata = substr(id, 5) + 0
		check_rules(cell[4] cell[5], 1)
		about[id] = trim(cell[3])
		line_of[id] = FNR
		n = split(about[id], word, /, /)
		for (i = 1; i <= n; i++)
			if (word[i] !~ /^([CTKER]|others)$/)
				object(id " is about no source: " word[i])
		if (trim(cell[5]) !~ \
		    /^(Wrong|Outdated|Disputed|Incomplete|A slip): ./)
			object(id " has no verdict")
		if (trim(cell[6]) == "")
			object("nothing shows " id)
		n = split(trim(cell[6]), word, /, /)
		for (i = 1; i <= n; i++)
			if (word[i] ~ /^\[[^]]+\]\(#[^)]+\)$/) {
				sub(/^.*\(#/, "", word[i])
				sub(/\)$/, "", word[i])
				place[word[i]] = FNR
			} else {
				check_name(word[i])
				judged[word[i]] = 1
				if (word[i] in untested)
					object("no test stands behind " word[i])
			}
	}

	# ---- Sections ----

	function heading(  n, f) {
		finish_document()
		n = split($0, f, / /)
		source = substr(f[n], 1, 1)
		last = substr(f[n], 3) + 0
		next_number = 1
		heading_line = FNR
		if ($0 !~ /: [CTKER]-01 to [CTKER]-[0-9][0-9]$/)
			object("a heading reads \"### Title: C-01 to C-nn\"")
		if (source in document)
			object("a second list of sections of " source)
		document[source] = 1
		documents++
		title = $0
		sub(/^### /, "", title)
		sub(/:.*/, "", title)
		printf "%s%s\n\n", (documents > 1 ? "\n" : ""), title
	}

	function finish_document() {
		if (source == "")
			return
		FNR = heading_line
		if (next_number != last + 1)
			object(sprintf("section %s-%02d is missing", source,
			    next_number))
		source = ""
	}

	function section(  cell, n, i, word, id, answer, list) {
		n = split($0, cell, /\|/)
		id = trim(cell[2])
		if (n != 5 || id !~ /^[CTKER]-[0-9][0-9]$/) {
			object("a section has a number, what it is about, and" \
			    " what answers it: " $0)
			return
		}
		if (id != sprintf("%s-%02d", source, next_number))
			object(id " stands where " sprintf("%s-%02d", source,
			    next_number) " is expected")
		next_number = substr(id, 3) + 1
		sections++
		if (trim(cell[4]) == "")
			object("nothing answers section " id)
		n = split(trim(cell[4]), word, /, /)
		for (i = 1; i <= n; i++) {
			answer = word[i]
			if (answer !~ /^ERR-[0-9]+$/)
				answer = check_name(answer)
			else if (!(answer in about))
				object("there is no erratum " answer)
			else if (index(", " about[answer] ", ",
			    ", " source ", ") == 0)
				object(answer " is not about source " source)
			else
				used[answer, source] = 1
			list = list (i > 1 ? ", " : "") answer
		}
		printf "%s  %s\n      %s\n", id, trim(cell[3]), list
	}

	function check_used(  i, n, id, letter, j) {
		for (i = 1; i <= errata; i++) {
			id = sprintf("ERR-%02d", i)
			FNR = line_of[id]
			n = split(about[id], letter, /, /)
			for (j = 1; j <= n; j++)
				if (letter[j] != "others" &&
				    !((id, letter[j]) in used))
					object(id " answers no section of" \
					    " source " letter[j])
		}
	}

	# A heading as a link names it.
	function note_heading(  name) {
		name = tolower($0)
		sub(/^#+ */, "", name)
		gsub(/[^a-z0-9 -]/, "", name)
		gsub(/ /, "-", name)
		section_of_page[name] = 1
	}

	# ---- The files, one after the other ----

	kind == "rules" {
		split($0, f, /\t/)
		rule[f[1]] = f[5]
		kind_of_rule[substr(f[1], 1, index(f[1], "-") - 1)] = 1
		if (f[6] == "" && f[5] !~ /^due/)
			untested[f[1]] = 1
		port[f[1]] = f[4] ~ /port-defined/
		disputed[f[1]] = f[4] ~ /disputed/
		next
	}
	kind == "tests" { test[$1, $2] = 1; next }
	kind == "files" { file[$1] = 1; next }
	kind == "differs" { differs[$1] = 1; next }

	FNR == 1 { where = FILENAME }

	kind == "sources" && /^## / { finish_document(); note_heading() }
	kind == "sources" && /^### .*: .*-/ { heading() }
	kind == "sources" && /^\|/ {
		if (/^\| Erratum \| Source \|/ || /^\| Section \|/)
			table = $2
		else if (/^\|---/)
			next
		else if (table == "Erratum")
			erratum()
		else if (table == "Section" && source != "")
			section()
		next
	}
	kind == "sources" { table = "" }

	kind == "differences" {
		check_rules($0)
		text = $0
		while (match(text, /[A-Z]+-[0-9]+|\]\(\.\.\/[^)]*\)/)) {
			word = substr(text, RSTART, RLENGTH)
			if (word ~ /^\]/) {
				word = path_of(word)
				if (!(word in file))
					object("there is no file " word)
			}
			said[word] = 1
			text = substr(text, RSTART + RLENGTH)
		}
		lines = FNR
	}

	END {
		where = sources
		finish_document()
		check_used()
		for (name in place) {
			FNR = place[name]
			if (!(name in section_of_page))
				object("the page has no section " name)
		}
		FNR = 1
		if (documents != 5)
			object("five documents are expected, not " documents + 0)
		if (errata == 0)
			object("there are no errata")
		for (id in disputed)
			if (disputed[id] && !(id in judged))
				object("no erratum speaks of " id \
				    ", which is disputed")
		where = differences
		FNR = lines
		for (id in port) {
			if (port[id] && !(id in said))
				object("it does not name " id \
				    ", which is port-defined")
			chosen += port[id]
			beyond += !(id in named)
		}
		for (path in differs) {
			if (!(path in said))
				object("it has no link to " path \
				    ", which says that it differs")
			differing++
		}
		printf "\n%d documents, %d sections, %d errata; %d rules and" \
		    " %d files are named.\n", documents, sections, errata,
		    rules_named, files_named
		printf "%d rules are about what no document says.\n", beyond
		printf "Differences: %d port-defined rules, %d files that" \
		    " say what differs.\n", chosen, differing
		close("cat >&2")
		exit bad > 0
	}' sources="$2/appendix-sources/chapter.md" \
	    differences="$2/appendix-differences/chapter.md" \
	    kind=rules "$1/rules" kind=tests "$1/tests" kind=files "$1/files" \
	    kind=differs "$1/differs" \
	    kind=sources "$2/appendix-sources/chapter.md" \
	    kind=differences "$2/appendix-differences/chapter.md"
}

# break_page PAGE AWK WORDS - change a page by an awk program; report must
# then fail and say so.
break_page()
{
	sabotaged=$((sabotaged + 1))
	for page in sources differences; do
		cp "$here/chapters/appendix-$page/chapter.md" \
			"$scratch/appendix-$page/chapter.md"
	done
	page=appendix-$1/chapter.md
	awk "$2" "$here/chapters/$page" >"$scratch/$page"
	if cmp -s "$here/chapters/$page" "$scratch/$page"; then
		echo "sources.sh: nothing was changed for: $3" >&2
		failed=1
	elif report "$scratch/facts" "$scratch" >/dev/null 2>"$scratch/err"
	then
		echo "sources.sh: not noticed: $3" >&2
		failed=1
	elif ! grep -q -- "$3" "$scratch/err"; then
		echo "sources.sh: expected \"$3\", but it says:" >&2
		cat "$scratch/err" >&2
		failed=1
	fi
}

self_test()
{
	sabotaged=0
	failed=0
	mkdir "$scratch/appendix-sources" "$scratch/appendix-differences"
	report "$scratch/facts" "$here/chapters" >/dev/null || return
	break_page sources '!/^\| ERR-02 /' 'ERR-03 stands where ERR-02'
	break_page sources '{ print } /^\| ERR-02 /' 'ERR-02 stands where ERR-03'
	break_page sources '/^\| ERR-02 / { sub(/ C, T/, " X, T") } { print }' \
	    'ERR-02 is about no source'
	break_page sources '/^\| ERR-02 / { sub(/Incomplete: /, "") } { print }' \
	    'ERR-02 has no verdict'
	break_page sources '/^\| ERR-02 / { sub(/\| [^|]*\|$/, "| |") } { print }' \
	    'nothing shows ERR-02'
	break_page sources '/^\| ERR-02 / { sub(/\| [^|]*\|$/,
	    "| [`none_such`](../../tests/test_work.c) |") } { print }' \
	    'no test none_such in tests/test_work.c'
	break_page sources '/^\| ERR-02 / { sub(/\| [^|]*\|$/,
	    "| [`a`](../../tests/test_none.c) |") } { print }' \
	    'no file tests/test_none.c'
	break_page sources '/^\| ERR-02 / { sub(/\| [^|]*\|$/, "| WORK-99 |") }
	    { print }' 'no rule WORK-99'
	break_page sources '/^\| ERR-02 / { sub(/\| [^|]*\|$/, "| WAIT-31 |") }
	    { print }' 'no test stands behind WAIT-31'
	break_page sources '/^\| ERR-02 / { sub(/ \(WORK-11\)/, " (WORK-98)") }
	    { print }' 'no rule WORK-98'
	break_page sources '/^\| ERR-02 / { sub(/\| [^|]*\|$/, "| [x](#no-where) |") }
	    { print }' 'no section no-where'
	break_page sources '/^\| ERR-02 / { sub(/\| [^|]*\|$/, "| it is clear |") }
	    { print }' 'neither rule, nor erratum, nor link: it is clear'
	break_page sources '{ gsub(/, ERR-02$|ERR-02, |, ERR-02/, ""); print }' \
	    'ERR-02 answers no section of source'
	break_page sources '/^\| ERR-/ { gsub(/WAIT-08/, "WAIT-07") } { print }' \
	    'no erratum speaks of WAIT-08, which is disputed'
	break_page sources '!/^\| K-05 /' 'K-06 stands where K-05'
	break_page sources '/^\| K-05 / { print "| K-05 | Empty | |"; next }
	    { print }' 'nothing answers section K-05'
	break_page sources '/^\| K-05 / { sub(/\| [^|]*\|$/, "| ERR-999 |") }
	    { print }' 'no erratum ERR-999'
	break_page sources '/^\| K-05 / { sub(/\| [^|]*\|$/,
	    "| [`x.c`](../01-work/none.c) |") } { print }' \
	    'no file chapters/01-work/none.c'
	break_page sources '/^### .*: R-01/ { sub(/R-[0-9]+$/, "R-77") } { print }' \
	    'section R-.* is missing'
	break_page sources '/^### .*: R-01/ { while (getline > 0) ; next }
	    { print }' 'five documents are expected, not 4'
	break_page sources '/^\| (ERR|[CTKER])-/ { next } { print }' 'no errata'
	break_page differences '{ gsub(/WORK-13/, "WORK-12"); print }' \
	    'does not name WORK-13, which is port-defined'
	break_page differences '{ sub(/WORK-13/, "&, WORK-98"); print }' \
	    'no rule WORK-98'
	break_page differences '{ sub(/ref\/factory\.c\)/, "ref/none.c)"); print }' \
	    'no file ref/none.c'
	break_page differences '{ gsub(/ref\/thread\.c/, "ref/sync.c"); print }' \
	    'no link to ref/thread.c'
	[ $failed = 0 ] && echo "sources.sh: $sabotaged trials, all noticed"
	return $failed
}

scratch=$(mktemp -d) || exit 1
trap 'rm -rf "$scratch"' EXIT
trap 'exit 1' HUP INT TERM
mkdir "$scratch/facts"

case ${1-} in
--self-test)
	gather "$here" "$scratch/facts" && self_test ;;
-*)
	sed -n '/^#	sources.sh/s/^# \{0,1\}//p' "$0" >&2
	exit 2 ;;
*)
	cd "${1-$here}" || exit
	gather . "$scratch/facts" && report "$scratch/facts" chapters ;;
esac

# SPDX-License-Identifier: MIT
#
# result.awk - makes a result of strings, for the test of the formats
#
# usage: awk -v id=H1 [-v error=1] -f result.awk STRINGS > RESULT.tsv
#
# Every string is the reason, the promise, the hint and the likeness of a
# check that fails, and all of them together are the title. Three checks more
# pass, for a third of a point each, and one is hidden. With error=1 the first
# of all is an error of the grader's own.

function item(stage, name, verdict, most, seen, traces, why)
{
	printf "item\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\n", stage, \
	    name, verdict, verdict == "error" ? "-" : verdict == "pass" ? \
	    most : 0, most, seen, traces, \
	    why == "" || seen == "hidden" ? "A promise." : why, why, why, why
}

{ text[NR] = $0 }

END {
	title = text[1]
	for (i = 2; i <= NR; i++)
		title = title " " text[i]
	printf "grader\t2\t12345\n"
	printf "exercise\t09 # SKIP \\# <&\"/%s\t%s\t%s\tI\t2\t%d\n", id, id, title, \
	    NR + 2
	none = "-\t-\t-"
	item("integrity", "integrity", "skip", 0, "visible", none, \
	    "no # git \\")
	item("build", "build", "pass", 0, "visible", none)
	item("contract", "first", error ? "error" : "pass", "1/3", \
	    "visible", none, error ? "the runner failed" : "")
	item("contract", "second", "pass", "1/3", "visible", none)
	item("contract", "third", "pass", "1/3", "visible", none)
	for (i = 1; i <= NR; i++)
		item("contract", "string_" i, i % 2 ? "fail" : "timeout", 1, \
		    "visible", none, text[i])
	item("schedules", "schedules", "fail", "1/2", "visible", \
	    "-\tA4B3A1\toutput/schedules-first.svg", "in first: nobody can go on")
	item("race", "race", "pass", "1/4", "visible", "497\t-\t-")
	item("memory", "memory", "fail", "1/4", "hidden", none, "SECRET")
	printf "total\t%s\t%d\t%s\n", error ? "-" : "1 1/4", NR + 2, \
	    error ? "error" : "graded"
}

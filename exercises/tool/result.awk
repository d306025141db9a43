# SPDX-License-Identifier: MIT
#
# result.awk - the internal record of one grading, which every format is
# rendered from
#
# usage: awk ... -v grader=VERSION -v seeds=CHECKSUM \
#		-f report.awk -f result.awk MANIFEST RECORDS
#
# A part of report.awk. Writes FOLDER/result.new: lines of fields by tabs,
# each line beginning with its kind. No field contains a tab, a newline or any
# other control character; nothing in it depends on the machine or the time.
#
#	grader	VERSION SEEDS
#	exercise EX ID TITLE KIND STARS MAX
#	item	STAGE NAME VERDICT POINTS MAX VISIBILITY SCHEDULES REPLAY TRACE
#		PROMISE REASON HINT RESEMBLES
#	total	POINTS MAX STATUS
#
# An item for the stages that earn nothing, then one for each line of the
# manifest, in its order. VERDICT is pass, fail, timeout, skip or error;
# points are `2', `1/3' or `1 2/3', and - where there are none because of an
# error; STATUS is graded or error; what does not apply is -, but for the
# texts, which are then empty.

function plain(text)
{
	gsub(/[\001-\037\177]/, " ", text)
	return text
}

function line_of(file, pattern,	line, found)
{
	while ((getline line < file) > 0)
		if (line ~ pattern)
			found = line
	close(file)
	return found
}

function exists(file,	line, found)
{
	found = (getline line < file) >= 0
	close(file)
	return found
}

# How many schedules were looked at, where all passed: the explorer stops at
# the first that fails, and does not say how many it had tried by then.
function schedules(stage, item)
{
	return culprit[stage, item] == "" && explored[stage, item] != "" ? \
	    explored[stage, item] : "-"
}

function schedule(stage, item,	found)
{
	if (culprit[stage, item] == "")
		return "-"
	found = line_of(out "/output/" stage "-" culprit[stage, item] ".txt", \
	    "^    exercises/grade replay .* '?[A-Za-z0-9!+-]+'?$")
	sub(/.* /, "", found)
	gsub(/'/, "", found)
	return found == "" ? "-" : found
}

function trace(stage, item,	file)
{
	if (culprit[stage, item] == "")
		return "-"
	file = "output/" stage "-" culprit[stage, item] ".svg"
	return exists(out "/" file) ? file : "-"
}

function fraction(text)
{
	return mixed(numerator(text), denominator(text))
}

function result_item(stage, item, key, most,	v, why)
{
	v = verdict[stage, key]
	why = reason[stage, key]
	if (v == "") {
		v = "skip"
		why = "it was not asked for"
	}
	printf "item\t%s\t%s\t%s\t%s\t%s\t%s\t", stage, item, v, \
	    v == "error" ? "-" : v == "pass" ? fraction(most) : 0, \
	    fraction(most), item in hidden ? "hidden" : "visible" \
	    > (out "/result.new")
	printf "%s\t%s\t%s\t%s\t%s\t%s\t%s\n", schedules(stage, key), \
	    schedule(stage, key), trace(stage, key), plain(promise[item]), \
	    plain(why), v == "fail" || v == "timeout" ? plain(hint[item]) : "", \
	    plain(resembles[stage, key]) > (out "/result.new")
}

function result(	i)
{
	printf "grader\t%s\t%s\n", grader, seeds > (out "/result.new")
	printf "exercise\t%s\t%s\t%s\t%s\t%s\t%s\n", exercise, field["id"], \
	    plain(field["title"]), field["kind"], field["stars"], \
	    field["points"] > (out "/result.new")
	promise["integrity"] = "The question's own files are those of the " \
	    "repository."
	promise["source"] = "The source keeps to the exercise's rules."
	promise["build"] = "The answer compiles without a warning, and links."
	result_item("integrity", "integrity", "-", 0)
	result_item("source", "source", "-", 0)
	result_item("build", "build", "-", 0)
	for (i = 1; i <= items; i++)
		result_item(item_stage[i], name[i], name[i], max[name[i]])
	printf "total\t%s\t%s\t%s\n", trouble ? "-" : mixed(sum_n, sum_d), \
	    field["points"], trouble ? "error" : "graded" > (out "/result.new")
}

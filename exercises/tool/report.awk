# SPDX-License-Identifier: MIT
#
# report.awk - from the verdicts to points and to a report in plain words
#
# usage: awk -v exercise=EX -v answer=FILE -v out=FOLDER -f report.awk \
#		MANIFEST RECORDS
#
# RECORDS, by tabs: stage, name (- for the stage itself), verdict, reason, the
# check that it was about, if that is not the name, and how many schedules
# have passed.
# Prints the report, and writes FOLDER/verdicts.new and, by result.awk,
# FOLDER/result.new. The exit status is 0 for full marks, 1 for less, 3 if the
# grader itself is in trouble.

function rest(text, words)
{
	while (words-- > 0)
		sub(/^[ \t]*[^ \t]+[ \t]*/, "", text)
	sub(/[ \t]+$/, "", text)
	return text
}

function numerator(text)
{
	return text ~ /\// ? substr(text, 1, index(text, "/") - 1) + 0 : text + 0
}

function denominator(text)
{
	return text ~ /\// ? substr(text, index(text, "/") + 1) + 0 : 1
}

function gcd(a, b)
{
	return b == 0 ? a : gcd(b, a % b)
}

function add(text,	n, d, g)
{
	n = sum_n * denominator(text) + numerator(text) * sum_d
	d = sum_d * denominator(text)
	g = gcd(n, d)
	sum_n = n / g
	sum_d = d / g
}

# 7/2 as people write it: 3 1/2.
function mixed(n, d,	whole)
{
	whole = int(n / d)
	if (n % d == 0)
		return whole ""
	return (whole > 0 ? whole " " : "") n % d "/" d
}

function worth(text)
{
	return mixed(numerator(text), denominator(text)) \
	    (numerator(text) > denominator(text) ? " points" : " point")
}

# Prints a paragraph: label, then the text in lines of at most 76 columns.
function paragraph(label, text,	n, word, i, line)
{
	n = split(text, word, " ")
	line = sprintf("  %-11s", label)
	for (i = 1; i <= n; i++) {
		if (length(line) + length(word[i]) > 75 && line !~ /^ *$/) {
			print line
			line = sprintf("  %11s", "")
		}
		line = line (line ~ /:? $/ || line ~ /^ +$/ ? "" : " ") word[i]
	}
	print line
}

function sentence(text)
{
	return text ~ /[.?!]$/ ? text : text "."
}

function headline(	stars)
{
	stars = substr("****", 1, field["stars"])
	printf "%s  %s  %s  (%s)\n", field["id"], field["title"], stars, exercise
	print "answer: " answer "\n"
}

function stage_line(stage,	text, i)
{
	text = verdict[stage, "-"]
	if (text == "" && count[stage] == 0)
		return
	if (count[stage] > 0 && stage == "contract")
		text = good[stage] + 0 " of " count[stage] " checks pass"
	else if (count[stage] > 0)
		text = verdict[stage, stage]
	if (reason[stage, "-"] != "")
		text = text ": " reason[stage, "-"]
	paragraph(stage, text)
}

FNR == 1 { file++ }

file == 1 && $1 ~ /^(check|accept|kill|stage)$/ {
	name[++items] = $2
	item_stage[items] = $1 == "stage" ? $2 : "contract"
	max[$2] = $3
	promise[$2] = rest($0, 3)
	next
}

file == 1 && $1 == "hint" {
	if (hints[$2]++ == 0)
		hint[$2] = rest($0, 2)
	next
}

file == 1 && $1 == "due" {
	due[++dues] = $2
	due_text[dues] = rest($0, 2)
	next
}

file == 1 && $1 == "hidden" {
	for (i = 2; i <= NF; i++)
		hidden[$i] = 1
	next
}

file == 1 && NF > 1 { field[$1] = rest($0, 1); next }

# What has happened in a hidden check says with which parameters.
function hold_back(stage, item,	what)
{
	what = item
	if (reason[stage, item] ~ /^in [A-Za-z0-9_]+: /) {
		what = reason[stage, item]
		sub(/^in /, "", what)
		sub(/:.*/, "", what)
	}
	if (!(what in hidden) || verdict[stage, item] !~ /^(fail|timeout)$/)
		return
	reason[stage, item] = (what == item ? "" : "in " what ": ") \
	    "a hidden check failed; with what is held back"
	culprit[stage, item] = explored[stage, item] = ""
	held[stage, item] = 1
}

# How many checks are hidden, and how much they are worth.
function hidden_line(	i, n)
{
	sum_n = 0
	for (i = 1; i <= items; i++)
		if (name[i] in hidden) {
			n++
			add(max[name[i]])
		}
	if (n > 0)
		paragraph("hidden", n " of " items " items, " \
		    mixed(sum_n, sum_d) " of " field["points"] " points: " \
		    "what they promise is shown, what they try is not")
	sum_n = 0
	sum_d = 1
}

file == 2 {
	n = split($0, part, "\t")
	verdict[part[1], part[2]] = part[3]
	reason[part[1], part[2]] = n > 3 ? part[4] : ""
	culprit[part[1], part[2]] = n > 4 ? part[5] : ""
	explored[part[1], part[2]] = n > 5 ? part[6] : ""
	if (part[2] != "-") {
		count[part[1]]++
		good[part[1]] += part[3] == "pass"
	}
	if (part[3] == "error")
		trouble = 1
	hold_back(part[1], part[2])
}

file == 3 {
	split($0, part, "\t")
	if (!((part[1], part[2]) in held))
		resembles[part[1], part[2]] = part[3]
}

# What the explorer has written about it, but for the first sentence.
function interleaving(file,	line, lines)
{
	while ((getline line < file) > 0 && line != "")
		continue
	while ((getline line < file) > 0 && lines++ < 200)
		print line == "" ? "" : "    " line
	if (lines > 200)
		print "    ... (the rest is in " file ")"
	close(file)
}

# Of that, where the threads were, and the command that shows the rest.
function places(file,	line, blank)
{
	while ((getline line < file) > 0 && line != "")
		continue
	while ((getline line < file) > 0 && line !~ /^In the schedule/) {
		if (line ~ /^Found in /)
			continue
		if (line != "")
			print blank "    " line
		blank = line == "" ? "\n" : ""
	}
	close(file)
}

function failure(i,	stage, v)
{
	stage = item_stage[i]
	v = verdict[stage, name[i]]
	if (v == "pass")
		return
	printf "\n%s  %s, %s%s\n", toupper(v), name[i], worth(max[name[i]]), \
	    name[i] in hidden ? ", hidden" : ""
	paragraph("promised:", promise[name[i]])
	paragraph(v == "skip" ? "not run:" : "happened:", \
	    sentence(reason[stage, name[i]]))
	if (v != "skip" && v != "error" && name[i] in hint)
		paragraph("hint:", hint[name[i]] " (1 of 3: " \
		    "exercises/grade hint " exercise " " name[i] ")")
	if (v == "pass" || v == "error" || culprit[stage, name[i]] == "")
		return
	print ""
	if (stage == "contract")
		places(out "/output/contract-" name[i] ".txt")
	else
		interleaving(out "/output/" stage "-" \
		    culprit[stage, name[i]] ".txt")
}

# The one reason for which no item has run, as after a failed build.
function nothing_ran(	i, why)
{
	for (i = 1; i <= items; i++) {
		if (verdict[item_stage[i], name[i]] != "skip")
			return ""
		if (i > 1 && reason[item_stage[i], name[i]] != why)
			return ""
		why = reason[item_stage[i], name[i]]
	}
	return why
}

# Promises of what was not looked at would hide why it was not.
function failures(	i, why)
{
	why = nothing_ran()
	if (why != "") {
		print ""
		paragraph("skipped:", "all of it; " sentence(why))
		return
	}
	for (i = 1; i <= items; i++)
		failure(i)
}

function record(stage, item, v, points, most, why)
{
	printf "%s\t%s\t%s\t%s\t%s\t%s\n", stage, item, v, points, most, \
	    why > (out "/verdicts.new")
}

function record_all(	i, stage, points)
{
	printf "# %s, grader %s, seeds %s\n", exercise, grader, seeds \
	    > (out "/verdicts.new")
	n = split("source build", early, " ")
	for (i = 1; i <= n; i++)
		record(early[i], "-", verdict[early[i], "-"], "-", "-", \
		    reason[early[i], "-"])
	if (verdict["integrity", "-"] == "fail")
		record("integrity", "-", "fail", "-", "-", \
		    reason["integrity", "-"])
	for (i = 1; i <= items; i++) {
		stage = item_stage[i]
		points = verdict[stage, name[i]] == "pass" ? max[name[i]] : 0
		if (verdict[stage, name[i]] == "error")
			points = "-"
		else
			add(points)
		record(stage, name[i], verdict[stage, name[i]], points, \
		    max[name[i]], reason[stage, name[i]])
	}
	for (i = 1; i <= dues; i++)
		record(due[i], "-", "due", "-", "-", due_text[i])
	record("total", "-", trouble ? "error" : \
	    sum_n == field["points"] * sum_d ? "pass" : "fail", \
	    trouble ? "-" : mixed(sum_n, sum_d), field["points"], "")
}

# Points of what this machine cannot look at are not lost, but unknown.
function out_of_sight(	i, why, n, d)
{
	n = sum_n
	d = sum_d
	sum_n = 0
	sum_d = 1
	for (i = 1; i <= items; i++) {
		why = reason[item_stage[i], name[i]]
		if (verdict[item_stage[i], name[i]] == "skip" && \
		    why ~ /^this machine cannot /)
			add(max[name[i]])
	}
	if (sum_n > 0)
		print "\nOf " field["points"] " points " \
		    mixed(sum_n, sum_d) " could not be looked at: they are " \
		    "neither won nor\nlost here. See exercises/grade machine."
	sum_n = n
	sum_d = d
}

END {
	sum_d = 1
	headline()
	n = split("integrity source build contract schedules race memory " \
	    "quiescence", stages, " ")
	for (i = 1; i <= n; i++)
		stage_line(stages[i])
	for (i = 1; i <= dues; i++)
		paragraph(due[i], "due, not scored: " due_text[i])
	hidden_line()
	failures()
	record_all()
	result()
	out_of_sight()
	if (trouble)
		print "\nNo points: the grader or the machine is in trouble, " \
		    "see above. That is\nnot the answer's fault."
	else
		print "\nPoints: " mixed(sum_n, sum_d) " of " field["points"]
	exit trouble ? 3 : sum_n == field["points"] * sum_d ? 0 : 1
}

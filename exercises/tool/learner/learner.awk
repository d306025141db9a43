# SPDX-License-Identifier: MIT
#
# learner.awk - where a learner stands: list, next and progress
#
# usage: awk -v want=catalogue -f learner.awk MANIFEST...
#        awk -v want=WHAT -f learner.awk STATES
#
# catalogue prints of each exercise, by tabs: chapter, id, folder, stars,
# points, title. A line of STATES has, after those: whether there is an answer
# (yes or no), which file was graded last (or -), whether that file is still
# what was graded (yes or no), and where: what was reached is read from there,
# verdicts.tsv.
#
#	list		all of them, by chapter
#	next		the one to do next, and why
#	progress	points by chapter, and what is left

function rest(text)
{
	sub(/^[ \t]*[^ \t]+[ \t]*/, "", text)
	sub(/[ \t]+$/, "", text)
	return text
}

function catalogued(	part)
{
	split(FILENAME, part, "/")
	return part[2] "\t" value["id"] "\t" part[2] "/" part[3] "\t" \
	    value["stars"] "\t" value["points"] "\t" value["title"]
}

want == "catalogue" && FNR == 1 && NR > 1 { print last }

want == "catalogue" {
	if ($1 == "id" || $1 == "stars" || $1 == "points" || $1 == "title")
		value[$1] = rest($0)
	last = catalogued()
	next
}

function gcd(a, b)
{
	return b == 0 ? a : gcd(b, a % b)
}

# plus(A, B): 1 2/3 and 1/2 is 2 1/6. All are written so, or as 5/3.
function plus(a, b,	n, d, g)
{
	d = bottom(a) * bottom(b)
	n = top(a) * bottom(b) + top(b) * bottom(a)
	g = gcd(n, d)
	n /= g
	d /= g
	if (n % d == 0)
		return n / d ""
	return (n > d ? int(n / d) " " : "") n % d "/" d
}

function bottom(text)
{
	return text ~ /\// ? substr(text, index(text, "/") + 1) + 0 : 1
}

function top(text,	whole)
{
	if (text ~ / /) {
		whole = substr(text, 1, index(text, " ") - 1) + 0
		sub(/^.* /, "", text)
	}
	return whole * bottom(text) + text
}

# What was reached, and what this machine could not look at.
function read_verdicts(i,	file, line, part)
{
	file = home[i] "/verdicts.tsv"
	points[i] = "-"
	unseen[i] = 0
	while ((getline line < file) > 0) {
		split(line, part, "\t")
		if (part[1] == "total") {
			points[i] = part[4]
			trouble[i] = part[3] == "error"
		} else if (part[3] == "skip" && part[6] ~ /^this machine cannot /) {
			unseen[i] = plus(unseen[i], part[5])
		}
	}
	close(file)
}

function state_of(i)
{
	if (points[i] == "-" && !trouble[i])
		return have[i] == "yes" ? "begun" : "new"
	if (graded[i] ~ /\/stub\.c$/ && have[i] != "yes")
		return "new"
	if (fresh[i] == "no")
		return "changed"
	if (trouble[i])
		return "trouble"
	if (plus(points[i], unseen[i]) == most[i] "")
		return "done"
	return "open"
}

{
	split($0, part, "\t")
	chapter[NR] = part[1]
	id[NR] = part[2]
	folder[NR] = part[3]
	stars[NR] = part[4]
	most[NR] = part[5]
	title[NR] = part[6]
	have[NR] = part[7]
	graded[NR] = part[8]
	fresh[NR] = part[9]
	home[NR] = part[10]
	read_verdicts(NR)
	state[NR] = state_of(NR)
	if (state[NR] == "new")
		points[NR] = "-"
}

function of_points(i)
{
	return points[i] " of " most[i]
}

# The last column of list: points, and a word on them.
function standing(i,	text)
{
	text = of_points(i)
	if (state[i] == "done")
		return text ", done"
	if (state[i] == "changed")
		return text ", changed"
	if (state[i] == "begun")
		return text ", begun"
	if (state[i] == "trouble")
		return text ", error"
	return text
}

function elsewhere(i)
{
	return graded[i] != "-" && graded[i] != "answers/" folder[i] ".c" && \
	    points[i] != "-"
}

function list(	i, name, words)
{
	for (i = 1; i <= NR; i++) {
		if (chapter[i] != chapter[i - 1])
			print (i > 1 ? "\n" : "") chapter[i]
		name = folder[i]
		sub(/.*\//, "", name)
		printf "  %-3s %-4s %-13s %-42s %s\n", id[i], \
		    substr("****", 1, stars[i]), name, title[i], standing(i)
		if (elsewhere(i))
			printf "  %8s that is %s\n", "", graded[i]
		seen[state[i]]++
	}
	if (seen["changed"])
		words = "changed: the answer is newer than its points\n"
	if (seen["begun"])
		words = words "begun: there is an answer, not graded yet\n"
	if (seen["trouble"])
		words = words "error: the grader was in trouble; " \
		    "grade it again\n"
	printf "%s%s", words == "" ? "" : "\n", words
}

function how_long(n)
{
	return n == 1 ? "minutes" : n == 2 ? "under an hour" : \
	    n == 3 ? "an evening" : "a project"
}

# The first in one of these states, after number from.
function first_in(states, from,	i)
{
	for (i = from + 1; i <= NR; i++)
		if (index(" " states " ", " " state[i] " "))
			return i
	return 0
}

function why(i)
{
	if (state[i] == "changed")
		return "you have changed your answer since it got " \
		    of_points(i) " points."
	if (state[i] == "trouble")
		return "the grader was in trouble when it graded your answer."
	if (state[i] == "open")
		return "you have " of_points(i) " points so far."
	if (state[i] == "begun")
		return "you have begun, and not graded it yet."
	return i == 1 ? "it is the first of all." : \
	    "it comes after what you have done."
}

function next_one(	i, later)
{
	i = first_in("changed trouble open begun", 0)
	if (!i)
		i = first_in("new", 0)
	if (!i) {
		print "You have done them all."
		return
	}
	printf "%s  %s  (%s)\n", id[i], title[i], folder[i]
	printf "%s %s: %s; %s points\n\n", substr("****", 1, stars[i]), \
	    stars[i] == 1 ? "star" : "stars", how_long(stars[i]), most[i]
	print "Why this one: " why(i)
	print "The question:  exercises/" folder[i] "/README.md\n"
	if (have[i] == "yes") {
		print "Your answer:   answers/" folder[i] ".c\nTo go on:"
		print "    exercises/grade watch " folder[i]
		print "    exercises/grade hint " folder[i]
	} else {
		print "To begin:"
		print "    exercises/grade reset " folder[i]
		print "    exercises/grade watch " folder[i]
		print "The first puts the stub into answers/" folder[i] ".c."
		print "The second grades it whenever you save it."
	}
	later = first_in("new", have[i] == "yes" ? 0 : i)
	if (later)
		print "\nTo leave it for later: the next one is " \
		    folder[later] "."
}

# bar(PART, WHOLE): 20 characters; full only if all is done.
function bar(part, whole,	n)
{
	n = int(20 * top(part) / bottom(part) / whole)
	return "[" substr("####################", 1, n) \
	    substr("....................", 1, 20 - n) "]"
}

function line(name, done, count, reached, whole)
{
	printf "%-18s %2d of %-2d done %9s of %-3d points %s\n", name, \
	    done, count, reached, whole, bar(reached, whole)
}

function progress(	i, c, n, sum, all, done, all_done, count, whole, \
	all_whole, stars_done, all_stars, missing, left, stale)
{
	sum = all = 0
	for (i = 1; i <= NR; i++) {
		c = state[i] == "done"
		done += c
		all_done += c
		count++
		whole += most[i]
		all_whole += most[i]
		all_stars += stars[i]
		stars_done += c * stars[i]
		if (points[i] != "-") {
			sum = plus(sum, points[i])
			all = plus(all, points[i])
			missing = plus(missing, unseen[i])
		}
		stale += state[i] == "changed"
		if (chapter[i] == chapter[i + 1])
			continue
		line(chapter[i], done, count, sum, whole)
		sum = done = count = whole = 0
	}
	line("all", all_done, NR, all, all_whole)
	print "\nStars: " stars_done + 0 " of " all_stars "."
	print "Left:  " NR - all_done " of " NR " exercises."
	if (missing + 0 || missing ~ /\//)
		print "This machine could not look at " missing \
		    " points: exercises/grade machine"
	if (stale)
		print "Changed since they were graded, so that their points " \
		    "may be others:"
	for (i = 1; i <= NR; i++)
		if (state[i] == "changed")
			print "    " folder[i] "  " of_points(i)
}

END {
	if (want == "catalogue")
		print last
	else if (want == "list")
		list()
	else if (want == "next")
		next_one()
	else
		progress()
}

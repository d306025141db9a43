# plans.awk - do the points and weights of the guide's plans add up?
# SPDX-License-Identifier: MIT
#
# usage: awk -F'|' -v points=FILE -f plans.awk exercises/GUIDE.md
#
# FILE has a line for each exercise: its name and its points. Prints what is
# wrong; exit status 1 if anything is, or if there are fewer plans than there
# should be.

function wrong(words)
{
	print plan ", week " week ": " words
	bad = 1
}

# One exercise of the week that is looked at.
function add(name)
{
	if (!(name in worth))
		wrong("there is no " name)
	if (index($3, substr(name, 1, 2)) == 0)
		wrong(name " is not of its chapters")
	if ((plan, name) in planned)
		wrong(name " is planned twice")
	planned[plan, name] = 1
	sum[week] += worth[name]
}

# At the end of a plan: what the weeks weigh can be told.
function weigh(	part)
{
	for (week = 1; week <= weeks; week++) {
		part = int(100 * sum[week] / total + 0.5)
		if (weight[week] != part)
			wrong("the weight is not " part)
	}
	rows += weeks
	weeks = total = 0
}

BEGIN {
	while ((getline line < points) > 0) {
		split(line, pair, " ")
		worth[pair[1]] = pair[2]
	}
}

/^### .* weeks$/ {
	plan = $0
	plans++
}

plan && /^\| *[0-9]+ *\|/ {
	week = ++weeks
	sum[week] = 0
	count = split($4, names, "`")
	for (i = 2; i <= count; i += 2)
		add(names[i])
	if ($5 + 0 != sum[week])
		wrong("the points are " sum[week])
	weight[week] = $6 + 0
	total += sum[week]
}

plan && /^Together/ {
	split($0, word, " ")
	if (word[2] != total)
		wrong("together the points are " total)
	weigh()
}

/^## / {
	plan = ""
}

END {
	exit bad || plans != 3 || rows != 14
}

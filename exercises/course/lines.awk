# lines.awk - finds lines of answers in files that students are given
# SPDX-License-Identifier: MIT
#
# usage: awk -v known=LIST -v answers=LIST -v texts=LIST -v root=DIR -f ...
#
# Each LIST names files, one a line. A line says something if it is long enough
# and is not in a file of known, spaces apart. Four consecutive ones of an
# answer, those that say nothing left out, in a file of texts are a find: one
# line is printed for each pair of files.

# The line without spaces at its ends, and one space for several.
function squeezed(line)
{
	gsub(/[ \t]+/, " ", line)
	gsub(/^ | $/, "", line)
	return line
}

function says_something(line)
{
	return length(line) >= 16 && line ~ /[A-Za-z]/ && line !~ /SPDX/ &&
	    line !~ /^#include/ && !(line in common)
}

function read_known(file,	line)
{
	while ((getline line < file) > 0)
		common[squeezed(line)] = 1
	close(file)
}

# Goes through a file four lines at a time; keeps them, or looks them up.
function fours(file, keep,	line, one, two, three, key)
{
	one = two = three = ""
	while ((getline line < file) > 0) {
		line = squeezed(line)
		if (!says_something(line))
			continue
		key = one "\n" two "\n" three "\n" line
		if (one != "" && keep)
			owner[key] = file
		else if (one != "" && key in owner)
			find(file, owner[key], line)
		one = two
		two = three
		three = line
	}
	close(file)
}

function find(file, answer, line)
{
	if ((file, answer) in found)
		return
	found[file, answer] = 1
	sub(root, "", file)
	print "lines of " answer " are in " file ": " line
}

BEGIN {
	while ((getline name < known) > 0)
		read_known(name)
	while ((getline name < answers) > 0)
		fours(name, 1)
	for (key in owner)
		kept++
	if (kept < 1000) {
		print "there are hardly any lines to look for"
		exit
	}
	while ((getline name < texts) > 0)
		fours(name, 0)
}

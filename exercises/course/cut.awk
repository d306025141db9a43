# cut.awk - the Makefile of a handout: the sections that grading needs
# SPDX-License-Identifier: MIT
#
# usage: awk -f exercises/course/cut.awk Makefile
#
# `make help` of a handout lists only what a student has a use for.

BEGIN {
	split("What is built from what|Compilers and flags|For everybody|" \
	    "The explorer|Exercises", names, "|")
	for (i in names)
		wanted[names[i]] = 1
	keep = 1
}

/^# --- / {
	title = $0
	gsub(/^# -+ | -+$/, "", title)
	keep = title in wanted
	found += keep
}

/^[a-z-]+:.*## / && !/^(help|lib|clean|grade):/ {
	sub(/[ \t]*## .*/, "")
}

keep

END {
	if (found != 5) {
		print "cut.awk: the Makefile's sections have other titles" \
		    > "/dev/stderr"
		exit 1
	}
	print "\n-include handout.mk"
}

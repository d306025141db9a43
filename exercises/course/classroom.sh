#!/bin/sh
# SPDX-License-Identifier: MIT
#
# classroom.sh - grades a student's repository in GitHub Actions
#
# usage: exercises/course/classroom.sh FOLDER EX...
#
# FOLDER is a checkout of the student's repository: answers are in answers/.
# The report goes to the page of the run (GITHUB_STEP_SUMMARY); for each EX an
# output of the step (GITHUB_OUTPUT), grade1, grade2 and so on, is what the
# reporter of GitHub Classroom reads. Fails with 1 if points are missing, with
# 3 if the grader is in trouble.

submitted=$1
[ $# -ge 2 ] && [ -d "$submitted" ] || {
	sed -n 's/^# usage: /usage: /p' "$0" >&2
	exit 2
}
submitted=$(cd "$submitted" && pwd) || exit 3
cd "$(dirname "$0")/../.." || exit 3
shift
worst=0
number=0
for ex in "$@"; do
	number=$((number + 1))
	answer=$submitted/answers/$ex.c
	[ -f "$answer" ] && [ ! -L "$answer" ] || answer=exercises/$ex/stub.c
	result=$(exercises/grade check --strict --format classroom "$ex" \
	    "$answer")
	status=$?
	[ $status -le $worst ] || worst=$status
	[ -n "$GITHUB_OUTPUT" ] &&
	    echo "grade$number=$result" >> "$GITHUB_OUTPUT"
	{
		echo '```text'
		cat "build/exercises/$ex/report.txt"
		echo '```'
	} >> "${GITHUB_STEP_SUMMARY:-/dev/stdout}"
done
exit $worst

#!/bin/sh
# SPDX-License-Identifier: MIT
#
# run.sh - run one program of a chapter and keep what it prints
#
# usage: book/run.sh PROGRAM CHAPTER/NAME OUTPUT
#
# The program must end by itself, with status 0, within the time-out.  Only then
# does OUTPUT appear.

program=$1
source=chapters/$2.c
chapter=chapters/${2%%/*}/chapter.md
output=$3
seconds=${BOOK_TIMEOUT:-20}

timeout -k 1 "$seconds" "$program" >"$output.part" 2>"$output.err" </dev/null
status=$?
if [ $status -eq 0 ]; then
	mv "$output.part" "$output"
	exit 0
fi
fence=$(grep -n "output=$source}" "$chapter" | head -n 1 | cut -d: -f1)
case $status in
124 | 137) end="was still running after $seconds seconds" ;;
*) end="ended with status $status instead of 0" ;;
esac
echo "$chapter:${fence:-1}: $source $end" >&2
sed 's/^/    /' "$output.err" >&2
echo "    remedy: mend the program; the book shows what it prints" >&2
exit 1

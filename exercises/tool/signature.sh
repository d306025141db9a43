#!/bin/sh
# SPDX-License-Identifier: MIT
#
# signature.sh - how the known mutants of an exercise fail: a table
#
# usage: exercises/tool/signature.sh FOLDER...
#
# Prints stage, check, words of the message and the mistake, by tabs: from the
# mutants of the first folder that has any; or, in a handout, which has none,
# its file signatures. So that is made by
#
#	exercises/tool/signature.sh exercises/EX > HANDOUT/exercises/EX/signatures

cd "$(dirname "$0")/../.." || exit 3
LC_ALL=C
export LC_ALL
for folder in "$@"; do
	for mutant in "$folder"/mutant/*.c; do
		[ -f "$mutant" ] || break
		exec awk -v want=table -f exercises/tool/signature.awk \
		    "$folder"/mutant/*.c
	done
	[ -f "$folder/signatures" ] && exec cat "$folder/signatures"
done
exit 0

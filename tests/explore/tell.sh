#!/bin/sh
# tell.sh - what the explorer has found in the tests: by a run, or by shards
# SPDX-License-Identifier: MIT
#
# Usage: sh tests/explore/tell.sh OUT	a folder that run.sh or merge.sh wrote
#
# Prints the logs of what failed, and the sum. Exit status: 0 nothing failed,
# 1 something did.

awk -F '\t' '$5 != "pass" && $5 != "native" { print $1, $3, $5 }' \
	"$1/results.tsv" | while read -r suite test verdict; do
	printf '\n== %s: %s: %s\n\n' "$suite" "$test" "$verdict"
	cat "$1/logs/$suite.$test"
done

# A run of nothing must not pass; a shard may have none.
awk -F '\t' '
	FILENAME ~ /settings\.tsv$/ { whole += $0 == "shard\t1/1"; next }
	$5 == "native" { native++; next }
	{ tests++; executions += $4 }
	$5 != "pass" { failing++ }
	END {
		printf "%d tests explored, %d executions, %d failing;" \
		    " %d run natively only\n", tests, executions, failing,
		    native
		exit failing > 0 || tests == 0 && whole
	}' "$1/settings.tsv" "$1/results.tsv"

#!/bin/sh
# native.sh - how often a planted bug shows when the program simply runs
# SPDX-License-Identifier: MIT
#
# usage: native.sh [-n RUNS] [-s SECONDS] [-h HANGS] [NAME...]
#
# Builds every bug_NAME.c of this folder with ${CC:-cc} and runs it RUNS
# times (1,000), natively: no explorer, no sanitizer. A run has failed when
# its status is not 0 or when it is still there after SECONDS (1); after
# HANGS (10) of those no more are tried, for a hang is slow. NAME runs one
# program, ok_... too. Prints a table in Markdown: name, verdict that the
# explorer must give, failed runs of all runs. It judges nothing: status 0
# unless a program cannot be built. Output goes to build/native/.

set -u
runs=1000 seconds=1 most_hangs=10
while getopts n:s:h: option; do
	case $option in
	n) runs=$OPTARG ;;
	s) seconds=$OPTARG ;;
	h) most_hangs=$OPTARG ;;
	*) echo "usage: $0 [-n RUNS] [-s SECONDS] [-h HANGS] [NAME...]" >&2
	   exit 2 ;;
	esac
done
shift $((OPTIND - 1))

cd "$(dirname "$0")" || exit 2
out=../../../build/native
mkdir -p $out || exit 2
ulimit -c 0

if [ $# -eq 0 ]; then
	set -- bug_*.c
fi
echo '| bug | verdict | native runs that failed |'
echo '|---|---|---|'
for file; do
	name=${file%.c}
	${CC:-cc} -std=c11 -D_POSIX_C_SOURCE=200809L -O2 -pthread -I.. \
		-o $out/"$name" "$name".c || exit 2
	verdict=$(sed -n 's/^ \* verdict: //p' "$name".c | sed 's/|/, /g')
	run=0 failed=0 hangs=0
	while [ $run -lt "$runs" ] && [ $hangs -lt "$most_hangs" ]; do
		run=$((run + 1))
		timeout "$seconds" $out/"$name" >/dev/null 2>&1
		status=$?
		[ $status -eq 0 ] || failed=$((failed + 1))
		[ $status -ne 124 ] || hangs=$((hangs + 1))
	done
	echo "| $name | $verdict | $failed of $run |"
done

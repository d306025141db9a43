#!/bin/sh
# run.sh - the dump as a command of gdb says what it must say
# SPDX-License-Identifier: MIT
#
# Usage: sh tests/gdb/run.sh PROGRAM
#
# PROGRAM (scene.c) is stopped where everything is there, in gdb with
# ref/tp.gdb; then again with standard error locked; then a core file of it is
# looked at. In another run the commands are wrong, or the list of pools is
# damaged. What the commands say is compared with expected.txt, without
# addresses and times; and at last the program must end as it should.
#
# Says what is missing, and passes, where there is no gdb that could; but
# fails then if ELSEWHERE=required, unless the processor is the reason.

program=$1
dir=${program%/*}
here=$(dirname "$0")
. "$here/tools.sh"

# without_place: of a fault, that it happened, and not where
without_place() {
	awk '/ received signal SIGSEGV/ { print "a fault"; fault = 1 }
	    /^== / { fault = 0 }
	    !fault'
}

debuggable
debug -ex run -ex 'info inferiors' "$program" >"$dir/trial" 2>&1
if grep -q -e 'ptrace' -e 'Could not trace' "$dir/trial"; then
	missing 'nothing may be traced here'
fi
callable "$program"

rm -f "$dir/core"
{
	echo 'break everything_is_there'
	echo run
	commands "$here/process"
	echo continue
	commands "$here/locked"
	echo "gcore $dir/core"
	printf 'echo the end\\n\n'
	echo kill
} >"$dir/process.gdb"
commands "$here/core" >"$dir/core.gdb"

debug -x ref/tp.gdb -x "$dir/process.gdb" "$program" >"$dir/process.out"
grep -q '^the end$' "$dir/process.out" || {
	cat "$dir/process.out" >&2
	echo 'gdb: it has stopped too early' >&2
	exit 1
}
debug -x ref/tp.gdb -x "$dir/core.gdb" "$program" "$dir/core" >"$dir/core.out"
rm -f "$dir/core"

# Each by itself: of a file, gdb does nothing after the first that fails.
set --
while read -r line; do
	set -- "$@" -ex "echo == $line\\n" -ex "$line"
done <"$here/wrong"
debug -x ref/tp.gdb "$@" "$program" >"$dir/wrong.out"
grep -q 'exited normally' "$dir/wrong.out" || {
	cat "$dir/wrong.out" >&2
	echo 'gdb: the program has not survived it' >&2
	exit 1
}

{
	cat "$dir/process.out" "$dir/core.out"
	without_place <"$dir/wrong.out"
} | said >"$dir/said"
diff -u "$here/expected.txt" "$dir/said" >&2 || {
	echo 'gdb: the commands say something else' >&2
	exit 1
}
echo "gdb: $(grep -c '^==' "$dir/said") commands, 1 passed"

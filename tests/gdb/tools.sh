# tools.sh - what the tests of tp.gdb have in common; to be sourced
# SPDX-License-Identifier: MIT

# missing WHAT: says so, and passes; but fails if ELSEWHERE=required
missing() {
	echo "gdb: skipped, $1"
	[ "${ELSEWHERE:-}" != required ]
	exit
}

# debug ARGUMENTS...: gdb without settings of its user, and without asking
debug() {
	LC_ALL=C TERM=dumb DEBUGINFOD_URLS= gdb -nx -q -batch "$@" </dev/null 2>&1
}

# commands FILE: gdb's form of a list of commands, each after its own text
commands() {
	while read -r line; do
		printf 'echo == %s\\n\n%s\n' "$line" "$line"
	done <"$1"
	printf 'echo == end\\n\n'
}

# said: of gdb's output, what tp has said, without addresses and times
said() {
	awk '/^== / { on = /^== (tp|thread)/ }
	    on { gsub(/0x[0-9a-f]+/, "0x..."); sub(/in [0-9]+ s/, "in ... s")
		 sub(/processors [0-9]+/, "processors ..."); print }'
}

# debuggable: is there a gdb that could?
debuggable() {
	command -v gdb >/dev/null || missing 'it is not installed'
	debug -ex 'with confirm off -- echo ready' | grep -q ready ||
		missing 'it is older than 10'
}

# calls PROGRAM: can gdb have a process call a function? Before version 14 it
# cannot write back the registers of a processor with AMX.
calls() {
	! debug -ex 'break main' -ex run -ex 'print (int) getpid()' "$1" |
		grep -q "Couldn't write extended state status"
}

# callable PROGRAM: what cannot be installed is said, and no fault
callable() {
	calls "$1" && return
	echo 'gdb: skipped, it is older than 14 and the processor has AMX:' \
		'it cannot call functions here'
	exit 0
}

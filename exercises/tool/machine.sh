#!/bin/sh
# SPDX-License-Identifier: MIT
#
# machine.sh - what this machine can do for the grader, found out by trying
#
# usage: exercises/tool/machine.sh [--again]
#
# Prints lines of a key, a tab and a value, and keeps them in
# build/exercises/machine, so that it tries once; again if other tools are
# found, or if asked. The value of wrap, explore, asan and tsan is yes, or a
# reason why not, or, of tsan, with what it starts. The grader does without
# tsan: it is for make tsan, and for those who ask what their machine can do.

cd "$(dirname "$0")/../.." || exit 3
kept=build/exercises/machine
mkdir -p build/exercises
CC=gcc
[ -f build/exercises/settings ] && . build/exercises/settings

# The tools that were tried: others, or newer ones, may do other things.
tools()
{
	printf 'tools\t'
	for name in $CC ld objcopy; do
		ls -dilL "$(command -v "$name" || echo none)" 2>&1
	done | cksum | tr ' ' '-'
}

# try COMMAND...: quietly, in the scratch folder.
try()
{
	(cd "$scratch" && LC_ALL=C "$@") > "$scratch/said" 2>&1 < /dev/null
}

write_programs()
{
	cat > "$scratch/probe.c" <<'EOF'
int __wrap_answer(void);
int __real_answer(void);
int __wrap_answer(void) { return __real_answer() + 41; }
EOF
	cat > "$scratch/main.c" <<'EOF'
int answer(void);
int main(void) { return answer() == 42 ? 0 : 1; }
EOF
	cat > "$scratch/answer.c" <<'EOF'
int answer(void);
int answer(void) { return 1; }
EOF
}

compiles()
{
	for part in probe main answer; do
		try $CC -c -o $part.o $part.c || return
	done
}

# A linker without --wrap says so, or leaves the call as it is.
wrap()
{
	compiles || { echo "$CC does not compile"; return; }
	if try $CC -o wrapped main.o probe.o answer.o -Wl,--wrap=answer &&
	    try ./wrapped; then
		echo yes
	else
		echo 'its linker has no --wrap'
	fi
}

# The same steps as in stages_build.sh, link_explored.
explore()
{
	if [ "$wrap" != yes ]; then
		echo "$wrap"
	elif ! command -v objcopy > /dev/null; then
		echo 'there is no objcopy'
	elif ! try $CC -fsanitize=thread -c -o watched.o main.c; then
		echo "$CC has no -fsanitize=thread"
	elif ! try $CC -r -nostdlib -Wl,--wrap=answer -o joined.o \
	    main.o probe.o answer.o; then
		echo 'its linker does not join objects (-r)'
	elif ! try objcopy --wildcard --localize-symbol='__wrap_*' \
	    joined.o; then
		echo 'its objcopy does not make symbols local'
	elif try $CC -pthread -no-pie -o explored joined.o && try ./explored
	then
		echo yes
	else
		echo 'what it links does not run'
	fi
}

# starts KIND: does a program of this sanitizer link and run?
starts()
{
	if ! try $CC -fsanitize="$1" -o "$1" main.c answer-42.c; then
		echo "$CC cannot link with -fsanitize=$1"
	elif try "./$1"; then
		echo yes
	elif [ "$1" = thread ] && try setarch -R ./thread; then
		echo 'with setarch -R'
	else
		echo "a program made with -fsanitize=$1 does not start"
	fi
}

memory()
{
	awk '$1 == "MemTotal:" { printf "%d MiB", $2 / 1024 }' \
	    /proc/meminfo 2> /dev/null
	[ -r /sys/fs/cgroup/memory.max ] &&
	    awk '/^[0-9]/ { printf ", %d MiB of them for us", $1 / 1048576 }' \
	    /sys/fs/cgroup/memory.max
	echo
}

# The letter for the number of processes is p in some shells, u in others.
processes()
{
	(ulimit -p) 2> /dev/null || (ulimit -u) 2> /dev/null || echo unknown
}

row()
{
	printf '%s\t%s\n' "$1" "$2"
}

probe()
{
	write_programs
	echo 'int answer(void); int answer(void) { return 42; }' \
	    > "$scratch/answer-42.c"
	row cores "$(getconf _NPROCESSORS_ONLN 2> /dev/null || echo unknown)"
	row kernel "$(uname -s -r -m)"
	row compiler "$(LC_ALL=C $CC --version 2> /dev/null | head -n 1)"
	row memory "$(memory)"
	row 'memory limit' "$(ulimit -v | sed 's/[0-9]$/& KiB/')"
	row 'process limit' "$(processes)"
	wrap=$(wrap)
	row wrap "$wrap"
	row explore "$(explore)"
	row asan "$(starts address)"
	row tsan "$(starts thread)"
}

tools=$(tools)
if [ "$1" = --again ] || ! grep -q -x -F "$tools" "$kept" 2> /dev/null; then
	scratch=$(mktemp -d) || exit 3
	trap 'rm -rf "$scratch"' EXIT
	trap 'exit 3' HUP INT TERM
	{ probe; echo "$tools"; } > "$kept.$$"
	mv "$kept.$$" "$kept"
fi
grep -v '^tools' "$kept"

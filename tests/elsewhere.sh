#!/bin/sh
# elsewhere.sh - the chapters' programs on another system print the same
# SPDX-License-Identifier: MIT
#
# Usage: sh tests/elsewhere.sh musl MAKE PROGRAM...
#        sh tests/elsewhere.sh wine COMPILER PROGRAM...
#
# PROGRAM: CHAPTER/NAME; build/run/CHAPTER/NAME.out is what it printed here.
# musl: the program and the pool, built with musl-gcc. wine: the program alone,
# built with mingw-w64 against the real <windows.h>, run by Wine on Windows'
# own thread pool as Wine implements it. The lines are compared as a bag, but
# for reports of misuse: those are of the checking build, and go to stderr.
#
# A program whose subject does not exist on Windows says so there in one line,
# "not on Windows: ...", and is counted as skipped; so is one that includes
# readiness.h or stream.h, this pool's for descriptors, or dump.h. With musl the programs
# that unload a plug-in are skipped: its dlclose keeps every library.
#
# Says what is missing, and passes, where the tools are not installed; but
# fails then if ELSEWHERE=required.

system=$1
tool=$2
shift 2
passed=0
failed=0
skipped=0

missing() {
	echo "$system: skipped, $1 is not installed"
	[ "${ELSEWHERE:-}" != required ]
	exit
}

has() {
	command -v "$1" >/dev/null || missing "$1"
}

# build_musl PROGRAM / run_musl PROGRAM, and the same for wine
build_musl() {
	$tool --no-print-directory "build/musl/bin/$1" >/dev/null
}
run_musl() {
	timeout 600 "build/musl/bin/$1"
}
# Plug-ins become DLLs beside the programs that load them.
build_wine() {
	mkdir -p "build/wine/${1%/*}"
	for plugin in "chapters/${1%/*}"/plugin_*.c; do
		[ ! -e "$plugin" ] || $tool -std=c11 -Wall -Wextra -Werror \
			-Iref -shared -o "build/wine/${1%/*}/$(basename \
			"$plugin" .c).dll" "$plugin" || return
	done
	$tool -std=c11 -Wall -Wextra -Werror -Iref -o "build/wine/$1.exe" \
		"chapters/$1.c"
}
run_wine() {
	timeout 600 "$wine" "build/wine/$1.exe" >"$work/raw"
	ended=$?
	tr -d '\r' <"$work/raw"
	# Wine kills what has ended, and on a busy machine is there a second later.
	[ $ended -eq 137 ] || return $ended
}

case $system in
musl)
	has musl-gcc
	;;
wine)
	has "$tool"
	for wine in wine wine64 /usr/lib/wine/wine64; do
		command -v $wine >/dev/null && break
	done
	has $wine
	WINEDEBUG=-all
	WINEPREFIX=$PWD/build/wine/prefix
	export WINEDEBUG WINEPREFIX
	mkdir -p "$WINEPREFIX"
	# One server for all: one that leaves may take a new program with it.
	if command -v wineserver >/dev/null; then
		wineserver -p && trap 'wineserver -k' EXIT
	fi
	;;
esac

work=build/elsewhere-$system
mkdir -p "$work"
for program in "$@"; do
	if [ $system = wine ] && grep -q -e '^#include "readiness.h"' \
	    -e '^#include "stream.h"' "chapters/$program.c"
	then
		skipped=$((skipped + 1))
		echo "wine: $program skipped, its descriptors are this pool's own"
		continue
	fi
	if [ $system = wine ] && grep -q '^#include "dump.h"' "chapters/$program.c"
	then
		skipped=$((skipped + 1))
		echo "wine: $program skipped, its dump is this pool's own"
		continue
	fi
	if [ $system = musl ] && grep -q '^#include "plugin.h"' "chapters/$program.c"
	then
		skipped=$((skipped + 1))
		echo "musl: $program skipped, musl never unloads a library"
		continue
	fi
	grep -v '^threadpool: ' "build/run/$program.out" | sort >"$work/here"
	: >"$work/there"
	build_$system "$program" &&
		run_$system "$program" >"$work/there" </dev/null
	status=$?
	if [ $status -eq 0 ] && sort "$work/there" | cmp -s - "$work/here"
	then
		passed=$((passed + 1))
		echo "$system: $program prints the same"
	elif [ $system = wine ] && grep -q '^not on Windows: ' "$work/there"
	then
		skipped=$((skipped + 1))
		echo "$system: $program skipped, $(cat "$work/there")"
	else
		failed=$((failed + 1))
		echo "$system: $program FAILED, status $status; it printed:"
		sort "$work/there" | diff "$work/here" - | head -n 20
	fi
done
echo "$system: $passed passed, $failed failed, $skipped skipped"
[ $failed -eq 0 ]

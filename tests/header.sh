#!/bin/sh
# header.sh - threadpool.h is enough, for C and for C++
# SPDX-License-Identifier: MIT
#
# Usage: sh tests/header.sh OBJECT...
#
# OBJECT...: the objects of the pool, for the programs that run.
#
# 1. tests/header.c compiles as C11, C17, C++11 and C++17, with gcc and
#    clang, with every warning an error, UNICODE defined or not.
# 2. tests/header_cxx.cpp, a C++ program, links with the pool and runs.
# 3. tests/function_table.c, a program for Windows, compiles and links with
#    threadpool.h in the place of <windows.h>, otherwise unchanged; it runs.
# 4. So do those of tests/windows, in the manner of the years of the old pool.
# 5. FormatMessage has a text for every ERROR_ that win32.h defines.
#
# A compiler that is not installed is left out and named.

set -eu
root=$(cd "$(dirname "$0")/.." && pwd)
out=$root/build/header
include="-D_POSIX_C_SOURCE=200809L -I$root/ref"
warnings='-Wall -Wextra -Wpedantic -Wshadow -Wconversion -Werror'
mkdir -p "$out"

installed() {
	command -v "$1" > /dev/null && return
	echo "header: $1 is not installed: not tested with it"
	return 1
}

# compiles COMPILER OPTIONS...
compiles() {
	for wide in '' -DUNICODE; do
		"$@" $include $warnings $wide -c -o "$out/header.o" \
			"$root/tests/header.c"
	done
	echo "header: compiles with $*"
}

# runs NAME ARGUMENT...: a program that ends with status 0
runs() {
	name=$1
	shift
	"$out/$name" "$@"
	echo "header: $name runs"
}

a_program_for_windows() {
	sed 's|^#include <windows.h>$|#include "threadpool.h"|' \
		"$root/tests/function_table.c" > "$out/function_table.c"
	for compiler in gcc clang; do
		installed $compiler || continue
		$compiler -std=c11 $include $warnings \
			-o "$out/function_table" "$out/function_table.c" \
			"$@" -pthread
		runs function_table
	done
	named=$(grep -c -e '^HAS' -e '^INLINE' "$out/function_table.c")
	test "$named" -gt 90
	echo "header: a program for Windows names $named functions"
}

programs_for_windows() {
	for program in workers waits timers; do
		sed 's|^#include <windows.h>$|#include "threadpool.h"|' \
			"$root/tests/windows/$program.c" > "$out/$program.c"
		for compiler in gcc clang; do
			installed $compiler || continue
			$compiler -std=c11 $include -Wall -Wextra -Werror \
				-o "$out/$program" "$out/$program.c" "$@" -pthread
			runs $program "$out/bound.tmp"
		done
	done
}

every_code_has_a_text() {
	{
		echo '#include <stdio.h>'
		echo '#include "threadpool.h"'
		echo 'int main(void) { char text[256]; int missing = 0;'
		awk '/^#define (NO_ERROR|ERROR_[A-Z_]+)[ \t]/ {
			printf "if (FormatMessageA(%s, NULL, %s, 0, text,",
				"FORMAT_MESSAGE_FROM_SYSTEM", $2
			printf " sizeof(text), NULL) == 0)"
			printf " missing += printf(\"no text: %%s\\n\","
			printf " \"%s\");\n", $2
		}' "$root/ref/win32.h"
		echo 'return missing > 0; }'
	} > "$out/messages.c"
	codes=$(grep -c FormatMessageA "$out/messages.c")
	test "$codes" -gt 20
	gcc -std=c11 $include -o "$out/messages" "$out/messages.c" "$@" \
		-pthread
	runs messages
	echo "header: $codes error codes have a text"
}

installed gcc && for std in c11 c17; do compiles gcc -std=$std; done
installed clang && for std in c11 c17; do compiles clang -std=$std; done
for compiler in g++ clang++; do
	installed $compiler || continue
	for std in c++11 c++17; do
		compiles $compiler -x c++ -std=$std
		$compiler $include $warnings -std=$std -o "$out/header_cxx" \
			"$root/tests/header_cxx.cpp" "$@" -pthread
		runs header_cxx
	done
done
every_code_has_a_text "$@"
a_program_for_windows "$@"
programs_for_windows "$@"

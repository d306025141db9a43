#!/bin/sh
# header_sdk.sh - are our headers what <windows.h> says?
# SPDX-License-Identifier: MIT
#
# Usage: sh tests/header_sdk.sh [COMPILER...]
#
# Every constant, function, callback type and enumerator that our headers
# declare is written into a C file behind #include <windows.h>, and the file
# compiled with mingw-w64, for 64 bits and, for the calling conventions, for
# 32. A constant becomes an assertion that both values are the same; a
# function is named, so that it must exist, and declared again in our words,
# so that the compiler objects when the two differ; a callback type is
# defined again, which C11 allows only if it is the same type. What the two
# compile differently, widths and layouts, is in tests/header.c, which is
# compiled here against <windows.h> too, and so are tests/function_table.c, the
# program for Windows that names every function, and those of tests/windows.
#
# Where no mingw-w64 compiler is installed it says so and succeeds: nothing
# was compared. With --self-test it plants one difference of each kind and
# fails unless each is found.

set -u
root=$(cd "$(dirname "$0")/.." && pwd)
headers="threadpool.h environ.h win32.h compat/compat.h compat/interlocked.h"
out=$root/build/header_sdk
options='-std=c11 -D_WIN32_WINNT=0x0A00 -DDECLSPEC_IMPORT= -Wall -Werror
	-Wno-unused-function -Wno-unused-local-typedefs'
mkdir -p "$out"

# Macros that are ours alone, or whose text is no constant.
ours_alone='^(TP_|THREADPOOL_H|ENVIRON_H|WIN32_H|COMPAT_H|INTERLOCKED_H)'
no_constant='^(VOID|WINAPI|NTAPI|CALLBACK|APIENTRY|WINBASEAPI|CONST)$|_INIT$|NORETURN$'

# What the SDK has and some mingw-w64 have not yet: compared where defined.
newer='^(CREATE_WAITABLE_TIMER_HIGH_RESOLUTION)$'

# The same of functions: they are not required to exist there.
newer_functions='RegisterWaitForSingleObjectEx SetThreadpoolCallbackPersistent'

# A type that C11 cannot say without a warning: a function of any arguments.
unspecified=FARPROC

# Functions that are macros or builtins there: of no address, or of a type
# that the compiler fixes. Used, so that they must exist; not declared again.
builtins='MemoryBarrier YieldProcessor'

# Macros with arguments where pointers have 32 bits: compared with 64 only.
wide_only='InterlockedExchangePointer InterlockedCompareExchangePointer'

# The headers as one stream, without comments and our _WIN32 branch.
plain() {
	(cd "$1" && cat $headers) | awk '
	/^#ifdef __cplusplus/ { skip = 1 }
	skip { if (/^#(endif|else)/) skip = 0; next }
	{ line = line $0 }
	/\\$/ { sub(/\\$/, " ", line); next }
	{ print line; line = "" }' | awk '
	{ text = text $0 "\n" }
	END {
		while ((i = index(text, "/*")) > 0) {
			rest = substr(text, i + 2)
			text = substr(text, 1, i - 1) \
				substr(rest, index(rest, "*/") + 2)
		}
		printf "%s", text
	}'
}

# #define NAME value: one assertion each.
constants() {
	awk -v ours="$ours_alone" -v never="$no_constant" -v newer="$newer" '
	/^#define [A-Za-z_0-9]+[ \t]+[^ \t]/ {
		name = $2
		if (name ~ ours || name ~ never || defined[name]++)
			next
		value = $0
		sub(/^#define [A-Za-z_0-9]+[ \t]+/, "", value)
		if (value ~ /^[A-Z][A-Za-z]*[AW]$/)	# a plain name
			next
		guarded = name ~ newer
		if (guarded)
			print "#ifdef " name
		printf "SAME_VALUE(%s, %s);\n", name, value
		if (guarded)
			print "#endif"
	}'
}

# TYPE NAME(...); and inline functions: named, and declared again.
functions() {
	awk -v builtins="$builtins" -v newer="$newer_functions" \
		-v wide_only="$wide_only" '
	function listed(name, list) {
		return index(" " list " ", " " name " ")
	}
	function emit(text, name, wide) {
		gsub(/[ \t\n]+/, " ", text)
		sub(/^ *(static inline )?/, "", text)
		sub(/;$/, "", text)
		name = text
		sub(/ *\(.*/, "", name)
		sub(/.* /, "", name)
		if (listed(name, builtins)) {
			print "USED(" name ")"
			return
		}
		wide = listed(name, wide_only)
		if (wide)
			print "#ifdef _WIN64"
		if (!listed(name, newer))
			print "NAMED(" name ")"
		print text ";"
		if (wide)
			print "#endif"
	}
	/^static inline [A-Z_a-z0-9]+$/ { type = $0; next }
	/^[A-Za-z_][A-Za-z_0-9 ]*\(/ && !/^typedef/ {
		on = 1
		declaration = type
		type = ""
	}
	on { declaration = declaration " " $0 }
	on && /\);?$/ { emit(declaration); on = 0 }'
}

# typedef TYPE (CALLBACK *NAME)(...); and enum constants.
types() {
	awk -v unspecified="$unspecified" '
	/^typedef .*\((WINAPI|CALLBACK|NTAPI) \*/ { on = 1 }
	on { text = text " " $0 }
	on && /;$/ {
		if (text !~ unspecified)
			print text
		text = ""
		on = 0
	}
	/^typedef enum/ { enumerating = 1; value = 0; next }
	enumerating && /^\}/ { enumerating = 0 }
	enumerating {
		gsub(/[ \t,]/, "")
		n = split($0, part, "=")
		if (n == 2)
			printf "SAME_VALUE(%s, %s);\n", part[1], part[2]
		else
			printf "SAME_VALUE(%s, %d);\n", part[1], value++
	}'
}

# generate HEADERS: the file of assertions and declarations.
generate() {
	plain "$1" > "$out/plain.h"
	cat <<-'END'
	#include <windows.h>
	#define SAME_VALUE(name, ours) _Static_assert( \
		(ULONG_PTR)(name) == (ULONG_PTR)(ours), #name)
	#define NAMED(name) typedef __typeof__(name) type_of_##name;
	#define USED(name) static void use_##name(void) { name(); }
	END
	constants < "$out/plain.h"
	types < "$out/plain.h"
	functions < "$out/plain.h"
}

# How much was compared; too little means that the headers were misread.
count() {
	values=$(grep -c '^SAME_VALUE' "$1")
	named=$(grep -c '^NAMED' "$1")
	callbacks=$(grep -c '^ typedef' "$1")
	test "$values" -gt 100 && test "$named" -gt 150 &&
		test "$callbacks" -gt 8
}

# compile COMPILER: both files against its <windows.h>.
compile() {
	$1 $options -c -o "$out/sdk.o" "$out/sdk.c" 2> "$out/errors" &&
	$1 $options -I"$root/ref" -c -o "$out/header.o" \
		"$root/tests/header.c" 2> "$out/errors"
}

# compile_table COMPILER: the program that names every function is one of Windows.
compile_table() {
	$1 $options -c -o "$out/table.o" \
		"$root/tests/function_table.c" 2> "$out/errors"
}

# compile_programs COMPILER: and so are these, with its own dialect of C.
compile_programs() {
	for program in workers waits timers; do
		$1 -Wall -Wextra -Werror -c -o "$out/$program.o" \
			"$root/tests/windows/$program.c" 2> "$out/errors" ||
			return
	done
}

# plant SCRIPT WORD: an edit of our headers that must be found.
plant() {
	rm -rf "$out/planted"
	mkdir -p "$out/planted/compat"
	for h in $headers; do
		sed "$1" "$root/ref/$h" > "$out/planted/$h"
	done
	generate "$out/planted" > "$out/sdk.c"
	if compile "$compiler" || ! grep -q "$2" "$out/errors"; then
		echo "header_sdk: $compiler: a planted difference in $2" \
			"is not found" >&2
		exit 1
	fi
}

self_test() {
	plant '/define ERROR_TIMEOUT/s/1460u/1461u/' ERROR_TIMEOUT
	plant 's/TP_CALLBACK_PRIORITY_HIGH,/X = 3, &/;s/X = 3, //;
		/PRIORITY_LOW,/d' TP_CALLBACK_PRIORITY_INVALID
	plant '/SubmitThreadpoolWork(/s/PTP_WORK/PTP_TIMER/' \
		SubmitThreadpoolWork
	plant '/TpSetCallbackPersistent(/s/PTP_/TP_/' TpSetCallbackPersistent
	plant '/InterlockedOr(/s/LONG Value/LONG64 Value/' InterlockedOr
	plant 's/PTP_WORK Work);/PTP_IO Work);/' PTP_WORK_CALLBACK
	plant 's/SetThreadpoolTimerEx/SetThreadpoolTimerNo/' \
		SetThreadpoolTimerNo
}

mode=compare
if [ "${1:-}" = --self-test ]; then
	mode=self_test
	shift
fi
[ $# -gt 0 ] || set -- x86_64-w64-mingw32-gcc i686-w64-mingw32-gcc
compared=0
for compiler; do
	if ! command -v "$compiler" > /dev/null; then
		echo "header_sdk: $compiler is not installed (Debian:" \
			"gcc-mingw-w64)"
		continue
	fi
	compared=1
	if [ $mode = self_test ]; then
		self_test
		echo "header_sdk: $compiler: finds what is planted"
		continue
	fi
	generate "$root/ref" > "$out/sdk.c"
	if ! count "$out/sdk.c"; then
		echo "header_sdk: only $values constants, $named functions" \
			"and $callbacks callback types found" >&2
		exit 1
	fi
	if ! compile "$compiler" || ! compile_table "$compiler" ||
	    ! compile_programs "$compiler"
	then
		cat "$out/errors" >&2
		exit 1
	fi
	echo "header_sdk: $compiler: $values constants, $named functions," \
		"$callbacks callback types as in <windows.h>"
done
[ $compared = 1 ] || echo "header_sdk: nothing was compared"

#!/bin/sh
# SPDX-License-Identifier: MIT
#
# fragments.sh - do a chapter's fragments compile, or fail to, as it says?
#
# usage: CC=... CFLAGS=... book/fragments.sh DIR
#
# DIR holds NNN.compile.c and NNN.nocompile.c, written by check.awk; NNN is the
# line of the fence.  #line makes the compiler name the chapter, not the file.

dir=$1
status=0

compile()
{
	${CC:-cc} $CFLAGS -Wno-unused -fsyntax-only -x c "$1" 2>"$dir/errors"
}

set -- "$dir"/*.c
[ -e "$1" ] || exit 0

# What the fragments include must itself compile, or every one that should not
# would be right for the wrong reason.
printf '#include "threadpool.h"\ntypedef int none;\n' >"$dir/empty"
if ! compile "$dir/empty"; then
	cat "$dir/errors" >&2
	exit 1
fi

for file in "$dir"/*.compile.c "$dir"/*.nocompile.c; do
	[ -e "$file" ] || continue
	fence=$(sed -n 's/^#line \([0-9]*\) "\(.*\)"$/\2:\1/p' "$file")
	case $file in
	*.nocompile.c)
		if compile "$file"; then
			echo "$fence: this fragment must not compile, but does" >&2
			echo "    remedy: mend it, or call it {compile}" >&2
			status=1
		fi ;;
	*)
		if ! compile "$file"; then
			echo "$fence: this fragment does not compile:" >&2
			sed 's/^/    /' "$dir/errors" >&2
			echo "    remedy: mend it, or call it {nocompile}" >&2
			status=1
		fi ;;
	esac
done
exit $status

#!/bin/sh
# install.sh - is what `make install` puts down enough?
# SPDX-License-Identifier: MIT
#
# Usage: sh tests/install.sh MAKE CC
#
# Installs into a scratch folder, and builds one program of chapter 01 with
# what pkg-config says, against the shared library and against the archive.
# Where there is a gdb that can, it asks both what their pools are doing, with
# the installed tp.gdb.

set -eu
make=$1
cc=$2
root=$PWD/build/installed
program=chapters/01-work/batch.c
rm -rf "$root"
$make --no-print-directory install DESTDIR="$root" PREFIX=/usr >/dev/null
PKG_CONFIG_SYSROOT_DIR=$root
PKG_CONFIG_LIBDIR=$root/usr/lib/pkgconfig
PKG_CONFIG_ALLOW_SYSTEM_CFLAGS=1
PKG_CONFIG_ALLOW_SYSTEM_LIBS=1
export PKG_CONFIG_SYSROOT_DIR PKG_CONFIG_LIBDIR
export PKG_CONFIG_ALLOW_SYSTEM_CFLAGS PKG_CONFIG_ALLOW_SYSTEM_LIBS
cflags=$(pkg-config --cflags threadpool)
libs=$(pkg-config --libs threadpool)

$cc -std=c11 $cflags -o "$root/shared" $program $libs
LD_LIBRARY_PATH=$root/usr/lib "$root/shared" >"$root/shared.out"
$cc -std=c11 $cflags -o "$root/static" $program \
	"$root/usr/lib/libthreadpool.a" -pthread
"$root/static" >"$root/static.out"
sort "$root/shared.out" >"$root/shared.bag"
sort "$root/static.out" | cmp - "$root/shared.bag"
test -s "$root/shared.out"

# asked FORM: what gdb is told by that program, stopped in its last call
asked() {
	debug -x "$root/usr/share/threadpool/tp.gdb" \
		-ex 'set breakpoint pending on' \
		-ex "set env LD_LIBRARY_PATH $root/usr/lib" \
		-ex 'break CloseThreadpoolWork' -ex run -ex 'tp pool' \
		"$root/$1"
}

. tests/gdb/tools.sh
test -s "$root/usr/share/threadpool/tp.gdb"
gdb='and tp.gdb is there'
if command -v gdb >/dev/null &&
    debug -ex 'with confirm off -- echo ready' | grep -q ready &&
    ! debug -ex run "$root/static" | grep -q -e ptrace -e 'Could not trace' &&
    calls "$root/static"
then
	for form in shared static; do
		asked $form >"$root/$form.gdb"
		grep -q '^default pool         open, ' "$root/$form.gdb" || {
			cat "$root/$form.gdb" >&2
			exit 1
		}
	done
	gdb='and tp.gdb asks its pool'
fi

size=$(wc -c <"$root/usr/lib/libthreadpool.so.0" | tr -d ' ')
echo "install: $program builds and runs with the installed files $gdb" \
	"(shared library: $size bytes with debug information)"

#!/bin/sh
# server.sh - gdb looks at the web server while it serves, and it goes on
# SPDX-License-Identifier: MIT
#
# Usage: sh tests/gdb/server.sh SERVER CLIENT
#
# SERVER (httpd.c of chapter 04) gets two connections from CLIENT (client.c).
# While one is idle and the other one does not take what it is sent, gdb
# attaches itself, gives the commands of the file `serving`, and lets go. Then
# the server is told to end: while it waits for the second connection, come
# the commands of `ending`. What they say is compared with server.txt; and
# all that was asked for must arrive, and the server end with status 0.
#
# For the two commands, CLIENT calls this script as
# sh tests/gdb/server.sh serving|ending DIR PID
#
# Numbers that depend on the machine are left out, and of several workers, all
# but one.

here=$(dirname "$0")
. "$here/tools.sh"

# look LIST DIR PID: what tp says in that process; DIR/LIST.out: all of gdb's
look() {
	debug -x ref/tp.gdb -p "$3" -x "$2/$1.gdb" >"$2/$1.out"
	said <"$2/$1.out" | awk '
	    /^[^ ]/ { here = 0; skip = 0 }
	    /^==/ { workers = 0 }
	    /^worker/ { skip = workers++ > 0 }
	    skip || (/^  worker/ && here++ > 0) { next }
	    {
		sub(/^worker [0-9]+ ?/, "worker ...")
		sub(/^  worker [0-9]+ ?/, "  worker ...")
		sub(/threads +[0-9]+: idle [0-9]+/, "threads ...: idle ...")
		sub(/threads [0-9]+/, "threads ...")
		sub(/^timer [0-9]+ +in/, "timer ... in")
		sub(/posted +[0-9]+/, "posted ...")
		sub(/started [0-9]+/, "started ...")
		print
	    }' >"$2/$1.said"
	grep -q '^== ' "$2/$1.said"
}

# until_so LIST DIR PID PATTERN COUNT: looks again until so many lines match,
# and no callback runs: what there is to be done on this machine has been done
until_so() {
	tries=0
	while look "$1" "$2" "$3"; do
		[ "$(grep -c "$4" "$2/$1.said")" -eq "$5" ] &&
			! grep -q -e 'running [1-9]' -e 'pending [1-9]' \
			-e 'waking [1-9]' -e 'on its way' "$2/$1.out" &&
			return
		tries=$((tries + 1))
		[ $tries -lt 100 ] || break
	done
	cat "$2/$1.out" >&2
	return 1
}

case $1 in
serving)
	# Of accepting, of the idle connection, and of the slow one.
	until_so serving "$2" "$3" '^io [123] .* more to come' 3
	exit
	;;
ending)
	kill -TERM "$3"
	until_so ending "$2" "$3" 'waits for event' 2
	exit
	;;
esac

server=$1
client=$2
dir=build/gdb/server
rm -rf $dir
mkdir -p $dir/root
commands "$here/serving" >$dir/serving.gdb
commands "$here/ending" >$dir/ending.gdb
debuggable
callable "$server"

# 64 MiB, of which the disk holds nothing: more than sockets keep.
dd if=/dev/null of=$dir/root/huge.bin bs=1048576 seek=64 2>/dev/null
mkfifo $dir/told
TP_IO=threads TP_IDLE_MS=3600000 "$server" -p 0 -c 3 -t 3600 $dir/root >$dir/told &
pid=$!
trap 'kill $pid 2>/dev/null' EXIT
read -r line <$dir/told
port=${line##*:}

debug -p $pid -ex 'echo attached\n' >$dir/trial
if grep -q -e 'ptrace: Operation not permitted' -e 'Could not attach' \
    $dir/trial; then
	# Whether it may is the system's business: no package is missing.
	echo 'gdb: web server skipped, this system lets nobody attach'
	exit 0
fi

"$client" "${port%/}" "sh '$0' serving $dir $pid" "sh '$0' ending $dir $pid" ||
	exit 1
trap - EXIT
wait $pid || {
	echo "gdb: the server has ended with status $?" >&2
	exit 1
}
cat $dir/serving.said $dir/ending.said >$dir/said
diff -u "$here/server.txt" $dir/said >&2 || {
	echo 'gdb: of the server, the commands say something else' >&2
	exit 1
}
echo "gdb: $(grep -c '^==' $dir/said) commands on the web server, 1 passed"

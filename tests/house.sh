#!/bin/sh
# house.sh - rules of the house that no compiler checks
# SPDX-License-Identifier: MIT
#
# Usage: sh tests/house.sh [DIR]
#
# 1. Dependencies run one way: ref/ includes ref/ and the system; a chapter's
#    module includes threadpool.h and engine.h; a chapter's program includes
#    threadpool.h, standard C and headers of its own folder, of which the
#    same is asked (chapter 00: these, pthreads, and explore.h); one that
#    has descriptors includes readiness.h or stream.h, and what it takes to have
#    some; one that asks what the pool does, dump.h; one that says what is
#    not on Windows, some headers of POSIX.
# 2. README.md leads to ref/README.md, which names every file of ref/.
# 3. Every file that README.md and ref/README.md name exists.
# 4. .ci/run runs the command line that README.md gives for the tests.
# 5. Lines of C are at most 80 columns wide, tabs being 8.

cd "${1:-.}" || exit 2
bad=0

object() {
	echo "house: $*" >&2
	bad=$((bad + 1))
}

# includes FILES...: lines FILE<TAB>HEADER, angle brackets kept
includes() {
	awk '/^#[ \t]*include[ \t]/ {
		header = $0
		sub(/^#[ \t]*include[ \t]*/, "", header)
		sub(/[ \t].*/, "", header)
		print FILENAME "\t" header
	}' "$@"
}

# may FILE HEADER: is this include allowed?
may() {
	name=${2#\"}
	name=${name%\"}
	case $1 in
	ref/*)
		case $name in
		'<check.h>' | */chapters/* | */tests/*) return 1 ;;
		\<*) return 0 ;;
		esac
		[ -e "ref/$name" ] || [ -e "${1%/*}/$name" ]
		;;
	chapters/01-work/work.c | chapters/02-timers/timer.c | \
	    chapters/03-waits/wait.c | chapters/04-io/io.c | \
	    chapters/05-completion/completion.c | \
	    chapters/06-pools/pools.c | \
	    chapters/07-cleanup-groups/cleanup_group.c)
		case $name in \<*) return 0 ;; esac
		[ "$name" = threadpool.h ] || [ "$name" = engine.h ]
		;;
	chapters/08-legacy/legacy.[ch] | chapters/08-legacy/work_item.c | \
	    chapters/08-legacy/registered_wait.c | \
	    chapters/08-legacy/timer_queue.c | \
	    chapters/08-legacy/bound_file.c)
		case $name in \<*) return 0 ;; esac
		[ "$name" = threadpool.h ] || [ "$name" = engine.h ] ||
			[ "$name" = legacy.h ]
		;;
	chapters/00-first-pool/*)
		case $name in \<*) return 0 ;; esac
		[ -e "chapters/00-first-pool/$name" ]
		;;
	chapters/*)
		case $name in
		'<assert.h>' | '<ctype.h>' | '<limits.h>' | '<math.h>') ;;
		'<stdatomic.h>' | '<stdbool.h>' | '<stddef.h>') ;;
		'<stdarg.h>' | '<stdint.h>' | '<stdio.h>' | '<stdlib.h>') ;;
		'<time.h>') ;;
		'<string.h>' | threadpool.h) ;;
		'<signal.h>' | '<sys/prctl.h>' | '<sys/wait.h>')
			grep -q -e '"stream.h"' -e '"not on Windows: ' "$1" ;;
		'<sys/stat.h>') grep -q '"stream.h"' "$1" ;;
		'<poll.h>' | '<sys/socket.h>' | '<unistd.h>')
			grep -q -e '"readiness.h"' -e '"stream.h"' \
			    -e '"not on Windows: ' "$1" ;;
		'<pthread.h>') grep -q '^ \* explore: must=' "$1" ;;
		readiness.h | stream.h | dump.h) ;;
		\<*) return 1 ;;
		*) [ -e "${1%/*}/$name" ] ;;
		esac
		;;
	esac
}

includes ref/*.[ch] ref/compat/*.[ch] chapters/*/*.[ch] >build/includes
while IFS='	' read -r file header; do
	may "$file" "$header" || object "$file includes $header"
done <build/includes

grep -q 'ref/README\.md' README.md || object 'README.md: no ref/README.md'
for file in ref/*.[ch] ref/compat/*.[ch] ref/*.in; do
	grep -qF "${file##*/}" ref/README.md ||
		object "ref/README.md does not name ${file##*/}"
done

# What looks like a path in backquotes must be one.
for page in README.md ref/README.md; do
	grep -o '`[A-Za-z0-9._/-]*`' $page | tr -d '`' | sort -u |
	grep -E '/|\.(c|h|md|sh)$' | grep -v '^build/' >build/named
	while read -r name; do
		[ -e "$name" ] || [ -e "ref/$name" ] ||
			[ -e "ref/compat/$name" ] ||
			object "$page names $name, which does not exist"
	done <build/named
done

grep -q 'make check' README.md || object 'README.md: no make check'
grep -q 'README.md' .ci/run || object '.ci/run does not read README.md'

awk '{
	line = $0
	width = 0
	for (i = 1; i <= length(line); i++)
		width += substr(line, i, 1) == "\t" ? 8 - width % 8 : 1
	if (width > 80)
		printf "house: %s:%d is %d columns wide\n", FILENAME, FNR, width
}' ref/*.[ch] ref/compat/*.[ch] chapters/*/*.[ch] tests/*.[ch] \
	exercises/[0-9]*/*/*.c exercises/tool/*.[ch] \
	exercises/tool/*/*.[ch] 2>/dev/null >build/wide
if [ -s build/wide ]; then
	cat build/wide >&2
	bad=$((bad + 1))
fi

echo "house: $(wc -l <build/includes | tr -d ' ') includes looked at," \
	"$bad objections"
[ $bad -eq 0 ]

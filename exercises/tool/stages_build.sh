# SPDX-License-Identifier: MIT
#
# stages_build.sh - from an answer's file to programs: integrity, source, build
#
# Part of stages.sh, which says what all of this shares.

# Every file of the folder, but for the list itself, with its checksum.
sums_of()
(
	cd "$1" && find . -type f ! -name sums -exec cksum {} + | LC_ALL=C sort
)

# Are the files of an overlay those of the list that vary has written?
overlay_as_listed()
{
	sums_of "$dir" | cmp -s - "$dir/sums" && return
	record integrity - fail "the overlay's files are not those of its \
list of checksums; to grade all the same: --edited"
	return 1
}

# In a handout, exercises/sums says what the files were when it was packed.
edited_handout()
{
	awk -v dir="$dir/" -v tool="$tool/" '
	    index($3, dir) == 1 || index($3, tool) == 1' exercises/sums \
	    > "$out/sums"
	cksum $(awk '{ print $3 }' "$out/sums") 2> /dev/null |
	    diff "$out/sums" - | awk '/^</ { print $4 }' | head -n 3
	rm -f "$out/sums"
}

# Are the question's files those of the repository?
stage_integrity()
{
	if [ -n "$EDITED" ]; then
		record integrity - skip 'not asked for'
	elif [ "$dir" != "exercises/$ex" ] && [ ! -f "$dir/sums" ]; then
		record integrity - skip 'an overlay without a list of checksums'
	elif [ "$dir" != "exercises/$ex" ] && ! overlay_as_listed; then
		return 1
	elif [ -f exercises/sums ]; then
		changed=$(edited_handout)
		[ -z "$changed" ] && { record integrity - pass; return; }
		record integrity - fail "the question's own files were edited \
($(echo $changed)); to grade all the same: --edited"
		return 1
	elif ! git rev-parse --is-inside-work-tree > /dev/null 2>&1; then
		record integrity - skip 'nothing to compare with: no git here'
	else
		changed=$(git diff --name-only HEAD -- "$dir" $tool | head -n 3)
		[ -z "$changed" ] && { record integrity - pass; return; }
		record integrity - fail "the question's own files were edited \
($(echo $changed)); to grade all the same: --edited"
		return 1
	fi
}

# file_rule: what keeps a file from being read as source.
file_rule()
{
	if [ ! -s "$answer" ]; then
		echo 'the file is empty'
	elif [ "$(wc -c < "$answer")" -gt 1048576 ]; then
		echo 'the file has more than 1 MiB'
	elif ! LC_ALL=C tr -d '\000-\010\016-\037\177' < "$answer" |
	    cmp -s - "$answer"; then
		echo 'the file has control characters in it, as no text has'
	fi
}

# The question's own answers may include one another.
stage_source()
{
	ours=
	case $answer in "$dir"/*) ours=1 ;; esac
	rule=$(file_rule)
	[ -n "$rule" ] || rule=$(LC_ALL=C awk -v own="$ours" \
	    -v forbid="$(field forbid | tr '\n' ' ')" \
	    -f $tool/source.awk "$answer")
	[ -z "$rule" ] && { record source - pass; return; }
	record source - fail "$rule"
	return 1
}

# limited COMMAND...: a compiler that may not use up the machine.
limited()
(
	ulimit -H -t 130 2> /dev/null
	ulimit -S -t 120 2> /dev/null
	ulimit -v 1048576 2> /dev/null
	ulimit -f 131072 2> /dev/null
	LC_ALL=C "$@" < /dev/null
) 2>&1

# compile VARIANT FLAGS: the answer's object and the table of checks. Of the
# answer's path nothing is left in what an assertion says.
compile()
{
	variant=$1
	shift
	include="-I$dir -Iref"
	[ "$kind" = K ] && include="$include -I$tool"
	limited $CC -std=c11 -D_POSIX_C_SOURCE=200809L -Wall -Wextra -Werror \
	    -g -pthread "$@" "-fmacro-prefix-map=${answer%/*}/=" $called \
	    $include -S -o "$out/$variant.s" "$answer" > "$out/compiler.txt" &&
	    limited $CC -c -o "$out/$variant.o" "$out/$variant.s" \
	    > "$out/compiler.txt" || return 1
	$CC -std=c11 -g -I$tool -c -o "$out/$variant-checks.o" "$out/checks.c"
}

# link VARIANT FLAGS PROGRAM [OBJECT]
link()
{
	if [ "$1" = explore ] || { [ "$1" = asan ] && astray; }; then
		link_explored "$@"
		return
	fi
	limited $CC -pthread $2 -o "$3" "$out/$1.o" "$out/$1-checks.o" \
	    $(objects "$1") $4 $WRAPS > "$out/compiler.txt"
}

# Of a suite with a clock, the object that leaves the time to the explorer.
explored_objects()
{
	objects "$1" | sed "s|^build/$1/\(.*/clock\.o\)\$|build/explore/\1|"
}

# Joined first, so that the explorer may wrap the same calls behind watch.c.
link_explored()
{
	options=
	[ "$1" = asan ] && options=-fsanitize=address
	limited $CC -r -nostdlib $WRAPS -o "$3.join" "$out/$1.o" \
	    "$out/$1-checks.o" $(explored_objects "$1") $4 > "$out/compiler.txt" &&
	    objcopy --wildcard --localize-symbol='__wrap_*' "$3.join" &&
	    limited $CC -pthread -no-pie $options -o "$3" "$3.join" $EXPLORER \
	    $EXPLORE_WRAPS > "$out/compiler.txt" &&
	    rm "$3.join"
}

# link_all VARIANT FLAGS: every program that is needed of one variant.
link_all()
{
	if [ "$kind" != K ]; then
		link "$1" "$2" "$out/$1"
		return
	fi
	for pool in $(items 'accept|kill'); do
		wanted "$pool" || continue
		link "$1" "$2" "$out/$1-$pool" "build/$1/$dir/pools/$pool.o" ||
		    return 1
	done
}

build()
{
	compile "$1" $2 && link_all "$1" "$2"
}

# Does the object keep to the rules, as the source does?
object_rule()
{
	names=build/exercises/explored.nm
	[ -n "$(items 'schedules|race')" ] && [ -z "$no_explorer" ] ||
	    names=build/exercises/tool.nm
	if grep -q -e '^[[:blank:]]*[#@]APP' \
	    -e '^[[:blank:]#@]*InlineAsm Start' "$out/obj.s"; then
		echo 'it has assembler instructions in it: an answer is in C'
		return
	fi
	nm -P "$out/obj.o" > "$out/answer.nm" 2> /dev/null
	objdump -h "$out/obj.o" > "$out/sections"
	awk -v forbid="$(field forbid | tr '\n' ' ')" -f $tool/object.awk \
	    $names "$out/answer.nm" "$out/sections"
	rm -f "$out/answer.nm" "$out/sections"
}

stage_build()
{
	awk -v want=table -f $tool/manifest.awk "$dir/manifest" > "$out/checks.c"
	rule=
	if compile obj -O2 && rule=$(object_rule) && [ -z "$rule" ] &&
	    { [ -n "$no_checks" ] || link_all obj -O2; }; then
		record build - pass
		return
	fi
	fault=fail
	grep -q '^[^:]*: [a-z ]*error: .*Killed' "$out/compiler.txt" && fault=error
	[ -n "$rule" ] ||
	    rule=$(awk -f $tool/compiler.awk "$out/compiler.txt")
	record build - $fault "$rule"
	return 1
}

# Sets exploring if the answer can be explored.
build_explored()
{
	exploring=
	[ -n "$(items 'schedules|race')" ] && [ -z "$no_explorer" ] || return 0
	printf '%s\n' "$answer" > "$out/explored"
	build explore "$EXPLORE_FLAGS" && exploring=1 && return
	for one in $(items 'schedules|race'); do
		record "$one" "$one" error "it does not build with the \
explorer: $(awk -f $tool/compiler.awk "$out/compiler.txt")"
	done
	return 1
}

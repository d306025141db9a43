#!/bin/sh
# run.sh - does the test that a mutant names find its bug?
# SPDX-License-Identifier: MIT
#
# Usage: sh tests/mutants/run.sh NAME...	kill these
#        sh tests/mutants/run.sh --native RUNS NAME...
#        sh tests/mutants/run.sh --matrix NAME...
#
# The Makefile calls it, with what it needs to compile and link in the
# environment: CC, CPPFLAGS, CFLAGS, WRAP and LIBS; PARTS, of which every suite
# consists besides its own; and EXPLORE_CFLAGS, EXPLORE_WRAP and EXPLORER,
# which an explored one needs.
#
# The first form compiles the one file that the mutant changes, links the
# suite with it, runs the one test, and writes the outcome as a line of
# build/mutants/NAME/verdict. The second runs it that many times without the
# explorer, and counts the runs that failed. The third prints the verdicts as
# the kill matrix; it fails if a mutant lives.
#
# A mutant that cannot be applied, compiled, linked or believed (the test
# fails without it, too) ends the script with status 2.

here=tests/mutants
build=build/mutants
runs=20			# of a test that finds the bug without the explorer
executions=2000		# of one that needs it
export CK_TIMEOUT_MULTIPLIER=0.05	# a hang is one after 30 seconds
export CK_VERBOSITY=normal

stop() {
	echo "mutant $name: $*" >&2
	exit 2
}

# field NAME: what the head of the mutant says
field() {
	sed -n -e '/^--- old$/q' -e "s/^$1: //p" "$here/$name.mutant"
}

# ---- What the mutant is ----

# parts FILE: of a suite: it, and the suites that it includes
parts() {
	echo "tests/$1"
	for part in $(sed -n 's|^#include "\(test_.*\.c\)"$|\1|p' \
	    "tests/$1"); do
		parts "$part"
	done
}

read_mutant() {
	name=$1
	[ -e "$here/$name.mutant" ] || stop 'there is no such mutant'
	dir=$build/$name
	file=$(field file)
	suite=$(field kill)
	test=${suite#*/}
	suite=${suite%/*}
	how=$(field how)
	message=$(field message)
	seen=$(field seen)
	options=$(field options)
	[ -e "$file" ] || stop "no file $file"
	[ -e "tests/test_$suite.c" ] || stop "no suite $suite"
	grep -q "^START_TEST($test)\$" $(parts "test_$suite.c") ||
		stop "no test $test in the suite $suite"
	case $how:$message in
	native:* | explored:?*) ;;
	*) stop 'how, and with which verdict?' ;;
	esac
	rm -rf "$dir"
	mkdir -p "$dir"
}

# ---- Making it ----

mutate() {
	awk -v file="$file" -f $here/apply.awk "$here/$name.mutant" \
		"$file" >"$dir/${file##*/}" || exit 2
}

# objects FOLDER: of the suite, the mutated one in its place
objects() {
	echo "build/$1/tests/test_$suite.o"
	for part in $PARTS; do
		case $part in
		"${file%.c}") echo "$dir/mutated.o" ;;
		*) echo "build/$1/$part.o" ;;
		esac
	done
}

# plugins FOLDER: what the suite loads is looked for beside it
plugins() {
	for plugin in build/$1/suite/*.so; do
		[ ! -e "$plugin" ] || cp "$plugin" "$dir"
	done
}

# No warning is forgiven: a maintainer's mistake has passed the compiler.
make_native() {
	$CC $CPPFLAGS "-I${file%/*}" $CFLAGS -c -o "$dir/mutated.o" \
		"$dir/${file##*/}" || stop 'it does not compile'
	$CC -r -nostdlib $WRAP -o "$dir/joined.o" $(objects obj) &&
	$CC $CFLAGS -o "$dir/suite" "$dir/joined.o" $LIBS ||
		stop 'it cannot be linked'
	plugins obj
}

make_explored() {
	$CC $CPPFLAGS "-I${file%/*}" -Itests/explore $CFLAGS $EXPLORE_CFLAGS \
		-c -o "$dir/mutated.o" "$dir/${file##*/}" ||
		stop 'it does not compile'
	$CC -r -nostdlib $WRAP -o "$dir/joined.o" $(objects explore) &&
	objcopy --wildcard --localize-symbol='__wrap_*' "$dir/joined.o" &&
	$CC -pthread -no-pie -o "$dir/suite" "$dir/joined.o" $EXPLORER \
		$EXPLORE_WRAP $LIBS || stop 'it cannot be linked'
	plugins explore
}

# ---- Running its test ----

# The test must pass without the mutant, or its failure says nothing.
believe_native() {
	TEST_ONLY=$test "build/obj/suite/$suite" >"$dir/without.log" 2>&1 ||
		stop "$suite/$test fails without it: $dir/without.log"
}

# once: runs the test; true if it failed, and as the mutant says
once() {
	TEST_ONLY=$test "$dir/suite" >"$dir/log" 2>&1 && return 1
	grep -q ":[FES]:[a-z]*:$test:" "$dir/log" ||
		stop "ended without a verdict of Check: $dir/log"
	[ -z "$message" ] || grep -qF -- "$message" "$dir/log" ||
		stop "failed for another reason: $dir/log"
}

native() {
	believe_native
	make_native
	found='-'
	n=0
	while [ $found = - ] && [ $n -lt $runs ]; do
		n=$((n + 1))
		if once; then found=$n; fi
	done
	verdict "$found" "run $n of $runs"
}

# explore PROGRAM RUNS LOG: its closing line goes to $closing
explore() {
	TEST_ONLY=$test EXPLORE="runs=$2 $options" "$1" >"$3" 2>&1
	status=$?
	closing=$(sed -n 's/^explore: \([0-9]* execution.*\)/\1/p' "$3" |
		tail -n 1)
	[ $status -le 1 ] && [ -n "$closing" ] ||
		stop "the explorer came to no verdict: $3"
}

# The explorer runs the same test, under schedules of its own. As many
# executions, with the same seeds, must pass without the mutant.
explored() {
	make_explored
	explore "$dir/suite" $executions "$dir/log"
	if [ $status -eq 0 ]; then
		verdict - "${closing%%,*}"
		return
	fi
	found=$closing
	as=
	for word in $message; do
		case $found in *" failing: $word: "*) as=$word ;; esac
	done
	[ -n "$as" ] || stop "failed otherwise: $found: $dir/log"
	explore "build/explore/suite/$suite" "${found%% *}" \
		"$dir/without.log"
	[ $status -eq 0 ] ||
		stop "$suite/$test fails without it: $dir/without.log"
	verdict "$found" "${found%%,*}: $as"
}

# verdict FOUND WHEN: one line of the matrix; FOUND is - if nothing was
verdict() {
	words=dead
	[ "$1" != - ] || words=LIVES
	printf '%s\t%s\t%s\t%s\t%s\t%s\t%s\n' "$name" "$file" \
		"$suite/$test" "$how" "$words" "$2" "$seen" >"$dir/verdict"
	echo "mutant $name: $words ($2)"
}

kill_mutant() {
	read_mutant "$1"
	mutate
	$how
}

# ---- Does one need the explorer? ----

# Any failure counts here, not only that for which the mutant is known.
count_native() {
	read_mutant "$1"
	mutate
	make_native
	failed=0
	n=0
	while [ $n -lt "$2" ]; do
		n=$((n + 1))
		TEST_ONLY=$test "$dir/suite" >"$dir/log" 2>&1 || {
			failed=$((failed + 1))
			cp "$dir/log" "$dir/log.$failed"
		}
	done
	printf '%s\t%d\t%d\n' "$name" $failed "$2" >"$dir/native"
	echo "mutant $name: $failed of $2 native runs of $test failed"
}

# summary NAME...: how many of them no run has found
summary() {
	for name in "$@"; do cat "$build/$name/native"; done | awk -v runs="$times" '
	$2 == 0 { unseen++ }
	END {
		printf "%d of %d mutants stayed unseen in %d native runs\n", \
			unseen, NR, runs
		exit unseen < 8
	}'
}

# ---- The matrix ----

matrix() {
	for name; do
		cat "$build/$name/verdict" || stop 'has no verdict'
	done >$build/matrix.tsv
	awk -F '\t' '
	$5 == "LIVES" { lives++ }
	{
		printf "%-36s %s\n", $1, $2
		printf "    %s by %s\n", $5, $3
		printf "    %s, %s%s\n", $4, $6, $7 == "" ? "" : \
			"; seen in " $7
	}
	END {
		printf "%d mutants, %d dead, %d alive\n", NR, NR - lives, lives
		exit lives > 0
	}' $build/matrix.tsv
}

case $1 in
--matrix)
	shift
	matrix "$@"
	;;
--native)
	times=$2
	shift 2
	for mutant; do count_native "$mutant" "$times"; done
	summary "$@"
	;;
*)
	for mutant; do kill_mutant "$mutant"; done
	;;
esac

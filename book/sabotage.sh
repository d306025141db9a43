#!/bin/sh
# SPDX-License-Identifier: MIT
#
# sabotage.sh - does the book notice when it is wrong?
#
# Copies a small book (fixture/) into a scratch folder, with the real tools and
# the real section of the Makefile, and breaks one thing at a time.  Each time
# the build must stop, with a message that names the chapter, the line and a
# remedy.  First of all the unbroken book must build, or the rest shows nothing.

set -u
cd "$(dirname "$0")/.." || exit 1
scratch=$(mktemp -d) || exit 1
trap 'rm -rf "$scratch"' EXIT
trap 'exit 1' HUP INT TERM
base=$scratch/base
book=$scratch/book
chapter=chapters/01-small/chapter.md
passed=0
failed=0

cp -R book/fixture "$base"
cp book/*.awk book/*.lua book/*.html book/*.css book/*.js book/epub* \
	book/run.sh book/fragments.sh "$base/book" 2>/dev/null
cp tests/rules.sh "$base/tests"
explorer=$(ls "$PWD"/build/explorer/tests/explore/*.o | grep -v wrap_check)
{
	cat book/fixture/prologue.mk
	echo "EXPLORER_OBJECTS =" $explorer
	echo "EXPLORE_WRAP = $EXPLORE_WRAP"
	awk '/^# --- / { ours = /The book/ } ours' Makefile
} >"$base/Makefile"

build()
{
	MAKEFLAGS= make -C "$1" "$2" >"$scratch/out" \
		2>"$scratch/err"
}

verdict()
{
	if [ "$1" = ok ]; then
		passed=$((passed + 1))
		echo "ok      $2"
	else
		failed=$((failed + 1))
		echo "FAILED  $2: $3"
		sed 's/^/        /' "$scratch/err"
	fi
}

# sabotage WHAT FILE SED LINE WORDS
#
# Edits FILE of a fresh copy with the sed script.  The build must then complain
# of the chapter's first line that matches LINE (a number, or $ for the last),
# in WORDS, and name a remedy.
sabotage()
{
	rm -rf "$book"
	cp -pR "$base" "$book"
	sed "$3" "$base/$2" >"$book/$2"
	if cmp -s "$base/$2" "$book/$2"; then
		verdict no "$1" "the sabotage itself changed nothing"
		return
	fi
	line=$(sed -n "$4{=;q;}" "$book/$chapter")
	if build "$book" build/book/ast/01-small.json; then
		verdict no "$1" "the build went on"
	elif ! grep -q -- "^$chapter:$line: .*$5" "$scratch/err"; then
		verdict no "$1" "no \"$chapter:$line: ... $5\" in"
	elif ! grep -q 'remedy: ' "$scratch/err"; then
		verdict no "$1" "no remedy in"
	else
		verdict ok "$1"
	fi
}

text()
{
	sabotage "$1" $chapter "$2" "$3" "$4"
}

if build "$base" site && [ -s "$base/build/book/site/01-small.html" ]; then
	verdict ok 'the unbroken book builds'
else
	verdict no 'the unbroken book builds' 'it does not'
fi

text 'a wrong number in an output' \
	's/^10$/11/' '/^11$/' 'not what .*small.c prints'
text 'a line too many in an output' \
	's/^10$/&\n11/' '/^11$/' 'not what .*small.c prints'
text 'a line too few in an output' \
	'/^3 + 4$/d' '/^10$/' 'not what .*small.c prints'
text 'lines of an output in another order' \
	'/^given$/d; s/^taken$/&\ngiven/' '/^taken$/' 'not what .*pair.c prints'
text 'an output of an unknown program' \
	's/{output=.*small.c/{output=chapters\/01-small\/none.c/' \
	'/output=/' 'was not run'
sabotage 'a program that prints something else' chapters/01-small/small.c \
	's/%d + %d/%d plus %d/' '/^1 + 2$/' 'not what .*small.c prints'
sabotage 'a program that fails' chapters/01-small/small.c \
	's/return 0/return 3/' '/output=/' 'fails in the execution that the book shows'
sabotage 'a program that hangs' chapters/01-small/small.c \
	's/return 0;/for (;;) ;/' '/output=/' \
	'fails in the execution that the book shows'
sabotage 'a program that passes natively, and fails when explored' \
	chapters/01-small/pair.c \
	's/	while (items == 0)/	int none = items == 0;\n	pthread_mutex_unlock(\&lock);\n	pthread_mutex_lock(\&lock);\n	if (none)/' \
	'/output=.*pair/' 'fails under some schedule: deadlock'
sabotage 'a repair that does not repair' chapters/01-small/pair.c \
	'/pthread_cond_signal/d' '/output=.*pair/' 'fails under some schedule'
sabotage 'a break that does not break any more' chapters/01-small/broken.c \
	's/if (empty)/while (empty > 0 ? items == 0 : 0)/' '/deadlock=/' \
	'must end in deadlock, but: pass'
sabotage 'a break that breaks otherwise' chapters/01-small/racing.c \
	's/must=race/must=livelock/' '/race=/' 'must end in livelock, but: race'
sabotage 'a leak that is mended' chapters/01-small/leaking.c \
	's/return 0/free(block);\n	return 0/' '/leak=/' \
	'must end in leftover, but: pass'
sabotage 'words that the explorer does not know' chapters/01-small/pair.c \
	's/runs=300/walks=300/' '/output=.*pair/' 'fails in the execution'
text 'a wrong line in an interleaving' \
	's/signal changed/signal chained/' '/signal chained/' \
	'not what .*broken.c ends in'
text 'another verdict than there was' \
	's/{race=/{deadlock=/' '/deadlock=.*racing/' \
	'does not end in deadlock, but: race'
text 'another number of executions' \
	's/^300 executions/3000 executions/' '/^3000 executions/' \
	'not what .*pair.c comes to'
text 'a broken program that is to have passed' \
	's/{explored=.*}/{explored=chapters\/01-small\/racing.c}/' '/explored=/' \
	'does not pass, but: race'
sabotage 'a timeline that is out of date' chapters/01-small/traced.c \
	's/20000.0/30000.0/' '/^20 ms/' 'not what .*traced.c does'
text 'a timeline of what has none' \
	's/{timeline=.*}/{timeline=chapters\/01-small\/pair.c}/' '/timeline=/' \
	'no timeline'
text 'a quote of an unknown function' \
	's/#add}/#subtract}/' '/quote=.*subtract/' 'no function'
text 'a quote from an unknown file' \
	's/quote=ref\/threadpool.h/quote=ref\/none.h/' '/none.h/' 'no file'
sabotage 'quoted code that drifted' chapters/01-small/small.c \
	's/return a + b;/return b + a;/' '/return a + b/' 'not .*add any more'
sabotage 'a quoted comment that drifted' chapters/01-small/small.c \
	's/Adds, and/Adds and/' '/Adds, and/' 'not .*add any more'
sabotage 'a quoted line that is too wide' chapters/01-small/small.c \
	's/return a + b;/return a + b;\t\t\t\t\t\t\t\t\/* sum *\//' \
	'/small.c#add/' 'wider'
text 'an unknown label' \
	's/#<fields>/#<field>/' '/#<field>/' 'no label'
sabotage 'a label that is never closed' ref/threadpool.h \
	'/\[end\]/d' '/#<fields>/' 'never closed'
text 'a link to a missing section' \
	's/(#rules-and-boxes)/(#rules-and-box)/' '/#rules-and-box)/' \
	'no section'
text 'a link to a missing file' \
	's/ref\/threadpool.h)/ref\/poolthread.h)/' '/poolthread/' 'no file'
text 'a link to a missing section of another page' \
	's/^What it prints/[x](..\/..\/book\/glossary.md#deep) &/' \
	'/glossary.md/' 'no section or line #deep'
text 'an unknown rule in a box' \
	's/Rule SMALL-01/Rule SMALL-09/' '/SMALL-09/' 'no rule SMALL-09'
text 'an unknown rule in the text' \
	's/same rule, SMALL-01/same rule, SMALL-09/' '/SMALL-09/' \
	'no rule SMALL-09'
text 'a rule without a test' \
	's/same rule, SMALL-01/same rule, SMALL-02/' '/SMALL-02/' \
	'no test verifies'
sabotage 'a rule whose test failed' tests/small.tap \
	's/^ok \(.*\)Passed/not ok \1Assertion failed/' '/Rule SMALL-01/' \
	'SMALL-01 failed'
sabotage 'a rule whose test did not run' tests/small.tap \
	'd' '/Rule SMALL-01/' 'did not run'
text 'a link to a test that does not exist' \
	's/\[`one_and_two/[`one_and_nine/' '/\[`one_and_nine/' \
	'no test one_and_nine_are_three'
sabotage 'a link to a test that failed' tests/small.tap \
	's/^ok \(.*\)Passed/not ok \1Assertion failed/' \
	'/\[`one_and_two/' 'test one_and_two_are_three failed'
sabotage 'a link to a test that did not run' tests/small.tap \
	'd' '/\[`one_and_two/' 'one_and_two_are_three did not run'
text 'the text of a rule that drifted' \
	's/^> gives `3`/> gives `4`/' '/Rule SMALL-01/' 'differs from'
text 'a box that runs on' \
	's/^> gives/gives/' '/^gives/' 'runs on'
text 'a box that begins wrongly' \
	's/Exercise S1\.\*\*/Exercise S1:**/' '/Exercise S1/' 'no known way'
text 'an exercise with other points than its manifest' \
	's/★★ 5/★★ 6/' '/Exercise S1/' 'differs from'
text 'an exercise without a manifest' \
	's/Exercise S1/Exercise S2/' '/Exercise S2/' 'no exercise S2'
text 'an exercise that the chapter forgets' \
	'/Exercise S1/,/opposite/d' '$' 'exercise S1 .* not in'
text 'a quick quiz without an answer' \
	'/^\*\*Quick quiz 1/d' '/> \*\*Quick quiz 1/' 'no answer'
text 'an answer without a quick quiz' \
	's/^\*\*Quick quiz 1/**Quick quiz 2. No.**\n\n&/' \
	'/^\*\*Quick quiz 2/' 'not asked'
text 'a fence without a kind' \
	's/{shell}//' '/^```sh/' 'without a kind'
text 'a fence that is never closed' \
	'$s/$/\n\n```c {compile=open}/' '/compile=open/' 'never closed'
text 'a fragment that does not compile' \
	's/struct counters zero/struct counter zero/' '/struct counter zero/' \
	'does not compile'
text 'a fragment that compiles, but must not' \
	's/"not a number"/0/' '/int n/' 'must not compile'
text 'a link to a line behind the end of a file' \
	's/threadpool.h)/threadpool.h#L99)/' '/#L99/' 'no section or line #L99'
text 'a fragment of an unknown kind' \
	's/{compile=body}/{compile=half}/' '/compile=half/' 'no {compile=half}'
text 'a second title' \
	's/^## Rules/# Rules/' '/^# Rules/' 'second title'

text 'a table whose column has no heading' \
	's/^What it prints/| | a |\n|---|---|\n| b | c |\n\n&/' '/^| | a/' \
	'no heading'

# A file that is gone is newer than nothing; it must be missed all the same.
rm -rf "$book"
cp -pR "$base" "$book"
rm "$book/ref/threadpool.h"
if ! build "$book" build/book/ast/01-small.json &&
    grep -q 'no file ref/threadpool.h' "$scratch/err"; then
	verdict ok 'a quoted file that was deleted'
else
	verdict no 'a quoted file that was deleted' 'not missed'
fi

# A lost wake-up, planted in the pool itself, is caught by a chapter's program.
planted()
{
	awk -v file=ref/quiet.c -f tests/mutants/apply.awk \
		"tests/mutants/$1.mutant" ref/quiet.c >"$scratch/quiet.c" &&
		$COMPILE -c -o "$scratch/quiet.o" "$scratch/quiet.c" || return
	set -- "$scratch/quiet.o" build/explore/chapters/01-work/concurrent.o
	for part in $SOURCES; do
		[ "$part" = ref/quiet ] || set -- "$@" "build/explore/$part.o"
	done
	$LINK -o "$scratch/concurrent" "$@" $explorer $EXPLORE_WRAP || return
	! sh book/run.sh "$scratch/concurrent" 01-work/concurrent \
		"$scratch/concurrent.out"
}

if planted waiter_links_itself_late 2>"$scratch/err" &&
    grep -q '^chapters/01-work/chapter.md:.*: deadlock' "$scratch/err" &&
    grep -q 'remedy: ' "$scratch/err"; then
	verdict ok 'a lost wake-up planted in the pool'
else
	verdict no 'a lost wake-up planted in the pool' 'not caught'
fi

# And what drifted, make refresh brings back.
rm -rf "$book"
cp -pR "$base" "$book"
sed 's/%d + %d/%d plus %d/' "$base/chapters/01-small/small.c" \
	>"$book/chapters/01-small/small.c"
sed 's/Adding 1/Adding  one/; s/^10$/12/' "$base/$chapter" >"$book/$chapter"
if ! build "$book" build/book/ast/01-small.json && build "$book" refresh &&
    build "$book" build/book/ast/01-small.json; then
	verdict ok 'make refresh brings quotes, outputs and rules up to date'
else
	verdict no 'make refresh' 'it left something behind'
fi

echo "$passed passed, $failed failed"
[ $failed -eq 0 ]

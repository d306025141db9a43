#!/bin/sh
# SPDX-License-Identifier: MIT
#
# learner.sh - tests of what is for somebody who learns alone
#
# usage: exercises/tool/selftest/learner.sh [--all]
#
# In a copy of the project with three small exercises, made of the grader's
# own: 01-first/twice (Q1), 01-first/count (Q2) and 02-second/twice (Q3). With
# --all, every mutant of two real exercises is graded here, too: minutes.
# Nothing is a matter of time: what is waited for is a line or a process.

cd -P "$(dirname "$0")/../../.." || exit 3
. exercises/tool/selftest/learner_watch.sh
project=$PWD
own=exercises/tool/selftest
tab=$(printf '\t')
tests=0
faults=0
scratch=$(mktemp -d) || exit 3
scratch=$(cd -P "$scratch" && pwd)
copy=$scratch/copy
said=$scratch/said
trap 'trap "" HUP INT TERM; end_all; rm -rf "$scratch"' EXIT
trap 'exit 3' HUP INT TERM

# expect WORDS COMMAND...: the command must succeed.
expect()
{
	claim=$1
	shift
	tests=$((tests + 1))
	"$@" && return
	echo "learner: not so: $claim"
	faults=$((faults + 1))
	[ ! -s "$said" ] || sed 's/^/    /' "$said"
}

not()
{
	! "$@"
}

# grade ARGUMENTS...: in the copy; what it says is in $said.
grade()
{
	(cd "$copy" && exercises/grade "$@") > "$said" 2>&1 < /dev/null
}

status_is()
{
	wanted=$1
	shift
	grade "$@"
	[ $? -eq "$wanted" ]
}

# says WORDS...: each of them is in what the last command said.
says()
{
	for words in "$@"; do
		grep -q -F -e "$words" "$said" || return 1
	done
}

# answer EX FILE: what the learner has written.
answer()
{
	mkdir -p "$copy/answers/${1%/*}"
	cp "$2" "$copy/answers/$1.c"
}

# new_exercise EX ID FROM
new_exercise()
{
	mkdir -p "$copy/exercises/${1%/*}"
	cp -Rp "$own/$3" "$copy/exercises/$1"
	sed "s/^id .*/id $2/" "$own/$3/manifest" \
	    > "$copy/exercises/$1/manifest"
}

# Compiled here, and copied with the times of the files: make sees that there
# is nothing left to do.
make_copy()
{
	exercises/grade check --edited tool/selftest/exploring > "$said" 2>&1
	mkdir -p "$copy/exercises" "$copy/build/exercises"
	chmod 755 "$scratch"
	cp -Rp Makefile ref chapters tests book "$copy"
	cp -Rp exercises/grade exercises/tool "$copy/exercises"
	new_exercise 01-first/twice Q1 fixture
	new_exercise 01-first/count Q2 exploring
	new_exercise 02-second/twice Q3 fixture
	for part in obj asan explore; do
		mkdir -p "$copy/build/$part/exercises"
		cp -Rp "build/$part/exercises/tool" \
		    "$copy/build/$part/exercises"
	done 2> /dev/null
	cp -Rp build/explorer "$copy/build" 2> /dev/null
	cp -p build/exercises/run "$copy/build/exercises" 2> /dev/null
	answer 01-first/twice $own/fixture/stub.c
	status_is 0 check --strict 01-first/count \
	    $own/exploring/correct/locks.c && rm -rf "$copy/answers" \
	    "$copy/build/exercises/01-first" && return
	cat "$said"
	exit 3
}

first_page()
{
	grade next
	expect 'the first page says what is meant to fail' \
	    says 'This is meant to fail' 'a stub' 'promised:'
	expect 'and what comes first, why, and how to begin' \
	    says 'Q1' 'it is the first of all' \
	    'exercises/01-first/twice/README.md' \
	    '    exercises/grade reset 01-first/twice' \
	    '    exercises/grade watch 01-first/twice'
	grade reset 01-first/twice
	grade next
	expect 'the second time there is no first page' \
	    not says 'This is meant to fail'
	expect 'but what was begun' says 'you have begun, and not graded' \
	    'the next one is 01-first/count'
}

# names NAME FOLDER
names()
{
	grade hint "$1"
	says "nothing of $2 has been graded"
}

exercise_names()
{
	for name in 02-second/twice exercises/02-second/twice/ Q3 q3 \
	    ./02-second/twice answers/02-second/twice.c; do
		expect "$name is 02-second/twice" names $name 02-second/twice
	done
	expect 'count is 01-first/count' names count 01-first/count
	expect 'a name of two: 2' status_is 2 hint twice
	expect 'and which they are' \
	    says 'several' '01-first/twice, 02-second/twice'
	expect 'no such name: 2' status_is 2 check 01-first/cuont
	expect 'and what may be meant' \
	    says "no exercise '01-first/cuont'" \
	    'Did you mean 01-first/count?'
	grade check coun
	expect 'also of the bare name' says 'Did you mean 01-first/count?'
	grade check something-else-altogether
	expect 'nothing near: no proposal' not says 'Did you mean'
}

# line_of EX WORDS: the exercise's line of list.
listed()
{
	grade list
	awk -v chapter="${1%/*}" -v name="${1#*/}" '
	    /^[0-9]/ { now = $1 }
	    now == chapter && $3 == name' "$said" |
	    grep -q -F -e "$2"
}

lists()
{
	expect 'list: begun' listed 01-first/twice '- of 2, begun'
	expect 'list: not begun' listed 02-second/twice '- of 2'
	grade check 01-first/twice
	expect 'list: the stub was graded' listed 01-first/twice '0 of 2'
	answer 01-first/twice $own/fixture/mutant/positive.c
	expect 'list: changed since' listed 01-first/twice '0 of 2, changed'
	grade check 01-first/twice
	expect 'list: graded again' listed 01-first/twice '1 2/3 of 2'
	grade check 02-second/twice $own/fixture/correct/add.c
	expect 'list: done' listed 02-second/twice '2 of 2, done'
	expect 'list: which file that was, if not the answer' \
	    says "that is $own/fixture/correct/add.c"
	grade progress
	expect 'progress: by chapter' \
	    grep -q '^01-first  *0 of 2  done .* 1 2/3 of 4 ' "$said"
	expect 'progress: a bar' says '[########............]'
	expect 'progress: of a chapter that is done, a full one' \
	    grep -q '^02-second  *1 of 1 .*\[####################\]' "$said"
	expect 'progress: in all, stars, what is left' says ' 3 2/3 of 6 ' \
	    'Stars: 1 of 3.' 'Left:  2 of 3 exercises.'
	echo >> "$copy/answers/01-first/twice.c"
	grade progress
	expect 'progress: what was changed since' \
	    says 'Changed since they were graded' '01-first/twice  1 2/3 of 2'
	grade next
	expect 'next: what was changed since' \
	    says 'you have changed your answer since'
	answer 01-first/twice $own/fixture/correct/add.c
	grade check 01-first/twice
	grade next
	expect 'next: after what is done' says 'Q2' \
	    'it comes after what you have done'
}

# rung N: hints up to N are given, and not the next.
rung()
{
	for number in 1 2 3; do
		grep -q "^$number\\. " "$said" || break
		given=$number
	done
	[ "$given" -eq "$1" ]
}

hints()
{
	answer 01-first/twice $own/fixture/mutant/three.c
	grade hint 01-first/twice
	expect 'hint: nothing fails in the last grading' says 'Nothing fails'
	grade check 01-first/twice
	expect 'the report does not give the mistake away' not says 'gives 3n'
	for n in 1 2 3 3; do
		grade hint 01-first/twice
		expect "hint: rung $n" rung $n
		expect 'hint: which check it has chosen' \
		    says 'The first that fails: doubles'
		[ $n -eq 3 ] && continue
		expect "hint: no mistake on rung $n" not says 'gives 3n'
	done
	expect 'hint: the mistake that it resembles, on rung 3' \
	    says 'It resembles a known wrong answer: gives 3n.'
	grade hint Q1 doubles_negative_numbers
	expect 'hint: another check begins at rung 1' rung 1
	expect 'hint: what does not fail' status_is 0 hint Q1 memory
	expect 'hint: says so' says 'memory does not fail'
	expect 'hint: no such check: 2' status_is 2 hint Q1 trebles
	expect 'hint: which there are' says doubles_negative_numbers
	grade hint --all Q1
	expect 'hint: all' says 'doubles:' 'n + n' 'quiescence:'
	grade reset Q1
	answer 01-first/twice $own/fixture/mutant/three.c
	grade hint Q1
	expect 'hint: begins again after reset' rung 1
	expect 'hint: says that the answer has changed' not \
	    says 'has changed since'
	answer 01-first/twice $own/fixture/stub.c
	grade hint Q1
	expect 'hint: of another answer than was graded' \
	    says 'has changed since'
	grade check Q2 $own/exploring/mutant/looks_first.c
	for n in 1 2 3; do
		grade hint Q2 schedules
	done
	expect 'hint: the interleaving' \
	    says 'step by step' 'create thread 2' 'FAILS: assertion'
	echo nonsense > "$copy/answers/01-first/twice.c"
	grade check Q1
	grade hint Q1
	expect 'hint: what does not compile' says 'The stage build comes first'
}

# kept NAME WORDS: a file of the answers that holds that, and nothing else.
kept()
{
	[ "$(cat "$copy/answers/01-first/$1")" = "$2" ]
}

resets()
{
	rm -rf "$copy/answers"
	grade reset Q1
	expect 'reset: the stub' cmp "$own/fixture/stub.c" \
	    "$copy/answers/01-first/twice.c"
	grade reset Q1
	expect 'reset: of the stub keeps no copy' \
	    not test -e "$copy/answers/01-first/twice.c.old-1"
	echo "the learner's" > "$copy/answers/01-first/twice.c.old-1"
	for words in one two; do
		echo $words > "$copy/answers/01-first/twice.c"
		grade reset Q1
	done
	expect 'reset: says where it is' says 'twice.c.old-3'
	expect 'reset: a file of that name stays' \
	    kept twice.c.old-1 "the learner's"
	expect 'reset: what was there first' kept twice.c.old-2 one
	expect 'reset: what was there then' kept twice.c.old-3 two
	expect 'reset: the stub again' cmp "$own/fixture/stub.c" \
	    "$copy/answers/01-first/twice.c"
	echo 'a,b' > "$copy/exercises/01-first/twice/stub.csv"
	echo 'c,d' > "$copy/answers/01-first/twice.csv"
	grade reset Q1
	expect 'reset: the CSV, too' kept twice.csv 'a,b'
	expect 'reset: and keeps that' kept twice.csv.old-1 'c,d'
	rm "$copy/exercises/01-first/twice/stub.csv" \
	    "$copy/answers/01-first/twice.csv"
}

# resembles EX FILE: what result.tsv says of the items.
resembles()
{
	grade check --edited "$1" "$2"
	awk -F'\t' '$1 == "item" && $14 != "" { print $14 }' \
	    "$copy/build/exercises/$1/result.tsv"
}

mistake()
{
	sed -n '1s|^/\* [^ ]* - \(a mutant: \)\{0,1\}\(.*\) \*/$|\2|p' "$1"
}

resembles_itself()
{
	resembles "$1" "$2" | grep -q -F -e "$(mistake "$2")"
}

# A failure with the words that a mutant names, and nothing else of it.
every_table()
{
	for folder in exercises/*/*/; do
		[ -d "$folder/mutant" ] || continue
		exercises/tool/signature.sh "$folder" |
		    tee -a "$scratch/tables" > "$scratch/table"
		awk -F'\t' -v OFS='\t' '
		    $1 ~ /^(schedules|race|memory|quiescence)$/ {
			print $1, $1, "fail", "in " $2 ": " $3 " .", $4
			next }
		    { print $1, $2, "fail", "that " $3 " .", $4 }' \
		    "$scratch/table" > "$scratch/failures"
		awk -v want=match -f exercises/tool/signature.awk \
		    "$scratch/table" "$scratch/failures" > "$scratch/found"
		paste "$scratch/failures" "$scratch/found" | awk -F'\t' '
		    !index($8, $5) { print "    " $0; bad = 1 }
		    END { exit bad }' || return
		cat "$scratch/found" >> "$scratch/all"
	done
	[ "$(wc -l < "$scratch/all")" -gt 500 ]
}

# Three of four wrong letters would be blamed on the mistake of the fourth.
no_mistake_of_a_count()
{
	not grep -E "${tab}(wrong answers|no answer yet) to " "$scratch/tables"
}

signatures()
{
	for mutant in "$own"/fixture/mutant/*.c; do
		expect "$mutant resembles itself" \
		    resembles_itself 02-second/twice "$mutant"
	done
	for mutant in "$own"/exploring/mutant/*.c; do
		expect "$mutant resembles itself" \
		    resembles_itself 01-first/count "$mutant"
	done
	expect 'what is right resembles nothing' \
	    test -z "$(resembles 02-second/twice "$own/fixture/correct/add.c")"
	expect 'what fails otherwise resembles nothing' \
	    test -z "$(resembles 02-second/twice "$own/fixture/stub.c")"
	exercises/tool/signature.sh $own/fixture \
	    > "$copy/exercises/02-second/twice/signatures"
	rm -r "$copy/exercises/02-second/twice/mutant"
	expect 'a handout has the table, and no mutants' \
	    resembles_itself 02-second/twice "$own/fixture/mutant/three.c"
	expect 'a table of every exercise finds every mutant' every_table
	expect 'a count of wrong answers resembles nothing' no_mistake_of_a_count
}

# What no other test grades in full: only with --all.
real_mutants()
{
	for ex in 01-work/repair 01-work/wait; do
		cp -R exercises/01-work "$copy/exercises" 2> /dev/null
		for mutant in exercises/$ex/mutant/*.c; do
			expect "$mutant resembles itself" \
			    resembles_itself $ex "$mutant"
		done
	done
}

# fake TOOL PATTERN: a tool that refuses what matches, found first.
fake()
{
	rm -rf "$scratch/fake"
	mkdir "$scratch/fake"
	cat > "$scratch/fake/$1" <<EOF
#!/bin/sh
case " \$* " in $2) echo 'unknown option' >&2; exit 1 ;; esac
exec $(command -v "$1") "\$@"
EOF
	chmod +x "$scratch/fake/$1"
}

# lame EX FILE: graded with the fake tool.
lame()
{
	(PATH=$scratch/fake:$PATH && export PATH && grade check "$1" "$2")
}

skipped()
{
	awk -F'\t' -v stage="$2" -v reason="$3" '
	    $1 == stage && $3 == "skip" && $6 == reason { found = 1 }
	    END { exit !found }' "$copy/build/exercises/$1/verdicts.tsv"
}

machines()
{
	grade machine
	expect 'machine: says what it has found' \
	    says cores kernel compiler 'memory limit' 'process limit' \
	    'schedules can be explored'
	fake objcopy '*--wildcard*'
	lame 01-first/count $own/exploring/correct/locks.c
	for stage in schedules race; do
		expect "no objcopy: no $stage" skipped 01-first/count $stage \
		    "this machine cannot explore schedules: its objcopy \
does not make symbols local"
	done
	expect 'which is no loss' says 'Points: 1 1/2 of 2' \
	    'Of 2 points 1/2 could not be looked at'
	expect 'and counts as done' listed 01-first/count '1 1/2 of 2, done'
	expect 'and stands in machine.tsv' \
	    grep -q "^# explore${tab}its objcopy" \
	    "$copy/build/exercises/01-first/count/machine.tsv"
	grade progress
	expect 'and in progress' says 'could not look at 1/2 points'
	fake gcc '*--wrap*'
	lame 01-first/twice $own/fixture/correct/add.c
	for stage in contract memory quiescence; do
		expect "no --wrap: no $stage" skipped 01-first/twice $stage \
		    'this machine cannot run a check: its linker has no --wrap'
	done
	fake gcc '*-fsanitize=address*'
	lame 01-first/twice $own/fixture/correct/add.c
	expect 'no libasan: no memory' skipped 01-first/twice memory \
	    'this machine cannot look at memory: gcc cannot link with -fsanitize=address'
	expect 'and the rest is graded' says 'Points: 1 2/3 of 2'
	grade check 01-first/twice $own/fixture/correct/add.c
	expect 'with the right tools all is looked at again' \
	    says 'Points: 2 of 2'
}

no_schedules()
{
	for words in nonsense A A0 2A 'A2C2!' 'A2 C2'; do
		expect "replay of $words: 2" \
		    status_is 2 replay 01-first/count counts "$words"
		expect 'and why' says "'$words' is not a schedule"
	done
	for words in A2C2A1 +A2 'A10!CB2' -; do
		grade replay 01-first/count counts "$words"
		expect "$words is one" not says 'is not a schedule'
	done
}

# What the compiler has said must not scroll away.
unbuilt()
{
	echo 'int twice(int n) { return doubled(n); }' > "$scratch/unbuilt.c"
	grade check 01-first/twice "$scratch/unbuilt.c"
	expect 'it does not build: the report is short' says \
	    'the name doubled is not declared' 'all of it; it does not build.'
	expect 'and has no promise of what was not run' not says 'promised:'
	expect 'and says where the rest is' says \
	    'All that the compiler said: build/exercises/01-first/twice/comp'
	grade check 01-first/twice "$own/fixture/stub.c"
	expect 'it builds: nothing of the compiler' not says 'the compiler said'
	expect 'and all that failed is there' says 'promised:'
}

lint()
{
	sed '/^hint doubles n/d' $own/fixture/manifest > "$scratch/manifest"
	not awk -v want=lint -f exercises/tool/manifest.awk \
	    "$scratch/manifest" > "$said"
}

make_copy
first_page
exercise_names
no_schedules
lists
hints
resets
signatures
unbuilt
expect 'a check with one hint is complained of' lint
machines
watches
[ "$1" != --all ] || real_mutants
echo "learner: $tests tests, $faults faults"
[ $faults -eq 0 ]

#!/bin/sh
# SPDX-License-Identifier: MIT
#
# selftest.sh - the grader's own tests
#
# usage: exercises/selftest.sh [PART...]
#
# PART is one of those in `all`, below, or one hostile answer: hostile/spins.
#
# Hostile answers (tool/selftest/hostile) must get the verdict that their
# heads name, and leave nothing behind: no process, no changed result. Then
# what the grader promises of itself: exit statuses, the same bytes twice,
# trouble that is not counted as no points; and as a normal user all that the
# user may make a difference to.

cd -P "$(dirname "$0")/.." || exit 3
fixture=tool/selftest/fixture
question=$fixture
results=build/exercises/$fixture
hostile=exercises/tool/selftest/hostile
tab=$(printf '\t')
parts='exercises ref chapters tests book'	# all that the Makefile knows
tests=0
faults=0

# expect WORDS COMMAND...: the command must succeed.
expect()
{
	words=$1
	shift
	tests=$((tests + 1))
	"$@" && return
	echo "selftest: not so: $words"
	faults=$((faults + 1))
}

# status_is STATUS ARGUMENTS: of exercises/grade.
status_is()
{
	wanted=$1
	shift
	exercises/grade "$@" > "$results.out" 2>&1
	got=$?
	[ $got -eq "$wanted" ] && return
	sed 's/^/    /' "$results.out"
	echo "    exit status $got"
	return 1
}

header()
{
	sed -n "s/^ \* $1: //p" "$2"
}

# Is the line of this item in the verdicts as the answer's head says?
verdict_is()
{
	awk -F'\t' -v item="$(header item "$1")" \
	    -v verdict="$(header verdict "$1")" \
	    -v message="$(header message "$1")" '
	    $2 == item && index(" " verdict " ", " " $3 " ") && \
	        index($6, message) { found = 1 }
	    END { exit !found }' $results/verdicts.tsv && return
	sed 's/^/    /' $results/verdicts.tsv
	return 1
}

points_are()
{
	grep -q "^total${tab}-$tab[a-z]*$tab$1$tab" $results/verdicts.tsv &&
	    return
	sed 's/^/    /' $results/verdicts.tsv
	return 1
}

no_process_left()
{
	! ls -l /proc/[0-9]*/exe 2> /dev/null |
	    grep -q -F -e "-> $PWD/$results/obj" -e "-> $PWD/$results/asan" \
	    -e "-> $PWD/$results/explore"
}

nothing_forged()
{
	! grep -q FORGED $results/verdicts.tsv $results/report.txt
}

hostile_answer()
{
	file=$hostile/$1.c
	question=$(header question "$file")
	question=tool/selftest/${question:-fixture}
	results=build/exercises/$question
	mkdir -p "$results"
	status_is 0 check --edited "$question" "$file" || {
		faults=$((faults + 1))
		return
	}
	expect "$1: the verdict that its head names" verdict_is "$file"
	expect "$1: $(header points "$file") points" \
	    points_are "$(header points "$file")"
	expect "$1: no process is left" no_process_left
	expect "$1: no result is forged" nothing_forged
	results=build/exercises/$fixture
}

# To kill the grader must be impossible for this to be tried.
caged()
{
	grep -q 'throw-away user\|namespace\|signals' $results/machine.tsv
}

# soon COMMAND: it succeeds within minutes, however slow the machine.
soon()
{
	looks=0
	until "$@"; do
		[ $((looks += 1)) -le 1000 ] || return
		sleep 0.1
	done
}

# The grader itself is killed, by a signal that it cannot see.
nothing_outlives()
{
	rm -rf "$results/scratch"
	mkdir "$results/scratch" && : > "$results/scratch/wait" || return
	build/exercises/run -d "$results/scratch" -o "$results/killed.txt" \
	    "$results/obj" doubles > /dev/null 2>&1 &
	soon test -e "$results/scratch/hidden" || return
	no_process_left && return 1
	kill -KILL $!
	wait $! 2> /dev/null
	soon no_process_left
}

killed_grader()
{
	exercises/grade check --edited $fixture $hostile/hides.c > /dev/null
	grep -q namespace $results/machine.tsv || {
		echo 'a killed grader: not tried: there are no namespaces here'
		return
	}
	expect 'what it has started ends with the grader, when it is killed' \
	    nothing_outlives
}

# Those to which it matters who the grader is: what it may do to others, which
# limits are in force, how what is left behind is found.
for_users='allocates edits_the_question explored_kills_unseen fills_the_disk
forges forks hides keeps_a_thread kills kills_itself leaks overwrites stays
unlucky_leaks unlucky_keeps_a_thread'

hostile_answers()
{
	names=$for_users
	[ -n "$SELFTEST_USER" ] ||
	    names=$(cd $hostile && echo *.c | sed 's/\.c//g')
	for name in $names; do
		[ "$name" = kills ] && ! caged && {
			echo 'kills: not tried: the grader is not protected here'
			continue
		}
		hostile_answer "$name"
	done
}

exit_statuses()
{
	right=exercises/$fixture/correct/add.c
	wrong=exercises/$fixture/mutant/positive.c
	expect '0 for full marks' status_is 0 check --edited --strict \
	    $fixture $right
	expect '0 for less' status_is 0 check --edited $fixture $wrong
	expect '1 for less with --strict' status_is 1 check --edited \
	    --strict $fixture $wrong
	expect '1 2/3 points for that' points_are "1 2/3"
	expect '2 for no such exercise' status_is 2 check 01-work/none
	expect '2 for no such file' status_is 2 check $fixture none.c
	expect '2 for no such command' status_is 2 pass
}

# twice_the_same QUESTION ANSWER
twice_the_same()
{
	exercises/grade check --edited "$1" "$2" > /dev/null
	cp "build/exercises/$1/verdicts.tsv" $results/before.tsv
	exercises/grade check --edited "$1" "$2" > /dev/null
	cmp "build/exercises/$1/verdicts.tsv" $results/before.tsv
}

# What the report says is typed in: the same failure, in the same bytes.
plays_again()
{
	command=$(sed -n 's|^ *\(exercises/grade replay .*\)|\1|p' \
	    "$1/report.txt")
	[ -n "$command" ] && sh -c "$command" > "$1.played" &&
	    cmp "$1.played" "$1/output/$2.txt"
}

# played_again EX MUTANT CHECK: a sentence, the interleaving, the command; the
# same bytes on one processor.
played_again()
{
	built=build/exercises/$1
	mutant=exercises/$1/mutant/$2.c
	status_is 0 check --edited "$1" "$mutant"
	expect "$2: a failed schedule is told in one sentence" \
	    grep -q "^  happened:  in $3: " "$built/report.txt"
	expect "$2: and drawn in columns" \
	    grep -q 'What happened, one step a line:' "$built/report.txt"
	expect "$2: and as a picture" \
	    test -s "$built/output/schedules-$3.svg"
	expect "$2: and played again, byte by byte" \
	    plays_again "$built" "schedules-$3"
	cp "$built/verdicts.tsv" "$built/before.tsv"
	cp "$built/report.txt" "$built/before.txt"
	command -v taskset > /dev/null || return
	taskset -c 0 exercises/grade check --edited "$1" "$mutant" > /dev/null
	expect "$2: the same verdicts on one processor" \
	    cmp "$built/verdicts.tsv" "$built/before.tsv"
	expect "$2: the same report on one processor" \
	    cmp "$built/report.txt" "$built/before.txt"
}

# A hang in order: who waits for what, and the same when it is played again.
played_in_order()
{
	question=tool/selftest/exploring
	built=build/exercises/$question
	status_is 0 check --edited $question \
	    exercises/$question/mutant/joins_locked.c
	expect 'a hang in order: it is said who waits for what' \
	    grep -q 'main waits for thread 2 to end' "$built/report.txt"
	expect 'a hang in order: and who has it' \
	    grep -q 'the mutex lock, which main holds' "$built/report.txt"
	expect 'a hang in order: it is played again, byte by byte' \
	    plays_again "$built" contract-counts
	expect 'a hang in order: it is drawn' \
	    test -s "$built/output/contract-counts.svg"
}

# With a runner that fails there must be no points at all, rather than none.
trouble()
{
	RUN=false
	export RUN
	expect '3 for its own trouble' status_is 3 check --edited $fixture \
	    exercises/$fixture/correct/add.c
	unset RUN
	expect 'and no total' grep -q "^total$tab-${tab}error$tab-$tab" \
	    $results/verdicts.tsv
	expect 'and words that say so' \
	    grep -q 'not the answer.s fault' $results/report.txt
}

# Two graders at once on one exercise: each has its own answer's points.
two_at_once()
{
	exercises/grade check --edited $fixture "$1" > "$results.one" 2>&1 &
	exercises/grade check --edited $fixture "$2" > "$results.two" 2>&1
	wait
	grep -q "^Points: 2 of 2" "$results.one" &&
	    grep -q "^Points: 1 2/3 of 2" "$results.two" && return
	cat "$results.one" "$results.two"
	return 1
}

# refused WORDS: what is in $scratch/odd.c now breaks a rule of the source.
refused()
{
	status_is 0 check --edited $fixture "$scratch/odd.c" &&
	    grep -q "^source$tab-${tab}fail$tab-$tab-$tab$1" \
	    $results/verdicts.tsv && points_are 0
}

# Whatever there is instead of an answer: nobody waits for it or reads it all.
odd_files()
{
	mkdir "$scratch/folder" && mkfifo "$scratch/pipe" &&
	    ln -s none "$scratch/link" || return
	for odd in "$scratch/folder" "$scratch/pipe" "$scratch/link" \
	    /dev/zero; do
		expect "no answer: $odd" status_is 2 check $fixture "$odd"
	done
	: > "$scratch/odd.c"
	expect 'an empty file' refused 'the file is empty'
	head -c 1048577 /dev/zero | tr '\0' ' ' > "$scratch/odd.c"
	expect 'too large a file' refused 'the file has more than 1 MiB'
	printf '/* \000 */\n' > "$scratch/odd.c"
	expect 'a file that is no text' refused 'the file has control char'
	head -c 5000 /dev/zero | tr '\0' ';' > "$scratch/odd.c"
	expect 'a line without end' refused 'line 1 is longer than 4000'
	head -c 9000 /dev/zero | tr '\0' '\\' | fold -w 1 > "$scratch/odd.c"
	expect 'a line in too many parts' refused 'line 1 is longer than 4000'
}

# same_elsewhere ANSWER: by another path, the same bytes but for that path.
same_elsewhere()
{
	cp $hostile/$1.c "$scratch" &&
	    exercises/grade check --edited $fixture $hostile/$1.c > /dev/null &&
	    cp $results/verdicts.tsv $results/before.tsv &&
	    exercises/grade check --edited $fixture "$scratch/$1.c" \
	    > /dev/null && cmp $results/verdicts.tsv $results/before.tsv &&
	    ! grep -q -F -e "$scratch" -e "$PWD" $results/verdicts.tsv
}

elsewhere()
{
	for name in aborts misspells uses_after_free; do
		expect "$name: the same words wherever it lies" \
		    same_elsewhere $name
	done
}

edited_question()
{
	copy=$1/edited
	mkdir -p "$copy" && cp -R Makefile $parts "$copy" &&
	    built_too "$copy" &&
	    cd "$copy" && mkdir -p $results && git init -q . &&
	    git add exercises &&
	    git -c user.name=x -c user.email=x@example.org \
	    commit -q -m x &&
	    echo '/* easier */' >> exercises/$fixture/suite.c &&
	    status_is 0 check $fixture exercises/$fixture/correct/add.c &&
	    grep -q 'were edited (exercises/tool/selftest/fixture/suite.c)' \
	    $results/verdicts.tsv && points_are 0
}

# What is compiled already is newer than its sources in the copy, too.
built_too()
{
	for part in obj/ref obj/chapters obj/exercises/tool asan/ref \
	    asan/chapters asan/exercises/tool explore/ref explore/chapters \
	    explore/exercises/tool explorer exercises/run exercises/tool.nm \
	    exercises/explored.nm; do
		mkdir -p "$(dirname "$1/build/$part")"
		cp -R "build/$part" "$(dirname "$1/build/$part")" || return
	done
}

# The same as somebody who may not do everything.
normal_user()
{
	copy=$1/user
	mkdir -p "$copy" && cp -R Makefile $parts "$copy" &&
	    built_too "$copy" &&
	    chmod 755 "$1" && chown -R 65534:65534 "$copy" &&
	    (cd "$copy" && setpriv --reuid 65534 --regid 65534 \
	    --clear-groups env SELFTEST_USER=1 HOME="$copy" \
	    sh exercises/selftest.sh)
}

in_subshell()
{
	("$@")
}

the_same_bytes()
{
	expect 'the same bytes twice (right)' twice_the_same $fixture \
	    exercises/$fixture/correct/add.c
	expect 'other bytes for another answer' points_are 2
	expect 'the same bytes twice (natively a matter of luck)' \
	    twice_the_same tool/selftest/exploring $hostile/tosses.c
}

at_once()
{
	command -v flock > /dev/null || return
	expect 'two graders at once: each waits for the other' two_at_once \
	    exercises/$fixture/correct/add.c exercises/$fixture/mutant/positive.c
}

graded()
{
	questions='fixture killing exploring'
	[ -n "$SELFTEST_USER" ] && questions=exploring
	for name in $questions; do
		expect "the grader, graded: $name" \
		    exercises/tool/check.sh tool/selftest/$name
	done
}

played()
{
	played_again tool/selftest/exploring looks_first counts
	played_in_order
	[ -n "$SELFTEST_USER" ] ||
	    played_again 01-work/wait looks_again every_waiter_is_woken
}

edited()
{
	expect 'an edited question is not graded' \
	    in_subshell edited_question "$scratch"
}

as_user()
{
	[ "$(id -u)" -eq 0 ] && command -v setpriv > /dev/null || return
	normal_user "$scratch" || faults=$((faults + 1))
}

all='exit_statuses hostile_answers killed_grader graded played'
[ -n "$SELFTEST_USER" ] || all="$all the_same_bytes at_once trouble odd_files \
elsewhere edited as_user"

mkdir -p $results
exercises/grade check --edited $fixture > /dev/null || exit 3
protection=$(tail -n 1 $results/machine.tsv | cut -f 6)
scratch=$(mktemp -d)
for part in ${*:-$all}; do
	case $part in
	hostile/*) hostile_answer "${part#hostile/}" ;;
	*) $part ;;
	esac
done
rm -rf "$scratch"
echo "selftest: $tests tests as $(id -un 2> /dev/null || id -u), $faults" \
    "faults; in force: $protection"
[ $faults -eq 0 ]

#!/bin/sh
# SPDX-License-Identifier: MIT
#
# batch_test.sh - a class is graded, killed, resumed, sharded and merged
#
# usage: exercises/batch_test.sh [N]
#
# Makes a class of N students (24 if left out) with right answers, mutants and
# hostile answers, some of them in folders with awkward names, and grades it
# undisturbed; then in three shards, one of which is killed half-way and begun
# again, and merges them. Every byte but those of machine.tsv and printed/ must
# be the same; every answer must have the points that it is known to deserve;
# every page and every format must be well-formed. With 100 students or more,
# all hostile answers are among them, and answers to real exercises.

cd -P "$(dirname "$0")/.." || exit 3
size=${1:-24}
# Where that can be done, with disks of our own, which nobody else sees.
mine='mkdir -p build && mount -t tmpfs -o size=1m x build && umount build'
[ -n "$DISKS" ] || ! unshare -m sh -c "$mine" 2> /dev/null ||
    exec env DISKS=1 unshare -m exercises/batch_test.sh "$@"
tab=$(printf '\t')
selftest=exercises/tool/selftest
scratch=$(mktemp -d) || exit 3
chmod 755 "$scratch"
trap 'rm -rf "$scratch"' EXIT
trap 'exit 3' HUP INT TERM
class=$scratch/class
tests=0
faults=0

# expect WORDS COMMAND...: the command must succeed.
expect()
{
	words=$1
	shift
	tests=$((tests + 1))
	"$@" > "$scratch/said" 2>&1 && return
	echo "batch_test: not so: $words"
	sed 's/^/    /' "$scratch/said" | head -n 20
	faults=$((faults + 1))
}

# skipped WORDS: aloud, and not where everything has to be there.
skipped()
{
	echo "batch_test: skipped: $1"
	[ "$ELSEWHERE" != required ] || faults=$((faults + 1))
}

# ---- The class ----

# Lines: file, exercise, and the points it deserves: all, less, or a number.
offer()
{
	printf '%s\t%s\t%s\n' "$@"
}

hostile_answer()
{
	question=$(sed -n 's/^ \* question: //p' "$1")
	offer "$1" "tool/selftest/${question:-fixture}" \
	    "$(sed -n 's/^ \* points: //p' "$1")"
}

# Answers to an exercise; of its mutants those that do not leave it to luck
# whether a native run finds them.
answers_of()
{
	for file in exercises/$1/correct/*.c; do
		offer "$file" "$1" all
	done
	for file in exercises/$1/mutant/*.c; do
		grep -q '^ \* stage: \(schedules\|race\|measure\)' "$file" ||
		    offer "$file" "$1" less
	done
}

few_answers()
{
	for question in fixture killing exploring; do
		answers_of "tool/selftest/$question"
	done
	offer $selftest/exploring/mutant/looks_first.c \
	    tool/selftest/exploring less
	for name in aborts exits forges misspells sleeps stays crashes \
	    overwrites closes; do
		hostile_answer $selftest/hostile/$name.c
	done
	offer exercises/01-work/predict/stub.c 01-work/predict 0
	for file in exercises/01-work/predict/correct/*.c; do
		offer "$file" 01-work/predict all
	done
}

many_answers()
{
	for question in fixture killing exploring; do
		answers_of "tool/selftest/$question"
	done
	for file in $selftest/hostile/*.c; do
		hostile_answer "$file"
	done
	for question in 01-work/wait 01-work/repair 01-work/predict \
	    02-timers/predict 02-timers/repair 03-waits/predict; do
		answers_of "$question"
	done
}

# The name of student NUMBER; some are such that something might break.
name_of()
{
	case $1 in
	1) printf %s "O'Brien \"Bo\"" ;;
	2) printf %s '-rf' ;;
	3) printf %s '<script>alert(1)<' ;;
	4) printf %s '$(touch here) `id`' ;;
	5) printf 'Zo\303\253 \346\274\242' ;;
	6) printf %s '=1+1' ;;
	7) printf %s ' a, b; c & d | e ' ;;
	8) printf %s '*' ;;
	9) printf %s '%41\n&amp;' ;;
	*) printf 'student %03d' "$1" ;;
	esac
}

# hand_in NAME FILE EXERCISE: now in the exercise's folder, now flat.
hand_in()
{
	to=$class/$1/$3.c
	case $3 in
	tool/*) [ $((number % 2)) -eq 0 ] || to=$class/$1/${3##*/}.c ;;
	esac
	mkdir -p "${to%/*}"
	cp "$2" "$to"
}

make_class()
{
	if [ "$size" -lt 100 ]; then few_answers; else many_answers; fi \
	    > "$scratch/answers"
	offered=$(wc -l < "$scratch/answers")
	number=0
	while [ $number -lt "$size" ]; do
		line=$(sed -n "$((number % offered + 1))p" "$scratch/answers")
		number=$((number + 1))
		file=${line%%"$tab"*} worth=${line##*"$tab"}
		question=${line#*"$tab"}
		question=${question%"$tab"*}
		name=$(name_of $number; echo .)
		name=${name%.}
		hand_in "$name" "$file" "$question"
		printf '%s\t%s\t%s\n' "$name" "$question" "$worth"
	done > "$scratch/expected"
	cut -f 2 "$scratch/answers" | LC_ALL=C sort -u > "$scratch/questions"
}

# What is in a class's folder besides: none of it may hang or harm anybody.
make_oddities()
{
	mkdir -p "$class/odd fifo" "$class/odd link" "$class/odd folder" \
	    "$class/odd large" "$class/odd nul" "$class/odd empty" \
	    "$class/.hidden" "$class/line${newline}break"
	mkfifo "$class/odd fifo/fixture.c"
	ln -s /etc/passwd "$class/odd link/fixture.c"
	mkdir "$class/odd folder/fixture.c"
	dd if=/dev/zero bs=65536 count=17 2> /dev/null | tr '\0' ' ' \
	    > "$class/odd large/fixture.c"
	printf 'int a;\0int b;' > "$class/odd nul/fixture.c"
	echo text > "$class/odd empty/essay.txt"
	ln -s /etc "$class/a link"
	echo text > "$class/a file"
	mkdir "$class/$(printf 'not \377 UTF-8')"
}

# ---- Grading ----

# grade OUT WORDS...: the batch in a session of its own, its log in OUT.log.
grade()
{
	results=$1
	shift
	exercises/grade batch "$class" --out "$results" --edited "$@" \
	    --exercise $(cat "$scratch/questions") > "$results.log" 2>&1
}

# The same bytes, but for what says how the machine was?
same_bytes()
{
	diff -r -x machine.tsv -x printed "$1" "$2"
}

done_in()
{
	find "$1/units" -name done 2> /dev/null | wc -l
}

# Kills the batch -9 when it is half done, and all that knows of it.
kill_half_way()
{
	grade "$scratch/shard2" --shard 2/3 &
	batch=$!
	all=$(($(grep -c "^unit$tab" "$scratch/whole/plan.tsv") / 3))
	looks=0
	while [ "$(done_in "$scratch/shard2")" -lt $((all / 2)) ] &&
	    [ $((looks += 1)) -lt 6000 ]; do
		sleep 0.1
	done
	kill_batches "$scratch/shard2"
	wait $batch 2> /dev/null
	left=$((all - $(done_in "$scratch/shard2")))
	[ $left -gt 0 ]
}

# The shell of the batch and the queue: those whose command has the folder.
kill_batches()
{
	for process in /proc/[0-9]*; do
		tr '\0' ' ' < "$process/cmdline" 2> /dev/null |
		    grep -q -F "batch.sh batch $class --out $1 " &&
		    kill -9 "${process#/proc/}"
	done
	return 0
}

# Everything that works for that folder holds its file busy.
nothing_left()
{
	flock -w 60 "$1/busy" true
}

second_batch()
{
	flock "$scratch/whole/lock" exercises/grade batch "$class" \
	    --out "$scratch/whole" > "$scratch/said.too" 2>&1
	[ $? -eq 2 ] && grep -q 'another batch' "$scratch/said.too"
}

# refused WORDS ARGUMENTS...: with exit status 2 and one line.
refused()
{
	wanted=$1
	shift
	exercises/grade "$@" > "$scratch/refusal" 2>&1
	[ $? -eq 2 ] && [ "$(wc -l < "$scratch/refusal")" -eq 1 ] &&
	    grep -q -e "$wanted" "$scratch/refusal" && return
	cat "$scratch/refusal"
	return 1
}

graded_again()
{
	grade "$scratch/whole" "$@" && cat "$scratch/whole.log"
}

nothing_to_do()
{
	graded_again && grep -q 'everything is graded already' \
	    "$scratch/whole.log"
}

# One answer becomes another and back: that alone is graded.
one_changed()
{
	answer=$class/student\ 011
	file=$(find "$answer" -name '*.c')
	cp "$file" "$scratch/saved"
	echo '/* more */' >> "$file"
	graded_again && grep -q ' 1 of 1 graded' "$scratch/whole.log" &&
	    cp "$scratch/saved" "$file" && graded_again &&
	    grep -q ' 1 of 1 graded' "$scratch/whole.log"
}

# grade_fixture OUT: one exercise alone.
grade_fixture()
{
	exercises/grade batch "$class" --out "$1" --edited \
	    --exercise tool/selftest/fixture
}

same_fixture()
{
	for one in "$1"/units/*/tool/selftest/fixture; do
		same_bytes "$one" "$scratch/whole${one#"$1"}" || return
	done
}

# With a runner that fails there are no points, rather than none; and when it
# works again, what it should have been.
trouble()
{
	(RUN=false; export RUN; grade_fixture "$scratch/trouble")
	[ $? -eq 3 ] && grep -q ',error,' "$scratch/trouble/gradebook.csv" &&
	    grade_fixture "$scratch/trouble" &&
	    same_fixture "$scratch/trouble"
}

# On a disk that is full, first where the grader works, then of the results,
# there is no verdict at all; when there is room, the same as always.
full_disk()
{
	mkdir -p build/exercises/batch "$scratch/disk"
	for disk in build/exercises/batch "$scratch/disk"; do
		mount -t tmpfs -o size=600k x "$disk" || return
		grade_fixture "$scratch/disk/results"
		[ $? -eq 3 ] || return
		mount -o remount,size=100m "$disk" || return
		grade_fixture "$scratch/disk/results" || return
		same_fixture "$scratch/disk/results" || return
		rm -rf "$scratch/disk/results"
		umount "$disk" || return
	done
}

# ---- What came of it ----

# Lines of the gradebook are those of the plan, in its order.
points_as_deserved()
{
	grep "^student$tab" "$1/plan.tsv" > "$scratch/students"
	awk -F'\t' '
	function value(text,	part, whole) {
		whole = text ~ / / ? text + 0 : 0
		sub(/.* /, "", text)
		if (split(text, part, "/") == 2)
			return whole + part[1] / part[2]
		return whole + part[1]
	}
	FILENAME ~ /expected$/ { deserved[$1] = $3; most[$1] = $2; next }
	FILENAME ~ /worth$/ { worth[$1] = $2; next }
	FILENAME ~ /students$/ { name[++students] = $3; next }
	FNR > 1 {
		n = split($0, field, ",")
		total = field[n - 1]
		who = name[FNR - 1]
		if (!(who in deserved)) {
			bad = total != 0
		} else if (deserved[who] == "all") {
			bad = total != worth[most[who]]
		} else if (deserved[who] == "less") {
			bad = total >= worth[most[who]] || total == "error"
		} else {
			bad = total - value(deserved[who])
			bad = bad * bad > 0.0000001 || total == "error"
		}
		if (bad)
			print who ": " total " and not " deserved[who]
		faults += bad
		seen++
	}
	END { exit faults > 0 || seen != students || seen == 0 }' \
	    "$scratch/expected" "$scratch/worth" "$scratch/students" \
	    "$1/gradebook.csv"
}

worth()
{
	while read -r question; do
		printf '%s\t%s\n' "$question" "$(sed -n 's/^points //p' \
		    "exercises/$question/manifest")"
	done < "$scratch/questions" > "$scratch/worth"
}

# said WORDS: in the page of the class or of a student.
said()
{
	grep -r -q -F -e "$1" "$scratch/whole/class"
}

well_formed()
{
	find "$scratch/whole/class" \( -name '*.html' -o -name '*.xml' \) \
	    -exec xmllint --noout {} +
}

# Every element that a page links to is there, and nothing that runs.
static()
{
	! grep -r -i -l '<script\|javascript:\|onload=' --include='*.html' \
	    --include='*.svg' "$scratch/whole/class"
}

links_lead_somewhere()
{
	find "$scratch/whole/class" -name '*.html' > "$scratch/pages"
	while read -r page; do
		grep -o '\(href\|src\)="[^"#]*' "$page" | cut -d '"' -f 2 |
		    grep . | while read -r link; do
			[ -e "${page%/*}/$link" ] ||
			    echo "$page: $link"
		done
	done < "$scratch/pages" > "$scratch/broken"
	cat "$scratch/broken"
	[ ! -s "$scratch/broken" ]
}

json()
{
	find "$scratch/whole/class" -name gradescope.json > "$scratch/json"
	[ "$(wc -l < "$scratch/json")" -gt "$size" ] || return
	while read -r file; do
		jq -e '.tests | length > 0' "$file" || return
	done < "$scratch/json"
}

newline='
'
worth=
make_class
make_oddities
worth
expect 'a class is graded' grade "$scratch/whole"
expect 'every answer has the points that it deserves' \
    points_as_deserved "$scratch/whole"
for words in 'odd fifo' 'fixture.c is a named pipe' 'is a symbolic link' \
    'fixture.c is a folder' 'is larger than 1 MiB' 'a byte of value 0' \
    'essay.txt answers no exercise' 'a link is no folder' 'not in UTF-8' \
    'nothing handed in' 'looks and changes under the lock' \
    '&lt;script&gt;alert(1)&lt;'; do
	expect "the pages say: $words" said "$words"
done
expect 'no page has anything that runs' static
expect 'every link leads somewhere' links_lead_somewhere
if command -v xmllint > /dev/null; then
	expect 'every page is well-formed' well_formed
else
	skipped 'there is no xmllint'
fi
if command -v jq > /dev/null; then
	expect 'everybody has a results.json that can be read' json
else
	skipped 'there is no jq'
fi
expect 'a second batch into the same folder is refused' second_batch
expect 'a second run has nothing to do' nothing_to_do
cp -R "$scratch/whole" "$scratch/before"
expect 'what has changed is graded again, and only that' one_changed
expect 'and all is as before' same_bytes "$scratch/whole" "$scratch/before"
expect 'shard 1' grade "$scratch/shard1" --shard 1/3
expect 'shard 2 is killed half-way' kill_half_way
expect 'and nothing of it goes on' nothing_left "$scratch/shard2"
expect 'an unfinished shard is not merged' refused 'is not finished' \
    merge "$scratch/merged" "$scratch/shard1" "$scratch/shard2"
expect 'shard 2 goes on' grade "$scratch/shard2" --shard 2/3
expect 'shard 3' grade "$scratch/shard3" --shard 3/3
expect 'a missing shard is missed' refused 'shard 2/3 is missing' \
    merge "$scratch/merged" "$scratch/shard1" "$scratch/shard3"
expect 'a shard counts once' refused 'given twice' \
    merge "$scratch/merged" "$scratch/shard1" "$scratch/shard1"
expect 'shards are merged' exercises/grade merge "$scratch/merged" \
    "$scratch/shard3" "$scratch/shard1" "$scratch/shard2"
expect 'to the same bytes as one run' \
    same_bytes "$scratch/whole" "$scratch/merged"
expect 'no results in the class' refused 'may not lie in DIR' \
    batch "$class" --out "$class/out"
expect 'no results among other things' refused 'not made by a batch' \
    batch "$class" --out exercises
expect 'trouble is no zero, and passes' trouble
if [ -n "$DISKS" ]; then
	expect 'a full disk is no wrong answer' full_disk
else
	skipped 'no file system can be mounted here, so none is full'
fi
echo "batch_test: $tests tests, $faults faults"
[ $faults -eq 0 ]

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
small=$scratch/small
newline='
'
. exercises/tool/selftest/class.sh
suite=batch_test
. exercises/tool/selftest/expect.sh

# skipped WORDS: aloud, and not where everything has to be there.
skipped()
{
	echo "batch_test: skipped: $1"
	[ "$ELSEWHERE" != required ] || faults=$((faults + 1))
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
	kill -9 $(shell_of "$scratch/shard2" "$class")
	nothing_left "$scratch/shard2"
	wait $batch 2> /dev/null
	left=$((all - $(done_in "$scratch/shard2")))
	[ $left -gt 0 ]
}

command_of()
{
	tr '\0' ' ' 2> /dev/null < "/proc/$1/cmdline"
}

# shell_of OUT CLASS: the shell of that batch.
shell_of()
{
	for process in /proc/[0-9]*; do
		command_of "${process#/proc/}" |
		    grep -q -F "batch.sh batch $2 --out $1 " &&
		    echo "${process#/proc/}"
	done
}

# Its queue: the guards are called like it, and have another parent.
queue_of()
{
	for process in /proc/[0-9]*; do
		parent=$(sed -n "s/^PPid:$tab//p" "$process/status" \
		    2> /dev/null)
		command_of "${process#/proc/}" |
		    grep -q '^build/exercises/class run ' &&
		    command_of "$parent" |
		    grep -q -F "batch.sh batch $2 --out $1 " &&
		    echo "${process#/proc/}"
	done
}

# killed_at_work WHICH: with a runner that never ends, of which nothing may
# be left when the shell, or the queue, is killed.
killed_at_work()
{
	printf '#!/bin/sh\necho $$ >> "%s/asleep"\nexec sleep 100000\n' \
	    "$scratch" > "$scratch/sleeper"
	chmod +x "$scratch/sleeper"
	rm -rf "$scratch/sleeping" "$scratch/asleep"
	(RUN=$scratch/sleeper; export RUN
	    grade_small "$scratch/sleeping") &
	looks=0
	until [ -f "$scratch/asleep" ] || [ $((looks += 1)) -gt 1200 ]; do
		sleep 0.1
	done
	kill -9 $("$1" "$scratch/sleeping" "$small") &&
	    nothing_left "$scratch/sleeping"
	looks=$?
	[ $looks -eq 0 ] || kill -9 $(cat "$scratch/asleep")
	wait
	return $looks
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
	grade "$scratch/whole" && cat "$scratch/whole.log"
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

# grade_small OUT: the small class.
grade_small()
{
	exercises/grade batch "$small" --out "$1" --edited \
	    --exercise tool/selftest/fixture
}

# With a runner that fails there are no points, rather than none; and when it
# works again, what it should have been.
trouble()
{
	(RUN=false; export RUN; grade_small "$scratch/trouble")
	[ $? -eq 3 ] && grep -q ',error,' "$scratch/trouble/gradebook.csv" &&
	    grade_small "$scratch/trouble" &&
	    same_bytes "$scratch/small-whole" "$scratch/trouble"
}

# On a disk that is full, first where the grader works, then of the results,
# there is no verdict at all; when there is room, the same as always.
full_disk()
{
	mkdir -p build/exercises/batch "$scratch/disk"
	for disk in build/exercises/batch "$scratch/disk"; do
		mount -t tmpfs -o size=600k x "$disk" || return
		grade_small "$scratch/disk/results"
		[ $? -eq 3 ] || return
		mount -o remount,size=100m "$disk" || return
		grade_small "$scratch/disk/results" || return
		same_bytes "$scratch/small-whole" "$scratch/disk/results" ||
		    return
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

only_people()
{
	! said __MACOSX && ! said ._fixture.c && ! said .DS_Store
}

# Without a look at the page of each student.
wrong_names_are_seen()
{
	grep -q 'Fixture.c answers no exercise' \
	    "$scratch/whole/class/index.html" &&
	    grep -q 'nothing handed in as tool/selftest/fixture.c' \
	    "$scratch/whole/checks.csv" &&
	    grep -q '^batch: students with files that are not graded: 3;' \
	    "$scratch/whole.log"
}

# Beside what does not: in the row of the stage the number of passes is not 0.
builds_are_counted()
{
	grep '>build</th>' "$scratch/whole/class/index.html" \
	    > "$scratch/builds"
	[ -s "$scratch/builds" ] && ! grep \
	    '"number">0</td><td class="number">[0-9]*</td></tr>' \
	    "$scratch/builds"
}

well_formed()
{
	find "$scratch/whole/class" \( -name '*.html' -o -name '*.xml' \) \
	    -exec xmllint --noout {} +
}

# A drawing that could do anything but be looked at is not shown.
forged_drawings()
{
	drawing=$(find "$scratch/before/units" -name '*.svg' | head -n 1)
	cp "$drawing" "$scratch/drawing"
	for forgery in 's|<svg |<svg onload="alert(1)" |' \
	    's|</svg>|<script>alert(1)</script></svg>|' \
	    's|</svg>|<image href="http://example.org/"/></svg>|' \
	    's|</svg>|<a|'; do
		sed "$forgery" "$scratch/drawing" > "$drawing"
		! cmp -s "$drawing" "$scratch/drawing" &&
		    grade "$scratch/before" &&
		    grep -r -q 'no drawing that could be shown' \
		    "$scratch/before/class" || return
	done
	cp "$scratch/drawing" "$drawing"
	grade "$scratch/before" && same_bytes "$scratch/whole" "$scratch/before"
}

# Nothing that runs.
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

# Is the document of that name, of each student, what its readers expect?
every()
{
	formats=$selftest/formats
	find "$scratch/whole/class/students" -name "$1" > "$scratch/documents"
	[ "$(wc -l < "$scratch/documents")" -eq \
	    "$(grep -c "^student$tab" "$scratch/whole/plan.tsv")" ] || return
	while read -r file; do
		case $1 in
		gradescope.json)
			jq -e --argjson error false \
			    -f $formats/gradescope.jq "$file" ;;
		classroom.txt)
			base64 -d < "$file" | jq -e --argjson error false \
			    -f $formats/classroom.jq ;;
		autolab.json)
			jq -e -s --argjson error false \
			    -f $formats/autolab.jq "$file" ;;
		junit.xml)
			xmllint --noout --relaxng $formats/junit.rng "$file" ;;
		results.tap) awk -f $formats/tap.awk "$file" ;;
		results.csv) awk -v column=check -f $formats/csv.awk "$file" ;;
		esac > "$scratch/told" 2>&1 && continue
		echo "$file"
		cat "$scratch/told"
		return 1
	done < "$scratch/documents"
}

tables()
{
	awk -v column=total -f $selftest/formats/csv.awk \
	    "$scratch/whole/gradebook.csv" &&
	    awk -v column=check -f $selftest/formats/csv.awk \
	    "$scratch/whole/checks.csv"
}

make_class
make_oddities
make_small_class
worth
expect 'a class is graded' grade "$scratch/whole"
expect 'every answer has the points that it deserves' \
    points_as_deserved "$scratch/whole"
for words in 'odd fifo' 'fixture.c is a named pipe' 'is a symbolic link' \
    'fixture.c is a folder' 'is larger than 1 MiB' 'a byte of value 0' \
    'essay.txt answers no exercise' 'a link is no folder' 'not in UTF-8' \
    'letters matter in its name' 'another answer to the same exercise' \
    '0, does not build' '0, not accepted' 'no answer found' 'is UTF-16' \
    'nothing handed in' 'Not run:' '>The interleaving: schedules<' \
    'waits with if, not while' '&lt;script&gt;alert(1)&lt;'; do
	expect "the pages say: $words" said "$words"
done
expect 'what macOS leaves is nobody, and no answer' only_people
expect 'who has misnamed an answer, the first page says' wrong_names_are_seen
expect 'the first page counts what builds' builds_are_counted
expect 'no page has anything that runs' static
expect 'every link leads somewhere' links_lead_somewhere
expect 'the tables are tables' tables
for name in results.tap results.csv; do
	expect "everybody's $name is valid" every $name
done
if command -v xmllint > /dev/null; then
	expect 'every page is well-formed' well_formed
	expect "everybody's junit.xml is valid" every junit.xml
else
	skipped 'there is no xmllint'
fi
if command -v jq > /dev/null; then
	for name in gradescope.json classroom.txt autolab.json; do
		expect "everybody's $name is valid" every $name
	done
else
	skipped 'there is no jq'
fi
expect 'a second batch into the same folder is refused' second_batch
expect 'a second run has nothing to do' nothing_to_do
cp -R "$scratch/whole" "$scratch/before"
expect 'what has changed is graded again, and only that' one_changed
expect 'and all is as before' same_bytes "$scratch/whole" "$scratch/before"
expect 'a forged drawing is not shown' forged_drawings
expect 'shard 1' grade "$scratch/shard1" --shard 1/3
expect 'shard 2 is killed half-way' kill_half_way
expect 'and nothing of it goes on' nothing_left "$scratch/shard2"
expect 'nor, of one that never ends, when its shell is killed' \
    killed_at_work shell_of
expect 'nor when its queue is' killed_at_work queue_of
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
expect 'a small class is graded' grade_small "$scratch/small-whole"
expect 'trouble is no zero, and passes' trouble
if [ -n "$DISKS" ]; then
	expect 'a full disk is no wrong answer' full_disk
else
	skipped 'no file system can be mounted here, so none is full'
fi
echo "batch_test: $tests tests, $faults faults"
[ $faults -eq 0 ]

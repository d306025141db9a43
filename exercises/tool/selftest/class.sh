# SPDX-License-Identifier: MIT
#
# class.sh - makes a class whose points are known, for batch_test.sh
#
# Sourced by it. Uses class and small, the folders to make, size, the number
# of students, scratch, selftest, tab and newline. Leaves in scratch:
#
#	answers		what there is to hand in: file, exercise, points
#	expected	who has handed in what: student, exercise, points
#	questions	the exercises, one a line

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

right_answers_of()
{
	for file in exercises/$1/correct/*.c; do
		offer "$file" "$1" all
	done
}

answers_of()
{
	right_answers_of "$1"
	for file in exercises/$1/mutant/*.c; do
		offer "$file" "$1" less
	done
}

our_answers()
{
	for question in fixture killing exploring; do
		answers_of "tool/selftest/$question"
	done
}

few_answers()
{
	our_answers
	offer exercises/01-work/predict/stub.c 01-work/predict 0
	for file in exercises/01-work/predict/correct/*.c; do
		offer "$file" 01-work/predict all
	done
	for name in aborts exits forges misspells sleeps stays crashes \
	    overwrites closes; do
		hostile_answer $selftest/hostile/$name.c
	done
}

# tosses is among the hostile: natively it is a matter of luck.
many_answers()
{
	our_answers
	for file in $selftest/hostile/*.c; do
		hostile_answer "$file"
	done
	for question in 01-work/predict 02-timers/predict 03-waits/predict \
	    01-work/wait 01-work/repair 02-timers/repair; do
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
	oddly_right
}

# Right answers, handed in as people do, and what their systems leave there.
oddly_right()
{
	right=$selftest/fixture/correct/add.c
	zip="$class/odd zip/sent in"
	mkdir -p "$class/odd case" "$class/odd twice/tool/selftest" "$zip" \
	    "$class/odd zip/__MACOSX" "$class/__MACOSX/odd zip" \
	    "$class/odd lines" "$class/odd mark" "$class/odd wide" \
	    "$class/odd words"
	echo 'this is not C' > "$class/odd words/fixture.c"
	cp $right "$zip/fixture.c"
	echo x > "$class/odd zip/.DS_Store"
	echo x > "$zip/._fixture.c"
	cp $right "$class/odd case/Fixture.c"
	cp $right "$class/odd twice/tool/selftest/fixture.c"
	echo x > "$class/odd twice/fixture.c"
	sed "s/\$/$(printf '\r')/" $right > "$class/odd lines/fixture.c"
	{ printf '\357\273\277'; cat $right; } > "$class/odd mark/fixture.c"
	printf '\377\376/\0*\0' > "$class/odd wide/fixture.c"
	for name in zip twice lines mark; do
		printf 'odd %s\ttool/selftest/fixture\tall\n' $name
	done >> "$scratch/expected"
}

# Three answers to one exercise, for what needs many runs.
make_small_class()
{
	for name in correct/add mutant/positive hostile/misspells; do
		mkdir -p "$small/${name#*/}"
		cp $selftest/fixture/$name.c "$small/${name#*/}/fixture.c" \
		    2> /dev/null ||
		    cp $selftest/$name.c "$small/${name#*/}/fixture.c"
	done
}

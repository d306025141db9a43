# SPDX-License-Identifier: MIT
#
# class.sh - the results of a class: joins shards, and shows them
#
# Sourced by batch.sh, of which it uses the functions and names. What is shown
# is made from OUT/plan.tsv and OUT/units alone, each time as a whole.

# ---- Shards ----

# merge_words OUT SHARD...: sets to and shards, one a line.
merge_words()
{
	[ $# -ge 2 ] || usage
	case $1$2 in -*) usage ;; esac
	path "$1"
	to=$path
	shift
	shards=
	for word in "$@"; do
		[ -d "$word" ] || refuse "no folder $word"
		path "$word"
		[ "$path" != "$to" ] || refuse 'OUT is one of the shards'
		shards="$shards$path$newline"
	done
}

# same WORDS PATTERN ONE OTHER: are these lines of both plans the same?
same()
{
	grep "$2" "$3/plan.tsv" > "$work/one"
	grep "$2" "$4/plan.tsv" | cmp -s - "$work/one" ||
	    refuse "$4 has $1 than $3"
}

# Does the shard have what it should? Uses of, number.
check_shard()
{
	[ -f "$1/plan.tsv" ] && [ -f "$1/shard" ] ||
	    refuse "$1 was not made by a batch"
	[ -n "$first" ] || first=$1
	same 'another grader' "^\(batch\|grader\|integrity\)$tab" \
	    "$first" "$1"
	same 'a machine that can do other things' "^machine$tab" \
	    "$first" "$1"
	same 'other exercises' "^exercise$tab" "$first" "$1"
	same 'other students' "^student$tab" "$first" "$1"
	same 'other answers' "^\(unit\|note\)$tab" "$first" "$1"
	shard=$(cat "$1/shard")
	number=${shard%/*} of=${of:-${shard#*/}}
	[ "${shard#*/}" = "$of" ] ||
	    refuse "$1 is shard $shard, and another is one of $of"
	case " $seen " in
	*" $number "*) refuse "shard $shard is given twice: $1" ;;
	esac
	seen="$seen $number"
	to=$1 BATCH_GRADER=$(sed -n "s/^grader$tab//p" "$1/plan.tsv")
	cp "$1/plan.tsv" "$work/plan.tsv" || exit 3
	left_to_do
	while IFS=$tab read -r code ex rest; do
		[ -f "$1/units/$code/$ex/done" ] ||
		    refuse "shard $shard is not finished: $1"
	done < "$work/todo"
}

merge()
{
	begin_results
	make_alone build/exercises/class build/exercises/settings &&
	    know_machine || exit 3
	first= of= seen= into=$to
	printf %s "$shards" > "$work/shards"
	while read -r one; do
		check_shard "$one"
	done < "$work/shards"
	number=0
	while [ $((number += 1)) -le "$of" ]; do
		case " $seen " in
		*" $number "*) ;;
		*) refuse "shard $number/$of is missing" ;;
		esac
	done
	to=$into
	[ ! -f "$to/plan.tsv" ] || cmp -s "$first/plan.tsv" "$to/plan.tsv" ||
	    refuse "$to holds the results of another class"
	join
	status=0
	[ -z "$(find "$to/units" -name done -exec grep -l "${tab}error\$" \
	    {} +)" ] || status=3
	show_class
	rm -rf "$work"
	exit $status
}

# The plan first: it says that the folder is ours.
join()
{
	cp "$first/plan.tsv" "$to/plan.new" && echo 1/1 > "$to/shard.new" ||
	    exit 3
	settle "$to/plan.new" "$to/plan.tsv"
	settle "$to/shard.new" "$to/shard"
	rm -rf "$to/units"
	mkdir "$to/units" || exit 3
	while read -r one; do
		cp -R "$one/units/." "$to/units" || {
			echo "batch: cannot write to $to" >&2
			exit 3
		}
	done < "$work/shards"
}

# ---- What is shown ----

students()
{
	grep "^student$tab" "$to/plan.tsv"
}

# The results of one student, in the order of the plan.
results_of()
{
	awk -F'\t' -v code="$1" -v units="$to/units" '
	    $1 == "unit" && $2 == code {
		print units "/" $2 "/" $3 "/result.tsv" }' "$to/plan.tsv"
}

# formats CODE NAME: every format that there is, and the lines of checks.csv.
formats()
{
	set -- "$1" "$2"
	results_of "$1" > "$work/results"
	while read -r one; do
		[ -f "$one" ] && set -- "$@" "$one"
	done < "$work/results"
	[ $# -gt 2 ] || return 0
	folder=$to/class.new/students/$1
	name=$2
	shift 2
	for pair in gradescope:gradescope.json classroom:classroom.txt \
	    junit:junit.xml tap:results.tap csv:results.csv \
	    autolab:autolab.json; do
		build/exercises/render "${pair%:*}" -n "$name" "$@" \
		    > "$folder/${pair#*:}" || return
	done
	if [ -s "$to/class.new/checks.csv" ]; then
		sed 1d "$folder/results.csv"
	else
		cat "$folder/results.csv"
	fi >> "$to/class.new/checks.csv"
}

# Everything anew, beside what was there, and then in its place.
show_class()
{
	rm -rf "$to/class.new" "$to/class.old"
	mkdir -p "$to/class.new/students" || exit 3
	class pages "$to" "$to/class.new" || exit 3
	make_alone build/exercises/render || exit 3
	students > "$work/students"
	while IFS=$tab read -r kind code name; do
		formats "$code" "$name" || {
			echo "batch: no formats for $code" >&2
			exit 3
		}
	done < "$work/students"
	for one in gradebook.csv checks.csv; do
		settle "$to/class.new/$one" "$to/$one"
	done
	[ ! -d "$to/class" ] || mv "$to/class" "$to/class.old" || exit 3
	mv "$to/class.new" "$to/class" || exit 3
	rm -rf "$to/class.old"
	echo "batch: $to/class/index.html" >&2
}

# SPDX-License-Identifier: MIT
#
# refusals.sh - files that are no results, and must be refused; of formats.sh

# refused FORMATS FILE...: nothing on standard output, one line on the other,
# and the status 2.
refused()
{
	formats=$1
	shift
	for format in $formats; do
		$careful "$format" "$@" > "$work/printed" 2> "$work/told"
		[ $? -eq 2 ] && [ ! -s "$work/printed" ] &&
		    [ "$(wc -l < "$work/told")" -eq 1 ] &&
		    grep -q '^render: ' "$work/told" && continue
		echo "    $format: $(cat "$work/told")"
		return 1
	done
}

# refuse WORDS SED: a good result, changed by sed.
refuse()
{
	sed "$2" "$work/hostile.tsv" > "$work/changed.tsv"
	expect "$1 is not changed by the test" \
	    not cmp -s "$work/hostile.tsv" "$work/changed.tsv"
	expect "refused: $1" refused 'gradescope csv' \
	    "$work/full.tsv" "$work/changed.tsv"
	expect "$1: it says in which file" \
	    grep -q "^render: $work/changed.tsv:" "$work/told"
}

refusals()
{
	t=$tab
	refuse 'no head' 1d
	refuse 'no exercise' 2d
	refuse 'no total' '$d'
	refuse 'a check is missing' 5d
	refuse 'a line twice' 5p
	refuse 'a line twice that earns nothing' 4p
	refuse 'more after the total' "\$a more"
	refuse 'two totals' '$p'
	refuse 'a kind of line that is none' '4s/^item/thing/'
	refuse 'a field too few' "4s/${t}[^${t}]*\$//"
	refuse 'a field too many' "4s/\$/$t/"
	refuse 'far too many fields' "4s/\$/$(printf '%60s' | tr ' ' '\t')/"
	refuse 'a verdict that is none' "5s/${t}pass$t/${t}passed$t/"
	refuse 'points of what failed' "s/${t}fail${t}0$t/${t}fail${t}1$t/"
	for points in 1/0 2/2 3/2 01 -1 '1 0\/3' 1e3 1.0 9999999 0/3 '' ' ' \
	    '1 2' '1  1\/3' inf '1\/3 '; do
		points=$(printf '%s' "$points" | sed 's|\([^\\]\)/|\1\\/|')
		refuse "points $points" "5s/${t}1\/3$t/$t$points$t/"
	done
	refuse 'more points than there are' "5s/${t}1\/3$t/${t}2\/3$t/"
	refuse 'no points without an error' "5s/${t}1\/3$t/${t}-$t/"
	refuse 'an error with points' "5s/${t}pass$t/${t}error$t/"
	refuse 'an error without points, and a total' \
	    "5s/${t}pass${t}1\/3$t/${t}error${t}-$t/"
	refuse 'another total' "\$s/1 1\/4/1 3\/4/"
	refuse 'another maximum' "\$s/${t}[0-9]*${t}graded/${t}7${t}graded/"
	refuse 'another maximum, twice' \
	    "2s/[0-9]*\$/7/; \$s/${t}[0-9]*${t}graded/${t}7${t}graded/"
	refuse 'no total, and graded' "\$s/1 1\/4/-/"
	refuse 'a status that is none' '$s/graded/done/'
	refuse 'neither visible nor hidden' "5s/${t}visible$t/${t}shown$t/"
	refuse 'a name with a space' '5s/first/the first/'
	refuse 'no name' '5s/first//'
	refuse 'a schedule that is a command' 's/A4B3A1/A4;B3/'
	refuse 'a trace elsewhere' 's|output/schedules|/etc/|'
	refuse 'a trace above' 's|output/schedules|output/../x|'
	refuse 'schedules that are no number' "s/${t}497$t/${t}4x7$t/"
	refuse 'a control character' "5s/A promise/$(printf '\033')[31m/"
	refuse 'a carriage return' "5s/\$/$(printf '\r')/"
	refuse 'an exercise without an ID' "2s/${t}H1$t/$t$t/"
}

odd_files()
{
	: > "$work/empty.tsv"
	printf 'grader\t2\t\0\n' > "$work/zero.tsv"
	printf %s "$(cat "$work/full.tsv")" > "$work/cut.tsv"
	head -c 200 "$work/full.tsv" > "$work/half.tsv"
	awk 'BEGIN { for (i = 0; i < 1100000; i++) print "item\tx\ty\tz" }' \
	    > "$work/large.tsv"
	for name in empty zero cut half large none; do
		expect "refused: $name.tsv" refused "$all" "$work/$name.tsv"
	done
	expect 'refused: a folder' refused "$all" "$work"
	expect 'an exercise twice is refused for Autolab' not silent \
	    $render autolab "$work/full.tsv" "$work/full.tsv"
	expect 'usage: no format' not silent $render
	expect 'usage: no file' not silent $render tap
	expect 'usage: an option that is none' not silent $render tap -x \
	    "$work/full.tsv"
}

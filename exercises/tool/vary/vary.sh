#!/bin/sh
# SPDX-License-Identifier: MIT
#
# vary.sh - variants of exercises, from a course's seed; for grade
#
# usage: exercises/tool/vary/vary.sh --seed WORD --to DIR [EX...]
#        exercises/tool/vary/vary.sh --sums DIR
#
# Writes DIR/EX/, a variant of every exercise whose manifest has parameters
# (../../README.md, Variants and hidden suites), or of those named; DIR is then
# an overlay. What is chosen depends on the seed, the exercise's id and the
# parameter's name alone, and is never what the project itself has. --sums
# writes the lists of checksums anew, after somebody has edited the overlay.

cd "$(dirname "$0")/../../.." || exit 3
. exercises/tool/stages.sh

usage()
{
	echo 'usage: exercises/grade vary --seed WORD --to DIR [EX...]' >&2
	echo '       exercises/grade vary --sums DIR' >&2
	exit 2
}

trouble()
{
	echo "vary: $1" >&2
	exit 3
}

# Every exercise that has something to choose.
with_parameters()
{
	grep -l -E '^(vary|rename|word)[ 	]' exercises/*/*/manifest |
	    sed 's|^exercises/||; s|/manifest$||' | LC_ALL=C sort
}

# pick NAME FIRST OTHERS...: one of the others.
pick()
{
	name=$1
	shift 2
	sum=$(printf '%s\n' "$seed $(field id) $name" | cksum | cut -d ' ' -f 1)
	shift $((sum % $#))
	echo "$1"
}

# A line of choices for each parameter: its kind, name, first and chosen value.
choose()
{
	awk '$1 ~ /^(vary|rename|word)$/ { $1 = $1; print }' \
	    "$dir/manifest" > "$work/parameters"
	while read -r kind name values; do
		[ "$kind" = vary ] || values="$name $values"
		set -- $values
		[ $# -ge 2 ] || trouble "$ex: $name: nothing to choose from"
		printf '%s\t%s\t%s\t%s\n' "$kind" "$name" "$1" \
		    "$(pick "$name" "$@")"
	done < "$work/parameters"
}

# A new name must not be one that the exercise has already.
require_new()
{
	cut -f 1,4 "$work/choices" | grep -v '^vary' | cut -f 2 |
	while read -r word; do
		grep -r -E -i -q "(^|[^A-Za-z0-9])${word}s?([^a-z0-9]|\$)" \
		    --include='*.[ch]' --include=README.md "$dir" || continue
		echo "vary: $ex has a '$word' already" >&2
		return 3
	done
}

write_file()
{
	mkdir -p "$(dirname "$target/$1")"
	awk -v name="$1" -v used="$work/used" -f $tool/vary/vary.awk \
	    "$work/rules" "$dir/$1" > "$target/$1" ||
	    trouble "$ex: cannot write $1"
}

# A rule that changes nothing is one that has been forgotten.
require_used()
{
	awk 'NR == FNR { used[$1]; next } !(FNR in used)' \
	    "$work/used" "$work/rules" > "$work/idle"
	[ ! -s "$work/idle" ] && return
	echo "vary: $ex: nowhere to be found:" >&2
	cut -f 1-3 "$work/idle" >&2
	exit 3
}

vary_one()
{
	locate || trouble "there is no exercise '$ex'"
	target=$to/$ex
	[ ! -e "$target" ] || trouble "$target is there already"
	choose > "$work/choices" || exit 3
	[ -s "$work/choices" ] || trouble "$ex has no parameters"
	require_new || exit 3
	awk -f $tool/vary/rules.awk "$work/choices" "$dir/manifest" \
	    > "$work/rules" || exit 3
	: > "$work/used"
	find "$dir" -type f | sed "s|^$dir/||" | LC_ALL=C sort \
	    > "$work/files"
	while read -r file; do
		write_file "$file"
	done < "$work/files"
	require_used
	sums_of "$target" > "$work/sums" && mv "$work/sums" "$target/sums"
	echo "$target"
}

renew_sums()
{
	for manifest in "$to"/*/*/manifest; do
		[ -f "$manifest" ] || trouble "no exercise in $to"
		target=${manifest%/manifest}
		sums_of "$target" > "$work/sums" &&
		    mv "$work/sums" "$target/sums" || exit 3
	done
}

seed= to= sums=
while [ $# -gt 0 ]; do
	case $1 in
	--seed) seed=$2 ;;
	--to) to=$2 ;;
	--sums) to=$2 sums=1 ;;
	-*) usage ;;
	*) break ;;
	esac
	[ $# -ge 2 ] || usage
	shift 2
done
[ -n "$to" ] || usage
LC_ALL=C
export LC_ALL
work=$(mktemp -d) || exit 3
trap 'rm -rf "$work"' EXIT
[ -n "$sums" ] && { renew_sums; exit; }
[ -n "$seed" ] || usage
[ $# -gt 0 ] || set -- $(with_parameters)
for argument in "$@"; do
	ex=${argument#exercises/}
	ex=${ex%/}
	vary_one
done

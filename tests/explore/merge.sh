#!/bin/sh
# merge.sh - of the shards of an exploration, what one run would have written
# SPDX-License-Identifier: MIT
#
# Usage: sh tests/explore/merge.sh OUT SHARD...
#
# SHARD is a folder that run.sh --shard has written. OUT gets results.tsv,
# settings.tsv and logs, which are those of one run to the byte, and what is
# printed is the same, too. All N shards must be there, each once, at its end,
# and of the same programs, tests and settings: each objection is a line.
#
# Exit status: 0 nothing failed, 1 something did, 2 not merged.

[ $# -gt 1 ] || { sed -n '/^# Usage/s/^# //p' "$0" >&2; exit 2; }
out=$1
shift
mkdir -p "$out" && new=$(mktemp -d "$out/merged.XXXXXX") || exit 2
trap 'rm -rf "$new"' EXIT
trap 'exit 2' HUP INT TERM
mkdir "$new/logs"

# compare: lines of settings.tsv, each after its folder; says what does not fit
compare() {
	awk -F '\t' '
	function object(text) {
		print $1 ": " text
		objected[$1]
	}
	NR == 1 { first = $1 }
	$2 == "shard" {
		split($3, part, "/")
		of = of ? of : part[2]
		if (of != part[2])
			object("shard " $3 ", not one of " of)
		else if (part[1] in there)
			object("shard " $3 " once more, as " there[part[1]])
		else
			there[part[1]] = $1
		next
	}
	$1 == first { value[$2] = $3; names++; next }
	{ seen[$1]++ }
	!($1 in objected) && value[$2] != $3 {
		object("other " ($2 ~ / / ? $2 : "settings, " $2 " " $3) \
		    " than in " first)
	}
	END {
		for (folder in seen)
			if (seen[folder] != names && !(folder in objected))
				print folder ": not as many settings" \
				    " as in " first
		for (i = 1; i <= of; i++)
			if (!(i in there))
				print "shard " i "/" of " is missing"
	}' "$@" | LC_ALL=C sort
}

# join: the shards' results and logs, in new; says what is not there
join() {
	for folder do
		cat "$folder/results.tsv"
		for log in "$folder"/logs/*; do
			[ ! -f "$log" ] || cp "$log" "$new/logs"
		done
	done | LC_ALL=C sort >"$new/results.tsv"
	sed "s|^shard.*|shard	1/1|" "$1/settings.tsv" >"$new/settings.tsv"
	sum=$(cut -f 1,3 "$new/results.tsv" | LC_ALL=C sort | cksum)
	grep -qx "tests	$sum" "$new/settings.tsv" ||
		echo 'the shards together have not each test once'
	awk -F '\t' '$5 != "pass" && $5 != "native" { print $1 "." $3 }' \
		"$new/results.tsv" | while read -r log; do
		[ -f "$new/logs/$log" ] || echo "the log of $log is missing"
	done
}

for folder do
	[ -f "$folder/results.tsv" ] || echo "$folder: not a shard at its end"
	[ ! -f "$folder/settings.tsv" ] ||
		folder=$folder awk '{ print ENVIRON["folder"] "\t" $0 }' \
			"$folder/settings.tsv" >>"$new/all"
done >"$new/objections"
[ ! -f "$new/all" ] || compare "$new/all" >>"$new/objections"
[ -s "$new/objections" ] || join "$@" >"$new/objections"
if [ -s "$new/objections" ]; then
	sed 's/^/merge: /' "$new/objections" >&2
	exit 2
fi

rm -rf "$out/logs"
mv "$new/logs" "$new/settings.tsv" "$new/results.tsv" "$out"
sh "${0%/*}/tell.sh" "$out"

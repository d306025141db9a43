#!/bin/sh
# SPDX-License-Identifier: MIT
#
# timeline_test.sh - does timeline.awk draw what a trace says?
#
# usage: sh book/timeline_test.sh PROGRAM SERVER EXPLORED
#
# The fixture is a trace with exact times, as of a run in virtual time, and
# something of every kind in it. PROGRAM and SERVER, the web server, are the
# project's own; they are traced here, so that the drawing follows the traces
# that there really are. EXPLORED is the same as PROGRAM for the explorer, in
# whose virtual time a schedule has one trace: the same bytes in every run.

set -u
program=$1
server=$2
explored=$3
cd "$(dirname "$0")/.." || exit 1
scratch=$(mktemp -d) || exit 1
trap 'rm -rf "$scratch"' EXIT
trap 'exit 1' HUP INT TERM
fixture=book/timeline_fixture.json
passed=0
failed=0

draw()
{
	LC_ALL=C awk -f book/timeline.awk "$@" 2>"$scratch/err"
}

# verdict WHAT COMMAND...: passes if the command succeeds
verdict()
{
	what=$1
	shift
	if "$@" >"$scratch/out" 2>&1; then
		passed=$((passed + 1))
		echo "ok      $what"
	else
		failed=$((failed + 1))
		echo "FAILED  $what"
		sed 's/^/        /' "$scratch/out"
	fi
}

# Every element ends, in order, and no text holds a bare & or <.
well_formed()
{
	awk '
	function bad(words) { print FNR ": " words; wrong = 1; exit 1 }
	{
		if ($0 ~ /&/ && $0 !~ /&(amp|lt|gt);/)
			bad("a bare &")
		while (match($0, /<[^>]*>/)) {
			tag = substr($0, RSTART + 1, RLENGTH - 2)
			$0 = substr($0, RSTART + RLENGTH)
			name = tag
			sub(/[ \/].*/, "", name)
			if (tag ~ /^\//) {
				if (open[depth--] != substr(tag, 2))
					bad("an end of " tag)
			} else if (tag !~ /\/$/)
				open[++depth] = name
			if (gsub(/"/, "", tag) % 2)
				bad("a quote too few")
		}
		if ($0 ~ /[<>]/ && open[depth] != "style")
			bad("a bare < or >")
	}
	END { if (wrong || depth) exit 1 }' "$1"
}

# Names that stand in one line do not run into each other, or out of the picture.
names_apart()
{
	awk '
	/^<text/ {
		match($0, / x="[0-9.]+/)
		x = substr($0, RSTART + 4, RLENGTH - 4) + 0
		match($0, / y="[0-9.]+/)
		y = substr($0, RSTART + 4, RLENGTH - 4)
		if ($0 ~ /text-anchor/)
			next	# the numbers at the axis
		gsub(/<[^>]*>/, "")
		gsub(/&[a-z]*;/, "x")
		end = x + length($0) * 6.2
		if (x < 0 || end > 402) {
			print $0 " leaves the picture"
			wrong = 1
		}
		for (i = 1; i <= n; i++)
			if (line[i] == y && x < to[i] && from[i] < end) {
				print $0 " runs into " text[i]
				wrong = 1
			}
		n++
		line[n] = y; from[n] = x; to[n] = end; text[n] = $0
	}
	END { exit !n || wrong }' "$1"
}

# Nothing is loaded from elsewhere, and nothing runs.
self_contained()
{
	! grep -E '<script|<image|<use|href|@import|@font|javascript:| on[a-z]+=' "$1" &&
	! grep -E 'https?:|url\(' "$1" | grep -v -E \
		'^<svg xmlns="http://www.w3.org/2000/svg" |url\(#[a-z]+-hatch\)'
}

described()
{
	grep -q '^<svg [^>]*role="img"' "$1" &&
	grep -q '^<svg [^>]*aria-labelledby="timeline-title"' "$1" &&
	grep -q '^<svg [^>]*aria-describedby="timeline-desc"' "$1" &&
	grep -q '^<title id="timeline-title">What 4 threads did in 400 ms</title>$' "$1"
}

in_words()
{
	cat >"$scratch/expected" <<'END'
0 ms: main makes pool 1.
0 ms: worker 1 begins.
0 ms: main posts work 1.
0 to 200 ms: worker 1 runs work 1.
50 ms: main posts simple callback 1.
50 ms: main posts work 2, 3 times.
60 ms: the system refuses a thread.
150 ms: a due time has come.
150 ms: worker 2 begins.
150 to 225.5 ms: worker 2 runs simple callback 1.
180 to 200 ms: worker 2 waits for work 1.
180 to 200 ms: main waits for work 1.
200 to 300 ms: worker 1 runs work 2.
200 ms: main cancels 2 posts of work 2.
225.5 ms: worker 2 ends.
300 ms: main cancels one post of work 1.
300 ms: main closes pool 1.
From 310 ms to the end: worker 1 runs wait &lt;&amp;&gt; 1.
400 ms: main posts work 1.
END
	sed -n '/<desc/,/<\/desc>/{s/<[^>]*>//g;p;}' "$1" |
		diff "$scratch/expected" -
}

in_order()
{
	cat >"$scratch/expected" <<'END'
No time passes. In this order:
main makes pool 1.
worker 1 begins.
main posts work 1.
worker 1 starts work 1.
main posts simple callback 1.
main posts work 2, 3 times.
the system refuses a thread.
a due time has come.
worker 2 begins.
worker 2 starts simple callback 1.
worker 2 waits for work 1.
main waits for work 1.
worker 1 returns from work 1.
worker 2 has waited for work 1.
main has waited for work 1.
worker 1 starts work 2.
END
	sed -n '/<desc/,/<\/desc>/{s/<[^>]*>//g;p;}' "$1" | sed 17q |
		diff "$scratch/expected" -
}

# has N PATTERN FILE: so many lines of the file match
# No line that comes down from a name goes through another one.
lines_clear()
{
	awk '
	/class="tl-lead"/ {
		match($0, /d="M[^"]*/)
		split(substr($0, RSTART + 4, RLENGTH - 4), part, /[ V]/)
		n++
		x[n] = part[1]; from[n] = part[2]; to[n] = part[3]
	}
	/^<text class="tl-small"/ && !/text-anchor/ {
		match($0, / x="[0-9.]+/)
		m++
		start[m] = substr($0, RSTART + 4, RLENGTH - 4) + 0
		match($0, / y="[0-9.]+/)
		low[m] = substr($0, RSTART + 4, RLENGTH - 4) + 0
		gsub(/<[^>]*>/, "")
		gsub(/&[a-z]*;/, "x")
		text[m] = $0
		end[m] = start[m] + length($0) * 6.2
	}
	END {
		for (i = 1; i <= n; i++)
			for (k = 1; k <= m; k++)
				if (x[i] > start[k] && x[i] < end[k] &&
				    from[i] < low[k] - 1 && to[i] > low[k] - 8) {
					print "a line goes through " text[k]
					wrong = 1
				}
		exit !n || wrong
	}' "$1"
}

has()
{
	found=$(grep -c -- "$2" "$3")
	[ "$found" -eq "$1" ] || { echo "$found of $2, not $1"; false; }
}

# Where the bars stand: 8 is 0 ms; 400 ms is 320.3, where the last name fits.
bars_to_scale()
{
	has 1 'class="tl-callback" x="8" .*width="156.2" ' "$1" &&
	has 1 'class="tl-callback" x="164.2" .*width="78.1" ' "$1" &&
	has 1 'class="tl-callback" x="125.1" .*width="58.9" ' "$1" &&
	has 1 'class="tl-callback" x="250" .*width="70.3" ' "$1" &&
	has 4 'class="tl-callback"' "$1" &&
	has 2 'class="tl-wait" x="148.5" .*width="15.6" .*url(#timeline-hatch)' "$1" &&
	has 2 'class="tl-wait"' "$1" &&
	has 1 'stroke-dasharray="2 2"' "$1"
}

axis_in_ms()
{
	for tick in '0 ms' 100 200 300 400; do
		has 1 "^<text .*>$tick</text>" "$1" || return 1
	done
}

# refused TRACE WORDS: no picture, and the reason with file and line
refused()
{
	! draw "$scratch/$1" >/dev/null && grep "$scratch/$1:$2" "$scratch/err"
}

draw $fixture >"$scratch/fixture.svg"
verdict 'the picture is well-formed' well_formed "$scratch/fixture.svg"
verdict 'it needs nothing from elsewhere' self_contained "$scratch/fixture.svg"
verdict 'it has a title and a description' described "$scratch/fixture.svg"
verdict 'the description tells what happened' in_words "$scratch/fixture.svg"
verdict 'bars and waits stand at their times' bars_to_scale "$scratch/fixture.svg"
verdict 'the axis is in milliseconds' axis_in_ms "$scratch/fixture.svg"
verdict 'no name covers another' names_apart "$scratch/fixture.svg"
verdict 'no line goes through a name' lines_clear "$scratch/fixture.svg"
verdict 'posts in a row share a name' has 1 '>post work 2 .*3</text>' \
	"$scratch/fixture.svg"
verdict 'every post has its mark' has 6 'l-4 -7h8z' "$scratch/fixture.svg"

draw -v id=other -v title='A & B' $fixture >"$scratch/other.svg"
verdict 'title and names can be chosen' \
	has 1 '<title id="other-title">A &amp; B</title>' "$scratch/other.svg"

sed 's/"ts":[0-9.]*/"ts":0.0/' $fixture >"$scratch/instant.json"
draw "$scratch/instant.json" >"$scratch/instant.svg"
verdict 'where no time passes, events stand in their order' \
	has 1 'in their order; no time passes' "$scratch/instant.svg"
verdict 'and the description tells their order' in_order "$scratch/instant.svg"
verdict 'and no name covers another' names_apart "$scratch/instant.svg"
verdict 'and no line goes through a name' lines_clear "$scratch/instant.svg"
verdict 'and it is well-formed' well_formed "$scratch/instant.svg"

# Long names close to the end: the axis makes room for them.
{
	echo '['
	echo '{"ph":"M","pid":1,"tid":1,"name":"thread_name","args":{"name":"main"}},'
	for ts in 0 90000 95000 100000; do
		printf '{"ph":"i","pid":1,"tid":1,"ts":%s,"cat":"post",' $ts
		echo "\"name\":\"post work $ts\",\"s\":\"t\"},"
	done
	echo ']'
} >"$scratch/late.json"
draw "$scratch/late.json" >"$scratch/late.svg"
verdict 'names at the end are apart' names_apart "$scratch/late.svg"
verdict 'and no line goes through them' lines_clear "$scratch/late.svg"

printf '[\n]\n' >"$scratch/empty.json"
verdict 'a trace without events is refused' refused empty.json '2: no event'
sed '/"ph":"B".*work 1/d' $fixture >"$scratch/torn.json"
verdict 'an end without a begin is refused' refused torn.json '[0-9]*: an end'
sed 's/"ph":"i"/"ph":"s"/' $fixture >"$scratch/flow.json"
verdict 'an unknown kind of event is refused' refused flow.json \
	'[0-9]*: an event of an unknown kind'

# traced NAME PROGRAM: what it does is drawn, to the last callback
traced()
{
	TP_TRACE=$scratch/$1.json "$2" >/dev/null
	draw "$scratch/$1.json" >"$scratch/$1.svg"
	verdict "the trace of $2 is drawn" well_formed "$scratch/$1.svg"
	callbacks=$(grep -c '"ph":"B".*"cat":"callback"' "$scratch/$1.json")
	verdict 'it has callbacks' [ "$callbacks" -gt 0 ]
	verdict 'and the picture has all of them' \
		has "$callbacks" 'class="tl-callback"' "$scratch/$1.svg"
}

traced real "$program"
verdict 'and no name covers another' names_apart "$scratch/real.svg"
traced server "$server"
verdict 'with requests of the network' \
	grep -q '"ph":"B".*"name":"io ' "$scratch/server.json"

for run in 1 2 3; do
	TP_IDLE_MS=4000000 TP_STALL_MS=4000000 EXPLORE='seed=3 runs=1' \
		TP_TRACE=$scratch/explored.$run "$explored" >/dev/null 2>&1
done
verdict 'a schedule has one trace' \
	cmp "$scratch/explored.1" "$scratch/explored.2"
verdict 'in every run' cmp "$scratch/explored.2" "$scratch/explored.3"
draw "$scratch/explored.1" >"$scratch/explored.svg"
verdict 'and it is drawn' well_formed "$scratch/explored.svg"

echo "$passed passed, $failed failed"
[ $failed -eq 0 ]

# SPDX-License-Identifier: MIT
#
# timeline_text.awk - an event trace (TP_TRACE) in characters
#
# usage: awk -f book/timeline_text.awk TRACE
#
# What timeline.awk draws, for a page that can show no picture: one event a line,
# in the column of its thread. At the left stands the time in ms, where it has
# moved. A line leads down through each callback (|) and each wait (:).
# Columns may overlap, as a line holds one cell only.

BEGIN { wide = 76 }

function stop(words)
{
	printf "%s:%d: %s\n", FILENAME, FNR, words > "/dev/stderr"
	failed = 1
	exit 1
}

# What stands behind "key": in this line.
function value(key,	start, rest)
{
	start = index($0, "\"" key "\":")
	if (!start)
		return ""
	rest = substr($0, start + length(key) + 3)
	if (substr(rest, 1, 1) == "\"") {
		rest = substr(rest, 2)
		return substr(rest, 1, index(rest, "\"") - 1)
	}
	match(rest, /^[^,}]*/)
	return substr(rest, 1, RLENGTH)
}

function add(text)
{
	lines++
	cell[lines] = text
	lane[lines] = lane_of[value("tid")]
	at[lines] = value("ts") / 1000
	posted[lines] = ""
	size[lines] = 1
	rails[lines] = ""
	for (i = 1; i <= lanes; i++)
		rails[lines] = rails[lines] (depth[i] ? \
			substr(stack[i], depth[i], 1) : " ")
}

function begin(mark, text,	l)
{
	l = lane_of[value("tid")]
	add(text)
	depth[l]++
	stack[l] = substr(stack[l], 1, depth[l] - 1) mark
}

function end(text,	l)
{
	l = lane_of[value("tid")]
	if (depth[l] < 1)
		stop("an end without a begin")
	depth[l]--
	if (text != "")
		add(text)
}

!/^\{/ { next }

{
	phase = value("ph")
	kind = value("cat")
	name = value("name")
	what = name
	sub(/^(wait for|post|cancel|make|close) /, "", what)
}

phase == "M" {
	thread = value("tid")
	sub(/.*"args":/, "")
	thread_name[thread] = value("name")
	next
}

what == "default pool" { next }	# it is there for everybody

# A thread that does nothing worth telling has no column.
!(value("tid") in lane_of) {
	lane_of[value("tid")] = ++lanes
	lane_name[lanes] = thread_name[value("tid")]
	depth[lanes] = 0
}

kind == "idle" { next }

phase == "B" && kind == "callback" { begin("|", "begins " what); next }
phase == "B" && kind == "wait" { begin(":", "waits for " what); next }
phase == "E" && kind == "callback" { end("ends " what); next }
phase == "E" && kind == "wait" { end("has waited for " what); next }
phase != "i" { stop("an event of an unknown kind") }

kind == "post" && lines && posted[lines] == value("tid") " " what \
		&& at[lines] == value("ts") / 1000 {
	size[lines]++
	cell[lines] = "posts " what ", " size[lines] " times"
	next
}

kind == "post" {
	add("posts " what)
	posted[lines] = value("tid") " " what
	next
}

kind == "cancel" { add("cancels " value("dropped") " of " what); next }
kind == "expiry" { add("finds a due time"); next }
kind == "pool" { add((name ~ /^make/ ? "makes " : "closes ") what); next }
what == "refused" { add("is refused a thread"); next }
{ add(what == "born" ? "starts" : "ends") }

function ms(t,	text)
{
	text = sprintf("%.3f", t)
	sub(/\.?0+$/, "", text)
	return text
}

# The column where a lane begins.
function begin_of(l)
{
	return margin + (l - 1) * step
}

function pad(text, to)
{
	return sprintf("%-" to "s", text)
}

function layout(	i, longest, last)
{
	margin = total > 0 ? length(ms(total)) + 5 : 0
	step = lanes > 1 ? 26 : 0
	for (i = 1; i <= lines; i++) {
		longest = length(cell[i])
		last = lane[i] - 1
		if (last > 0 && margin + last * step + longest > wide)
			step = int((wide - margin - longest) / last)
	}
	last = lanes - 1
	longest = length(lane_name[lanes])
	if (last > 0 && margin + last * step + longest > wide)
		step = int((wide - margin - longest) / last)
	for (i = 1; i < lanes; i++)
		if (length(lane_name[i]) + 2 > step)
			stop("too many threads for " wide " columns")
}

function line(i,	l, out, from)
{
	out = ""
	if (total > 0 && (i == 1 || at[i] != at[i - 1]))
		out = pad(ms(at[i]) " ms", margin)
	for (l = 1; l <= lanes; l++) {
		from = begin_of(l)
		if (length(out) > from)
			continue	# a cell covers it
		if (l == lane[i])
			out = pad(out, from) cell[i] " "
		else if (substr(rails[i], l, 1) ~ /[|:]/)
			out = pad(out, from) substr(rails[i], l, 1)
	}
	sub(/ +$/, "", out)
	return out
}

END {
	if (failed)
		exit 1
	if (!lines)
		stop("no event in this trace")
	total = at[lines]
	layout()
	out = pad("", margin)
	for (l = 1; l <= lanes; l++)
		out = pad(out, begin_of(l)) lane_name[l]
	sub(/ +$/, "", out)
	print out
	for (i = 1; i <= lines; i++)
		print line(i)
}

# SPDX-License-Identifier: MIT
#
# timeline.awk - draws an event trace (TP_TRACE, see ref/README.md) as SVG
#
# usage: awk [-v id=NAME] [-v title=TEXT] [-v axis=order] \
#            -f book/timeline.awk TRACE
#
# One lane a thread. A callback is a bar; a wait is hatched; posts, cancels and
# due times are marks. Whatever has no room for its name has it above, on a thin
# line. Along the axis is time, in ms; or, with axis=order and where no time
# passes, the order of the events.
#
# The description says the same in sentences, for those who cannot see it. All
# is drawn in currentColor: inside a page in the page's colour, alone in a dark
# or a light one, and on paper too. Nothing is told by colour. id: a prefix for
# the names inside the picture, if a page has several.

BEGIN {
	left = 8; right = 392; width = 400	# of the picture, and its axis
	bar = 26; row = 15; gap = 12; letter = 6.7
	low = 8			# a wait inside a callback; and a mark
	narrow = 250		# right is not moved further in than that
	if (id == "")
		id = "timeline"
}

# ---- Reading ----

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

function begin_span(kind, what)
{
	spans++
	span_kind[spans] = kind
	span_what[spans] = what
	span_thread[spans] = thread
	span_start[spans] = events
	span_depth[spans] = depth[thread]++
	stack[thread, depth[thread]] = spans
	starts[events] = spans
}

function end_span(	s)
{
	if (depth[thread] < 1)
		stop("an end without a begin")
	s = stack[thread, depth[thread]--]
	span_end[s] = events
	ends[events] = s
}

function stop(words)
{
	printf "%s:%d: %s\n", FILENAME, FNR, words > "/dev/stderr"
	failed = 1
	exit 1
}

!/^\{/ { next }

{
	phase = value("ph")
	thread = value("tid") + 0
	name = value("name")
}

phase == "M" {
	sub(/.*"args":/, "")
	thread_name[thread] = value("name")
	next
}

name ~ /^(make|close) default pool$/ { next }	# it is there for everybody

# A thread that does nothing worth telling has no lane.
!(thread in lane_of) {
	lane_of[thread] = ++lanes
	lane_name[lanes] = thread_name[thread]
}

{
	events++
	when[events] = value("ts") / 1000
	who[events] = lane_name[lane_of[thread]]
	kind[events] = value("cat")
	last[thread] = events
	if (!(thread in first))
		first[thread] = events
	what = name
	sub(/^(wait for|post|cancel|make|close) /, "", what)
	of[events] = what
	text_of[events] = name
}

phase == "B" { begin_span(kind[events], what); next }
phase == "E" { end_span(); next }

phase == "i" {
	marks++
	mark_event[marks] = events
	mark_thread[marks] = thread
	count[events] = value("pending") value("dropped")
	count[events] += 0
	mark_at[events] = marks
	group_mark()
	next
}

{ stop("an event of an unknown kind") }

# Posts of one object, one after the other by one thread, share a name, if they
# are made at one time.
function group_mark(	before)
{
	before = open_group[thread]
	if (kind[events] == "post" && before &&
	    of[mark_event[before]] == what &&
	    when[mark_event[before]] == when[events] &&
	    last_but_one[thread] == group_last[before]) {
		group_size[before]++
		group_last[before] = events
		grouped[marks] = 1
	} else {
		open_group[thread] = kind[events] == "post" ? marks : 0
		group_size[marks] = 1
		group_last[marks] = events
	}
	last_but_one[thread] = events
}

# ---- Words ----

function escape(text)
{
	gsub(/&/, "\\&amp;", text)
	gsub(/</, "\\&lt;", text)
	gsub(/>/, "\\&gt;", text)
	return text
}

# Milliseconds, to a thousandth, without zeros at the end.
function ms(t,	text)
{
	text = sprintf("%.3f", t)
	sub(/\.?0+$/, "", text)
	return text
}

function from_to(a, b)
{
	if (ms(a) == ms(b))
		return ms(a) " ms: "
	return ms(a) " to " ms(b) " ms: "
}

function times(n, one, more)
{
	return n == 1 ? one : n " " more
}

function span_sentence(s,	doing)
{
	doing = span_kind[s] == "callback" ? "runs " : "waits for "
	doing = who[span_start[s]] " " doing span_what[s]
	if (span_open[s])
		return "From " ms(when[span_start[s]]) " ms to the end: " \
			doing "."
	return from_to(when[span_start[s]], when[span_end[s]]) doing "."
}

function mark_sentence(m,	e, n)
{
	e = mark_event[m]
	n = group_size[m]
	if (kind[e] == "post")
		return ms(when[e]) " ms: " who[e] \
			" posts " of[e] (n > 1 ? ", " n " times." : ".")
	if (kind[e] == "cancel")
		return ms(when[e]) " ms: " who[e] " cancels " \
			times(count[e], "one post", "posts") " of " of[e] "."
	if (kind[e] == "expiry")
		return ms(when[e]) " ms: a due time has come."
	if (kind[e] == "pool")
		return ms(when[e]) " ms: " who[e] " " \
			(text_of[e] ~ /^make/ ? "makes " : "closes ") of[e] "."
	if (of[e] == "refused")
		return ms(when[e]) " ms: the system refuses a thread."
	return ms(when[e]) " ms: " who[e] \
		(of[e] == "born" ? " begins." : " ends.")
}

# Where no time passes, only the order tells when something has ended.
function step_sentence(s, ends)
{
	if (span_kind[s] == "idle")
		return ""
	if (span_kind[s] == "callback")
		return who[span_start[s]] (ends ? " returns from " : \
			" starts ") span_what[s] "."
	return who[span_start[s]] (ends ? " has waited for " : \
		" waits for ") span_what[s] "."
}

function describe_order(	e, sentence, all)
{
	all = "No time passes. In this order:"
	for (e = 1; e <= events; e++) {
		sentence = ""
		if (e in starts)
			sentence = step_sentence(starts[e], 0)
		else if (e in ends)
			sentence = step_sentence(ends[e], 1)
		else if (!(mark_at[e] in grouped))
			sentence = mark_sentence(mark_at[e])
		sub(/^0 ms: /, "", sentence)
		if (sentence != "")
			all = all "\n" sentence
	}
	return all
}

# What happened, in the order in which it began.
function describe(	e, sentence, all)
{
	if (total <= 0)
		return describe_order()
	for (e = 1; e <= events; e++) {
		sentence = ""
		if (e in starts && span_kind[starts[e]] != "idle")
			sentence = span_sentence(starts[e])
		else if (e in mark_at && !(mark_at[e] in grouped))
			sentence = mark_sentence(mark_at[e])
		if (sentence != "")
			all = all (all == "" ? "" : "\n") sentence
	}
	return all
}

# ---- Lengths ----

function x_of(e)
{
	if (axis == "order")
		return left + (right - left) * (events > 1 ? \
			(e - 1) / (events - 1) : 0)
	return left + (right - left) * when[e] / total
}

function px(number,	text)
{
	text = sprintf("%.1f", number)
	sub(/\.0$/, "", text)
	return text
}

function text_width(text)
{
	return length(text) * letter
}

# ---- Names above the lanes ----

function add_label(lane, x, text)
{
	labels[lane]++
	label_x[lane, labels[lane]] = x
	label_text[lane, labels[lane]] = text
}

# Sorts the names of a lane by x, and keeps equal ones in their order.
function sort_labels(lane,	i, k, x, text)
{
	for (i = 2; i <= labels[lane]; i++) {
		x = label_x[lane, i]
		text = label_text[lane, i]
		for (k = i - 1; k > 0 && label_x[lane, k] > x; k--) {
			label_x[lane, k + 1] = label_x[lane, k]
			label_text[lane, k + 1] = label_text[lane, k]
		}
		label_x[lane, k + 1] = x
		label_text[lane, k + 1] = text
	}
}

# Does a name from a to b, in row r, its line at x, touch one further right?
function touches(lane, i, r, a, b, x,	k, other)
{
	for (k = i + 1; k <= labels[lane]; k++) {
		other = label_row[lane, k]
		if (other == r && label_start[lane, k] < b)
			return 1
		if (other > r && label_x[lane, k] < b)
			return 1	# that one's line comes down through us
		if (other < r && label_start[lane, k] <= x &&
		    x <= label_start[lane, k] + label_wide[lane, k])
			return 1	# and ours through that one
	}
	return 0
}

# From right to left, each in the lowest row where it touches no other.
function place_labels(lane,	i, r, x, a)
{
	rows[lane] = 0
	sort_labels(lane)
	for (i = labels[lane]; i > 0; i--) {
		x = a = label_x[lane, i]
		label_wide[lane, i] = text_width(label_text[lane, i]) + 6
		if (a + label_wide[lane, i] > width)
			a = width - label_wide[lane, i]
		for (r = 1; r <= rows[lane]; r++)
			if (!touches(lane, i, r, a,
			    a + label_wide[lane, i], x))
				break
		if (r > rows[lane])
			rows[lane] = r
		label_row[lane, i] = r
		label_start[lane, i] = a
	}
}

# A name stands right of its line, or on top of it where the picture ends.
function draw_labels(lane, top,	i, x, y)
{
	for (i = 1; i <= labels[lane]; i++) {
		x = label_x[lane, i]
		y = top - low - (label_row[lane, i] - 1) * row
		printf "<path class=\"tl-lead\" d=\"M%s %sV%s\"/>\n", px(x), \
			px((label_start[lane, i] < x) ? y + 3 : y - 9), px(top)
		printf "<text class=\"tl-small\" x=\"%s\" y=\"%s\">%s</text>\n", \
			px(label_start[lane, i] + 3), px(y), \
			escape(label_text[lane, i])
	}
}

# ---- Bars and marks ----

# Has the bar room for its name? On the hatching of a wait it would not be
# readable.
function fits(s)
{
	return span_kind[s] == "callback" &&
		span_wide[s] >= text_width(span_name[s]) + 8
}

function measure_spans(	s)
{
	for (s = 1; s <= spans; s++) {
		if (!(s in span_end)) {
			span_open[s] = 1
			span_end[s] = events
		}
		if (span_kind[s] == "idle")
			continue
		span_x[s] = x_of(span_start[s])
		span_wide[s] = x_of(span_end[s]) - span_x[s]
		span_name[s] = (span_kind[s] == "wait" ? "waits for " : "") \
			span_what[s]
		if (!fits(s))
			add_label(lane_of[span_thread[s]], span_x[s], \
				span_name[s])
	}
}

function is_drawn(m)
{
	return kind[mark_event[m]] ~ /^(post|cancel|expiry)$/ ||
		of[mark_event[m]] == "refused"
}

function measure_marks(	m, e, text)
{
	for (m = 1; m <= marks; m++) {
		e = mark_event[m]
		if (!is_drawn(m) || m in grouped)
			continue
		text = text_of[e]
		if (group_size[m] > 1)
			text = text " " "\303\227" group_size[m]
		else if (kind[e] == "cancel")
			text = "cancel " count[e] " of " of[e]
		else if (of[e] == "refused")
			text = "thread refused"
		add_label(lane_of[mark_thread[m]], x_of(e), text)
	}
}

function draw_span(s, top,	y, high)
{
	high = span_depth[s] ? low : bar
	y = top + bar - high
	printf "<rect class=\"tl-%s\" x=\"%s\" y=\"%s\" width=\"%s\" height=\"%s\"", \
		span_kind[s], px(span_x[s]), px(y), \
		px((span_wide[s] > 1.5) ? span_wide[s] : 1.5), px(high)
	if (span_kind[s] == "wait")
		printf " fill=\"url(#%s-hatch)\"", id
	printf "/>\n"
	if (span_open[s])
		printf "<path class=\"tl-line\" stroke-dasharray=\"2 2\" d=\"M%s %sV%s\"/>\n", \
			px(right + 3), px(y), px(y + high)
	if (fits(s))
		printf "<text x=\"%s\" y=\"%s\">%s</text>\n", \
			px(span_x[s] + 5), px(top + 13.5), escape(span_name[s])
}

# A post points down, a cancel is a cross, a due time a diamond.
function draw_mark(m, top,	e, x)
{
	e = mark_event[m]
	x = px(x_of(e))
	if (kind[e] == "post")
		printf "<path class=\"tl-mark\" d=\"M%s %sl-4 -7h8z\"/>\n", \
			x, px(top)
	else if (kind[e] == "expiry")
		printf "<path class=\"tl-mark\" d=\"M%s %sl4 4l-4 4l-4 -4z\"/>\n", \
			x, px(top - 4)
	else
		printf "<path class=\"tl-cross\" d=\"M%s %sm-4 -4l8 8m0 -8l-8 8\"/>\n", \
			x, px(top)
}

# From the first event of the thread to its last, but for what it does.
function draw_life(thread, y,	s, x)
{
	x = x_of(first[thread])
	for (s = 1; s <= spans; s++) {
		if (span_thread[s] != thread || span_kind[s] == "idle" ||
		    span_depth[s])
			continue
		printf "<path class=\"tl-line\" d=\"M%s %sH%s\"/>\n", px(x), \
			px(y), px(span_x[s])
		x = x_of(span_end[s])
	}
	printf "<path class=\"tl-line\" d=\"M%s %sH%s\"/>\n", px(x), px(y), \
		px((x_of(last[thread]) > x) ? x_of(last[thread]) : x)
}

# How far right may the axis end, for the last names to stand right of their
# lines? A name that stood on top of its own would hide others' lines.
function room(	lane, i, x, w, end, least)
{
	least = right
	for (lane = 1; lane <= lanes; lane++)
		for (i = 1; i <= labels[lane]; i++) {
			x = label_x[lane, i]
			w = text_width(label_text[lane, i]) + 6
			if (x + w <= width || x <= left)
				continue
			end = left + (right - left) * \
				(width - w - left) / (x - left)
			if (end < least)
				least = end
		}
	return least > narrow ? least : narrow
}

# With a shorter axis, bars may lose the room for their names.
function measure(	end)
{
	for (;;) {
		split("", labels)
		measure_spans()
		measure_marks()
		end = room()
		if (end > right - 0.5)
			return
		right = end
	}
}

# ---- The picture ----

function draw_lane(thread, top,	lane, s, m)
{
	lane = lane_of[thread]
	printf "<text class=\"tl-name\" x=\"%d\" y=\"%s\">%s</text>\n", left, \
		px(top + 11), escape(lane_name[lane])
	top += 16 + rows[lane] * row
	draw_life(thread, top + bar / 2)
	draw_labels(lane, top)
	for (s = 1; s <= spans; s++)
		if (span_thread[s] == thread && span_kind[s] != "idle")
			draw_span(s, top)
	for (m = 1; m <= marks; m++)
		if (mark_thread[m] == thread && is_drawn(m))
			draw_mark(m, top)
	return top + bar + gap
}

function lane_height(lane)
{
	return 16 + rows[lane] * row + bar + gap
}

# 1, 2 or 5 times a power of ten: four to eight of them make the total.
function nice_step(	step)
{
	step = 0.0001
	for (;;) {
		if (total / step <= 6) return step
		if (total / (2 * step) <= 6) return 2 * step
		if (total / (5 * step) <= 6) return 5 * step
		step *= 10
	}
}

function draw_axis(top,	step, i, x)
{
	if (axis == "order") {
		printf "<text class=\"tl-small\" x=\"%d\" y=\"%s\">%s</text>\n", \
			left, px(top + 14), (total > 0 ? \
			"events in their order, not to scale" : \
			"events in their order; no time passes")
		return
	}
	printf "<path class=\"tl-line\" d=\"M%d %sH%d\"/>\n", left, px(top), right
	step = nice_step()
	for (i = 0; i * step <= total * 1.0001; i++) {
		x = left + (right - left) * i * step / total
		printf "<path class=\"tl-line\" d=\"M%s %sv4\"/>\n", px(x), px(top)
		printf "<text class=\"tl-small\" x=\"%s\" y=\"%s\" text-anchor=\"%s\">%s</text>\n", \
			px(x), px(top + 17), (i == 0 ? "start" : \
			(x > right - 30) ? "end" : "middle"), \
			ms_tick(i * step) (i == 0 ? " ms" : "")
	}
}

function ms_tick(t,	text)
{
	text = sprintf("%.4f", t)
	sub(/\.?0+$/, "", text)
	return text
}

function style()
{
	print "<style>"
	print "svg:root{color:#20272c;background:#fdfcf9}"
	print "@media(prefers-color-scheme:dark){"
	print "svg:root{color:#d9e0e4;background:#11181d}}"
	print ".tl text{font:13px system-ui,\"Noto Sans\",Arial,sans-serif;"
	print "fill:currentColor}"
	print ".tl .tl-name{font-weight:600}"
	print ".tl .tl-small{font-size:12px}"
	print ".tl-callback{fill:currentColor;fill-opacity:.16;"
	print "stroke:currentColor}"
	print ".tl-wait{stroke:currentColor;stroke-dasharray:4 2}"
	print ".tl-line,.tl-cross{stroke:currentColor;fill:none}"
	print ".tl-cross{stroke-width:2}"
	print ".tl-lead{stroke:currentColor;stroke-opacity:.45}"
	print ".tl-mark{fill:currentColor}"
	print "</style>"
}

function head(height)
{
	if (title == "")
		title = "What " times(lanes, "one thread", "threads") " did" \
			(total > 0 ? " in " ms(total) " ms" : "")
	printf "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"tl\" "
	printf "role=\"img\" aria-labelledby=\"%s-title\" ", id
	printf "aria-describedby=\"%s-desc\" ", id
	printf "viewBox=\"0 0 %d %d\" width=\"100%%\">\n", width, height
	printf "<title id=\"%s-title\">%s</title>\n", id, escape(title)
	printf "<desc id=\"%s-desc\">%s</desc>\n", id, escape(describe())
	style()
	printf "<defs><pattern id=\"%s-hatch\" width=\"6\" height=\"6\" ", id
	print "patternUnits=\"userSpaceOnUse\" patternTransform=\"rotate(45)\">"
	print "<path d=\"M0 0V6\" stroke=\"currentColor\" " \
		"stroke-opacity=\".5\" stroke-width=\"2\"/></pattern></defs>"
}

END {
	if (failed)
		exit 1
	if (!events)
		stop("no event in this trace")
	total = when[events]
	if (total <= 0)
		axis = "order"
	measure()
	height = 26
	for (lane = 1; lane <= lanes; lane++) {
		place_labels(lane)
		height += lane_height(lane)
	}
	head(height)
	top = 4
	for (lane = 1; lane <= lanes; lane++)
		for (thread in lane_of)
			if (lane_of[thread] == lane)
				top = draw_lane(thread, top)
	draw_axis(top)
	print "</svg>"
}

# table.awk - medians and ratios from the lines that the benchmarks printed
# SPDX-License-Identifier: MIT
#
# Input: PEER METRIC VALUE, one line per measurement. Variables: peers, the
# columns; rounds, to be printed. A median is marked ~ when the largest of
# its values is more than half again the smallest. Then comes the pool's
# median divided by that of the best peer, and the peer's name; and, where a
# row has one, the aim of the pool and whether this run reached it. An aim is a
# value, or a multiple of what a peer, the best one, or another row has; one
# that is missed by less than a hundredth, as by the pages in memory, is
# reached.

{
	key = $1 SUBSEP $2
	value[key, ++count[key]] = $3
}

END {
	columns = split(peers, column, " ")
	printf "\nMedians of %d rounds; ~ where they differ by more than " \
	    "half.\n\n%-33s", rounds, ""
	for (c = 1; c <= columns; c++)
		printf " %9s", column[c]
	printf "  %-16s  %s\n", (columns > 2 ? "pool / best peer" : ""), "aim"
	posts()
	timers()
	waits()
}

function posts() {
	row("fresh1_ns", "fresh item, 1 submitter: ns", 0.35, "best")
	rate("fresh1_ns")
	row("fresh2_ns", "fresh item, 2 submitters: ns", 1, "tbb")
	rate("fresh2_ns")
	row("again1_ns", "one object again, 1 submitter: ns", 40)
	rate("again1_ns")
	row("again2_ns", "one object again, 2: ns")
	rate("again2_ns")
	row("hot_p50_us", "latency, hot: us, p50", 0.6)
	row("hot_p99_us", "                  p99")
	row("idle_p50_us", "latency after 50 us: us, p50")
	row("idle_p99_us", "                         p99")
	row("fan_ns", "fan-out: ns per callback", 1.2, "tbb")
	row("item_bytes", "memory per queued item: bytes")
	row("blocking_ms", "100 x sleep 10 ms: ms", 25)
	row("blocking_threads", "    most threads")
	row("busy_ms", "100 x compute 10 ms: ms", 510)
	row("busy_threads", "    most threads")
	row("start_us", "main to first callback: us", 100)
}

function timers() {
	row("timer_bytes", "memory per timer: bytes", 224)
	row("set3_ns", "set a timer, of 10^3: ns", 0.6, "libuv")
	row("set5_ns", "             of 10^5", 0.6, "libuv")
	row("set6_ns", "             of 10^6", 0.6, "libuv")
	row("cancel3_ns", "cancel a timer, of 10^3: ns", 60)
	row("cancel5_ns", "                of 10^5", 60)
	row("cancel6_ns", "                of 10^6", 60)
	row("longest_us", "longest cancel of the first: us")
	row("rearm_ns", "put off a lone timer: ns")
	row("late_p50_us", "10^5 timers in 1 s, late: us, p50", 1, "asio")
	row("late_p99_us", "                              p99", 1, "asio")
	row("early", "    early: timers", 0)
	row("fire_us", "    processor time of each: us", 0.7, "libuv")
}

function waits() {
	row("wait_bytes", "memory per wait: bytes", 256)
	row("wait_make4_ns", "make and set a wait, of 10^4: ns")
	row("wait_make5_ns", "                     of 10^5")
	row("wait_set4_ns", "set a wait again, of 10^4: ns", 100)
	row("wait_set5_ns", "                  of 10^5", 100)
	row("signal_p50_us", "signal to callback: us, p50", 1.1, "hot_p50_us")
	row("signal_p99_us", "                        p99")
	row("wait_threads", "10^4 waits: more threads", 0)
	row("wait_descriptors", "            more descriptors")
}

# One metric: the median for each pool, then the pool against the best, then
# the aim: at most that, or that times the median of `of`, if it is given.
function row(metric, label, aim, of,    c, m, best, name, ratio) {
	printf "%-33s", label
	for (c = 1; c <= columns; c++) {
		m = median(column[c], metric)
		printf " %8s%1s", number(m), spread(column[c], metric)
		if (column[c] !~ /^(pool|first)$/ && m != "" && \
		    (best == "" || m < best)) {
			best = m
			name = column[c]
		}
	}
	m = median("pool", metric)
	if (m != "" && best > 0 && metric !~ /threads|descriptors|early/)
		ratio = sprintf("%.2f %s", m / best, name)
	sub(/ +$/, "", ratio)
	if (aim == "" || m == "")
		printf "%s\n", ratio == "" ? "" : "  " ratio
	else
		printf "  %-16s  %s\n", ratio, judge(metric, m, aim, of, best)
}

# "0.6 libuv: yes" if m is at most 0.6 times what libuv has.
function judge(metric, m, aim, of, best,    limit) {
	limit = 1
	if (of == "best")
		limit = best
	else if (of ~ /_/)
		limit = median("pool", of)
	else if (of != "")
		limit = median(of, metric)
	sub(/_.*/, "", of)
	return aim (of == "" ? "" : " " of) ": " \
	    (limit == "" ? "?" : m <= 1.01 * aim * limit ? "yes" : "no")
}

# The same in posts per second.
function rate(metric,    c, m) {
	printf "%-33s", "    million posts a second"
	for (c = 1; c <= columns; c++) {
		m = median(column[c], metric)
		printf " %8s ", m == "" ? "-" : sprintf("%.2f", 1000 / m)
	}
	printf "\n"
}

# The middle value, or "" without any; leaves the values sorted.
function median(peer, metric,    key, n, i, j, v) {
	key = peer SUBSEP metric
	n = count[key]
	for (i = 2; i <= n; i++) {
		v = value[key, i]
		for (j = i - 1; j > 0 && value[key, j] > v; j--)
			value[key, j + 1] = value[key, j]
		value[key, j + 1] = v
	}
	if (n == 0)
		return ""
	return (value[key, int((n + 1) / 2)] + value[key, int(n / 2) + 1]) / 2
}

function spread(peer, metric,    key, n) {
	key = peer SUBSEP metric
	n = count[key]
	return n && value[key, n] > 1.5 * value[key, 1] ? "~" : ""
}

# Three digits that matter, and counts as they are.
function number(m) {
	if (m == "")
		return "-"
	if (m == int(m))
		return m
	return sprintf(m < 10 ? "%.2f" : m < 100 ? "%.1f" : "%.0f", m)
}

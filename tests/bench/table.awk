# table.awk - medians and ratios from the lines that the benchmarks printed
# SPDX-License-Identifier: MIT
#
# Input: PEER METRIC VALUE, one line per measurement. Variables: peers, the
# columns; rounds, to be printed. A median is marked ~ when the largest of
# its values is more than half again the smallest. The last column is the
# pool's median divided by the best one of the peers, and that peer's name.

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
	printf "  %s\n", (columns > 2 ? "pool / best peer" : "")
	row("fresh1_ns", "fresh item, 1 submitter: ns")
	rate("fresh1_ns")
	row("fresh2_ns", "fresh item, 2 submitters: ns")
	rate("fresh2_ns")
	row("again1_ns", "one object again, 1 submitter: ns")
	rate("again1_ns")
	row("again2_ns", "one object again, 2: ns")
	rate("again2_ns")
	row("hot_p50_us", "latency, hot: us, p50")
	row("hot_p99_us", "                  p99")
	row("idle_p50_us", "latency after 50 us: us, p50")
	row("idle_p99_us", "                         p99")
	row("fan_ns", "fan-out: ns per callback")
	row("item_bytes", "memory per queued item: bytes")
	row("blocking_ms", "100 x sleep 10 ms: ms")
	row("blocking_threads", "    most threads")
	row("busy_ms", "100 x compute 10 ms: ms")
	row("busy_threads", "    most threads")
	row("start_us", "main to first callback: us")
}

# One metric: the median for each pool, then the pool against the best.
function row(metric, label,    c, m, best, name) {
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
	if (m != "" && best > 0 && metric !~ /threads/)
		printf "  %.2f %s", m / best, name
	printf "\n"
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

/* claims.c - the checks of "A thread per wait, or none": CSV and claims */
/* SPDX-License-Identifier: MIT */
/*
 * answer.csv is read as strictly as rounds.c writes it. Then everything that
 * is claimed is computed from it once more. None of this is a time, so it
 * may be asked whether the counters are possible at all: a thread that waits
 * is a thread, and has a stack.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "suite.h"

#include "measure.h"

#define HEADER "round,way,count,signals,threads0,wakes0,kib0," \
	"threads1,wakes1,kib1,threads2,wakes2,kib2\n"

/* What one batch has cost, in all rounds. */
struct cell {
	double threads[MOST_ROUNDS], wakes[MOST_ROUNDS], kib[MOST_ROUNDS];
};

static struct cell cells[WAYS][MOST_COUNTS];
static const char *const ways[] = { "threads", "pool" };

/* ---- The CSV ---- */

static void
require_plan(void)
{
	unsigned last = plan.count_count - 1;

	require(plan.count_count >= 4 && plan.count_count <= MOST_COUNTS,
		"the plan has too few numbers of events, or too many");
	for (unsigned i = 0; i < plan.count_count; i++)
		require(plan.counts[i] > (i > 0 ? plan.counts[i - 1] : 0),
			"the numbers of events are not ascending");
	require(plan.counts[last] >= 256 &&
		plan.counts[last] >= 16 * plan.counts[0], "the largest number "
		"of events is below 256, or below 16 times the smallest");
	require(plan.signals >= 256, "the plan has fewer than 256 signals");
	require(plan.rounds >= 5 && plan.rounds <= MOST_ROUNDS &&
		plan.rounds % 2 == 1,
		"the plan does not have an odd number of rounds from 5 on");
}

static void
require_possible(enum way way, unsigned count, const struct totals *t,
	unsigned line)
{
	unsigned long threads = t[1].threads - t[0].threads;

	require(t[0].threads >= 2 && t[1].threads > t[0].threads &&
		t[2].threads == t[1].threads && t[1].wakes >= t[0].wakes &&
		t[2].wakes >= t[1].wakes && t[1].kib >= t[0].kib,
		"line %u of the CSV has counters that go back", line);
	require(way == POOL || threads == count, "line %u of the CSV is of %u "
		"threads that wait, and says that there are %lu", line, count,
		threads);
	require(way == THREADS || threads <= 3, "line %u of the CSV is of "
		"wait objects, and says that they need %lu threads", line,
		threads);
	require(way == POOL || t[2].wakes - t[1].wakes >= plan.signals / 2,
		"line %u of the CSV has far fewer wake-ups than signals, and "
		"each signal wakes a thread", line);
	require(way == POOL || t[1].kib - t[0].kib >= 16ul * count,
		"line %u of the CSV has threads without stacks", line);
}

/* One line, which must be of this batch. */
static void
read_line(FILE *file, unsigned round, enum way way, unsigned place,
	bool possible)
{
	unsigned number = 2 + (round * WAYS + way) * plan.count_count + place;
	unsigned r, count, signals;
	struct cell *cell = &cells[way][place];
	struct totals t[3];
	char line[300], word[20];
	int end = 0;

	require(fgets(line, sizeof(line), file) != NULL,
		"the CSV ends before the plan does");
	sscanf(line, "%u,%19[a-z],%u,%u,%lu,%lu,%lu,%lu,%lu,%lu,%lu,%lu,%lu%n",
		&r, word, &count, &signals, &t[0].threads, &t[0].wakes,
		&t[0].kib, &t[1].threads, &t[1].wakes, &t[1].kib,
		&t[2].threads, &t[2].wakes, &t[2].kib, &end);
	require(end > 0 && line[end] == '\n',
		"line %u of the CSV is not one that rounds.c writes", number);
	require(r == round + 1 && strcmp(word, ways[way]) == 0 &&
		count == plan.counts[place] && signals == plan.signals,
		"line %u of the CSV is not the batch that the plan has there",
		number);
	if (possible)
		require_possible(way, count, t, number);
	cell->threads[round] = (double)t[1].threads - (double)t[0].threads;
	cell->wakes[round] = ((double)t[2].wakes - (double)t[1].wakes) /
		signals;
	cell->kib[round] = ((double)t[1].kib - (double)t[0].kib) / count;
}

static void
read_csv(bool possible)
{
	FILE *file = fopen("answer.csv", "r");
	char line[300];

	require_plan();
	require(file != NULL, "there is no CSV beside the answer: the name of "
		"the answer, with csv in place of c");
	require(fgets(line, sizeof(line), file) != NULL &&
		strcmp(line, HEADER) == 0, "the first line of the CSV is not "
		"that which rounds.c writes");
	for (unsigned round = 0; round < plan.rounds; round++)
		for (unsigned way = 0; way < WAYS; way++)
			for (unsigned i = 0; i < plan.count_count; i++)
				read_line(file, round, (enum way)way, i,
					possible);
	require(fgets(line, sizeof(line), file) == NULL,
		"the CSV goes on after the last round of the plan");
	fclose(file);
}

CHECK(the_csv_holds_what_was_planned)
{
	read_csv(false);
}

CHECK(the_counters_are_possible)
{
	read_csv(true);
}

/* ---- What follows from it ---- */

static int
ascending(const void *one, const void *other)
{
	double a = *(const double *)one, b = *(const double *)other;

	return (a > b) - (a < b);
}

static void
sort(const double *values, double *sorted)
{
	memcpy(sorted, values, plan.rounds * sizeof(*sorted));
	qsort(sorted, plan.rounds, sizeof(*sorted), ascending);
}

/* Three digits are enough. */
static void
require_figure(double claimed, const double *values, const char *what,
	unsigned way, unsigned place)
{
	double sorted[MOST_ROUNDS], median, off;

	sort(values, sorted);
	median = sorted[plan.rounds / 2];
	off = claimed > median ? claimed - median : median - claimed;
	require(off <= 0.01 * (median > 0 ? median : -median) + 0.001, "the "
		"%s that are claimed for %u events (%s) are not the median of "
		"the CSV", what, plan.counts[place], ways[way]);
}

CHECK(the_threads_are_those_of_the_csv)
{
	read_csv(false);
	for (unsigned way = 0; way < WAYS; way++) {
		const struct cell *first = &cells[way][0];
		const struct cell *last = &cells[way][plan.count_count - 1];
		enum growth growth = first->threads[0] == last->threads[0] ?
			NOT_AT_ALL : ONE_FOR_EACH;

		for (unsigned i = 0; i < plan.count_count; i++)
			require_figure(claims.figures[way][i].threads,
				cells[way][i].threads, "threads", way, i);
		require(claims.threads[way] == growth, "how the threads are "
			"claimed to grow with the events (%s) is not so in "
			"the CSV", ways[way]);
	}
}

CHECK(the_wake_ups_are_those_of_the_csv)
{
	read_csv(false);
	for (unsigned way = 0; way < WAYS; way++)
		for (unsigned i = 0; i < plan.count_count; i++)
			require_figure(claims.figures[way][i].wakes,
				cells[way][i].wakes, "wake-ups per signal",
				way, i);
}

CHECK(the_memory_is_that_of_the_csv)
{
	read_csv(false);
	for (unsigned way = 0; way < WAYS; way++)
		for (unsigned i = 0; i < plan.count_count; i++)
			require_figure(claims.figures[way][i].kib,
				cells[way][i].kib, "KiB per event", way, i);
}

static enum comparison
compare(const double *one, const double *other)
{
	double a[MOST_ROUNDS], b[MOST_ROUNDS];

	sort(one, a);
	sort(other, b);
	if (a[plan.rounds - 1] < b[0])
		return LESS;
	return a[0] > b[plan.rounds - 1] ? MORE : NOT_CLEAR;
}

CHECK(the_conclusions_are_those_of_the_csv)
{
	const struct cell *pool, *threads;

	read_csv(false);
	pool = &cells[POOL][plan.count_count - 1];
	threads = &cells[THREADS][plan.count_count - 1];
	require(claims.wakes_of_the_pool == compare(pool->wakes,
		threads->wakes), "what is claimed of the wake-ups of pool and "
		"threads, at the same number of events, is not so in the CSV");
	require(claims.memory_of_the_pool == compare(pool->kib, threads->kib),
		"what is claimed of the memory of pool and threads, at the "
		"same number of events, is not so in the CSV");
}

/* table.c - the raw measurements of an answer, and what follows from them */
/* SPDX-License-Identifier: MIT */
/*
 * The CSV is read as strictly as rounds.c writes it, since every check of
 * the claims stands on it. Whether its numbers are believable is asked
 * elsewhere (suite.c); here it is only made sure that each batch of the plan
 * is there in every round, and nothing else.
 *
 * Interface: table_read, table_compare, place_of_threads (table.h).
 */
#include "table.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "suite.h"

#define HEADER "round,threads,length,tasks,begin_ns,end_ns\n"

static void
require_plan(void)
{
	require(plan.length_count >= 1 && plan.length_count <= MOST_LENGTHS,
		"the plan has no lengths, or too many");
	require(plan.thread_count >= 3 && plan.thread_count <= MOST_THREADS,
		"the plan has too few numbers of threads, or too many");
	require(plan.rounds <= MOST_ROUNDS, "the plan has too many rounds");
	require(plan.tasks >= 1, "the plan has no tasks");
	for (unsigned i = 0; i < plan.length_count; i++)
		require(plan.lengths[i] > (i > 0 ? plan.lengths[i - 1] : 0),
			"the lengths of the plan are not ascending");
	for (unsigned i = 1; i < plan.thread_count; i++)
		require(plan.threads[i] > plan.threads[i - 1],
			"the numbers of threads are not ascending");
	for (unsigned i = 0; i <= 2; i++)
		place_of_threads(i);
}

unsigned
place_of_threads(unsigned threads)
{
	for (unsigned i = 0; i < plan.thread_count; i++)
		if (plan.threads[i] == threads)
			return i;
	suite_fail("the plan has no batches with %u threads", threads);
}

static void
read_rows(struct table *table, FILE *file)
{
	char line[200];
	int end;

	require(fgets(line, sizeof(line), file) != NULL &&
		strcmp(line, HEADER) == 0, "the first line of the CSV is not "
		"that which rounds.c writes");
	while (fgets(line, sizeof(line), file) != NULL) {
		struct row *row = &table->rows[table->count];

		require(table->count < MOST_ROWS, "the CSV has more lines "
			"than any plan may have");
		end = 0;
		sscanf(line, "%u,%u,%u,%u,%" SCNd64 ",%" SCNd64 "%n",
			&row->round, &row->threads, &row->length,
			&row->tasks, &row->span.begin, &row->span.end, &end);
		require(end > 0 && line[end] == '\n', "line %u of the CSV is "
			"not six whole numbers", table->count + 2);
		require(row->span.end > row->span.begin, "line %u of the CSV "
			"ends before it begins", table->count + 2);
		table->count++;
	}
	require(table->count > 0, "the CSV has no measurements in it yet");
}

static struct cell *
cell_of(struct table *table, const struct row *row)
{
	for (unsigned i = 0; i < plan.thread_count; i++)
		for (unsigned j = 0; j < plan.length_count; j++)
			if (plan.threads[i] == row->threads &&
			    plan.lengths[j] == row->length)
				return &table->cells[i][j];
	suite_fail("the CSV has a batch of %u threads and length %u, which is "
		"not in the plan", row->threads, row->length);
}

/* Rows come round by round: each cell once, and then the next round. */
static void
sort_into_cells(struct table *table)
{
	unsigned batches = plan.thread_count * plan.length_count;
	unsigned first = table->rows[0].round;

	table->warm_up = first == 0;
	for (unsigned i = 0; i < table->count; i++) {
		const struct row *row = &table->rows[i];
		struct cell *cell = cell_of(table, row);
		double time = (double)(row->span.end - row->span.begin) /
			row->tasks;

		require(row->round == first + i / batches &&
			(row->round == 0 ? cell->warm_up == 0 :
			row->round <= MOST_ROUNDS &&
			cell->rounds == row->round - 1), "the CSV does not "
			"have every batch of the plan once in each round, one "
			"round after the other: see line %u", i + 2);
		if (row->round == 0)
			cell->warm_up = time;
		else
			cell->times[cell->rounds++] = time;
	}
	require(first <= 1 && table->count % batches == 0,
		"the CSV does not begin with a whole round 0 or 1, or its "
		"last round is not whole");
	table->rounds = table->rows[table->count - 1].round;
}

static int
ascending(const void *one, const void *other)
{
	double a = *(const double *)one, b = *(const double *)other;

	return (a > b) - (a < b);
}

static void
summarise(struct cell *cell)
{
	double sorted[MOST_ROUNDS];
	unsigned n = cell->rounds;

	if (n == 0)
		return;
	memcpy(sorted, cell->times, sizeof(sorted));
	qsort(sorted, n, sizeof(*sorted), ascending);
	cell->figure.lowest = sorted[0];
	cell->figure.median = (sorted[(n - 1) / 2] + sorted[n / 2]) / 2;
	cell->figure.highest = sorted[n - 1];
	for (unsigned i = 0; i < n; i++)
		cell->mean += sorted[i] / n;
}

void
table_read(struct table *table)
{
	FILE *file;

	require_plan();
	file = fopen("answer.csv", "r");
	require(file != NULL, "there is no CSV beside the answer: the name of "
		"the answer, with csv in place of c");
	memset(table, 0, sizeof(*table));
	read_rows(table, file);
	fclose(file);
	for (unsigned i = 0; i < table->count; i++)
		require(table->rows[i].tasks > 0,
			"line %u of the CSV is of no tasks", i + 2);
	sort_into_cells(table);
	for (unsigned i = 0; i < plan.thread_count; i++)
		for (unsigned j = 0; j < plan.length_count; j++)
			summarise(&table->cells[i][j]);
}

enum comparison
table_compare(const struct cell *one, const struct cell *other)
{
	if (one->figure.highest < other->figure.lowest)
		return FASTER;
	if (one->figure.lowest > other->figure.highest)
		return SLOWER;
	return NOT_CLEAR;
}

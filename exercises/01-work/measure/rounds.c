/* rounds.c - runs what an answer has planned, and prints it as CSV */
/* SPDX-License-Identifier: MIT */
/*
 * Round 0, if the plan has one, is a warm-up: the first time that code runs,
 * its pages are not in memory, its branches not predicted, the processor not
 * up to speed. Then every round runs every batch once, odd ones forwards,
 * even ones backwards. So a minute in which the machine was busy spoils a
 * round of all batches, not all rounds of one.
 *
 * Nothing is printed before the last batch has ended. Clock and tasks are
 * here; everything else is the answer's (measure.h).
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "measure.h"

struct row {
	unsigned round, threads, length;
	struct span span;
};

int64_t
now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return (int64_t)time.tv_sec * 1000000000 + time.tv_nsec;
}

/* Each turn needs the result of the one before, so none can be left out. */
unsigned
task(unsigned turns)
{
	unsigned value = turns;

	while (turns-- > 0)
		value = value * 1664525 + 1013904223;
	return value;
}

static void
run_round(unsigned round, struct row *rows)
{
	unsigned count = plan.thread_count * plan.length_count;

	for (unsigned i = 0; i < count; i++) {
		unsigned cell = round % 2 == 1 ? i : count - 1 - i;
		struct row *row = &rows[i];

		row->round = round;
		row->threads = plan.threads[cell / plan.length_count];
		row->length = plan.lengths[cell % plan.length_count];
		row->span = batch(row->threads, row->length, plan.tasks);
	}
}

int
main(void)
{
	unsigned first = plan.warm_up ? 0 : 1, batches = 0;
	size_t count = plan.thread_count * plan.length_count;
	struct row *rows = calloc(count * (plan.rounds + 1), sizeof(*rows));

	if (rows == NULL) {
		fputs("measure: no memory, or nothing planned\n", stderr);
		return 1;
	}
	for (unsigned round = first; round <= plan.rounds; round++) {
		run_round(round, rows + batches);
		batches += (unsigned)count;
	}
	puts("round,threads,length,tasks,begin_ns,end_ns");
	for (const struct row *row = rows; row < rows + batches; row++)
		printf("%u,%u,%u,%u,%" PRId64 ",%" PRId64 "\n", row->round,
			row->threads, row->length, plan.tasks,
			row->span.begin, row->span.end);
	free(rows);
	return 0;
}

/* table.h - the raw measurements of an answer, and what follows from them */
/* SPDX-License-Identifier: MIT */
#ifndef TABLE_H
#define TABLE_H

#include "measure.h"

#define MOST_ROWS (MOST_THREADS * MOST_LENGTHS * (MOST_ROUNDS + 1))

struct row {
	unsigned round, threads, length, tasks;
	struct span span;
};

/* One batch, in all its rounds: what the CSV says of it. */
struct cell {
	unsigned rounds;		/* without round 0 */
	double times[MOST_ROUNDS];	/* ns per task, round by round */
	double warm_up;			/* the same, round 0; 0: none */
	double mean;
	struct figure figure;
};

struct table {
	unsigned count;
	struct row rows[MOST_ROWS];	/* as in the CSV */
	unsigned rounds;		/* without round 0 */
	bool warm_up;			/* is there a round 0? */
	struct cell cells[MOST_THREADS][MOST_LENGTHS];
};

/*
 * Reads answer.csv. Fails the check unless it has the lines of the plan:
 * round by round, each batch once in each.
 */
void table_read(struct table *table);

enum comparison table_compare(const struct cell *one,
	const struct cell *other);

/* The place of a number in the plan; fails the check if it is not there. */
unsigned place_of_threads(unsigned threads);

#endif /* TABLE_H */

/* measure.h - a plan, a measured batch, and what is claimed of the results */
/* SPDX-License-Identifier: MIT */
#ifndef MEASURE_H
#define MEASURE_H

#include <stdbool.h>
#include <stdint.h>

#define MOST_LENGTHS 12
#define MOST_THREADS 6
#define MOST_ROUNDS 25

/* ---- Given ---- */

int64_t now(void);		/* a clock that only goes forward, ns */
unsigned task(unsigned turns);	/* computes; about a nanosecond a turn */

/* ---- Yours: the measurement ---- */

struct plan {
	unsigned length_count;		/* at least 5 */
	unsigned lengths[MOST_LENGTHS];	/* turns of one task, ascending */
	unsigned thread_count;
	unsigned threads[MOST_THREADS];	/* ascending; 0, 1 and 2 are there */
	unsigned tasks;			/* in each batch */
	bool warm_up;			/* is there a round 0? */
	unsigned rounds;		/* after round 0; odd, at least 5 */
};

extern const struct plan plan;

struct span {
	int64_t begin, end;		/* as now() gave them */
};

/*
 * Runs so many tasks of that length: one after the other in the calling
 * thread if threads is 0, else on a pool that has so many threads, neither
 * fewer nor more. Gives the time just before the first task was submitted
 * (or called) and that when all had returned. Calls now twice.
 */
struct span batch(unsigned threads, unsigned length, unsigned tasks);

/* ---- Yours: the claims ---- */

struct figure {
	double lowest, median, highest;	/* ns per task, of rounds 1 to last */
};

enum comparison {
	UNDECIDED,
	FASTER,				/* its highest is below their lowest */
	SLOWER,				/* its lowest is above their highest */
	NOT_CLEAR			/* neither */
};

#define NEVER 4294967295u

struct claims {
	/* By number of threads and length, in the order of the plan. */
	struct figure figures[MOST_THREADS][MOST_LENGTHS];

	/*
	 * By number of threads, in the order of the plan, from the second on:
	 * the first length from which on the pool's median is below that of
	 * no threads, there and at every longer one; NEVER: it is not.
	 */
	unsigned break_even[MOST_THREADS];

	enum comparison one_with_none_shortest;	/* at the shortest length */
	enum comparison two_with_one_shortest;
	enum comparison two_with_one_longest;	/* at the longest */
};

extern const struct claims claims;

#endif /* MEASURE_H */

/* measure.h - waiting for many events in two ways, and what is counted */
/* SPDX-License-Identifier: MIT */
#ifndef MEASURE_H
#define MEASURE_H

#include "threadpool.h"

#define MOST_COUNTS 8
#define MOST_ROUNDS 15

enum way {
	THREADS,		/* a thread for each event */
	POOL,			/* a wait object for each event */
	WAYS
};

/* ---- Given ---- */

/* What this process has had up to now, and has. */
struct totals {
	unsigned long threads;		/* that it has, the caller included */
	unsigned long wakes;		/* how often threads other than the
					   caller have gone to sleep */
	unsigned long kib;		/* of memory that can be written to:
					   heap, and stacks as reserved */
};

struct totals totals(void);

/* Sets the event, and returns when told has been called for it. */
void ring(HANDLE event);

/* To be called by whoever has waited, once for each signal. */
void told(HANDLE event);

/* ---- Yours: the measurement ---- */

struct plan {
	unsigned count_count;		/* at least 4 */
	unsigned counts[MOST_COUNTS];	/* of events, ascending; the last
					   256 or more, and 16 times the
					   first or more */
	unsigned signals;		/* in each batch, at least 256 */
	unsigned rounds;		/* odd, at least 5 */
};

extern const struct plan plan;

/* Three readings of totals. */
struct sample {
	struct totals before;		/* nothing waits yet */
	struct totals waiting;		/* all wait, nothing was signalled */
	struct totals after;		/* all signals are told, all wait */
};

/*
 * Makes so many auto-reset events and waits for all of them at the same
 * time, in that way; the pool has one thread. Rings so often, one event
 * after the other, beginning anew after the last. Ends what waits, and
 * leaves nothing. Calls totals three times.
 */
struct sample batch(enum way way, unsigned count, unsigned signals);

/* ---- Yours: the claims ---- */

struct figures {
	double threads;		/* that waiting has cost: waiting less before */
	double wakes;		/* per signal: after less waiting */
	double kib;		/* per event: waiting less before */
};

enum growth {
	UNKNOWN,
	NOT_AT_ALL,			/* the same for any number of events */
	ONE_FOR_EACH			/* as many as there are events */
};

enum comparison {
	UNDECIDED,
	LESS,				/* its highest is below their lowest */
	MORE,				/* its lowest is above their highest */
	NOT_CLEAR			/* neither */
};

struct claims {
	/* By way and number of events: the medians of the rounds. */
	struct figures figures[WAYS][MOST_COUNTS];

	enum growth threads[WAYS];	/* how they grow with the events */

	/* The pool, compared with the threads, at the most events. */
	enum comparison wakes_of_the_pool;
	enum comparison memory_of_the_pool;
};

extern const struct claims claims;

#endif /* MEASURE_H */

/* measure.h - five experiments, and what is predicted and claimed of them */
/* SPDX-License-Identifier: MIT */
#ifndef MEASURE_H
#define MEASURE_H

#include <stdint.h>

/* ---- Given ---- */

#define CALLBACKS 12		/* that are measured of each experiment */
#define EXPERIMENTS 5

enum mode {
	PERIODIC,		/* the timer has a period */
	AGAIN_AT_END		/* it has none; its callback sets it again */
};

struct experiment {
	enum mode mode;
	unsigned threads;	/* of the pool, neither fewer nor more */
	unsigned period;	/* ms from one due time to the next */
	unsigned length;	/* ms that a callback takes */
};

static const struct experiment experiments[EXPERIMENTS] = {
	{ PERIODIC, 4, 20, 5 },
	{ PERIODIC, 4, 20, 50 },
	{ PERIODIC, 2, 20, 50 },
	{ PERIODIC, 1, 20, 50 },
	{ AGAIN_AT_END, 4, 20, 50 }
};

int64_t now(void);		/* a clock that only goes forward, ns */
void spend(unsigned length);	/* returns after so many ms */

/* ---- Yours: the measurement ---- */

struct span {
	int64_t begin, end;	/* as now() gave them */
};

struct record {
	int64_t set;		/* when the timer was set */
	struct span callbacks[CALLBACKS];	/* in the order of begin */
};

/*
 * Makes a pool and a timer, reads the clock, and sets the timer: it is due
 * after one period. The first 12 callbacks that begin read the clock, spend
 * the length, and read the clock again; if the mode is AGAIN_AT_END they
 * then set the timer again, due after one period. Callbacks that begin
 * later return at once. When the twelve have ended, the timer is stopped,
 * what is queued is dropped, and everything is closed.
 */
void measure(const struct experiment *experiment, struct record *record);

/* ---- Yours: what you expect, and what you have seen ---- */

struct figures {
	unsigned at_once;	/* callbacks that run at the same time, most */
	double apart;		/* ms from a begin to the next, on average */
	double late;		/* ms: begin 12 after 12 periods since set */
	unsigned missing;	/* whole periods from set to begin 12, less 12 */
};

/* On a machine on which nothing takes time but callbacks. */
extern const struct figures predicted[EXPERIMENTS];

/* What the CSV says. */
extern const struct figures measured[EXPERIMENTS];

enum limit {			/* of how many callbacks run at once */
	NO_LIMIT_YET,
	BY_LENGTH,		/* so many periods begin in one callback */
	BY_THREADS,		/* the pool has no more */
	BY_ITSELF		/* none is due before the last has ended */
};

enum reason {			/* why callback 12 begins when it does */
	NO_REASON_YET,
	ON_TIME,		/* it is not late, the machine aside */
	QUEUES,			/* it was posted in time, and waited */
	DRIFTS			/* its own due time was late already */
};

enum start {			/* of a timer's period */
	NO_START_YET,
	FROM_DUE_TIME,		/* the last due time */
	FROM_BEGIN,		/* the begin of the last callback */
	FROM_END		/* its end */
};

struct conclusions {
	enum limit limit[EXPERIMENTS];
	enum reason reason[EXPERIMENTS];
	enum start start;
};

extern const struct conclusions conclusions;

#endif /* MEASURE_H */

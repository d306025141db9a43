/* measure.h - a device, seven experiments, and what is claimed of them */
/* SPDX-License-Identifier: MIT */
#ifndef MEASURE_H
#define MEASURE_H

#include <stdbool.h>
#include <stdint.h>

/* ---- Given ---- */

#define EXPERIMENTS 7
#define MOST 128		/* of one experiment, with those refused */

struct experiment {
	unsigned in_flight;	/* as long as there are more to be made */
	unsigned requests;	/* that end, in all */
	unsigned lanes;		/* requests that the device does at once */
	unsigned length;	/* ms that it takes for each */
	unsigned refuses;	/* every n-th that is made; 0: none */
};

static const struct experiment experiments[EXPERIMENTS] = {
	{ 1, 80, 4, 10, 0 },
	{ 2, 80, 4, 10, 0 },
	{ 4, 80, 4, 10, 0 },
	{ 6, 80, 4, 10, 0 },
	{ 8, 80, 4, 10, 0 },
	{ 16, 80, 4, 10, 0 },
	{ 16, 80, 4, 10, 5 }
};

/* Yours, zeroed; the device uses it until ended is called for it. */
struct request {
	int64_t begun;		/* when the device began with it, as now() */
	unsigned number;	/* for you */
	struct request *next;	/* for the device */
};

int64_t now(void);		/* a clock that only goes forward, ns */

/*
 * Gives the device a request. True: ended will be called for it, once, on
 * a thread of the device's, perhaps before this has returned. False: the
 * device refuses it, and that is all. Any thread may call this.
 */
bool start(struct request *request);

/* ---- Yours: the measurement ---- */

struct entry {
	bool refused;
	int64_t made;		/* as now() gave it, before start */
	int64_t begun;		/* of one that was refused: as made */
	int64_t ended;		/* likewise */
};

struct record {
	unsigned count;			/* with those that were refused */
	struct entry entries[MOST];	/* in the order of made */
};

/*
 * Makes so many requests, one after the other. When one has ended, makes
 * another at once; when one is refused, too. When as many as the experiment
 * says have been accepted, makes no more. Returns when all have ended.
 */
void measure(const struct experiment *experiment, struct record *record);

/*
 * Called by the device when a request has ended. Several threads may call
 * it at the same time. Reads the clock first.
 */
void ended(struct request *request);

/* ---- Yours: what you expect, and what you have seen ---- */

/*
 * While the experiment begins and while it comes to its end, things are not
 * as they are in between. With n requests in flight, the figures are about
 * the time from the n-th end to the n-th last but one, that is to the end
 * of request number requests - n, counted in the order in which they end;
 * and about those requests that end in this time, without its beginning.
 */
struct figures {
	double throughput;	/* of them, per second */
	double time;		/* ms from made to ended, on average */
	double queued;		/* ms from made to begun, on average */
	double in_flight;	/* at any moment of this time, on average */
};

/* On a machine on which nothing takes time but the device. */
extern const struct figures predicted[EXPERIMENTS];

/* What the CSV says. */
extern const struct figures measured[EXPERIMENTS];

enum limit {			/* of the throughput */
	NO_LIMIT_YET,
	BY_REQUESTS,		/* there is not always one for each lane */
	BY_LANES		/* all lanes are busy all the time */
};

enum effect {			/* of more requests in flight */
	NO_EFFECT_YET,
	MORE_THROUGHPUT,	/* and each takes as long as before */
	MORE_WAITING		/* and no more of them end */
};

/*
 * Is, in the CSV, what is in flight within a tenth of throughput times time?
 * That is Little's law; it holds for any queue, but for what is only half in
 * the time that is looked at.
 */
extern const bool law_holds[EXPERIMENTS];

struct conclusions {
	enum limit limit[EXPERIMENTS];
	unsigned enough;	/* least in flight, most throughput */
	enum effect up_to_it;
	enum effect beyond_it;
};

extern const struct conclusions conclusions;

#endif /* MEASURE_H */

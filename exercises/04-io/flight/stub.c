/* flight.c - how many requests in flight are enough? */
/* SPDX-License-Identifier: MIT */
/*
 * TODO: predict; write measure and ended; build and run the measuring
 * program, as README.md says; write down what the CSV says, and why.
 * measure.h explains every field.
 */
#include "measure.h"

const struct figures predicted[EXPERIMENTS] = {
	{ .throughput = 0, .time = 0, .queued = 0, .in_flight = 0 }
};

void
measure(const struct experiment *experiment, struct record *record)
{
	(void)experiment;		/* TODO */
	(void)record;
}

void
ended(struct request *request)
{
	(void)request;			/* TODO */
}

const struct figures measured[EXPERIMENTS] = {
	{ .throughput = 0, .time = 0, .queued = 0, .in_flight = 0 }
};

const bool law_holds[EXPERIMENTS] = { false };

const struct conclusions conclusions = {
	.limit = { NO_LIMIT_YET },
	.enough = 0,
	.up_to_it = NO_EFFECT_YET,
	.beyond_it = NO_EFFECT_YET
};

/* overlap.c - what becomes of a callback that is longer than its period? */
/* SPDX-License-Identifier: MIT */
/*
 * TODO: predict; write measure; build and run the measuring program, as
 * README.md says; write down what the CSV says, and why. measure.h explains
 * every field.
 */
#include "threadpool.h"

#include "measure.h"

const struct figures predicted[EXPERIMENTS] = {
	{ .at_once = 0, .apart = 0, .late = 0, .missing = 0 }
};

void
measure(const struct experiment *experiment, struct record *record)
{
	(void)experiment;		/* TODO */
	(void)record;
}

const struct figures measured[EXPERIMENTS] = {
	{ .at_once = 0, .apart = 0, .late = 0, .missing = 0 }
};

const struct conclusions conclusions = {
	.limit = { NO_LIMIT_YET },
	.reason = { NO_REASON_YET },
	.start = NO_START_YET
};

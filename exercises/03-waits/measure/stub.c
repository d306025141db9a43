/* measure.c - what does it cost to wait for many events? */
/* SPDX-License-Identifier: MIT */
/*
 * TODO: write batch; plan; build and run the measuring program, as README.md
 * says; then write down what the CSV says. measure.h explains every field.
 */
#include "measure.h"

const struct plan plan = {
	.count_count = 0, .counts = { 0 },
	.signals = 0,
	.rounds = 0
};

struct sample
batch(enum way way, unsigned count, unsigned signals)
{
	struct sample sample = { { 0, 0, 0 }, { 0, 0, 0 }, { 0, 0, 0 } };

	(void)way;
	(void)count;
	(void)signals;
	return sample;
}

const struct claims claims = {
	.figures = {
		/* Threads, wake-ups and KiB, for each number of events. */
		[THREADS] = { { 0.0, 0.0, 0.0 } },
		[POOL] = { { 0.0, 0.0, 0.0 } }
	},
	.threads = { [THREADS] = UNKNOWN, [POOL] = UNKNOWN },
	.wakes_of_the_pool = UNDECIDED,
	.memory_of_the_pool = UNDECIDED
};

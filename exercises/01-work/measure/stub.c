/* measure.c - from which length on is a task worth a pool? */
/* SPDX-License-Identifier: MIT */
/*
 * TODO: write batch; plan; build and run the measuring program, as README.md
 * says; then write down what the CSV says. measure.h explains every field.
 */
#include "threadpool.h"

#include "measure.h"

const struct plan plan = {
	.thread_count = 3, .threads = { 0, 1, 2 },
	.length_count = 0, .lengths = { 0 },
	.tasks = 1,
	.warm_up = false,
	.rounds = 1
};

struct span
batch(unsigned threads, unsigned length, unsigned tasks)
{
	struct span span = { 0, 0 };

	(void)threads;
	(void)length;
	(void)tasks;
	return span;
}

const struct claims claims = {
	.figures = {
		/* No threads: lowest, median and highest, at each length. */
		{ { 0.0, 0.0, 0.0 } },
		/* One thread. */
		{ { 0.0, 0.0, 0.0 } },
		/* Two threads. */
		{ { 0.0, 0.0, 0.0 } }
	},
	.break_even = { 0, 0, 0 },
	.one_with_none_shortest = UNDECIDED,
	.two_with_one_shortest = UNDECIDED,
	.two_with_one_longest = UNDECIDED
};

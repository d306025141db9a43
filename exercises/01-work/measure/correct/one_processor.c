/* one_processor.c - right: where there is one processor, a pool never pays */
/* SPDX-License-Identifier: MIT */
/*
 * The same batch as in one_object.c, on another machine: one that has been
 * left a single processor (taskset -c 0). Two threads take turns on it, so
 * that there is nothing to gain, however long the task; and where the spread
 * is larger than the difference, nothing is claimed.
 */
#include <stdlib.h>

#include "threadpool.h"

#include "measure.h"

const struct plan plan = {
	.thread_count = 3, .threads = { 0, 1, 2 },
	.length_count = 7,
	.lengths = { 10, 30, 100, 300, 1000, 3000, 10000 },
	.tasks = 1000,
	.warm_up = true,
	.rounds = 5
};

static VOID CALLBACK
run(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_WORK work)
{
	const unsigned *length = context;

	(void)instance;
	(void)work;
	task(*length);
}

static struct span
batch_in_a_loop(unsigned length, unsigned tasks)
{
	struct span span;

	span.begin = now();
	for (unsigned i = 0; i < tasks; i++)
		task(length);
	span.end = now();
	return span;
}

struct span
batch(unsigned threads, unsigned length, unsigned tasks)
{
	TP_CALLBACK_ENVIRON environment;
	struct span span;
	PTP_POOL pool;
	PTP_WORK work;

	if (threads == 0)
		return batch_in_a_loop(length, tasks);
	pool = CreateThreadpool(NULL);
	if (pool == NULL)
		abort();
	SetThreadpoolThreadMaximum(pool, threads);
	if (!SetThreadpoolThreadMinimum(pool, threads))
		abort();
	InitializeThreadpoolEnvironment(&environment);
	SetThreadpoolCallbackPool(&environment, pool);
	work = CreateThreadpoolWork(run, &length, &environment);
	if (work == NULL)
		abort();

	span.begin = now();
	for (unsigned i = 0; i < tasks; i++)
		SubmitThreadpoolWork(work);
	WaitForThreadpoolWorkCallbacks(work, FALSE);
	span.end = now();

	CloseThreadpoolWork(work);
	DestroyThreadpoolEnvironment(&environment);
	CloseThreadpool(pool);
	return span;
}

const struct claims claims = {
	.figures = {
		{	/* threads: 0 */
			{ 8.26, 8.50, 18.99 },
			{ 23.18, 23.47, 23.60 },
			{ 112.0, 114.0, 128.6 },
			{ 371.5, 372.8, 380.9 },
			{ 1287.8, 1314.5, 1399.3 },
			{ 3957.1, 3974.2, 4061.9 },
			{ 13217.6, 13357.6, 13423.9 }
		},
		{	/* threads: 1 */
			{ 116.2, 137.8, 143.4 },
			{ 179.0, 182.0, 190.5 },
			{ 240.5, 278.1, 298.3 },
			{ 518.7, 543.3, 567.7 },
			{ 1475.7, 1519.5, 1547.9 },
			{ 4166.5, 4188.6, 4282.7 },
			{ 13519.8, 13604.3, 13867.3 }
		},
		{	/* threads: 2 */
			{ 114.2, 128.8, 180.6 },
			{ 140.1, 170.4, 211.5 },
			{ 249.6, 285.6, 311.2 },
			{ 499.6, 528.8, 592.3 },
			{ 1520.9, 1571.2, 1638.6 },
			{ 4205.5, 4216.0, 4266.8 },
			{ 13641.6, 13676.7, 13726.4 }
		}
	},
	.break_even = { 0, NEVER, NEVER },
	.one_with_none_shortest = SLOWER,
	.two_with_one_shortest = NOT_CLEAR,
	.two_with_one_longest = NOT_CLEAR
};

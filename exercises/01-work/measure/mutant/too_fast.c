/* too_fast.c - a mutant: edits: two threads, six times as fast */
/* SPDX-License-Identifier: MIT */
/*
 * check: the_times_are_possible
 * message: far more than 2 times as fast as a plain loop
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
			{ 10.97, 11.01, 11.11 },
			{ 32.26, 32.69, 37.09 },
			{ 149.8, 151.1, 158.4 },
			{ 484.9, 496.3, 512.5 },
			{ 1672.8, 1723.1, 1932.9 },
			{ 5104.3, 5131.2, 5787.5 },
			{ 17084.7, 17408.5, 19308.8 }
		},
		{	/* threads: 1 */
			{ 172.9, 502.9, 547.9 },
			{ 184.4, 192.6, 209.0 },
			{ 246.3, 609.2, 852.7 },
			{ 677.4, 709.4, 962.4 },
			{ 1432.7, 1899.1, 2144.3 },
			{ 4898.4, 6066.0, 11297.8 },
			{ 13379.7, 17643.8, 19807.2 }
		},
		{	/* threads: 2 */
			{ 152.3, 157.6, 163.4 },
			{ 29.59, 31.42, 32.34 },
			{ 145.1, 153.2, 156.4 },
			{ 184.6, 189.8, 199.7 },
			{ 333.9, 353.2, 363.3 },
			{ 791.5, 813.9, 841.0 },
			{ 2421.1, 2465.4, 2571.8 }
		}
	},
	.break_even = { 0, NEVER, 300 },
	.one_with_none_shortest = SLOWER,
	.two_with_one_shortest = FASTER,
	.two_with_one_longest = FASTER
};

/* counts_the_warm_up.c - a mutant: counts the warm-up round */
/* SPDX-License-Identifier: MIT */
/*
 * check: the_medians_are_those_of_the_csv
 * message: it counts round 0
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
			{ 31.85, 32.47, 37.09 },
			{ 149.8, 151.1, 158.4 },
			{ 484.9, 496.0, 512.5 },
			{ 1672.8, 1712.4, 1932.9 },
			{ 5099.7, 5126.4, 5787.5 },
			{ 17084.7, 17260.4, 19308.8 }
		},
		{	/* threads: 1 */
			{ 157.7, 498.0, 547.9 },
			{ 184.4, 200.0, 488.9 },
			{ 246.3, 590.8, 852.7 },
			{ 677.4, 790.4, 2331.1 },
			{ 1432.7, 1894.4, 2144.3 },
			{ 4898.4, 5715.1, 11297.8 },
			{ 13379.7, 18280.7, 19807.2 }
		},
		{	/* threads: 2 */
			{ 491.4, 524.3, 704.4 },
			{ 95.09, 577.6, 757.1 },
			{ 392.0, 547.2, 858.2 },
			{ 604.0, 823.8, 915.9 },
			{ 1098.9, 1240.4, 1701.2 },
			{ 2528.8, 2995.4, 5351.8 },
			{ 7900.3, 9218.7, 12427.9 }
		}
	},
	.break_even = { 0, NEVER, 1000 },
	.one_with_none_shortest = SLOWER,
	.two_with_one_shortest = NOT_CLEAR,
	.two_with_one_longest = FASTER
};

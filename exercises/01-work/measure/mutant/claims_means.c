/* claims_means.c - a mutant: claims means as medians */
/* SPDX-License-Identifier: MIT */
/*
 * check: the_medians_are_those_of_the_csv
 * message: it is their mean
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
			{ 10.97, 11.03, 11.11 },
			{ 32.26, 33.42, 37.09 },
			{ 149.8, 152.1, 158.4 },
			{ 484.9, 495.7, 512.5 },
			{ 1672.8, 1792.5, 1932.9 },
			{ 5104.3, 5257.7, 5787.5 },
			{ 17084.7, 18000.3, 19308.8 }
		},
		{	/* threads: 1 */
			{ 172.9, 446.7, 547.9 },
			{ 184.4, 196.8, 209.0 },
			{ 246.3, 612.0, 852.7 },
			{ 677.4, 782.3, 962.4 },
			{ 1432.7, 1852.1, 2144.3 },
			{ 4898.4, 6866.8, 11297.8 },
			{ 13379.7, 17280.6, 19807.2 }
		},
		{	/* threads: 2 */
			{ 491.4, 559.7, 704.4 },
			{ 97.18, 530.0, 757.1 },
			{ 474.2, 622.9, 858.2 },
			{ 604.0, 769.9, 915.9 },
			{ 1098.9, 1296.4, 1701.2 },
			{ 2528.8, 3837.1, 5351.8 },
			{ 7900.3, 9933.8, 12427.9 }
		}
	},
	.break_even = { 0, 10000, 1000 },
	.one_with_none_shortest = SLOWER,
	.two_with_one_shortest = NOT_CLEAR,
	.two_with_one_longest = FASTER
};

/* invents_steps.c - a mutant: invents: the rounds are evenly spaced */
/* SPDX-License-Identifier: MIT */
/*
 * check: the_repetitions_are_not_invented
 * message: in 21 of 21 batches the times of the rounds are evenly spaced
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
			{ 10.97, 11.26, 11.54 },
			{ 32.26, 33.09, 33.93 },
			{ 149.8, 153.7, 157.6 },
			{ 484.9, 497.5, 510.1 },
			{ 1672.8, 1716.2, 1759.7 },
			{ 5104.3, 5237.0, 5369.7 },
			{ 17084.7, 17528.9, 17973.1 }
		},
		{	/* threads: 1 */
			{ 172.9, 177.4, 181.9 },
			{ 184.4, 189.2, 194.0 },
			{ 246.3, 252.7, 259.1 },
			{ 677.4, 695.0, 712.6 },
			{ 1432.7, 1470.0, 1507.2 },
			{ 4898.4, 5025.8, 5153.2 },
			{ 13379.7, 13727.6, 14075.4 }
		},
		{	/* threads: 2 */
			{ 491.4, 504.2, 517.0 },
			{ 97.18, 99.70, 102.2 },
			{ 474.2, 486.6, 498.9 },
			{ 604.0, 619.7, 635.4 },
			{ 1098.9, 1127.4, 1156.0 },
			{ 2528.8, 2594.5, 2660.3 },
			{ 7900.3, 8105.7, 8311.1 }
		}
	},
	.break_even = { 0, 1000, 1000 },
	.one_with_none_shortest = SLOWER,
	.two_with_one_shortest = SLOWER,
	.two_with_one_longest = FASTER
};

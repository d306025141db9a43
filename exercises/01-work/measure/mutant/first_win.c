/* first_win.c - a mutant: takes the first length at which the pool wins */
/* SPDX-License-Identifier: MIT */
/*
 * check: the_break_even_is_that_of_the_csv
 * message: the pool wins there, but loses again at a longer one
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
			{ 5.53, 8.65, 8.71 },
			{ 16.66, 23.55, 31.05 },
			{ 101.9, 112.9, 125.3 },
			{ 360.1, 373.4, 393.6 },
			{ 1275.9, 1302.2, 1315.6 },
			{ 3880.7, 3947.7, 4035.7 },
			{ 12974.7, 13198.2, 13524.8 }
		},
		{	/* threads: 1 */
			{ 80.42, 115.1, 364.7 },
			{ 123.3, 228.1, 380.0 },
			{ 211.9, 273.4, 384.2 },
			{ 485.2, 492.2, 633.6 },
			{ 1443.6, 1479.0, 1499.9 },
			{ 4025.0, 4131.6, 4299.1 },
			{ 13137.8, 13387.6, 14397.1 }
		},
		{	/* threads: 2 */
			{ 376.2, 427.9, 569.0 },
			{ 264.4, 371.1, 551.6 },
			{ 194.8, 512.5, 1025.9 },
			{ 413.7, 591.2, 1458.3 },
			{ 867.2, 1182.7, 1490.2 },
			{ 2218.3, 4104.7, 4338.3 },
			{ 7133.8, 8770.6, 11211.1 }
		}
	},
	.break_even = { 0, NEVER, 1000 },
	.one_with_none_shortest = SLOWER,
	.two_with_one_shortest = SLOWER,
	.two_with_one_longest = FASTER
};

/* invents_a_bell.c - a mutant: invents: a perfect bell curve for each batch */
/* SPDX-License-Identifier: MIT */
/*
 * check: the_repetitions_are_not_invented
 * message: batches have the same pattern of times as another
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
			{ 11.25, 11.63, 12.02 },
			{ 33.07, 34.19, 35.32 },
			{ 153.6, 158.8, 164.0 },
			{ 497.1, 514.0, 530.9 },
			{ 1714.8, 1773.1, 1831.5 },
			{ 5232.5, 5410.5, 5588.6 },
			{ 17513.7, 18109.8, 18705.9 }
		},
		{	/* threads: 1 */
			{ 177.2, 183.3, 189.3 },
			{ 189.0, 195.4, 201.9 },
			{ 252.5, 261.1, 269.7 },
			{ 694.4, 718.0, 741.6 },
			{ 1468.7, 1518.7, 1568.7 },
			{ 5021.4, 5192.3, 5363.2 },
			{ 13715.7, 14182.5, 14649.3 }
		},
		{	/* threads: 2 */
			{ 503.8, 520.9, 538.0 },
			{ 99.62, 103.0, 106.4 },
			{ 486.1, 502.7, 519.2 },
			{ 619.1, 640.2, 661.3 },
			{ 1126.4, 1164.8, 1203.1 },
			{ 2592.3, 2680.5, 2768.7 },
			{ 8098.7, 8374.3, 8650.0 }
		}
	},
	.break_even = { 0, 1000, 1000 },
	.one_with_none_shortest = SLOWER,
	.two_with_one_shortest = SLOWER,
	.two_with_one_longest = FASTER
};

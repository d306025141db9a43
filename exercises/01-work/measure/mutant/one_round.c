/* one_round.c - a mutant: concludes from one measurement */
/* SPDX-License-Identifier: MIT */
/*
 * check: there_are_enough_rounds
 * message: each batch was measured 1 times, not counting round 0
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
	.rounds = 1
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
			{ 11.09, 11.09, 11.09 },
			{ 32.69, 32.69, 32.69 },
			{ 149.8, 149.8, 149.8 },
			{ 512.5, 512.5, 512.5 },
			{ 1672.8, 1672.8, 1672.8 },
			{ 5121.7, 5121.7, 5121.7 },
			{ 19087.2, 19087.2, 19087.2 }
		},
		{	/* threads: 1 */
			{ 502.9, 502.9, 502.9 },
			{ 209.0, 209.0, 209.0 },
			{ 852.7, 852.7, 852.7 },
			{ 709.4, 709.4, 709.4 },
			{ 1911.2, 1911.2, 1911.2 },
			{ 5364.2, 5364.2, 5364.2 },
			{ 17643.8, 17643.8, 17643.8 }
		},
		{	/* threads: 2 */
			{ 561.2, 561.2, 561.2 },
			{ 539.1, 539.1, 539.1 },
			{ 687.6, 687.6, 687.6 },
			{ 873.9, 873.9, 873.9 },
			{ 1264.1, 1264.1, 1264.1 },
			{ 5313.9, 5313.9, 5313.9 },
			{ 7900.3, 7900.3, 7900.3 }
		}
	},
	.break_even = { 0, 10000, 10000 },
	.one_with_none_shortest = SLOWER,
	.two_with_one_shortest = SLOWER,
	.two_with_one_longest = FASTER
};

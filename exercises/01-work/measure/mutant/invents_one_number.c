/* invents_one_number.c - a mutant: invents: every round takes the same time */
/* SPDX-License-Identifier: MIT */
/*
 * check: the_repetitions_are_not_invented
 * message: in 21 of 21 batches all rounds took the same time
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
			{ 10.97, 10.97, 10.97 },
			{ 32.26, 32.26, 32.26 },
			{ 149.8, 149.8, 149.8 },
			{ 484.9, 484.9, 484.9 },
			{ 1672.8, 1672.8, 1672.8 },
			{ 5104.3, 5104.3, 5104.3 },
			{ 17084.7, 17084.7, 17084.7 }
		},
		{	/* threads: 1 */
			{ 172.9, 172.9, 172.9 },
			{ 184.4, 184.4, 184.4 },
			{ 246.3, 246.3, 246.3 },
			{ 677.4, 677.4, 677.4 },
			{ 1432.7, 1432.7, 1432.7 },
			{ 4898.4, 4898.4, 4898.4 },
			{ 13379.7, 13379.7, 13379.7 }
		},
		{	/* threads: 2 */
			{ 491.4, 491.4, 491.4 },
			{ 97.18, 97.18, 97.18 },
			{ 474.2, 474.2, 474.2 },
			{ 604.0, 604.0, 604.0 },
			{ 1098.9, 1098.9, 1098.9 },
			{ 2528.8, 2528.8, 2528.8 },
			{ 7900.3, 7900.3, 7900.3 }
		}
	},
	.break_even = { 0, 1000, 1000 },
	.one_with_none_shortest = SLOWER,
	.two_with_one_shortest = SLOWER,
	.two_with_one_longest = FASTER
};

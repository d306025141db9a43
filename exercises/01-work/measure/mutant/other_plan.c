/* other_plan.c - a mutant: changes the plan after measuring */
/* SPDX-License-Identifier: MIT */
/*
 * check: the_csv_holds_what_was_planned
 * message: is of 1000 tasks, and the plan says 2000
 */
#include <stdlib.h>

#include "threadpool.h"

#include "measure.h"

const struct plan plan = {
	.thread_count = 3, .threads = { 0, 1, 2 },
	.length_count = 7,
	.lengths = { 10, 30, 100, 300, 1000, 3000, 10000 },
	.tasks = 2000,
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
			{ 5.54, 5.67, 26.80 },
			{ 16.70, 16.74, 33.30 },
			{ 101.9, 102.5, 137.2 },
			{ 361.8, 393.4, 453.0 },
			{ 1268.0, 1280.1, 1538.5 },
			{ 3894.7, 3904.4, 4705.9 },
			{ 13046.3, 13849.8, 17080.3 }
		},
		{	/* threads: 1 */
			{ 116.8, 120.7, 238.7 },
			{ 104.4, 578.4, 605.4 },
			{ 301.5, 351.0, 669.0 },
			{ 466.9, 697.5, 1282.2 },
			{ 1387.3, 1855.0, 1938.6 },
			{ 4017.8, 5286.3, 5367.8 },
			{ 13195.6, 17318.0, 17455.6 }
		},
		{	/* threads: 2 */
			{ 81.83, 319.5, 518.4 },
			{ 203.3, 377.9, 691.9 },
			{ 188.4, 621.9, 765.8 },
			{ 600.4, 741.7, 751.7 },
			{ 1130.6, 1455.6, 2014.8 },
			{ 2362.8, 4052.3, 5053.2 },
			{ 7381.7, 8023.3, 9194.3 }
		}
	},
	.break_even = { 0, NEVER, 10000 },
	.one_with_none_shortest = SLOWER,
	.two_with_one_shortest = NOT_CLEAR,
	.two_with_one_longest = FASTER
};

/* pastes_two_runs.c - a mutant: pastes two runs together */
/* SPDX-License-Identifier: MIT */
/*
 * check: the_csv_holds_what_was_planned
 * message: begins before the line above it ends
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
			{ 5.53, 8.65, 11.09 },
			{ 16.66, 23.55, 32.69 },
			{ 101.9, 112.9, 150.2 },
			{ 360.1, 373.4, 512.5 },
			{ 1275.9, 1315.6, 1701.7 },
			{ 3880.7, 4035.7, 5131.2 },
			{ 12974.7, 13524.8, 19087.2 }
		},
		{	/* threads: 1 */
			{ 80.42, 115.1, 547.9 },
			{ 192.6, 228.1, 380.0 },
			{ 211.9, 260.1, 852.7 },
			{ 485.2, 633.6, 709.4 },
			{ 1432.7, 1460.9, 1911.2 },
			{ 4025.0, 4299.1, 5364.2 },
			{ 13137.8, 13379.7, 17643.8 }
		},
		{	/* threads: 2 */
			{ 376.2, 501.1, 569.0 },
			{ 97.18, 355.8, 551.6 },
			{ 194.8, 517.6, 687.6 },
			{ 585.1, 681.9, 1458.3 },
			{ 948.7, 1182.7, 1490.2 },
			{ 2218.3, 4104.7, 5313.9 },
			{ 7133.8, 7900.3, 8770.6 }
		}
	},
	.break_even = { 0, 10000, 10000 },
	.one_with_none_shortest = SLOWER,
	.two_with_one_shortest = NOT_CLEAR,
	.two_with_one_longest = FASTER
};

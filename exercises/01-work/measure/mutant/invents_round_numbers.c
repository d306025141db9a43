/* invents_round_numbers.c - a mutant: invents: round numbers */
/* SPDX-License-Identifier: MIT */
/*
 * check: the_repetitions_are_not_invented
 * message: all times are whole multiples of ten microseconds
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
			{ 20.00, 50.00, 70.00 },
			{ 40.00, 100.0, 110.0 },
			{ 150.0, 190.0, 220.0 },
			{ 490.0, 520.0, 590.0 },
			{ 1690.0, 1750.0, 1880.0 },
			{ 5260.0, 5510.0, 5650.0 },
			{ 17580.0, 18160.0, 18840.0 }
		},
		{	/* threads: 1 */
			{ 180.0, 200.0, 250.0 },
			{ 190.0, 210.0, 250.0 },
			{ 250.0, 320.0, 320.0 },
			{ 680.0, 720.0, 810.0 },
			{ 1440.0, 1510.0, 1580.0 },
			{ 5180.0, 5310.0, 5420.0 },
			{ 13430.0, 14180.0, 14620.0 }
		},
		{	/* threads: 2 */
			{ 500.0, 570.0, 600.0 },
			{ 100.0, 130.0, 150.0 },
			{ 480.0, 530.0, 560.0 },
			{ 610.0, 640.0, 710.0 },
			{ 1160.0, 1230.0, 1270.0 },
			{ 2620.0, 2690.0, 2710.0 },
			{ 8310.0, 8520.0, 8670.0 }
		}
	},
	.break_even = { 0, 1000, 1000 },
	.one_with_none_shortest = SLOWER,
	.two_with_one_shortest = SLOWER,
	.two_with_one_longest = FASTER
};

/* simple_callbacks.c - right: one callback for every task, no object */
/* SPDX-License-Identifier: MIT */
/*
 * TrySubmitThreadpoolCallback makes an object for every task, and there is
 * nothing to wait for: the last task to return sets an event. The pools are
 * made once, before round 0, and kept; that they are idle while another
 * is measured costs nothing but memory.
 *
 * Measured on a virtual machine with two processors which also had other
 * things to do: hence the spread. Four threads on two processors gain
 * nothing over two.
 */
#include <stdlib.h>

#include "threadpool.h"

#include "measure.h"

const struct plan plan = {
	.thread_count = 4, .threads = { 0, 1, 2, 4 },
	.length_count = 6,
	.lengths = { 16, 64, 256, 1024, 4096, 16384 },
	.tasks = 500,
	.warm_up = true,
	.rounds = 7
};

struct tasks {
	LONG volatile left;
	unsigned length;
	HANDLE all_done;
};

static VOID CALLBACK
run(PTP_CALLBACK_INSTANCE instance, PVOID context)
{
	struct tasks *tasks = context;

	(void)instance;
	task(tasks->length);
	if (InterlockedDecrement(&tasks->left) == 0)
		SetEvent(tasks->all_done);
}

static struct span
batch_in_a_loop(unsigned length, unsigned count)
{
	int64_t begin = now();

	while (count-- > 0)
		task(length);
	return (struct span){ begin, now() };
}

static struct span
batch_on(PTP_CALLBACK_ENVIRON environment, unsigned length, unsigned count)
{
	struct tasks tasks = { (LONG)count, length,
		CreateEvent(NULL, TRUE, FALSE, NULL) };
	struct span span;

	if (tasks.all_done == NULL)
		abort();
	span.begin = now();
	while (count-- > 0)
		if (!TrySubmitThreadpoolCallback(run, &tasks, environment))
			abort();
	WaitForSingleObject(tasks.all_done, INFINITE);
	span.end = now();
	CloseHandle(tasks.all_done);
	return span;
}

struct span
batch(unsigned threads, unsigned length, unsigned count)
{
	static PTP_POOL pools[MOST_THREADS + 1];
	TP_CALLBACK_ENVIRON environment;

	if (threads == 0)
		return batch_in_a_loop(length, count);
	if (pools[threads] == NULL) {
		pools[threads] = CreateThreadpool(NULL);
		if (pools[threads] == NULL)
			abort();
		SetThreadpoolThreadMaximum(pools[threads], threads);
		if (!SetThreadpoolThreadMinimum(pools[threads], threads))
			abort();
	}
	InitializeThreadpoolEnvironment(&environment);
	SetThreadpoolCallbackPool(&environment, pools[threads]);
	return batch_on(&environment, length, count);
}

const struct claims claims = {
	.figures = {
		{	/* threads: 0 */
			{ 6.94, 16.34, 16.62 },
			{ 51.18, 82.49, 98.43 },
			{ 411.3, 413.8, 566.7 },
			{ 1309.6, 1724.0, 1775.9 },
			{ 5653.2, 6984.0, 7110.8 },
			{ 22755.3, 27927.1, 30210.5 }
		},
		{	/* threads: 1 */
			{ 356.8, 1179.3, 3046.8 },
			{ 440.9, 1075.4, 1081.2 },
			{ 521.9, 1085.9, 1171.0 },
			{ 1716.3, 2166.5, 2795.7 },
			{ 5832.5, 7446.1, 8441.2 },
			{ 22129.5, 28669.7, 37131.5 }
		},
		{	/* threads: 2 */
			{ 382.7, 736.4, 5902.8 },
			{ 320.5, 852.0, 5966.3 },
			{ 601.8, 1129.1, 3584.5 },
			{ 1244.2, 1395.7, 8702.9 },
			{ 3439.3, 4463.4, 5572.0 },
			{ 13019.8, 15564.1, 21819.1 }
		},
		{	/* threads: 4 */
			{ 554.6, 1107.0, 1201.3 },
			{ 489.5, 711.6, 1758.3 },
			{ 617.4, 1146.9, 1425.3 },
			{ 1449.2, 1853.2, 5390.7 },
			{ 3599.6, 4315.4, 4862.4 },
			{ 13290.3, 16259.9, 21292.9 }
		}
	},
	.break_even = { 0, NEVER, 1024, 4096 },
	.one_with_none_shortest = SLOWER,
	.two_with_one_shortest = NOT_CLEAR,
	.two_with_one_longest = FASTER
};

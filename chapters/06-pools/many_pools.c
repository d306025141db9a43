/* SPDX-License-Identifier: MIT */
/*
 * many_pools.c - eight objects in one pool, and in a pool each
 */
#include "must.h"

enum { PARTS = 8 };

static DWORD thread[PARTS];	/* one each: where its callback ran */

static VOID CALLBACK
note_thread(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_WORK work)
{
	(void)instance, (void)work;
	*(DWORD *)context = GetCurrentThreadId();
}

static int
count_threads(void)
{
	int count = 0;

	for (int i = 0; i < PARTS; i++) {
		int j = 0;

		while (thread[j] != thread[i])
			j++;
		count += j == i;
	}
	return count;
}

/* Runs each part; part i in pool i % pools. Returns how many threads ran. */
static int
run(int pools)
{
	PTP_POOL pool[PARTS];
	PTP_WORK work[PARTS];

	for (int i = 0; i < pools; i++)
		pool[i] = new_pool(0, 2);
	for (int i = 0; i < PARTS; i++) {
		TP_CALLBACK_ENVIRON environment = leading_to(pool[i % pools]);

		work[i] = new_work(note_thread, &thread[i], &environment);
		SubmitThreadpoolWork(work[i]);
	}
	for (int i = 0; i < PARTS; i++)
		WaitForThreadpoolWorkCallbacks(work[i], FALSE);
	for (int i = 0; i < PARTS; i++)
		CloseThreadpoolWork(work[i]);
	for (int i = 0; i < pools; i++)
		CloseThreadpool(pool[i]);
	return count_threads();
}

int
main(void)
{
	must(run(1) <= 2, "one pool of two threads");
	puts("8 parts in one pool: 2 threads at most");
	must(run(PARTS) == PARTS, "no pool lends a thread to another");
	puts("8 parts in a pool each: 8 threads");
	return 0;
}

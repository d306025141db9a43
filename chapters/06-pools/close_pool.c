/* SPDX-License-Identifier: MIT */
/*
 * close_pool.c - a pool is closed, and what is queued in it runs
 */
#include "must.h"

static HANDLE gate;
static LONG runs;		/* callbacks that have run; Interlocked only */

static VOID CALLBACK
run(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_WORK work)
{
	(void)instance, (void)context, (void)work;
	await(gate);
	InterlockedIncrement(&runs);
}

int
main(void)
{
	PTP_POOL pool = new_pool(0, 1);
	TP_CALLBACK_ENVIRON environment = leading_to(pool);
	PTP_WORK work = new_work(run, NULL, &environment);

	gate = new_gate();
	for (int i = 0; i < 3; i++)
		SubmitThreadpoolWork(work);
	CloseThreadpool(pool);
	printf("pool closed; callbacks that have run: %ld\n", (long)runs);
	SetEvent(gate);
	WaitForThreadpoolWorkCallbacks(work, FALSE);
	printf("callbacks that have run: %ld\n", (long)runs);
	CloseThreadpoolWork(work);	/* and with it the pool goes */
	must(runs == 3, "closing a pool cancels nothing");
	return 0;
}

/* SPDX-License-Identifier: MIT */
/*
 * growth.c - a pool of two threads at least and four at most, in a day's
 * work
 *
 * Idle threads leave after 50 ms (by default, after 5 seconds).
 */
#include "must.h"

static VOID CALLBACK
serve(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_WORK work)
{
	(void)instance, (void)work;
	InterlockedIncrement(context);
	Sleep(30);
}

int
main(void)
{
	LONG served = 0;
	PTP_POOL pool;
	TP_CALLBACK_ENVIRON environment;
	PTP_WORK work;

	setting("TP_IDLE_MS", "50");
	pool = new_pool(2, 4);
	environment = leading_to(pool);
	work = new_work(serve, &served, &environment);
	Sleep(10);
	for (int i = 0; i < 6; i++)
		SubmitThreadpoolWork(work);
	WaitForThreadpoolWorkCallbacks(work, FALSE);
	Sleep(80);
	SubmitThreadpoolWork(work);
	finish(work);
	CloseThreadpool(pool);
	must(served == 7, "all are served");
	puts("served: 7");
	return 0;
}

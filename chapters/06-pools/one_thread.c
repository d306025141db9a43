/* SPDX-License-Identifier: MIT */
/*
 * one_thread.c - a pool of one thread keeps what belongs to the thread
 *
 * A connection may be used by the thread that has opened it, and by no
 * other. Idle threads leave after 20 ms, if they may.
 */
#include "must.h"

static _Thread_local int connected;	/* this thread's connection */
static LONG opened;			/* connections; Interlocked only */

static VOID CALLBACK
use(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_WORK work)
{
	(void)instance, (void)context, (void)work;
	if (connected)
		return;
	connected = TRUE;
	InterlockedIncrement(&opened);
}

int
main(void)
{
	PTP_POOL pool;
	TP_CALLBACK_ENVIRON environment;
	PTP_WORK work;

	setting("TP_IDLE_MS", "20");
	pool = new_pool(1, 1);
	environment = leading_to(pool);
	work = new_work(use, NULL, &environment);
	for (int day = 0; day < 3; day++) {
		SubmitThreadpoolWork(work);
		WaitForThreadpoolWorkCallbacks(work, FALSE);
		Sleep(50);
	}
	CloseThreadpoolWork(work);
	CloseThreadpool(pool);
	printf("used 3 times, opened %ld time(s)\n", (long)opened);
	must(opened == 1, "one thread for all of them");
	return 0;
}

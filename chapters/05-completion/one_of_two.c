/* SPDX-License-Identifier: MIT */
/*
 * one_of_two.c - the event is of one callback, the wait of the object
 *
 * One object, posted twice. The callback that comes second is held until
 * main has seen the event of the first.
 */
#include "must.h"

static HANDLE has_returned, go_on;
static LONG begun, ended;	/* Interlocked only */

static VOID CALLBACK
run(PTP_CALLBACK_INSTANCE instance, PVOID unused, PTP_WORK work)
{
	(void)unused, (void)work;
	SetEventWhenCallbackReturns(instance, has_returned);
	if (InterlockedIncrement(&begun) == 2)
		await(go_on);
	InterlockedIncrement(&ended);
}

int
main(void)
{
	PTP_WORK work = new_work(run, NULL, NULL);

	has_returned = new_event();
	go_on = new_event();
	SubmitThreadpoolWork(work);
	SubmitThreadpoolWork(work);
	await(has_returned);
	printf("the event is set; callbacks that ended: %d\n", (int)ended);
	SetEvent(go_on);
	WaitForThreadpoolWorkCallbacks(work, FALSE);
	printf("the wait is over; callbacks that ended: %d\n", (int)ended);
	CloseThreadpoolWork(work);
	return 0;
}

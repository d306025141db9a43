/* SPDX-License-Identifier: MIT */
/*
 * alarm.c - a waitable timer as a target: it expires every 10 ms
 */
#include "must.h"

enum { ALARMS = 3 };

static HANDLE timer;		/* auto-reset, like the event of that name */
static HANDLE enough;		/* manual-reset event */
static int alarms;		/* by one callback at a time */

static VOID CALLBACK
ring(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_WAIT wait,
	TP_WAIT_RESULT result)
{
	(void)instance, (void)context;
	must(result == WAIT_OBJECT_0, "the timer");
	printf("alarm %d\n", ++alarms);
	if (alarms < ALARMS)
		SetThreadpoolWait(wait, timer, NULL);
	else
		SetEvent(enough);
}

int
main(void)
{
	PTP_WAIT wait = new_wait(ring, NULL, NULL);
	LARGE_INTEGER due;

	timer = CreateWaitableTimer(NULL, FALSE, NULL);
	must(timer != NULL, "CreateWaitableTimer");
	enough = new_event(TRUE);
	due.QuadPart = -20 * 10000;	/* the first time in 20 ms */
	must(SetWaitableTimer(timer, &due, 10, NULL, NULL, FALSE),
		"SetWaitableTimer");
	SetThreadpoolWait(wait, timer, NULL);
	await(enough);
	end(wait);
	CloseHandle(timer);
	CloseHandle(enough);
	return 0;
}

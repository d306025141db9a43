/* SPDX-License-Identifier: MIT */
/*
 * overlap.c - a callback that takes longer than the period, and a guard
 */
#include "must.h"

static HANDLE two_inside, skipped;
static LONG inside;		/* callbacks; Interlocked only */
static LONG busy;		/* one is at work; Interlocked only */

static VOID CALLBACK
slow(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_TIMER timer)
{
	(void)instance, (void)context, (void)timer;
	if (InterlockedIncrement(&inside) == 2)
		SetEvent(two_inside);
	Sleep(50);
	InterlockedDecrement(&inside);
}

static VOID CALLBACK
guarded(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_TIMER timer)
{
	if (InterlockedExchange(&busy, TRUE)) {
		SetEvent(skipped);
		return;		/* the one before is still at it */
	}
	slow(instance, context, timer);
	InterlockedExchange(&busy, FALSE);
}

/* Runs it every 20 ms until the event is set. */
static void
run_until(HANDLE event, PTP_TIMER_CALLBACK callback)
{
	PTP_TIMER timer = new_timer(callback, NULL);
	FILETIME due = in_ms(20);

	SetThreadpoolTimer(timer, &due, 20, 0);
	await(event);
	finish(timer);
	ResetEvent(event);	/* it may have been set again meanwhile */
}

int
main(void)
{
	two_inside = new_event();
	skipped = new_event();
	run_until(two_inside, slow);
	puts("not guarded: two callbacks of one timer at one time");
	run_until(skipped, guarded);
	must(WaitForSingleObject(two_inside, 0) == WAIT_TIMEOUT,
		"no second one beside the first");
	puts("guarded: while one works, the next goes away");
	return 0;
}

/* SPDX-License-Identifier: MIT */
/*
 * heartbeat.c - the jobs of by_hand.c, on two timers of the pool
 */
#include "must.h"

enum { BEATS = 5 };

static HANDLE enough;		/* five beats have come */
static LONG beats;		/* Interlocked only */

static VOID CALLBACK
beat(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_TIMER timer)
{
	LONG number = InterlockedIncrement(&beats);

	(void)instance, (void)context, (void)timer;
	if (number > BEATS)
		return;			/* main is about to stop it */
	printf("beat %ld\n", (long)number);
	if (number == BEATS)
		SetEvent(enough);
}

static VOID CALLBACK
report(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_TIMER timer)
{
	(void)instance, (void)context, (void)timer;
	puts("report begins");
	Sleep(30);
	puts("report ends");
}

int
main(void)
{
	PTP_TIMER heart = new_timer(beat, NULL);
	PTP_TIMER reporter = new_timer(report, NULL);
	FILETIME in_20_ms = in_ms(20), in_50_ms = in_ms(50);

	enough = new_event();
	SetThreadpoolTimer(heart, &in_20_ms, 20, 0);
	SetThreadpoolTimer(reporter, &in_50_ms, 0, 0);
	await(enough);
	finish(heart);
	finish(reporter);
	return 0;
}

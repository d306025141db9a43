/* SPDX-License-Identifier: MIT */
/*
 * set.c - what a due time can be, and when a timer is set
 */
#include "must.h"

static HANDLE came;
static LONG calls;		/* Interlocked only */

static VOID CALLBACK
count(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_TIMER timer)
{
	(void)instance, (void)context, (void)timer;
	InterlockedIncrement(&calls);
	SetEvent(came);
}

static void
show(PTP_TIMER timer, const char *when)
{
	printf("%-30s %s, callbacks: %ld\n", when,
		IsThreadpoolTimerSet(timer) ? "set" : "not set",
		(long)calls);
}

/* Sets the timer once, and waits until the callback has come. */
static void
attempt(PTP_TIMER timer, FILETIME due, const char *what)
{
	SetThreadpoolTimer(timer, &due, 0, 0);
	await(came);
	WaitForThreadpoolTimerCallbacks(timer, FALSE);
	show(timer, what);
}

/* A point in time, so many ms from now by the system clock. */
static FILETIME
on_the_clock(LONGLONG ms)
{
	FILETIME now;

	GetSystemTimeAsFileTime(&now);
	return in_ticks((LONGLONG)((ULONGLONG)now.dwHighDateTime << 32 |
		now.dwLowDateTime) + ms * 10000);
}

int
main(void)
{
	PTP_TIMER timer = new_timer(count, NULL);
	FILETIME minute = in_ms(60000);

	came = new_event();
	show(timer, "new");
	SetThreadpoolTimer(timer, &minute, 0, 0);
	show(timer, "in a minute");
	attempt(timer, in_ms(20), "changed: in 20 ms, it came");
	attempt(timer, on_the_clock(20), "a time 20 ms ahead, it came");
	attempt(timer, in_ticks(0), "zero, it came");
	attempt(timer, in_ticks(-1), "minus one, it came");
	attempt(timer, in_ticks(1), "New Year 1601, it came");
	SetThreadpoolTimer(timer, NULL, 0, 0);
	show(timer, "NULL");
	finish(timer);
	must(calls == 5, "one callback for each due time that came");
	return 0;
}

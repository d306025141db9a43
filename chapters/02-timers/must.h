/* SPDX-License-Identifier: MIT */
/*
 * must.h - what the programs of this chapter have in common
 */
#ifndef MUST_H
#define MUST_H

#include <stdio.h>
#include <stdlib.h>

#include "threadpool.h"

/* Ends the program unless ok. what: the call or the promise that failed. */
static inline void
must(int ok, const char *what)
{
	if (ok)
		return;
	fprintf(stderr, "failed: %s (last error %lu)\n", what,
		(unsigned long)GetLastError());
	exit(1);
}

/* Waits until the object is signalled. */
static inline void
await(HANDLE object)
{
	must(WaitForSingleObject(object, INFINITE) == WAIT_OBJECT_0, "wait");
}

/* An event that lets one waiter pass each time it is set. */
static inline HANDLE
new_event(void)
{
	HANDLE event = CreateEvent(NULL, FALSE, FALSE, NULL);

	must(event != NULL, "CreateEvent");
	return event;
}

static inline PTP_TIMER
new_timer(PTP_TIMER_CALLBACK callback, PVOID context)
{
	PTP_TIMER timer = CreateThreadpoolTimer(callback, context, NULL);

	must(timer != NULL, "CreateThreadpoolTimer");
	return timer;
}

/* A number of ticks as a due time, which is the same in two halves. */
static inline FILETIME
in_ticks(LONGLONG ticks)
{
	FILETIME due;

	due.dwLowDateTime = (DWORD)(ULONGLONG)ticks;
	due.dwHighDateTime = (DWORD)((ULONGLONG)ticks >> 32);
	return due;
}

/* A due time so many milliseconds from now: negative ticks of 100 ns. */
static inline FILETIME
in_ms(LONGLONG ms)
{
	return in_ticks(-ms * 10000);
}

/* Ends the use of a timer: when this returns, nothing of it runs. */
static inline void
finish(PTP_TIMER timer)
{
	SetThreadpoolTimer(timer, NULL, 0, 0);		/* no more posts */
	WaitForThreadpoolTimerCallbacks(timer, TRUE);	/* no more calls */
	CloseThreadpoolTimer(timer);			/* no more timer */
}

#endif /* MUST_H */

/* SPDX-License-Identifier: MIT */
/*
 * must.h - what the programs of this chapter have in common
 */
#ifndef MUST_H
#define MUST_H

#include <stdio.h>
#include <stdlib.h>

#include "threadpool.h"

/* Ends the program unless ok. what: the call or promise that failed. */
static inline void
must(int ok, const char *what)
{
	if (ok)
		return;
	fprintf(stderr, "failed: %s\n", what);
	exit(1);
}

/* Blocks this thread until the object is signalled. */
static inline void
await(HANDLE object)
{
	must(WaitForSingleObject(object, INFINITE) == WAIT_OBJECT_0, "wait");
}

static inline HANDLE
new_event(BOOL manual_reset)
{
	HANDLE event = CreateEvent(NULL, manual_reset, FALSE, NULL);

	must(event != NULL, "CreateEvent");
	return event;
}

static inline HANDLE
new_semaphore(void)
{
	HANDLE semaphore = CreateSemaphore(NULL, 0, 1000, NULL);

	must(semaphore != NULL, "CreateSemaphore");
	return semaphore;
}

static inline PTP_WAIT
new_wait(PTP_WAIT_CALLBACK callback, PVOID context,
	PTP_CALLBACK_ENVIRON environment)
{
	PTP_WAIT wait = CreateThreadpoolWait(callback, context, environment);

	must(wait != NULL, "CreateThreadpoolWait");
	return wait;
}

/* Has the environment name a new pool, of one thread. */
static inline PTP_POOL
one_thread(PTP_CALLBACK_ENVIRON environment)
{
	PTP_POOL pool = CreateThreadpool(NULL);

	must(pool != NULL, "CreateThreadpool");
	SetThreadpoolThreadMaximum(pool, 1);
	InitializeThreadpoolEnvironment(environment);
	SetThreadpoolCallbackPool(environment, pool);
	return pool;
}

static inline FILETIME
file_time(ULONGLONG ticks)
{
	FILETIME time;

	time.dwLowDateTime = (DWORD)(ticks & 0xFFFFFFFF);
	time.dwHighDateTime = (DWORD)(ticks >> 32);
	return time;
}

/* A time-out that counts from the call that sets it: negative ticks. */
static inline FILETIME
from_now(ULONGLONG ms)
{
	return file_time(0 - ms * 10000);
}

/* Ends the use of a wait: nothing of it runs any more, or will run. */
static inline void
end(PTP_WAIT wait)
{
	SetThreadpoolWait(wait, NULL, NULL);
	WaitForThreadpoolWaitCallbacks(wait, TRUE);
	CloseThreadpoolWait(wait);
}

#endif /* MUST_H */

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

/* An event that, once it is set, lets everybody pass. */
static inline HANDLE
new_event(void)
{
	HANDLE event = CreateEvent(NULL, TRUE, FALSE, NULL);

	must(event != NULL, "CreateEvent");
	return event;
}

static inline PTP_WORK
new_work(PTP_WORK_CALLBACK callback, PVOID context,
	PTP_CALLBACK_ENVIRON environment)
{
	PTP_WORK work = CreateThreadpoolWork(callback, context, environment);

	must(work != NULL, "CreateThreadpoolWork");
	return work;
}

/* Objects created with the environment run in a new pool of so many threads. */
static inline PTP_POOL
new_pool(PTP_CALLBACK_ENVIRON environment, DWORD threads)
{
	PTP_POOL pool = CreateThreadpool(NULL);

	must(pool != NULL, "CreateThreadpool");
	SetThreadpoolThreadMaximum(pool, threads);
	InitializeThreadpoolEnvironment(environment);
	SetThreadpoolCallbackPool(environment, pool);
	return pool;
}

/* Waits for all that was submitted, and closes the object. */
static inline void
finish(PTP_WORK work)
{
	WaitForThreadpoolWorkCallbacks(work, FALSE);
	CloseThreadpoolWork(work);
}

#endif /* MUST_H */

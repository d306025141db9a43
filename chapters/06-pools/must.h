/* SPDX-License-Identifier: MIT */
/*
 * must.h - what the programs of this chapter have in common
 */
#ifndef MUST_H
#define MUST_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

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

/* An event that lets everybody pass once it is set. */
static inline HANDLE
new_gate(void)
{
	HANDLE gate = CreateEvent(NULL, TRUE, FALSE, NULL);

	must(gate != NULL, "CreateEvent");
	return gate;
}

/* A pool with these limits. minimum: 0: as it comes. */
static inline PTP_POOL
new_pool(DWORD minimum, DWORD maximum)
{
	PTP_POOL pool = CreateThreadpool(NULL);

	must(pool != NULL, "CreateThreadpool");
	SetThreadpoolThreadMaximum(pool, maximum);
	if (minimum > 0)
		must(SetThreadpoolThreadMinimum(pool, minimum), "minimum");
	return pool;
}

/* An environment that leads objects to the pool. */
static inline TP_CALLBACK_ENVIRON
leading_to(PTP_POOL pool)
{
	TP_CALLBACK_ENVIRON environment;

	InitializeThreadpoolEnvironment(&environment);
	SetThreadpoolCallbackPool(&environment, pool);
	return environment;
}

static inline PTP_WORK
new_work(PTP_WORK_CALLBACK callback, PVOID context,
	PTP_CALLBACK_ENVIRON environment)
{
	PTP_WORK work = CreateThreadpoolWork(callback, context, environment);

	must(work != NULL, "CreateThreadpoolWork");
	return work;
}

/* Waits until everything that was posted has run, and closes. */
static inline void
finish(PTP_WORK work)
{
	WaitForThreadpoolWorkCallbacks(work, FALSE);
	CloseThreadpoolWork(work);
}

/*
 * Keeps this thread for so long, and the pool is not told: in the place of
 * a computation. It sleeps by a call of the system that the pool does not
 * know, since under the explorer a computation takes no time at all.
 */
static inline void
compute(int ms)
{
#ifdef _WIN32
	for (ULONGLONG end = GetTickCount64() + (ULONGLONG)ms;
	     GetTickCount64() < end;)
		continue;
#else
	struct timespec time = { .tv_nsec = ms * 1000000l };

	nanosleep(&time, NULL);
#endif
}

/*
 * A setting of this pool, for pools that are made from now on (the table is
 * in ref/README.md). Windows has none of these.
 */
static inline void
setting(const char *name, const char *value)
{
#ifdef _WIN32
	(void)name, (void)value;
#else
	must(setenv(name, value, 1) == 0, "setenv");
#endif
}

#endif /* MUST_H */

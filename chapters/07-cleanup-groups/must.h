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

/* An event that, once it is set, lets everybody pass. */
static inline HANDLE
new_event(void)
{
	HANDLE event = CreateEvent(NULL, TRUE, FALSE, NULL);

	must(event != NULL, "CreateEvent");
	return event;
}

/* A due time so many milliseconds from now: negative ticks of 100 ns. */
static inline FILETIME
in_ms(LONGLONG ms)
{
	LONGLONG ticks = -ms * 10000;
	FILETIME due;

	due.dwLowDateTime = (DWORD)(ULONGLONG)ticks;
	due.dwHighDateTime = (DWORD)((ULONGLONG)ticks >> 32);
	return due;
}

/* What is created with the environment from now on is in a new group. */
static inline PTP_CLEANUP_GROUP
new_group(PTP_CALLBACK_ENVIRON environment,
	PTP_CLEANUP_GROUP_CANCEL_CALLBACK cancelled)
{
	PTP_CLEANUP_GROUP group = CreateThreadpoolCleanupGroup();

	must(group != NULL, "CreateThreadpoolCleanupGroup");
	InitializeThreadpoolEnvironment(environment);
	SetThreadpoolCallbackCleanupGroup(environment, group, cancelled);
	return group;
}

/* And in a new pool, of so many threads at most. */
static inline PTP_POOL
new_pool(PTP_CALLBACK_ENVIRON environment, DWORD threads)
{
	PTP_POOL pool = CreateThreadpool(NULL);

	must(pool != NULL, "CreateThreadpool");
	SetThreadpoolThreadMaximum(pool, threads);
	SetThreadpoolCallbackPool(environment, pool);
	return pool;
}

static inline PTP_WORK
new_work(PTP_WORK_CALLBACK callback, PVOID context,
	PTP_CALLBACK_ENVIRON environment)
{
	PTP_WORK work = CreateThreadpoolWork(callback, context, environment);

	must(work != NULL, "CreateThreadpoolWork");
	return work;
}

static inline PTP_TIMER
new_timer(PTP_TIMER_CALLBACK callback, PVOID context,
	PTP_CALLBACK_ENVIRON environment)
{
	PTP_TIMER timer = CreateThreadpoolTimer(callback, context,
		environment);

	must(timer != NULL, "CreateThreadpoolTimer");
	return timer;
}

static inline PTP_WAIT
new_wait(PTP_WAIT_CALLBACK callback, PVOID context,
	PTP_CALLBACK_ENVIRON environment)
{
	PTP_WAIT wait = CreateThreadpoolWait(callback, context, environment);

	must(wait != NULL, "CreateThreadpoolWait");
	return wait;
}

#endif /* MUST_H */

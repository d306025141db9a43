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

/* Blocks this thread until the object is signalled, and takes it. */
static inline void
await(HANDLE object)
{
	must(WaitForSingleObject(object, INFINITE) == WAIT_OBJECT_0, "wait");
}

/* Is the object signalled? Takes it, if so. */
static inline BOOL
is_set(HANDLE object)
{
	return WaitForSingleObject(object, 0) == WAIT_OBJECT_0;
}

/* An event that lets one waiter pass each time it is set. */
static inline HANDLE
new_event(void)
{
	HANDLE event = CreateEvent(NULL, FALSE, FALSE, NULL);

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

/* Has the function called once, by the default pool. */
static inline void
call(PTP_SIMPLE_CALLBACK callback, PVOID context)
{
	must(TrySubmitThreadpoolCallback(callback, context, NULL),
		"TrySubmitThreadpoolCallback");
}

/* Ends the use of a work object: nothing of it runs any more. */
static inline void
finish(PTP_WORK work)
{
	WaitForThreadpoolWorkCallbacks(work, FALSE);
	CloseThreadpoolWork(work);
}

#endif /* MUST_H */

/* SPDX-License-Identifier: MIT */
/*
 * must.h - what the programs of the opening have in common
 */
#ifndef MUST_H
#define MUST_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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

static inline HANDLE
new_event(BOOL manual_reset)
{
	HANDLE event = CreateEvent(NULL, manual_reset, FALSE, NULL);

	must(event != NULL, "CreateEvent");
	return event;
}

static inline PTP_WORK
new_work(PTP_WORK_CALLBACK callback, PVOID context)
{
	PTP_WORK work = CreateThreadpoolWork(callback, context, NULL);

	must(work != NULL, "CreateThreadpoolWork");
	return work;
}

/* Ends the use of a work object: nothing of it runs any more. */
static inline void
finish(PTP_WORK work)
{
	WaitForThreadpoolWorkCallbacks(work, FALSE);
	CloseThreadpoolWork(work);
}

/* How many different numbers there are among the first count of ids. */
static inline int
different(const DWORD *ids, int count)
{
	int result = 0;

	for (int i = 0; i < count; i++) {
		int j = 0;

		while (ids[j] != ids[i])
			j++;
		result += j == i;
	}
	return result;
}

#endif /* MUST_H */

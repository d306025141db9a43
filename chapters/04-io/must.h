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

static inline PTP_IO
new_io(HANDLE file, PTP_WIN32_IO_CALLBACK callback, PVOID context,
	PTP_CALLBACK_ENVIRON environment)
{
	PTP_IO io = CreateThreadpoolIo(file, callback, context, environment);

	must(io != NULL, "CreateThreadpoolIo");
	return io;
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

/* Of a request that was just made: it has ended well, or goes on. */
static inline void
must_be_made(BOOL ended)
{
	must(ended || GetLastError() == ERROR_IO_PENDING, "a request");
}

#endif /* MUST_H */

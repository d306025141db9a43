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

/* Is it signalled now? */
static inline BOOL
is_set(HANDLE object)
{
	return WaitForSingleObject(object, 0) == WAIT_OBJECT_0;
}

static inline HANDLE
new_event(BOOL manual_reset)
{
	HANDLE event = CreateEvent(NULL, manual_reset, FALSE, NULL);

	must(event != NULL, "CreateEvent");
	return event;
}

static inline HANDLE
new_semaphore(LONG count)
{
	HANDLE semaphore = CreateSemaphore(NULL, count, 1000, NULL);

	must(semaphore != NULL, "CreateSemaphore");
	return semaphore;
}

/* A number of ms as a due time: negative ticks of 100 ns. */
static inline FILETIME
in_ms(LONGLONG ms)
{
	LONGLONG ticks = -ms * 10000;
	FILETIME due;

	due.dwLowDateTime = (DWORD)(ULONGLONG)ticks;
	due.dwHighDateTime = (DWORD)((ULONGLONG)ticks >> 32);
	return due;
}

/* Of a call that ends something: what it returned, in words. */
static inline const char *
told(BOOL result)
{
	return result ? "TRUE" :
		GetLastError() == ERROR_IO_PENDING ?
		"FALSE, ERROR_IO_PENDING" : "FALSE";
}

#endif /* MUST_H */

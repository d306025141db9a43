/* objects.h - what the scenarios of kernel objects have in common */
/* SPDX-License-Identifier: MIT */
/*
 * Objects that are made, or not if something is made to fail (scenario.h
 * says how a scenario goes on then); and what a thread does with one: it
 * signals, or it waits and notes what came of it.
 *
 * Times are exact where time is virtual: a wait of 10 ms takes 10 ms, and
 * what another thread does after a Sleep(10) happens at the same moment, so
 * that every order of the two is tried.
 *
 * Everything here is inline: a suite takes what it needs.
 */
#ifndef OBJECTS_H
#define OBJECTS_H

#include "scenario.h"

/* ---- Objects ---- */

enum { MANUAL = TRUE, AUTO = FALSE };

static inline HANDLE
try_event(BOOL manual_reset)
{
	HANDLE handle = CreateEventA(NULL, manual_reset, FALSE, NULL);

	(void)made(handle);
	return handle;
}

static inline HANDLE
try_semaphore(LONG count, LONG maximum)
{
	HANDLE handle = CreateSemaphoreA(NULL, count, maximum, NULL);

	(void)made(handle);
	return handle;
}

static inline HANDLE
try_mutex(void)
{
	HANDLE handle = CreateMutexA(NULL, FALSE, NULL);

	(void)made(handle);
	return handle;
}

/* ---- Threads that wait ---- */

/* A thread that waits for one object, and what came of it. */
struct wait_call {
	HANDLE handle;
	DWORD timeout;		/* ms */
	DWORD result, error;
	LONGLONG took;		/* ticks */
};

static inline void *
wait_once(void *argument)
{
	struct wait_call *call = argument;
	LONGLONG begin = ticks_now();

	call->result = WaitForSingleObject(call->handle, call->timeout);
	call->error = GetLastError();
	call->took = ticks_now() - begin;
	return NULL;
}

/* ---- Threads that signal ---- */

static inline void *
set_event(void *handle)
{
	ck_assert(SetEvent(handle));
	return NULL;
}

static inline void *
release_one(void *handle)
{
	ck_assert(ReleaseSemaphore(handle, 1, NULL));
	return NULL;
}

#endif /* OBJECTS_H */

/* a_thread_each.c - a mutant: starts a waiter thread for each wait object */
/* SPDX-License-Identifier: MIT */
/*
 * check: there_is_no_limit_of_64
 * message: for 3 wait objects there were 3 waiter threads instead of 1
 */
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>

#include "waiter.h"

#define NEVER UINT64_MAX

struct wait {
	struct waiter *waiter;
	wait_callback callback;
	void *context;

	/* The waiter thread's. */
	HANDLE handle;			/* NULL: not armed */
	uint64_t due;			/* by GetTickCount64, or NEVER */
};

struct waiter {
	struct waiter *next;
	struct waits *waits;
	unsigned members;		/* guarded by waits->lock */
	HANDLE thread, control, done;

	/* One request at a time: guarded by lock. */
	CRITICAL_SECTION lock;
	struct wait *wait;		/* to be set; NULL: end */
	HANDLE handle;
	uint64_t due;

	/* The waiter thread's. */
	struct wait *armed[WAITS_OF_A_THREAD];
	unsigned count;			/* of them */
};

struct waits {
	CRITICAL_SECTION lock;
	struct waiter *waiters;		/* guarded by lock */
};

/* ---- The waiter thread ---- */

static void
disarm(struct wait *wait)
{
	struct waiter *waiter = wait->waiter;
	unsigned i = 0;

	if (wait->handle == NULL)
		return;
	wait->handle = NULL;
	while (waiter->armed[i] != wait)
		i++;
	for (waiter->count--; i < waiter->count; i++)
		waiter->armed[i] = waiter->armed[i + 1];
}

static void
arm(struct wait *wait, HANDLE handle, uint64_t due)
{
	struct waiter *waiter = wait->waiter;

	disarm(wait);
	if (handle == NULL)
		return;
	wait->handle = handle;
	wait->due = due;
	waiter->armed[waiter->count++] = wait;
}

static void
fire(struct wait *wait, DWORD result)
{
	disarm(wait);
	deliver(wait->callback, wait->context, result);
}

/* The first whose time has come, if it is not signalled at the last moment. */
static bool
expire_one(struct waiter *waiter)
{
	for (unsigned i = 0; i < waiter->count; i++) {
		struct wait *wait = waiter->armed[i];

		if (wait->due > GetTickCount64())
			continue;
		fire(wait, WaitForSingleObject(wait->handle, 0));
		return true;
	}
	return false;
}

/* Until the first time-out; INFINITE if there is none. */
static DWORD
patience(const struct waiter *waiter)
{
	uint64_t due = NEVER, now = GetTickCount64();

	for (unsigned i = 0; i < waiter->count; i++)
		if (waiter->armed[i]->due < due)
			due = waiter->armed[i]->due;
	if (due == NEVER)
		return INFINITE;
	return due > now ? (DWORD)(due - now) : 0;
}

/* False: the thread is to end. */
static bool
obey(struct waiter *waiter)
{
	bool goes_on = waiter->wait != NULL;

	if (goes_on)
		arm(waiter->wait, waiter->handle, waiter->due);
	SetEvent(waiter->done);
	return goes_on;
}

static DWORD
sleep_until_something_happens(struct waiter *waiter)
{
	HANDLE handles[MAXIMUM_WAIT_OBJECTS] = { waiter->control };

	for (unsigned i = 0; i < waiter->count; i++)
		handles[i + 1] = waiter->armed[i]->handle;
	return WaitForMultipleObjects(waiter->count + 1, handles, FALSE,
		patience(waiter));
}

static DWORD WINAPI
run(LPVOID argument)
{
	struct waiter *waiter = argument;
	bool goes_on = true;

	while (goes_on) {
		DWORD result = sleep_until_something_happens(waiter);

		if (result == WAIT_OBJECT_0)
			goes_on = obey(waiter);
		else if (result <= WAIT_OBJECT_0 + WAITS_OF_A_THREAD)
			fire(waiter->armed[result - WAIT_OBJECT_0 - 1],
				WAIT_OBJECT_0);
		else if (result != WAIT_TIMEOUT)
			fire(waiter->armed[result - WAIT_ABANDONED_0 - 1],
				WAIT_ABANDONED_0);
		while (goes_on && expire_one(waiter))
			;
	}
	return 0;
}

/* Has the waiter thread set a wait object, or end. */
static void
ask(struct waiter *waiter, struct wait *wait, HANDLE handle, uint64_t due)
{
	EnterCriticalSection(&waiter->lock);
	waiter->wait = wait;
	waiter->handle = handle;
	waiter->due = due;
	SetEvent(waiter->control);
	WaitForSingleObject(waiter->done, INFINITE);
	LeaveCriticalSection(&waiter->lock);
}

/* ---- Waiters ---- */

static void
waiter_free(struct waiter *waiter)
{
	if (waiter->thread != NULL) {
		ask(waiter, NULL, NULL, 0);
		WaitForSingleObject(waiter->thread, INFINITE);
		CloseHandle(waiter->thread);
	}
	if (waiter->control != NULL)
		CloseHandle(waiter->control);
	if (waiter->done != NULL)
		CloseHandle(waiter->done);
	DeleteCriticalSection(&waiter->lock);
	free(waiter);
}

static struct waiter *
waiter_new(struct waits *waits)
{
	struct waiter *waiter = calloc(1, sizeof(*waiter));

	if (waiter == NULL)
		return NULL;
	waiter->waits = waits;
	InitializeCriticalSection(&waiter->lock);
	waiter->control = CreateEvent(NULL, FALSE, FALSE, NULL);
	waiter->done = CreateEvent(NULL, FALSE, FALSE, NULL);
	if (waiter->control != NULL && waiter->done != NULL)
		waiter->thread = CreateThread(NULL, 0, run, waiter, 0, NULL);
	if (waiter->thread == NULL) {
		waiter_free(waiter);
		return NULL;
	}
	waiter->next = waits->waiters;
	waits->waiters = waiter;
	return waiter;
}

/* One with room for another wait object. */
static struct waiter *
waiter_with_room(struct waits *waits)
{
	struct waiter *waiter = waits->waiters;

	while (waiter != NULL && waiter->members > 0)
		waiter = waiter->next;
	return waiter != NULL ? waiter : waiter_new(waits);
}

/* ---- What waiter.h promises ---- */

struct waits *
waits_open(void)
{
	struct waits *waits = calloc(1, sizeof(*waits));

	if (waits != NULL)
		InitializeCriticalSection(&waits->lock);
	return waits;
}

void
waits_close(struct waits *waits)
{
	while (waits->waiters != NULL) {
		struct waiter *waiter = waits->waiters;

		waits->waiters = waiter->next;
		waiter_free(waiter);
	}
	DeleteCriticalSection(&waits->lock);
	free(waits);
}

struct wait *
wait_create(struct waits *waits, wait_callback callback, void *context)
{
	struct wait *wait = calloc(1, sizeof(*wait));

	if (wait == NULL)
		return NULL;
	wait->callback = callback;
	wait->context = context;
	EnterCriticalSection(&waits->lock);
	wait->waiter = waiter_with_room(waits);
	if (wait->waiter != NULL)
		wait->waiter->members++;
	LeaveCriticalSection(&waits->lock);
	if (wait->waiter == NULL) {
		free(wait);
		return NULL;
	}
	return wait;
}

void
wait_set(struct wait *wait, HANDLE handle, DWORD milliseconds)
{
	uint64_t due = NEVER;

	if (milliseconds != INFINITE)
		due = GetTickCount64() + milliseconds;
	ask(wait->waiter, wait, handle, due);
}

void
wait_close(struct wait *wait)
{
	struct waiter *waiter = wait->waiter;

	wait_set(wait, NULL, INFINITE);
	EnterCriticalSection(&waiter->waits->lock);
	waiter->members--;
	LeaveCriticalSection(&waiter->waits->lock);
	free(wait);
}

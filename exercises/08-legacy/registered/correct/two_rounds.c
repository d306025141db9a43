/* two_rounds.c - no lock: a state of three bits, and two rounds of waiting */
/* SPDX-License-Identifier: MIT */
/*
 * A call has returned first, and then sets the wait object again. Whoever
 * comes in between finds that no call runs, has the wait object wait for
 * nothing, and waits for the callback, which may set it after that: hence a
 * second round, in which nobody sets anything, since no call begins.
 */
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>

#include "registered.h"

#define RUNS	1u	/* a call */
#define OVER	2u	/* no call begins any more */
#define AWAITED	4u	/* somebody waits for the callback, and frees */

struct registration {
	PTP_WAIT wait;
	HANDLE object;
	WAITORTIMERCALLBACK callback;
	PVOID context;
	FILETIME time;
	FILETIME *due;			/* &time, or NULL */
	bool once;
	atomic_uint state;
	HANDLE event;			/* written before OVER is set */
};

/* The registration whose call this thread runs. */
static _Thread_local const struct registration *running;

static void
set(struct registration *registration)
{
	SetThreadpoolWait(registration->wait, registration->object,
		registration->due);
}

static VOID CALLBACK
called(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_WAIT wait,
	TP_WAIT_RESULT result)
{
	struct registration *registration = context;
	unsigned state = 0;

	if (!atomic_compare_exchange_strong(&registration->state, &state,
	    RUNS))
		return;
	running = registration;
	registration->callback(registration->context,
		result != WAIT_OBJECT_0);
	running = NULL;
	state = RUNS;
	if (atomic_compare_exchange_strong(&registration->state, &state, 0)) {
		if (!registration->once)
			set(registration);
	} else if ((state & AWAITED) == 0) {
		if (registration->event != NULL)
			SetEventWhenCallbackReturns(instance,
				registration->event);
		CloseThreadpoolWait(wait);
		free(registration);
	}
}

static DWORD
create(struct registration **result)
{
	struct registration *registration = malloc(sizeof(*registration));
	TP_CALLBACK_ENVIRON environ;

	if (registration == NULL)
		return ERROR_NOT_ENOUGH_MEMORY;
	InitializeThreadpoolEnvironment(&environ);
	SetThreadpoolCallbackPool(&environ, old_pool);
	registration->wait = CreateThreadpoolWait(called, registration,
		&environ);
	if (registration->wait == NULL) {
		free(registration);
		return GetLastError();
	}
	*result = registration;
	return 0;
}

BOOL WINAPI
RegisterWaitForSingleObject(PHANDLE phNewWaitObject, HANDLE hObject,
	WAITORTIMERCALLBACK Callback, PVOID Context, DWORD dwMilliseconds,
	ULONG dwFlags)
{
	ULONGLONG ticks = 0 - (ULONGLONG)dwMilliseconds * 10000;
	DWORD error = ERROR_INVALID_PARAMETER;
	struct registration *registration = NULL;

	if (phNewWaitObject != NULL && Callback != NULL)
		error = create(&registration);
	if (error != 0) {
		SetLastError(error);
		return FALSE;
	}
	registration->object = hObject;
	registration->callback = Callback;
	registration->context = Context;
	registration->time.dwLowDateTime = (DWORD)ticks;
	registration->time.dwHighDateTime = (DWORD)(ticks >> 32);
	registration->due = dwMilliseconds == INFINITE ? NULL :
		&registration->time;
	registration->once = (dwFlags & WT_EXECUTEONLYONCE) != 0;
	atomic_init(&registration->state, 0);
	registration->event = NULL;
	*phNewWaitObject = registration;
	set(registration);
	return TRUE;
}

BOOL WINAPI
UnregisterWaitEx(HANDLE WaitHandle, HANDLE CompletionEvent)
{
	struct registration *registration = WaitHandle;
	bool blocks = CompletionEvent == INVALID_HANDLE_VALUE;
	unsigned state;

	if (registration == NULL || (blocks && running == registration)) {
		SetLastError(registration == NULL ? ERROR_INVALID_HANDLE :
			ERROR_POSSIBLE_DEADLOCK);
		return FALSE;
	}
	registration->event = blocks ? NULL : CompletionEvent;
	state = atomic_fetch_or(&registration->state,
		blocks ? OVER | AWAITED : OVER);
	if ((state & RUNS) != 0 && !blocks) {
		SetLastError(ERROR_IO_PENDING);
		return FALSE;
	}
	for (int round = 1; round <= 2; round++) {
		SetThreadpoolWait(registration->wait, NULL, NULL);
		WaitForThreadpoolWaitCallbacks(registration->wait, TRUE);
	}
	if (registration->event != NULL)
		SetEvent(registration->event);
	CloseThreadpoolWait(registration->wait);
	free(registration);
	return TRUE;
}

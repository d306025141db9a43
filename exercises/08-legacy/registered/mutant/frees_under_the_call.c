/* frees_under_the_call.c - a mutant: frees it while a call runs */
/* SPDX-License-Identifier: MIT */
/*
 * check: null_says_whether_a_call_runs
 * message: Memory is used after it was freed
 */
#include <stdbool.h>
#include <stdlib.h>

#include "registered.h"

struct registration {
	/* Read-only once it is set. */
	PTP_WAIT wait;
	HANDLE object;
	WAITORTIMERCALLBACK callback;
	PVOID context;
	DWORD milliseconds;
	bool once;

	/* Guarded by lock. */
	DWORD runner;			/* the thread of the call, or 0 */
	bool over;			/* no call begins any more */
	bool inherited;			/* by the call that runs */
	HANDLE event;			/* to be set at the end, or NULL */
};

static SRWLOCK lock = SRWLOCK_INIT;

static void
set(const struct registration *registration)
{
	LONGLONG ticks = -(LONGLONG)registration->milliseconds * 10000;
	FILETIME due;

	due.dwLowDateTime = (DWORD)ticks;
	due.dwHighDateTime = (DWORD)(ticks >> 32);
	SetThreadpoolWait(registration->wait, registration->object,
		registration->milliseconds == INFINITE ? NULL : &due);
}

static void
end(struct registration *registration)
{
	CloseThreadpoolWait(registration->wait);
	if (registration->event != NULL)
		SetEvent(registration->event);
	free(registration);
}

static bool
begin_call(struct registration *registration)
{
	bool over;

	AcquireSRWLockExclusive(&lock);
	over = registration->over;
	if (!over)
		registration->runner = GetCurrentThreadId();
	ReleaseSRWLockExclusive(&lock);
	return !over;
}

static void
end_call(struct registration *registration)
{
	bool inherited;

	AcquireSRWLockExclusive(&lock);
	registration->runner = 0;
	inherited = registration->inherited;
	if (!registration->over && !registration->once)
		set(registration);
	ReleaseSRWLockExclusive(&lock);
	if (inherited)
		end(registration);
}

static VOID CALLBACK
called(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_WAIT wait,
	TP_WAIT_RESULT result)
{
	struct registration *registration = context;

	(void)instance;
	(void)wait;
	if (!begin_call(registration))
		return;
	registration->callback(registration->context, result == WAIT_TIMEOUT);
	end_call(registration);
}

BOOL WINAPI
RegisterWaitForSingleObject(PHANDLE phNewWaitObject, HANDLE hObject,
	WAITORTIMERCALLBACK Callback, PVOID Context, DWORD dwMilliseconds,
	ULONG dwFlags)
{
	struct registration *registration;
	TP_CALLBACK_ENVIRON environ;

	if (phNewWaitObject == NULL || Callback == NULL) {
		SetLastError(ERROR_INVALID_PARAMETER);
		return FALSE;
	}
	registration = calloc(1, sizeof(*registration));
	if (registration == NULL) {
		SetLastError(ERROR_NOT_ENOUGH_MEMORY);
		return FALSE;
	}
	InitializeThreadpoolEnvironment(&environ);
	SetThreadpoolCallbackPool(&environ, old_pool);
	registration->wait = CreateThreadpoolWait(called, registration,
		&environ);
	if (registration->wait == NULL) {
		free(registration);
		return FALSE;
	}
	registration->object = hObject;
	registration->callback = Callback;
	registration->context = Context;
	registration->milliseconds = dwMilliseconds;
	registration->once = (dwFlags & WT_EXECUTEONLYONCE) != 0;
	*phNewWaitObject = registration;
	set(registration);
	return TRUE;
}

/* What is to be done about the end of a registration. */
enum ending { NOTHING, LEAVE_IT, WAIT_FOR_IT };

static enum ending
close_it(struct registration *registration, HANDLE completion)
{
	bool blocks = completion == INVALID_HANDLE_VALUE;
	enum ending ending = WAIT_FOR_IT;

	AcquireSRWLockExclusive(&lock);
	if (registration->runner != 0 && !blocks)
		ending = LEAVE_IT;
	if (registration->runner == GetCurrentThreadId() && blocks)
		ending = NOTHING;
	if (ending != NOTHING) {
		registration->over = true;
		registration->inherited = false;
		registration->event = blocks ? NULL : completion;
	}
	ReleaseSRWLockExclusive(&lock);
	return ending;
}

BOOL WINAPI
UnregisterWaitEx(HANDLE WaitHandle, HANDLE CompletionEvent)
{
	struct registration *registration = WaitHandle;

	if (registration == NULL) {
		SetLastError(ERROR_INVALID_HANDLE);
		return FALSE;
	}
	switch (close_it(registration, CompletionEvent)) {
	case NOTHING:
		SetLastError(ERROR_POSSIBLE_DEADLOCK);
		return FALSE;
	case LEAVE_IT:
		CloseThreadpoolWait(registration->wait);
		free(registration);
		SetLastError(ERROR_IO_PENDING);
		return FALSE;
	default:
		SetThreadpoolWait(registration->wait, NULL, NULL);
		WaitForThreadpoolWaitCallbacks(registration->wait, TRUE);
		end(registration);
		return TRUE;
	}
}

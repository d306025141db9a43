/* waits_under_the_lock.c - a mutant: waits for the callbacks with the lock held */
/* SPDX-License-Identifier: MIT */
/*
 * check: close_returns_after_the_last_call
 * message: Nobody can go on
 * stage: schedules
 */
#include <stdlib.h>

#include "bell.h"

struct bell {
	HANDLE semaphore;
	PTP_WAIT wait;
	bool (*notify)(void *argument);
	void *argument;

	CRITICAL_SECTION lock;
	bool closing;			/* guarded by lock */
};

static bool
is_closing(struct bell *bell)
{
	bool closing;

	EnterCriticalSection(&bell->lock);
	closing = bell->closing;
	LeaveCriticalSection(&bell->lock);
	return closing;
}

static VOID CALLBACK
rung(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_WAIT wait,
	TP_WAIT_RESULT result)
{
	struct bell *bell = context;

	(void)instance;
	(void)result;
	if (is_closing(bell) || !bell->notify(bell->argument))
		return;
	EnterCriticalSection(&bell->lock);
	if (!bell->closing)
		SetThreadpoolWait(wait, bell->semaphore, NULL);
	LeaveCriticalSection(&bell->lock);
}

struct bell *
bell_open(HANDLE semaphore, PTP_CALLBACK_ENVIRON environment,
	bool (*notify)(void *argument), void *argument)
{
	struct bell *bell = calloc(1, sizeof(*bell));

	if (bell == NULL)
		return NULL;
	bell->semaphore = semaphore;
	bell->notify = notify;
	bell->argument = argument;
	bell->wait = CreateThreadpoolWait(rung, bell, environment);
	if (bell->wait == NULL) {
		free(bell);
		return NULL;
	}
	InitializeCriticalSection(&bell->lock);
	SetThreadpoolWait(bell->wait, semaphore, NULL);
	return bell;
}

void
bell_close(struct bell *bell)
{
	EnterCriticalSection(&bell->lock);
	bell->closing = true;
	SetThreadpoolWait(bell->wait, NULL, NULL);
	WaitForThreadpoolWaitCallbacks(bell->wait, TRUE);
	LeaveCriticalSection(&bell->lock);
	CloseThreadpoolWait(bell->wait);
	CloseHandle(bell->semaphore);
	DeleteCriticalSection(&bell->lock);
	free(bell);
}

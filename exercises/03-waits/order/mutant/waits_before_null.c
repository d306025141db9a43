/* waits_before_null.c - a mutant: waits for the callbacks first, and then sets NULL */
/* SPDX-License-Identifier: MIT */
/*
 * check: close_returns_after_the_last_call
 * stage: schedules
 * message: freed
 */
#include <stdatomic.h>
#include <stdlib.h>

#include "bell.h"

struct bell {
	HANDLE semaphore;
	PTP_WAIT wait;
	bool (*notify)(void *argument);
	void *argument;
	atomic_bool closing;
};

static VOID CALLBACK
rung(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_WAIT wait,
	TP_WAIT_RESULT result)
{
	struct bell *bell = context;

	(void)instance;
	(void)result;
	if (!atomic_load(&bell->closing) && bell->notify(bell->argument) &&
	    !atomic_load(&bell->closing))
		SetThreadpoolWait(wait, bell->semaphore, NULL);
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
	atomic_init(&bell->closing, false);
	bell->wait = CreateThreadpoolWait(rung, bell, environment);
	if (bell->wait == NULL) {
		free(bell);
		return NULL;
	}
	SetThreadpoolWait(bell->wait, semaphore, NULL);
	return bell;
}

void
bell_close(struct bell *bell)
{
	atomic_store(&bell->closing, true);
	WaitForThreadpoolWaitCallbacks(bell->wait, TRUE);
	SetThreadpoolWait(bell->wait, NULL, NULL);
	CloseThreadpoolWait(bell->wait);
	CloseHandle(bell->semaphore);
	free(bell);
}

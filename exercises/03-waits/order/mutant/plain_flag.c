/* plain_flag.c - a mutant: a plain flag, in place of an atomic one */
/* SPDX-License-Identifier: MIT */
/*
 * check: close_returns_after_the_last_call
 * stage: race
 * message: nothing orders the two
 */
#include <stdlib.h>

#include "bell.h"

struct bell {
	HANDLE semaphore;
	PTP_WAIT wait;
	bool (*notify)(void *argument);
	void *argument;
	bool closing;
};

static VOID CALLBACK
rung(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_WAIT wait,
	TP_WAIT_RESULT result)
{
	struct bell *bell = context;

	(void)instance;
	(void)result;
	if (!bell->closing && bell->notify(bell->argument) &&
	    !bell->closing)
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
	bell->closing = true;
	for (int round = 0; round < 2; round++) {
		SetThreadpoolWait(bell->wait, NULL, NULL);
		WaitForThreadpoolWaitCallbacks(bell->wait, TRUE);
	}
	CloseThreadpoolWait(bell->wait);
	CloseHandle(bell->semaphore);
	free(bell);
}

/* order.c - calls a function for each signal, and closes in the wrong order */
/* SPDX-License-Identifier: MIT */
/*
 * TODO: repair rung and bell_close. bell_open is right, but may have to
 * prepare what you add to struct bell.
 */
#include <stdlib.h>

#include "bell.h"

struct bell {
	HANDLE semaphore;
	PTP_WAIT wait;
	bool (*notify)(void *argument);
	void *argument;
};

static VOID CALLBACK
rung(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_WAIT wait,
	TP_WAIT_RESULT result)
{
	struct bell *bell = context;

	(void)instance;
	(void)result;
	if (!bell->notify(bell->argument)) {
		CloseHandle(bell->semaphore);
		free(bell);
		return;
	}
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
	CloseHandle(bell->semaphore);
	CloseThreadpoolWait(bell->wait);
	free(bell);
}

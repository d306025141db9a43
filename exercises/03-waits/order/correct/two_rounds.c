/* two_rounds.c - right: no lock, and the round of NULL and wait twice */
/* SPDX-License-Identifier: MIT */
/*
 * A callback that had looked at the flag before it was set may set the wait
 * object once more, after the first NULL. The first wait is for that one;
 * whoever begins after it sees the flag, so that the second round is the
 * last.
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
	for (int round = 0; round < 2; round++) {
		SetThreadpoolWait(bell->wait, NULL, NULL);
		WaitForThreadpoolWaitCallbacks(bell->wait, TRUE);
	}
	CloseThreadpoolWait(bell->wait);
	CloseHandle(bell->semaphore);
	free(bell);
}

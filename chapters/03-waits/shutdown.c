/* SPDX-License-Identifier: MIT */
/*
 * shutdown.c - stops a wait that sets itself again, whatever it is doing
 *
 * explore: runs=2000
 */
#include "must.h"

struct door {
	HANDLE bell;		/* auto-reset event */
	LONG closing;		/* Interlocked only */
	LONG rings;		/* by one callback at a time */
};

static VOID CALLBACK
answer(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_WAIT wait,
	TP_WAIT_RESULT result)
{
	struct door *door = context;

	(void)instance, (void)result;
	door->rings++;
	if (!InterlockedCompareExchange(&door->closing, 0, 0))
		SetThreadpoolWait(wait, door->bell, NULL);
}

/* When this returns, nothing uses the door any more, or ever will. */
static void
close_door(struct door *door, PTP_WAIT wait)
{
	InterlockedExchange(&door->closing, TRUE);
	WaitForThreadpoolWaitCallbacks(wait, TRUE);	/* all know it */
	SetThreadpoolWait(wait, NULL, NULL);
	WaitForThreadpoolWaitCallbacks(wait, TRUE);	/* all gone */
	CloseThreadpoolWait(wait);
	free(door);
}

int
main(void)
{
	struct door *door = calloc(1, sizeof(*door));
	HANDLE bell = new_event(FALSE);
	PTP_WAIT wait = new_wait(answer, door, NULL);

	must(door != NULL, "calloc");
	door->bell = bell;
	SetThreadpoolWait(wait, bell, NULL);
	SetEvent(bell);
	close_door(door, wait);
	SetEvent(bell);		/* somebody rings at the closed door */
	CloseHandle(bell);	/* after the wait that used it */
	puts("main: the door is closed, and stays closed");
	return 0;
}

/* SPDX-License-Identifier: MIT */
/*
 * lost_event.c - a registration reduced to two variables: whoever ends it
 * looks whether the callback runs, and then leaves an event for it
 *
 * explore: must=deadlock
 */
#include "must.h"

static LONG running = TRUE;	/* Interlocked only */
static PVOID over;		/* the event, or NULL; Interlocked only */

/* What the pool does when the callback has returned. */
static DWORD WINAPI
callback_returned(PVOID unused)
{
	HANDLE event;

	(void)unused;
	InterlockedExchange(&running, FALSE);
	event = InterlockedCompareExchangePointer(&over, NULL, NULL);
	if (event != NULL)
		SetEvent(event);
	return 0;
}

/* UnregisterWaitEx. TRUE: the callback does not run any more. */
static BOOL
unregister(HANDLE event)
{
	if (!InterlockedCompareExchange(&running, FALSE, FALSE))
		return TRUE;
	InterlockedExchangePointer(&over, event);
	return FALSE;
}

int
main(void)
{
	HANDLE event = new_event(TRUE);
	HANDLE worker = CreateThread(NULL, 0, callback_returned, NULL, 0,
		NULL);

	must(worker != NULL, "CreateThread");
	if (!unregister(event))
		await(event);
	await(worker);
	return 0;
}

/* SPDX-License-Identifier: MIT */
/*
 * never_reset.c - an event that is set once, and nobody resets
 *
 * The registration begins anew after each callback, and finds the event
 * still set. At the tenth call the callback gives in, and resets it.
 */
#include "must.h"

enum { PATIENCE = 10 };		/* calls */

static HANDLE news;		/* manual-reset event */
static HANDLE calm;		/* auto-reset event: it has been reset */
static int calls;		/* of callbacks on the wait thread */

static VOID CALLBACK
read_news(PVOID context, BOOLEAN timed_out)
{
	(void)context;
	must(!timed_out, "no time-out was given");
	if (++calls < PATIENCE)
		return;		/* as a program does that forgets it */
	ResetEvent(news);
	SetEvent(calm);
}

int
main(void)
{
	HANDLE wait = NULL;

	news = new_event(TRUE);
	calm = new_event(FALSE);
	/* The wait thread calls again when it has called, and not sooner. */
	must(RegisterWaitForSingleObject(&wait, news, read_news, NULL,
		INFINITE, WT_EXECUTEINWAITTHREAD),
		"RegisterWaitForSingleObject");
	SetEvent(news);
	await(calm);
	must(UnregisterWaitEx(wait, INVALID_HANDLE_VALUE), "unregister");
	printf("set once, callbacks %d\n", calls);
	CloseHandle(news);
	CloseHandle(calm);
	return 0;
}

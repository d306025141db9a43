/* SPDX-License-Identifier: MIT */
/*
 * storm.c - a manual-reset event, set once, and a wait that sets itself again
 *
 * The first callback resets nothing, and would be called for ever; it gives
 * up after a hundred times. The second one resets the event first.
 */
#include "must.h"

enum { ENOUGH = 100 };

static HANDLE news;		/* manual-reset event */
static HANDLE over;		/* auto-reset event */
static int storm, calm;		/* callbacks of one wait, one at a time */

static VOID CALLBACK
forget_the_reset(PTP_CALLBACK_INSTANCE instance, PVOID context,
	PTP_WAIT wait, TP_WAIT_RESULT result)
{
	(void)instance, (void)context, (void)result;
	if (++storm < ENOUGH)
		SetThreadpoolWait(wait, news, NULL);
	else
		SetEvent(over);
}

static VOID CALLBACK
reset_first(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_WAIT wait,
	TP_WAIT_RESULT result)
{
	(void)instance, (void)context, (void)result;
	ResetEvent(news);
	calm++;
	SetThreadpoolWait(wait, news, NULL);
	SetEvent(over);
}

int
main(void)
{
	PTP_WAIT first = new_wait(forget_the_reset, NULL, NULL);
	PTP_WAIT second = new_wait(reset_first, NULL, NULL);

	news = new_event(TRUE);
	over = new_event(FALSE);
	SetThreadpoolWait(first, news, NULL);
	SetEvent(news);
	await(over);
	end(first);
	printf("without a reset: set once, callbacks %d\n", storm);
	SetThreadpoolWait(second, news, NULL);	/* it is still set */
	await(over);
	SetEvent(news);
	await(over);
	WaitForThreadpoolWaitCallbacks(second, FALSE);
	end(second);
	printf("with a reset: set twice, callbacks %d\n", calm);
	CloseHandle(news);
	CloseHandle(over);
	return 0;
}

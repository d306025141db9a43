/* SPDX-License-Identifier: MIT */
/*
 * old.c - a small monitor on the old API; new.c is the same on the new one
 *
 * It waits for alarms, has each of them handled by an item of its own, and
 * gives a sign of life now and then.
 */
#include "must.h"

enum { ALARMS = 3, BEATS = 3 };

static HANDLE alarms;		/* semaphore: raised, and not seen yet */
static HANDLE all_seen, alive;	/* events: all alarms, all beats */
static LONG seen, beats;	/* Interlocked only */

/* Items that are not over, and 1 for main: nobody else counts them. */
static LONG items = 1;		/* Interlocked only */
static HANDLE no_items;		/* event */

static void
item_over(void)
{
	if (InterlockedDecrement(&items) == 0)
		SetEvent(no_items);
}

static DWORD WINAPI
handle(PVOID number)
{
	printf("alarm %ld handled\n", (long)(LONG_PTR)number);
	item_over();
	return 0;
}

/*
 * A program that impersonates adds WT_TRANSFER_IMPERSONATION to the flags:
 * then the item runs in the name that this thread has put on.
 */
static VOID CALLBACK
see(PVOID context, BOOLEAN timed_out)
{
	LONG number = InterlockedIncrement(&seen);

	(void)context, (void)timed_out;
	InterlockedIncrement(&items);
	must(QueueUserWorkItem(handle, (PVOID)(LONG_PTR)number,
		WT_EXECUTEDEFAULT), "QueueUserWorkItem");
	if (number == ALARMS)
		SetEvent(all_seen);
}				/* and the wait begins anew */

static VOID CALLBACK
beat(PVOID context, BOOLEAN timed_out)
{
	LONG number = InterlockedIncrement(&beats);

	(void)context, (void)timed_out;
	if (number <= BEATS)
		printf("beat %ld\n", (long)number);
	if (number == BEATS)
		SetEvent(alive);
}

int
main(void)
{
	HANDLE wait = NULL, timer = NULL;

	alarms = new_semaphore(0);
	all_seen = new_event(TRUE);
	alive = new_event(TRUE);
	no_items = new_event(TRUE);
	must(RegisterWaitForSingleObject(&wait, alarms, see, NULL, INFINITE,
		WT_EXECUTEDEFAULT), "RegisterWaitForSingleObject");
	must(CreateTimerQueueTimer(&timer, NULL, beat, NULL, 20, 20,
		WT_EXECUTEDEFAULT), "CreateTimerQueueTimer");
	ReleaseSemaphore(alarms, ALARMS, NULL);
	await(all_seen);
	await(alive);
	must(UnregisterWaitEx(wait, INVALID_HANDLE_VALUE), "the wait");
	must(DeleteTimerQueueTimer(NULL, timer, INVALID_HANDLE_VALUE),
		"the timer");
	item_over();
	await(no_items);
	puts("nothing runs any more");
	CloseHandle(alarms);
	CloseHandle(all_seen);
	CloseHandle(alive);
	CloseHandle(no_items);
	return 0;
}

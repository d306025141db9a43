/* SPDX-License-Identifier: MIT */
/*
 * new.c - a small monitor on the new API; old.c is the same on the old one
 *
 * It waits for alarms, has each of them handled by an item of its own, and
 * gives a sign of life now and then.
 */
#include "must.h"

enum { ALARMS = 3, BEATS = 3 };

static HANDLE alarms;		/* semaphore: raised, and not seen yet */
static HANDLE all_seen, alive;	/* events: all alarms, all beats */
static LONG seen, beats;	/* Interlocked only */
static LONG stopping;		/* Interlocked only */

/* All that is called, as one group: it counts the items as well. */
static TP_CALLBACK_ENVIRON environment;

static VOID CALLBACK
handle(PTP_CALLBACK_INSTANCE instance, PVOID number)
{
	(void)instance;
	printf("alarm %ld handled\n", (long)(LONG_PTR)number);
}

/*
 * A program that impersonates finds no flag for it here: it opens the token
 * of this thread, gives it to the item, and `handle` puts it on first and
 * takes it off last. If it forgets that, the next callback has the name on.
 */
static VOID CALLBACK
see(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_WAIT wait,
	TP_WAIT_RESULT result)
{
	LONG number = InterlockedIncrement(&seen);

	(void)instance, (void)context, (void)result;
	must(TrySubmitThreadpoolCallback(handle, (PVOID)(LONG_PTR)number,
		&environment), "TrySubmitThreadpoolCallback");
	if (number == ALARMS)
		SetEvent(all_seen);
	if (!InterlockedCompareExchange(&stopping, 0, 0))
		SetThreadpoolWait(wait, alarms, NULL);	/* once more */
}

static VOID CALLBACK
beat(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_TIMER timer)
{
	LONG number = InterlockedIncrement(&beats);

	(void)instance, (void)context, (void)timer;
	if (number <= BEATS)
		printf("beat %ld\n", (long)number);
	if (number == BEATS)
		SetEvent(alive);
}

int
main(void)
{
	PTP_CLEANUP_GROUP group = CreateThreadpoolCleanupGroup();
	FILETIME due = in_ms(20);
	PTP_TIMER timer;
	PTP_WAIT wait;

	alarms = new_semaphore(0);
	all_seen = new_event(TRUE);
	alive = new_event(TRUE);
	must(group != NULL, "CreateThreadpoolCleanupGroup");
	InitializeThreadpoolEnvironment(&environment);
	SetThreadpoolCallbackCleanupGroup(&environment, group, NULL);
	wait = CreateThreadpoolWait(see, NULL, &environment);
	must(wait != NULL, "CreateThreadpoolWait");
	SetThreadpoolWait(wait, alarms, NULL);
	timer = CreateThreadpoolTimer(beat, NULL, &environment);
	must(timer != NULL, "CreateThreadpoolTimer");
	SetThreadpoolTimer(timer, &due, 20, 0);
	ReleaseSemaphore(alarms, ALARMS, NULL);
	await(all_seen);
	await(alive);
	InterlockedExchange(&stopping, TRUE);
	WaitForThreadpoolWaitCallbacks(wait, FALSE);	/* all know it */
	CloseThreadpoolCleanupGroupMembers(group, FALSE, NULL);
	CloseThreadpoolCleanupGroup(group);
	DestroyThreadpoolEnvironment(&environment);
	puts("nothing runs any more");
	CloseHandle(alarms);
	CloseHandle(all_seen);
	CloseHandle(alive);
	return 0;
}

/* SPDX-License-Identifier: MIT */
/*
 * meters_pool.c - the same meters: two callbacks wait, others read
 */
#include "must.h"

enum { METERS = 100, WAITERS = 2, EACH = METERS / WAITERS };

struct waiter {
	HANDLE handles[EACH + 1];	/* its meters, and quit */
	DWORD thread;			/* which waits */
};

static struct waiter waiters[WAITERS];
static LONG waiting;		/* waiters that began; Interlocked only */
static PTP_WORK readings[METERS];	/* one for each meter */
static DWORD reader[METERS];	/* the thread that read it */
static LONG left = METERS;	/* not yet read; Interlocked only */
static HANDLE all_read;

static VOID CALLBACK
read_meter(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_WORK work)
{
	DWORD *me = context;

	(void)instance, (void)work;
	*me = GetCurrentThreadId();
	if (InterlockedDecrement(&left) == 0)
		SetEvent(all_read);
}

/* Holds a worker until quit. meters_waits.c needs no such function. */
static VOID CALLBACK
wait_for_meters(PTP_CALLBACK_INSTANCE instance, PVOID context,
    PTP_WORK work)
{
	int first = EACH * (int)(InterlockedIncrement(&waiting) - 1);
	struct waiter *self = &waiters[first / EACH];
	DWORD i;

	(void)instance, (void)context, (void)work;
	self->thread = GetCurrentThreadId();
	while ((i = WaitForMultipleObjects(EACH + 1, self->handles, FALSE,
	    INFINITE) - WAIT_OBJECT_0) < EACH)
		SubmitThreadpoolWork(readings[first + (int)i]);
}

int
main(void)
{
	PTP_WORK wait = new_work(wait_for_meters, NULL);
	HANDLE quit = new_event(TRUE);
	int by_waiters = 0;

	all_read = new_event(TRUE);
	for (int m = 0; m < METERS; m++) {
		waiters[m / EACH].handles[m % EACH] = new_event(FALSE);
		readings[m] = new_work(read_meter, &reader[m]);
	}
	waiters[0].handles[EACH] = waiters[1].handles[EACH] = quit;
	for (int w = 0; w < WAITERS; w++)
		SubmitThreadpoolWork(wait);
	for (int m = 0; m < METERS; m++)
		SetEvent(waiters[m / EACH].handles[m % EACH]);
	await(all_read);
	SetEvent(quit);
	finish(wait);
	for (int m = 0; m < METERS; m++) {
		finish(readings[m]);
		by_waiters += reader[m] == waiters[0].thread ||
		    reader[m] == waiters[1].thread;
	}
	printf("%d meters read\n", METERS);
	printf("read by a thread that was to wait: %d\n", by_waiters);
	return 0;
}

/* SPDX-License-Identifier: MIT */
/*
 * meters_waits.c - the same meters: wait objects, and nobody waits
 */
#include "must.h"

enum { METERS = 100 };

struct meter {
	HANDLE ready;		/* auto-reset: it has a new reading */
	PTP_WAIT wait;		/* for that */
};

static struct meter meters[METERS];
static LONG left = METERS;	/* not yet read; Interlocked only */
static HANDLE all_read;

static VOID CALLBACK
read_meter(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_WAIT wait,
    TP_WAIT_RESULT result)
{
	(void)instance, (void)context, (void)wait;
	must(result == WAIT_OBJECT_0, "there is a reading");
	if (InterlockedDecrement(&left) == 0)
		SetEvent(all_read);
}

static void
open_meter(struct meter *meter)
{
	meter->ready = new_event(FALSE);
	meter->wait = CreateThreadpoolWait(read_meter, meter, NULL);
	must(meter->wait != NULL, "CreateThreadpoolWait");
	SetThreadpoolWait(meter->wait, meter->ready, NULL);
}

int
main(void)
{
	all_read = new_event(TRUE);
	for (int m = 0; m < METERS; m++)
		open_meter(&meters[m]);
	for (int m = 0; m < METERS; m++)
		SetEvent(meters[m].ready);
	await(all_read);
	for (int m = 0; m < METERS; m++) {
		WaitForThreadpoolWaitCallbacks(meters[m].wait, FALSE);
		CloseThreadpoolWait(meters[m].wait);
	}
	printf("%d meters read\n", METERS);
	return 0;
}

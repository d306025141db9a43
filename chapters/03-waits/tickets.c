/* SPDX-License-Identifier: MIT */
/*
 * tickets.c - three counters, three waits, one semaphore of tickets
 */
#include "must.h"

enum { COUNTERS = 3 };

static HANDLE tickets, served;		/* semaphores */
static LONG callbacks[COUNTERS];	/* each by its own wait's callback */

static VOID CALLBACK
serve(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_WAIT wait,
	TP_WAIT_RESULT result)
{
	LONG *mine = context;

	(void)instance, (void)wait;
	must(result == WAIT_OBJECT_0, "a ticket");
	InterlockedIncrement(mine);
	ReleaseSemaphore(served, 1, NULL);
}

/* Hands out tickets, and waits until as many have been served. */
static void
hand_out(LONG count)
{
	int busy = 0;

	ReleaseSemaphore(tickets, count, NULL);
	for (LONG i = 0; i < count; i++)
		await(served);
	for (int i = 0; i < COUNTERS; i++) {
		must(callbacks[i] <= 1, "no counter was asked twice");
		busy += callbacks[i];
	}
	printf("tickets: %ld more; counters that were asked: %d\n",
		(long)count, busy);
}

int
main(void)
{
	PTP_WAIT waits[COUNTERS];

	tickets = new_semaphore();
	served = new_semaphore();
	for (int i = 0; i < COUNTERS; i++) {
		waits[i] = new_wait(serve, &callbacks[i], NULL);
		SetThreadpoolWait(waits[i], tickets, NULL);
	}
	hand_out(2);
	hand_out(1);
	for (int i = 0; i < COUNTERS; i++)
		end(waits[i]);
	CloseHandle(tickets);
	CloseHandle(served);
	return 0;
}

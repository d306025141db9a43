/* SPDX-License-Identifier: MIT */
/*
 * bells_pool.c - the same bells: one callback waits, others answer
 */
#include "must.h"

enum { ROOMS = 8, ROUNDS = 2 };

static HANDLE bells[ROOMS + 1];	/* auto-reset; the last one is the night */
static HANDLE answered;		/* a semaphore: rings that were answered */
static int answers[ROOMS];	/* each written by its room's callback */
static PTP_WORK services[ROOMS];	/* one for each room */
static LONG waiting;		/* callbacks that wait; Interlocked only */

static VOID CALLBACK
answer(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_WORK work)
{
	int *mine = context;

	(void)instance, (void)work;
	++*mine;
	ReleaseSemaphore(answered, 1, NULL);
}

/* Holds a worker until night. bells_waits.c needs no such function. */
static VOID CALLBACK
wait_for_bells(PTP_CALLBACK_INSTANCE instance, PVOID context,
    PTP_WORK work)
{
	DWORD room;

	(void)instance, (void)context, (void)work;
	InterlockedIncrement(&waiting);
	while ((room = WaitForMultipleObjects(ROOMS + 1, bells, FALSE,
	    INFINITE) - WAIT_OBJECT_0) < ROOMS)
		SubmitThreadpoolWork(services[room]);
}

/* Rings in every room, and waits until every ring has been answered. */
static void
ring_all(void)
{
	for (int room = 0; room < ROOMS; room++)
		SetEvent(bells[room]);
	for (int room = 0; room < ROOMS; room++)
		await(answered);
}

int
main(void)
{
	PTP_WORK porter = new_work(wait_for_bells, NULL);

	answered = CreateSemaphore(NULL, 0, ROOMS, NULL);
	must(answered != NULL, "CreateSemaphore");
	for (int i = 0; i <= ROOMS; i++)
		bells[i] = new_event(FALSE);
	for (int room = 0; room < ROOMS; room++)
		services[room] = new_work(answer, &answers[room]);
	SubmitThreadpoolWork(porter);
	for (int round = 0; round < ROUNDS; round++)
		ring_all();
	SetEvent(bells[ROOMS]);
	finish(porter);
	for (int room = 0; room < ROOMS; room++) {
		finish(services[room]);
		must(answers[room] == ROUNDS, "each ring answered once");
	}
	printf("%d rings, each answered once\n", ROOMS * ROUNDS);
	printf("callbacks that held a worker to wait: %d\n", (int)waiting);
	return 0;
}

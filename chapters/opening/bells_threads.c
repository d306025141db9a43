/* SPDX-License-Identifier: MIT */
/*
 * bells_threads.c - eight rooms with a bell each, and a thread for each
 */
#include "must.h"

enum { ROOMS = 8, ROUNDS = 2 };

static HANDLE bells[ROOMS];	/* auto-reset: a ring is for one waiter */
static HANDLE night;		/* manual-reset: everybody goes home */
static HANDLE answered;		/* a semaphore: rings that were answered */
static int answers[ROOMS];	/* each written by one thread */

static DWORD WINAPI
wait_for_bell(PVOID context)
{
	int *mine = context;
	HANDLE handles[2] = { bells[mine - answers], night };

	while (WaitForMultipleObjects(2, handles, FALSE, INFINITE)
	    == WAIT_OBJECT_0) {
		++*mine;
		ReleaseSemaphore(answered, 1, NULL);
	}
	return 0;
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
	HANDLE threads[ROOMS];
	int made = 0;

	night = new_event(TRUE);
	answered = CreateSemaphore(NULL, 0, ROOMS, NULL);
	must(answered != NULL, "CreateSemaphore");
	for (int room = 0; room < ROOMS; room++) {
		bells[room] = new_event(FALSE);
		threads[room] = CreateThread(NULL, 0, wait_for_bell,
		    &answers[room], 0, NULL);
		must(threads[room] != NULL, "CreateThread");
		made++;
	}
	for (int round = 0; round < ROUNDS; round++)
		ring_all();
	SetEvent(night);
	for (int room = 0; room < ROOMS; room++) {
		await(threads[room]);
		must(answers[room] == ROUNDS, "each ring answered once");
	}
	printf("%d rings, each answered once\n", ROOMS * ROUNDS);
	printf("threads made to wait: %d\n", made);
	return 0;
}

/* SPDX-License-Identifier: MIT */
/*
 * bells_waits.c - the same bells: wait objects, and nobody waits
 */
#include "must.h"

enum { ROOMS = 8, ROUNDS = 2 };

struct room {
	HANDLE bell;		/* auto-reset */
	PTP_WAIT wait;		/* for the bell */
	int answers;		/* written by its callback */
};

static struct room rooms[ROOMS];
static HANDLE answered;		/* a semaphore: rings that were answered */

/* Answers one ring, and waits for the next before it says so. */
static VOID CALLBACK
bell_rang(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_WAIT wait,
    TP_WAIT_RESULT result)
{
	struct room *room = context;

	(void)instance;
	must(result == WAIT_OBJECT_0, "the bell rang");
	room->answers++;
	SetThreadpoolWait(wait, room->bell, NULL);
	ReleaseSemaphore(answered, 1, NULL);
}

/* Rings in every room, and waits until every ring has been answered. */
static void
ring_all(void)
{
	for (int i = 0; i < ROOMS; i++)
		SetEvent(rooms[i].bell);
	for (int i = 0; i < ROOMS; i++)
		await(answered);
}

static void
open_room(struct room *room)
{
	room->bell = new_event(FALSE);
	room->wait = CreateThreadpoolWait(bell_rang, room, NULL);
	must(room->wait != NULL, "CreateThreadpoolWait");
	SetThreadpoolWait(room->wait, room->bell, NULL);
}

/* No callback of the room runs any more when this returns. */
static void
close_room(struct room *room)
{
	SetThreadpoolWait(room->wait, NULL, NULL);
	WaitForThreadpoolWaitCallbacks(room->wait, TRUE);
	CloseThreadpoolWait(room->wait);
	must(room->answers == ROUNDS, "each ring answered once");
}

int
main(void)
{
	answered = CreateSemaphore(NULL, 0, ROOMS, NULL);
	must(answered != NULL, "CreateSemaphore");
	for (int i = 0; i < ROOMS; i++)
		open_room(&rooms[i]);
	for (int round = 0; round < ROUNDS; round++)
		ring_all();
	for (int i = 0; i < ROOMS; i++)
		close_room(&rooms[i]);
	printf("%d rings, each answered once\n", ROOMS * ROUNDS);
	return 0;
}

/* old.c - a house that is looked after, for Windows 2000 */
/* SPDX-License-Identifier: MIT */
/*
 * The program that is to be ported. It works: what yours does is compared
 * with what this one does.
 *
 * Reports have no handle that one could wait for, so they are counted, and
 * the last one sets an event. The house itself counts as one until it is
 * closed.
 */
#include <stdlib.h>

#include "house.h"

struct door {
	struct house *house;
	int number;
	HANDLE wait;
};

struct house {
	struct house_plan plan;
	struct door doors[HOUSE_DOORS];
	HANDLE evening;			/* the wait for it */
	HANDLE timers;			/* the queue of the rounds */
	HANDLE empty;			/* an event: busy is 0 */
	LONG volatile busy;		/* reports, and the house */
};

struct order {
	struct house *house;
	int subject;
};

static VOID CALLBACK
door_changed(PVOID context, BOOLEAN timed_out)
{
	struct door *door = context;
	const struct house_plan *plan = &door->house->plan;

	plan->tell_door(plan->context, door->number, !timed_out);
}

static VOID CALLBACK
evening_came(PVOID context, BOOLEAN timed_out)
{
	struct house *house = context;

	(void)timed_out;
	house->plan.tell_evening(house->plan.context);
}

static VOID CALLBACK
round_due(PVOID context, BOOLEAN timed_out)
{
	struct house *house = context;

	(void)timed_out;
	house->plan.make_round(house->plan.context);
}

static void
leave(struct house *house)
{
	HANDLE empty = house->empty;

	if (InterlockedDecrement(&house->busy) == 0)
		SetEvent(empty);
}

static DWORD WINAPI
report(PVOID context)
{
	struct order *order = context;
	struct house *house = order->house;

	house->plan.write_report(house->plan.context, order->subject);
	free(order);
	leave(house);
	return 0;
}

bool
house_report(struct house *house, int subject)
{
	struct order *order = malloc(sizeof(*order));

	if (order == NULL)
		return false;
	order->house = house;
	order->subject = subject;
	InterlockedIncrement(&house->busy);
	if (QueueUserWorkItem(report, order, WT_EXECUTELONGFUNCTION))
		return true;
	leave(house);
	free(order);
	return false;
}

static bool
begin(struct house *house)
{
	HANDLE timer;

	house->empty = CreateEvent(NULL, TRUE, FALSE, NULL);
	house->timers = CreateTimerQueue();
	if (house->empty == NULL || house->timers == NULL)
		return false;
	for (int i = 0; i < HOUSE_DOORS; i++) {
		house->doors[i].house = house;
		house->doors[i].number = i;
		if (!RegisterWaitForSingleObject(&house->doors[i].wait,
		    house->plan.doors[i], door_changed, &house->doors[i],
		    house->plan.quiet, WT_EXECUTEDEFAULT))
			return false;
	}
	return RegisterWaitForSingleObject(&house->evening,
		house->plan.evening, evening_came, house, INFINITE,
		WT_EXECUTEONLYONCE) && CreateTimerQueueTimer(&timer,
		house->timers, round_due, house, house->plan.round,
		house->plan.round, WT_EXECUTEINTIMERTHREAD);
}

void
house_close(struct house *house)
{
	for (int i = 0; i < HOUSE_DOORS; i++)
		if (house->doors[i].wait != NULL)
			UnregisterWaitEx(house->doors[i].wait,
				INVALID_HANDLE_VALUE);
	if (house->evening != NULL)
		UnregisterWaitEx(house->evening, INVALID_HANDLE_VALUE);
	if (house->timers != NULL)
		DeleteTimerQueueEx(house->timers, INVALID_HANDLE_VALUE);
	if (house->empty != NULL) {
		leave(house);
		WaitForSingleObject(house->empty, INFINITE);
		CloseHandle(house->empty);
	}
	free(house);
}

struct house *
house_open(const struct house_plan *plan)
{
	struct house *house = calloc(1, sizeof(*house));

	if (house == NULL)
		return NULL;
	house->plan = *plan;
	house->busy = 1;
	if (begin(house))
		return house;
	house_close(house);
	return NULL;
}

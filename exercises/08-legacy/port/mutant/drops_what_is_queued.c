/* drops_what_is_queued.c - cancels what has not begun */
/* SPDX-License-Identifier: MIT */
/*
 * check: the_end_waits_and_drops_nothing
 * message: and then the rounds ended, and ordered reports: rou
 */
#include <stdlib.h>

#include "house.h"

struct door {
	struct house *house;
	int number;
	PTP_WAIT wait;
};

struct house {
	struct house_plan plan;
	struct door doors[HOUSE_DOORS];
	PTP_WAIT evening;
	PTP_TIMER rounds;
	PTP_POOL one_thread;		/* for the rounds */
	PTP_CLEANUP_GROUP group;
	TP_CALLBACK_ENVIRON usual, single, lengthy;
	HANDLE empty;			/* an event: busy is 0 */
	LONG volatile busy;		/* reports, and the house */
};

struct order {
	struct house *house;
	int subject;
};

static FILETIME
after(DWORD milliseconds)
{
	ULONGLONG ticks = (ULONGLONG)((LONGLONG)milliseconds * -10000);

	return (FILETIME){ .dwLowDateTime = (DWORD)(ticks & 0xFFFFFFFF),
		.dwHighDateTime = (DWORD)(ticks >> 32) };
}

static void
watch_door(struct door *door)
{
	const struct house_plan *plan = &door->house->plan;
	FILETIME quiet = after(plan->quiet);

	SetThreadpoolWait(door->wait, plan->doors[door->number],
		plan->quiet == INFINITE ? NULL : &quiet);
}

static VOID CALLBACK
door_changed(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_WAIT wait,
	TP_WAIT_RESULT result)
{
	struct door *door = context;
	const struct house_plan *plan = &door->house->plan;

	(void)instance;
	(void)wait;
	plan->tell_door(plan->context, door->number,
		result == WAIT_OBJECT_0);
	watch_door(door);
}

static VOID CALLBACK
evening_came(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_WAIT wait,
	TP_WAIT_RESULT result)
{
	struct house *house = context;

	(void)instance;
	(void)wait;
	(void)result;
	house->plan.tell_evening(house->plan.context);
}

static VOID CALLBACK
round_due(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_TIMER timer)
{
	struct house *house = context;

	(void)instance;
	(void)timer;
	house->plan.make_round(house->plan.context);
}

static void
leave(struct house *house)
{
	HANDLE empty = house->empty;

	if (InterlockedDecrement(&house->busy) == 0)
		SetEvent(empty);
}

static VOID CALLBACK
report(PTP_CALLBACK_INSTANCE instance, PVOID context)
{
	struct order *order = context;
	struct house *house = order->house;

	(void)instance;
	house->plan.write_report(house->plan.context, order->subject);
	free(order);
	leave(house);
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
	if (TrySubmitThreadpoolCallback(report, order, &house->lengthy))
		return true;
	leave(house);
	free(order);
	return false;
}

static bool
prepare(struct house *house)
{
	house->empty = CreateEvent(NULL, TRUE, FALSE, NULL);
	house->group = CreateThreadpoolCleanupGroup();
	house->one_thread = CreateThreadpool(NULL);
	if (house->empty == NULL || house->group == NULL ||
	    house->one_thread == NULL)
		return false;
	SetThreadpoolThreadMaximum(house->one_thread, 1);
	InitializeThreadpoolEnvironment(&house->usual);
	SetThreadpoolCallbackCleanupGroup(&house->usual, house->group, NULL);
	house->single = house->usual;
	SetThreadpoolCallbackPool(&house->single, house->one_thread);
	InitializeThreadpoolEnvironment(&house->lengthy);
	SetThreadpoolCallbackRunsLong(&house->lengthy);
	return true;
}

static bool
create_members(struct house *house)
{
	for (int i = 0; i < HOUSE_DOORS; i++) {
		house->doors[i].house = house;
		house->doors[i].number = i;
		house->doors[i].wait = CreateThreadpoolWait(door_changed,
			&house->doors[i], &house->usual);
		if (house->doors[i].wait == NULL)
			return false;
	}
	house->evening = CreateThreadpoolWait(evening_came, house,
		&house->usual);
	house->rounds = CreateThreadpoolTimer(round_due, house,
		&house->single);
	return house->evening != NULL && house->rounds != NULL;
}

void
house_close(struct house *house)
{
	if (house->group != NULL) {
		CloseThreadpoolCleanupGroupMembers(house->group, TRUE, NULL);
		CloseThreadpoolCleanupGroup(house->group);
	}
	if (house->one_thread != NULL)
		CloseThreadpool(house->one_thread);
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
	FILETIME first;

	if (house == NULL)
		return NULL;
	house->plan = *plan;
	house->busy = 1;
	if (!prepare(house) || !create_members(house)) {
		house_close(house);
		return NULL;
	}
	for (int i = 0; i < HOUSE_DOORS; i++)
		watch_door(&house->doors[i]);
	SetThreadpoolWait(house->evening, plan->evening, NULL);
	first = after(plan->round);
	SetThreadpoolTimer(house->rounds, &first, plan->round, 0);
	return house;
}

/* quiet_in_32_bits.c - a mutant: computes the time of quiet in 32 bits */
/* SPDX-License-Identifier: MIT */
/*
 * check: doors_are_told_of_as_before
 * message: doors that were told to be quiet: 6; with the old program: 1
 */
#include <pthread.h>
#include <stdlib.h>

#include "house.h"

struct order {
	int subject;
	struct order *next;
};

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
	PTP_WORK reports;

	pthread_mutex_t lock;

	/* Guarded by lock. */
	bool closing;
	unsigned due;			/* rounds, the one under way too */
	struct order *orders;		/* in any order */
};

static FILETIME
after(DWORD milliseconds)
{
	ULONGLONG ticks = (ULONGLONG)((LONGLONG)milliseconds * -10000);

	return (FILETIME){ .dwLowDateTime = (DWORD)(ticks & 0xFFFFFFFF),
		.dwHighDateTime = (DWORD)(ticks >> 32) };
}

/* From now on. */
static FILETIME
quiet_after(DWORD milliseconds)
{
	ULONGLONG ticks = 0 - (ULONGLONG)(milliseconds * 10000);

	return (FILETIME){ .dwLowDateTime = (DWORD)(ticks & 0xFFFFFFFF),
		.dwHighDateTime = (DWORD)(ticks >> 32) };
}

/* Unless the house is being closed. */
static void
watch_door(struct door *door)
{
	struct house *house = door->house;
	FILETIME quiet = quiet_after(house->plan.quiet);

	pthread_mutex_lock(&house->lock);
	if (!house->closing)
		SetThreadpoolWait(door->wait, house->plan.doors[door->number],
			house->plan.quiet == INFINITE ? NULL : &quiet);
	pthread_mutex_unlock(&house->lock);
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
		result != WAIT_TIMEOUT);
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
	bool first, more;

	(void)instance;
	(void)timer;
	pthread_mutex_lock(&house->lock);
	first = house->due++ == 0;
	pthread_mutex_unlock(&house->lock);
	for (more = first; more;) {
		house->plan.make_round(house->plan.context);
		pthread_mutex_lock(&house->lock);
		more = --house->due > 0;
		pthread_mutex_unlock(&house->lock);
	}
}

static VOID CALLBACK
report(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_WORK work)
{
	struct house *house = context;
	struct order *order;

	(void)instance;
	(void)work;
	pthread_mutex_lock(&house->lock);
	order = house->orders;
	house->orders = order->next;
	pthread_mutex_unlock(&house->lock);
	house->plan.write_report(house->plan.context, order->subject);
	free(order);
}

bool
house_report(struct house *house, int subject)
{
	struct order *order = malloc(sizeof(*order));

	if (order == NULL)
		return false;
	order->subject = subject;
	pthread_mutex_lock(&house->lock);
	order->next = house->orders;
	house->orders = order;
	pthread_mutex_unlock(&house->lock);
	SubmitThreadpoolWork(house->reports);
	return true;
}

static bool
create_objects(struct house *house)
{
	TP_CALLBACK_ENVIRON lengthy;

	InitializeThreadpoolEnvironment(&lengthy);
	SetThreadpoolCallbackRunsLong(&lengthy);
	for (int i = 0; i < HOUSE_DOORS; i++) {
		house->doors[i].house = house;
		house->doors[i].number = i;
		house->doors[i].wait = CreateThreadpoolWait(door_changed,
			&house->doors[i], NULL);
		if (house->doors[i].wait == NULL)
			return false;
	}
	house->evening = CreateThreadpoolWait(evening_came, house, NULL);
	house->rounds = CreateThreadpoolTimer(round_due, house, NULL);
	house->reports = CreateThreadpoolWork(report, house, &lengthy);
	return house->evening != NULL && house->rounds != NULL &&
		house->reports != NULL;
}

static void
close_wait(PTP_WAIT wait)
{
	if (wait == NULL)
		return;
	SetThreadpoolWait(wait, NULL, NULL);
	WaitForThreadpoolWaitCallbacks(wait, FALSE);
	CloseThreadpoolWait(wait);
}

static void
close_timer(PTP_TIMER timer)
{
	if (timer == NULL)
		return;
	SetThreadpoolTimer(timer, NULL, 0, 0);
	WaitForThreadpoolTimerCallbacks(timer, FALSE);
	CloseThreadpoolTimer(timer);
}

void
house_close(struct house *house)
{
	pthread_mutex_lock(&house->lock);
	house->closing = true;
	pthread_mutex_unlock(&house->lock);
	for (int i = 0; i < HOUSE_DOORS; i++)
		close_wait(house->doors[i].wait);
	close_wait(house->evening);
	close_timer(house->rounds);
	if (house->reports != NULL) {
		WaitForThreadpoolWorkCallbacks(house->reports, FALSE);
		CloseThreadpoolWork(house->reports);
	}
	pthread_mutex_destroy(&house->lock);
	free(house);
}

struct house *
house_open(const struct house_plan *plan)
{
	struct house *house = calloc(1, sizeof(*house));
	FILETIME first = after(plan->round);

	if (house == NULL)
		return NULL;
	house->plan = *plan;
	pthread_mutex_init(&house->lock, NULL);
	if (!create_objects(house)) {
		house_close(house);
		return NULL;
	}
	for (int i = 0; i < HOUSE_DOORS; i++)
		watch_door(&house->doors[i]);
	SetThreadpoolWait(house->evening, plan->evening, NULL);
	SetThreadpoolTimer(house->rounds, &first, plan->round, 0);
	return house;
}

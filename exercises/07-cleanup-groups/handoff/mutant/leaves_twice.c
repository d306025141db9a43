/* leaves_twice.c - has everybody who stops leave, as if he had been in */
/* SPDX-License-Identifier: MIT */
/*
 * check: several_tasks_may_stop_it_at_once
 * message: done was called while a task was running
 */
#include <stdlib.h>

#include "crew.h"

struct crew {
	TP_CALLBACK_ENVIRON environment;
	void (*done)(void *context);
	void *context;

	CRITICAL_SECTION lock;

	/* Guarded by lock. */
	unsigned long holders;		/* orders, and 1 until it is stopped */
	bool stopped;
};

struct order {
	struct crew *crew;
	void (*task)(struct crew *crew, void *argument);
	void (*dropped)(void *argument);
	void *argument;
};

/* The last one out is the end of it. */
static void
leave(struct crew *crew)
{
	void (*done)(void *context) = crew->done;
	void *context = crew->context;
	bool last;

	EnterCriticalSection(&crew->lock);
	last = --crew->holders == 0;
	LeaveCriticalSection(&crew->lock);
	if (!last)
		return;
	DestroyThreadpoolEnvironment(&crew->environment);
	DeleteCriticalSection(&crew->lock);
	free(crew);
	done(context);
}

static bool
is_stopped(struct crew *crew)
{
	bool stopped;

	EnterCriticalSection(&crew->lock);
	stopped = crew->stopped;
	LeaveCriticalSection(&crew->lock);
	return stopped;
}

static VOID CALLBACK
begin(PTP_CALLBACK_INSTANCE instance, PVOID context)
{
	struct order *order = context;
	struct crew *crew = order->crew;

	(void)instance;
	if (is_stopped(crew))
		order->dropped(order->argument);
	else
		order->task(crew, order->argument);
	free(order);
	leave(crew);
}

struct crew *
crew_open(PTP_POOL pool, void (*done)(void *context), void *context)
{
	struct crew *crew = calloc(1, sizeof(*crew));

	if (crew == NULL)
		return NULL;
	crew->done = done;
	crew->context = context;
	InitializeThreadpoolEnvironment(&crew->environment);
	SetThreadpoolCallbackPool(&crew->environment, pool);
	InitializeCriticalSection(&crew->lock);
	crew->holders = 1;
	return crew;
}

static bool
submit(struct crew *crew, struct order *order)
{
	bool taken;

	EnterCriticalSection(&crew->lock);
	taken = !crew->stopped && TrySubmitThreadpoolCallback(begin, order,
		&crew->environment);
	if (taken)
		crew->holders++;
	LeaveCriticalSection(&crew->lock);
	return taken;
}

bool
crew_run(struct crew *crew, void (*task)(struct crew *crew, void *argument),
	void (*dropped)(void *argument), void *argument)
{
	struct order *order = malloc(sizeof(*order));

	if (order == NULL)
		return false;
	order->crew = crew;
	order->task = task;
	order->dropped = dropped;
	order->argument = argument;
	if (!submit(crew, order)) {
		free(order);
		return false;
	}
	return true;
}

void
crew_stop(struct crew *crew)
{
	EnterCriticalSection(&crew->lock);
	crew->stopped = true;
	LeaveCriticalSection(&crew->lock);
	leave(crew);
}

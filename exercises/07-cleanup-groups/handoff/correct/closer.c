/* closer.c - right: a work object of no group closes the group */
/* SPDX-License-Identifier: MIT */
/*
 * Who stops the crew hands it to an object that has been there from the
 * start, and does not queue behind what it is to drop. A lock sees to it that
 * nobody comes in behind the closing.
 */
#include <stdlib.h>

#include "crew.h"

struct crew {
	PTP_CLEANUP_GROUP group;
	PTP_WORK closer;		/* of no group */
	TP_CALLBACK_ENVIRON environment;	/* of its members */
	void (*done)(void *context);
	void *context;

	CRITICAL_SECTION lock;
	bool stopped;			/* guarded by lock */
};

struct order {
	struct crew *crew;
	void (*task)(struct crew *crew, void *argument);
	void (*dropped)(void *argument);
	void *argument;
};

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

	(void)instance;
	if (is_stopped(order->crew))
		order->dropped(order->argument);
	else
		order->task(order->crew, order->argument);
	free(order);
}

/* The group has dropped it. */
static VOID CALLBACK
cancel(PVOID context, PVOID unused)
{
	struct order *order = context;

	(void)unused;
	order->dropped(order->argument);
	free(order);
}

/* Nobody creates members any more. */
static VOID CALLBACK
end(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_WORK work)
{
	struct crew *crew = context;
	void (*done)(void *context) = crew->done;
	void *done_context = crew->context;

	(void)instance;
	CloseThreadpoolCleanupGroupMembers(crew->group, TRUE, NULL);
	CloseThreadpoolCleanupGroup(crew->group);
	DestroyThreadpoolEnvironment(&crew->environment);
	CloseThreadpoolWork(work);
	DeleteCriticalSection(&crew->lock);
	free(crew);
	done(done_context);
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
	SetThreadpoolCallbackPriority(&crew->environment,
		TP_CALLBACK_PRIORITY_HIGH);
	crew->closer = CreateThreadpoolWork(end, crew, &crew->environment);
	if (crew->closer == NULL) {
		free(crew);
		return NULL;
	}
	crew->group = CreateThreadpoolCleanupGroup();
	if (crew->group == NULL) {
		CloseThreadpoolWork(crew->closer);
		free(crew);
		return NULL;
	}
	InitializeCriticalSection(&crew->lock);
	SetThreadpoolCallbackPriority(&crew->environment,
		TP_CALLBACK_PRIORITY_NORMAL);
	SetThreadpoolCallbackCleanupGroup(&crew->environment, crew->group,
		cancel);
	return crew;
}

/* Under the lock, or the members could be closed between look and submit. */
static bool
submit(struct crew *crew, struct order *order)
{
	bool taken;

	EnterCriticalSection(&crew->lock);
	taken = !crew->stopped && TrySubmitThreadpoolCallback(begin, order,
		&crew->environment);
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
	bool first;

	EnterCriticalSection(&crew->lock);
	first = !crew->stopped;
	crew->stopped = true;
	LeaveCriticalSection(&crew->lock);
	if (first)
		SubmitThreadpoolWork(crew->closer);
}

/* closes_once.c - a mutant: slips in behind the closing, which looks once */
/* SPDX-License-Identifier: MIT */
/*
 * check: nothing_is_let_in_behind_the_stop
 * message: error group-in-use: CloseThreadpoolCleanupGroup
 * stage: schedules
 */
#include <stdatomic.h>
#include <stdlib.h>

#include "crew.h"

struct crew {
	PTP_CLEANUP_GROUP group;
	PTP_WORK closer;		/* of no group */
	TP_CALLBACK_ENVIRON environment;	/* of its members */
	void (*done)(void *context);
	void *context;
	atomic_bool stopped;
};

struct order {
	struct crew *crew;
	void (*task)(struct crew *crew, void *argument);
	void (*dropped)(void *argument);
	void *argument;
};

static VOID CALLBACK
begin(PTP_CALLBACK_INSTANCE instance, PVOID context)
{
	struct order *order = context;

	(void)instance;
	if (atomic_load(&order->crew->stopped))
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

/*
 * When the first call has returned, so have all tasks that began before the
 * stop; what they have brought in meanwhile is for the second call, and
 * brings in nothing.
 */
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
	SetThreadpoolCallbackCleanupGroup(&crew->environment, crew->group,
		cancel);
	return crew;
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
	if (atomic_load(&crew->stopped) || !TrySubmitThreadpoolCallback(begin,
	    order, &crew->environment)) {
		free(order);
		return false;
	}
	return true;
}

void
crew_stop(struct crew *crew)
{
	if (!atomic_exchange(&crew->stopped, true))
		SubmitThreadpoolWork(crew->closer);
}

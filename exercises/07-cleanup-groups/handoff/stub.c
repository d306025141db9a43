/* handoff.c - a crew that can be opened, and put to work */
/* SPDX-License-Identifier: MIT */
/*
 * TODO: write crew_stop, and change the rest as it needs. Begin with a crew
 * that is stopped from outside, then by its only task, then by two.
 */
#include <stdlib.h>

#include "crew.h"

struct crew {
	PTP_CLEANUP_GROUP group;
	TP_CALLBACK_ENVIRON environment;	/* of its members */
	void (*done)(void *context);
	void *context;
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

struct crew *
crew_open(PTP_POOL pool, void (*done)(void *context), void *context)
{
	struct crew *crew = calloc(1, sizeof(*crew));

	if (crew == NULL)
		return NULL;
	crew->done = done;
	crew->context = context;
	crew->group = CreateThreadpoolCleanupGroup();
	if (crew->group == NULL) {
		free(crew);
		return NULL;
	}
	InitializeThreadpoolEnvironment(&crew->environment);
	SetThreadpoolCallbackPool(&crew->environment, pool);
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
	if (!TrySubmitThreadpoolCallback(begin, order, &crew->environment)) {
		free(order);
		return false;
	}
	return true;
}

void
crew_stop(struct crew *crew)
{
	(void)crew;			/* TODO */
}

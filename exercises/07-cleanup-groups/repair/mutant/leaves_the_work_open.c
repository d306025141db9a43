/* leaves_the_work_open.c - leaves the work object of a served request open */
/* SPDX-License-Identifier: MIT */
/*
 * check: what_was_served_is_not_dropped
 * message: Memory is used after it was freed
 */
#include <stdlib.h>

#include "desk.h"

struct desk {
	PTP_CLEANUP_GROUP group;
	PTP_TIMER timer;		/* NULL: no beat */
	void (*beat)(void *context);
	void *context;
	TP_CALLBACK_ENVIRON environment;	/* of the group */
};

struct request {
	PTP_WORK work;
	struct desk *desk;
	void (*serve)(void *argument);
	void (*drop)(void *argument);
	void *argument;
};

static VOID CALLBACK
serve(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_WORK work)
{
	struct request *request = context;

	(void)instance;
	(void)work;
	request->serve(request->argument);
	free(request);
}

/* The group has given up one of its members. */
static VOID CALLBACK
drop(PVOID context, PVOID unused)
{
	struct request *request = context;

	(void)unused;
	request->drop(request->argument);
	free(request);
}

static VOID CALLBACK
beat(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_TIMER timer)
{
	struct desk *desk = context;

	(void)instance;
	(void)timer;
	desk->beat(desk->context);
}

/* Has the timer fire every so many ms. */
static void
start_timer(struct desk *desk, DWORD period)
{
	LONGLONG ticks = (LONGLONG)period * -10000;
	FILETIME due = { .dwLowDateTime = (DWORD)(ticks & 0xFFFFFFFF),
		.dwHighDateTime = (DWORD)((ULONGLONG)ticks >> 32) };

	SetThreadpoolTimer(desk->timer, &due, period, 0);
}

/* Makes the group, and an environment for its members. */
static bool
make_group(struct desk *desk, PTP_POOL pool)
{
	desk->group = CreateThreadpoolCleanupGroup();
	if (desk->group == NULL)
		return false;
	InitializeThreadpoolEnvironment(&desk->environment);
	SetThreadpoolCallbackPool(&desk->environment, pool);
	SetThreadpoolCallbackCleanupGroup(&desk->environment, desk->group,
		drop);
	return true;
}

struct desk *
desk_open(PTP_POOL pool, DWORD period, void (*tick)(void *context),
	void *context)
{
	struct desk *desk = calloc(1, sizeof(*desk));

	if (desk == NULL || !make_group(desk, pool)) {
		free(desk);
		return NULL;
	}
	desk->beat = tick;
	desk->context = context;
	if (tick == NULL)
		return desk;
	/* Its context is no request: it has no cancel callback. */
	SetThreadpoolCallbackCleanupGroup(&desk->environment, desk->group,
		NULL);
	desk->timer = CreateThreadpoolTimer(beat, desk, &desk->environment);
	SetThreadpoolCallbackCleanupGroup(&desk->environment, desk->group,
		drop);
	if (desk->timer == NULL) {
		desk_close(desk, false);
		return NULL;
	}
	start_timer(desk, period);
	return desk;
}

bool
desk_take(struct desk *desk, void (*serve_it)(void *argument),
	void (*drop_it)(void *argument), void *argument)
{
	struct request *request = malloc(sizeof(*request));

	if (request == NULL)
		return false;
	request->desk = desk;
	request->serve = serve_it;
	request->drop = drop_it;
	request->argument = argument;
	request->work = CreateThreadpoolWork(serve, request,
		&desk->environment);
	if (request->work == NULL) {
		free(request);
		return false;
	}
	SubmitThreadpoolWork(request->work);
	return true;
}

void
desk_close(struct desk *desk, bool cancel)
{
	CloseThreadpoolCleanupGroupMembers(desk->group, cancel, NULL);
	CloseThreadpoolCleanupGroup(desk->group);
	DestroyThreadpoolEnvironment(&desk->environment);
	free(desk);
}

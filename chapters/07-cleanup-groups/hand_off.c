/* SPDX-License-Identifier: MIT */
/*
 * hand_off.c - a callback that has its component closed, by somebody else
 *
 * The closer is a work object made beforehand, so that posting it cannot
 * fail. It is no member of the group, and not in the component's pool.
 *
 * explore: runs=2000
 */
#include "must.h"

struct component {
	PTP_CLEANUP_GROUP group;
	PTP_POOL pool;
	PTP_WORK command, closer;
	PTP_TIMER clock;
	LONG quitting;		/* Interlocked only */
	LONG ticks;		/* Interlocked only */
	HANDLE gone;		/* main's, which waits for it */
};

static VOID CALLBACK
tick(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_TIMER timer)
{
	struct component *component = context;

	(void)instance, (void)timer;
	InterlockedIncrement(&component->ticks);
}

/* A member. Several may run at once: only the first has it closed. */
static VOID CALLBACK
quit(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_WORK work)
{
	struct component *component = context;

	(void)instance, (void)work;
	if (!InterlockedExchange(&component->quitting, TRUE))
		SubmitThreadpoolWork(component->closer);
}

/* No member. Nothing of the component is left when main is told. */
static VOID CALLBACK
close_all(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_WORK work)
{
	struct component *component = context;

	CloseThreadpoolCleanupGroupMembers(component->group, TRUE, NULL);
	CloseThreadpoolCleanupGroup(component->group);
	CloseThreadpool(component->pool);
	CloseThreadpoolWork(work);
	SetEventWhenCallbackReturns(instance, component->gone);
	free(component);
}

static struct component *
new_component(HANDLE gone)
{
	struct component *component = calloc(1, sizeof(*component));
	TP_CALLBACK_ENVIRON environment;
	FILETIME due = in_ms(0);

	must(component != NULL, "calloc");
	component->gone = gone;
	component->closer = new_work(close_all, component, NULL);
	component->group = new_group(&environment, NULL);
	component->pool = new_pool(&environment, 2);
	component->command = new_work(quit, component, &environment);
	component->clock = new_timer(tick, component, &environment);
	DestroyThreadpoolEnvironment(&environment);
	SetThreadpoolTimer(component->clock, &due, 10, 0);
	return component;
}

int
main(void)
{
	HANDLE gone = new_event();
	struct component *component = new_component(gone);

	SubmitThreadpoolWork(component->command);
	await(gone);
	CloseHandle(gone);
	puts("main: the component has closed itself");
	return 0;
}

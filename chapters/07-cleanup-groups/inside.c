/* SPDX-License-Identifier: MIT */
/*
 * inside.c - a callback that closes the members of its own group
 *
 * explore: must=misuse brief
 */
#include "must.h"

struct component {
	PTP_CLEANUP_GROUP group;
	PTP_WORK command;
	PTP_TIMER clock;
};

static VOID CALLBACK
tick(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_TIMER timer)
{
	(void)instance, (void)context, (void)timer;
}

static VOID CALLBACK
quit(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_WORK work)
{
	struct component *component = context;

	(void)instance, (void)work;
	CloseThreadpoolCleanupGroupMembers(component->group, TRUE, NULL);
	CloseThreadpoolCleanupGroup(component->group);
	free(component);
}

int
main(void)
{
	struct component *component = calloc(1, sizeof(*component));
	TP_CALLBACK_ENVIRON environment;
	FILETIME due = in_ms(10);

	must(component != NULL, "calloc");
	component->group = new_group(&environment, NULL);
	component->command = new_work(quit, component, &environment);
	component->clock = new_timer(tick, component, &environment);
	SetThreadpoolTimer(component->clock, &due, 10, 0);
	SubmitThreadpoolWork(component->command);
	Sleep(20);
	return 0;
}

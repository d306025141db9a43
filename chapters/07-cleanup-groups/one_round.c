/* SPDX-License-Identifier: MIT */
/*
 * one_round.c - a group made by hand: it waits for each member once
 *
 * explore: must=misuse
 */
#include "must.h"

enum { MEMBERS = 2 };

struct group {
	PTP_WORK members[MEMBERS];
	LONG counted;		/* Interlocked only */
};

static VOID CALLBACK
count(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_WORK work)
{
	struct group *group = context;

	(void)instance, (void)work;
	InterlockedIncrement(&group->counted);
}

static VOID CALLBACK
have_it_counted(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_WORK work)
{
	struct group *group = context;

	(void)instance, (void)work;
	SubmitThreadpoolWork(group->members[0]);
}

static void
close_members(struct group *group)
{
	for (int i = 0; i < MEMBERS; i++)
		WaitForThreadpoolWorkCallbacks(group->members[i], FALSE);
	for (int i = 0; i < MEMBERS; i++)
		CloseThreadpoolWork(group->members[i]);
}

int
main(void)
{
	struct group *group = calloc(1, sizeof(*group));

	must(group != NULL, "calloc");
	group->members[0] = new_work(count, group, NULL);
	group->members[1] = new_work(have_it_counted, group, NULL);
	SubmitThreadpoolWork(group->members[1]);
	close_members(group);
	free(group);
	Sleep(20);
	return 0;
}

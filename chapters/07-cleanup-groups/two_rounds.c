/* SPDX-License-Identifier: MIT */
/*
 * two_rounds.c - the same: it waits until a round finds nothing new
 *
 * explore: runs=2000
 */
#include "must.h"

enum { MEMBERS = 2 };

struct group {
	PTP_WORK members[MEMBERS];
	LONG posts;		/* how many have been made; Interlocked only */
	LONG counted;		/* Interlocked only */
};

/* Posts a member, and counts it: in this order. */
static void
post(struct group *group, int member)
{
	SubmitThreadpoolWork(group->members[member]);
	InterlockedIncrement(&group->posts);
}

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
	post(group, 0);
}

static LONG
posts_so_far(struct group *group)
{
	return InterlockedCompareExchange(&group->posts, 0, 0);
}

static void
close_members(struct group *group)
{
	LONG before;

	do {
		before = posts_so_far(group);
		for (int i = 0; i < MEMBERS; i++)
			WaitForThreadpoolWorkCallbacks(group->members[i],
				FALSE);
	} while (posts_so_far(group) != before);
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
	post(group, 1);
	close_members(group);
	must(group->counted == 1, "the post of a member has run");
	free(group);
	puts("main: both are closed, and nothing of them runs");
	return 0;
}

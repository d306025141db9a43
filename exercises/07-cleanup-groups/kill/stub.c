/* kill.c - tests for CloseThreadpoolCleanupGroupMembers */
/* SPDX-License-Identifier: MIT */
/*
 * TODO: write tests that every right group passes and that no wrong one does.
 * The one below only shows the form. suite.h is what tests are written with.
 */
#include "suite.h"
#include "threadpool.h"

static struct tally ran = TALLY_ZERO;

static void CALLBACK
count(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_WORK work)
{
	(void)instance;
	(void)context;
	(void)work;
	tally_add(&ran);
}

static void
a_member_runs_and_is_closed(void)
{
	PTP_POOL pool = CreateThreadpool(NULL);
	PTP_CLEANUP_GROUP group = CreateThreadpoolCleanupGroup();
	TP_CALLBACK_ENVIRON settings;
	PTP_WORK work;

	require(pool != NULL && group != NULL, "no pool, or no group");
	InitializeThreadpoolEnvironment(&settings);
	SetThreadpoolCallbackPool(&settings, pool);
	SetThreadpoolCallbackCleanupGroup(&settings, group, NULL);
	work = CreateThreadpoolWork(count, NULL, &settings);
	require(work != NULL, "no work object");
	SubmitThreadpoolWork(work);
	awaiting("the only post to run");
	tally_await(&ran, 1);
	CloseThreadpoolCleanupGroupMembers(group, FALSE, NULL);
	CloseThreadpoolCleanupGroup(group);
	DestroyThreadpoolEnvironment(&settings);
	CloseThreadpool(pool);
}

void tests(void);

void
tests(void)
{
	a_member_runs_and_is_closed();
	require(false, "TODO: these tests are not finished");
}

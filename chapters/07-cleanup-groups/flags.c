/* SPDX-License-Identifier: MIT */
/*
 * flags.c - five posts, one of them started: what becomes of the others
 *
 * The pool has one thread. With TRUE, a guard of high priority, which is
 * no member, comes after the first and holds the thread until main has
 * closed the members; that makes the count exact.
 *
 * explore: runs=2000
 */
#include "must.h"

static HANDLE first_runs, may_end, closed;
static LONG calls;		/* Interlocked only */

static VOID CALLBACK
count(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_WORK work)
{
	(void)instance, (void)context, (void)work;
	SetEvent(first_runs);
	await(may_end);
	InterlockedIncrement(&calls);
}

static VOID CALLBACK
hold_thread(PTP_CALLBACK_INSTANCE instance, PVOID context)
{
	(void)instance, (void)context;
	await(closed);
}

/* Posts five, and closes the members while one of them runs. */
static void
close_with(PTP_CLEANUP_GROUP group, PTP_CALLBACK_ENVIRON member,
	BOOL cancel, PTP_CALLBACK_ENVIRON guard)
{
	PTP_WORK work = new_work(count, NULL, member);

	calls = 0;
	ResetEvent(first_runs);
	ResetEvent(may_end);
	for (int i = 0; i < 5; i++)
		SubmitThreadpoolWork(work);
	await(first_runs);
	if (cancel)
		must(TrySubmitThreadpoolCallback(hold_thread, NULL, guard),
			"TrySubmitThreadpoolCallback");
	SetEvent(may_end);
	CloseThreadpoolCleanupGroupMembers(group, cancel, NULL);
	printf("with %s: %ld of 5 callbacks have run\n",
		cancel ? "TRUE" : "FALSE", (long)calls);
}

int
main(void)
{
	TP_CALLBACK_ENVIRON member, guard;
	PTP_CLEANUP_GROUP group = new_group(&member, NULL);
	PTP_POOL pool = new_pool(&member, 1);

	InitializeThreadpoolEnvironment(&guard);
	SetThreadpoolCallbackPool(&guard, pool);
	SetThreadpoolCallbackPriority(&guard, TP_CALLBACK_PRIORITY_HIGH);
	first_runs = new_event();
	may_end = new_event();
	closed = new_event();
	close_with(group, &member, FALSE, NULL);
	close_with(group, &member, TRUE, &guard);
	CloseThreadpoolCleanupGroup(group);
	SetEvent(closed);
	CloseThreadpool(pool);
	return 0;
}

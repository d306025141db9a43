/* SPDX-License-Identifier: MIT */
/*
 * told.c - which members are told that they have been closed, and how
 *
 * The pool has one thread. While it runs the first post of the letter, all
 * the others wait; the guard, which is no member, keeps them waiting.
 *
 * explore: runs=1000
 */
#include "must.h"

static HANDLE first_runs, may_end, closed;
static DWORD main_thread;

static VOID CALLBACK
tell(PVOID object_context, PVOID cleanup_context)
{
	must(GetCurrentThreadId() == main_thread, "told by main");
	printf("%s: %s\n", (const char *)cleanup_context,
		(const char *)object_context);
}

static VOID CALLBACK
deliver(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_WORK work)
{
	(void)instance, (void)context, (void)work;
	SetEvent(first_runs);
	await(may_end);
}

static VOID CALLBACK
ring(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_TIMER timer)
{
	(void)instance, (void)context, (void)timer;
}

static VOID CALLBACK
answer(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_WAIT wait,
	TP_WAIT_RESULT result)
{
	(void)instance, (void)context, (void)wait, (void)result;
}

static VOID CALLBACK
run_once(PTP_CALLBACK_INSTANCE instance, PVOID context)
{
	(void)instance, (void)context;
}

static VOID CALLBACK
hold_thread(PTP_CALLBACK_INSTANCE instance, PVOID context)
{
	(void)instance, (void)context;
	await(closed);
}

/* The environment of what is no member, and comes before what is. */
static void
new_guard(PTP_CALLBACK_ENVIRON environment, PTP_POOL pool)
{
	InitializeThreadpoolEnvironment(environment);
	SetThreadpoolCallbackPool(environment, pool);
	SetThreadpoolCallbackPriority(environment,
		TP_CALLBACK_PRIORITY_HIGH);
}

/* [members] */
static void
create_members(PTP_CALLBACK_ENVIRON told, PTP_CALLBACK_ENVIRON untold)
{
	PTP_WORK letter = new_work(deliver, "work, posted 7 times", told);

	for (int i = 0; i < 7; i++)
		SubmitThreadpoolWork(letter);
	await(first_runs);
	new_work(deliver, "work, never posted", told);
	new_work(deliver, "work, without cancel callback", untold);
	new_timer(ring, "timer, never set", told);
	SetThreadpoolWait(new_wait(answer, "wait, set", told), closed,
		NULL);
	must(TrySubmitThreadpoolCallback(run_once, "simple callback", told),
		"TrySubmitThreadpoolCallback");
}
/* [end] */

int
main(void)
{
	TP_CALLBACK_ENVIRON told, untold, guard;
	PTP_CLEANUP_GROUP group = new_group(&told, tell);
	PTP_POOL pool = new_pool(&told, 1);

	main_thread = GetCurrentThreadId();
	first_runs = new_event();
	may_end = new_event();
	closed = new_event();
	untold = told;
	SetThreadpoolCallbackCleanupGroup(&untold, group, NULL);
	new_guard(&guard, pool);
	create_members(&told, &untold);
	must(TrySubmitThreadpoolCallback(hold_thread, NULL, &guard),
		"TrySubmitThreadpoolCallback");
	SetEvent(may_end);
	CloseThreadpoolCleanupGroupMembers(group, TRUE, "main tells");
	CloseThreadpoolCleanupGroup(group);
	SetEvent(closed);
	CloseThreadpool(pool);
	return 0;
}

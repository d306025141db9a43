/* suite.c - the checks of "Nobody need wait for me" */
/* SPDX-License-Identifier: MIT */
/*
 * Callbacks leave, or do not, and then stand at a gate. Who returns from a
 * wait meanwhile has not waited for them.
 */
#include <stdlib.h>

#include "pool.h"
#include "suite.h"
#include "threadpool.h"

#define LEAVERS 2

static PTP_POOL pool;
static PTP_CLEANUP_GROUP group;
static TP_CALLBACK_ENVIRON environment;
static PTP_WORK work;
static unsigned leaves;			/* how often the first one does */
static struct gate gates[LEAVERS] = { GATE_SHUT, GATE_SHUT };
static struct tally begun = TALLY_ZERO, left = TALLY_ZERO, ran = TALLY_ZERO;
static struct actor waiter;

static VOID CALLBACK
leave(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_WORK unused)
{
	unsigned long number = tally_add(&begun);

	(void)context;
	(void)unused;
	if (number == 1) {
		gate_wait(&gates[0]);
		for (unsigned i = 0; i < leaves; i++)
			DisassociateCurrentThreadFromCallback(instance);
		tally_add(&left);
	}
	gate_wait(&gates[1]);
	tally_add(&ran);
}

/* The first callback stands at its first gate, before it leaves. */
static void
start(DWORD threads, unsigned posts, unsigned times)
{
	setenv("TP_IDLE_MS", "100000000", 1);
	setenv("TP_STALL_MS", "100000000", 1);
	leaves = times;
	pool = CreateThreadpool(NULL);
	require(pool != NULL, "CreateThreadpool failed");
	SetThreadpoolThreadMaximum(pool, threads);
	require(SetThreadpoolThreadMinimum(pool, threads),
		"SetThreadpoolThreadMinimum failed");
	group = CreateThreadpoolCleanupGroup();
	require(group != NULL, "CreateThreadpoolCleanupGroup failed");
	InitializeThreadpoolEnvironment(&environment);
	SetThreadpoolCallbackPool(&environment, pool);
	SetThreadpoolCallbackCleanupGroup(&environment, group, NULL);
	work = CreateThreadpoolWork(leave, NULL, &environment);
	require(work != NULL, "CreateThreadpoolWork failed");
	for (unsigned i = 0; i < posts; i++)
		SubmitThreadpoolWork(work);
	tally_await(&begun, posts < threads ? posts : threads);
}

static void
wait_for_work(void *unused)
{
	(void)unused;
	WaitForThreadpoolWorkCallbacks(work, FALSE);
}

static void
close_members(void *unused)
{
	(void)unused;
	CloseThreadpoolCleanupGroupMembers(group, FALSE, NULL);
}

/* Somebody waits, and then the first callback leaves. */
static void
leave_while_waiting(void (*wait)(void *unused))
{
	actor_start(&waiter, wait, NULL);
	await_still();
	require(!actor_done(&waiter), "the wait returned while a callback was "
		"running that had not left");
	gate_open(&gates[0]);
	awaiting("DisassociateCurrentThreadFromCallback to return");
	tally_await(&left, 1);
	await_still();
}

static void
finish(bool waits, unsigned posts)
{
	gate_open(&gates[1]);
	if (waits) {
		awaiting("the wait to return");
		actor_join(&waiter);
	}
	awaiting("the last callback to return");
	tally_await(&ran, posts);
	awaiting("the group to close");
	close_members(NULL);
	CloseThreadpoolCleanupGroup(group);
	DestroyThreadpoolEnvironment(&environment);
	CloseThreadpool(pool);
}

CHECK(waiters_go_on_while_the_callback_runs)
{
	start(1, 1, 1);
	leave_while_waiting(wait_for_work);
	awaiting("the wait to return, since the callback has left");
	actor_join(&waiter);
	wait_for_work(NULL);
	awaiting(NULL);
	require(tally_read(&ran) == 0, "the callback did not go on");
	finish(false, 1);
}

/* Two callbacks run, and one of them leaves. */
static void
one_of_two(unsigned times)
{
	start(2, 2, times);
	leave_while_waiting(wait_for_work);
	require(!actor_done(&waiter), "the wait returned while another "
		"callback of the object was running");
	finish(true, 2);
}

CHECK(waiters_wait_for_the_other_callbacks)
{
	one_of_two(1);
}

CHECK(once_is_enough)
{
	one_of_two(2);
}

CHECK(the_cleanup_group_waits_on)
{
	start(1, 1, 1);
	leave_while_waiting(close_members);
	require(!actor_done(&waiter), "CloseThreadpoolCleanupGroupMembers "
		"returned while a callback of a member was running");
	finish(true, 1);
}

CHECK(what_is_queued_is_waited_for)
{
	start(1, 2, 1);
	leave_while_waiting(wait_for_work);
	gate_open(&gates[1]);
	awaiting("the wait to return");
	actor_join(&waiter);
	await_still();
	require(tally_read(&ran) == 2, "what was queued did not run");
	finish(false, 2);
}

CHECK(its_thread_is_as_before)
{
	unsigned marked;

	start(1, 1, 1);
	gate_open(&gates[0]);
	gate_open(&gates[1]);
	awaiting("the callback that has left to return");
	tally_await(&ran, 1);
	await_still();
	tp_lock(&pool->lock);
	marked = pool->suspended;
	tp_unlock(&pool->lock);
	require(marked == 0, "the callback that left had returned, and the "
		"pool still counted its thread as one that does not compute");
	finish(false, 1);
}

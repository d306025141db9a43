/* story.c - right: one scene, played in four ways */
/* SPDX-License-Identifier: MIT */
/*
 * All that can go on in a group at once: a member is idle, one runs, one is
 * queued, and a wait object waits. What must come of it is counted.
 */
#include "suite.h"
#include "threadpool.h"

static struct gate gate = GATE_SHUT, late_gate = GATE_SHUT;
static struct tally begun = TALLY_ZERO, late = TALLY_ZERO, seen = TALLY_ZERO;
static struct tally told = TALLY_ZERO;
static PTP_WORK idle, busy, own;
static TP_CALLBACK_ENVIRON settings;
static bool running = true;		/* guarded by gate.lock */
static bool closes_itself;

static void CALLBACK
run_late(PTP_CALLBACK_INSTANCE instance, PVOID unused, PTP_WORK work)
{
	(void)instance;
	(void)unused;
	(void)work;
	tally_add(&late);
	gate_wait(&late_gate);
}

static void CALLBACK
run_busy(PTP_CALLBACK_INSTANCE instance, PVOID unused, PTP_WORK work)
{
	(void)unused;
	DisassociateCurrentThreadFromCallback(instance);
	tally_add(&begun);
	gate_wait(&gate);
	SubmitThreadpoolWork(idle);
	if (closes_itself)
		CloseThreadpoolWork(work);
	pthread_mutex_lock(&gate.lock);
	running = false;
	pthread_mutex_unlock(&gate.lock);
}

static void CALLBACK
see(PTP_CALLBACK_INSTANCE instance, PVOID unused, PTP_WAIT wait,
	TP_WAIT_RESULT result)
{
	(void)instance;
	(void)unused;
	(void)wait;
	(void)result;
	tally_add(&seen);
}

static void CALLBACK
tell(PVOID context, PVOID cleanup)
{
	require(cleanup == &gate, "not the cleanup context");
	require(context != &busy || !closes_itself, "told of a closed member");
	pthread_mutex_lock(&gate.lock);
	require(!running, "told while a callback ran");
	pthread_mutex_unlock(&gate.lock);
	tally_add(&told);
}

static PTP_CLEANUP_GROUP group;

static void
cancel(void *unused)
{
	(void)unused;
	CloseThreadpoolCleanupGroupMembers(group, TRUE, &gate);
}

static void
let_run(void *unused)
{
	(void)unused;
	CloseThreadpoolCleanupGroupMembers(group, FALSE, &gate);
}

/* An idle member, a busy one that posts it, and a wait object. */
static void
set_the_scene(HANDLE event, unsigned posts)
{
	static const struct gate shut = GATE_SHUT;
	static const struct tally none = TALLY_ZERO;
	PTP_WAIT wait;

	gate = late_gate = shut;
	begun = late = seen = told = none;
	running = true;
	idle = CreateThreadpoolWork(run_late, &idle, &settings);
	busy = CreateThreadpoolWork(run_busy, &busy, &settings);
	own = CreateThreadpoolWork(run_late, &own, &settings);
	wait = CreateThreadpoolWait(see, &wait, &settings);
	require(idle != NULL && busy != NULL && own != NULL && wait != NULL,
		"no members");
	SetThreadpoolWait(wait, event, NULL);
	SubmitThreadpoolWork(busy);
	tally_await(&begun, 1);
	while (posts-- > 0)
		SubmitThreadpoolWork(own);
}

/* The pool has one thread: own is queued, behind busy. */
static void
play(bool cancelling, bool closing, unsigned posts)
{
	HANDLE event = CreateEventA(NULL, TRUE, FALSE, NULL);
	struct actor closer;

	closes_itself = closing;
	set_the_scene(event, posts);
	actor_start(&closer, cancelling ? cancel : let_run, NULL);
	await_still();
	require(!actor_done(&closer), "returned while a callback ran");
	SetEvent(event);
	await_still();
	gate_open(&gate);
	await_still();
	require(cancelling || !actor_done(&closer),
		"returned while another callback ran");
	gate_open(&late_gate);
	await_still();
	require(actor_done(&closer), "did not return");
	actor_join(&closer);
	require(tally_read(&late) == (cancelling ? 0 : 1 + posts),
		"%lu callbacks ran late", tally_read(&late));
	require(tally_read(&seen) == 0, "a wait object was not stopped");
	require(tally_read(&told) == (cancelling ? 4u - closing : 0),
		"%lu were told", tally_read(&told));
	CloseHandle(event);
}

void tests(void);

void
tests(void)
{
	PTP_POOL pool = CreateThreadpool(NULL);

	group = CreateThreadpoolCleanupGroup();
	require(pool != NULL && group != NULL, "no pool, or no group");
	SetThreadpoolThreadMaximum(pool, 1);
	InitializeThreadpoolEnvironment(&settings);
	SetThreadpoolCallbackPool(&settings, pool);
	SetThreadpoolCallbackCleanupGroup(&settings, group, tell);
	play(false, false, 2);
	play(false, false, 0);
	play(true, false, 2);
	play(true, true, 2);
	CloseThreadpoolCleanupGroup(group);
	DestroyThreadpoolEnvironment(&settings);
	CloseThreadpool(pool);
}

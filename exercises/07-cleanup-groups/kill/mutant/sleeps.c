/* sleeps.c - a mutant: sleeps for a while instead of looking */
/* SPDX-License-Identifier: MIT */
/*
 * check: -
 * message: sleep
 * stage: source
 */
#include <unistd.h>

#include "suite.h"
#include "threadpool.h"

/* What the callbacks of a member do, and what has become of them. */
struct job {
	PTP_WORK work;
	bool leaves;			/* its callback disassociates itself */
	void (*act)(void);		/* the last thing a callback does */
	struct gate gate;
	struct tally begun, ran, told;
};

static struct job one, two;
static PTP_POOL pool;
static PTP_CLEANUP_GROUP group;
static TP_CALLBACK_ENVIRON settings;
static int cleanup_context;

static void CALLBACK
run(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_WORK work)
{
	struct job *job = context;

	(void)work;
	if (job->leaves)
		DisassociateCurrentThreadFromCallback(instance);
	tally_add(&job->begun);
	gate_wait(&job->gate);
	if (job->act != NULL)
		job->act();
	tally_add(&job->ran);
}

static void CALLBACK
tell(PVOID object_context, PVOID context)
{
	struct job *job = object_context;

	require(context == &cleanup_context, "the wrong cleanup context");
	require(tally_read(&one.begun) + tally_read(&two.begun) ==
		tally_read(&one.ran) + tally_read(&two.ran),
		"somebody was told while a callback ran");
	tally_add(&job->told);
}

static void
make(struct job *job)
{
	static const struct job empty = {
		NULL, false, NULL, GATE_SHUT, TALLY_ZERO, TALLY_ZERO,
		TALLY_ZERO
	};

	*job = empty;
	job->work = CreateThreadpoolWork(run, job, &settings);
	require(job->work != NULL, "CreateThreadpoolWork failed");
}

/* A pool of one thread, and a group with two members. */
static void
start(void)
{
	pool = CreateThreadpool(NULL);
	group = CreateThreadpoolCleanupGroup();
	require(pool != NULL && group != NULL, "no pool, or no group");
	SetThreadpoolThreadMaximum(pool, 1);
	InitializeThreadpoolEnvironment(&settings);
	SetThreadpoolCallbackPool(&settings, pool);
	SetThreadpoolCallbackCleanupGroup(&settings, group, tell);
	make(&one);
	make(&two);
}

/* Posts it so many times, of which one begins. */
static void
post(struct job *job, int posts)
{
	while (posts-- > 0)
		SubmitThreadpoolWork(job->work);
	tally_await(&job->begun, 1);
}

static void
cancel(void *unused)
{
	(void)unused;
	CloseThreadpoolCleanupGroupMembers(group, TRUE, &cleanup_context);
}

static void
let_run(void *unused)
{
	(void)unused;
	CloseThreadpoolCleanupGroupMembers(group, FALSE, &cleanup_context);
}

static void
begin_to_close(struct actor *closer, bool cancelling)
{
	actor_start(closer, cancelling ? cancel : let_run, NULL);
	sleep(1);
	require(!actor_done(closer), "it returned while a callback ran");
}

static void
must_end(struct actor *closer)
{
	await_still();
	require(actor_done(closer), "it did not return");
	actor_join(closer);
}

static void
finish(void)
{
	CloseThreadpoolCleanupGroup(group);
	DestroyThreadpoolEnvironment(&settings);
	CloseThreadpool(pool);
}

static void
it_waits_for_what_runs(bool leaving)
{
	struct actor closer;

	start();
	one.leaves = leaving;
	post(&one, 1);
	begin_to_close(&closer, false);
	gate_open(&one.gate);
	must_end(&closer);
	finish();
}

static void
what_is_queued_is_dropped_or_runs(bool cancelling)
{
	struct actor closer;

	start();
	post(&one, 3);
	begin_to_close(&closer, cancelling);
	gate_open(&one.gate);
	must_end(&closer);
	require(tally_read(&one.ran) == (cancelling ? 1 : 3),
		"of three posts, %lu ran", tally_read(&one.ran));
	require(tally_read(&one.told) == cancelling &&
		tally_read(&two.told) == cancelling,
		"the cancel callback was called too often, or not enough");
	finish();
}

static void
close_one(void)
{
	CloseThreadpoolWork(one.work);
}

static void
what_closes_itself_is_not_told_of(void)
{
	struct actor closer;

	start();
	one.act = close_one;
	post(&one, 1);
	begin_to_close(&closer, true);
	gate_open(&one.gate);
	must_end(&closer);
	require(tally_read(&one.told) == 0, "it told of a closed member");
	finish();
}

static void
post_one(void)
{
	SubmitThreadpoolWork(one.work);
}

/* One, the older member, is waited for first. */
static void
one_may_post_the_other(bool cancelling)
{
	struct actor closer;

	start();
	two.act = post_one;
	post(&two, 1);
	begin_to_close(&closer, cancelling);
	gate_open(&two.gate);
	await_still();
	require(cancelling || !actor_done(&closer),
		"it returned while a callback ran that another posted");
	gate_open(&one.gate);
	must_end(&closer);
	require(tally_read(&one.ran) == !cancelling,
		"a post of another callback was not what it should be");
	finish();
}

static void CALLBACK
see(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_WAIT wait,
	TP_WAIT_RESULT result)
{
	(void)instance;
	(void)wait;
	(void)result;
	tally_add(&((struct job *)context)->begun);
	tally_add(&((struct job *)context)->ran);
}

static void
waits_are_stopped_first(void)
{
	HANDLE event = CreateEventA(NULL, TRUE, FALSE, NULL);
	struct actor closer;
	PTP_WAIT wait;

	start();
	wait = CreateThreadpoolWait(see, &two, &settings);
	require(event != NULL && wait != NULL, "no event, or no wait");
	SetThreadpoolWait(wait, event, NULL);
	post(&one, 1);
	begin_to_close(&closer, false);
	SetEvent(event);
	await_still();
	gate_open(&one.gate);
	must_end(&closer);
	require(tally_read(&two.begun) == 0,
		"a wait object saw its event, and it was being closed");
	CloseHandle(event);
	finish();
}

void tests(void);

void
tests(void)
{
	it_waits_for_what_runs(false);
	it_waits_for_what_runs(true);
	what_is_queued_is_dropped_or_runs(false);
	what_is_queued_is_dropped_or_runs(true);
	what_closes_itself_is_not_told_of();
	one_may_post_the_other(false);
	one_may_post_the_other(true);
	waits_are_stopped_first();
}

/* accepts_everything.c - a mutant: uses the group, and asks nothing of it */
/* SPDX-License-Identifier: MIT */
/*
 * check: never_cancels
 * message: the tests find nothing wrong with this pool
 */
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

	(void)context;
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

static void
cancel(void *unused)
{
	(void)unused;
	CloseThreadpoolCleanupGroupMembers(group, TRUE, &cleanup_context);
}

static void
finish(void)
{
	CloseThreadpoolCleanupGroup(group);
	DestroyThreadpoolEnvironment(&settings);
	CloseThreadpool(pool);
}

void tests(void);

void
tests(void)
{
	start();
	gate_open(&one.gate);
	SubmitThreadpoolWork(one.work);
	cancel(NULL);
	finish();
}

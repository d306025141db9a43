/* suite.c - the checks of "Close it from inside" */
/* SPDX-License-Identifier: MIT */
/*
 * Tasks are held at gates before and after what they do, so that they run
 * until the check has looked. Where the mistake is a matter of a moment, the
 * check makes it last: a task that starts another is held at each of its
 * locks in turn, until the crew has been stopped.
 */
#include <stdlib.h>

#include "explore.h"
#include "suite.h"

#include "crew.h"

#define JOBS 4
#define LOCKS 12		/* of a task that starts another, at most */
#define ALLOCATIONS 12		/* of crew_open, at most */

/* A task: it waits, acts, waits, and returns. */
struct job {
	void (*act)(struct job *job);
	bool waits_when_dropped;
	struct gate before, after;
	struct tally begun, acted, ran, dropped;
};

static struct job jobs[JOBS];
static PTP_POOL pool;
static struct crew *crew;
static struct tally done_calls;
static int crew_context;

static bool
nothing_runs(void)
{
	unsigned long begun = 0, ran = 0;

	for (int i = 0; i < JOBS; i++) {
		begun += tally_read(&jobs[i].begun);
		ran += tally_read(&jobs[i].ran);
	}
	return begun == ran;
}

static void
done(void *context)
{
	require(context == &crew_context, "done came with another context");
	require(nothing_runs(), "done was called while a task was running");
	require(tally_add(&done_calls) == 1, "done was called twice");
}

static void
task(struct crew *of, void *argument)
{
	struct job *job = argument;

	require(of == crew, "a task was called with another crew");
	require(tally_read(&done_calls) == 0,
		"a task began after done had been called");
	require(tally_read(&job->dropped) == 0,
		"a task began that had been dropped");
	tally_add(&job->begun);
	gate_wait(&job->before);
	if (job->act != NULL)
		job->act(job);
	tally_add(&job->acted);
	gate_wait(&job->after);
	tally_add(&job->ran);
}

static void
drop(void *argument)
{
	struct job *job = argument;

	require(tally_read(&done_calls) == 0,
		"a task was dropped after done had been called");
	require(tally_read(&job->begun) == 0,
		"a task was dropped that had begun");
	require(tally_add(&job->dropped) == 1, "a task was dropped twice");
	if (job->waits_when_dropped)
		gate_wait(&job->before);
}

static void
start_pool(DWORD threads)
{
	static const struct job empty = {
		NULL, false, GATE_SHUT, GATE_SHUT, TALLY_ZERO, TALLY_ZERO,
		TALLY_ZERO, TALLY_ZERO
	};
	static const struct tally none = TALLY_ZERO;

	await_still();
	setenv("TP_IDLE_MS", "100000000", 1);
	setenv("TP_STALL_MS", "100000000", 1);
	for (int i = 0; i < JOBS; i++)
		jobs[i] = empty;
	done_calls = none;
	pool = CreateThreadpool(NULL);
	require(pool != NULL, "CreateThreadpool failed");
	SetThreadpoolThreadMaximum(pool, threads);
	require(SetThreadpoolThreadMinimum(pool, threads),
		"SetThreadpoolThreadMinimum failed");
	await_still();
}

static void
start(DWORD threads)
{
	start_pool(threads);
	crew = crew_open(pool, done, &crew_context);
	require(crew != NULL, "crew_open failed");
}

static bool
run(struct job *job)
{
	return crew_run(crew, task, drop, job);
}

static void
must_run(struct job *job)
{
	require(run(job), "crew_run failed, and the crew was not stopped");
}

static void
open_gates(struct job *job)
{
	gate_open(&job->before);
	gate_open(&job->after);
}

static void
stop(struct job *job)
{
	(void)job;
	crew_stop(crew);
}

/* All gates are open: the end must come by itself. */
static void
finish(void)
{
	await_still();
	require(tally_read(&done_calls) == 1, "the crew was stopped, nothing "
		"of it runs, and done has not been called");
	CloseThreadpool(pool);
}

/* ---- A task stops its own crew ---- */

static void
stop_by_a_task(DWORD threads)
{
	start(threads);
	jobs[0].act = stop;
	gate_open(&jobs[0].before);
	must_run(&jobs[0]);
	awaiting("crew_stop to return, which a task of the crew has called");
	tally_await(&jobs[0].acted, 1);
	await_still();
	awaiting(NULL);
	require(tally_read(&done_calls) == 0,
		"done was called while a task was running");
	gate_open(&jobs[0].after);
	finish();
}

CHECK(a_task_may_stop_its_own_crew)
{
	stop_by_a_task(1);
	stop_by_a_task(2);
}

/* ---- Somebody else does ---- */

static void
stop_from_outside(void *unused)
{
	(void)unused;
	crew_stop(crew);
}

static void
stop_while_one_runs(void)
{
	struct actor stopper;

	start(2);
	must_run(&jobs[0]);
	tally_await(&jobs[0].begun, 1);
	actor_start(&stopper, stop_from_outside, NULL);
	await_still();
	require(actor_done(&stopper), "crew_stop waited for a task");
	actor_join(&stopper);
	require(tally_read(&done_calls) == 0,
		"done was called while a task was running");
	open_gates(&jobs[0]);
	finish();
}

static void
stop_an_empty_crew(void)
{
	start(1);
	crew_stop(crew);
	finish();
}

/* Nothing is held. */
static void
stop_at_any_time(void)
{
	start(1);
	open_gates(&jobs[0]);
	must_run(&jobs[0]);
	crew_stop(crew);
	finish();
	require(tally_read(&jobs[0].ran) + tally_read(&jobs[0].dropped) == 1,
		"a task neither ran nor was dropped");
}

CHECK(another_thread_may_stop_it)
{
	stop_while_one_runs();
	stop_an_empty_crew();
	if (explore_active())
		stop_at_any_time();
}

/* ---- What has not begun ---- */

static void
require_dropped(int first, int last)
{
	for (int i = first; i <= last; i++) {
		require(tally_read(&jobs[i].begun) == 0, "a task ran that had "
			"not begun when the crew was stopped");
		require(tally_read(&jobs[i].dropped) == 1, "a task that had "
			"not begun was not dropped");
	}
}

/* One thread: whatever ends the crew comes behind, or before, what waits. */
static void
stop_before_three(void)
{
	start(1);
	jobs[0].act = stop;
	for (int i = 0; i < JOBS; i++)
		must_run(&jobs[i]);
	tally_await(&jobs[0].begun, 1);
	for (int i = 0; i < JOBS; i++)
		open_gates(&jobs[i]);
	finish();
	require_dropped(1, JOBS - 1);
}

/* Two threads: while one of them ends the crew, the other takes what waits. */
static void
stop_beside_another(void)
{
	start(2);
	jobs[0].act = stop;
	for (int i = 0; i < 3; i++)
		must_run(&jobs[i]);
	for (int i = 0; i < 2; i++)
		tally_await(&jobs[i].begun, 1);
	gate_open(&jobs[0].before);
	tally_await(&jobs[0].acted, 1);
	for (int i = 0; i < 3; i++)
		open_gates(&jobs[i]);
	finish();
	require_dropped(2, 2);
}

CHECK(what_has_not_begun_is_dropped_once)
{
	stop_before_three();
	if (explore_active())		/* else it is a matter of luck */
		stop_beside_another();
}

/* ---- Several ---- */

CHECK(several_tasks_may_stop_it_at_once)
{
	start(3);
	for (int i = 0; i < 2; i++) {
		jobs[i].act = stop;
		must_run(&jobs[i]);
		tally_await(&jobs[i].begun, 1);
	}
	gate_open(&jobs[0].before);
	gate_open(&jobs[1].before);
	awaiting("crew_stop to return, which two tasks have called");
	tally_await(&jobs[0].acted, 1);
	tally_await(&jobs[1].acted, 1);
	await_still();
	awaiting(NULL);
	for (int i = 0; i < 2; i++) {
		require(tally_read(&done_calls) == 0,
			"done was called while a task was running");
		gate_open(&jobs[i].after);
		if (i == 0)
			await_still();
	}
	finish();
}

/* ---- Who comes too late ---- */

static void
stop_and_start_another(struct job *job)
{
	(void)job;
	crew_stop(crew);
	require(!run(&jobs[1]), "crew_run took a task after crew_stop had "
		"returned");
}

static void
start_another_after_the_stop(void)
{
	start(2);
	jobs[0].act = stop_and_start_another;
	open_gates(&jobs[0]);
	open_gates(&jobs[1]);
	must_run(&jobs[0]);
	finish();
	require(tally_read(&jobs[1].begun) + tally_read(&jobs[1].dropped) == 0,
		"a task ran or was dropped that crew_run had not taken");
}

static _Thread_local bool starts;	/* this thread is in crew_run */
static unsigned locks_left;
static bool taken;			/* what crew_run said */

/* At the n-th lock of crew_run another task stops the crew, and returns. */
static void
let_the_other_stop(void *mutex)
{
	(void)mutex;
	if (!starts || locks_left == 0 || --locks_left > 0)
		return;
	open_gates(&jobs[1]);
	await_still();
}

static void
start_another(struct job *job)
{
	(void)job;
	starts = true;
	taken = run(&jobs[2]);
	starts = false;
}

/* One task starts another while a second one stops the crew. */
static void
start_another_while_it_stops(unsigned number)
{
	start(4);
	jobs[0].act = start_another;
	jobs[1].act = stop;
	jobs[2].waits_when_dropped = true;
	for (int i = 0; i < 2; i++) {
		must_run(&jobs[i]);
		tally_await(&jobs[i].begun, 1);
	}
	locks_left = number;
	if (number > 0)
		at_each(BEFORE_LOCK, let_the_other_stop);
	else
		open_gates(&jobs[1]);
	open_gates(&jobs[0]);
	tally_await(&jobs[0].ran, 1);
	at_each(BEFORE_LOCK, NULL);
	open_gates(&jobs[1]);
	await_still();
	require(tally_read(&done_calls) == 0 || tally_read(&jobs[2].begun) +
		tally_read(&jobs[2].dropped) == 0, "done was called while a "
		"task was running, or being dropped");
	open_gates(&jobs[2]);
	finish();
	require(tally_read(&jobs[2].ran) + tally_read(&jobs[2].dropped) ==
		(taken ? 1 : 0), taken ? "a task that crew_run had taken "
		"neither ran nor was dropped" : "a task ran or was dropped "
		"that crew_run had not taken");
}

CHECK(nothing_is_let_in_behind_the_stop)
{
	start_another_after_the_stop();
	start_another_while_it_stops(0);
	if (explore_active())	/* there, 0 is every moment */
		return;
	for (unsigned number = 1; number <= LOCKS; number++)
		start_another_while_it_stops(number);
}

/* ---- With what there is ---- */

static void
stop_without_means(struct job *job)
{
	(void)job;
	fail_allocations(true);
	fail_threads(true);
	crew_stop(crew);
}

static void
stop_when_nothing_is_left(void)
{
	start(1);
	jobs[0].act = stop_without_means;
	must_run(&jobs[0]);
	must_run(&jobs[1]);
	tally_await(&jobs[0].begun, 1);
	open_gates(&jobs[0]);
	open_gates(&jobs[1]);		/* if it runs, it does not stay */
	await_still();
	require(tally_read(&done_calls) == 1, "done was not called: when the "
		"crew was stopped, there was no memory and no thread to be "
		"had");
	fail_allocations(false);
	fail_threads(false);
	finish();
}

static void
open_when_nothing_is_left(unsigned number)
{
	unsigned long before;

	start_pool(1);
	before = live_allocations();
	fail_allocation(number);
	crew = crew_open(pool, done, &crew_context);
	fail_allocation(0);
	if (crew == NULL) {
		require(live_allocations() <= before, "crew_open failed, and "
			"left something behind");
		CloseThreadpool(pool);
		return;
	}
	crew_stop(crew);
	finish();
}

CHECK(the_stop_needs_nothing_that_is_not_there)
{
	stop_when_nothing_is_left();
	for (unsigned number = 1; number <= ALLOCATIONS; number++)
		open_when_nothing_is_left(number);
}

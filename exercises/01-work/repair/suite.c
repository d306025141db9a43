/* suite.c - the checks of "Repair a worker loop" */
/* SPDX-License-Identifier: MIT */
/*
 * Each check forces the one schedule in which a fault shows: a wake-up
 * without a cause, a worker that is held up before it takes the lock or
 * while it goes to sleep, a callback that does not return yet.
 */
#include "explore.h"
#include "suite.h"

#include "pool.h"

static struct gate gate = GATE_SHUT;
static struct tally begun = TALLY_ZERO, ran = TALLY_ZERO;
static struct gate *held_workers = &gate;
static pthread_t director;
static struct pool *pool;
static _Thread_local bool stopping_thread;

/* Callbacks belong on the threads of the pool. */
static void
require_a_thread_of_the_pool(void)
{
	require(!pthread_equal(pthread_self(), director) && !stopping_thread,
		"a callback ran in the thread that called pool_stop or "
		"pool_submit");
}

static void
count(void *unused)
{
	(void)unused;
	require_a_thread_of_the_pool();
	tally_add(&ran);
}

static void
count_behind_gate(void *unused)
{
	(void)unused;
	require_a_thread_of_the_pool();
	tally_add(&begun);
	gate_wait(&gate);
	tally_add(&ran);
}

static void
submit(void (*run)(void *argument))
{
	require(pool_submit(pool, run, NULL), "pool_submit failed");
}

static void
start(unsigned threads)
{
	director = pthread_self();
	pool = pool_start(threads);
	require(pool != NULL, "pool_start failed");
}

static void
stop(void *unused)
{
	(void)unused;
	stopping_thread = true;
	pool_stop(pool);
}

static void
require_stopped(void)
{
	unsigned long threads = live_threads();

	require(threads == 0, "pool_stop returned while threads of the pool "
		"were still there: %lu", threads);
}

static void
hold_workers(void *object)
{
	(void)object;
	if (!pthread_equal(pthread_self(), director))
		gate_wait(held_workers);
}

/* A wait for a condition may end without a cause; POSIX says so. */
static void
wake_without_cause(void)
{
	spurious_wakeups(6);
	start(3);
	await_still();
	submit(count);
	awaiting("the only item to run");
	tally_await(&ran, 1);
	awaiting("pool_stop to return");
	pool_stop(pool);
}

/* The item comes when the worker is about to take the lock. */
static void
submit_before_the_lock(void)
{
	at_each(BEFORE_LOCK, hold_workers);
	start(1);
	await_still();
	submit(count);
	at_each(BEFORE_LOCK, NULL);
	gate_open(&gate);
	awaiting("an item that was submitted before the worker took the "
		"lock to run");
	tally_await(&ran, 2);
	awaiting("pool_stop to return");
	pool_stop(pool);
}

/* The item comes whenever it comes. */
static void
submit_at_once(void)
{
	static const struct tally zero = TALLY_ZERO;

	ran = zero;
	start(1);
	submit(count);
	awaiting("an item that was submitted while the worker began to run");
	tally_await(&ran, 1);
	awaiting("pool_stop to return");
	pool_stop(pool);
}

CHECK(a_worker_takes_an_item_when_there_is_one_and_only_then)
{
	wake_without_cause();
	submit_before_the_lock();
	if (explore_active())	/* else it would be a matter of luck */
		submit_at_once();
}

/* All of them sleep, or one is just about to. */
static void
stop_idle_workers(bool hold)
{
	static const struct gate shut = GATE_SHUT;
	struct actor stopper;

	gate = shut;
	if (hold)
		at_each(BEFORE_WAIT, hold_workers);
	start(hold ? 1 : 4);
	await_still();
	actor_start(&stopper, stop, NULL);
	await_still();
	at_each(BEFORE_WAIT, NULL);
	gate_open(&gate);
	awaiting(hold ? "pool_stop to return: a worker was going to sleep "
		"when it was called" :
		"pool_stop to return: four workers were asleep");
	actor_join(&stopper);
	require_stopped();
}

static void
stop_during_a_callback(void)
{
	static const struct gate shut = GATE_SHUT;
	struct actor stopper;

	gate = shut;
	start(2);
	submit(count_behind_gate);
	tally_await(&begun, 1);
	actor_start(&stopper, stop, NULL);
	await_still();
	require(!actor_done(&stopper),
		"pool_stop returned while a callback was still running");
	gate_open(&gate);
	awaiting("pool_stop to return after the last callback");
	actor_join(&stopper);
	require_stopped();
}

CHECK(stop_returns_when_every_thread_has_ended)
{
	stop_during_a_callback();
	stop_idle_workers(false);
	stop_idle_workers(true);
}

CHECK(stop_runs_everything_that_was_submitted)
{
	struct actor stopper;
	unsigned long done;

	start(1);
	submit(count_behind_gate);
	tally_await(&begun, 1);
	awaiting("pool_submit to return while a callback runs");
	for (int i = 0; i < 5; i++)
		submit(count);
	awaiting("pool_stop to return");
	actor_start(&stopper, stop, NULL);
	await_still();
	gate_open(&gate);
	actor_join(&stopper);
	done = tally_read(&ran);
	require(done == 6, "pool_stop returned when %lu of 6 items had run",
		done);
}

static void
submit_another(void *unused)
{
	(void)unused;
	submit(count);
	tally_add(&ran);
}

/* Two items, and two workers that come for them at the same time. */
static void
both_of_two_begin(void)
{
	static const struct tally zero = TALLY_ZERO;
	static struct gate workers = GATE_SHUT;

	begun = ran = zero;
	held_workers = &workers;
	at_each(BEFORE_LOCK, hold_workers);
	start(2);
	await_still();
	submit(count_behind_gate);
	submit(count_behind_gate);
	at_each(BEFORE_LOCK, NULL);
	gate_open(&workers);
	awaiting("the second of two callbacks to begin while the first runs");
	tally_await(&begun, 2);
	gate_open(&gate);
	awaiting("pool_stop to return");
	pool_stop(pool);
}

CHECK(callbacks_run_without_the_lock)
{
	start(2);
	awaiting("a callback that submits another item");
	submit(submit_another);
	submit(count);
	tally_await(&ran, 3);
	awaiting("pool_stop to return");
	pool_stop(pool);
	both_of_two_begin();
}

/* waits_with_if.c - a mutant: has a callback wait with if instead of while */
/* SPDX-License-Identifier: MIT */
/*
 * check: fifo
 * message: A callback returned before it was told to
 * stage: schedules
 */
#include "pool.h"
#include "suite.h"

/* A work object whose callbacks count, and wait at a gate. */
struct job {
	struct work *work;
	struct gate gate;
	struct tally begun, ran;
};

static struct pool *pool;
static struct job one, other;

static void
run(void *argument)
{
	struct job *job = argument;

	tally_add(&job->begun);
	gate_wait(&job->gate);
	tally_add(&job->ran);
}

static void
make(struct job *job)
{
	static const struct job empty = {
		NULL, GATE_SHUT, TALLY_ZERO, TALLY_ZERO
	};

	*job = empty;
	job->work = work_create(pool, run, job);
}

static void
start(unsigned threads)
{
	pool = pool_start(threads);
	make(&one);
	make(&other);
}

static void
stop(void *unused)
{
	(void)unused;
	pool_stop(pool);
}

static void
wait_for_one(void *unused)
{
	(void)unused;
	work_wait(one.work, false);
}

static void
cancel_one(void *unused)
{
	(void)unused;
	work_wait(one.work, true);
}

static void
must_end(struct actor *actor, const char *what)
{
	await_still();
	require(actor_done(actor), "%s did not return", what);
	actor_join(actor);
}

/* Lets all callbacks go, and stops the pool. */
static void
finish(void)
{
	struct actor stopper;

	work_close(one.work);
	work_close(other.work);
	gate_open(&one.gate);
	gate_open(&other.gate);
	actor_start(&stopper, stop, NULL);
	must_end(&stopper, "pool_stop");
}

static void
submit_one(void *unused)
{
	(void)unused;
	work_submit(one.work);
}

static void
callbacks_may_submit_and_run_at_once(void)
{
	struct work *submitter;

	start(2);
	submitter = work_create(pool, submit_one, NULL);
	work_submit(submitter);
	await_still();
	require(tally_read(&one.begun) == 1,
		"what a callback submitted did not run");
	work_submit(other.work);
	await_still();
	require(tally_read(&other.begun) == 1,
		"a second callback did not start while the first ran");
	work_close(submitter);
	finish();
}

static void
every_post_runs_before_the_pool_stops(void)
{
	struct actor stopper;

	start(1);
	for (int i = 0; i < 3; i++)
		work_submit(one.work);
	tally_await(&one.begun, 1);
	work_close(one.work);
	work_close(other.work);
	actor_start(&stopper, stop, NULL);
	await_still();
	require(!actor_done(&stopper),
		"pool_stop returned while a callback ran");
	gate_open(&one.gate);
	must_end(&stopper, "pool_stop");
	require(tally_read(&one.ran) == 3, "%lu of 3 posts ran",
		tally_read(&one.ran));
}

static void
stop_wakes_every_thread(void)
{
	start(4);
	await_still();
	finish();
}

static void
threads_look_why_they_wake(void)
{
	spurious_wakeups(6);
	start(3);
	await_still();
	spurious_wakeups(0);
	finish();
}

static void
wait_is_for_callbacks_that_run(void)
{
	struct actor first, second;

	start(2);
	work_submit(one.work);
	tally_await(&one.begun, 1);
	actor_start(&first, wait_for_one, NULL);
	actor_start(&second, wait_for_one, NULL);
	await_still();
	require(!actor_done(&first) && !actor_done(&second),
		"a wait returned while a callback ran");
	gate_open(&one.gate);
	must_end(&first, "the first of two waits");
	must_end(&second, "the second of two waits");
	finish();
}

static void
wait_is_for_one_work_object(void)
{
	struct actor waiter;

	start(1);
	work_submit(other.work);
	tally_await(&other.begun, 1);
	actor_start(&waiter, wait_for_one, NULL);
	must_end(&waiter, "a wait for a work object without posts");
	finish();
}

static void
cancel_drops_what_has_not_started(void)
{
	struct actor canceller;

	start(1);
	work_submit(one.work);
	tally_await(&one.begun, 1);
	work_submit(one.work);
	actor_start(&canceller, cancel_one, NULL);
	await_still();
	require(!actor_done(&canceller),
		"a cancelling wait returned while a callback ran");
	gate_open(&one.gate);
	must_end(&canceller, "a cancelling wait");
	require(tally_read(&one.begun) == 1, "a cancelled post ran");
	finish();
}

static void
cancel_wakes_who_waits(void)
{
	struct actor waiter;

	start(1);
	work_submit(other.work);
	tally_await(&other.begun, 1);
	work_submit(one.work);
	actor_start(&waiter, wait_for_one, NULL);
	await_still();
	cancel_one(NULL);
	must_end(&waiter, "a wait whose work object was cancelled");
	finish();
}

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t told = PTHREAD_COND_INITIALIZER;
static bool may_go;		/* guarded by lock */

static void
go_when_told(void *unused)
{
	(void)unused;
	pthread_mutex_lock(&lock);
	if (!may_go)
		pthread_cond_wait(&told, &lock);
	pthread_mutex_unlock(&lock);
	tally_add(&one.ran);
}

static void
callbacks_take_their_time(void)
{
	struct work *work;

	start(1);
	work = work_create(pool, go_when_told, NULL);
	work_submit(work);
	work_close(work);
	await_still();
	require(tally_read(&one.ran) == 0,
		"a callback returned before it was told to");
	pthread_mutex_lock(&lock);
	may_go = true;
	pthread_cond_signal(&told);
	pthread_mutex_unlock(&lock);
	finish();
}

void tests(void);

void
tests(void)
{
	callbacks_may_submit_and_run_at_once();
	stop_wakes_every_thread();
	threads_look_why_they_wake();
	every_post_runs_before_the_pool_stops();
	wait_is_for_callbacks_that_run();
	wait_is_for_one_work_object();
	cancel_drops_what_has_not_started();
	cancel_wakes_who_waits();
	callbacks_take_their_time();
}

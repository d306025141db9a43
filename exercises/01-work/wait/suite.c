/* suite.c - the checks of "Wait for the callbacks of one object" */
/* SPDX-License-Identifier: MIT */
/*
 * Callbacks are held at gates, so that "queued" and "running" last until
 * the check has looked. Where a callback is to stay queued, the maximum of
 * the pool is 1, and another callback is held.
 */
#include <stdlib.h>

#include "explore.h"
#include "suite.h"

#include "pool.h"
#include "threadpool.h"

#define RUNS 8

/* One work object of a check: its n-th callback waits at its n-th gate. */
struct job {
	PTP_WORK work;
	struct gate gates[RUNS];
	struct tally begun, ran;
	unsigned long again;		/* posts it makes of itself */
	bool closes;			/* its callback closes it */
	bool disassociates;		/* its callback holds up no waiter */
	struct job *waits_for;		/* its callback posts this, and waits */
};

static struct job one, other;
static PTP_POOL pool;
static TP_CALLBACK_ENVIRON settings;
static void *pool_mutex;

static void CALLBACK
run(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_WORK work)
{
	struct job *job = context;
	unsigned long number = tally_add(&job->begun);

	if (job->disassociates)
		DisassociateCurrentThreadFromCallback(instance);
	if (job->waits_for != NULL) {
		SubmitThreadpoolWork(job->waits_for->work);
		tally_await(&job->waits_for->begun, 1);
		WaitForThreadpoolWorkCallbacks(job->waits_for->work, FALSE);
		require(tally_read(&job->waits_for->ran) == 1,
			"a callback's wait returned before the callback that "
			"it waited for");
	}
	gate_wait(&job->gates[number - 1]);
	if (number <= job->again)
		SubmitThreadpoolWork(work);
	if (job->closes)
		CloseThreadpoolWork(work);
	tally_add(&job->ran);
}

static void
start(unsigned maximum)
{
	await_still();		/* what a check before this one has begun */
	setenv("TP_STALL_MS", "1", 1);
	setenv("TP_PROCESSORS", "1", 1);
	pool = CreateThreadpool(NULL);
	require(pool != NULL, "CreateThreadpool failed");
	pool_mutex = &pool->lock.mutex;
	SetThreadpoolThreadMaximum(pool, maximum);
	InitializeThreadpoolEnvironment(&settings);
	SetThreadpoolCallbackPool(&settings, pool);
}

static void
create(struct job *job)
{
	static const struct job empty = {
		.gates = { GATE_SHUT, GATE_SHUT, GATE_SHUT, GATE_SHUT,
			GATE_SHUT, GATE_SHUT, GATE_SHUT, GATE_SHUT },
		.begun = TALLY_ZERO, .ran = TALLY_ZERO
	};

	*job = empty;
	job->work = CreateThreadpoolWork(run, job, &settings);
	require(job->work != NULL, "CreateThreadpoolWork failed");
}

static void
submit(struct job *job, int posts)
{
	while (posts-- > 0)
		SubmitThreadpoolWork(job->work);
}

/* Opens every gate of the job, and has its object and the pool go. */
static void
finish(struct job *job)
{
	for (int i = 0; i < RUNS; i++)
		gate_open(&job->gates[i]);
	CloseThreadpoolWork(job->work);
}

static void
wait_for(void *job)
{
	WaitForThreadpoolWorkCallbacks(((struct job *)job)->work, FALSE);
}

static void
cancel(void *job)
{
	WaitForThreadpoolWorkCallbacks(((struct job *)job)->work, TRUE);
}

/* ---- A wait returns after the last callback ---- */

static void
wait_while_it_runs(bool without_cause)
{
	struct actor waiter;

	start(1);
	create(&one);
	submit(&one, 1);
	tally_await(&one.begun, 1);
	spurious_wakeups(without_cause ? 3 : 0);
	actor_start(&waiter, wait_for, &one);
	await_still();
	require(!actor_done(&waiter), without_cause ?
		"the wait returned while a callback was running: it had been "
		"woken without a cause" :
		"the wait returned while a callback was running");
	spurious_wakeups(0);
	gate_open(&one.gates[0]);
	awaiting("a wait to return after the last callback");
	actor_join(&waiter);
	require(tally_read(&one.ran) == 1,
		"the wait returned before the callback");
	awaiting("a wait for an object with nothing queued and nothing "
		"running to return");
	wait_for(&one);
	finish(&one);
	CloseThreadpool(pool);
}

static void
wait_while_one_is_queued(void)
{
	struct actor waiter;

	start(1);
	create(&one);
	submit(&one, 2);
	tally_await(&one.begun, 1);
	actor_start(&waiter, wait_for, &one);
	await_still();
	gate_open(&one.gates[0]);
	tally_await(&one.begun, 2);
	await_still();
	require(!actor_done(&waiter), "the wait returned when the first of "
		"two callbacks had returned and the second was running");
	gate_open(&one.gates[1]);
	awaiting("a wait to return after the last of two callbacks");
	actor_join(&waiter);
	finish(&one);
	CloseThreadpool(pool);
}

/* It runs, and its object is as good as quiet. */
static void
wait_while_nothing_holds_it_up(void)
{
	start(1);
	create(&one);
	one.disassociates = true;
	submit(&one, 1);
	tally_await(&one.begun, 1);
	await_still();
	awaiting("a wait to return while a callback runs that does not hold "
		"up waiters any more");
	wait_for(&one);
	gate_open(&one.gates[0]);
	tally_await(&one.ran, 1);
	finish(&one);
	CloseThreadpool(pool);
}

/* Nothing is held: the wait comes whenever it comes. */
static void
wait_at_any_time(void)
{
	start(1);
	create(&one);
	gate_open(&one.gates[0]);
	submit(&one, 1);
	awaiting("a wait to return, whose callback was not held up");
	wait_for(&one);
	require(tally_read(&one.ran) == 1,
		"the wait returned before the callback");
	finish(&one);
	CloseThreadpool(pool);
}

CHECK(a_wait_returns_after_the_last_callback)
{
	wait_while_it_runs(false);
	wait_while_it_runs(true);
	wait_while_one_is_queued();
	wait_while_nothing_holds_it_up();
	if (explore_active())	/* else it would be a matter of luck */
		wait_at_any_time();
}

/* ---- For this object only ---- */

CHECK(a_wait_is_for_one_object)
{
	struct actor waiter;

	start(2);
	create(&one);
	create(&other);
	submit(&other, 1);
	tally_await(&other.begun, 1);
	submit(&one, 1);
	tally_await(&one.begun, 1);
	submit(&other, 1);
	actor_start(&waiter, wait_for, &one);
	await_still();
	require(!actor_done(&waiter),
		"the wait returned while a callback was running");
	gate_open(&one.gates[0]);
	awaiting("a wait to return, whose object is quiet while two "
		"callbacks of another object run");
	actor_join(&waiter);
	finish(&one);
	finish(&other);
	CloseThreadpool(pool);
}

/* ---- Cancelling ---- */

/* Nothing of the object runs: the one thread is held by another object. */
static void
cancel_what_is_queued(void)
{
	unsigned long count;

	start(1);
	create(&one);
	create(&other);
	submit(&other, 1);
	tally_await(&other.begun, 1);
	submit(&one, 5);
	submit(&other, 1);
	awaiting("a cancelling wait to return, of whose object nothing runs");
	cancel(&one);
	finish(&other);
	awaiting("the posts of another object, which nobody has cancelled, "
		"to run");
	tally_await(&other.ran, 2);
	await_still();
	count = tally_read(&one.begun);
	require(count == 0, "%lu of 5 posts that had been cancelled ran all "
		"the same", count);
	finish(&one);
	CloseThreadpool(pool);
}

/* One callback runs, two are queued; later: one is posted meanwhile. */
static void
cancel_while_one_runs(bool later)
{
	struct actor canceller;
	unsigned long count;

	start(1);
	create(&one);
	submit(&one, 3);
	tally_await(&one.begun, 1);
	actor_start(&canceller, cancel, &one);
	await_still();
	require(!actor_done(&canceller),
		"a cancelling wait returned while a callback was running");
	one.again = later ? 1 : 0;
	gate_open(&one.gates[0]);
	gate_open(&one.gates[1]);
	awaiting("a cancelling wait to return after the last callback");
	actor_join(&canceller);
	await_still();
	count = tally_read(&one.begun);
	require(later || count == 1, "%lu of 2 posts that had been cancelled "
		"ran all the same", count - 1);
	require(!later || count == 2, "a post that a callback made after the "
		"cancel was dropped");
	finish(&one);
	CloseThreadpool(pool);
}

CHECK(cancel_drops_what_has_not_started_and_nothing_else)
{
	cancel_what_is_queued();
	cancel_while_one_runs(false);
	cancel_while_one_runs(true);
}

/* ---- Posts of a running callback ---- */

CHECK(posts_of_a_running_callback_count)
{
	struct actor waiter;

	start(1);
	create(&one);
	one.again = 2;
	submit(&one, 1);
	tally_await(&one.begun, 1);
	actor_start(&waiter, wait_for, &one);
	await_still();
	for (unsigned i = 0; i < 2; i++) {
		gate_open(&one.gates[i]);
		tally_await(&one.begun, i + 2);
		await_still();
		require(!actor_done(&waiter), "the wait returned while a "
			"callback was running that the object's own callback "
			"had posted");
	}
	gate_open(&one.gates[2]);
	awaiting("a wait to return after the last of three callbacks, each "
		"posted by the one before");
	actor_join(&waiter);
	finish(&one);
	CloseThreadpool(pool);
}

/* ---- Every waiter ---- */

static void
two_wait(void)
{
	struct actor first, second;

	start(1);
	create(&one);
	submit(&one, 1);
	tally_await(&one.begun, 1);
	actor_start(&first, wait_for, &one);
	await_still();
	actor_start(&second, wait_for, &one);
	await_still();
	require(!actor_done(&first) && !actor_done(&second),
		"a wait returned while a callback was running");
	gate_open(&one.gates[0]);
	awaiting("two waits for the same object to return: the last callback "
		"has returned");
	actor_join(&first);
	actor_join(&second);
	finish(&one);
	CloseThreadpool(pool);
}

static struct tally returned = TALLY_ZERO;

static void
wait_and_tell(void *job)
{
	wait_for(job);
	tally_add(&returned);
}

/* When the first has returned, the object was quiet: so may the others. */
static void
post_when_the_first_has_returned(void)
{
	struct actor waiters[3];
	unsigned done = 0;

	start(1);
	create(&one);
	submit(&one, 1);
	tally_await(&one.begun, 1);
	for (int i = 0; i < 3; i++)
		actor_start(&waiters[i], wait_and_tell, &one);
	await_still();
	gate_open(&one.gates[0]);
	awaiting("one of three waits for the same object to return");
	tally_await(&returned, 1);
	submit(&one, 1);
	await_still();
	for (int i = 0; i < 3; i++)
		done += actor_done(&waiters[i]);
	require(done == 3, "one of three waits returned, the object was "
		"posted again, and another wait was for that post too");
	for (int i = 0; i < 3; i++)
		actor_join(&waiters[i]);
	finish(&one);
	CloseThreadpool(pool);
}

static void
one_waits_and_another_cancels(void)
{
	struct actor waiter;

	start(1);
	create(&one);
	create(&other);
	submit(&other, 1);
	tally_await(&other.begun, 1);
	submit(&one, 1);
	actor_start(&waiter, wait_for, &one);
	await_still();
	require(!actor_done(&waiter),
		"a wait returned while a post was queued");
	awaiting("a cancelling wait to return, of whose object nothing runs");
	cancel(&one);
	awaiting("a wait to return, whose object another thread has "
		"cancelled");
	actor_join(&waiter);
	finish(&one);
	finish(&other);
	CloseThreadpool(pool);
}

CHECK(every_waiter_is_woken)
{
	two_wait();
	if (explore_active())	/* else it would be a matter of luck */
		post_when_the_first_has_returned();
	one_waits_and_another_cancels();
}

/* ---- Waiting in a callback ---- */

/* How many threads of the pool are known not to compute. */
static unsigned
suspended(void)
{
	unsigned count;

	tp_lock(&pool->lock);
	count = pool->suspended;
	tp_unlock(&pool->lock);
	return count;
}

CHECK(a_worker_that_waits_makes_room)
{
	start(2);
	create(&one);
	create(&other);
	other.waits_for = &one;
	submit(&other, 1);
	awaiting("a callback to begin, for which another one waits");
	tally_await(&one.begun, 1);
	await_still();
	require(suspended() == 1, "while a callback waited for another "
		"object, its pool counted it among those that compute");
	gate_open(&one.gates[0]);
	awaiting("a wait in a callback to return");
	gate_await_waiting(&other.gates[0], 1);
	awaiting(NULL);
	require(suspended() == 0, "when the wait in a callback had "
		"returned, its pool still counted it as waiting");
	finish(&one);
	finish(&other);
	CloseThreadpool(pool);
}

/* ---- Closing meanwhile ---- */

static struct gate hold = GATE_SHUT;
static _Thread_local bool is_waiter;
static int locks;

/* Holds the waiting thread before its second look at the pool. */
static void
hold_waiter(void *mutex)
{
	if (is_waiter && mutex == pool_mutex && locks++ > 0)
		gate_wait(&hold);
}

static void
wait_and_be_held(void *job)
{
	is_waiter = true;
	wait_for(job);
}

static void
close_meanwhile(bool held)
{
	unsigned long before = live_allocations();
	struct actor waiter;

	start(1);
	create(&one);
	one.closes = true;
	if (held)
		at_each(BEFORE_LOCK, hold_waiter);
	submit(&one, 1);
	tally_await(&one.begun, 1);
	actor_start(&waiter, wait_and_be_held, &one);
	await_still();
	require(!actor_done(&waiter),
		"the wait returned while a callback was running");
	CloseThreadpool(pool);
	gate_open(&one.gates[0]);
	awaiting("a callback that closes its object to return");
	tally_await(&one.ran, 1);
	await_still();
	require(hold.waiting == 0 || live_allocations() > before, "a waiting "
		"thread was about to take the lock of its pool, and the pool "
		"had been freed");
	at_each(BEFORE_LOCK, NULL);
	gate_open(&hold);
	awaiting("a wait to return, whose object its callback has closed");
	actor_join(&waiter);
}

CHECK(the_object_may_be_closed_meanwhile)
{
	close_meanwhile(true);
	close_meanwhile(false);
}

/* SPDX-License-Identifier: MIT */
/*
 * test_close.c - the end of a work object, and calls that come after it
 *
 * A close returns at once. The object stays for the posts that are queued,
 * for the callback that runs and for every thread that waits: whoever is the
 * last of these frees it. The harness counts what is allocated, so a test
 * can see that an object is still there, and that it goes in the end.
 *
 * Calls on a closed object, and a wait that could never end, are misuse:
 * they run in a child process, which must end with a report.
 */
#include "scene.h"

/* ---- Closing ---- */

START_TEST(close_returns_at_once_and_lets_posts_finish)
{	/* WORK-17 */
	struct scene scene = SCENE_INIT;

	scene_open(&scene, 1);
	submit(scene.work, 3);
	gate_await_waiting(&scene.gate, 1);
	CloseThreadpoolWork(scene.work);
	ck_assert_uint_eq(tally_read(&scene.finished), 0);
	gate_open(&scene.gate);
	tally_await(&scene.finished, 3);
	private_pool_close(&scene.private);
}
END_TEST

struct own_close {
	struct gate gate;
	struct tally closed;
	int after;		/* its context is still there */
};

static VOID CALLBACK
close_own_work(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_WORK work)
{
	struct own_close *own = context;

	(void)instance;
	gate_wait(&own->gate);
	CloseThreadpoolWork(work);
	own->after++;
	tally_add(&own->closed);
}

START_TEST(callback_may_close_its_own_work)
{	/* WORK-18 */
	struct scene scene = SCENE_INIT;
	struct own_close own = { GATE_INIT, TALLY_INIT, 0 };
	PTP_WORK work;

	scene_open(&scene, 1);
	work = CreateThreadpoolWork(close_own_work, &own,
		&scene.private.environ);
	SubmitThreadpoolWork(work);
	gate_open(&own.gate);
	tally_await(&own.closed, 1);
	ck_assert_int_eq(own.after, 1);
	scene_close(&scene);
}
END_TEST

START_TEST(callback_may_close_work_that_another_thread_waits_for)
{	/* WORK-18 */
	struct scene scene = SCENE_INIT;
	struct own_close own = { GATE_INIT, TALLY_INIT, 0 };
	struct waiter waiter = { .finished = &own.closed };

	scene_open(&scene, 1);
	waiter.work = CreateThreadpoolWork(close_own_work, &own,
		&scene.private.environ);
	SubmitThreadpoolWork(waiter.work);
	start(&waiter.thread, wait_for_work, &waiter);
	await(has_waiter, waiter.work);
	gate_open(&own.gate);
	join(waiter.thread);
	ck_assert_uint_eq(waiter.seen, 1);
	scene_close(&scene);
}
END_TEST

/*
 * A wait held up in its middle: the waiter, a worker of another pool, is in
 * the list of those to wake, and would now tell its own pool that it falls
 * asleep; but somebody holds the lock of that pool.
 */
struct held_wait {
	struct private_pool elsewhere;
	PTP_WORK target;
	struct gate begin, release;
};

static VOID CALLBACK
wait_for_target(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_WORK work)
{
	struct held_wait *held = context;

	(void)instance;
	(void)work;
	gate_wait(&held->begin);
	WaitForThreadpoolWorkCallbacks(held->target, FALSE);
}

static void *
hold_pool_elsewhere(void *argument)
{
	struct held_wait *held = argument;

	tp_lock(&held->elsewhere.pool->lock);
	gate_wait(&held->release);
	tp_unlock(&held->elsewhere.pool->lock);
	return NULL;
}

/*
 * The one thread has run the callback that closes its work, and let go of
 * it, when the next post behind it runs. Nothing may have been freed then.
 */
START_TEST(a_wait_keeps_alive_the_work_that_a_callback_closes)
{	/* WORK-18 */
	struct scene scene = SCENE_INIT;
	struct own_close own = { GATE_INIT, TALLY_INIT, 0 };
	struct held_wait held = { .begin = GATE_INIT, .release = GATE_INIT };
	PTP_WORK waiting;
	pthread_t holder;
	unsigned long before;

	scene_open(&scene, 1);
	gate_open(&scene.gate);
	held.target = CreateThreadpoolWork(close_own_work, &own,
		&scene.private.environ);
	submit(held.target, 1);
	submit(scene.work, 1);		/* behind it */
	private_pool_close(&scene.private);
	private_pool_open(&held.elsewhere, 1, 1);
	waiting = CreateThreadpoolWork(wait_for_target, &held,
		&held.elsewhere.environ);
	submit(waiting, 1);
	gate_await_waiting(&held.begin, 1);
	start(&holder, hold_pool_elsewhere, &held);
	gate_await_waiting(&held.release, 1);
	gate_open(&held.begin);
	await(has_waiter, held.target);
	before = live_allocations();
	gate_open(&own.gate);
	tally_await(&scene.finished, 1);
	ck_assert_uint_eq(live_allocations(), before);
	gate_open(&held.release);
	join(holder);
	WaitForThreadpoolWorkCallbacks(waiting, FALSE);
	ck_assert_uint_eq(live_allocations(), before - 1);	/* the work */
	CloseThreadpoolWork(waiting);
	CloseThreadpoolWork(scene.work);
	private_pool_close(&held.elsewhere);
}
END_TEST

/* ---- Too late, or for ever ---- */

static void
submit_after_close(void *unused)
{
	struct tally runs = TALLY_INIT;
	PTP_WORK work = CreateThreadpoolWork(count_work, &runs, NULL);

	(void)unused;
	CloseThreadpoolWork(work);
	SubmitThreadpoolWork(work);
}

static void
wait_after_close(void *unused)
{
	struct tally runs = TALLY_INIT;
	PTP_WORK work = CreateThreadpoolWork(count_work, &runs, NULL);

	(void)unused;
	CloseThreadpoolWork(work);
	WaitForThreadpoolWorkCallbacks(work, FALSE);
}

START_TEST(submit_and_wait_after_close_are_reported)
{	/* WORK-19 */
	ck_assert_ptr_nonnull(strstr(report_of(submit_after_close, NULL,
		true), "error closed-object: SubmitThreadpoolWork("));
	ck_assert_ptr_nonnull(strstr(report_of(wait_after_close, NULL,
		true), "error closed-object: WaitForThreadpoolWorkCallbacks("));
}
END_TEST

static VOID CALLBACK
wait_for_own_work(PTP_CALLBACK_INSTANCE instance, PVOID context,
	PTP_WORK work)
{
	(void)instance;
	(void)context;
	WaitForThreadpoolWorkCallbacks(work, FALSE);
}

static void
wait_for_oneself(void *unused)
{
	PTP_WORK work = CreateThreadpoolWork(wait_for_own_work, NULL, NULL);

	(void)unused;
	SubmitThreadpoolWork(work);
	WaitForThreadpoolWorkCallbacks(work, FALSE);
}

START_TEST(wait_of_a_callback_for_its_own_work_is_reported)
{	/* WORK-20 */
	ck_assert_ptr_nonnull(strstr(report_of(wait_for_oneself, NULL, true),
		"error self-wait: WaitForThreadpoolWorkCallbacks("));
}
END_TEST

/* ---- The suite ---- */

int
main(void)
{
	Suite *suite = suite_create("close");
	TCase *small = harness_case(suite, "small");

	tcase_add_test(small, close_returns_at_once_and_lets_posts_finish);
	tcase_add_test(small, callback_may_close_its_own_work);
	tcase_add_test(small,
		callback_may_close_work_that_another_thread_waits_for);
	tcase_add_test(small,
		a_wait_keeps_alive_the_work_that_a_callback_closes);
	if (TP_CHECK) {
		tcase_add_test(small,
			submit_and_wait_after_close_are_reported);
		tcase_add_test(small,
			wait_of_a_callback_for_its_own_work_is_reported);
	}
	return harness_run(suite);
}

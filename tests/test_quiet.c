/* SPDX-License-Identifier: MIT */
/*
 * test_quiet.c - waiting until work is quiet, and cancelling its posts
 *
 * A wait lasts until nothing of the object is queued or runs; a cancel drops
 * what is queued and leaves alone what runs. Both are about moments: a test
 * looks into the object to see that a thread waits or that the posts are
 * gone, and only then opens the gate at which the callbacks stand.
 *
 * That a wait has not ended too early is seen by what the waiter finds when
 * it returns: it reads the tally of the callbacks that have finished.
 */
#include "scene.h"

/* ---- Waiting ---- */

START_TEST(wait_covers_posts_made_by_running_callbacks)
{	/* WORK-08 */
	struct scene scene = SCENE_INIT;
	struct resubmit resubmit = { 3, TALLY_INIT };
	PTP_WORK work;

	scene_open(&scene, 2);
	work = CreateThreadpoolWork(submit_again, &resubmit,
		&scene.private.environ);
	SubmitThreadpoolWork(work);
	WaitForThreadpoolWorkCallbacks(work, FALSE);
	ck_assert_uint_eq(tally_read(&resubmit.runs), 3);
	CloseThreadpoolWork(work);
	scene_close(&scene);
}
END_TEST

START_TEST(wait_lasts_until_the_last_callback_has_returned)
{	/* WORK-09 */
	struct scene scene = SCENE_INIT;
	struct waiter waiter = { .finished = &scene.finished };

	scene_open(&scene, 1);
	waiter.work = scene.work;
	submit(scene.work, 3);
	gate_await_waiting(&scene.gate, 1);
	start(&waiter.thread, wait_for_work, &waiter);
	await(has_waiter, scene.work);
	gate_open(&scene.gate);
	join(waiter.thread);
	ck_assert_uint_eq(waiter.seen, 3);
	scene_close(&scene);
}
END_TEST

START_TEST(wait_for_an_idle_object_returns_at_once)
{	/* WORK-10 */
	struct scene scene = SCENE_INIT;

	scene_open(&scene, 1);
	WaitForThreadpoolWorkCallbacks(scene.work, FALSE);
	WaitForThreadpoolWorkCallbacks(scene.work, TRUE);
	gate_open(&scene.gate);
	submit(scene.work, 1);
	WaitForThreadpoolWorkCallbacks(scene.work, FALSE);
	WaitForThreadpoolWorkCallbacks(scene.work, FALSE);
	WaitForThreadpoolWorkCallbacks(scene.work, TRUE);
	ck_assert_uint_eq(tally_read(&scene.finished), 1);
	scene_close(&scene);
}
END_TEST

START_TEST(wait_is_for_one_object_only)
{	/* WORK-15 */
	struct scene scene = SCENE_INIT;
	struct tally runs = TALLY_INIT;
	PTP_WORK other;

	scene_open(&scene, 2);
	other = counting_work(&scene, &runs);
	submit(scene.work, 1);
	gate_await_waiting(&scene.gate, 1);
	submit(other, 5);
	WaitForThreadpoolWorkCallbacks(other, FALSE);
	ck_assert_uint_eq(tally_read(&runs), 5);
	ck_assert_uint_eq(tally_read(&scene.finished), 0);
	gate_open(&scene.gate);
	CloseThreadpoolWork(other);
	scene_close(&scene);
}
END_TEST

START_TEST(several_threads_may_wait_for_one_object)
{	/* WORK-09 */
	struct scene scene = SCENE_INIT;
	struct waiter waiters[4];

	scene_open(&scene, 2);
	submit(scene.work, 5);
	gate_await_waiting(&scene.gate, 2);
	for (int i = 0; i < 4; i++) {
		waiters[i] = (struct waiter){ .work = scene.work,
			.finished = &scene.finished };
		start(&waiters[i].thread, wait_for_work, &waiters[i]);
	}
	await(has_waiter, scene.work);
	gate_open(&scene.gate);
	for (int i = 0; i < 4; i++) {
		join(waiters[i].thread);
		ck_assert_uint_eq(waiters[i].seen, 5);
	}
	scene_close(&scene);
}
END_TEST

/*
 * Two threads wait for one callback. Each, released, posts the object anew;
 * the new callback is held back until both have been released. A waiter
 * that looked at the object again would be caught by the other's post.
 */
struct repost {
	PTP_WORK work;
	struct gate first, later;
	struct tally started, released;
};

static VOID CALLBACK
pass_first_or_later(PTP_CALLBACK_INSTANCE instance, PVOID context,
	PTP_WORK work)
{
	struct repost *repost = context;

	(void)instance;
	(void)work;
	gate_wait(tally_add(&repost->started) == 1 ?
		&repost->first : &repost->later);
}

static void *
wait_and_repost(void *argument)
{
	struct repost *repost = argument;

	WaitForThreadpoolWorkCallbacks(repost->work, FALSE);
	SubmitThreadpoolWork(repost->work);
	tally_add(&repost->released);
	return NULL;
}

static bool
has_four_waiters(void *work)
{
	struct tp_object *object = work;
	unsigned waiters = 0;

	tp_lock(&object->pool->lock);
	for (struct tp_list *node = object->waiters.next;
	     node != &object->waiters; node = node->next)
		waiters++;
	tp_unlock(&object->pool->lock);
	return waiters == 4;
}

START_TEST(waiter_is_released_although_the_object_is_posted_again)
{	/* WORK-09 */
	struct private_pool private;

	private_pool_open(&private, 1, 1);
	for (int round = 0; round < 100; round++) {
		struct repost repost = { .first = GATE_INIT,
			.later = GATE_INIT, .started = TALLY_INIT,
			.released = TALLY_INIT };
		pthread_t threads[4];

		repost.work = CreateThreadpoolWork(pass_first_or_later,
			&repost, &private.environ);
		SubmitThreadpoolWork(repost.work);
		gate_await_waiting(&repost.first, 1);
		for (int i = 0; i < 4; i++)
			start(&threads[i], wait_and_repost, &repost);
		await(has_four_waiters, repost.work);
		gate_open(&repost.first);
		tally_await(&repost.released, 4);
		gate_open(&repost.later);
		for (int i = 0; i < 4; i++)
			join(threads[i]);
		WaitForThreadpoolWorkCallbacks(repost.work, FALSE);
		ck_assert_uint_eq(tally_read(&repost.started), 5);
		CloseThreadpoolWork(repost.work);
	}
	private_pool_close(&private);
}
END_TEST

/* ---- Cancelling ---- */

static bool
has_no_posts(void *work)
{
	struct tp_object *object = work;
	bool none;

	tp_lock(&object->pool->lock);
	none = object->pending == 0;
	tp_unlock(&object->pool->lock);
	return none;
}

START_TEST(cancel_drops_every_post_that_has_not_started)
{	/* WORK-11 */
	struct scene scene = SCENE_INIT;
	struct waiter waiter = { .cancel = TRUE,
		.finished = &scene.finished };

	scene_open(&scene, 1);
	waiter.work = scene.work;
	submit(scene.work, 10);
	gate_await_waiting(&scene.gate, 1);
	start(&waiter.thread, wait_for_work, &waiter);
	await(has_no_posts, scene.work);
	gate_open(&scene.gate);
	join(waiter.thread);
	WaitForThreadpoolWorkCallbacks(scene.work, FALSE);
	ck_assert_uint_eq(tally_read(&scene.started), 1);
	scene_close(&scene);
}
END_TEST

START_TEST(cancel_never_interrupts_a_callback_that_has_started)
{	/* WORK-12 */
	struct scene scene = SCENE_INIT;
	struct waiter waiter = { .cancel = TRUE,
		.finished = &scene.finished };

	scene_open(&scene, 1);
	waiter.work = scene.work;
	submit(scene.work, 1);
	gate_await_waiting(&scene.gate, 1);
	start(&waiter.thread, wait_for_work, &waiter);
	await(has_waiter, scene.work);
	ck_assert_uint_eq(tally_read(&scene.finished), 0);
	gate_open(&scene.gate);
	join(waiter.thread);
	ck_assert_uint_eq(waiter.seen, 1);	/* its last line has run */
	scene_close(&scene);
}
END_TEST

START_TEST(cancel_with_nothing_running_does_not_wait)
{	/* WORK-11 */
	struct scene scene = SCENE_INIT;
	struct tally runs = TALLY_INIT;
	PTP_WORK work;

	scene_open(&scene, 1);
	work = counting_work(&scene, &runs);
	submit(scene.work, 1);
	gate_await_waiting(&scene.gate, 1);	/* the only thread is taken */
	submit(work, 5);
	WaitForThreadpoolWorkCallbacks(work, TRUE);
	submit(work, 2);			/* and it can be used again */
	gate_open(&scene.gate);
	WaitForThreadpoolWorkCallbacks(work, FALSE);
	ck_assert_uint_eq(tally_read(&runs), 2);
	CloseThreadpoolWork(work);
	scene_close(&scene);
}
END_TEST

struct late_post {
	struct gate gate;
	struct tally runs;
};

static VOID CALLBACK
submit_once_more_at_the_end(PTP_CALLBACK_INSTANCE instance, PVOID context,
	PTP_WORK work)
{
	struct late_post *late = context;

	(void)instance;
	gate_wait(&late->gate);
	if (tally_add(&late->runs) == 1)
		SubmitThreadpoolWork(work);
}

START_TEST(cancel_spares_what_a_running_callback_posts_afterwards)
{	/* WORK-13, port-defined */
	struct scene scene = SCENE_INIT;
	struct late_post late = { GATE_INIT, TALLY_INIT };
	struct waiter waiter = { .cancel = TRUE, .finished = &late.runs };

	scene_open(&scene, 1);
	waiter.work = CreateThreadpoolWork(submit_once_more_at_the_end,
		&late, &scene.private.environ);
	submit(waiter.work, 7);
	gate_await_waiting(&late.gate, 1);
	start(&waiter.thread, wait_for_work, &waiter);
	await(has_no_posts, waiter.work);
	gate_open(&late.gate);
	join(waiter.thread);
	ck_assert_uint_eq(waiter.seen, 2);
	CloseThreadpoolWork(waiter.work);
	scene_close(&scene);
}
END_TEST

START_TEST(cancel_leaves_other_objects_alone)
{	/* WORK-14 */
	struct scene scene = SCENE_INIT;
	struct tally a = TALLY_INIT, b = TALLY_INIT;
	PTP_WORK first, second;

	scene_open(&scene, 1);
	first = counting_work(&scene, &a);
	second = counting_work(&scene, &b);
	submit(scene.work, 1);
	gate_await_waiting(&scene.gate, 1);
	for (int i = 0; i < 5; i++) {
		SubmitThreadpoolWork(first);
		SubmitThreadpoolWork(second);
	}
	WaitForThreadpoolWorkCallbacks(first, TRUE);
	gate_open(&scene.gate);
	WaitForThreadpoolWorkCallbacks(second, FALSE);
	ck_assert_uint_eq(tally_read(&a), 0);
	ck_assert_uint_eq(tally_read(&b), 5);
	CloseThreadpoolWork(first);
	CloseThreadpoolWork(second);
	scene_close(&scene);
}
END_TEST

START_TEST(cancel_releases_the_waits_of_other_threads)
{	/* WORK-11 */
	struct scene scene = SCENE_INIT;
	struct tally runs = TALLY_INIT;
	struct waiter waiter = { .finished = &runs, .seen = 99 };

	scene_open(&scene, 1);
	waiter.work = counting_work(&scene, &runs);
	submit(scene.work, 1);
	gate_await_waiting(&scene.gate, 1);	/* nothing else can run */
	submit(waiter.work, 5);
	start(&waiter.thread, wait_for_work, &waiter);
	await(has_waiter, waiter.work);
	WaitForThreadpoolWorkCallbacks(waiter.work, TRUE);
	join(waiter.thread);
	ck_assert_uint_eq(waiter.seen, 0);
	gate_open(&scene.gate);
	CloseThreadpoolWork(waiter.work);
	scene_close(&scene);
}
END_TEST

/* ---- The suite ---- */

int
main(void)
{
	Suite *suite = suite_create("quiet");
	TCase *small = harness_case(suite, "small");
	TCase *large = harness_case(suite, "large");

	tcase_add_test(small, wait_covers_posts_made_by_running_callbacks);
	tcase_add_test(small, wait_lasts_until_the_last_callback_has_returned);
	tcase_add_test(small, wait_for_an_idle_object_returns_at_once);
	tcase_add_test(small, wait_is_for_one_object_only);
	tcase_add_test(small, several_threads_may_wait_for_one_object);
	tcase_add_test(large,
		waiter_is_released_although_the_object_is_posted_again);
	tcase_add_test(small, cancel_drops_every_post_that_has_not_started);
	tcase_add_test(small,
		cancel_never_interrupts_a_callback_that_has_started);
	tcase_add_test(small, cancel_with_nothing_running_does_not_wait);
	tcase_add_test(small,
		cancel_spares_what_a_running_callback_posts_afterwards);
	tcase_add_test(small, cancel_leaves_other_objects_alone);
	tcase_add_test(small, cancel_releases_the_waits_of_other_threads);
	return harness_run(suite);
}

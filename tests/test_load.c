/* SPDX-License-Identifier: MIT */
/*
 * test_load.c - work objects under load: many posts, from many threads
 *
 * The large tests run the numbers of the issue. ThreadSanitizer makes every
 * step some twenty times dearer: with it they run a quarter (LOAD).
 *
 * Some of them end objects and pools while a submit is still on its way:
 * they order nothing, and leave it to the number of rounds, and to the
 * sanitizers, that the bad moment comes.
 */
#include "scene.h"

#if defined(__SANITIZE_THREAD__)
#define LOAD(n)	((n) / 4)
#elif defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define LOAD(n)	((n) / 4)
#endif
#endif
#ifndef LOAD
#define LOAD(n)	(n)
#endif

/* ---- Counting to large numbers ---- */

static VOID CALLBACK
add_one(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_WORK work)
{
	(void)instance;
	(void)work;
	InterlockedIncrement(context);
}

static VOID CALLBACK
add_one_simple(PTP_CALLBACK_INSTANCE instance, PVOID context)
{
	(void)instance;
	InterlockedIncrement(context);
}

struct submitter {
	pthread_t thread;
	PTP_WORK work;
	unsigned times;
};

static void *
submit_many(void *argument)
{
	struct submitter *submitter = argument;

	submit(submitter->work, submitter->times);
	return NULL;
}

/* Threads submit one object so often each; nothing may be lost. */
static void
submit_from_threads(unsigned threads, unsigned times)
{
	struct submitter submitters[8];
	LONG volatile runs = 0;
	PTP_WORK work = CreateThreadpoolWork(add_one, (PVOID)&runs, NULL);

	ck_assert_ptr_nonnull(work);
	for (unsigned i = 0; i < threads; i++) {
		submitters[i].work = work;
		submitters[i].times = times;
		start(&submitters[i].thread, submit_many, &submitters[i]);
	}
	for (unsigned i = 0; i < threads; i++)
		join(submitters[i].thread);
	WaitForThreadpoolWorkCallbacks(work, FALSE);
	CloseThreadpoolWork(work);
	ck_assert_int_eq(runs, (LONG)(threads * times));
}

START_TEST(threads_submit_and_nothing_is_lost)
{	/* WORK-27 */
	submit_from_threads((unsigned)enough(8, 3),
		(unsigned)enough(200, 3));
}
END_TEST

START_TEST(eight_threads_submit_100000_times_each_and_nothing_is_lost)
{	/* WORK-27 */
	submit_from_threads(8, LOAD(100000));
}
END_TEST

START_TEST(a_million_posts_of_one_object_all_run)
{	/* WORK-03, WORK-04 */
	struct scene scene = SCENE_INIT;
	LONG volatile runs = 0;
	PTP_WORK work;
	unsigned long before;

	scene_open(&scene, 1);
	work = CreateThreadpoolWork(add_one, (PVOID)&runs,
		&scene.private.environ);
	submit(scene.work, 1);
	gate_await_waiting(&scene.gate, 1);	/* so that all are queued */
	before = made_allocations();
	fail_allocations(true);
	submit(work, LOAD(1000000));
	ck_assert_int_eq(runs, 0);
	gate_open(&scene.gate);
	WaitForThreadpoolWorkCallbacks(work, FALSE);
	ck_assert_int_eq(runs, LOAD(1000000));
	ck_assert_uint_eq(made_allocations(), before);
	fail_allocations(false);
	CloseThreadpoolWork(work);
	scene_close(&scene);
}
END_TEST

static bool
has_reached(void *runs)
{
	return InterlockedCompareExchange(runs, 0, 0) == LOAD(100000);
}

START_TEST(a_hundred_thousand_simple_callbacks_all_run)
{	/* WORK-21 */
	LONG volatile runs = 0;

	for (int i = 0; i < LOAD(100000); i++)
		ck_assert(TrySubmitThreadpoolCallback(add_one_simple,
			(PVOID)&runs, NULL));
	await(has_reached, (void *)&runs);
}
END_TEST

/* ---- Ends, and everything at once ---- */

struct own_end {
	struct tally closed;
};

static VOID CALLBACK
close_and_count(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_WORK work)
{
	struct own_end *end = context;

	(void)instance;
	CloseThreadpoolWork(work);
	tally_add(&end->closed);
}

/*
 * The last reference of each object is dropped on a worker, often while the
 * submitting thread is still inside SubmitThreadpoolWork.
 */
START_TEST(object_may_end_while_its_submit_has_not_returned)
{	/* WORK-18 */
	struct own_end end = { TALLY_INIT };
	unsigned long objects = LOAD(20000);

	for (unsigned long i = 0; i < objects; i++) {
		PTP_WORK work = CreateThreadpoolWork(close_and_count, &end,
			NULL);

		ck_assert_ptr_nonnull(work);
		SubmitThreadpoolWork(work);
	}
	tally_await(&end.closed, objects);
}
END_TEST

/* The same with a pool each: pool and object end during the submit. */
START_TEST(pool_may_end_while_the_last_submit_has_not_returned)
{	/* WORK-18, POOL-20 */
	struct own_end end = { TALLY_INIT };
	unsigned long pools = LOAD(2000);

	for (unsigned long i = 0; i < pools; i++) {
		struct private_pool private;

		private_pool_open(&private, 0, 2);
		ck_assert(TrySubmitThreadpoolCallback(count_simple,
			&end.closed, &private.environ));
		private_pool_close(&private);
	}
	tally_await(&end.closed, pools);
}
END_TEST

/* Waiters, cancellers and submitters of one object, all at once. */
struct melee {
	PTP_WORK work;
	LONG volatile runs;
	unsigned rounds;
};

static void *
wait_often(void *argument)
{
	struct melee *melee = argument;

	for (unsigned i = 0; i < melee->rounds; i++)
		WaitForThreadpoolWorkCallbacks(melee->work, i % 2 == 0);
	return NULL;
}

static void *
submit_often(void *argument)
{
	struct melee *melee = argument;

	for (unsigned i = 0; i < melee->rounds; i++)
		submit(melee->work, 3);
	return NULL;
}

static VOID CALLBACK
count_melee(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_WORK work)
{
	struct melee *melee = context;

	(void)instance;
	(void)work;
	InterlockedIncrement(&melee->runs);
}

START_TEST(waits_and_cancels_and_submits_at_once_all_end)
{	/* WORK-09, WORK-11, WORK-27 */
	struct private_pool private;
	struct melee melee = { .rounds = LOAD(20000) };
	pthread_t threads[6];
	LONG before;

	private_pool_open(&private, 0, 4);
	melee.work = CreateThreadpoolWork(count_melee, &melee,
		&private.environ);
	for (int i = 0; i < 6; i++)
		start(&threads[i], i < 3 ? submit_often : wait_often,
			&melee);
	for (int i = 0; i < 6; i++)
		join(threads[i]);
	WaitForThreadpoolWorkCallbacks(melee.work, TRUE);
	before = melee.runs;
	ck_assert_int_le(before, (LONG)(9 * melee.rounds));
	submit(melee.work, 10);
	WaitForThreadpoolWorkCallbacks(melee.work, FALSE);
	ck_assert_int_eq(melee.runs, before + 10);
	CloseThreadpoolWork(melee.work);
	private_pool_close(&private);
}
END_TEST

/* Workers retire after 1 ms: posts and departures meet all the time. */
START_TEST(posts_are_not_lost_to_workers_that_retire)
{	/* WORK-04, POOL-16, port-defined */
	struct private_pool private;
	LONG volatile runs = 0;
	PTP_WORK work;
	int rounds = LOAD(2000);

	setenv("TP_IDLE_MS", "1", 1);
	private_pool_open(&private, 0, 4);
	work = CreateThreadpoolWork(add_one, (PVOID)&runs, &private.environ);
	for (int i = 0; i < rounds; i++) {
		submit(work, 4);
		WaitForThreadpoolWorkCallbacks(work, FALSE);
		ck_assert_int_eq(runs, 4 * (i + 1));
		if (i % 8 == 0)		/* only to vary the spacing */
			Sleep(1);
	}
	CloseThreadpoolWork(work);
	private_pool_close(&private);
}
END_TEST

/* ---- The suite ---- */

int
main(void)
{
	Suite *suite = suite_create("load");
	TCase *small = harness_case(suite, "small");
	TCase *large = harness_case(suite, "large");

	tcase_add_test(small, threads_submit_and_nothing_is_lost);
	tcase_add_test(large,
		eight_threads_submit_100000_times_each_and_nothing_is_lost);
	tcase_add_test(large, a_million_posts_of_one_object_all_run);
	tcase_add_test(large, a_hundred_thousand_simple_callbacks_all_run);
	tcase_add_test(large, object_may_end_while_its_submit_has_not_returned);
	tcase_add_test(large,
		pool_may_end_while_the_last_submit_has_not_returned);
	tcase_add_test(large, waits_and_cancels_and_submits_at_once_all_end);
	tcase_add_test(large, posts_are_not_lost_to_workers_that_retire);
	return harness_run(suite);
}

/* SPDX-License-Identifier: MIT */
/*
 * test_limits.c - the minimum and the maximum of a pool
 *
 * That a pool does not exceed its maximum is shown by posting more than may
 * run: as many as the limit enter and stand at a gate, and while other
 * threads have time to run, no other enters. That threads above the minimum
 * leave is seen by counting the threads of the process.
 */
#include <limits.h>

#include "crowd.h"

START_TEST(default_maximum_is_500)
{	/* POOL-03 */
	struct private_pool private;
	struct crowd crowd = CROWD_INIT;
	PTP_WORK work;

	setenv("TP_PROCESSORS", "1000", 1);	/* grow without delay */
	private.pool = CreateThreadpool(NULL);
	InitializeThreadpoolEnvironment(&private.environ);
	SetThreadpoolCallbackPool(&private.environ, private.pool);
	work = work_in(&private, join_crowd, &crowd);
	submit(work, 600);
	tally_await(&crowd.started, 500);
	let_others_run();
	ck_assert_uint_eq(tally_read(&crowd.started), 500);
	gate_open(&crowd.gate);
	finish(work);
	ck_assert_uint_eq(tally_read(&crowd.finished), 600);
	private_pool_close(&private);
}
END_TEST

/* Posts so many at a pool whose maximum is limit: exactly limit enter. */
static void
expect_limit(struct private_pool *private, unsigned limit, unsigned posts)
{
	struct crowd crowd = CROWD_INIT;
	PTP_WORK work = work_in(private, join_crowd, &crowd);

	submit(work, posts);
	tally_await(&crowd.started, limit);
	let_others_run();
	ck_assert_uint_eq(tally_read(&crowd.started), limit);
	gate_open(&crowd.gate);
	finish(work);
	ck_assert_uint_eq(crowd.most, limit);
	ck_assert_uint_eq(tally_read(&crowd.finished), posts);
}

START_TEST(maximum_one_means_one_after_another)
{	/* POOL-05 */
	struct private_pool private;

	setenv("TP_STALL_MS", "1", 1);
	private_pool_open(&private, 0, 1);
	expect_limit(&private, 1, 10);
	private_pool_close(&private);
}
END_TEST

START_TEST(maximum_limits_how_many_run_at_once)
{	/* POOL-06 */
	struct private_pool private;

	setenv("TP_STALL_MS", "1", 1);
	private_pool_open(&private, 0, 4);
	expect_limit(&private, 4, 20);
	private_pool_close(&private);
}
END_TEST

START_TEST(raised_maximum_starts_what_is_queued)
{	/* POOL-08, port-defined */
	struct private_pool private;
	struct crowd crowd = CROWD_INIT;
	PTP_WORK work;

	setenv("TP_PROCESSORS", "4", 1);
	private_pool_open(&private, 0, 1);
	work = work_in(&private, join_crowd, &crowd);
	submit(work, 3);
	gate_await_waiting(&crowd.gate, 1);
	SetThreadpoolThreadMaximum(private.pool, 3);
	gate_await_waiting(&crowd.gate, 3);
	gate_open(&crowd.gate);
	finish(work);
	private_pool_close(&private);
}
END_TEST

START_TEST(minimum_above_the_maximum_starts_what_is_queued)
{	/* POOL-08, POOL-13, port-defined */
	struct private_pool private;
	struct crowd crowd = CROWD_INIT;
	PTP_WORK work;

	private_pool_open(&private, 0, 1);
	work = work_in(&private, join_crowd, &crowd);
	submit(work, 3);
	gate_await_waiting(&crowd.gate, 1);
	ck_assert(SetThreadpoolThreadMinimum(private.pool, 3));
	gate_await_waiting(&crowd.gate, 3);
	gate_open(&crowd.gate);
	finish(work);
	private_pool_close(&private);
}
END_TEST

START_TEST(setting_the_maximum_returns_nothing)
{	/* POOL-09 */
	ck_assert_int_eq(_Generic(&SetThreadpoolThreadMaximum,
		VOID (WINAPI *)(PTP_POOL, DWORD): 1, default: 0), 1);
	ck_assert_int_eq(_Generic(&SetThreadpoolThreadMinimum,
		BOOL (WINAPI *)(PTP_POOL, DWORD): 1, default: 0), 1);
}
END_TEST

START_TEST(minimum_that_cannot_be_had_leaves_the_old_one_in_force)
{	/* POOL-10, POOL-16, port-defined */
	unsigned long before;

	setenv("TP_IDLE_MS", "1", 1);
	setenv("TP_STALL_MS", "1", 1);
	ck_assert_uint_eq(tp_dispatcher_start(), 0);	/* it stays */
	before = live_threads();
	for (unsigned long failing = 1; failing <= 4; failing++) {
		struct private_pool private;

		private_pool_open(&private, 2, 3);
		fail_thread_number(failing);
		SetLastError(NO_ERROR);
		ck_assert(!SetThreadpoolThreadMinimum(private.pool, 6));
		ck_assert_uint_eq(GetLastError(), ERROR_NOT_ENOUGH_MEMORY);
		await_threads(before + 2);	/* the others retire again */
		expect_limit(&private, 3, 9);	/* nor has the maximum risen */
		ck_assert(SetThreadpoolThreadMinimum(private.pool, 6));
		await_threads(before + 6);
		private_pool_close(&private);
		await_threads(before);
	}
}
END_TEST

/* A minimum whose one thread is held back at the gate, and then refused. */
struct setter {
	struct private_pool private;
	struct gate gate;
};

static void *
set_minimum_in_vain(void *argument)
{
	struct setter *setter = argument;

	hold_threads(&setter->gate);
	fail_thread_number(1);
	ck_assert(!SetThreadpoolThreadMinimum(setter->private.pool, 3));
	return NULL;
}

START_TEST(maximum_set_meanwhile_outlives_a_minimum_that_fails)
{	/* POOL-10, POOL-13, port-defined */
	struct setter setter = { .gate = GATE_INIT };
	pthread_t thread;

	setenv("TP_STALL_MS", "1", 1);
	private_pool_open(&setter.private, 0, 2);
	ck_assert_int_eq(pthread_create(&thread, NULL, set_minimum_in_vain,
		&setter), 0);
	gate_await_waiting(&setter.gate, 1);
	/* The very number that the minimum has raised it to. */
	SetThreadpoolThreadMaximum(setter.private.pool, 3);
	hold_threads(NULL);
	gate_open(&setter.gate);
	ck_assert_int_eq(pthread_join(thread, NULL), 0);
	ck_assert_uint_eq(setter.private.pool->maximum, 3);
	expect_limit(&setter.private, 3, 9);
	private_pool_close(&setter.private);
}
END_TEST

START_TEST(minimum_beyond_all_numbers_is_refused)
{	/* POOL-10 */
	struct private_pool private;
	struct tally runs = TALLY_INIT;
	PTP_WORK work;

	private_pool_open(&private, 0, 4);
	work = work_in(&private, count_work, &runs);
	fail_threads(true);
	SetLastError(NO_ERROR);
	ck_assert(!SetThreadpoolThreadMinimum(private.pool, UINT_MAX));
	ck_assert_uint_eq(GetLastError(), ERROR_NOT_ENOUGH_MEMORY);
	fail_threads(false);
	SetThreadpoolThreadMaximum(private.pool, UINT_MAX);
	submit(work, 10);
	finish(work);
	ck_assert_uint_eq(tally_read(&runs), 10);
	private_pool_close(&private);
}
END_TEST

START_TEST(minimum_makes_the_missing_threads_at_once)
{	/* POOL-11, port-defined */
	struct private_pool private;
	unsigned long before;

	private_pool_open(&private, 0, 500);
	before = made_threads();
	ck_assert(SetThreadpoolThreadMinimum(private.pool, 4));
	ck_assert_uint_eq(made_threads() - before, 4);
	ck_assert(SetThreadpoolThreadMinimum(private.pool, 6));
	ck_assert_uint_eq(made_threads() - before, 6);
	private_pool_close(&private);
}
END_TEST

START_TEST(lowered_maximum_ends_no_callback)
{	/* POOL-12 */
	struct private_pool private;
	struct crowd before = CROWD_INIT, after = CROWD_INIT;
	PTP_WORK first, second;
	unsigned long threads = live_threads();

	private_pool_open(&private, 8, 8);
	first = work_in(&private, join_crowd, &before);
	second = work_in(&private, join_crowd, &after);
	submit(first, 8);
	gate_await_waiting(&before.gate, 8);
	SetThreadpoolThreadMaximum(private.pool, 2);
	submit(second, 20);
	gate_open(&after.gate);
	gate_open(&before.gate);
	finish(first);
	finish(second);
	ck_assert_uint_eq(tally_read(&before.finished), 8);
	ck_assert_uint_eq(tally_read(&after.finished), 20);
	ck_assert_uint_le(after.most, 2);
	private_pool_close(&private);
	await_threads(threads);
}
END_TEST

START_TEST(surplus_threads_go_when_they_are_idle)
{	/* POOL-12, POOL-16, port-defined */
	struct private_pool private;
	struct crowd crowd = CROWD_INIT;
	PTP_WORK work;
	unsigned long threads = live_threads();

	setenv("TP_IDLE_MS", "1", 1);
	private_pool_open(&private, 8, 8);
	work = work_in(&private, join_crowd, &crowd);
	submit(work, 8);
	gate_await_waiting(&crowd.gate, 8);
	SetThreadpoolThreadMaximum(private.pool, 2);
	let_others_run();
	ck_assert_uint_eq(workers(private.pool), 8);
	gate_open(&crowd.gate);
	await_threads(threads + 2);
	finish(work);
	private_pool_close(&private);
}
END_TEST

START_TEST(of_minimum_and_maximum_the_last_call_wins)
{	/* POOL-13, port-defined */
	struct private_pool private;

	setenv("TP_STALL_MS", "1", 1);
	private_pool_open(&private, 0, 2);
	ck_assert(SetThreadpoolThreadMinimum(private.pool, 5));
	expect_limit(&private, 5, 9);
	SetThreadpoolThreadMaximum(private.pool, 2);
	expect_limit(&private, 2, 9);
	private_pool_close(&private);
}
END_TEST

START_TEST(maximum_zero_is_taken_as_one)
{	/* POOL-14, port-defined */
	struct private_pool private;

	setenv("TP_STALL_MS", "1", 1);
	private_pool_open(&private, 0, 0);
	expect_limit(&private, 1, 5);
	private_pool_close(&private);
}
END_TEST

static VOID CALLBACK
note_thread(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_WORK work)
{
	(void)instance;
	(void)work;
	*(DWORD *)context = GetCurrentThreadId();
}

START_TEST(a_pool_of_one_thread_keeps_it_for_life)
{	/* POOL-15 */
	struct private_pool private;
	DWORD thread = 0, first = 0;
	PTP_WORK work;

	setenv("TP_IDLE_MS", "1", 1);
	private_pool_open(&private, 1, 1);
	work = work_in(&private, note_thread, &thread);
	for (int i = 0; i < 3; i++) {
		submit(work, 1);
		WaitForThreadpoolWorkCallbacks(work, FALSE);
		if (i == 0)
			first = thread;
		ck_assert_uint_eq(thread, first);
		let_others_run();	/* more than the idle time */
	}
	finish(work);
	private_pool_close(&private);
}
END_TEST

START_TEST(idle_threads_above_the_minimum_retire)
{	/* POOL-16, port-defined */
	struct private_pool private;
	unsigned long before = live_threads();

	setenv("TP_IDLE_MS", "1", 1);
	private_pool_open(&private, 8, 8);
	ck_assert_uint_eq(workers(private.pool), 8);
	let_others_run();
	ck_assert_uint_eq(workers(private.pool), 8);
	ck_assert(SetThreadpoolThreadMinimum(private.pool, 2));
	await_threads(before + 2);
	let_others_run();
	ck_assert_uint_eq(workers(private.pool), 2);
	private_pool_close(&private);
}
END_TEST

/* ---- The suite ---- */

int
main(void)
{
	Suite *suite = suite_create("limits");
	TCase *small = harness_case(suite, "small");
	TCase *large = harness_case(suite, "large");

	tcase_add_test(large, default_maximum_is_500);
	tcase_add_test(small, maximum_one_means_one_after_another);
	tcase_add_test(small, maximum_limits_how_many_run_at_once);
	tcase_add_test(small, raised_maximum_starts_what_is_queued);
	tcase_add_test(small, minimum_above_the_maximum_starts_what_is_queued);
	tcase_add_test(small, setting_the_maximum_returns_nothing);
	tcase_add_test(small,
		minimum_that_cannot_be_had_leaves_the_old_one_in_force);
	tcase_add_test(small,
		maximum_set_meanwhile_outlives_a_minimum_that_fails);
	tcase_add_test(small, minimum_beyond_all_numbers_is_refused);
	tcase_add_test(small, minimum_makes_the_missing_threads_at_once);
	tcase_add_test(large, lowered_maximum_ends_no_callback);
	tcase_add_test(large, surplus_threads_go_when_they_are_idle);
	tcase_add_test(small, of_minimum_and_maximum_the_last_call_wins);
	tcase_add_test(small, maximum_zero_is_taken_as_one);
	tcase_add_test(small, a_pool_of_one_thread_keeps_it_for_life);
	tcase_add_test(large, idle_threads_above_the_minimum_retire);
	return harness_run(suite);
}

/* SPDX-License-Identifier: MIT */
/*
 * test_timer_limits.c - timers without memory or threads, and at the extremes
 *
 * Create may fail, and then nothing is left of it, and it can be repeated;
 * whatever comes after it cannot: it takes no memory and no thread. The
 * harness makes each allocation and each thread fail in turn (harness.h).
 *
 * Times, periods and windows may be as large as their types allow. What is
 * beyond the end of all time never comes, and no sum of these wraps around
 * so that it comes early.
 */
#include "timing.h"

/* ---- Shortage ---- */

START_TEST(setting_a_timer_takes_no_memory_and_no_thread)
{	/* TIMER-32 */
	struct stage stage;
	unsigned long before;
	PTP_TIMER a;

	not_on_a_slow_machine();
	stage_open(&stage, 1);
	a = bell_of(&stage, 'a');
	fail_allocations(true);
	fail_threads(true);
	before = made_allocations();
	set_ms(a, 0, 0);
	set_ticks(a, wall_now() + 5 * MS, 0, 0);
	tally_await(&stage.diary.written, 2);
	WaitForThreadpoolTimerCallbacks(a, FALSE);
	ck_assert(set_ms_ex(a, DAY_MS));
	for (int i = 0; i < 100; i++)
		set_ms(a, i, 1);
	unset(a);
	WaitForThreadpoolTimerCallbacks(a, TRUE);
	set_ticks(a, -5 * MS, 0, 0xFFFFFFFF);
	ck_assert(IsThreadpoolTimerSet(a));
	CloseThreadpoolTimer(a);
	ck_assert_uint_eq(made_allocations(), before);
	fail_allocations(false);
	fail_threads(false);
	stage_close(&stage);
}
END_TEST

/* Create fails so often, then it works, and the timer rings. */
static unsigned long
failures_of_create(void (*fail_number)(unsigned long n))
{
	struct tally rings = TALLY_INIT;
	unsigned long n = 0;
	PTP_TIMER a;

	do {
		SetLastError(0xDEAD);
		fail_number(++n);
		a = CreateThreadpoolTimer(count_timer, &rings, NULL);
		fail_number(0);
		if (a == NULL)
			ck_assert_uint_eq(GetLastError(),
				ERROR_NOT_ENOUGH_MEMORY);
	} while (a == NULL);
	set_ms(a, 1, 0);
	tally_await(&rings, 1);
	end_timer(a);
	return n - 1;
}

START_TEST(a_create_that_gets_no_memory_fails_and_can_be_repeated)
{	/* TIMER-32 */
	/* The timer itself; the default pool may need more than that. */
	ck_assert_uint_ge(failures_of_create(fail_allocation_number), 1);
	ck_assert_uint_eq(failures_of_create(fail_allocation_number), 1);
}
END_TEST

START_TEST(a_create_that_gets_no_thread_fails_and_can_be_repeated)
{	/* TIMER-32 */
	unsigned long others = live_threads() == 0;

	/* The dispatcher, if it does not run yet, and a first worker. */
	ck_assert_uint_eq(failures_of_create(fail_thread_number), others + 1);
	ck_assert_uint_eq(failures_of_create(fail_thread_number), 0);
}
END_TEST

START_TEST(a_create_with_wrong_arguments_fails_and_says_why)
{
	TP_CALLBACK_ENVIRON environ;

	SetLastError(0);
	ck_assert_ptr_null(CreateThreadpoolTimer(NULL, NULL, NULL));
	ck_assert_uint_eq(GetLastError(), ERROR_INVALID_PARAMETER);
	InitializeThreadpoolEnvironment(&environ);
	environ.Version = 9999;
	SetLastError(0);
	ck_assert_ptr_null(CreateThreadpoolTimer(count_timer, NULL,
		&environ));
	ck_assert_uint_eq(GetLastError(), ERROR_INVALID_PARAMETER);
}
END_TEST

/* ---- Extremes ---- */

/* Sets it to this, with all periods and windows; it must not fire. */
static void
set_to_extreme(struct stage *stage, PTP_TIMER timer, LONGLONG due)
{
	const DWORD periods[] = { 0, 1, 0xFFFFFFFF };
	const DWORD windows[] = { 0, 0xFFFFFFFF };

	for (unsigned i = 0; i < 3; i++)
		for (unsigned j = 0; j < 2; j++) {
			set_ticks(timer, due, periods[i], windows[j]);
			let_pass(stage, 1);
		}
	assert_diary(&stage->diary, "");
}

START_TEST(extreme_due_times_do_not_fire_early)
{	/* TIMER-33, port-defined */
	struct stage stage;
	PTP_TIMER a;

	stage_open(&stage, 1);
	a = bell_of(&stage, 'a');
	set_to_extreme(&stage, a, INT64_MIN);
	set_to_extreme(&stage, a, INT64_MIN + 1);
	set_to_extreme(&stage, a, INT64_MAX);
	set_to_extreme(&stage, a, INT64_MAX - 1);
	set_to_extreme(&stage, a, -DAY);
	end_timer(a);
	stage_close(&stage);
}
END_TEST

START_TEST(extreme_periods_and_windows_do_not_fire_early)
{	/* TIMER-33, port-defined */
	struct stage stage;
	PTP_TIMER a, b, c;

	stage_open(&stage, 1);
	a = bell_of(&stage, 'a');
	b = bell_of(&stage, 'b');
	c = bell_of(&stage, 'c');
	set_ms(a, 0, 0xFFFFFFFF);
	set_ticks(b, -10 * MS, 0xFFFFFFFF, 0xFFFFFFFF);
	set_ticks(c, wall_now() + 3 * HOUR, 0xFFFFFFFF, 0xFFFFFFFF);
	let_pass(&stage, 5);
	if (exact())
		assert_diary(&stage.diary, "a0");
	unset(a);
	let_pass(&stage, 15);	/* this wakes the dispatcher, and b may come */
	tally_await(&stage.diary.written, 2);
	assert_diary(&stage.diary, exact() ? "a0 b20" : "a0 b10");
	end_timer(a);
	end_timer(b);
	end_timer(c);
	stage_close(&stage);
}
END_TEST

/* ---- The suite ---- */

static void
add_limits(TCase *small)
{
	tcase_add_test(small, setting_a_timer_takes_no_memory_and_no_thread);
	tcase_add_test(small,
		a_create_that_gets_no_memory_fails_and_can_be_repeated);
	tcase_add_test(small,
		a_create_that_gets_no_thread_fails_and_can_be_repeated);
	tcase_add_test(small, a_create_with_wrong_arguments_fails_and_says_why);
	tcase_add_test(small, extreme_due_times_do_not_fire_early);
	tcase_add_test(small, extreme_periods_and_windows_do_not_fire_early);
}

#ifndef PARTS
int
main(void)
{
	Suite *suite = suite_create("timer_limits");

	add_limits(harness_case(suite, "small"));
	return harness_run(suite);
}
#endif

/* SPDX-License-Identifier: MIT */
/*
 * test_waitable_timers.c - waitable timers: due times, periods, cancelling
 *
 * A timer can be early, late or wrong. The tests see that it is not early by
 * the clock that its due time belongs to: a relative due time is measured by
 * the performance counter, an absolute one by the system time. How late it
 * comes depends on the machine, and no test asks; in virtual time it comes at
 * its time, and the explored tests ask for that.
 *
 * A timer that was cancelled is tested beside a later one: when that has
 * expired, the time of the first has passed too.
 */
#include "kernel.h"

START_TEST(a_relative_due_time_is_not_early)
{
	HANDLE object = timer(MANUAL);
	LONGLONG begin = ticks_now();

	ck_assert_uint_eq(poll(object), WAIT_TIMEOUT);
	set_timer(object, -20 * MS, 0);
	ck_assert_uint_eq(WaitForSingleObject(object, INFINITE),
		WAIT_OBJECT_0);
	assert_elapsed(begin, 20 * MS);
	ck_assert_uint_eq(poll(object), WAIT_OBJECT_0);
	ck_assert(CloseHandle(object));
}
END_TEST

START_TEST(an_absolute_due_time_is_of_the_system_clock)
{
	HANDLE object = timer(AUTO);
	LONGLONG due = wall_now() + 20 * MS, begin = ticks_now();

	set_timer(object, due, 0);
	ck_assert_uint_eq(WaitForSingleObject(object, INFINITE),
		WAIT_OBJECT_0);
	ck_assert_int_ge(wall_now(), due);
	if (exact())
		assert_elapsed(begin, 20 * MS);
	ck_assert_uint_eq(poll(object), WAIT_TIMEOUT);
	ck_assert(CloseHandle(object));
}
END_TEST

START_TEST(a_due_time_that_is_past_signals_at_once)
{
	HANDLE object = timer(AUTO);

	set_timer(object, 0, 0);
	ck_assert_uint_eq(poll(object), WAIT_OBJECT_0);
	set_timer(object, 1, 0);		/* in the year 1601 */
	ck_assert_uint_eq(poll(object), WAIT_OBJECT_0);
	set_timer(object, wall_now(), 0);
	ck_assert_uint_eq(poll(object), WAIT_OBJECT_0);
	ck_assert_uint_eq(poll(object), WAIT_TIMEOUT);
	ck_assert(CloseHandle(object));
}
END_TEST

START_TEST(a_periodic_timer_is_signalled_again_and_again)
{
	const LONGLONG starts[] = { 0, -5 * MS, 1 };
	const LONGLONG took[] = { 10 * MS, 15 * MS, 10 * MS };

	for (unsigned i = 0; i < sizeof(starts) / sizeof(*starts); i++) {
		HANDLE object = timer(AUTO);
		LONGLONG begin = ticks_now();

		set_timer(object, starts[i], 5);
		for (int n = 0; n < 3; n++)
			ck_assert_uint_eq(WaitForSingleObject(object,
				INFINITE), WAIT_OBJECT_0);
		assert_elapsed(begin, took[i]);
		ck_assert(CloseHandle(object));
	}
}
END_TEST

START_TEST(setting_a_timer_takes_its_signal_back)
{
	HANDLE object = timer(MANUAL);

	set_timer(object, 0, 0);
	ck_assert_uint_eq(poll(object), WAIT_OBJECT_0);
	set_timer(object, INT64_MIN, 0);	/* not in our time */
	ck_assert_uint_eq(poll(object), WAIT_TIMEOUT);
	set_timer(object, INT64_MAX, INT32_MAX);
	ck_assert_uint_eq(poll(object), WAIT_TIMEOUT);
	set_timer(object, 0, INT32_MAX);
	ck_assert_uint_eq(poll(object), WAIT_OBJECT_0);
	ck_assert(CloseHandle(object));		/* though it is set */
}
END_TEST

START_TEST(a_cancelled_timer_keeps_its_state)
{
	HANDLE object = timer(MANUAL), later = timer(AUTO);
	LONGLONG begin = ticks_now();
	bool in_time;

	set_timer(object, -10 * MS, 0);
	ck_assert(CancelWaitableTimer(object));
	in_time = ticks_now() - begin < 10 * MS;
	set_timer(later, -20 * MS, 0);
	ck_assert_uint_eq(WaitForSingleObject(later, INFINITE),
		WAIT_OBJECT_0);
	if (in_time)	/* else the machine was slow, and it may be set */
		ck_assert_uint_eq(poll(object), WAIT_TIMEOUT);
	set_timer(object, 0, 0);
	ck_assert(CancelWaitableTimer(object));
	ck_assert_uint_eq(poll(object), WAIT_OBJECT_0);
	ck_assert(CloseHandle(object));
	ck_assert(CloseHandle(later));
}
END_TEST

START_TEST(a_timer_closed_while_a_thread_waits_still_expires)
{
	HANDLE object = timer(AUTO), thread;
	LONGLONG begin = ticks_now();

	set_timer(object, -20 * MS, 0);
	thread = start(arrive_and_wait, object);
	await_arrivals(1);
	ck_assert(CloseHandle(object));
	ck_assert_uint_eq(join(thread), WAIT_OBJECT_0);
	assert_elapsed(begin, 20 * MS);
}
END_TEST

static VOID
never_called(LPVOID argument, DWORD low, DWORD high)
{
	(void)argument;
	(void)low;
	(void)high;
}

START_TEST(what_a_timer_cannot_do_is_refused_with_a_reason)
{
	HANDLE object = CreateWaitableTimerExA(NULL, NULL,
		CREATE_WAITABLE_TIMER_MANUAL_RESET, TIMER_ALL_ACCESS);
	LARGE_INTEGER due = { .QuadPart = 0 };

	ck_assert_fails(SetWaitableTimer(object, NULL, 0, NULL, NULL, FALSE),
		ERROR_INVALID_PARAMETER);
	ck_assert_fails(SetWaitableTimer(object, &due, -1, NULL, NULL,
		FALSE), ERROR_INVALID_PARAMETER);
	ck_assert_fails(SetWaitableTimer(object, &due, 0, never_called, NULL,
		FALSE), ERROR_NOT_SUPPORTED);
	ck_assert_uint_eq(poll(object), WAIT_TIMEOUT);
	SetLastError(0xDEAD);
	ck_assert(SetWaitableTimer(object, &due, 0, NULL, NULL, TRUE));
	ck_assert_uint_eq(GetLastError(), ERROR_NOT_SUPPORTED);
	ck_assert_uint_eq(poll(object), WAIT_OBJECT_0);
	ck_assert(CloseHandle(object));
}
END_TEST

/* ---- The suite ---- */

int
main(void)
{
	Suite *suite = suite_create("waitable_timers");
	TCase *small = kernel_case(suite, "small");

	tcase_add_test(small, a_relative_due_time_is_not_early);
	tcase_add_test(small, an_absolute_due_time_is_of_the_system_clock);
	tcase_add_test(small, a_due_time_that_is_past_signals_at_once);
	tcase_add_test(small, a_periodic_timer_is_signalled_again_and_again);
	tcase_add_test(small, setting_a_timer_takes_its_signal_back);
	tcase_add_test(small, a_cancelled_timer_keeps_its_state);
	tcase_add_test(small,
		a_timer_closed_while_a_thread_waits_still_expires);
	tcase_add_test(small, what_a_timer_cannot_do_is_refused_with_a_reason);
	return harness_run(suite);
}

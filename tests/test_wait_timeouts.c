/* SPDX-License-Identifier: MIT */
/*
 * test_wait_timeouts.c - wait objects that wait for so long, or until a date
 *
 * A time-out brings the callback, too, and then nothing is consumed. Exact
 * times are asked for in virtual time only; natively a time-out is not early,
 * and that is all. That none comes is tested beside another one that is
 * later, and does; explored, by letting much time pass besides.
 */
#include "kernel.h"
#include "watch.h"

#define LONG_TIME	(1000 * 1000)	/* ms; explored time ends later */

START_TEST(a_time_out_brings_one_callback_and_consumes_nothing)
{	/* WAIT-03, WAIT-16, WAIT-33 */
	HANDLE object = semaphore(0, 1);
	struct watch watch = WATCH_INIT;
	LONGLONG begin;

	watch_open(&watch);
	begin = ticks_now();
	set_wait(watch.wait, object, -20 * MS);
	if (exact())
		assert_told(&watch, 0, 0);
	tally_await(&watch.timeouts, 1);
	ck_assert_int_ge(watch.last - begin, 20 * MS);
	assert_elapsed(begin, 20 * MS);
	ck_assert(ReleaseSemaphore(object, 1, NULL));
	assert_told(&watch, 0, 1);
	ck_assert_uint_eq(poll(object), WAIT_OBJECT_0);
	watch_close(&watch);
	ck_assert(CloseHandle(object));
}
END_TEST

START_TEST(a_signal_before_the_time_out_is_all_there_is)
{	/* WAIT-02, WAIT-04 */
	HANDLE object = event(AUTO, UNSET);
	struct watch watch = WATCH_INIT, later = WATCH_INIT;

	watch_open(&watch);
	watch_open(&later);
	set_wait(watch.wait, object, FAR);
	ck_assert(SetEvent(object));
	assert_told(&watch, 1, 0);
	set_wait(watch.wait, object, -5 * MS);
	ck_assert(SetEvent(object));
	set_wait(later.wait, GetCurrentProcess(), -10 * MS);
	tally_await(&later.timeouts, 1);
	WaitForThreadpoolWaitCallbacks(watch.wait, FALSE);
	/* A slow machine may have timed out; then the signal remained. */
	ck_assert_uint_eq(tally_read(&watch.signals) +
		tally_read(&watch.timeouts), 2);
	if (exact())
		assert_told(&watch, 2, 0);
	watch_close(&watch);
	watch_close(&later);
	ck_assert(CloseHandle(object));
}
END_TEST

START_TEST(without_a_time_out_it_never_times_out)
{	/* WAIT-06 */
	HANDLE object = event(AUTO, UNSET);
	struct watch watch = WATCH_INIT, later = WATCH_INIT;

	watch_open(&watch);
	watch_open(&later);
	SetThreadpoolWait(watch.wait, object, NULL);
	set_wait(later.wait, GetCurrentProcess(), -20 * MS);
	tally_await(&later.timeouts, 1);
	if (exact())
		Sleep(LONG_TIME);
	assert_told(&watch, 0, 0);
	ck_assert(SetEvent(object));
	assert_told(&watch, 1, 0);
	watch_close(&watch);
	watch_close(&later);
	ck_assert(CloseHandle(object));
}
END_TEST

START_TEST(a_time_out_of_zero_comes_at_once)
{	/* WAIT-07 */
	HANDLE object = event(AUTO, UNSET);
	struct watch watch = WATCH_INIT;
	LONGLONG begin = ticks_now();

	watch_open(&watch);
	set_wait(watch.wait, object, 0);
	assert_told(&watch, 0, 1);
	set_wait(watch.wait, object, 1);	/* in the year 1601 */
	assert_told(&watch, 0, 2);
	set_wait(watch.wait, object, wall_now());
	assert_told(&watch, 0, 3);
	if (exact())
		assert_elapsed(begin, 0);
	ck_assert(SetEvent(object));
	assert_told(&watch, 0, 3);
	ck_assert_uint_eq(poll(object), WAIT_OBJECT_0);
	watch_close(&watch);
	ck_assert(CloseHandle(object));
}
END_TEST

START_TEST(a_signal_wins_over_a_time_out_of_zero)
{	/* WAIT-08, port-defined */
	HANDLE object = semaphore(3, 3);
	struct watch watch = WATCH_INIT;

	watch_open(&watch);
	set_wait(watch.wait, object, 0);
	set_wait(watch.wait, object, 1);
	assert_told(&watch, 2, 0);
	ck_assert_uint_eq(poll(object), WAIT_OBJECT_0);
	ck_assert_uint_eq(poll(object), WAIT_TIMEOUT);
	watch_close(&watch);
	ck_assert(CloseHandle(object));
}
END_TEST

START_TEST(a_time_out_is_from_now_or_a_date)
{	/* WAIT-09 */
	HANDLE object = event(AUTO, UNSET);
	struct watch watch = WATCH_INIT;
	LONGLONG begin = ticks_now(), due;

	watch_open(&watch);
	set_wait(watch.wait, object, -20 * MS);
	tally_await(&watch.timeouts, 1);
	assert_elapsed(begin, 20 * MS);
	begin = ticks_now();
	due = wall_now() + 20 * MS;
	set_wait(watch.wait, object, due);
	tally_await(&watch.timeouts, 2);
	ck_assert_int_ge(wall_now(), due);
	if (exact())
		assert_elapsed(begin, 20 * MS);
	watch_close(&watch);
	ck_assert(CloseHandle(object));
}
END_TEST

START_TEST(a_date_follows_the_system_clock_and_a_delay_does_not)
{	/* WAIT-09 */
	HANDLE object;
	struct watch date = WATCH_INIT, delay = WATCH_INIT;
	LONGLONG begin = ticks_now();

	if (!explore_active())
		return;			/* who may set the clock? */
	object = event(AUTO, UNSET);
	watch_open(&date);
	watch_open(&delay);
	set_wait(date.wait, object, wall_now() + 3600 * 1000 * MS);
	set_wait(delay.wait, object, -5000 * MS);
	explore_step_wall(3600 * 1000L);
	tally_await(&date.timeouts, 1);
	if (exact())
		ck_assert_int_le(date.last - begin, 1000 * MS);
	tally_await(&delay.timeouts, 1);
	assert_elapsed(begin, 5000 * MS);
	watch_close(&date);
	watch_close(&delay);
	ck_assert(CloseHandle(object));
}
END_TEST

START_TEST(time_outs_beyond_all_time_do_not_come_early)
{	/* WAIT-06, WAIT-09 */
	const LONGLONG far[] = { INT64_MIN, INT64_MIN + 1, INT64_MAX };
	HANDLE object = semaphore(0, 3);
	struct watch watches[4] = {
		WATCH_INIT, WATCH_INIT, WATCH_INIT, WATCH_INIT
	};

	for (unsigned i = 0; i < 3; i++) {
		watch_open(&watches[i]);
		set_wait(watches[i].wait, object, far[i]);
	}
	watch_open(&watches[3]);
	set_wait(watches[3].wait, GetCurrentProcess(), -10 * MS);
	tally_await(&watches[3].timeouts, 1);
	if (exact())
		Sleep(LONG_TIME);
	for (unsigned i = 0; i < 3; i++)
		assert_told(&watches[i], 0, 0);
	ck_assert(ReleaseSemaphore(object, 3, NULL));
	for (unsigned i = 0; i < 3; i++)
		assert_told(&watches[i], 1, 0);
	for (unsigned i = 0; i < 4; i++)
		watch_close(&watches[i]);
	ck_assert(CloseHandle(object));
}
END_TEST

START_TEST(a_time_out_counts_from_the_call)
{	/* WAIT-33 */
	HANDLE object = event(AUTO, UNSET);
	struct watch watch = WATCH_INIT, busy = WATCH_INIT;
	struct gate gate = GATE_INIT;
	LONGLONG begin;

	busy.gate = &gate;
	watch_open(&busy);
	watch_open(&watch);
	set_wait(busy.wait, object, 0);
	gate_await_waiting(&gate, 1);
	begin = ticks_now();
	set_wait(watch.wait, object, -20 * MS);
	Sleep(10);		/* which is no part of a later call's time */
	set_wait(watch.wait, object, -20 * MS);
	tally_await(&watch.timeouts, 1);
	SetThreadpoolWait(watch.wait, NULL, NULL);
	WaitForThreadpoolWaitCallbacks(watch.wait, FALSE);
	ck_assert_int_ge(watch.last - begin, 20 * MS);
	if (exact())
		ck_assert_int_eq(watch.last - begin, 30 * MS);
	gate_open(&gate);
	watch_close(&watch);
	watch_close(&busy);
	ck_assert(CloseHandle(object));
}
END_TEST

START_TEST(a_wait_for_nothing_that_can_come_times_out)
{	/* WAIT-27 */
	struct watch watch = WATCH_INIT;
	LONGLONG begin = ticks_now();

	watch_open(&watch);
	set_wait(watch.wait, INVALID_HANDLE_VALUE, 0);
	assert_told(&watch, 0, 1);
	set_wait(watch.wait, INVALID_HANDLE_VALUE, -20 * MS);
	tally_await(&watch.timeouts, 2);
	assert_elapsed(begin, 20 * MS);
	assert_told(&watch, 0, 2);
	watch_close(&watch);
}
END_TEST

/* ---- The suite ---- */

static void
add_timeouts(TCase *small)
{
	tcase_add_test(small,
		a_time_out_brings_one_callback_and_consumes_nothing);
	tcase_add_test(small, a_signal_before_the_time_out_is_all_there_is);
	tcase_add_test(small, without_a_time_out_it_never_times_out);
	tcase_add_test(small, a_time_out_of_zero_comes_at_once);
	tcase_add_test(small, a_signal_wins_over_a_time_out_of_zero);
	tcase_add_test(small, a_time_out_is_from_now_or_a_date);
	tcase_add_test(small,
		a_date_follows_the_system_clock_and_a_delay_does_not);
	tcase_add_test(small, time_outs_beyond_all_time_do_not_come_early);
	tcase_add_test(small, a_time_out_counts_from_the_call);
	tcase_add_test(small, a_wait_for_nothing_that_can_come_times_out);
}

int
main(void)
{
	Suite *suite = suite_create("wait_timeouts");

	add_timeouts(harness_case(suite, "small"));
	return harness_run(suite);
}

/* SPDX-License-Identifier: MIT */
/*
 * test_events.c - events of both kinds: who is let through, and how many
 *
 * An auto-reset event lets one waiter through for each signal, a manual-reset
 * event all of them until it is reset. The tests let several threads wait
 * (see kernel.h for how they know that these do), signal, and count.
 *
 * That a thread was not let through cannot be seen by looking at it: it might
 * be about to run. The event tells: one that was set for nobody stays set.
 */
#include "kernel.h"

START_TEST(an_auto_reset_event_lets_one_waiter_through_each_time)
{	/* KOBJ-03 */
	HANDLE object = event(AUTO, UNSET), threads[4];

	for (unsigned i = 0; i < 4; i++)
		threads[i] = start(arrive_and_wait, object);
	await_arrivals(4);
	/* Had one SetEvent released two, the last would leave it set. */
	for (unsigned i = 0; i < 4; i++) {
		ck_assert(SetEvent(object));
		ck_assert_uint_eq(poll(object), WAIT_TIMEOUT);
	}
	for (unsigned i = 0; i < 4; i++)
		ck_assert_uint_eq(join(threads[i]), WAIT_OBJECT_0);
	ck_assert(SetEvent(object));
	ck_assert_uint_eq(poll(object), WAIT_OBJECT_0);
	ck_assert(CloseHandle(object));
}
END_TEST

START_TEST(a_manual_reset_event_lets_all_through_until_it_is_reset)
{	/* KOBJ-03 */
	HANDLE object = event(MANUAL, UNSET), threads[4];

	for (unsigned i = 0; i < 4; i++)
		threads[i] = start(arrive_and_wait, object);
	await_arrivals(4);
	ck_assert(SetEvent(object));
	for (unsigned i = 0; i < 4; i++)
		ck_assert_uint_eq(join(threads[i]), WAIT_OBJECT_0);
	ck_assert_uint_eq(poll(object), WAIT_OBJECT_0);
	ck_assert_uint_eq(poll(object), WAIT_OBJECT_0);
	ck_assert(ResetEvent(object));
	ck_assert_uint_eq(poll(object), WAIT_TIMEOUT);
	ck_assert(CloseHandle(object));
}
END_TEST

START_TEST(a_reset_right_after_a_set_does_not_call_the_waiters_back)
{	/* KOBJ-03 */
	HANDLE object = event(MANUAL, UNSET), threads[3];

	for (unsigned i = 0; i < 3; i++)
		threads[i] = start(arrive_and_wait, object);
	await_arrivals(3);
	ck_assert(SetEvent(object));
	ck_assert(ResetEvent(object));
	for (unsigned i = 0; i < 3; i++)
		ck_assert_uint_eq(join(threads[i]), WAIT_OBJECT_0);
	ck_assert(CloseHandle(object));
}
END_TEST

START_TEST(the_thread_that_has_waited_longest_gets_the_signal)
{	/* KOBJ-03 */
	HANDLE object = event(AUTO, UNSET), threads[3];

	for (unsigned i = 0; i < 3; i++) {
		threads[i] = start(arrive_and_wait, object);
		await_arrivals(1);
	}
	for (unsigned i = 0; i < 3; i++) {
		ck_assert(SetEvent(object));
		ck_assert_uint_eq(join(threads[i]), WAIT_OBJECT_0);
	}
	ck_assert(CloseHandle(object));
}
END_TEST

START_TEST(signals_of_an_auto_reset_event_do_not_add_up)
{	/* KOBJ-04 */
	HANDLE object = event(AUTO, UNSET);

	ck_assert(SetEvent(object));
	ck_assert(SetEvent(object));
	ck_assert_uint_eq(poll(object), WAIT_OBJECT_0);
	ck_assert_uint_eq(poll(object), WAIT_TIMEOUT);
	ck_assert(CloseHandle(object));
}
END_TEST

START_TEST(an_event_begins_as_its_flags_say)
{
	static const struct {
		DWORD flags, first, second;
	} cases[] = {
		{ 0, WAIT_TIMEOUT, WAIT_TIMEOUT },
		{ CREATE_EVENT_INITIAL_SET, WAIT_OBJECT_0, WAIT_TIMEOUT },
		{ CREATE_EVENT_MANUAL_RESET, WAIT_TIMEOUT, WAIT_TIMEOUT },
		{ CREATE_EVENT_MANUAL_RESET | CREATE_EVENT_INITIAL_SET,
			WAIT_OBJECT_0, WAIT_OBJECT_0 },
	};

	for (unsigned i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		HANDLE narrow = CreateEventExA(NULL, NULL, cases[i].flags,
			EVENT_ALL_ACCESS);
		HANDLE wide = CreateEventExW(NULL, NULL, cases[i].flags,
			EVENT_ALL_ACCESS);

		ck_assert_uint_eq(poll(narrow), cases[i].first);
		ck_assert_uint_eq(poll(narrow), cases[i].second);
		ck_assert_uint_eq(poll(wide), cases[i].first);
		ck_assert_uint_eq(poll(wide), cases[i].second);
		ck_assert(CloseHandle(narrow));
		ck_assert(CloseHandle(wide));
	}
}
END_TEST

/* ---- The suite ---- */

int
main(void)
{
	Suite *suite = suite_create("events");
	TCase *small = kernel_case(suite, "small");

	tcase_add_test(small,
		an_auto_reset_event_lets_one_waiter_through_each_time);
	tcase_add_test(small,
		a_manual_reset_event_lets_all_through_until_it_is_reset);
	tcase_add_test(small,
		a_reset_right_after_a_set_does_not_call_the_waiters_back);
	tcase_add_test(small,
		the_thread_that_has_waited_longest_gets_the_signal);
	tcase_add_test(small, signals_of_an_auto_reset_event_do_not_add_up);
	tcase_add_test(small, an_event_begins_as_its_flags_say);
	return harness_run(suite);
}

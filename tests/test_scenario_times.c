/* SPDX-License-Identifier: MIT */
/*
 * test_scenario_times.c - time-outs, due times and waitable timers
 *
 * Scenarios (scenario.h says what that is) of what comes when it is time:
 * against those who wait for it, set it anew, cancel it, or close the
 * object. The comment above a test names the function whose promise is at
 * stake.
 *
 * Who sleeps as long as something is due in meets it: in virtual time both
 * are at the same moment, and every order of the two is tried.
 */
#include "objects.h"

#include "../ref/waitable.h"

/* sleep_locked of multiwait.c: a time-out is neither early nor late. */
START_TEST(waits_that_time_out_take_their_time)
{	/* KOBJ-15 */
	HANDLE object = try_event(AUTO);
	struct wait_call call = { object, 20, 99, 0, 0 };
	struct race race = { .count = 0 };
	LONGLONG begin = ticks_now();

	if (object == NULL)
		return;
	race_start(&race, wait_once, &call);
	ck_assert_uint_eq(poll(object), WAIT_TIMEOUT);
	assert_elapsed(begin, 0);
	ck_assert_uint_eq(WaitForSingleObject(object, 10), WAIT_TIMEOUT);
	assert_elapsed(begin, 10 * MS);
	Sleep(5);
	assert_elapsed(begin, 15 * MS);
	race_join(&race);
	assert_elapsed(begin, 20 * MS);
	ck_assert_uint_eq(call.result, WAIT_TIMEOUT);
	ck_assert(CloseHandle(object));
}
END_TEST

static HANDLE
try_timer(BOOL manual_reset)
{
	HANDLE handle = CreateWaitableTimerA(NULL, manual_reset, NULL);

	(void)made(handle);
	return handle;
}

/* Due in so many ms, and then every `period` ms (0: once). */
static void
set_timer(HANDLE handle, LONGLONG ms, LONG period)
{
	LARGE_INTEGER due;

	due.QuadPart = -ms * MS;
	ck_assert(SetWaitableTimer(handle, &due, period, NULL, NULL, FALSE));
}

static void *
make_timer(void *argument)
{
	HANDLE *handle = argument;

	*handle = try_timer(AUTO);
	if (*handle != NULL)
		set_timer(*handle, 10, 0);
	return NULL;
}

/* tp_dispatcher_start: one dispatcher, whoever needs the first due time. */
START_TEST(first_timers_of_two_threads_share_the_dispatcher)
{	/* no rule: there is one thread for all due times */
	HANDLE timers[2] = { NULL, NULL };
	struct race race = { .count = 0 };
	LONGLONG begin = ticks_now();

	race_start(&race, make_timer, &timers[0]);
	(void)make_timer(&timers[1]);
	race_join(&race);
	for (int i = 0; i < 2; i++)
		if (timers[i] != NULL)
			ck_assert_uint_eq(WaitForSingleObject(timers[i],
				INFINITE), WAIT_OBJECT_0);
	if (all_made(2, timers))
		assert_elapsed(begin, 10 * MS);
	close_all(2, timers);
}
END_TEST

/* dispatch: after a cancel a due time has come completely, or never comes. */
START_TEST(cancel_against_the_expiry_of_a_timer_settles_it)
{	/* CancelWaitableTimer: no rule of its own */
	HANDLE object = try_timer(MANUAL);
	DWORD state;

	if (object == NULL)
		return;
	set_timer(object, 10, 0);
	Sleep(10);
	ck_assert(CancelWaitableTimer(object));
	state = poll(object);
	Sleep(10);
	ck_assert_uint_eq(poll(object), state);
	ck_assert(CloseHandle(object));
}
END_TEST

/* A due time of the test's own: what expires, and how often. */
struct alarm {
	struct tp_due due;
	LONG volatile rung;
};

static void
ring(struct tp_due *due)
{
	InterlockedIncrement(&tp_container(due, struct alarm, due)->rung);
}

/* tp_due_cancel_locked: its memory is the caller's again. */
START_TEST(cancelled_due_time_may_be_freed_at_once)
{	/* tp_due: no rule of its own */
	struct alarm *alarm = calloc(1, sizeof(*alarm));
	DWORD error = tp_dispatcher_start();

	if (error != 0)
		tolerate(error);
	if (alarm == NULL)
		tolerate(ERROR_NOT_ENOUGH_MEMORY);
	if (alarm != NULL && error == 0) {
		alarm->due.expire = ring;
		tp_lock(&tp_waitable_lock);
		tp_due_set_locked(&alarm->due,
			tp_time_after(tp_now(), 10 * MS), 0, false);
		tp_waitable_unlock();
		Sleep(10);
		tp_lock(&tp_waitable_lock);
		tp_due_cancel_locked(&alarm->due);
		tp_waitable_unlock();
		ck_assert_int_le(count_of(&alarm->rung), 1);
	}
	free(alarm);
	Sleep(10);
}
END_TEST

/* set_locked of waitable_timer.c: the old due time is gone with the new. */
START_TEST(timer_set_anew_as_it_expires_is_signalled_at_the_new_time)
{	/* SetWaitableTimer: no rule of its own */
	HANDLE object = try_timer(AUTO);
	LONGLONG begin = ticks_now();

	if (object == NULL)
		return;
	set_timer(object, 10, 0);
	Sleep(10);
	set_timer(object, 10, 0);
	ck_assert_uint_eq(WaitForSingleObject(object, INFINITE),
		WAIT_OBJECT_0);
	assert_elapsed(begin, 20 * MS);
	ck_assert_uint_eq(poll(object), WAIT_TIMEOUT);
	ck_assert(CloseHandle(object));
}
END_TEST

/* expire: a period counts from the due time before it, and does not drift. */
START_TEST(periodic_timer_keeps_its_times)
{	/* SetWaitableTimer: no rule of its own */
	HANDLE object = try_timer(AUTO);
	LONGLONG begin = ticks_now();

	if (object == NULL)
		return;
	set_timer(object, 10, 5);
	for (int n = 0; n < 3; n++) {
		ck_assert_uint_eq(WaitForSingleObject(object, INFINITE),
			WAIT_OBJECT_0);
		if (n < 2)	/* late, but not so late that one is missed */
			Sleep(2);
	}
	assert_elapsed(begin, 20 * MS);
	ck_assert(CloseHandle(object));
}
END_TEST

/* timer_retire: the due time goes with the object, or has come before. */
START_TEST(close_against_the_expiry_of_a_timer)
{	/* KOBJ-01, port-defined */
	HANDLE object = try_timer(AUTO);

	if (object == NULL)
		return;
	set_timer(object, 10, 5);
	Sleep(10);
	ck_assert(CloseHandle(object));
	Sleep(10);
}
END_TEST

/* timer_retire: while somebody waits, the closed timer still expires. */
START_TEST(close_of_a_timer_against_a_wait_for_it)
{	/* KOBJ-01, KOBJ-13, port-defined */
	HANDLE object = try_timer(AUTO);
	struct wait_call call = { object, INFINITE, 99, 0, 0 };
	struct race race = { .count = 0 };

	if (object == NULL)
		return;
	set_timer(object, 10, 0);
	race_start(&race, wait_once, &call);
	ck_assert(CloseHandle(object));
	race_join(&race);
	if (call.result == WAIT_FAILED) {
		ck_assert_uint_eq(call.error, ERROR_INVALID_HANDLE);
	} else {
		ck_assert_uint_eq(call.result, WAIT_OBJECT_0);
		if (exact())
			ck_assert_int_eq(call.took, 10 * MS);
	}
}
END_TEST

/* ---- The suite ---- */

int
main(void)
{
	Suite *suite = suite_create("scenario_times");
	TCase *scenario = harness_case(suite, "scenario");

	tcase_add_test(scenario, waits_that_time_out_take_their_time);
	tcase_add_test(scenario,
		first_timers_of_two_threads_share_the_dispatcher);
	tcase_add_test(scenario,
		cancel_against_the_expiry_of_a_timer_settles_it);
	tcase_add_test(scenario, cancelled_due_time_may_be_freed_at_once);
	tcase_add_test(scenario,
		timer_set_anew_as_it_expires_is_signalled_at_the_new_time);
	tcase_add_test(scenario, periodic_timer_keeps_its_times);
	tcase_add_test(scenario, close_against_the_expiry_of_a_timer);
	tcase_add_test(scenario, close_of_a_timer_against_a_wait_for_it);
	return harness_run(suite);
}

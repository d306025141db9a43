/* SPDX-License-Identifier: MIT */
/*
 * test_waits.c - wait objects: callbacks that a signal or a time-out posts
 *
 * watch.h has the wait object that most tests are about. Exact times are
 * asked for in virtual time only; natively a time-out is not early, and that
 * is all. That something never comes is tested beside something later that
 * does, or, explored, by letting much time pass.
 *
 * The races are in test_scenario_waits.c; descriptors are in
 * test_readiness.c.
 */
#include <fcntl.h>

#include "kernel.h"
#include "report.h"
#include "watch.h"

#define LONG_TIME	(1000 * 1000)	/* ms; explored time ends later */
#define FAR		(INT64_MIN + 1)	/* not in our time */

/* ---- Signals ---- */

START_TEST(a_new_wait_object_watches_nothing)
{	/* WAIT-01 */
	HANDLE object = event(AUTO, SET);
	struct watch watch = WATCH_INIT;

	watch_open(&watch);
	assert_told(&watch, 0, 0);
	ck_assert_uint_eq(poll(object), WAIT_OBJECT_0);
	watch_close(&watch);
	ck_assert(CloseHandle(object));
}
END_TEST

START_TEST(a_signal_brings_one_callback_and_is_consumed)
{	/* WAIT-02, WAIT-10, WAIT-16 */
	HANDLE objects[2] = { event(AUTO, UNSET), semaphore(0, 5) };
	struct watch watch = WATCH_INIT;

	watch_open(&watch);
	SetThreadpoolWait(watch.wait, objects[0], NULL);
	assert_told(&watch, 0, 0);
	ck_assert(SetEvent(objects[0]));
	assert_told(&watch, 1, 0);
	ck_assert_uint_eq(poll(objects[0]), WAIT_TIMEOUT);
	SetThreadpoolWait(watch.wait, objects[1], NULL);
	ck_assert(ReleaseSemaphore(objects[1], 2, NULL));
	assert_told(&watch, 2, 0);
	ck_assert_uint_eq(poll(objects[1]), WAIT_OBJECT_0);
	ck_assert_uint_eq(poll(objects[1]), WAIT_TIMEOUT);
	watch_close(&watch);
	close_all(2, objects);
}
END_TEST

START_TEST(a_wait_takes_exactly_one_from_a_semaphore)
{	/* KOBJ-06, WAIT-10, WAIT-30 */
	HANDLE object = semaphore(2, 5);
	struct watch watch = WATCH_INIT;
	LONG before = 99;

	watch_open(&watch);
	SetThreadpoolWait(watch.wait, object, NULL);
	assert_told(&watch, 1, 0);
	ck_assert(ReleaseSemaphore(object, 1, &before));
	ck_assert_int_eq(before, 1);
	watch_close(&watch);
	ck_assert(CloseHandle(object));
}
END_TEST

START_TEST(a_manual_reset_event_stays_set)
{	/* WAIT-02, WAIT-30 */
	HANDLE object = event(MANUAL, UNSET);
	struct watch watch = WATCH_INIT;

	watch_open(&watch);
	SetThreadpoolWait(watch.wait, object, NULL);
	ck_assert(SetEvent(object));
	assert_told(&watch, 1, 0);
	ck_assert_uint_eq(poll(object), WAIT_OBJECT_0);
	SetThreadpoolWait(watch.wait, object, NULL);	/* set already */
	assert_told(&watch, 2, 0);
	watch_close(&watch);
	ck_assert(CloseHandle(object));
}
END_TEST

START_TEST(what_is_signalled_already_brings_the_callback_at_once)
{	/* WAIT-30 */
	HANDLE object = event(AUTO, SET);
	struct watch watch = WATCH_INIT;

	watch_open(&watch);
	SetThreadpoolWait(watch.wait, object, NULL);
	assert_told(&watch, 1, 0);
	ck_assert_uint_eq(poll(object), WAIT_TIMEOUT);
	watch_close(&watch);
	ck_assert(CloseHandle(object));
}
END_TEST

START_TEST(after_one_signal_it_watches_nothing)
{	/* WAIT-04 */
	HANDLE object = event(AUTO, UNSET);
	struct watch watch = WATCH_INIT;

	watch_open(&watch);
	SetThreadpoolWait(watch.wait, object, NULL);
	ck_assert(SetEvent(object));
	ck_assert(SetEvent(object));
	assert_told(&watch, 1, 0);
	ck_assert_uint_eq(poll(object), WAIT_OBJECT_0);
	watch_close(&watch);
	ck_assert(CloseHandle(object));
}
END_TEST

START_TEST(set_again_in_its_callback_it_repeats)
{	/* WAIT-05 */
	HANDLE object = semaphore(0, 9);
	struct watch watch = WATCH_INIT;

	watch.again = object;
	watch_open(&watch);
	SetThreadpoolWait(watch.wait, object, NULL);
	for (unsigned n = 1; n <= 3; n++) {
		ck_assert(ReleaseSemaphore(object, 1, NULL));
		assert_told(&watch, n, 0);
	}
	ck_assert(ReleaseSemaphore(object, 2, NULL));
	assert_told(&watch, 5, 0);
	ck_assert_uint_eq(poll(object), WAIT_TIMEOUT);
	watch_close(&watch);
	ck_assert(CloseHandle(object));
}
END_TEST

START_TEST(a_thread_is_a_target_and_stays_signalled)
{	/* KOBJ-18, WAIT-02 */
	HANDLE gate = event(MANUAL, UNSET), thread;
	struct watch watch = WATCH_INIT;

	watch_open(&watch);
	thread = start(arrive_and_wait, gate);
	SetThreadpoolWait(watch.wait, thread, NULL);
	await_arrivals(1);
	assert_told(&watch, 0, 0);
	ck_assert(SetEvent(gate));
	tally_await(&watch.signals, 1);
	ck_assert_uint_eq(poll(thread), WAIT_OBJECT_0);
	SetThreadpoolWait(watch.wait, thread, NULL);
	assert_told(&watch, 2, 0);
	ck_assert_uint_eq(join(thread), WAIT_OBJECT_0);
	watch_close(&watch);
	ck_assert(CloseHandle(gate));
}
END_TEST

START_TEST(a_waitable_timer_is_a_target_even_if_closed_at_once)
{	/* KOBJ-25, WAIT-02 */
	HANDLE object = timer(AUTO);
	struct watch watch = WATCH_INIT;
	LONGLONG begin = ticks_now();

	watch_open(&watch);
	set_timer(object, -20 * MS, 0);
	SetThreadpoolWait(watch.wait, object, NULL);
	ck_assert(CloseHandle(object));
	tally_await(&watch.signals, 1);
	assert_elapsed(begin, 20 * MS);
	assert_told(&watch, 1, 0);
	watch_close(&watch);
}
END_TEST

/* ---- Time-outs ---- */

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

/* ---- Setting it anew ---- */

START_TEST(a_null_handle_stops_it_and_the_time_out_is_not_looked_at)
{	/* WAIT-11 */
	HANDLE object = semaphore(0, 1);
	struct watch watch = WATCH_INIT, later = WATCH_INIT;

	watch_open(&watch);
	watch_open(&later);
	set_wait(watch.wait, object, FAR);
	SetThreadpoolWait(watch.wait, NULL, (PFILETIME)(uintptr_t)0xDEADBEEF);
	ck_assert(ReleaseSemaphore(object, 1, NULL));
	assert_told(&watch, 0, 0);
	ck_assert_uint_eq(poll(object), WAIT_OBJECT_0);
	if (exact()) {
		set_wait(watch.wait, object, -5 * MS);
		SetThreadpoolWait(watch.wait, NULL, NULL);
	}
	set_wait(later.wait, GetCurrentProcess(), -10 * MS);
	tally_await(&later.timeouts, 1);
	assert_told(&watch, 0, 0);
	watch_close(&watch);
	watch_close(&later);
	ck_assert(CloseHandle(object));
}
END_TEST

START_TEST(another_handle_takes_the_place_of_the_first)
{	/* WAIT-12 */
	HANDLE objects[2] = { event(AUTO, UNSET), event(AUTO, UNSET) };
	struct watch watch = WATCH_INIT;

	watch_open(&watch);
	SetThreadpoolWait(watch.wait, objects[0], NULL);
	SetThreadpoolWait(watch.wait, objects[1], NULL);
	ck_assert(SetEvent(objects[0]));
	assert_told(&watch, 0, 0);
	ck_assert_uint_eq(poll(objects[0]), WAIT_OBJECT_0);
	ck_assert(SetEvent(objects[1]));
	assert_told(&watch, 1, 0);
	ck_assert_uint_eq(poll(objects[1]), WAIT_TIMEOUT);
	watch_close(&watch);
	close_all(2, objects);
}
END_TEST

START_TEST(what_is_queued_still_runs_when_it_is_set_anew)
{	/* WAIT-04, WAIT-16 */
	HANDLE objects[2] = { event(AUTO, SET), event(AUTO, UNSET) };
	struct watch watch = WATCH_INIT;
	struct gate gate = GATE_INIT;

	watch.gate = &gate;
	watch_open(&watch);
	SetThreadpoolWait(watch.wait, objects[0], NULL);
	gate_await_waiting(&gate, 1);		/* its one thread is busy */
	set_wait(watch.wait, objects[1], 0);
	ck_assert(SetEvent(objects[1]));
	SetThreadpoolWait(watch.wait, objects[1], NULL);
	SetThreadpoolWait(watch.wait, NULL, NULL);
	gate_open(&gate);
	assert_told(&watch, 2, 1);
	watch_close(&watch);
	close_all(2, objects);
}
END_TEST

/* What the callbacks of one thread were told, in order. */
struct story {
	struct gate gate;
	TP_WAIT_RESULT results[4];
	unsigned count;
};

static VOID CALLBACK
tell(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_WAIT wait,
	TP_WAIT_RESULT result)
{
	struct story *story = context;

	(void)instance;
	(void)wait;
	gate_wait(&story->gate);
	story->results[story->count++] = result;
}

START_TEST(of_several_that_are_queued_the_signals_are_told_first)
{	/* WAIT-16; the texts do not say in which order */
	HANDLE object = semaphore(1, 9);
	struct story story = { .gate = GATE_INIT };
	struct private_pool private;
	PTP_WAIT wait;

	private_pool_open(&private, 1, 1);
	wait = wait_object(tell, &story, &private);
	SetThreadpoolWait(wait, object, NULL);
	gate_await_waiting(&story.gate, 1);
	set_wait(wait, object, 0);
	set_wait(wait, object, 0);
	ck_assert(ReleaseSemaphore(object, 1, NULL));
	set_wait(wait, object, 0);
	gate_open(&story.gate);
	WaitForThreadpoolWaitCallbacks(wait, FALSE);
	ck_assert_uint_eq(story.count, 4);
	ck_assert_uint_eq(story.results[0], WAIT_OBJECT_0);
	ck_assert_uint_eq(story.results[1], WAIT_OBJECT_0);
	ck_assert_uint_eq(story.results[2], WAIT_TIMEOUT);
	ck_assert_uint_eq(story.results[3], WAIT_TIMEOUT);
	CloseThreadpoolWait(wait);
	private_pool_close(&private);
	ck_assert(CloseHandle(object));
}
END_TEST

START_TEST(each_signal_satisfies_one_of_several_waits)
{	/* WAIT-14 */
	HANDLE object = semaphore(0, 9);
	struct watch first = WATCH_INIT, second = WATCH_INIT;

	watch_open(&first);
	watch_open(&second);
	SetThreadpoolWait(first.wait, object, NULL);
	SetThreadpoolWait(second.wait, object, NULL);
	ck_assert(ReleaseSemaphore(object, 1, NULL));
	assert_told(&first, 1, 0);	/* it came first */
	assert_told(&second, 0, 0);
	SetThreadpoolWait(first.wait, object, NULL);
	ck_assert(ReleaseSemaphore(object, 2, NULL));
	assert_told(&first, 2, 0);
	assert_told(&second, 1, 0);
	ck_assert_uint_eq(poll(object), WAIT_TIMEOUT);
	watch_close(&first);
	watch_close(&second);
	ck_assert(CloseHandle(object));
}
END_TEST

START_TEST(a_manual_reset_event_satisfies_all_of_several_waits)
{	/* WAIT-02 */
	HANDLE object = event(MANUAL, UNSET);
	struct watch first = WATCH_INIT, second = WATCH_INIT;

	watch_open(&first);
	watch_open(&second);
	SetThreadpoolWait(first.wait, object, NULL);
	SetThreadpoolWait(second.wait, object, NULL);
	ck_assert(SetEvent(object));
	ck_assert(ResetEvent(object));
	assert_told(&first, 1, 0);
	assert_told(&second, 1, 0);
	watch_close(&first);
	watch_close(&second);
	ck_assert(CloseHandle(object));
}
END_TEST

START_TEST(the_ex_form_says_whether_it_took_the_setting_back)
{	/* WAIT-28 */
	HANDLE object = semaphore(0, 9);
	struct watch watch = WATCH_INIT;
	struct gate gate = GATE_INIT;

	watch_open(&watch);
	ck_assert(!SetThreadpoolWaitEx(watch.wait, NULL, NULL, NULL));
	ck_assert(!SetThreadpoolWaitEx(watch.wait, object, NULL, NULL));
	ck_assert(SetThreadpoolWaitEx(watch.wait, object, NULL, NULL));
	ck_assert(SetThreadpoolWaitEx(watch.wait, NULL, NULL, NULL));
	ck_assert(!SetThreadpoolWaitEx(watch.wait, NULL, NULL, NULL));
	assert_told(&watch, 0, 0);
	watch.gate = &gate;
	SetThreadpoolWait(watch.wait, object, NULL);
	ck_assert(ReleaseSemaphore(object, 1, NULL));
	gate_await_waiting(&gate, 1);
	ck_assert(!SetThreadpoolWaitEx(watch.wait, object, NULL, NULL));
	ck_assert(ReleaseSemaphore(object, 1, NULL));	/* a second one */
	ck_assert(!SetThreadpoolWaitEx(watch.wait, NULL, NULL, NULL));
	gate_open(&gate);
	assert_told(&watch, 1, 0);
	watch_close(&watch);
	ck_assert(CloseHandle(object));
}
END_TEST

START_TEST(the_ex_form_takes_back_what_is_queued)
{	/* WAIT-28 */
	HANDLE object = event(MANUAL, SET);
	struct watch watch = WATCH_INIT, before = WATCH_INIT;
	struct gate gate = GATE_INIT;

	before.gate = &gate;
	watch_open(&before);
	watch.wait = wait_object(note_result, &watch, &before.private);
	SetThreadpoolWait(before.wait, object, NULL);
	gate_await_waiting(&gate, 1);
	SetThreadpoolWait(watch.wait, object, NULL);
	set_wait(watch.wait, INVALID_HANDLE_VALUE, 0);
	ck_assert(SetThreadpoolWaitEx(watch.wait, NULL, NULL, NULL));
	gate_open(&gate);
	assert_told(&watch, 0, 0);
	CloseThreadpoolWait(watch.wait);
	watch_close(&before);
	ck_assert(CloseHandle(object));
}
END_TEST

START_TEST(a_setting_that_came_and_went_counts_as_set)
{	/* WAIT-28; the texts do not say so */
	HANDLE object = event(MANUAL, SET);
	struct watch watch = WATCH_INIT;

	watch_open(&watch);
	SetThreadpoolWait(watch.wait, object, NULL);
	assert_told(&watch, 1, 0);
	ck_assert(SetThreadpoolWaitEx(watch.wait, NULL, NULL, NULL));
	watch_close(&watch);
	ck_assert(CloseHandle(object));
}
END_TEST

/* ---- Waiting for callbacks ---- */

START_TEST(waiting_covers_callbacks_and_no_signal_to_come)
{	/* WAIT-17 */
	HANDLE object = event(AUTO, UNSET);
	struct watch watch = WATCH_INIT;

	watch_open(&watch);
	set_wait(watch.wait, object, FAR);
	WaitForThreadpoolWaitCallbacks(watch.wait, FALSE);
	WaitForThreadpoolWaitCallbacks(watch.wait, TRUE);
	ck_assert_uint_eq(tally_read(&watch.signals), 0);
	watch_close(&watch);
	ck_assert(CloseHandle(object));
}
END_TEST

START_TEST(waiting_with_cancel_leaves_it_set)
{	/* WAIT-18 */
	HANDLE object = event(AUTO, UNSET);
	struct watch watch = WATCH_INIT;

	watch_open(&watch);
	SetThreadpoolWait(watch.wait, object, NULL);
	WaitForThreadpoolWaitCallbacks(watch.wait, TRUE);
	ck_assert(SetEvent(object));
	assert_told(&watch, 1, 0);
	if (exact()) {
		set_wait(watch.wait, object, -20 * MS);
		WaitForThreadpoolWaitCallbacks(watch.wait, TRUE);
		tally_await(&watch.timeouts, 1);
	}
	watch_close(&watch);
	ck_assert(CloseHandle(object));
}
END_TEST

START_TEST(null_and_cancel_leave_nothing_to_come)
{	/* WAIT-19 */
	HANDLE objects[2] = { event(MANUAL, SET), event(MANUAL, UNSET) };
	struct watch before = WATCH_INIT, watch = WATCH_INIT;
	struct gate gate = GATE_INIT;

	before.gate = &gate;
	watch_open(&before);
	watch.wait = wait_object(note_result, &watch, &before.private);
	SetThreadpoolWait(before.wait, objects[0], NULL);
	gate_await_waiting(&gate, 1);
	set_wait(watch.wait, objects[1], 0);	/* queued behind it */
	SetThreadpoolWait(watch.wait, objects[1], NULL);
	SetThreadpoolWait(watch.wait, NULL, NULL);
	WaitForThreadpoolWaitCallbacks(watch.wait, TRUE);
	gate_open(&gate);
	ck_assert(SetEvent(objects[1]));
	assert_told(&watch, 0, 0);
	CloseThreadpoolWait(watch.wait);
	watch_close(&before);
	close_all(2, objects);
}
END_TEST

/* Sets itself again until it is told to stop. */
struct repeat {
	struct gate gate;
	HANDLE object;
	LONG volatile stop, runs;
};

static VOID CALLBACK
repeat_unless_stopped(PTP_CALLBACK_INSTANCE instance, PVOID context,
	PTP_WAIT wait, TP_WAIT_RESULT result)
{
	struct repeat *repeat = context;

	(void)instance;
	(void)result;
	gate_wait(&repeat->gate);
	InterlockedIncrement(&repeat->runs);
	if (InterlockedCompareExchange(&repeat->stop, 0, 0) == 0)
		SetThreadpoolWait(wait, repeat->object, NULL);
}

START_TEST(one_that_sets_itself_again_stops_in_two_rounds_or_by_a_flag)
{	/* WAIT-20 */
	struct repeat repeat = { .gate = GATE_INIT,
		.object = semaphore(9, 9) };
	struct private_pool private;
	PTP_WAIT wait;
	LONG runs;

	private_pool_open(&private, 1, 1);
	wait = wait_object(repeat_unless_stopped, &repeat, &private);
	SetThreadpoolWait(wait, repeat.object, NULL);
	gate_await_waiting(&repeat.gate, 1);
	SetThreadpoolWait(wait, NULL, NULL);
	/* One round is not enough: the running callback sets it again. */
	gate_open(&repeat.gate);
	WaitForThreadpoolWaitCallbacks(wait, FALSE);
	ck_assert_int_eq(repeat.runs, 9);
	ck_assert(ReleaseSemaphore(repeat.object, 1, NULL));
	WaitForThreadpoolWaitCallbacks(wait, FALSE);
	ck_assert_int_eq(repeat.runs, 10);
	InterlockedIncrement(&repeat.stop);
	SetThreadpoolWait(wait, NULL, NULL);
	WaitForThreadpoolWaitCallbacks(wait, TRUE);
	runs = repeat.runs;
	ck_assert(ReleaseSemaphore(repeat.object, 1, NULL));
	WaitForThreadpoolWaitCallbacks(wait, FALSE);
	ck_assert_int_eq(repeat.runs, runs);
	CloseThreadpoolWait(wait);
	private_pool_close(&private);
	ck_assert(CloseHandle(repeat.object));
}
END_TEST

/* ---- Closing ---- */

START_TEST(closing_stops_it_and_what_is_queued_still_runs)
{	/* WAIT-21 */
	HANDLE object = semaphore(1, 9);
	struct watch watch = WATCH_INIT;
	struct gate gate = GATE_INIT;

	watch.gate = &gate;
	watch_open(&watch);
	SetThreadpoolWait(watch.wait, object, NULL);
	gate_await_waiting(&gate, 1);
	set_wait(watch.wait, object, 0);
	SetThreadpoolWait(watch.wait, object, NULL);
	CloseThreadpoolWait(watch.wait);
	ck_assert(ReleaseSemaphore(object, 1, NULL));
	ck_assert_uint_eq(poll(object), WAIT_OBJECT_0);
	gate_open(&gate);
	tally_await(&watch.timeouts, 1);
	ck_assert_uint_eq(tally_read(&watch.signals), 1);
	private_pool_close(&watch.private);
	ck_assert(CloseHandle(object));
}
END_TEST

START_TEST(closing_a_set_wait_consumes_no_signal)
{	/* WAIT-22 */
	HANDLE object = event(AUTO, UNSET);
	struct watch watch = WATCH_INIT;

	watch_open(&watch);
	set_wait(watch.wait, object, FAR);
	CloseThreadpoolWait(watch.wait);
	ck_assert(SetEvent(object));
	ck_assert_uint_eq(poll(object), WAIT_OBJECT_0);
	private_pool_close(&watch.private);
	ck_assert(CloseHandle(object));
	ck_assert_uint_eq(tally_read(&watch.signals), 0);
}
END_TEST

static VOID CALLBACK
close_itself(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_WAIT wait,
	TP_WAIT_RESULT result)
{
	(void)instance;
	(void)result;
	CloseThreadpoolWait(wait);
	tally_add(context);
}

START_TEST(its_own_callback_may_close_it)
{	/* WAIT-24 */
	HANDLE object = event(MANUAL, SET);
	struct tally runs = TALLY_INIT;
	struct private_pool private;

	private_pool_open(&private, 1, 1);
	SetThreadpoolWait(wait_object(close_itself, &runs, &private), object,
		NULL);
	tally_await(&runs, 1);
	private_pool_close(&private);
	ck_assert(CloseHandle(object));
}
END_TEST

START_TEST(the_object_lives_on_when_its_handle_is_closed)
{	/* KOBJ-01, WAIT-26, port-defined */
	HANDLE object = event(AUTO, UNSET), copy;
	struct watch watch = WATCH_INIT;

	watch_open(&watch);
	ck_assert(DuplicateHandle(GetCurrentProcess(), object,
		GetCurrentProcess(), &copy, 0, FALSE,
		DUPLICATE_SAME_ACCESS));
	SetThreadpoolWait(watch.wait, object, NULL);
	ck_assert(CloseHandle(object));
	ck_assert(SetEvent(copy));
	assert_told(&watch, 1, 0);
	SetThreadpoolWait(watch.wait, copy, NULL);
	ck_assert(CloseHandle(copy));	/* nobody can signal it now */
	assert_told(&watch, 1, 0);
	watch_close(&watch);
}
END_TEST

START_TEST(a_closed_handle_does_not_disturb_other_waits)
{	/* WAIT-26 */
	HANDLE closed = event(AUTO, UNSET), object = event(AUTO, UNSET);
	struct watch first = WATCH_INIT, second = WATCH_INIT;
	LONGLONG begin = ticks_now();

	watch_open(&first);
	watch_open(&second);
	set_wait(first.wait, closed, -20 * MS);
	SetThreadpoolWait(second.wait, object, NULL);
	ck_assert(CloseHandle(closed));
	ck_assert(SetEvent(object));
	assert_told(&second, 1, 0);
	tally_await(&first.timeouts, 1);
	assert_elapsed(begin, 20 * MS);
	assert_told(&first, 0, 1);
	watch_close(&first);
	watch_close(&second);
	ck_assert(CloseHandle(object));
}
END_TEST

/* ---- Threads and memory ---- */

START_TEST(a_blocked_callback_holds_back_no_other_wait)
{	/* WAIT-32 */
	HANDLE object = semaphore(1, 9);
	struct watch blocked = WATCH_INIT, watch = WATCH_INIT;
	struct gate gate = GATE_INIT;

	blocked.gate = &gate;
	watch_open(&blocked);
	watch_open(&watch);
	SetThreadpoolWait(blocked.wait, object, NULL);
	gate_await_waiting(&gate, 1);
	SetThreadpoolWait(watch.wait, object, NULL);
	ck_assert(ReleaseSemaphore(object, 1, NULL));
	assert_told(&watch, 1, 0);
	set_wait(watch.wait, object, -5 * MS);
	tally_await(&watch.timeouts, 1);
	gate_open(&gate);
	watch_close(&watch);
	watch_close(&blocked);
	ck_assert(CloseHandle(object));
}
END_TEST

static VOID CALLBACK
note_thread(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_WAIT wait,
	TP_WAIT_RESULT result)
{
	(void)instance;
	(void)wait;
	(void)result;
	*(DWORD *)context = GetCurrentThreadId();
}

static VOID CALLBACK
note_thread_of_work(PTP_CALLBACK_INSTANCE instance, PVOID context,
	PTP_WORK work)
{
	(void)instance;
	(void)work;
	*(DWORD *)context = GetCurrentThreadId();
}

START_TEST(callbacks_run_on_the_pool_of_the_environment)
{	/* WAIT-32 */
	struct private_pool private;
	DWORD threads[3] = { 0, 0, 0 };
	HANDLE object = event(AUTO, SET);
	PTP_WAIT wait;
	PTP_WORK work;

	private_pool_open(&private, 1, 1);
	work = CreateThreadpoolWork(note_thread_of_work, &threads[0],
		&private.environ);
	ck_assert_ptr_nonnull(work);
	SubmitThreadpoolWork(work);
	WaitForThreadpoolWorkCallbacks(work, FALSE);
	wait = wait_object(note_thread, &threads[1], &private);
	SetThreadpoolWait(wait, object, NULL);
	WaitForThreadpoolWaitCallbacks(wait, FALSE);
	ck_assert_uint_ne(threads[0], 0);
	ck_assert_uint_eq(threads[1], threads[0]);
	CloseThreadpoolWork(work);
	CloseThreadpoolWait(wait);
	private_pool_close(&private);
	ck_assert(CloseHandle(object));
}
END_TEST

START_TEST(setting_needs_neither_memory_nor_a_thread)
{	/* WAIT-29 */
	HANDLE object = semaphore(0, 9);
	struct watch watch = WATCH_INIT;
	unsigned long asked;

	watch_open(&watch);
	assert_told(&watch, 0, 0);	/* the pool has its thread */
	fail_allocations(true);
	fail_threads(true);
	asked = made_allocations();
	set_wait(watch.wait, object, FAR);
	ck_assert(ReleaseSemaphore(object, 2, NULL));
	SetThreadpoolWait(watch.wait, object, NULL);
	set_wait(watch.wait, object, -5 * MS);
	tally_await(&watch.timeouts, 1);
	(void)SetThreadpoolWaitEx(watch.wait, NULL, NULL, NULL);
	assert_told(&watch, 2, 1);
	ck_assert_uint_eq(made_allocations(), asked);
	fail_allocations(false);
	fail_threads(false);
	watch_close(&watch);
	ck_assert(CloseHandle(object));
}
END_TEST

START_TEST(creating_one_fails_cleanly_and_can_be_repeated)
{	/* WAIT-29 */
	HANDLE object = event(AUTO, SET);
	struct tally runs = TALLY_INIT;
	PTP_WAIT wait;
	unsigned long n = 0;

	ck_assert_fails(CreateThreadpoolWait(NULL, NULL, NULL),
		ERROR_INVALID_PARAMETER);
	fail_threads(true);
	ck_assert_fails(CreateThreadpoolWait(close_itself, &runs, NULL),
		ERROR_NOT_ENOUGH_MEMORY);
	fail_threads(false);
	do {
		SetLastError(0xDEAD);
		fail_allocation_number(++n);
		wait = CreateThreadpoolWait(close_itself, &runs, NULL);
		fail_allocation_number(0);
		if (wait == NULL)
			ck_assert_uint_eq(GetLastError(),
				ERROR_NOT_ENOUGH_MEMORY);
	} while (wait == NULL);
	ck_assert_uint_ge(n, 2);
	SetThreadpoolWait(wait, object, NULL);
	tally_await(&runs, 1);
	ck_assert(CloseHandle(object));
}
END_TEST

/* ---- Misuse ---- */

static VOID CALLBACK
ignore_result(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_WAIT wait,
	TP_WAIT_RESULT result)
{
	(void)instance;
	(void)context;
	(void)wait;
	(void)result;
}

static PTP_WAIT
some_wait(void)
{
	return CreateThreadpoolWait(ignore_result, NULL, NULL);
}

static void
wait_for_a_mutex(void *unused)
{
	(void)unused;
	SetThreadpoolWait(some_wait(), mutex(), NULL);
}

static void
wait_for_a_mutex_by_ex(void *unused)
{
	(void)unused;
	SetThreadpoolWaitEx(some_wait(), mutex(), NULL, NULL);
}

static void
wait_for_a_closed_handle(void *unused)
{
	HANDLE object = event(AUTO, SET);

	(void)unused;
	ck_assert(CloseHandle(object));
	SetThreadpoolWait(some_wait(), object, NULL);
}

static void
wait_for_no_handle(void *unused)
{
	(void)unused;
	SetThreadpoolWait(some_wait(), STALE, NULL);
}

START_TEST(what_cannot_be_waited_for_is_reported)
{	/* WAIT-15, port-defined */
	expect_report(wait_for_a_mutex, "wait-target", "SetThreadpoolWait",
		"WAIT-15");
	expect_report(wait_for_a_mutex_by_ex, "wait-target",
		"SetThreadpoolWaitEx", "WAIT-15");
	expect_report(wait_for_a_closed_handle, "wait-target",
		"SetThreadpoolWait", "WAIT-15");
	expect_report(wait_for_no_handle, "wait-target",
		"SetThreadpoolWait", "WAIT-15");
}
END_TEST

static void
set_a_closed_wait(void *unused)
{
	PTP_WAIT wait = some_wait();

	(void)unused;
	CloseThreadpoolWait(wait);
	SetThreadpoolWait(wait, event(AUTO, SET), NULL);
}

static void
close_a_wait_twice(void *unused)
{
	PTP_WAIT wait = some_wait();

	(void)unused;
	CloseThreadpoolWait(wait);
	CloseThreadpoolWait(wait);
}

static void
set_work_as_a_wait(void *unused)
{
	(void)unused;
	SetThreadpoolWait((PTP_WAIT)(void *)some_work(), NULL, NULL);
}

static VOID CALLBACK
wait_for_oneself(PTP_CALLBACK_INSTANCE instance, PVOID context,
	PTP_WAIT wait, TP_WAIT_RESULT result)
{
	(void)instance;
	(void)context;
	(void)result;
	WaitForThreadpoolWaitCallbacks(wait, TRUE);
}

static void
wait_in_the_own_callback(void *unused)
{
	(void)unused;
	SetThreadpoolWait(CreateThreadpoolWait(wait_for_oneself, NULL, NULL),
		event(AUTO, SET), NULL);
	wait_for_the_end();
}

START_TEST(what_is_done_to_a_wait_that_must_not_be_is_reported)
{	/* WORK-19 */
	expect_report(set_a_closed_wait, "closed-object",
		"SetThreadpoolWait", "WORK-19");
	expect_report(close_a_wait_twice, "closed-object",
		"CloseThreadpoolWait", "WORK-19");
	expect_report(set_work_as_a_wait, "wrong-kind", "SetThreadpoolWait",
		"WORK-19");
}
END_TEST

START_TEST(a_wait_for_oneself_is_reported)
{	/* WORK-20 */
	expect_report(wait_in_the_own_callback, "self-wait",
		"WaitForThreadpoolWaitCallbacks", "WORK-20");
}
END_TEST

/* ---- Many ---- */

#define HUNDREDS	512
#define MANY		100000u

struct crowd {
	struct private_pool private;
	struct member {
		HANDLE object;
		PTP_WAIT wait;
		LONG volatile signals;
		struct tally *told;
	} *members;
	unsigned count;
	struct tally told;
};

static VOID CALLBACK
count_for_member(PTP_CALLBACK_INSTANCE instance, PVOID context,
	PTP_WAIT wait, TP_WAIT_RESULT result)
{
	struct member *member = context;

	(void)instance;
	if (wait != member->wait || result != WAIT_OBJECT_0)
		abort();
	InterlockedIncrement(&member->signals);
	tally_add(member->told);
}

static void
crowd_open(struct crowd *crowd, unsigned count)
{
	private_pool_open(&crowd->private, 2, 2);
	crowd->members = calloc(count, sizeof(*crowd->members));
	crowd->count = count;
	ck_assert_ptr_nonnull(crowd->members);
	for (unsigned i = 0; i < count; i++) {
		struct member *member = &crowd->members[i];

		member->object = i % 2 == 0 ? event(AUTO, UNSET) :
			semaphore(0, 9);
		member->told = &crowd->told;
		member->wait = wait_object(count_for_member, member,
			&crowd->private);
		SetThreadpoolWait(member->wait, member->object, NULL);
	}
}

static void
crowd_signal(struct crowd *crowd, unsigned i)
{
	if (i % 2 == 0)
		ck_assert(SetEvent(crowd->members[i].object));
	else
		ck_assert(ReleaseSemaphore(crowd->members[i].object, 1,
			NULL));
}

/* Each of them has been told so many signals. */
static void
crowd_assert(struct crowd *crowd, unsigned signals)
{
	tally_await(&crowd->told, (unsigned long)signals * crowd->count);
	for (unsigned i = 0; i < crowd->count; i++)
		ck_assert_int_eq(InterlockedCompareExchange(
			&crowd->members[i].signals, 0, 0), (int)signals);
	ck_assert_uint_eq(tally_read(&crowd->told),
		(unsigned long)signals * crowd->count);
}

static void
crowd_close(struct crowd *crowd)
{
	for (unsigned i = 0; i < crowd->count; i++)
		CloseThreadpoolWait(crowd->members[i].wait);
	for (unsigned i = 0; i < crowd->count; i++)
		ck_assert(CloseHandle(crowd->members[i].object));
	private_pool_close(&crowd->private);
	free(crowd->members);
}

START_TEST(hundreds_of_waits_work_at_once)
{	/* WAIT-13 */
	struct crowd crowd = { .told = TALLY_INIT };

	crowd_open(&crowd, HUNDREDS);
	for (unsigned i = 0; i < HUNDREDS; i++) {
		crowd_signal(&crowd, i);
		tally_await(&crowd.told, i + 1);
		ck_assert_int_eq(crowd.members[i].signals, 1);
	}
	crowd_assert(&crowd, 1);
	for (unsigned i = 0; i < HUNDREDS; i++)
		SetThreadpoolWait(crowd.members[i].wait,
			crowd.members[i].object, NULL);
	for (unsigned i = HUNDREDS; i-- > 0; ) {
		crowd_signal(&crowd, i);
		tally_await(&crowd.told, 2 * HUNDREDS - i);
		ck_assert_int_eq(crowd.members[i].signals, 2);
	}
	crowd_assert(&crowd, 2);
	crowd_close(&crowd);
}
END_TEST

START_TEST(many_set_waits_can_be_closed_and_then_their_handles)
{	/* WAIT-25 */
	struct crowd crowd = { .told = TALLY_INIT };

	crowd_open(&crowd, HUNDREDS);
	crowd_close(&crowd);
	ck_assert_uint_eq(tally_read(&crowd.told), 0);
}
END_TEST

static unsigned
descriptors(void)
{
	unsigned number = 0;

	for (int i = 0; i < 1024; i++)
		number += fcntl(i, F_GETFD) >= 0;
	return number;
}

/* A step that has no divisor in common with the count visits each once. */
#define STEP	38197u

START_TEST(a_hundred_thousand_waits_are_told_once_each)
{	/* WAIT-02, WAIT-13 */
	struct crowd crowd = { .told = TALLY_INIT };
	unsigned long threads = live_threads();
	unsigned open = descriptors(), i = 4711;

	crowd_open(&crowd, MANY);
	/* Two workers, the dispatcher; nothing for each object. */
	ck_assert_uint_le(live_threads(), threads + 3);
	ck_assert_uint_eq(descriptors(), open);
	for (unsigned n = 0; n < MANY; n++) {
		crowd_signal(&crowd, i);
		i = (i + STEP) % MANY;
	}
	crowd_assert(&crowd, 1);
	ck_assert_uint_le(live_threads(), threads + 3);
	ck_assert_uint_eq(descriptors(), open);
	crowd_close(&crowd);
}
END_TEST

/* ---- The suite ---- */

static void
add_signals_and_time_outs(TCase *small)
{
	tcase_add_test(small, a_new_wait_object_watches_nothing);
	tcase_add_test(small, a_signal_brings_one_callback_and_is_consumed);
	tcase_add_test(small, a_wait_takes_exactly_one_from_a_semaphore);
	tcase_add_test(small, a_manual_reset_event_stays_set);
	tcase_add_test(small,
		what_is_signalled_already_brings_the_callback_at_once);
	tcase_add_test(small, after_one_signal_it_watches_nothing);
	tcase_add_test(small, set_again_in_its_callback_it_repeats);
	tcase_add_test(small, a_thread_is_a_target_and_stays_signalled);
	tcase_add_test(small,
		a_waitable_timer_is_a_target_even_if_closed_at_once);
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

static void
add_setting_and_closing(TCase *small)
{
	tcase_add_test(small,
		a_null_handle_stops_it_and_the_time_out_is_not_looked_at);
	tcase_add_test(small, another_handle_takes_the_place_of_the_first);
	tcase_add_test(small, what_is_queued_still_runs_when_it_is_set_anew);
	tcase_add_test(small,
		of_several_that_are_queued_the_signals_are_told_first);
	tcase_add_test(small, each_signal_satisfies_one_of_several_waits);
	tcase_add_test(small,
		a_manual_reset_event_satisfies_all_of_several_waits);
	tcase_add_test(small,
		the_ex_form_says_whether_it_took_the_setting_back);
	tcase_add_test(small, the_ex_form_takes_back_what_is_queued);
	tcase_add_test(small, a_setting_that_came_and_went_counts_as_set);
	tcase_add_test(small, waiting_covers_callbacks_and_no_signal_to_come);
	tcase_add_test(small, waiting_with_cancel_leaves_it_set);
	tcase_add_test(small, null_and_cancel_leave_nothing_to_come);
	tcase_add_test(small,
		one_that_sets_itself_again_stops_in_two_rounds_or_by_a_flag);
	tcase_add_test(small, closing_stops_it_and_what_is_queued_still_runs);
	tcase_add_test(small, closing_a_set_wait_consumes_no_signal);
	tcase_add_test(small, its_own_callback_may_close_it);
	tcase_add_test(small, the_object_lives_on_when_its_handle_is_closed);
	tcase_add_test(small, a_closed_handle_does_not_disturb_other_waits);
}

int
main(void)
{
	Suite *suite = suite_create("waits");
	TCase *small = kernel_case(suite, "small");
	TCase *large = kernel_case(suite, "large");

	add_signals_and_time_outs(small);
	add_setting_and_closing(small);
	tcase_add_test(small, a_blocked_callback_holds_back_no_other_wait);
	tcase_add_test(small, callbacks_run_on_the_pool_of_the_environment);
	tcase_add_test(small, setting_needs_neither_memory_nor_a_thread);
	tcase_add_test(small, creating_one_fails_cleanly_and_can_be_repeated);
	if (TP_CHECK) {
		tcase_add_test(small, what_cannot_be_waited_for_is_reported);
		tcase_add_test(small,
			what_is_done_to_a_wait_that_must_not_be_is_reported);
		tcase_add_test(small, a_wait_for_oneself_is_reported);
	}
	tcase_add_test(large, hundreds_of_waits_work_at_once);
	tcase_add_test(large,
		many_set_waits_can_be_closed_and_then_their_handles);
	tcase_add_test(large, a_hundred_thousand_waits_are_told_once_each);
	return harness_run(suite);
}

/* SPDX-License-Identifier: MIT */
/*
 * test_wait_stop.c - stopping a wait object: NULL, recalling, waiting, closing
 *
 * NULL stops what is to come, and leaves what is queued; a wait with cancel
 * drops what is queued, and leaves what is set; the Ex form says whether it
 * took anything back. What is stopped consumes no signal: whoever looks at
 * the object then finds it there.
 *
 * The end may come from the callback itself, or from the side of the object:
 * its handle is closed while somebody waits for it.
 */
#include "kernel.h"
#include "watch.h"

/* ---- NULL, and taking it back ---- */

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

START_TEST(one_that_sets_itself_again_stops_only_with_a_flag)
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

/* ---- The suite ---- */

static void
add_stop(TCase *small)
{
	tcase_add_test(small,
		a_null_handle_stops_it_and_the_time_out_is_not_looked_at);
	tcase_add_test(small,
		the_ex_form_says_whether_it_took_the_setting_back);
	tcase_add_test(small, the_ex_form_takes_back_what_is_queued);
	tcase_add_test(small, a_setting_that_came_and_went_counts_as_set);
	tcase_add_test(small, waiting_covers_callbacks_and_no_signal_to_come);
	tcase_add_test(small, waiting_with_cancel_leaves_it_set);
	tcase_add_test(small, null_and_cancel_leave_nothing_to_come);
	tcase_add_test(small,
		one_that_sets_itself_again_stops_only_with_a_flag);
	tcase_add_test(small, closing_stops_it_and_what_is_queued_still_runs);
	tcase_add_test(small, closing_a_set_wait_consumes_no_signal);
	tcase_add_test(small, its_own_callback_may_close_it);
	tcase_add_test(small, the_object_lives_on_when_its_handle_is_closed);
	tcase_add_test(small, a_closed_handle_does_not_disturb_other_waits);
}

int
main(void)
{
	Suite *suite = suite_create("wait_stop");

	add_stop(harness_case(suite, "small"));
	return harness_run(suite);
}

/* SPDX-License-Identifier: MIT */
/*
 * test_waits.c - wait objects: setting them, and the callback of a signal
 *
 * watch.h has the wait object that most tests are about. That something
 * never comes is tested beside something later that does, or, explored, by
 * letting much time pass.
 *
 * Time-outs are in test_wait_timeouts.c, and in test_wait_stop.c is how
 * callbacks are kept from coming: NULL, waiting, recalling, closing. What is
 * reported is in test_wait_misuse.c, and the load in test_wait_load.c. The
 * races are in test_scenario_waits.c; descriptors are in test_readiness.c.
 */
#include "kernel.h"
#include "watch.h"

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

/* ---- Setting it anew ---- */

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

/* ---- The suite ---- */

static void
add_waits(TCase *small)
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
	tcase_add_test(small, another_handle_takes_the_place_of_the_first);
	tcase_add_test(small, what_is_queued_still_runs_when_it_is_set_anew);
	tcase_add_test(small,
		of_several_that_are_queued_the_signals_are_told_first);
	tcase_add_test(small, each_signal_satisfies_one_of_several_waits);
	tcase_add_test(small,
		a_manual_reset_event_satisfies_all_of_several_waits);
	tcase_add_test(small, a_blocked_callback_holds_back_no_other_wait);
	tcase_add_test(small, callbacks_run_on_the_pool_of_the_environment);
	tcase_add_test(small, setting_needs_neither_memory_nor_a_thread);
	tcase_add_test(small, creating_one_fails_cleanly_and_can_be_repeated);
}

int
main(void)
{
	Suite *suite = suite_create("waits");

	add_waits(kernel_case(suite, "small"));
	return harness_run(suite);
}

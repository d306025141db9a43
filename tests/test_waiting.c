/* SPDX-License-Identifier: MIT */
/*
 * test_waiting.c - waits for one object or several, and their time-outs
 *
 * A wait for any takes the signal of one object, a wait for all those of all
 * objects at one moment, and a wait that times out or fails takes nothing.
 * Most tests use objects that a wait changes (auto-reset events, semaphores,
 * mutexes), so that a look afterwards says what was taken.
 *
 * SignalObjectAndWait, by which the suites of the kernel objects order their
 * threads, is tested here too: that it signals, and that it has not when it
 * fails.
 *
 * The races count: each signal of the many rounds must have been taken once,
 * by the one side or the other, or be there still at the end.
 */
#include "kernel.h"

/* ---- Any and all ---- */

START_TEST(waiting_for_any_takes_the_lowest_index_and_nothing_else)
{	/* KOBJ-10 */
	HANDLE objects[MAXIMUM_WAIT_OBJECTS];

	for (unsigned i = 0; i < MAXIMUM_WAIT_OBJECTS; i++)
		objects[i] = event(AUTO, SET);
	for (unsigned i = 0; i < MAXIMUM_WAIT_OBJECTS; i++)
		ck_assert_uint_eq(WaitForMultipleObjects(
			MAXIMUM_WAIT_OBJECTS, objects, FALSE, INFINITE),
			WAIT_OBJECT_0 + i);
	ck_assert_uint_eq(WaitForMultipleObjects(MAXIMUM_WAIT_OBJECTS,
		objects, FALSE, 0), WAIT_TIMEOUT);
	close_all(MAXIMUM_WAIT_OBJECTS, objects);
}
END_TEST

static DWORD
wait_any_of_64(void *argument)
{
	return WaitForMultipleObjectsEx(MAXIMUM_WAIT_OBJECTS, argument,
		FALSE, INFINITE, FALSE);
}

static DWORD
wait_all_of_64(void *argument)
{
	return WaitForMultipleObjectsEx(MAXIMUM_WAIT_OBJECTS, argument, TRUE,
		INFINITE, FALSE);
}

START_TEST(a_blocked_wait_for_any_ends_with_the_index_that_was_signalled)
{	/* KOBJ-10 */
	HANDLE objects[MAXIMUM_WAIT_OBJECTS];

	for (unsigned i = 0; i < MAXIMUM_WAIT_OBJECTS; i++)
		objects[i] = event(AUTO, UNSET);
	for (unsigned i = 0; i < MAXIMUM_WAIT_OBJECTS; i += 21) {
		HANDLE thread = start(wait_any_of_64, objects);

		ck_assert(SetEvent(objects[i]));
		ck_assert_uint_eq(join(thread), WAIT_OBJECT_0 + i);
	}
	ck_assert_uint_eq(WaitForMultipleObjects(MAXIMUM_WAIT_OBJECTS,
		objects, FALSE, 0), WAIT_TIMEOUT);
	close_all(MAXIMUM_WAIT_OBJECTS, objects);
}
END_TEST

START_TEST(waiting_for_all_takes_nothing_until_all_are_signalled)
{	/* KOBJ-11 */
	HANDLE objects[2] = { semaphore(1, 1), event(AUTO, UNSET) };

	ck_assert_uint_eq(WaitForMultipleObjects(2, objects, TRUE, 0),
		WAIT_TIMEOUT);
	ck_assert_uint_eq(WaitForMultipleObjects(2, objects, TRUE, 20),
		WAIT_TIMEOUT);
	ck_assert_fails(ReleaseSemaphore(objects[0], 1, NULL),
		ERROR_TOO_MANY_POSTS);
	ck_assert(SetEvent(objects[1]));
	ck_assert_uint_eq(WaitForMultipleObjects(2, objects, TRUE, 0),
		WAIT_OBJECT_0);
	ck_assert_uint_eq(poll(objects[0]), WAIT_TIMEOUT);
	ck_assert_uint_eq(poll(objects[1]), WAIT_TIMEOUT);
	close_all(2, objects);
}
END_TEST

START_TEST(a_blocked_wait_for_all_leaves_single_signals_to_others)
{	/* KOBJ-11 */
	HANDLE objects[MAXIMUM_WAIT_OBJECTS], thread;

	for (unsigned i = 0; i < MAXIMUM_WAIT_OBJECTS; i++)
		objects[i] = event(AUTO, UNSET);
	thread = start(wait_all_of_64, objects);
	for (unsigned i = 0; i < MAXIMUM_WAIT_OBJECTS; i++) {
		ck_assert(SetEvent(objects[i]));
		ck_assert_uint_eq(poll(objects[i]), WAIT_OBJECT_0);
	}
	for (unsigned i = 0; i < MAXIMUM_WAIT_OBJECTS; i++)
		ck_assert(SetEvent(objects[i]));
	ck_assert_uint_eq(join(thread), WAIT_OBJECT_0);
	for (unsigned i = 0; i < MAXIMUM_WAIT_OBJECTS; i++)
		ck_assert_uint_eq(poll(objects[i]), WAIT_TIMEOUT);
	close_all(MAXIMUM_WAIT_OBJECTS, objects);
}
END_TEST

static DWORD
own_and_wait_for_both(void *argument)
{
	HANDLE *objects = argument;	/* a mutex and an event */

	if (SignalObjectAndWait(arrived, objects[0], 0, FALSE) !=
	    WAIT_OBJECT_0)
		return WAIT_FAILED;
	return WaitForMultipleObjects(2, objects, TRUE, INFINITE);
}

START_TEST(an_owner_may_wait_for_its_mutex_together_with_something_else)
{	/* KOBJ-11 */
	HANDLE objects[2] = { mutex(), event(AUTO, UNSET) };
	HANDLE thread = start(own_and_wait_for_both, objects);

	await_arrivals(1);
	ck_assert(SetEvent(objects[1]));
	ck_assert_uint_eq(join(thread), WAIT_OBJECT_0);
	close_all(2, objects);
}
END_TEST

START_TEST(an_object_may_be_given_twice_to_a_wait_for_any_only)
{
	HANDLE object = semaphore(2, 2), copy;
	HANDLE twice[2] = { object, object };

	ck_assert_uint_eq(WaitForMultipleObjects(2, twice, FALSE, 0),
		WAIT_OBJECT_0);
	ck_assert_uint_eq(WaitForMultipleObjects(2, twice, FALSE, 0),
		WAIT_OBJECT_0);
	ck_assert_uint_eq(WaitForMultipleObjects(2, twice, FALSE, 1),
		WAIT_TIMEOUT);
	ck_assert(ReleaseSemaphore(object, 2, NULL));
	ck_assert_wait_fails(WaitForMultipleObjects(2, twice, TRUE, 0),
		ERROR_INVALID_PARAMETER);
	ck_assert(DuplicateHandle(GetCurrentProcess(), object,
		GetCurrentProcess(), &copy, 0, FALSE, 0));
	twice[1] = copy;
	ck_assert_wait_fails(WaitForMultipleObjects(2, twice, TRUE, 0),
		ERROR_INVALID_PARAMETER);
	close_all(2, twice);
}
END_TEST

/* ---- What a wait takes and refuses ---- */

START_TEST(one_wait_takes_1_to_64_handles)
{	/* KOBJ-12 */
	HANDLE objects[MAXIMUM_WAIT_OBJECTS + 1];

	for (unsigned i = 0; i < MAXIMUM_WAIT_OBJECTS + 1; i++)
		objects[i] = event(MANUAL, SET);
	ck_assert_wait_fails(WaitForMultipleObjects(0, objects, FALSE, 0),
		ERROR_INVALID_PARAMETER);
	ck_assert_wait_fails(WaitForMultipleObjects(
		MAXIMUM_WAIT_OBJECTS + 1, objects, FALSE, 0),
		ERROR_INVALID_PARAMETER);
	ck_assert_wait_fails(WaitForMultipleObjects(1, NULL, FALSE, 0),
		ERROR_INVALID_PARAMETER);
	ck_assert_uint_eq(WaitForMultipleObjects(1, objects, TRUE, 0),
		WAIT_OBJECT_0);
	ck_assert_uint_eq(WaitForMultipleObjects(MAXIMUM_WAIT_OBJECTS,
		objects, TRUE, 0), WAIT_OBJECT_0);
	close_all(MAXIMUM_WAIT_OBJECTS + 1, objects);
}
END_TEST

START_TEST(a_bad_handle_among_good_ones_fails_and_takes_nothing)
{	/* KOBJ-13 */
	HANDLE objects[3] = { event(AUTO, SET), STALE, event(AUTO, SET) };

	ck_assert_wait_fails(WaitForMultipleObjects(3, objects, FALSE,
		INFINITE), ERROR_INVALID_HANDLE);
	ck_assert_wait_fails(WaitForMultipleObjects(3, objects, TRUE, 0),
		ERROR_INVALID_HANDLE);
	ck_assert_uint_eq(poll(objects[0]), WAIT_OBJECT_0);
	ck_assert_uint_eq(poll(objects[2]), WAIT_OBJECT_0);
	ck_assert(CloseHandle(objects[0]));
	ck_assert(CloseHandle(objects[2]));
}
END_TEST

START_TEST(a_wait_that_succeeds_or_times_out_keeps_the_last_error)
{	/* KOBJ-13 */
	HANDLE object = event(AUTO, SET);

	SetLastError(0xDEADBEEF);
	ck_assert_uint_eq(poll(object), WAIT_OBJECT_0);
	ck_assert_uint_eq(GetLastError(), 0xDEADBEEF);
	ck_assert_uint_eq(poll(object), WAIT_TIMEOUT);
	ck_assert_uint_eq(WaitForSingleObject(object, 1), WAIT_TIMEOUT);
	ck_assert_uint_eq(GetLastError(), 0xDEADBEEF);
	ck_assert(CloseHandle(object));
}
END_TEST

/* ---- Cancelled threads ---- */

/* No ck_assert between: it is a place to be cancelled at. */
static void *
wait_and_be_cancelled(void *object)
{
	if (pthread_cancel(pthread_self()) != 0 ||
	    WaitForSingleObject(object, 1) != WAIT_TIMEOUT)
		abort();
	pthread_testcancel();
	return NULL;
}

START_TEST(a_thread_that_is_to_be_cancelled_takes_no_lock_with_it)
{	/* KOBJ-03 */
	HANDLE object = event(AUTO, UNSET);
	pthread_t thread;
	void *result;

	explore_cannot("pthread_cancel is not explored");
	ck_assert_int_eq(pthread_create(&thread, NULL,
		wait_and_be_cancelled, object), 0);
	ck_assert_int_eq(pthread_join(thread, &result), 0);
	ck_assert_ptr_eq(result, PTHREAD_CANCELED);
	ck_assert(SetEvent(object));
	ck_assert_uint_eq(poll(object), WAIT_OBJECT_0);
	ck_assert(CloseHandle(object));
}
END_TEST

/* ---- Time-outs ---- */

START_TEST(a_poll_does_not_block_and_consumes_like_any_wait)
{	/* KOBJ-15 */
	HANDLE objects[2] = { event(AUTO, SET), semaphore(1, 1) };

	ck_assert_uint_eq(poll(objects[0]), WAIT_OBJECT_0);
	ck_assert_uint_eq(poll(objects[0]), WAIT_TIMEOUT);
	ck_assert_uint_eq(WaitForMultipleObjects(2, objects, FALSE, 0),
		WAIT_OBJECT_0 + 1);
	ck_assert_uint_eq(WaitForMultipleObjects(2, objects, FALSE, 0),
		WAIT_TIMEOUT);
	close_all(2, objects);
}
END_TEST

START_TEST(a_wait_does_not_time_out_early)
{
	HANDLE object = event(AUTO, UNSET);
	LONGLONG begin = ticks_now();

	ck_assert_uint_eq(WaitForSingleObjectEx(object, 20, TRUE),
		WAIT_TIMEOUT);
	assert_elapsed(begin, 20 * MS);
	ck_assert(CloseHandle(object));
}
END_TEST

START_TEST(a_thread_that_timed_out_takes_no_later_signal)
{	/* KOBJ-03 */
	HANDLE object = event(AUTO, UNSET);

	ck_assert_uint_eq(WaitForSingleObject(object, 1), WAIT_TIMEOUT);
	ck_assert(SetEvent(object));
	ck_assert_uint_eq(poll(object), WAIT_OBJECT_0);
	ck_assert(CloseHandle(object));
}
END_TEST

/* ---- Signal and wait ---- */

START_TEST(signal_and_wait_signals_each_kind_that_a_program_can_signal)
{
	HANDLE done = event(MANUAL, SET), e = event(AUTO, UNSET);
	HANDLE s = semaphore(0, 1), m = CreateMutexA(NULL, TRUE, NULL);

	ck_assert_uint_eq(SignalObjectAndWait(e, done, INFINITE, FALSE),
		WAIT_OBJECT_0);
	ck_assert_uint_eq(poll(e), WAIT_OBJECT_0);
	ck_assert_uint_eq(SignalObjectAndWait(s, s, INFINITE, FALSE),
		WAIT_OBJECT_0);
	ck_assert_uint_eq(poll(s), WAIT_TIMEOUT);
	ck_assert_uint_eq(SignalObjectAndWait(m, e, 0, FALSE), WAIT_TIMEOUT);
	ck_assert_fails(ReleaseMutex(m), ERROR_NOT_OWNER);
	close_all(4, (HANDLE[]){ done, e, s, m });
}
END_TEST

START_TEST(signal_and_wait_that_fails_has_signalled_nothing)
{
	HANDLE e = event(AUTO, UNSET), s = semaphore(1, 1), m = mutex();
	HANDLE t = timer(AUTO);

	ck_assert_wait_fails(SignalObjectAndWait(e, STALE, 0, FALSE),
		ERROR_INVALID_HANDLE);
	ck_assert_uint_eq(poll(e), WAIT_TIMEOUT);
	ck_assert_wait_fails(SignalObjectAndWait(STALE, s, 0, FALSE),
		ERROR_INVALID_HANDLE);
	ck_assert_wait_fails(SignalObjectAndWait(t, s, 0, FALSE),
		ERROR_INVALID_HANDLE);
	ck_assert_wait_fails(SignalObjectAndWait(s, s, 0, FALSE),
		ERROR_TOO_MANY_POSTS);
	ck_assert_wait_fails(SignalObjectAndWait(m, s, 0, FALSE),
		ERROR_NOT_OWNER);
	ck_assert_uint_eq(poll(s), WAIT_OBJECT_0);
	close_all(4, (HANDLE[]){ e, s, m, t });
}
END_TEST

/* ---- A race of a signal with a time-out ---- */

enum { ROUNDS = 1000 };

struct duel {
	HANDLE object;		/* an auto-reset event */
	HANDLE go, done;	/* the turns of the two threads */
};

static DWORD
set_about_now(void *argument)
{
	struct duel *duel = argument;

	for (int i = 0; i < ROUNDS; i++) {
		WaitForSingleObject(duel->go, INFINITE);
		Sleep(1);	/* when the other times out: a close race */
		SetEvent(duel->object);
		SetEvent(duel->done);
	}
	return 0;
}

START_TEST(a_signal_and_a_time_out_never_both_win)
{	/* KOBJ-03 */
	struct duel duel = { event(AUTO, UNSET), event(AUTO, UNSET),
		event(AUTO, UNSET) };
	HANDLE thread = start(set_about_now, &duel);

	for (int i = 0; i < ROUNDS; i++) {
		DWORD result, left;

		ck_assert(SetEvent(duel.go));
		result = WaitForSingleObject(duel.object, 1);
		ck_assert_uint_eq(WaitForSingleObject(duel.done, INFINITE),
			WAIT_OBJECT_0);
		left = poll(duel.object);
		/* One signal each round: taken, or still there. */
		ck_assert_uint_eq(result + left,
			WAIT_OBJECT_0 + WAIT_TIMEOUT);
	}
	ck_assert_uint_eq(join(thread), 0);
	close_all(3, (HANDLE[]){ duel.object, duel.go, duel.done });
}
END_TEST

/* ---- Races of waits for all and for any ---- */

struct contest {
	HANDLE objects[3];	/* two semaphores, and the end */
};

/* Both return how often they took both; or, of the first 16 bits each. */
static DWORD
take_both(void *argument)
{
	struct contest *contest = argument;
	DWORD taken = 0, result;

	do {
		result = WaitForMultipleObjects(2, contest->objects, TRUE,
			1);
		taken += result == WAIT_OBJECT_0;
	} while (result == WAIT_OBJECT_0 ||
		 poll(contest->objects[2]) == WAIT_TIMEOUT);
	return taken;
}

static DWORD
take_either(void *argument)
{
	struct contest *contest = argument;
	DWORD taken = 0;

	for (;;) {
		DWORD result = WaitForMultipleObjects(3, contest->objects,
			FALSE, INFINITE);

		if (result == WAIT_OBJECT_0 + 2)
			return taken;
		taken += result == WAIT_OBJECT_0 ? 1 : 0x10000;
	}
}

static DWORD
drain(HANDLE object)
{
	DWORD drained = 0;

	while (poll(object) == WAIT_OBJECT_0)
		drained++;
	return drained;
}

static void
compete(unsigned rounds)
{
	struct contest contest = { { semaphore(0, 10000),
		semaphore(0, 10000), event(MANUAL, UNSET) } };
	LPTHREAD_START_ROUTINE bodies[4] = { take_both, take_either,
		take_both, take_either };
	DWORD both = 0, either = 0;
	HANDLE threads[4];

	for (unsigned i = 0; i < 4; i++)
		threads[i] = start(bodies[i], &contest);
	for (unsigned i = 0; i < rounds; i++) {
		ck_assert(ReleaseSemaphore(contest.objects[i % 2], 1, NULL));
		ck_assert(ReleaseSemaphore(contest.objects[1 - i % 2], 1,
			NULL));
	}
	ck_assert(SetEvent(contest.objects[2]));
	for (unsigned i = 0; i < 4; i += 2) {
		both += join(threads[i]);
		either += join(threads[i + 1]);
	}
	/* No permit got lost, and none was taken twice. */
	ck_assert_uint_eq(both + (either & 0xFFFF) +
		drain(contest.objects[0]), rounds);
	ck_assert_uint_eq(both + (either >> 16) +
		drain(contest.objects[1]), rounds);
	close_all(3, contest.objects);
}

START_TEST(waits_for_all_and_for_any_share_permits_exactly)
{	/* KOBJ-11 */
	compete(3);
}
END_TEST

START_TEST(many_waits_for_all_and_for_any_share_permits_exactly)
{	/* KOBJ-11 */
	compete(10000);
}
END_TEST

/* ---- The suite ---- */

static void
add_small(TCase *small)
{
	tcase_add_test(small,
		waiting_for_any_takes_the_lowest_index_and_nothing_else);
	tcase_add_test(small,
		a_blocked_wait_for_any_ends_with_the_index_that_was_signalled);
	tcase_add_test(small,
		waiting_for_all_takes_nothing_until_all_are_signalled);
	tcase_add_test(small,
		a_blocked_wait_for_all_leaves_single_signals_to_others);
	tcase_add_test(small,
		an_owner_may_wait_for_its_mutex_together_with_something_else);
	tcase_add_test(small,
		an_object_may_be_given_twice_to_a_wait_for_any_only);
	tcase_add_test(small, one_wait_takes_1_to_64_handles);
	tcase_add_test(small,
		a_thread_that_is_to_be_cancelled_takes_no_lock_with_it);
	tcase_add_test(small,
		a_bad_handle_among_good_ones_fails_and_takes_nothing);
	tcase_add_test(small,
		a_wait_that_succeeds_or_times_out_keeps_the_last_error);
	tcase_add_test(small, a_poll_does_not_block_and_consumes_like_any_wait);
	tcase_add_test(small, a_wait_does_not_time_out_early);
	tcase_add_test(small, a_thread_that_timed_out_takes_no_later_signal);
	tcase_add_test(small,
		signal_and_wait_signals_each_kind_that_a_program_can_signal);
	tcase_add_test(small, signal_and_wait_that_fails_has_signalled_nothing);
	tcase_add_test(small, waits_for_all_and_for_any_share_permits_exactly);
}

int
main(void)
{
	Suite *suite = suite_create("waiting");
	TCase *small = kernel_case(suite, "small");
	TCase *large = kernel_case(suite, "large");

	add_small(small);
	tcase_add_test(large, a_signal_and_a_time_out_never_both_win);
	tcase_add_test(large,
		many_waits_for_all_and_for_any_share_permits_exactly);
	return harness_run(suite);
}

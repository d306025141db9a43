/* SPDX-License-Identifier: MIT */
/*
 * test_scenario_signals.c - signals against waits: events and semaphores
 *
 * Scenarios (scenario.h says what that is) of objects that one thread
 * signals and others wait for: each signal is taken once, or is still there.
 * Waits for several objects take one of them, or all in one step. The
 * comment above a test names the function whose promise is at stake.
 *
 * What belongs to a thread is in test_scenario_owners.c, what is due at a
 * time in test_scenario_times.c; how objects come and go, and are found, is
 * in test_scenario_handles.c. Wait objects are in test_scenario_waits.c.
 */
#include "objects.h"

#include "../ref/waitable.h"

/* ---- Events ---- */

/* tp_waitable_signalled_locked: one signal, one waiter; the other is late. */
START_TEST(one_signal_of_an_event_ends_one_of_two_waits)
{	/* KOBJ-03 */
	HANDLE object = try_event(AUTO);
	struct wait_call first = { object, 10, 99, 0, 0 };
	struct wait_call second = { object, 10, 99, 0, 0 };
	struct race race = { .count = 0 };
	DWORD left;

	if (object == NULL)
		return;
	race_start(&race, wait_once, &first);
	race_start(&race, wait_once, &second);
	ck_assert(SetEvent(object));
	race_join(&race);
	left = poll(object);
	ck_assert_int_eq((first.result == WAIT_OBJECT_0) +
		(second.result == WAIT_OBJECT_0) +
		(left == WAIT_OBJECT_0), 1);
	if (exact()) {
		ck_assert_uint_eq(left, WAIT_TIMEOUT);
		ck_assert_int_eq(first.took + second.took, 10 * MS);
	}
	ck_assert(CloseHandle(object));
}
END_TEST

/* struct wait: "signalled" and "timed out" cannot both win, nor both lose. */
START_TEST(signal_against_a_time_out_is_taken_or_still_there)
{	/* KOBJ-03 */
	HANDLE object = try_event(AUTO);
	struct wait_call call = { object, 10, 99, 0, 0 };
	struct race race = { .count = 0 };

	if (object == NULL)
		return;
	race_start(&race, wait_once, &call);
	Sleep(10);
	ck_assert(SetEvent(object));
	race_join(&race);
	ck_assert_uint_eq(call.result + poll(object),
		WAIT_OBJECT_0 + WAIT_TIMEOUT);
	if (exact())
		ck_assert_int_eq(call.took, 10 * MS);
	else if (call.result == WAIT_TIMEOUT)
		ck_assert_int_ge(call.took, 10 * MS);
	ck_assert(CloseHandle(object));
}
END_TEST

/* How many are asleep on the object. */
static unsigned
sleepers_of(HANDLE handle)
{
	struct tp_list *blocks;
	unsigned count = 0;

	tp_lock(&tp_waitable_lock);
	blocks = &tp_handle_find_locked(handle)->blocks;
	for (struct tp_list *node = blocks->next; node != blocks;
	     node = node->next)
		count++;
	tp_unlock(&tp_waitable_lock);
	return count;
}

/* event_set: all who wait pass, though it is reset before they run. */
START_TEST(set_before_reset_releases_all_who_wait)
{	/* KOBJ-03 */
	HANDLE object = try_event(MANUAL);
	struct wait_call first = { object, 10, 99, 0, 0 };
	struct wait_call second = { object, 10, 99, 0, 0 };
	struct race race = { .count = 0 };
	unsigned asleep;

	if (object == NULL)
		return;
	race_start(&race, wait_once, &first);
	race_start(&race, wait_once, &second);
	asleep = sleepers_of(object);
	ck_assert(SetEvent(object));
	ck_assert_uint_eq(sleepers_of(object), 0);
	ck_assert(ResetEvent(object));
	race_join(&race);
	if (exact())	/* else their time may have been up */
		ck_assert_int_ge((first.result == WAIT_OBJECT_0) +
			(second.result == WAIT_OBJECT_0), (int)asleep);
	ck_assert_uint_eq(poll(object), WAIT_TIMEOUT);
	ck_assert(CloseHandle(object));
}
END_TEST

/* tp_waitable_unuse_locked: closed under a waiter, it lives until the end. */
START_TEST(set_against_wait_against_close_of_an_event)
{	/* KOBJ-01, KOBJ-13, port-defined */
	HANDLE object = try_event(MANUAL);
	struct wait_call call = { object, INFINITE, 99, 0, 0 };
	struct race race = { .count = 0 };

	if (object == NULL)
		return;
	race_start(&race, wait_once, &call);
	ck_assert(SetEvent(object));
	ck_assert(CloseHandle(object));
	race_join(&race);
	/* In time, or too late for the handle; but never asleep for ever. */
	if (call.result == WAIT_FAILED)
		ck_assert_uint_eq(call.error, ERROR_INVALID_HANDLE);
	else
		ck_assert_uint_eq(call.result, WAIT_OBJECT_0);
}
END_TEST

/* ---- Waiting for several ---- */

struct wait_calls {
	HANDLE handles[2];
	BOOL all;
	DWORD timeout;		/* ms */
	DWORD result;
};

static void *
wait_for_both_or_either(void *argument)
{
	struct wait_calls *calls = argument;

	calls->result = WaitForMultipleObjects(2, calls->handles, calls->all,
		calls->timeout);
	return NULL;
}

/* satisfy_any: takes one of the two signals, and leaves the other one. */
START_TEST(wait_for_any_against_two_signals_takes_exactly_one)
{	/* KOBJ-10 */
	HANDLE objects[2] = { try_event(AUTO), try_event(AUTO) };
	struct wait_calls calls = { { objects[0], objects[1] }, FALSE,
		INFINITE, 99 };
	struct race race = { .count = 0 };

	if (all_made(2, objects)) {
		race_start(&race, set_event, objects[0]);
		race_start(&race, set_event, objects[1]);
		(void)wait_for_both_or_either(&calls);
		race_join(&race);
		ck_assert_uint_le(calls.result, WAIT_OBJECT_0 + 1);
		ck_assert_uint_eq(poll(objects[calls.result]), WAIT_TIMEOUT);
		ck_assert_uint_eq(poll(objects[1 - calls.result]),
			WAIT_OBJECT_0);
	}
	close_all(2, objects);
}
END_TEST

/* satisfy_all: takes nothing until it can take everything. */
START_TEST(wait_for_all_against_a_wait_for_one_takes_all_or_nothing)
{	/* KOBJ-11 */
	HANDLE objects[2] = { try_event(AUTO), try_event(AUTO) };
	struct wait_calls both = { { objects[0], objects[1] }, TRUE, 10, 99 };
	struct wait_call one = { objects[1], 10, 99, 0, 0 };
	struct race race = { .count = 0 };
	DWORD left[2];

	if (all_made(2, objects)) {
		race_start(&race, wait_for_both_or_either, &both);
		race_start(&race, wait_once, &one);
		ck_assert(SetEvent(objects[0]));
		ck_assert(SetEvent(objects[1]));
		race_join(&race);
		left[0] = poll(objects[0]);
		left[1] = poll(objects[1]);
		/* Each signal was taken once, or is still there. */
		ck_assert_int_eq((both.result == WAIT_OBJECT_0) +
			(left[0] == WAIT_OBJECT_0), 1);
		ck_assert_int_eq((both.result == WAIT_OBJECT_0) +
			(one.result == WAIT_OBJECT_0) +
			(left[1] == WAIT_OBJECT_0), 1);
		if (exact())
			ck_assert_uint_eq(left[1], WAIT_TIMEOUT);
	}
	close_all(2, objects);
}
END_TEST

/* Permits of two semaphores: who took how many. */
struct contest {
	HANDLE objects[2];
	LONG volatile taken[2];
};

static void *
take_both(void *argument)
{
	struct contest *contest = argument;

	if (WaitForMultipleObjects(2, contest->objects, TRUE, 10) ==
	    WAIT_OBJECT_0) {
		InterlockedIncrement(&contest->taken[0]);
		InterlockedIncrement(&contest->taken[1]);
	}
	return NULL;
}

static void *
take_either(void *argument)
{
	struct contest *contest = argument;
	DWORD result = WaitForMultipleObjects(2, contest->objects, FALSE,
		10);

	if (result != WAIT_TIMEOUT)
		InterlockedIncrement(&contest->taken[result]);
	return NULL;
}

/* tp_waitable_signalled_locked: with one block, others leave the lists. */
START_TEST(waits_for_all_and_for_any_take_each_permit_once)
{	/* KOBJ-06, KOBJ-11 */
	struct contest contest = {
		{ try_semaphore(0, 2), try_semaphore(0, 2) }, { 0, 0 }
	};
	struct race race = { .count = 0 };

	if (all_made(2, contest.objects)) {
		race_start(&race, take_both, &contest);
		race_start(&race, take_either, &contest);
		ck_assert(ReleaseSemaphore(contest.objects[1], 2, NULL));
		ck_assert(ReleaseSemaphore(contest.objects[0], 1, NULL));
		race_join(&race);
		while (poll(contest.objects[0]) == WAIT_OBJECT_0)
			contest.taken[0]++;
		while (poll(contest.objects[1]) == WAIT_OBJECT_0)
			contest.taken[1]++;
		ck_assert_int_eq(contest.taken[0], 1);
		ck_assert_int_eq(contest.taken[1], 2);
	}
	close_all(2, contest.objects);
}
END_TEST

/* release_locked of semaphore.c: permits add up, whoever releases them. */
START_TEST(two_releases_end_two_waits_for_a_semaphore)
{	/* KOBJ-05, KOBJ-06 */
	HANDLE object = try_semaphore(0, 2);
	struct wait_call first = { object, INFINITE, 99, 0, 0 };
	struct wait_call second = { object, INFINITE, 99, 0, 0 };
	struct race race = { .count = 0 };

	if (object == NULL)
		return;
	race_start(&race, release_one, object);
	race_start(&race, wait_once, &first);
	race_start(&race, wait_once, &second);
	(void)release_one(object);
	race_join(&race);
	ck_assert_uint_eq(first.result, WAIT_OBJECT_0);
	ck_assert_uint_eq(second.result, WAIT_OBJECT_0);
	ck_assert_uint_eq(poll(object), WAIT_TIMEOUT);
	ck_assert(CloseHandle(object));
}
END_TEST

static void *
signal_first_and_wait_for_second(void *argument)
{
	struct wait_calls *calls = argument;

	calls->result = SignalObjectAndWait(calls->handles[0],
		calls->handles[1], INFINITE, FALSE);
	return NULL;
}

/* SignalObjectAndWait: it waits already when the signal can be seen. */
START_TEST(who_signals_and_waits_is_waiting_when_the_signal_comes)
{	/* SignalObjectAndWait: no rule of its own */
	HANDLE objects[2] = { try_event(AUTO), try_event(AUTO) };
	struct wait_calls calls = { { objects[0], objects[1] }, FALSE,
		INFINITE, 99 };
	struct race race = { .count = 0 };

	if (all_made(2, objects)) {
		race_start(&race, signal_first_and_wait_for_second, &calls);
		race_drop_refused(&race);	/* both need the other */
		if (race.count > 0) {
			ck_assert_uint_eq(WaitForSingleObject(objects[0],
				INFINITE), WAIT_OBJECT_0);
			ck_assert_uint_eq(sleepers_of(objects[1]), 1);
			ck_assert(SetEvent(objects[1]));
			ck_assert_uint_eq(poll(objects[1]), WAIT_TIMEOUT);
			race_join(&race);
			ck_assert_uint_eq(calls.result, WAIT_OBJECT_0);
		}
	}
	close_all(2, objects);
}
END_TEST

/* ---- The suite ---- */

int
main(void)
{
	Suite *suite = suite_create("scenario_signals");
	TCase *scenario = harness_case(suite, "scenario");

	tcase_add_test(scenario, one_signal_of_an_event_ends_one_of_two_waits);
	tcase_add_test(scenario,
		signal_against_a_time_out_is_taken_or_still_there);
	tcase_add_test(scenario, set_before_reset_releases_all_who_wait);
	tcase_add_test(scenario, set_against_wait_against_close_of_an_event);
	tcase_add_test(scenario,
		wait_for_any_against_two_signals_takes_exactly_one);
	tcase_add_test(scenario,
		wait_for_all_against_a_wait_for_one_takes_all_or_nothing);
	tcase_add_test(scenario,
		waits_for_all_and_for_any_take_each_permit_once);
	tcase_add_test(scenario, two_releases_end_two_waits_for_a_semaphore);
	tcase_add_test(scenario,
		who_signals_and_waits_is_waiting_when_the_signal_comes);
	return harness_run(suite);
}

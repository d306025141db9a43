/* SPDX-License-Identifier: MIT */
/*
 * test_scenario_waits.c - signal against time-out against set against close
 *
 * Scenarios of wait objects (scenario.h says what a scenario is; duel.h has
 * the wait object). The comment above a test names the function whose promise
 * is at stake. Signals are counted: each is consumed by one who was told of
 * it, or it can still be seen.
 */
#include "duel.h"
#include "objects.h"

static void *
set_event_after_10_ms(void *handle)
{
	Sleep(10);
	return set_event(handle);
}

/* How many signals nobody has taken; takes them. */
static LONG
left_in(HANDLE handle)
{
	LONG left = 0;

	while (poll(handle) == WAIT_OBJECT_0)
		left++;
	return left;
}

/* ---- The end ---- */

/* satisfy of target.c: taken and posted in one step. */
START_TEST(signal_against_null_and_cancel_brings_no_late_callback)
{	/* WAIT-19, WAIT-23 */
	struct duel duel = { .over = 0 };
	struct race race = { .count = 0 };
	HANDLE object = try_event(AUTO);
	LONG told, left;

	if (object == NULL)
		return;
	if (try_duel(&duel)) {
		SetThreadpoolWait(duel.wait, object, NULL);
		race_start(&race, set_event, object);
		duel_stop(&duel);
		race_join(&race);
		settle();
		told = callbacks_of(&duel);
		left = left_in(object);
		/* Neither: it was taken, and then cancelled. */
		ck_assert_int_le(told + left, 1);
		duel_close(&duel);
	}
	ck_assert(CloseHandle(object));
}
END_TEST

/* expire of wait.c: likewise. */
START_TEST(time_out_against_null_and_cancel_brings_no_late_callback)
{	/* WAIT-19 */
	struct duel duel = { .over = 0 };
	struct race race = { .count = 0 };
	HANDLE object = try_event(AUTO);

	if (object == NULL)
		return;
	if (try_duel(&duel)) {
		set_wait(duel.wait, object, -10 * MS);
		race_start(&race, set_event_after_10_ms, object);
		Sleep(10);
		duel_stop(&duel);
		race_join(&race);
		settle();
		ck_assert_int_le(callbacks_of(&duel), 1);
		duel_close(&duel);
	}
	ck_assert(CloseHandle(object));
}
END_TEST

/* ---- One or the other ---- */

static void *
release_after_10_ms(void *handle)
{
	Sleep(10);
	return release_one(handle);
}

/* signalled, expire: each takes the other away under the lock. */
START_TEST(signal_against_a_time_out_brings_exactly_one_callback)
{	/* WAIT-02, WAIT-03, WAIT-23 */
	struct duel duel = { .over = 0 };
	struct race race = { .count = 0 };
	HANDLE object = try_semaphore(0, 9);

	if (object == NULL)
		return;
	if (try_duel(&duel)) {
		set_wait(duel.wait, object, -10 * MS);
		race_start(&race, release_after_10_ms, object);
		race_join(&race);
		settle();
		/* The signal has been: one of the two was told, once. */
		ck_assert_int_eq(callbacks_of(&duel), 1);
		/* A time-out has taken nothing from the semaphore. */
		ck_assert_int_eq(left_in(object),
			count_of(&duel.timeouts));
		duel_stop(&duel);
		duel_close(&duel);
	}
	ck_assert(CloseHandle(object));
}
END_TEST

/* tp_waitable_signalled_locked: a thread's block and a target, side by side. */
START_TEST(a_thread_or_the_wait_object_gets_the_signal)
{	/* WAIT-14, KOBJ-03 */
	struct duel duel = { .over = 0 };
	struct race race = { .count = 0 };
	HANDLE object = try_event(AUTO);
	struct wait_call call = { object, 10, WAIT_TIMEOUT, 0, 0 };

	if (object == NULL)
		return;
	if (try_duel(&duel)) {
		race_start(&race, wait_once, &call);
		race_start(&race, set_event, object);
		SetThreadpoolWait(duel.wait, object, NULL);
		race_join(&race);
		ck_assert_int_eq(callbacks_of(&duel) +
			(call.result == WAIT_OBJECT_0), 1);
		ck_assert_int_eq(left_in(object), 0);
		duel_stop(&duel);
		duel_close(&duel);
	}
	ck_assert(CloseHandle(object));
}
END_TEST

/* Two wait objects, and somebody who sets one of them. */
struct pair {
	struct duel duel;
	PTP_WAIT other;
	HANDLE object;
	LONG volatile told;	/* the other one */
};

static VOID CALLBACK
count_for_other(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_WAIT wait,
	TP_WAIT_RESULT result)
{
	struct pair *pair = context;

	(void)instance;
	ck_assert_ptr_eq(wait, pair->other);
	ck_assert_uint_eq(result, WAIT_OBJECT_0);
	InterlockedIncrement(&pair->told);
}

static void *
set_the_other(void *argument)
{
	struct pair *pair = argument;

	SetThreadpoolWait(pair->other, pair->object, NULL);
	return NULL;
}

/* tp_target_set_locked: linked, or taken; but never between the two. */
START_TEST(two_wait_objects_take_one_each_from_a_semaphore)
{	/* WAIT-14, KOBJ-06 */
	struct pair pair = { .told = 0 };
	struct race race = { .count = 0 };

	pair.object = try_semaphore(0, 9);
	if (pair.object == NULL)
		return;
	if (try_duel(&pair.duel)) {
		pair.other = try_wait(&pair.duel.private, count_for_other,
			&pair);
		if (pair.other != NULL) {
			race_start(&race, release_one, pair.object);
			race_start(&race, set_the_other, &pair);
			SetThreadpoolWait(pair.duel.wait, pair.object, NULL);
			release_one(pair.object);
			race_join(&race);
			ck_assert_int_eq(callbacks_of(&pair.duel), 1);
			WaitForThreadpoolWaitCallbacks(pair.other, FALSE);
			ck_assert_int_eq(count_of(&pair.told), 1);
			assert_at_rest(pair.other);
			CloseThreadpoolWait(pair.other);
		}
		ck_assert_int_le(left_in(pair.object), 0);
		duel_stop(&pair.duel);
		duel_close(&pair.duel);
	}
	ck_assert(CloseHandle(pair.object));
}
END_TEST

/* ---- Setting against signals ---- */

/* tp_target_clear_locked: signals = callbacks + what is still signalled. */
START_TEST(signals_against_setting_another_handle_are_all_accounted_for)
{	/* WAIT-12, WAIT-23 */
	struct duel duel = { .over = 0 };
	struct race race = { .count = 0 };
	HANDLE objects[2] = { try_event(AUTO), try_event(AUTO) };

	if (all_made(2, objects) && try_duel(&duel)) {
		SetThreadpoolWait(duel.wait, objects[0], NULL);
		race_start(&race, set_event, objects[0]);
		race_start(&race, set_event, objects[1]);
		SetThreadpoolWait(duel.wait, objects[1], NULL);
		race_join(&race);
		settle();
		ck_assert_int_eq(callbacks_of(&duel) + left_in(objects[0]) +
			left_in(objects[1]), 2);
		ck_assert_int_ge(count_of(&duel.signals), 1);
		duel_stop(&duel);
		duel_close(&duel);
	}
	close_all(2, objects);
}
END_TEST

struct setting {
	PTP_WAIT wait;
	HANDLE object;
};

static void *
set_to_object(void *argument)
{
	struct setting *setting = argument;

	SetThreadpoolWait(setting->wait, setting->object, NULL);
	return NULL;
}

/* set: two threads set one wait object; the last one wins, whichever. */
START_TEST(two_settings_at_once_leave_one_of_them)
{	/* WAIT-12, WAIT-23 */
	struct duel duel = { .over = 0 };
	struct race race = { .count = 0 };
	HANDLE objects[2] = { try_event(AUTO), try_event(AUTO) };
	struct setting setting;

	if (all_made(2, objects) && try_duel(&duel)) {
		setting = (struct setting){ duel.wait, objects[0] };
		race_start(&race, set_to_object, &setting);
		SetThreadpoolWait(duel.wait, objects[1], NULL);
		race_join(&race);
		set_event(objects[0]);
		set_event(objects[1]);
		ck_assert_int_eq(callbacks_of(&duel), 1);
		ck_assert_int_eq(left_in(objects[0]) + left_in(objects[1]),
			1);
		duel_stop(&duel);
		duel_close(&duel);
	}
	close_all(2, objects);
}
END_TEST

/* A wait object whose callback sets it again, unless it is to stop. */
struct repeating {
	struct duel duel;
	HANDLE object;
	LONG volatile told, stop;
};

static VOID CALLBACK
count_and_set_again(PTP_CALLBACK_INSTANCE instance, PVOID context,
	PTP_WAIT wait, TP_WAIT_RESULT result)
{
	struct repeating *repeating = context;

	(void)instance;
	ck_assert_uint_eq(result, WAIT_OBJECT_0);
	InterlockedIncrement(&repeating->told);
	if (count_of(&repeating->stop) == 0)
		SetThreadpoolWait(wait, repeating->object, NULL);
}

/* set_locked: a signal while nothing is set waits for the next setting. */
START_TEST(signals_while_the_callback_sets_again_are_not_lost)
{	/* WAIT-05, WAIT-23, WAIT-30 */
	struct repeating repeating = { .told = 0 };
	struct race race = { .count = 0 };

	repeating.object = try_semaphore(0, 9);
	if (repeating.object == NULL)
		return;
	if (try_duel_of(&repeating.duel, count_and_set_again, &repeating)) {
		SetThreadpoolWait(repeating.duel.wait, repeating.object,
			NULL);
		race_start(&race, release_one, repeating.object);
		release_one(repeating.object);
		race_join(&race);
		release_one(repeating.object);
		WaitForThreadpoolWaitCallbacks(repeating.duel.wait, FALSE);
		ck_assert_int_eq(count_of(&repeating.told), 3);
		SetThreadpoolWait(repeating.duel.wait, NULL, NULL);
		duel_close(&repeating.duel);
	}
	ck_assert(CloseHandle(repeating.object));
}
END_TEST

/* WaitForThreadpoolWaitCallbacks: after the first, all have seen the flag. */
START_TEST(a_flag_and_two_waits_stop_one_that_sets_itself_again)
{	/* WAIT-19, WAIT-20 */
	struct repeating repeating = { .told = 0 };
	struct race race = { .count = 0 };
	LONG told;

	repeating.object = try_semaphore(0, 9);
	if (repeating.object == NULL)
		return;
	if (try_duel_of(&repeating.duel, count_and_set_again, &repeating)) {
		PTP_WAIT wait = repeating.duel.wait;

		SetThreadpoolWait(wait, repeating.object, NULL);
		race_start(&race, release_one, repeating.object);
		InterlockedIncrement(&repeating.stop);
		WaitForThreadpoolWaitCallbacks(wait, TRUE);
		SetThreadpoolWait(wait, NULL, NULL);
		WaitForThreadpoolWaitCallbacks(wait, TRUE);
		told = count_of(&repeating.told);
		race_join(&race);
		release_one(repeating.object);
		settle();
		ck_assert_int_eq(count_of(&repeating.told), told);
		ck_assert_int_le(told + left_in(repeating.object), 2);
		duel_close(&repeating.duel);
	}
	ck_assert(CloseHandle(repeating.object));
}
END_TEST

/* ---- Closing ---- */

static bool
has_been_told(void *duel)
{
	return count_of(&((struct duel *)duel)->signals) == 1;
}

/* disarm: before it, the signal is taken and told; after it, neither. */
START_TEST(signal_against_close_is_consumed_if_a_callback_comes)
{	/* WAIT-21, WAIT-22 */
	struct duel duel = { .over = 0 };
	struct race race = { .count = 0 };
	HANDLE object = try_event(AUTO);

	if (object == NULL)
		return;
	if (try_duel(&duel)) {
		SetThreadpoolWait(duel.wait, object, NULL);
		race_start(&race, set_event, object);
		CloseThreadpoolWait(duel.wait);
		race_join(&race);
		if (left_in(object) == 0)
			await(has_been_told, &duel);
		else
			ck_assert_int_eq(count_of(&duel.signals), 0);
		private_pool_close(&duel.private);
	}
	ck_assert(CloseHandle(object));
}
END_TEST

/* A wait object that sets itself again, and closes itself the first time. */
struct last_words {
	struct duel duel;
	HANDLE object;
	LONG volatile told, closed;
};

static VOID CALLBACK
set_again_and_close(PTP_CALLBACK_INSTANCE instance, PVOID context,
	PTP_WAIT wait, TP_WAIT_RESULT result)
{
	struct last_words *words = context;

	(void)instance;
	ck_assert_uint_eq(result, WAIT_OBJECT_0);
	if (InterlockedIncrement(&words->told) > 1)
		return;			/* was queued before the closing */
	SetThreadpoolWait(wait, words->object, NULL);
	CloseThreadpoolWait(wait);
	InterlockedIncrement(&words->closed);
}

static bool
all_is_told(void *argument)
{
	struct last_words *words = argument;

	return count_of(&words->told) == 2;
}

static bool
has_closed_itself(void *argument)
{
	struct last_words *words = argument;

	return count_of(&words->closed) == 1;
}

/* tp_object_close: by its own callback, while a signal comes. */
START_TEST(signal_against_its_own_callback_that_closes_it)
{	/* WAIT-22, WAIT-24 */
	struct last_words words = { .told = 0 };
	struct race race = { .count = 0 };

	words.object = try_semaphore(0, 9);
	if (words.object == NULL)
		return;
	if (try_duel_of(&words.duel, set_again_and_close, &words)) {
		SetThreadpoolWait(words.duel.wait, words.object, NULL);
		race_start(&race, release_one, words.object);
		release_one(words.object);
		race_join(&race);
		await(has_closed_itself, &words);
		/* Told of both; or closed, and the second remains. */
		if (left_in(words.object) == 0)
			await(all_is_told, &words);
		else
			ck_assert_int_eq(count_of(&words.told), 1);
		private_pool_close(&words.duel.private);
	}
	ck_assert(CloseHandle(words.object));
}
END_TEST

/* tp_waitable_unuse_locked: a watched object outlives its handle. */
START_TEST(signal_against_closing_the_watched_handle)
{	/* KOBJ-01, WAIT-26, port-defined */
	struct duel duel = { .over = 0 };
	struct race race = { .count = 0 };
	HANDLE object = try_event(AUTO), copy = NULL;

	if (object == NULL)
		return;
	if (try_duel(&duel)) {
		if (!DuplicateHandle(GetCurrentProcess(), object,
		    GetCurrentProcess(), &copy, 0, FALSE,
		    DUPLICATE_SAME_ACCESS))
			tolerate(GetLastError());
		if (copy != NULL) {
			SetThreadpoolWait(duel.wait, object, NULL);
			race_start(&race, set_event, copy);
			ck_assert(CloseHandle(object));
			race_join(&race);
			object = copy;
			ck_assert_int_eq(callbacks_of(&duel), 1);
		}
		duel_stop(&duel);
		duel_close(&duel);
	}
	ck_assert(CloseHandle(object));
}
END_TEST

/* ---- Who lets go? ---- */

/*
 * A thing belongs to its owner and to the callback that may come. Whoever
 * calls that off lets go in its place; the flag says that it has come, for
 * the Ex form does not tell a callback that is over from one that will not
 * be.
 */
struct thing {
	struct duel duel;
	CRITICAL_SECTION lock;
	LONG volatile refs;
	bool come;			/* guarded by lock */
};

static VOID CALLBACK
come_and_let_go(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_WAIT wait,
	TP_WAIT_RESULT result)
{
	struct thing *thing = context;

	(void)instance;
	(void)wait;
	(void)result;
	EnterCriticalSection(&thing->lock);
	thing->come = true;
	LeaveCriticalSection(&thing->lock);
	ck_assert_int_ge(InterlockedDecrement(&thing->refs), 0);
}

static void
call_off(struct thing *thing)
{
	bool off;

	EnterCriticalSection(&thing->lock);
	off = !thing->come && SetThreadpoolWaitEx(thing->duel.wait, NULL,
		NULL, NULL);
	LeaveCriticalSection(&thing->lock);
	if (off)
		InterlockedDecrement(&thing->refs);
}

/* tp_object_recall_locked: TRUE, and then there is no callback. */
START_TEST(whoever_is_told_TRUE_lets_go_in_the_place_of_the_callback)
{	/* WAIT-28 */
	struct thing thing = { .refs = 1 };
	struct race race = { .count = 0 };
	HANDLE object = try_event(AUTO);

	if (object == NULL)
		return;
	InitializeCriticalSection(&thing.lock);
	if (try_duel_of(&thing.duel, come_and_let_go, &thing)) {
		SetThreadpoolWait(thing.duel.wait, object, NULL);
		race_start(&race, set_event, object);
		call_off(&thing);
		race_join(&race);
		WaitForThreadpoolWaitCallbacks(thing.duel.wait, FALSE);
		ck_assert_int_eq(count_of(&thing.refs), 0);
		duel_close(&thing.duel);
	}
	DeleteCriticalSection(&thing.lock);
	ck_assert(CloseHandle(object));
}
END_TEST

/* ---- The suite ---- */

int
main(void)
{
	Suite *suite = suite_create("scenario_waits");
	TCase *scenario = harness_case(suite, "scenario");

	tcase_add_test(scenario,
		signal_against_null_and_cancel_brings_no_late_callback);
	tcase_add_test(scenario,
		time_out_against_null_and_cancel_brings_no_late_callback);
	tcase_add_test(scenario,
		signal_against_a_time_out_brings_exactly_one_callback);
	tcase_add_test(scenario, a_thread_or_the_wait_object_gets_the_signal);
	tcase_add_test(scenario,
		two_wait_objects_take_one_each_from_a_semaphore);
	tcase_add_test(scenario,
		signals_against_setting_another_handle_are_all_accounted_for);
	tcase_add_test(scenario, two_settings_at_once_leave_one_of_them);
	tcase_add_test(scenario,
		signals_while_the_callback_sets_again_are_not_lost);
	tcase_add_test(scenario,
		a_flag_and_two_waits_stop_one_that_sets_itself_again);
	tcase_add_test(scenario,
		signal_against_close_is_consumed_if_a_callback_comes);
	tcase_add_test(scenario,
		signal_against_its_own_callback_that_closes_it);
	tcase_add_test(scenario, signal_against_closing_the_watched_handle);
	tcase_add_test(scenario,
		whoever_is_told_TRUE_lets_go_in_the_place_of_the_callback);
	return harness_run(suite);
}

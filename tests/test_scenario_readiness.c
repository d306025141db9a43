/* SPDX-License-Identifier: MIT */
/*
 * test_scenario_readiness.c - ready against time-out against set against close
 *
 * Scenarios of readiness handles (scenario.h says what a scenario is; duel.h
 * has the wait object, channel.h the descriptors). The comment above a test
 * names the function whose promise is at stake.
 *
 * Nobody consumes readiness: what was ready and came too late for one who
 * waited is still there for the next. Another thread makes it so, and takes
 * it away again; and two threads may need the first poller at once.
 */
#include "channel.h"
#include "duel.h"

/* remove_watch, satisfy: what the dispatcher finds ready too late. */
START_TEST(ready_against_null_and_cancel_brings_no_late_callback)
{	/* WAIT-19, WAIT-23 */
	struct duel duel = { .over = 0 };
	struct race race = { .count = 0 };
	struct channel channel;

	if (!try_channel(&channel, POLLIN))
		return;
	if (try_duel(&duel)) {
		SetThreadpoolWait(duel.wait, channel.handle, NULL);
		race_start(&race, put_once, &channel);
		duel_stop(&duel);
		race_join(&race);
		ck_assert_int_le(callbacks_of(&duel), 1);
		duel_close(&duel);
	}
	channel_close(&channel);
}
END_TEST

/* satisfy, expire: one step each, so both cannot win. */
START_TEST(ready_against_a_time_out_brings_one_callback)
{	/* WAIT-02, WAIT-03 */
	struct duel duel = { .over = 0 };
	struct race race = { .count = 0 };
	struct channel channel;

	if (!try_channel(&channel, POLLIN))
		return;
	if (try_duel(&duel)) {
		set_wait(duel.wait, channel.handle, -10 * MS);
		race_start(&race, put_once, &channel);
		Sleep(10);
		race_join(&race);
		settle();
		ck_assert_int_le(callbacks_of(&duel), 1);
		if (exact())
			ck_assert_int_eq(callbacks_of(&duel), 1);
		ck_assert_uint_eq(poll(channel.handle), WAIT_OBJECT_0);
		duel_stop(&duel);
		duel_close(&duel);
	}
	channel_close(&channel);
}
END_TEST

/* readiness_retire: the object goes while its descriptor becomes ready. */
START_TEST(ready_against_closing_the_handle_and_the_wait)
{	/* KOBJ-01, WAIT-22, port-defined */
	struct duel duel = { .over = 0 };
	struct race race = { .count = 0 };
	struct channel channel;

	if (!try_channel(&channel, POLLIN))
		return;
	if (try_duel(&duel)) {
		SetThreadpoolWait(duel.wait, channel.handle, NULL);
		race_start(&race, put_once, &channel);
		ck_assert(CloseHandle(channel.handle));
		duel_stop(&duel);
		duel_close(&duel);
		race_join(&race);
		settle();
	} else {
		ck_assert(CloseHandle(channel.handle));
	}
	close_ends(&channel);
}
END_TEST

static void *
set_the_duel(void *argument)
{
	struct duel *duel = ((void **)argument)[0];
	struct channel *channel = ((void **)argument)[1];

	SetThreadpoolWait(duel->wait, channel->handle, NULL);
	return NULL;
}

/* tp_poller_wake_locked: a time against the dispatcher that falls asleep. */
START_TEST(a_time_set_while_the_dispatcher_falls_asleep_is_kept)
{	/* WAIT-33, KOBJ-25 */
	struct duel duel = { .over = 0 };
	struct race race = { .count = 0 };
	struct channel channel;
	void *both[2] = { &duel, &channel };
	HANDLE timer = CreateWaitableTimerA(NULL, FALSE, NULL);
	LARGE_INTEGER due = { .QuadPart = -10 * MS };
	LONGLONG begin;

	if (!made(timer))
		return;
	if (try_channel(&channel, POLLIN)) {
		if (try_duel(&duel)) {
			race_start(&race, set_the_duel, both);
			begin = ticks_now();
			ck_assert(SetWaitableTimer(timer, &due, 0, NULL,
				NULL, FALSE));
			ck_assert_uint_eq(WaitForSingleObject(timer,
				INFINITE), WAIT_OBJECT_0);
			assert_elapsed(begin, 10 * MS);
			race_join(&race);
			duel_stop(&duel);
			duel_close(&duel);
		}
		channel_close(&channel);
	}
	ck_assert(CloseHandle(timer));
}
END_TEST

/* Reads a byte each time, until the second; then sets an event. */
struct reader {
	struct duel duel;
	struct channel channel;
	HANDLE done;
	int bytes;
};

static VOID CALLBACK
read_and_set_again(PTP_CALLBACK_INSTANCE instance, PVOID context,
	PTP_WAIT wait, TP_WAIT_RESULT result)
{
	struct reader *reader = context;

	(void)instance;
	ck_assert_uint_eq(result, WAIT_OBJECT_0);
	get(&reader->channel);
	if (++reader->bytes == 2)
		ck_assert(SetEvent(reader->done));
	SetThreadpoolWait(wait, reader->channel.handle, NULL);
}

/* arm: what becomes ready between two settings is not lost. */
START_TEST(what_is_written_while_the_callback_sets_again_is_read)
{	/* WAIT-05 */
	struct reader reader = { .bytes = 0 };
	struct race race = { .count = 0 };

	if (!try_channel(&reader.channel, POLLIN))
		return;
	reader.done = CreateEventA(NULL, FALSE, FALSE, NULL);
	if (made(reader.done) &&
	    try_duel_of(&reader.duel, read_and_set_again, &reader)) {
		SetThreadpoolWait(reader.duel.wait, reader.channel.handle,
			NULL);
		put(&reader.channel);
		race_start(&race, put_once, &reader.channel);
		race_join(&race);
		ck_assert_uint_eq(WaitForSingleObject(reader.done, INFINITE),
			WAIT_OBJECT_0);
		WaitForThreadpoolWaitCallbacks(reader.duel.wait, FALSE);
		SetThreadpoolWait(reader.duel.wait, NULL, NULL);
		WaitForThreadpoolWaitCallbacks(reader.duel.wait, TRUE);
		ck_assert_int_eq(reader.bytes, 2);
		duel_close(&reader.duel);
	}
	close_all(1, &reader.done);
	channel_close(&reader.channel);
}
END_TEST

/* Ready, not any more, and again; and the event, which stays. */
struct flicker {
	struct channel channel;
	HANDLE other;
};

static void *
flicker(void *argument)
{
	struct flicker *flicker = argument;

	put(&flicker->channel);
	get(&flicker->channel);
	ck_assert(SetEvent(flicker->other));
	put(&flicker->channel);
	return NULL;
}

/* readiness_signalled: whoever goes on waiting has it watched. */
START_TEST(a_wait_for_all_ends_though_readiness_comes_and_goes)
{	/* KOBJ-11 */
	struct flicker scene = {
		.other = CreateEventA(NULL, FALSE, FALSE, NULL)
	};
	struct race race = { .count = 0 };
	HANDLE handles[2];

	if (!made(scene.other))
		return;
	if (try_channel(&scene.channel, POLLIN)) {
		handles[0] = scene.channel.handle;
		handles[1] = scene.other;
		race_start(&race, flicker, &scene);
		race_drop_refused(&race);
		if (race.count == 0)
			flicker(&scene);
		ck_assert_uint_eq(WaitForMultipleObjects(2, handles, TRUE,
			INFINITE), WAIT_OBJECT_0);
		race_join(&race);
		ck_assert_uint_eq(poll(scene.other), WAIT_TIMEOUT);
		channel_close(&scene.channel);
	}
	ck_assert(CloseHandle(scene.other));
}
END_TEST

static void *
open_and_look(void *unused)
{
	struct channel channel;

	(void)unused;
	if (!try_channel(&channel, POLLIN))
		return NULL;
	ck_assert_uint_eq(WaitForSingleObject(channel.handle, 10),
		WAIT_TIMEOUT);
	put(&channel);
	ck_assert_uint_eq(WaitForSingleObject(channel.handle, 10),
		WAIT_OBJECT_0);
	channel_close(&channel);
	return NULL;
}

/* tp_poller_open: by two threads at once, while one of them uses it. */
START_TEST(two_threads_open_the_poller_once)
{	/* readiness.h */
	struct race race = { .count = 0 };
	unsigned open = open_descriptors();

	setenv("TP_POLLER", POLLER, 1);
	race_start(&race, open_and_look, NULL);
	(void)open_and_look(NULL);
	race_join(&race);
	ck_assert_uint_le(open_descriptors(), open + KEPT);
	if (!may_fail())
		ck_assert_uint_eq(open_descriptors(), open + KEPT);
	harness_keep_descriptors();		/* the poller stays */
}
END_TEST

/* ---- The suite ---- */

static void
add_scenarios(TCase *scenario, TCase *first)
{
	tcase_add_test(scenario,
		ready_against_null_and_cancel_brings_no_late_callback);
	tcase_add_test(scenario,
		ready_against_a_time_out_brings_one_callback);
	tcase_add_test(scenario,
		ready_against_closing_the_handle_and_the_wait);
	tcase_add_test(scenario,
		a_time_set_while_the_dispatcher_falls_asleep_is_kept);
	tcase_add_test(scenario,
		what_is_written_while_the_callback_sets_again_is_read);
	tcase_add_test(scenario,
		a_wait_for_all_ends_though_readiness_comes_and_goes);
	tcase_add_test(first, two_threads_open_the_poller_once);
}

#ifndef PARTS
int
main(void)
{
	Suite *suite = suite_create("scenario_readiness");

	add_scenarios(case_with_poller(suite, "scenario"),
		harness_case(suite, "scenario"));
	return harness_run(suite);
}
#endif

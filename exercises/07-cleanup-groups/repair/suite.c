/* suite.c - the checks of "Given back twice" */
/* SPDX-License-Identifier: MIT */
/*
 * Requests are held at gates while they are served, and the pool has one
 * thread; so the others are queued until the check has looked. Each check
 * but the last two has a desk without a beat, and does without what the
 * others look for, as far as that is possible.
 */
#include <stdlib.h>

#include "clock.h"
#include "explore.h"
#include "suite.h"

#include "desk.h"

#define MS 1000ll
#define NOTES 3
#define LOCKS 40		/* of desk_close, at most */

/* What has become of a request. */
struct note {
	struct gate gate;		/* it is served behind it */
	struct tally begun, served, dropped;
};

static struct note notes[NOTES];
static PTP_POOL pool;
static struct desk *desk;
static struct gate beat_gate = GATE_SHUT;	/* behind the first beat */
static struct tally beats_begun = TALLY_ZERO, beats = TALLY_ZERO;

static void
serve(void *argument)
{
	struct note *note = argument;

	require(tally_read(&note->dropped) == 0,
		"a request was served that had been dropped");
	require(tally_add(&note->begun) == 1, "a request was served twice");
	gate_wait(&note->gate);
	tally_add(&note->served);
}

static void
drop(void *argument)
{
	struct note *note = argument;

	require(tally_read(&note->begun) == 0,
		"a request was dropped that had been served");
	require(tally_add(&note->dropped) == 1,
		"a request was dropped twice");
}

static void
beat(void *context)
{
	require(context == &beats, "a beat came with another context");
	if (tally_add(&beats_begun) > 1)
		gate_wait(&beat_gate);
	tally_add(&beats);
}

static void
start(bool beating)
{
	static const struct note empty = {
		GATE_SHUT, TALLY_ZERO, TALLY_ZERO, TALLY_ZERO
	};
	static const struct gate shut = GATE_SHUT;
	static const struct tally zero = TALLY_ZERO;
	static bool has_begun;

	setenv("TP_IDLE_MS", "100000000", 1);
	setenv("TP_STALL_MS", "100000000", 1);
	if (!has_begun)
		clock_begin();
	has_begun = true;
	beat_gate = shut;
	beats_begun = beats = zero;
	for (int i = 0; i < NOTES; i++)
		notes[i] = empty;
	pool = CreateThreadpool(NULL);
	require(pool != NULL, "CreateThreadpool failed");
	SetThreadpoolThreadMaximum(pool, 1);
	require(SetThreadpoolThreadMinimum(pool, 1),
		"SetThreadpoolThreadMinimum failed");
	await_still();
	desk = desk_open(pool, 10, beating ? beat : NULL, &beats);
	require(desk != NULL, "desk_open failed");
}

static void
take(int number)
{
	for (int i = 0; i < number; i++)
		require(desk_take(desk, serve, drop, &notes[i]),
			"desk_take failed");
}

static void
serve_all(void *unused)
{
	(void)unused;
	desk_close(desk, false);
}

static void
drop_all(void *unused)
{
	(void)unused;
	desk_close(desk, true);
}

/* The desk is closed; the first so many requests have been taken. */
static void
finish(int number, unsigned long want_served)
{
	unsigned long served = 0, dropped = 0;

	CloseThreadpool(pool);
	await_still();
	for (int i = 0; i < number; i++) {
		served += tally_read(&notes[i].served);
		dropped += tally_read(&notes[i].dropped);
	}
	require(served + dropped == (unsigned long)number, "of %d requests, "
		"%lu were served and %lu dropped", number, served, dropped);
	require(served == want_served, "%lu requests were served, and not %lu",
		served, want_served);
}

/* Closes the desk while the first request is served. */
static void
close_while_serving(bool cancel)
{
	struct actor closer;

	start(false);
	take(NOTES);
	tally_await(&notes[0].begun, 1);
	actor_start(&closer, cancel ? drop_all : serve_all, NULL);
	await_still();
	require(!actor_done(&closer),
		"desk_close returned while a request was served");
	for (int i = 0; i < NOTES; i++)
		gate_open(&notes[i].gate);
	awaiting("desk_close to return after the last request");
	actor_join(&closer);
	awaiting(NULL);
	finish(NOTES, cancel ? 1 : NOTES);
}

CHECK(requests_are_served_before_the_desk_closes)
{
	close_while_serving(false);
}

/* Served, and at rest: when the desk closes, nothing is left of it. */
static void
close_after_serving(void)
{
	unsigned long before;

	start(false);
	before = live_allocations();
	gate_open(&notes[0].gate);
	take(1);
	tally_await(&notes[0].served, 1);
	await_still();
	awaiting("desk_close to return, with nothing to do");
	drop_all(NULL);
	awaiting(NULL);
	require(live_allocations() <= before,
		"something is left of a request that has been served");
	finish(1, 1);
}

/* Whether it is served or dropped is a matter of time. */
static void
close_at_any_time(void)
{
	unsigned long served;

	start(false);
	gate_open(&notes[0].gate);
	take(1);
	awaiting("desk_close to return");
	drop_all(NULL);
	served = tally_read(&notes[0].served);
	finish(1, served);
}

CHECK(what_was_served_is_not_dropped)
{
	close_after_serving();
	if (explore_active())
		close_at_any_time();
}

CHECK(what_was_not_served_is_dropped_once)
{
	close_while_serving(true);
}

/* The last beat has come, and there is none later. */
static void
require_no_more_beats(struct actor *closer)
{
	unsigned long came;

	awaiting("desk_close to return after the last beat");
	actor_join(closer);
	awaiting(NULL);
	came = tally_read(&beats_begun);
	clock_to(clock_us() + 100 * MS);
	require(tally_read(&beats_begun) == came,
		"a beat came after desk_close had returned");
	finish(0, 0);
}

static void
close_during_a_beat(void)
{
	struct actor closer;

	start(true);
	clock_to(clock_us() + 15 * MS);
	require(tally_read(&beats) == 1, "there was no beat after 10 ms");
	clock_to(clock_us() + 10 * MS);
	actor_start(&closer, serve_all, NULL);
	await_still();
	require(!actor_done(&closer), "desk_close returned during a beat");
	gate_open(&beat_gate);
	require_no_more_beats(&closer);
}

static _Thread_local bool closes;	/* this thread is in desk_close */
static unsigned locks_left;
static struct gate held;

static void
hold_the_closer(void *mutex)
{
	(void)mutex;
	if (closes && locks_left > 0 && --locks_left == 0)
		gate_wait(&held);
}

static void
close_and_be_held(void *unused)
{
	(void)unused;
	closes = true;
	desk_close(desk, false);
	closes = false;
}

/* A beat is due when desk_close has come to its n-th lock. False: to none. */
static bool
close_before_a_beat(unsigned number)
{
	static const struct gate shut = GATE_SHUT;
	struct actor closer;

	start(true);
	clock_to(clock_us() + 15 * MS);
	held = shut;
	locks_left = number;
	at_each(BEFORE_LOCK, hold_the_closer);
	actor_start(&closer, close_and_be_held, NULL);
	await_still();
	clock_to(clock_us() + 10 * MS);
	gate_open(&held);
	await_still();
	at_each(BEFORE_LOCK, NULL);
	require(!actor_done(&closer) || tally_read(&beats) ==
		tally_read(&beats_begun), "desk_close returned during a beat "
		"that began while it closed the desk");
	gate_open(&beat_gate);
	require_no_more_beats(&closer);
	return locks_left == 0;
}

CHECK(the_beat_stops_when_the_desk_closes)
{
	unsigned number = 1;

	close_during_a_beat();
	if (explore_active())		/* there, time stands still */
		return;
	while (number <= LOCKS && close_before_a_beat(number))
		number++;
}

CHECK(the_beat_is_no_request)
{
	start(true);
	gate_open(&beat_gate);
	gate_open(&notes[0].gate);
	take(1);
	tally_await(&notes[0].served, 1);
	await_still();
	awaiting("desk_close to return, with nothing to do");
	drop_all(NULL);
	finish(1, 1);
}

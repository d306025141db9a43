/* suite.c - the checks of "A thread per wait, or none": batch */
/* SPDX-License-Identifier: MIT */
/*
 * The answer's batch is run with counters of the suite's own. Each reading
 * waits until nothing moves any more, and notes what is there by then: how
 * many threads the answer has, how many signals were told.
 *
 * The checks of the CSV are in claims.c.
 */
#include <string.h>

#include "explore.h"
#include "suite.h"

#include "measure.h"

#define MOST_SIGNALS 64

struct moment_of_reading {
	unsigned long threads, told;
	struct totals given;
};

static struct moment_of_reading moments[3];
static unsigned readings, rings;
static HANDLE rung[MOST_SIGNALS];	/* the n-th, before it is set */
static struct tally tolds;
static struct sample sample;		/* from batch */
static unsigned long threads_before;

struct totals
totals(void)
{
	unsigned number = readings++;
	struct totals given = { 10 + number, 100 + number, 1000 + number };

	await_still();
	if (number < 3)
		moments[number] = (struct moment_of_reading){
			live_threads(), tally_read(&tolds), given
		};
	return given;
}

void
ring(HANDLE event)
{
	require(rings < MOST_SIGNALS, "batch rang more often than it was to");
	rung[rings++] = event;
	require(SetEvent(event), "batch rang for something else than an event");
	awaiting("told to be called for an event that was signalled");
	tally_await(&tolds, rings);
	awaiting(NULL);
}

void
told(HANDLE event)
{
	unsigned long number = tally_read(&tolds);

	require(number < rings && rung[number] == event, "told was called for "
		"an event that had not been signalled");
	tally_add(&tolds);
}

static void
run(enum way way, unsigned count, unsigned signals)
{
	static const struct tally zero = TALLY_ZERO;

	await_still();
	readings = rings = 0;
	tolds = zero;
	memset(moments, 0, sizeof(moments));
	threads_before = live_threads();
	sample = batch(way, count, signals);
	await_still();
	require(rings > 0, "batch returned and had not rung for any event");
}

/* ---- Signals ---- */

static void
signal_in_turn(enum way way, unsigned count, unsigned signals)
{
	run(way, count, signals);
	require(rings == signals, "batch was to ring %u times, and rang %u",
		signals, rings);
	require(tally_read(&tolds) == signals, "of %u signals, %lu were told",
		signals, tally_read(&tolds));
	for (unsigned i = 0; i < rings; i++)
		for (unsigned j = 0; j < i; j++)
			require((rung[i] == rung[j]) == (i % count ==
				j % count), "batch did not ring for one event "
				"after the other, of %u events", count);
}

CHECK(each_signal_is_told_once)
{
	for (unsigned way = 0; way < WAYS; way++) {
		signal_in_turn((enum way)way, 2, 3);
		if (!explore_active())
			signal_in_turn((enum way)way, 5, 23);
	}
}

/* ---- Threads ---- */

static void
require_threads(enum way way, unsigned count)
{
	unsigned long threads, expected = way == THREADS ? count : 1;

	run(way, count, count);
	require(readings >= 2, "batch did not read the counters while "
		"everything was waiting");
	threads = moments[1].threads - threads_before;
	require(threads == expected, "%u events were waited for, with %s, and "
		"there were %lu threads instead of %lu", count,
		way == THREADS ? "a thread for each" : "wait objects",
		threads, expected);
}

CHECK(there_is_a_thread_each_or_one_in_all)
{
	for (unsigned way = 0; way < WAYS; way++) {
		require_threads((enum way)way, 2);
		if (!explore_active())
			require_threads((enum way)way, 30);
	}
}

/* ---- The counters ---- */

static void
require_moments(enum way way)
{
	const struct totals *given[] = { &sample.before, &sample.waiting,
		&sample.after };

	run(way, 3, 6);
	require(readings == 3, "batch read the counters %u times instead of "
		"three times", readings);
	require(moments[0].threads == threads_before, "there were threads "
		"that wait when the counters were read for the first time");
	require(moments[1].threads > threads_before, "nothing waited yet when "
		"the counters were read for the second time");
	require(moments[1].told == 0, "a signal had been told when the "
		"counters were read for the second time");
	require(moments[2].told == 6, "not all signals had been told when the "
		"counters were read for the third time");
	require(moments[2].threads == moments[1].threads, "threads had ended "
		"or begun when the counters were read for the third time");
	for (int i = 0; i < 3; i++)
		require(memcmp(given[i], &moments[i].given,
			sizeof(struct totals)) == 0,
			"batch gave other counters than it had read");
}

CHECK(the_counters_are_read_at_the_right_moments)
{
	require_moments(THREADS);
	require_moments(POOL);
}

/* ---- The end ---- */

static void
require_nothing_left(enum way way)
{
	unsigned long allocations;

	run(way, 3, 3);		/* what is kept from the first time on */
	allocations = live_allocations();
	run(way, 3, 3);
	require(live_threads() == threads_before, "batch returned, and %lu of "
		"its threads were still there",
		live_threads() - threads_before);
	require(live_allocations() == allocations, "batch returned, and %lu "
		"of its allocations were still there",
		live_allocations() - allocations);
}

CHECK(a_batch_leaves_nothing)
{
	require_nothing_left(THREADS);
	require_nothing_left(POOL);
}

/* suite.c - the checks of "Measure a callback longer than its period" */
/* SPDX-License-Identifier: MIT */
/*
 * The answer's measure is run with experiments of the suite's own, and its
 * record is compared with what now and spend have seen. Time is virtual, and
 * passes only when nobody can run: so the machine is an ideal one. Natively
 * nothing may be earlier than on such a machine. Under the explorer everything
 * must happen at the very time that model.c says.
 *
 * The checks of predictions, CSV and claims are in claims.c.
 */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "clock.h"
#include "explore.h"
#include "suite.h"

#include "model.h"

#define ALL_OF_IT 1000000ll	/* us: longer than any experiment */

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct span seen[CALLBACKS];	/* guarded by lock */
static unsigned spending;		/* guarded by lock: spend was called */
static unsigned inside;			/* guarded by lock: and not left */
static unsigned most_inside;		/* guarded by lock */
static bool done;			/* guarded by lock: measure is over */
static unsigned asked;			/* the length that is to be spent */
static int64_t first_reading;		/* of the thread that measures */
static pthread_t caller;
static struct gate last_gate;		/* at which callback 12 waits */

static bool slow;			/* set before any thread measures */
static unsigned readers;		/* guarded by lock: of callbacks */

static _Thread_local int64_t reading;	/* the last of this thread */
static _Thread_local struct span *spent;	/* whose end comes next */

/* The first callback is so slow to read the clock that others begin. */
static void
read_slowly(void)
{
	bool first;

	pthread_mutex_lock(&lock);
	first = !pthread_equal(pthread_self(), caller) && readers++ == 0;
	pthread_mutex_unlock(&lock);
	if (first)
		nanosleep(&(struct timespec){ 0, 15 * MS }, NULL);
}

int64_t
now(void)
{
	struct timespec time;

	if (slow)
		read_slowly();
	clock_gettime(CLOCK_MONOTONIC, &time);
	reading = (int64_t)time.tv_sec * 1000000000 + time.tv_nsec;
	pthread_mutex_lock(&lock);
	if (spent != NULL)
		spent->end = reading;
	if (pthread_equal(pthread_self(), caller) && first_reading == 0)
		first_reading = reading;
	pthread_mutex_unlock(&lock);
	spent = NULL;
	return reading;
}

static unsigned
enter(unsigned length)
{
	unsigned number;

	pthread_mutex_lock(&lock);
	require(!done, "a callback ran after measure had returned");
	require(length == asked, "a callback spent another length than that "
		"of the experiment");
	require(reading != 0, "a callback did not read the clock before it "
		"spent its length");
	require(spending < CALLBACKS, "more than %d callbacks spent the "
		"length of the experiment", CALLBACKS);
	number = spending++;
	if (++inside > most_inside)
		most_inside = inside;
	spent = &seen[number];
	spent->begin = reading;
	spent->end = 0;
	reading = 0;
	pthread_mutex_unlock(&lock);
	return number;
}

void
spend(unsigned length)
{
	struct timespec time = { length / 1000, length % 1000 * MS };

	if (enter(length) == CALLBACKS - 1)
		gate_wait(&last_gate);
	nanosleep(&time, NULL);
	pthread_mutex_lock(&lock);
	inside--;
	pthread_mutex_unlock(&lock);
}

/* ---- One experiment ---- */

static int
by_begin(const void *one, const void *other)
{
	const struct span *a = one, *b = other;

	if (a->begin != b->begin)
		return (a->begin > b->begin) - (a->begin < b->begin);
	return (a->end > b->end) - (a->end < b->end);
}

static void
run(const struct experiment *experiment, struct record *record)
{
	caller = pthread_self();
	asked = experiment->length;
	memset(record, 0, sizeof(*record));
	awaiting("measure to return when its 12 callbacks have ended");
	measure(experiment, record);
	pthread_mutex_lock(&lock);
	done = true;
	require(spending == CALLBACKS, "measure returned when %u callbacks "
		"had begun", spending);
	require(inside == 0,
		"measure returned while one of its callbacks was running");
	pthread_mutex_unlock(&lock);
}

struct order {
	const struct experiment *experiment;
	struct record *record;
};

static void
run_order(void *argument)
{
	const struct order *order = argument;

	run(order->experiment, order->record);
}

/* Explored, time passes by itself. */
static void
let_it_take_its_time(unsigned times)
{
	if (!explore_active())
		clock_to(times * ALL_OF_IT);
}

/* Runs it on a thread of its own, while this one has the time pass. */
static void
begin_to_run(struct actor *actor, struct order *order)
{
	setenv("TP_IDLE_MS", "100000000", 1);
	setenv("TP_STALL_MS", "100000000", 1);
	setenv("TP_PROCESSORS", "4", 1);
	clock_begin();
	actor_start(actor, run_order, order);
	let_it_take_its_time(1);
}

static void
run_in_its_time(const struct experiment *experiment, struct record *record)
{
	struct order order = { experiment, record };
	struct actor actor;

	if (explore_active()) {
		run(experiment, record);
		return;
	}
	begin_to_run(&actor, &order);
	actor_join(&actor);
}

/* Is the record what the clock has shown? */
static void
require_recorded(const struct record *record)
{
	struct record sorted = *record;
	const struct span *spans = record->callbacks;

	require(record->set == first_reading, "the record does not say what "
		"the clock showed when it was read first, to set the timer");
	for (unsigned i = 1; i < CALLBACKS; i++)
		require(spans[i].begin >= spans[i - 1].begin, "the record has "
			"not the callbacks in the order in which they began");
	qsort(sorted.callbacks, CALLBACKS, sizeof(*seen), by_begin);
	qsort(seen, CALLBACKS, sizeof(*seen), by_begin);
	for (unsigned i = 0; i < CALLBACKS; i++)
		require(sorted.callbacks[i].begin == seen[i].begin &&
			sorted.callbacks[i].end == seen[i].end,
			"the record of callback %u is not what the clock "
			"showed before and after it spent its length", i + 1);
}

static void
run_and_compare(const struct experiment *experiment)
{
	struct record record, ideal;

	gate_open(&last_gate);
	run_in_its_time(experiment, &record);
	require_recorded(&record);
	require(most_inside <= experiment->threads, "%u callbacks ran at "
		"once, with threads = %u", most_inside, experiment->threads);
	ideal_record(experiment, &ideal);
	for (unsigned i = 0; i < CALLBACKS; i++) {
		int64_t late = record.callbacks[i].begin - record.set -
			ideal.callbacks[i].begin;

		require(late > -1000, "callback %u began earlier than it can "
			"in this experiment", i + 1);
		require(!explore_active() || late < 1000, "time is virtual "
			"here, and callback %u began %ld ms later than in "
			"this experiment", i + 1, (long)(late / MS));
	}
}

/*
 * The second callback has read the clock before the first one has: which
 * of them began first is what they read, and not who came first to a lock.
 */
static void
run_with_a_slow_clock(const struct experiment *experiment)
{
	struct record record;

	spending = most_inside = 0;
	done = false;
	first_reading = 0;
	slow = true;
	run(experiment, &record);
	require_recorded(&record);
}

static const struct gate shut = GATE_SHUT;

CHECK(measures_a_timer_that_overlaps_itself)
{
	static const struct experiment experiment = { PERIODIC, 3, 10, 25 };

	last_gate = shut;
	run_and_compare(&experiment);
	if (explore_active())	/* else it would be a matter of luck */
		run_with_a_slow_clock(&experiment);
}

CHECK(measures_a_timer_that_waits_for_a_thread)
{
	static const struct experiment experiment = { PERIODIC, 1, 4, 10 };

	last_gate = shut;
	run_and_compare(&experiment);
}

CHECK(measures_a_timer_that_is_set_again)
{
	static const struct experiment experiment = { AGAIN_AT_END, 2, 4, 6 };

	last_gate = shut;
	run_and_compare(&experiment);
}

/* ---- The end ---- */

CHECK(nothing_runs_after_it_has_returned)
{
	static const struct experiment experiment = { PERIODIC, 2, 25, 3 };
	static struct record record;
	struct order order = { &experiment, &record };
	struct actor actor;

	last_gate = shut;
	begin_to_run(&actor, &order);
	awaiting("the last callback of an experiment to begin");
	gate_await_waiting(&last_gate, 1);
	await_still();
	require(!actor_done(&actor),
		"measure returned while its last callback was running");
	gate_open(&last_gate);
	awaiting("measure to return when its 12 callbacks have ended");
	let_it_take_its_time(2);
	actor_join(&actor);
	await_still();
}

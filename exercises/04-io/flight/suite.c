/* suite.c - the checks of "How many requests in flight?" */
/* SPDX-License-Identifier: MIT */
/*
 * The answer's measure is run with experiments of the suite's own, and its
 * record is compared with what the device has seen. Time is virtual, and
 * passes only when nobody can run: so the machine is an ideal one, and
 * everything must happen at the very time that model.c says.
 *
 * The checks of predictions, CSV and claims are in claims.c.
 */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "clock.h"
#include "explore.h"
#include "suite.h"

#include "device.h"
#include "model.h"

#define ALL_OF_IT 1000000ll	/* us: longer than any experiment */

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

/* Guarded by lock. */
static struct entry seen[MOST];		/* in the order of start */
static struct request *requests[MOST];	/* NULL: ended */
static unsigned starts, accepted, ends;
static bool done;			/* measure is over */

static const struct experiment *current;
static struct gate last_gate = GATE_SHUT;	/* the last waits at it */
static bool hold_the_last;
static _Thread_local int64_t reading;	/* the last of this thread */
static _Thread_local struct entry *just_ended;

int64_t
now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	reading = (int64_t)time.tv_sec * 1000000000 + time.tv_nsec;
	pthread_mutex_lock(&lock);
	if (just_ended != NULL)
		just_ended->ended = reading;
	pthread_mutex_unlock(&lock);
	just_ended = NULL;
	return reading;
}

void
saw_start(struct request *request, bool refused)
{
	pthread_mutex_lock(&lock);
	require(!done, "a request was made after measure had returned");
	require(reading != 0, "a request was made by a thread that had not "
		"read the clock");
	require(accepted < current->requests, "a request was made when all "
		"had been accepted that the experiment says");
	require(accepted - ends < current->in_flight, "a request was made "
		"when as many were in flight as the experiment says");
	require(starts < MOST, "far too many requests were made");
	for (unsigned i = 0; i < starts; i++)
		require(requests[i] != request, "a request was made with the "
			"memory of one that had not ended");
	seen[starts] = (struct entry){ refused, reading, reading, reading };
	requests[starts] = refused ? NULL : request;
	starts++;
	accepted += !refused;
	pthread_mutex_unlock(&lock);
}

void
saw_end(struct request *request)
{
	unsigned number = 0;
	bool last;

	pthread_mutex_lock(&lock);
	while (requests[number] != request)
		number++;
	requests[number] = NULL;
	seen[number].begun = request->begun;
	seen[number].ended = 0;
	just_ended = &seen[number];
	last = ++ends == current->requests;
	pthread_mutex_unlock(&lock);
	if (last && hold_the_last)
		gate_wait(&last_gate);
}

/* Whoever waits for a lock first reads a later time than that of the end. */
static void
require_the_clock_first(void *mutex)
{
	require(just_ended == NULL || mutex == &lock, "a request had ended, "
		"and a lock was taken before the clock was read");
}

/* ---- One experiment ---- */

static void
run(const struct experiment *experiment, struct record *record)
{
	current = experiment;
	starts = accepted = ends = 0;
	done = false;
	memset(record, 0, sizeof(*record));
	device_open(experiment);
	awaiting("measure to return when all requests have ended");
	measure(experiment, record);
	awaiting(NULL);
	pthread_mutex_lock(&lock);
	done = true;
	require(ends == experiment->requests, "measure returned when %u "
		"requests had ended, and there were to be %u", ends,
		experiment->requests);
	pthread_mutex_unlock(&lock);
	device_close();
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

static long long end;			/* of the experiment, us */

/* Runs it on a thread of its own, while this one has the time pass. */
static void
begin_to_run(struct actor *actor, struct order *order)
{
	if (end == 0)
		clock_begin();
	end += ALL_OF_IT;
	actor_start(actor, run_order, order);
	if (!explore_active())
		clock_to(end);
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

static int
by_time(const void *first, const void *second)
{
	const struct entry *a = first, *b = second;

	if (a->made != b->made)
		return a->made > b->made ? 1 : -1;
	if (a->refused != b->refused)
		return a->refused ? 1 : -1;
	if (a->ended != b->ended)
		return a->ended > b->ended ? 1 : -1;
	return (a->begun > b->begun) - (a->begun < b->begun);
}

/* Is the record what the device and the clock have shown? */
static void
require_recorded(const struct record *record)
{
	struct record sorted = *record;
	const struct entry *entries = record->entries;

	require(record->count == starts, "%u requests were made, with those "
		"that were refused, and %u were recorded", starts,
		record->count);
	for (unsigned i = 1; i < starts; i++)
		require(entries[i].made >= entries[i - 1].made, "the record "
			"has not the requests in the order in which they were "
			"made");
	qsort(sorted.entries, starts, sizeof(*seen), by_time);
	qsort(seen, starts, sizeof(*seen), by_time);
	for (unsigned i = 0; i < starts; i++) {
		const struct entry *r = &sorted.entries[i], *s = &seen[i];

		require(r->refused == s->refused, "the record does not say "
			"which requests were refused");
		require(r->made == s->made, "the record does not say what the "
			"clock showed before a request was made");
		require(r->begun == s->begun, "the record does not say when "
			"the device began with a request%s", s->refused ?
			" that it refused: as it was made" : "");
		require(r->ended == s->ended, "the record does not say what "
			"the clock showed when a request had ended");
	}
}

/* Everything happens at its time. seen is sorted. */
static void
require_in_time(const struct experiment *experiment)
{
	struct record ideal;
	unsigned place = 0;

	ideal_record(experiment, &ideal);
	for (unsigned i = 0; i < starts; i++) {
		int64_t late;

		if (seen[i].refused)
			continue;
		late = seen[i].made - seen[0].made - ideal.entries[place].made;
		require(late < MS / 1000, "with %u requests in flight, request "
			"%u was made %ld ms later than it could", experiment->
			in_flight, place + 1, (long)(late / MS));
		require(late > -MS / 1000, "with %u requests in flight, "
			"request %u was made too early", experiment->in_flight,
			place + 1);
		place++;
	}
}

static const struct experiment one = { 1, 6, 2, 4, 0 },
	some = { 3, 9, 2, 4, 0 }, many = { 5, 12, 2, 4, 0 },
	refused = { 3, 9, 2, 4, 3 }, often = { 3, 9, 2, 4, 2 };

CHECK(so_many_are_in_flight)
{
	const struct experiment *all[] = { &one, &some, &many };
	struct record record;

	for (int i = 0; i < (explore_active() ? 2 : 3); i++) {
		run_in_its_time(all[i], &record);
		qsort(seen, starts, sizeof(*seen), by_time);
		require_in_time(all[i]);
	}
}

CHECK(each_request_is_recorded)
{
	const struct experiment *all[] = { &one, &many };
	struct record record;

	at_each(BEFORE_LOCK, require_the_clock_first);
	for (int i = 0; i < 2; i++) {
		run_in_its_time(all[i], &record);
		require_recorded(&record);
	}
}

/* ---- Refused ---- */

CHECK(a_refused_request_is_made_again)
{
	const struct experiment *all[] = { &refused, &often };
	struct record record;

	for (int i = 0; i < 2; i++) {
		run_in_its_time(all[i], &record);
		require(starts == made_in_all(all[i]), "another number of "
			"requests was made than it takes if every request "
			"that was refused is made again");
		require_recorded(&record);
		require_in_time(all[i]);
	}
}

/* ---- The end ---- */

CHECK(it_returns_when_the_last_has_ended)
{
	static struct record record;
	struct order order = { &some, &record };
	struct actor actor;

	hold_the_last = true;
	begin_to_run(&actor, &order);
	awaiting("the last request of an experiment to end");
	gate_await_waiting(&last_gate, 1);
	await_still();
	require(!actor_done(&actor),
		"measure returned, and its last request had not ended");
	gate_open(&last_gate);
	awaiting("measure to return when all requests have ended");
	actor_join(&actor);
	require_recorded(&record);
}

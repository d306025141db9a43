/* suite.c - the checks of "Stop it for good" */
/* SPDX-License-Identifier: MIT */
/*
 * Time is virtual, so that ticks come when the check says. Ticks are held at
 * gates, so that "queued" and "running" last until the check has looked.
 *
 * Where the mistake is a matter of a moment, the check makes it last: while
 * beat_stop runs, 10 ms go by whenever it comes to a lock; and a thread
 * whose tick has returned is held at its next lock, or behind it. (Explored,
 * the schedules take care of that, and beat_stop comes at the very time of
 * a tick.)
 *
 * Contexts are memory of their own, which done frees: whoever ticks after
 * that is also found by AddressSanitizer.
 */
#include <stdatomic.h>
#include <stdlib.h>
#include <time.h>

#include "clock.h"
#include "explore.h"
#include "suite.h"

#include "beat.h"
#include "pool.h"

#define MS 1000ll
#define FOR_EVER (1000 * MS)
#define MOVES 20			/* of the clock, in one beat_stop */
#define GATES 3

/* What a beat of a check is to do, and what has become of it. */
struct probe {
	struct beat *beat;
	unsigned long hold_from;	/* ticks from here on wait */
	unsigned long stop_at;		/* the tick that stops its beat */
	long nap;			/* of that tick, before it does; ns */
	struct probe *stops;		/* its first tick stops that one */
	DWORD again;			/* what ticks return */
	struct gate gates[GATES];	/* of the first ticks */
	struct tally begun, ended, done;
	struct tally stopped;		/* beat_stop has returned */

};

static const struct probe no_probe = {
	.gates = { GATE_SHUT, GATE_SHUT, GATE_SHUT }, .begun = TALLY_ZERO,
	.ended = TALLY_ZERO, .done = TALLY_ZERO, .stopped = TALLY_ZERO
};

static struct probe one, other;
static PTP_POOL pool;
static TP_CALLBACK_ENVIRON settings;
static _Thread_local bool has_ticked;	/* this thread runs ticks */

static void
start_pool(DWORD threads)
{
	setenv("TP_IDLE_MS", "100000000", 1);
	setenv("TP_STALL_MS", "100000000", 1);
	clock_begin();
	pool = CreateThreadpool(NULL);
	require(pool != NULL, "CreateThreadpool failed");
	SetThreadpoolThreadMaximum(pool, threads);
	require(SetThreadpoolThreadMinimum(pool, threads),
		"SetThreadpoolThreadMinimum failed");
	InitializeThreadpoolEnvironment(&settings);
	SetThreadpoolCallbackPool(&settings, pool);
	await_still();
}

static void
open_gates(struct probe *probe)
{
	for (int i = 0; i < GATES; i++)
		gate_open(&probe->gates[i]);
}

/* By whoever is not a tick of this beat. */
static void
stop_from_outside(struct probe *probe)
{
	beat_stop(probe->beat);
	require(tally_read(&probe->begun) == tally_read(&probe->ended),
		"beat_stop returned while a tick was running");
	require(tally_read(&probe->done) == 1,
		"beat_stop returned, and done had not been called");
	tally_add(&probe->stopped);
}

static DWORD
tick(struct beat *beat, void *context)
{
	struct probe *probe = *(struct probe **)context;
	unsigned long number;

	require(tally_read(&probe->stopped) == 0,
		"a tick began after beat_stop had returned");
	require(tally_read(&probe->done) == 0,
		"a tick began after done had been called");
	number = tally_add(&probe->begun);
	if (probe->hold_from > 0 && number >= probe->hold_from &&
	    number <= GATES)
		gate_wait(&probe->gates[number - 1]);
	if (probe->stop_at == number) {
		nanosleep(&(struct timespec){ 0, probe->nap }, NULL);
		beat_stop(beat);
	}
	if (probe->stops != NULL && number == 1)
		stop_from_outside(probe->stops);
	require(*(struct probe **)context == probe,
		"the context was freed while a tick was running");
	has_ticked = true;
	tally_add(&probe->ended);
	return probe->again;
}

static void
done(void *context)
{
	struct probe *probe = *(struct probe **)context;

	require(tally_read(&probe->begun) == tally_read(&probe->ended),
		"done was called while a tick was running");
	require(tally_add(&probe->done) == 1, "done was called twice");
	free(context);
}

static void
start(struct probe *probe, DWORD first, DWORD period)
{
	struct probe **context = malloc(sizeof(*context));

	require(context != NULL, "the check itself has no memory");
	*context = probe;
	probe->beat = beat_start(&settings, first, period, tick, done,
		context);
	require(probe->beat != NULL, "beat_start failed");
}

/* Ticks that come now would come too late. */
static void
finish(struct probe *probe)
{
	unsigned long ticks = tally_read(&probe->begun);

	clock_to(clock_us() + FOR_EVER);
	require(tally_read(&probe->begun) == ticks,
		"a tick began after the beat had been stopped");
	require(tally_read(&probe->done) == 1,
		"the beat was stopped, and done has not been called");
}

static void
close_pool(void)
{
	DestroyThreadpoolEnvironment(&settings);
	CloseThreadpool(pool);
	await_still();
}

static void
stop_in_background(void *probe)
{
	stop_from_outside(probe);
}

/* ---- Moments that last ---- */

/*
 * The pool's only thread, if it has ticked, is held: at one of the locks
 * that it comes to, until beat_stop waits for something. If it comes to one
 * while the clock moves, with a callback that is late, it is held as well,
 * if need be until beat_stop has returned. (Not because of a callback that
 * beat_stop has cancelled: that one holds the timer no more.)
 */
static enum moment held_at;		/* MOMENTS: it is not held */
static unsigned held_number;		/* the so many-th */
static struct gate held, late[MOVES + 1];
static unsigned returns_at;		/* the moment when a tick does */
static atomic_bool clock_moves;
static atomic_uint waits;		/* of beat_stop, so far */
static _Thread_local bool stops;	/* this thread is in beat_stop */
static _Thread_local unsigned moves_left;
static _Thread_local unsigned reached;	/* moments, so far */

/* beat_stop is about to wait: what is held may go on. */
static void
let_go(void)
{
	unsigned number = atomic_load(&waits);

	open_gates(&one);
	if (number < MOVES)
		atomic_store(&waits, number + 1);
	gate_open(&held);
	gate_open(&late[number]);
}

static bool
is_taken(pthread_mutex_t *mutex)
{
	if (pthread_mutex_trylock(mutex) != 0)
		return true;
	pthread_mutex_unlock(mutex);
	return false;
}

/* 10 ms go by, whenever beat_stop takes a lock or has dropped one. */
static void
reach(enum moment moment, void *mutex)
{
	if (stops && ++reached == returns_at) {
		open_gates(&one);
		await_still();
	}
	if (moves_left > 0 && moment != held_at) {
		moves_left--;
		atomic_store(&clock_moves, true);
		clock_to(clock_us() + 10 * MS + 1);
		atomic_store(&clock_moves, false);
	}
	if (stops && moment == BEFORE_LOCK && is_taken(mutex))
		let_go();
	if (has_ticked && moment == held_at && ++reached == held_number)
		gate_wait(&held);
	if (has_ticked && moment == BEFORE_LOCK && atomic_load(&clock_moves))
		gate_wait(&late[atomic_load(&waits)]);
}

static void
before_lock(void *mutex)
{
	reach(BEFORE_LOCK, mutex);
}

static void
after_unlock(void *mutex)
{
	reach(AFTER_UNLOCK, mutex);
}

static void
before_wait(void *condition)
{
	(void)condition;
	if (stops)
		let_go();
}

static void
hold(enum moment moment, unsigned number)
{
	static const struct gate shut = GATE_SHUT;

	held = shut;
	for (int i = 0; i <= MOVES; i++)
		late[i] = shut;
	atomic_store(&waits, 0);
	held_at = moment;
	held_number = number;
	at_each(BEFORE_LOCK, before_lock);
	at_each(AFTER_UNLOCK, after_unlock);
	at_each(BEFORE_WAIT, before_wait);
	at_each(BEFORE_JOIN, before_wait);
}

/* Does a callback that is held still have its timer? */
static bool
holds_a_timer(void)
{
	unsigned waiting = 0;
	bool empty;

	for (int i = 0; i <= MOVES; i++) {
		pthread_mutex_lock(&late[i].lock);
		waiting += late[i].waiting;
		pthread_mutex_unlock(&late[i].lock);
	}
	pthread_mutex_lock(&pool->lock.mutex);
	empty = pool->objects == 0;
	pthread_mutex_unlock(&pool->lock.mutex);
	return waiting > 0 && !empty;
}

/* Stops the beat, in a time in which everything may happen. */
static void
stop_slowly(struct probe *probe)
{
	moves_left = MOVES;
	stops = true;
	awaiting("beat_stop to return, while time goes by");
	beat_stop(probe->beat);
	stops = false;
	moves_left = 0;
	tally_add(&probe->stopped);
	for (enum moment moment = 0; moment < MOMENTS; moment++)
		at_each(moment, NULL);
	await_still();
	require(!holds_a_timer(), "beat_stop returned while a callback of its "
		"timer was queued or running");
	gate_open(&held);
	for (int i = 0; i <= MOVES; i++)
		gate_open(&late[i]);
	require(tally_read(&probe->done) == 1,
		"beat_stop returned, and done had not been called");
	finish(probe);
}

/* ---- No tick after beat_stop ---- */

static void
stop_between_ticks(void)
{
	unsigned long ticks;

	start_pool(2);
	one = no_probe;
	start(&one, 5, 10);
	clock_to(32 * MS);
	ticks = tally_read(&one.begun);
	require(ticks == 3, "a beat that begins after 5 ms, with a period of "
		"10 ms, had %lu ticks after 32 ms", ticks);
	awaiting("beat_stop to return, between two ticks");
	stop_from_outside(&one);
	finish(&one);
	close_pool();
}

static void
stop_before_the_first(void)
{
	start_pool(1);
	one = no_probe;
	start(&one, 50, 10);
	awaiting("beat_stop to return, before the first tick");
	stop_from_outside(&one);
	finish(&one);
	require(tally_read(&one.begun) == 0,
		"a beat that was stopped before its first tick has ticked");
	close_pool();
}

static void
stop_what_is_queued(void)
{
	struct actor actor;
	unsigned long ticks;

	start_pool(1);
	one = no_probe;
	one.hold_from = 1;
	start(&one, 10, 10);
	clock_to(45 * MS);
	actor_start(&actor, stop_in_background, &one);
	await_still();
	open_gates(&one);
	awaiting("beat_stop to return after the tick that ran");
	actor_join(&actor);
	ticks = tally_read(&one.begun);
	require(ticks == 1, "ticks that were due and had not begun when "
		"beat_stop was called began all the same: %lu", ticks - 1);
	finish(&one);
	close_pool();
}

/* Natively only: explored, time goes by when nothing else happens. */
static void
stop_while_time_goes_by(DWORD period)
{
	start_pool(1);
	one = no_probe;
	one.again = 10;
	start(&one, 10, period);
	clock_to(25 * MS);
	hold(MOMENTS, 0);
	stop_slowly(&one);
	close_pool();
}

/* At the very time of a tick: which comes first is the explorer's choice. */
static void
stop_at_any_time(DWORD period)
{
	start_pool(2);
	one = no_probe;
	one.again = 10;
	start(&one, 10, period);
	nanosleep(&(struct timespec){ 0, 20 * MS * 1000 }, NULL);
	stop_from_outside(&one);
	finish(&one);
	close_pool();
}

CHECK(no_tick_begins_after_beat_stop)
{
	stop_between_ticks();
	stop_before_the_first();
	stop_what_is_queued();
	if (explore_active()) {
		stop_at_any_time(10);
	} else {
		stop_while_time_goes_by(10);
		stop_while_time_goes_by(0);
	}
}

/* ---- Ticks that run ---- */

/* A tick of another beat is not a tick of this one, and waits. */
static void
stop_by_another_beat(void)
{
	start_pool(2);
	one = other = no_probe;
	one.hold_from = 1;
	other.stops = &one;
	start(&one, 10, 0);
	start(&other, 20, 0);
	clock_to(30 * MS);
	require(tally_read(&other.begun) == 1, "a second beat did not tick");
	require(tally_read(&other.ended) == 0, "beat_stop, called by a tick "
		"of another beat, returned while a tick was running");
	open_gates(&one);
	awaiting("beat_stop to return, called by a tick of another beat");
	tally_await(&other.ended, 1);
	finish(&one);
	stop_from_outside(&other);
	close_pool();
}

CHECK(beat_stop_waits_for_the_ticks_that_run)
{
	struct actor actor;

	start_pool(2);
	one = no_probe;
	one.hold_from = 1;
	start(&one, 10, 10);
	clock_to(25 * MS);
	require(tally_read(&one.begun) == 2,
		"the second tick of a beat with a period waited for the first");
	actor_start(&actor, stop_in_background, &one);
	await_still();
	require(!actor_done(&actor),
		"beat_stop returned while two ticks were running");
	open_gates(&one);
	awaiting("beat_stop to return after the ticks that ran");
	actor_join(&actor);
	finish(&one);
	close_pool();
	stop_by_another_beat();
}

/* ---- Ticks that set their timer ---- */

/* The tick has returned; its thread is held at a moment of what follows. */
static void
stop_held(enum moment moment, unsigned number)
{
	start_pool(1);
	one = no_probe;
	one.again = 10;
	one.hold_from = 2;
	start(&one, 10, 0);
	clock_to(20 * MS + 500);
	require(tally_read(&one.begun) == 2, "a beat whose first tick "
		"returned 10, after 10 ms, had no tick at 20 ms");
	hold(moment, number);
	open_gates(&one);
	await_still();
	stop_slowly(&one);
	close_pool();
}

/*
 * The tick returns when beat_stop has come to the so many-th moment, and may
 * set the timer then: to a time some moments later, at which beat_stop may
 * have waited already, and not closed the timer yet.
 */
static void
stop_while_it_returns(unsigned number, DWORD again)
{
	start_pool(1);
	one = no_probe;
	one.again = again;
	one.hold_from = 1;
	start(&one, 10, 0);
	clock_to(10 * MS + 500);
	require(tally_read(&one.begun) == 1,
		"a beat had no tick after 10 ms");
	hold(MOMENTS, 0);
	returns_at = number;
	reached = 0;
	stop_slowly(&one);
	returns_at = 0;
	close_pool();
}

CHECK(a_tick_that_sets_the_timer_again_is_stopped_too)
{
	struct actor actor;

	start_pool(2);
	one = no_probe;
	one.again = 10;
	one.hold_from = 3;
	start(&one, 10, 0);
	clock_to(35 * MS);
	require(tally_read(&one.begun) == 3, "a beat whose ticks return 10 "
		"had not ticked three times after 35 ms");
	actor_start(&actor, stop_in_background, &one);
	await_still();
	open_gates(&one);
	awaiting("beat_stop to return after a tick that would go on");
	actor_join(&actor);
	finish(&one);
	close_pool();
	if (one_of_many()) {
		stop_at_any_time(0);
	} else {
		for (unsigned number = 1; number <= 4; number++) {
			stop_held(BEFORE_LOCK, number);
			stop_held(AFTER_UNLOCK, number);
		}
		for (unsigned number = 3; number <= 6; number++) {
			stop_while_it_returns(number, 70);
			stop_while_it_returns(number, 90);
		}
	}
}

/* ---- Ticks that stop their own beat ---- */

static void
stop_from_inside(DWORD threads, DWORD period)
{
	unsigned long ticks;

	start_pool(threads);
	one = no_probe;
	one.again = 10;
	one.hold_from = one.stop_at = 1;
	start(&one, 10, period);
	clock_to(45 * MS);
	fail_allocations(true);
	fail_threads(true);
	open_gates(&one);
	awaiting("beat_stop to return, called by a tick of its own beat");
	tally_await(&one.ended, 1);
	await_still();
	fail_allocations(false);
	fail_threads(false);
	ticks = tally_read(&one.begun);
	require(ticks == 1, "ticks that were due and had not begun when a "
		"tick called beat_stop began all the same: %lu", ticks - 1);
	finish(&one);
	close_pool();
}

/* A tick stops its beat at the very time of the next one. */
static void
stop_from_inside_at_any_time(void)
{
	start_pool(2);
	one = no_probe;
	one.stop_at = 1;
	one.nap = 10 * MS * 1000;
	start(&one, 10, 10);
	clock_to(15 * MS);
	awaiting("the tick that stops its own beat to return");
	tally_await(&one.ended, 1);
	clock_to(clock_us() + FOR_EVER);
	finish(&one);
	close_pool();
}

CHECK(a_tick_may_stop_its_own_beat)
{
	stop_from_inside(1, 0);
	stop_from_inside(1, 10);
	stop_from_inside(2, 0);
	if (explore_active())
		stop_from_inside_at_any_time();
}

/* Two ticks run, of which this one stops their beat, and returns first. */
static void
stop_beside_another(unsigned by)
{
	start_pool(2);
	one = no_probe;
	one.hold_from = 1;
	one.stop_at = by;
	start(&one, 10, 10);
	clock_to(25 * MS);
	require(tally_read(&one.begun) == 2,
		"the second tick of a beat with a period waited for the first");
	gate_open(&one.gates[by - 1]);
	awaiting(by == 1 ? "beat_stop to return, called by the first of two "
		"ticks" : "beat_stop to return, called by the second of two "
		"ticks");
	tally_await(&one.ended, 1);
	await_still();
	require(tally_read(&one.done) == 0,
		"done was called while a tick was running");
	open_gates(&one);
	awaiting("the other tick to return");
	tally_await(&one.ended, 2);
	finish(&one);
	close_pool();
}

CHECK(done_comes_once_after_the_last_tick)
{
	stop_beside_another(1);
	stop_beside_another(2);
}

/* suite.c - the checks of "An event of one's own" */
/* SPDX-License-Identifier: MIT */
/*
 * Each check makes sure of who waits before it sets the event. That a
 * time-out comes while event_set is at work is forced by holding the setter
 * just before it wakes anybody. What a waiter meets that has been woken and
 * has not run yet, is the explorer's to try. Time is virtual: it moves when the
 * check says so.
 */
#include <time.h>

#include "clock.h"
#include "explore.h"
#include "suite.h"

#include "event.h"

#define WAITERS 3
#define PATIENCE 20			/* ms, of waits that are to time out */

/* A thread that waits, and what its event_wait has given. */
struct party {
	struct actor actor;
	long milliseconds;
	enum outcome outcome;
};

static struct event *event;
static struct party parties[WAITERS];
static struct party *const first = &parties[0], *const second = &parties[1];

static void
wait_in_party(void *argument)
{
	struct party *party = argument;

	party->outcome = event_wait(event, party->milliseconds);
}

static void
begin(bool manual, bool set)
{
	clock_begin();
	event = event_create(manual, set);
	require(event != NULL, "event_create gave NULL");
}

/* Has another thread wait. */
static void
send(struct party *party, long milliseconds)
{
	party->milliseconds = milliseconds;
	actor_start(&party->actor, wait_in_party, party);
}

static void
send_all(void)
{
	for (int i = 0; i < WAITERS; i++)
		send(&parties[i], FOREVER);
	await_still();
	for (int i = 0; i < WAITERS; i++)
		require(!actor_done(&parties[i].actor),
			"a wait returned, and nothing had happened");
}

static void
require_outcome(struct party *party, enum outcome outcome, const char *what)
{
	static const char *const names[] = {
		"SIGNALLED", "TIMED_OUT", "CANCELLED"
	};

	awaiting(what);
	actor_join(&party->actor);
	awaiting(NULL);
	require(party->outcome == outcome, "%s: it gave %s instead of %s",
		what, names[party->outcome], names[outcome]);
}

static unsigned
count_done(void)
{
	unsigned done = 0;

	for (int i = 0; i < WAITERS; i++)
		done += actor_done(&parties[i].actor);
	return done;
}

static bool
is_set(void)			/* and takes it */
{
	return event_wait(event, 0) == SIGNALLED;
}

/* ---- Auto-reset ---- */

static void
set_before_the_wait(void)
{
	begin(false, false);
	require(!is_set(), "an event that was never set was set");
	event_set(event);
	event_set(event);
	require(is_set(), "an event was set before the wait, and the wait "
		"found it not set");
	require(!is_set(), "an event was set twice before the first wait, "
		"and two waits were freed");
	event_set(event);
	event_reset(event);
	require(!is_set(), "an event was set after it had been reset");
	event_free(event);
	begin(false, true);
	require(is_set() && !is_set(), "an event that was set from the start "
		"did not free exactly one");
	event_free(event);
}

static void
one_at_a_time(void)
{
	begin(false, false);
	send_all();
	for (unsigned i = 1; i <= WAITERS; i++) {
		event_set(event);
		await_still();
		require(count_done() == i, "three waited, an auto-reset event "
			"was set, and %u of them were free instead of %u",
			count_done(), i);
	}
	for (int i = 0; i < WAITERS; i++)
		require_outcome(&parties[i], SIGNALLED, "a wait that was "
			"freed by event_set");
	require(!is_set(), "each signal had been taken by a wait, and the "
		"event was still set");
	event_free(event);
}

/* Two signals, before the first waiter has run: two are free. */
static void
two_at_once(void)
{
	begin(false, false);
	send(first, FOREVER);
	send(second, FOREVER);
	await_still();
	event_set(event);
	event_set(event);
	require_outcome(first, SIGNALLED, "the first of two waits, after two "
		"signals");
	require_outcome(second, SIGNALLED, "the second of two waits, after "
		"two signals");
	require(!is_set(), "two signals had freed two waits, and the event "
		"was still set");
	event_free(event);
}

/* The signal comes before the wait, or after. */
static void
at_any_time(void)
{
	begin(false, false);
	send(first, FOREVER);
	event_set(event);
	require_outcome(first, SIGNALLED, "a wait that began while the event "
		"was set");
	require(!is_set(), "a wait had taken the signal, and the event was "
		"still set");
	event_free(event);
}

CHECK(an_auto_reset_event_frees_exactly_one_now_or_later)
{
	set_before_the_wait();
	one_at_a_time();
	if (explore_active()) {	/* else it would be a matter of luck */
		two_at_once();
		at_any_time();
	}
}

/* ---- Manual reset ---- */

/* settled: the waits have returned before the event is reset. */
static void
set_and_reset(bool settled)
{
	begin(true, false);
	send_all();
	event_set(event);
	if (settled) {
		await_still();
		require(count_done() == WAITERS, "three waited, a "
			"manual-reset event was set, and %u of them were free",
			count_done());
		require(is_set() && is_set(), "a manual-reset event was set, "
			"and a wait that came later found it not set");
	}
	event_reset(event);
	for (int i = 0; i < WAITERS; i++)
		require_outcome(&parties[i], SIGNALLED, "a wait that was "
			"there when the event was set, and did not run before "
			"it was reset");
	require(!is_set(), "an event was set after it had been reset");
	event_free(event);
}

CHECK(a_manual_reset_event_frees_all_that_wait)
{
	set_and_reset(true);
	if (explore_active())	/* else it would be a matter of luck */
		set_and_reset(false);
}

/* ---- Reasons ---- */

static void
woken_without_a_cause(long milliseconds)
{
	begin(false, false);
	spurious_wakeups(3);
	send(first, milliseconds);
	await_still();
	require(!actor_done(&first->actor), "a wait returned, which had been "
		"woken without a cause");
	spurious_wakeups(0);
	event_set(event);
	require_outcome(first, SIGNALLED, "a wait that was woken without a "
		"cause, and then freed by event_set");
	event_free(event);
}

CHECK(a_wait_ends_for_a_reason_only)
{
	woken_without_a_cause(FOREVER);
	woken_without_a_cause(3000000);
}

/* ---- Time-outs ---- */

static void
pause_for(long milliseconds)
{
	struct timespec time = { 0, milliseconds * 1000000 };

	nanosleep(&time, NULL);
}

static void
let_the_time_pass(void *condition)
{
	(void)condition;
	clock_to(clock_us() + 2 * PATIENCE * 1000);
}

/* Either the waiter got the signal, or it is still there. */
static void
require_one_signal(const char *what)
{
	bool got;

	awaiting("a wait with a time-out to return");
	actor_join(&first->actor);
	awaiting(NULL);
	got = first->outcome == SIGNALLED;
	require(got || first->outcome == TIMED_OUT,
		"a wait gave CANCELLED, and nobody had cancelled it");
	require(got || is_set(), "%s: the wait timed out, and the signal was "
		"lost", what);
	require(!got || !is_set(), "%s: the wait got the signal, and the "
		"event was set all the same", what);
}

/* The setter is held when it has decided who gets the signal. */
static void
timed_out_while_it_is_set(void)
{
	begin(false, false);
	send(first, PATIENCE);
	await_still();
	at_each(BEFORE_WAKE, let_the_time_pass);
	event_set(event);
	at_each(BEFORE_WAKE, NULL);
	require_one_signal("the time-out came while event_set was at work");
	event_free(event);
}

static void
both_at_once(void)
{
	begin(false, false);
	send(first, PATIENCE);
	pause_for(PATIENCE);
	event_set(event);
	require_one_signal("the time-out came together with the signal");
	event_free(event);
}

static void
one_times_out_and_another_waits(void)
{
	begin(false, false);
	send(first, PATIENCE);
	send(second, FOREVER);
	pause_for(PATIENCE);
	event_set(event);
	awaiting("a wait with a time-out to return");
	actor_join(&first->actor);
	if (first->outcome == SIGNALLED)
		event_set(event);
	require_outcome(second, SIGNALLED, "a wait for ever, beside one whose "
		"time-out came together with the signal");
	event_free(event);
}

CHECK(a_time_out_loses_no_signal)
{
	begin(false, false);
	send(first, PATIENCE);
	let_the_time_pass(NULL);
	require_outcome(first, TIMED_OUT, "a wait for an event that was never "
		"set");
	event_set(event);
	require(is_set(), "a wait had timed out, the event was set after "
		"that, and the signal was lost");
	event_free(event);
	timed_out_while_it_is_set();
	if (explore_active()) {	/* else it would be a matter of luck */
		both_at_once();
		one_times_out_and_another_waits();
	}
}

/* ---- Cancelling ---- */

static void
cancel(void *unused)
{
	(void)unused;
	event_cancel(event);
}

/* first_set: the signal is there before; else they race. */
static void
set_and_cancelled(bool first_set)
{
	struct actor canceller;

	begin(false, false);
	send(first, FOREVER);
	await_still();
	if (first_set)
		event_set(event);
	actor_start(&canceller, cancel, NULL);
	if (!first_set)
		event_set(event);
	actor_join(&canceller);
	awaiting("a wait to return that was set and cancelled");
	actor_join(&first->actor);
	awaiting(NULL);
	require(!first_set || first->outcome == SIGNALLED, "a wait got the "
		"signal and gave CANCELLED, because it was cancelled before "
		"it ran");
	require((first->outcome == SIGNALLED) != is_set(), "a wait was "
		"cancelled while the event was set, and the signal was lost, "
		"or was there twice");
	event_free(event);
}

/* Cancelled, and set before it has run: what it was told first counts. */
static void
cancelled_and_then_set(bool manual)
{
	begin(manual, false);
	send(first, FOREVER);
	await_still();
	event_cancel(event);
	event_set(event);
	require_outcome(first, CANCELLED, "a wait that was cancelled, and did "
		"not run before the event was set");
	require(is_set(), "a wait had been cancelled, the event was set "
		"after that, and the signal was lost");
	event_free(event);
}

CHECK(a_cancel_loses_no_signal)
{
	begin(false, false);
	send_all();
	event_cancel(event);
	for (int i = 0; i < WAITERS; i++)
		require_outcome(&parties[i], CANCELLED,
			"a wait that was cancelled");
	require(!is_set(), "waits were cancelled, and the event was set");
	event_set(event);
	require(is_set(), "waits had been cancelled, the event was set after "
		"that, and the signal was lost");
	event_cancel(event);
	event_free(event);
	if (explore_active()) {	/* else it would be a matter of luck */
		set_and_cancelled(true);
		set_and_cancelled(false);
		cancelled_and_then_set(false);
		cancelled_and_then_set(true);
	}
}

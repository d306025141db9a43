/* suite.c - the checks of "They wait for each other" */
/* SPDX-License-Identifier: MIT */
/*
 * Time is virtual, so that timers expire when the check says. What the call
 * asks is held at gates, so that it runs until the check has looked. The
 * thread that begins the call is held at each of its locks in turn, until
 * nothing else moves: whatever can happen meanwhile has then happened.
 * (Explored, the schedules take care of that.)
 *
 * Timers run in the default pool, whose threads stay; suite_prepare makes
 * them. Contexts are memory of their own, which `over` frees: whoever asks
 * after that is also found by AddressSanitizer.
 */
#include <stdlib.h>
#include <time.h>

#include "clock.h"
#include "explore.h"
#include "suite.h"

#include "call.h"

#define MS 1000ll
#define FOR_EVER (1000 * MS)
#define ASKS 4			/* that are held, or answered, at most */
#define THREADS 3
#define LOCKS 24		/* of call_begin, about */
#define ALLOCATIONS 16		/* of call_begin, at most */
#define EXPLORED 2		/* of them: each takes threads */

/* What the call of a check asks, and what has become of it. */
struct probe {
	unsigned long hold;	/* so many of the first asks wait */
	unsigned answered;	/* bit n: the (n + 1)-th ask is answered */
	long nap;		/* of each ask; ns */
	struct gate gates[ASKS];
	struct tally begun, ended, over;
	bool answer;		/* what `over` was told */
};

static const struct probe no_probe = {
	.gates = { GATE_SHUT, GATE_SHUT, GATE_SHUT, GATE_SHUT },
	.begun = TALLY_ZERO, .ended = TALLY_ZERO, .over = TALLY_ZERO
};

static struct probe probe;

/* ---- Threads of the default pool ---- */

static struct tally present = TALLY_ZERO;
static struct gate leave = GATE_SHUT;

static DWORD WINAPI
be_present(PVOID unused)
{
	(void)unused;
	tally_add(&present);
	gate_wait(&leave);
	return 0;
}

static DWORD WINAPI
do_nothing(PVOID unused)
{
	(void)unused;
	return 0;
}

static void
limit_threads(ULONG threads)
{
	ULONG flags = WT_EXECUTEDEFAULT;

	WT_SET_MAX_THREADPOOL_THREADS(flags, threads);
	require(QueueUserWorkItem(do_nothing, NULL, flags),
		"QueueUserWorkItem failed");
	await_still();
}

void
suite_prepare(void)
{
	setenv("TP_IDLE_MS", "100000000", 1);
	setenv("TP_STALL_MS", "100000000", 1);
	setenv("TP_PROCESSORS", "8", 1);
	clock_begin();
	limit_threads(THREADS);
	for (int i = 0; i < THREADS; i++)
		require(QueueUserWorkItem(be_present, NULL,
			WT_EXECUTEDEFAULT), "QueueUserWorkItem failed");
	tally_await(&present, THREADS);
	gate_open(&leave);
	await_still();
}

/* ---- Calls ---- */

static bool
ask(void *context)
{
	struct probe *asked = *(struct probe **)context;
	unsigned long number;
	bool answered;

	require(tally_read(&asked->over) == 0,
		"an ask began after the call was over");
	number = tally_add(&asked->begun);
	if (number <= asked->hold)
		gate_wait(&asked->gates[number - 1]);
	if (asked->nap > 0)
		nanosleep(&(struct timespec){ 0, asked->nap }, NULL);
	require(*(struct probe **)context == asked,
		"the context was freed while an ask was running");
	answered = number <= ASKS && (asked->answered >> (number - 1) & 1) != 0;
	tally_add(&asked->ended);
	return answered;
}

static bool
nothing_asks(void)
{
	return tally_read(&probe.begun) == tally_read(&probe.ended);
}

static void
over(void *context, bool answered)
{
	struct probe *asked = *(struct probe **)context;

	asked->answer = answered;
	require(tally_add(&asked->over) == 1, "over was called twice");
	require(nothing_asks(), "over was called while an ask was running");
	free(context);
}

static struct probe **given;		/* the context of the call */

static bool
begin(DWORD interval, DWORD limit)
{
	given = malloc(sizeof(*given));
	require(given != NULL, "the check itself has no memory");
	*given = &probe;
	return call_begin(interval, limit, ask, over, given);
}

static void
must_begin(DWORD interval, DWORD limit)
{
	require(begin(interval, limit), "call_begin failed");
	await_still();
}

static void
open_gates(void)
{
	for (int i = 0; i < ASKS; i++)
		gate_open(&probe.gates[i]);
}

static void
require_not_over(void)
{
	require(tally_read(&probe.over) == 0,
		"over was called while an ask was running");
}

/* All gates are open: the end must come by itself, and be one. */
static void
finish(const char *what)
{
	unsigned long asks;

	await_still();
	require(tally_read(&probe.over) == 1, "the call is not over, and "
		"nothing moves any more: %s", what);
	asks = tally_read(&probe.begun);
	clock_to(clock_us() + FOR_EVER);
	require(tally_read(&probe.begun) == asks,
		"an ask began after the call was over");
}

static void
require_answer(bool answered, const char *why)
{
	require(probe.answer == answered, "over was told that there was %s "
		"answer, and %s", probe.answer ? "an" : "no", why);
}

/* ---- The answer and the limit at the same time ---- */

static void
answer_after_the_limit(void)
{
	probe = no_probe;
	probe.hold = 1;
	probe.answered = 1;
	must_begin(100, 50);
	clock_to(clock_us() + 51 * MS);
	require_not_over();
	open_gates();
	finish("the limit came while an ask was running, which was then "
		"answered");
	require_answer(false, "the limit had come before it");
}

/* At the very same time: which comes first is the explorer's choice. */
static void
answer_at_the_limit(void)
{
	probe = no_probe;
	probe.nap = 50 * MS * 1000;
	probe.answered = 1;
	must_begin(100, 50);
	clock_to(clock_us() + 51 * MS);
	finish("an ask was answered when the limit came");
}

CHECK(neither_waits_for_the_other)
{
	answer_after_the_limit();
	if (explore_active())
		answer_at_the_limit();
}

/* ---- Two answers ---- */

CHECK(two_answers_end_the_call_once)
{
	probe = no_probe;
	probe.hold = 2;
	probe.answered = 3;
	must_begin(10, 1000);
	clock_to(clock_us() + 11 * MS);
	require(tally_read(&probe.begun) == 2, "one ask ran, the time had "
		"come for another, and it has not begun");
	open_gates();
	finish("two asks have been answered");
	require_answer(true, "two asks had been answered before the limit");
}

/* ---- Other asks ---- */

static void
answer_beside_one_that_runs(void)
{
	probe = no_probe;
	probe.hold = 2;
	probe.answered = 2;
	must_begin(10, 1000);
	clock_to(clock_us() + 11 * MS);
	gate_open(&probe.gates[1]);
	await_still();
	require_not_over();
	open_gates();
	finish("the second ask was answered, and then the first returned");
	require_answer(true, "the second ask was answered");
}

/* One thread: the others are queued behind the first. */
static void
answer_before_those_that_are_queued(void)
{
	probe = no_probe;
	probe.hold = 3;
	probe.answered = 1;
	must_begin(10, 1000);
	limit_threads(1);
	clock_to(clock_us() + 31 * MS);
	for (unsigned i = 0; i < 3; i++) {
		gate_open(&probe.gates[i]);
		await_still();
	}
	finish("the first ask was answered, and three were queued behind it");
	require_answer(true, "the first ask was answered");
	limit_threads(THREADS);
}

static void
reach_the_limit_with_some_queued(void)
{
	probe = no_probe;
	probe.hold = 4;
	must_begin(10, 25);
	limit_threads(2);
	clock_to(clock_us() + 51 * MS);
	gate_open(&probe.gates[1]);
	await_still();
	require_not_over();
	open_gates();
	finish("the limit came while asks were running and queued");
	require_answer(false, "none was");
	limit_threads(THREADS);
}

CHECK(the_call_is_over_after_the_last_ask)
{
	reach_the_limit_with_some_queued();
	if (one_of_many())	/* there is less at once in what follows */
		return;
	answer_beside_one_that_runs();
	answer_before_those_that_are_queued();
}

/* ---- An answer at once ---- */

static _Thread_local unsigned locks_left;	/* of call_begin; 0: none */

static void
let_others_go_on(void *unused)
{
	(void)unused;
	if (locks_left > 0 && --locks_left == 0)
		await_still();
}

/* While call_begin waits at its n-th lock, the first ask is answered. */
static void
answer_at_once(unsigned number)
{
	unsigned long before = live_allocations();

	probe = no_probe;
	probe.answered = 1;
	at_each(BEFORE_LOCK, let_others_go_on);
	locks_left = number;
	must_begin(10, 1000);
	locks_left = 0;
	at_each(BEFORE_LOCK, NULL);
	await_still();
	require(one_of_many() || tally_read(&probe.over) == 0 ||
		live_allocations() <= before, "the first ask was answered "
		"while call_begin ran, the call is over, and something of "
		"it is left");
	finish("the first ask was answered while call_begin ran");
	require_answer(true, "the first ask was answered");
}

CHECK(the_first_answer_may_come_at_once)
{
	for (unsigned number = 1; number <= LOCKS; number++)
		if (!one_of_many())
			answer_at_once(number);
	answer_at_once(0);	/* explored, this is every moment */
}

/* ---- With what there is ---- */

static bool began;			/* what call_begin said */

static void
begin_in_background(void *unused)
{
	(void)unused;
	began = begin(10, 1000);
}

static void
begin_when_nothing_is_left(unsigned number)
{
	unsigned long before = live_allocations();
	struct actor actor;

	probe = no_probe;
	probe.hold = 1;
	probe.answered = 1;
	fail_allocation(number + 1);	/* the first is the check's own */
	actor_start(&actor, begin_in_background, NULL);
	await_still();
	fail_allocation(0);
	require(!actor_done(&actor) || began || nothing_asks(),
		"call_begin failed, and returned while an ask was running");
	open_gates();
	awaiting("call_begin to return, which has failed");
	actor_join(&actor);
	awaiting(NULL);
	if (began) {
		finish("an ask was answered");
		return;
	}
	clock_to(clock_us() + FOR_EVER);
	require(tally_read(&probe.over) == 0,
		"over was called for a call that has failed to begin");
	free(given);
	require(live_allocations() <= before,
		"call_begin failed, and left something behind");
}

static void
end_when_nothing_is_left(DWORD limit)
{
	probe = no_probe;
	probe.hold = 1;
	probe.answered = 1;
	must_begin(100, limit);
	fail_allocations(true);
	fail_threads(true);
	clock_to(clock_us() + 51 * MS);
	open_gates();
	finish("there was no more memory, and no thread to be had");
	fail_allocations(false);
	fail_threads(false);
}

CHECK(only_the_beginning_may_fail)
{
	unsigned allocations = explore_active() ? EXPLORED : ALLOCATIONS;

	end_when_nothing_is_left(50);
	end_when_nothing_is_left(1000);
	for (unsigned number = 1; number <= allocations; number++)
		begin_when_nothing_is_left(number);
}

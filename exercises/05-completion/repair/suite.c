/* suite.c - the checks of "Freed as soon as the event is set" */
/* SPDX-License-Identifier: MIT */
/*
 * Orders are held at gates, once while they are served, and once while they
 * are filed. Whoever returns from counter_serve meanwhile returns too early.
 */
#include <stdlib.h>

#include "suite.h"

#include "counter.h"

#define CALLERS 2

/* An order, and who has it served. */
struct caller {
	bool accepts;			/* what serve returns */
	struct gate serving, filing;
	struct tally begun, served, filed;
	struct actor actor;
	bool answer;			/* of counter_serve */
};

static struct caller callers[CALLERS];
static PTP_POOL pool;
static struct counter *counter;
static struct tally inside = TALLY_ZERO, outside = TALLY_ZERO;

static bool
serve(void *argument)
{
	struct caller *caller = argument;

	require(tally_add(&caller->begun) == 1, "an order was served twice");
	require(tally_add(&inside) == tally_read(&outside) + 1,
		"two orders were served at once");
	gate_wait(&caller->serving);
	tally_add(&outside);
	tally_add(&caller->served);
	return caller->accepts;
}

static void
file(void *argument)
{
	struct caller *caller = argument;

	require(tally_read(&caller->served) == 1,
		"an order was filed that had not been served");
	require(caller->accepts, "an order was filed that had been refused");
	gate_wait(&caller->filing);
	require(tally_add(&caller->filed) == 1, "an order was filed twice");
}

static void
start(DWORD threads)
{
	setenv("TP_IDLE_MS", "100000000", 1);
	setenv("TP_STALL_MS", "100000000", 1);
	for (int i = 0; i < CALLERS; i++)
		callers[i] = (struct caller){
			true, GATE_SHUT, GATE_SHUT, TALLY_ZERO, TALLY_ZERO,
			TALLY_ZERO, { .done = GATE_SHUT }, false
		};
	pool = CreateThreadpool(NULL);
	require(pool != NULL, "CreateThreadpool failed");
	SetThreadpoolThreadMaximum(pool, threads);
	require(SetThreadpoolThreadMinimum(pool, threads),
		"SetThreadpoolThreadMinimum failed");
	await_still();
	counter = counter_open(pool, file);
	require(counter != NULL, "counter_open failed");
}

static void
call(void *argument)
{
	struct caller *caller = argument;

	caller->answer = counter_serve(counter, serve, caller);
}

static void
come(struct caller *caller)
{
	actor_start(&caller->actor, call, caller);
}

/* Everything has come to a gate, or to its end. */
static void
nobody_has_left(struct caller *caller)
{
	await_still();
	if (!actor_done(&caller->actor))
		return;
	require(tally_read(&caller->served) == 1,
		"counter_serve returned while the order was being served");
	require(tally_read(&caller->filed) == 1,
		"counter_serve returned while the order was being filed");
}

static void
leave(struct caller *caller)
{
	gate_open(&caller->serving);
	gate_open(&caller->filing);
	awaiting("counter_serve to return");
	actor_join(&caller->actor);
	awaiting(NULL);
	require(caller->answer == caller->accepts,
		"counter_serve said something else than serve");
	require(tally_read(&caller->filed) == (caller->accepts ? 1 : 0),
		"counter_serve returned, and the order was not filed");
}

static void
finish(unsigned number)
{
	require(counter_close(counter) == number,
		"counter_close returned another number");
	CloseThreadpool(pool);
}

CHECK(the_caller_goes_on_when_the_order_is_filed)
{
	start(1);
	come(&callers[0]);
	tally_await(&callers[0].begun, 1);
	nobody_has_left(&callers[0]);
	gate_open(&callers[0].serving);
	nobody_has_left(&callers[0]);
	leave(&callers[0]);
	finish(1);
}

CHECK(orders_are_served_one_at_a_time)
{
	start(2);
	for (int i = 0; i < CALLERS; i++)
		come(&callers[i]);
	await_still();
	require(tally_read(&inside) == 1, "no order was served");
	for (int i = 0; i < CALLERS; i++)
		gate_open(&callers[i].serving);
	for (int i = 0; i < CALLERS; i++)
		nobody_has_left(&callers[i]);
	for (int i = 0; i < CALLERS; i++)
		gate_open(&callers[i].filing);
	for (int i = 0; i < CALLERS; i++)
		leave(&callers[i]);
	finish(CALLERS);
}

CHECK(after_a_refused_order_comes_the_next)
{
	start(1);
	callers[0].accepts = false;
	come(&callers[0]);
	leave(&callers[0]);
	come(&callers[1]);
	leave(&callers[1]);
	finish(1);
}

/* The one is filed, while the other is refused. */
CHECK(each_caller_gets_its_own_answer)
{
	start(2);
	callers[1].accepts = false;
	come(&callers[0]);
	tally_await(&callers[0].begun, 1);
	await_still();
	come(&callers[1]);
	await_still();
	gate_open(&callers[0].serving);
	await_still();
	gate_open(&callers[1].serving);
	nobody_has_left(&callers[0]);
	gate_open(&callers[0].filing);
	for (int i = 0; i < CALLERS; i++)
		leave(&callers[i]);
	finish(1);
}

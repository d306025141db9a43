/* suite.c - the checks of "The plug-in that unloads itself" */
/* SPDX-License-Identifier: MIT */
/*
 * The host. It holds the painters at gates, while they paint a wall, and
 * while they say that they have finished, and looks at the library then.
 * What is wrong with its end is seen in loaded.c, when it comes.
 */
#include <stdlib.h>

#include "explore.h"
#include "suite.h"

#include "loaded.h"
#include "painters.h"

#define WALLS 3
#define MOMENTS_HELD 4

struct house {
	struct order order;
	struct gate gates[WALLS];	/* each holds the painter of a wall */
	struct gate finishing;
	struct tally painted[WALLS];
	struct tally begun, ended, finished;
	BOOL answer;			/* what finished was told */
	unsigned long fail;		/* this allocation is to fail */
	unsigned hold;			/* at which lock or unlock; 0: none */
	struct gate held;
};

static PTP_POOL pool;
static bool alone;		/* the pool has one thread */
static TP_CALLBACK_ENVIRON environment;

/* Who has painted the first wall of a house may be held soon after. */
static _Thread_local struct house *his_house;
static _Thread_local unsigned moments;	/* until then; 0: no more */

static void
paint(void *context, LONG wall)
{
	struct house *house = context;

	require_loaded("a wall is painted");
	require(wall >= 0 && wall < house->order.walls,
		"a wall was painted that the house has not got");
	require(tally_add(&house->painted[wall]) == 1,
		"a wall was painted twice");
	tally_add(&house->begun);
	gate_wait(&house->gates[wall]);
	require_loaded("a wall has just been painted");
	tally_add(&house->ended);
	if (wall == 0) {
		his_house = house;
		moments = house->hold;
	}
}

static void
come_to_a_moment(void *unused)
{
	(void)unused;
	if (moments > 0 && --moments == 0)
		gate_wait(&his_house->held);
}

static void
finished(void *context, BOOL painted)
{
	struct house *house = context;
	unsigned long walls = (unsigned long)house->order.walls;

	require_loaded("the host is told that they have finished");
	require(tally_read(&house->ended) == (painted ? walls : 0),
		"they said that %s was painted, and %lu of %lu walls were",
		painted ? "all" : "nothing", tally_read(&house->ended),
		walls);
	gate_wait(&house->finishing);
	house->answer = painted;
	require(tally_add(&house->finished) == 1,
		"they said twice that they have finished");
}

/* What the host posts. */
static VOID CALLBACK
run(PTP_CALLBACK_INSTANCE instance, PVOID context)
{
	struct house *house = context;

	fail_allocation(house->fail);
	paint_house(instance, &house->order);
}

static void
start(DWORD threads)
{
	setenv("TP_IDLE_MS", "100000000", 1);
	setenv("TP_STALL_MS", "100000000", 1);
	alone = threads == 1;
	pool = CreateThreadpool(NULL);
	require(pool != NULL, "CreateThreadpool failed");
	SetThreadpoolThreadMaximum(pool, threads);
	require(SetThreadpoolThreadMinimum(pool, threads),
		"SetThreadpoolThreadMinimum failed");
	InitializeThreadpoolEnvironment(&environment);
	SetThreadpoolCallbackPool(&environment, pool);
	await_still();
}

static void
finish(void)
{
	DestroyThreadpoolEnvironment(&environment);
	CloseThreadpool(pool);
	await_still();
}

/* Loads the library once more, for this house, and posts its callback. */
static void
let_paint(struct house *house, LONG walls)
{
	static const struct gate shut = GATE_SHUT;
	static const struct tally zero = TALLY_ZERO;

	*house = (struct house){
		.order = { LoadLibrary(PAINTERS), pool, walls, paint,
			finished, house },
		.finishing = GATE_SHUT, .begun = TALLY_ZERO,
		.ended = TALLY_ZERO, .finished = TALLY_ZERO,
		.fail = house->fail, .hold = house->hold, .held = GATE_SHUT
	};
	for (int i = 0; i < WALLS; i++) {
		house->gates[i] = shut;
		house->painted[i] = zero;
	}
	require(TrySubmitThreadpoolCallback(run, house, &environment),
		"TrySubmitThreadpoolCallback failed");
}

/* Natively. What luck would decide, the explorer tries. */
static void
one_at_a_time(void)
{
	if (!explore_active())
		await_still();
}

static void
open_gates(struct house *house)
{
	for (int i = 0; i < WALLS; i++) {
		gate_open(&house->gates[i]);
		one_at_a_time();
	}
	gate_open(&house->finishing);
}

/* All that can happen has happened. */
static void
come_to_the_end(struct house *house)
{
	open_gates(house);
	awaiting(alone ? "the house to be finished, in a pool of one thread" :
		"the house to be finished");
	tally_await(&house->finished, 1);
	awaiting(NULL);
	await_still();
}

CHECK(it_is_loaded_until_its_callbacks_have_returned)
{
	struct house house = { .fail = 0 };

	start(1);
	let_paint(&house, 1);
	awaiting("the wall to be painted, in a pool of one thread");
	tally_await(&house.begun, 1);
	await_still();
	require_loaded("a wall is being painted");
	gate_open(&house.gates[0]);
	gate_await_waiting(&house.finishing, 1);
	await_still();
	require_loaded("the host is being told that they have finished");
	come_to_the_end(&house);
	finish();
}

CHECK(walls_are_painted_at_the_same_time)
{
	struct house house = { .fail = 0 };

	start(2);
	let_paint(&house, 3);
	await_still();
	require(tally_read(&house.begun) == 2, "there are 2 threads and 3 "
		"walls, and %lu were painted at once",
		tally_read(&house.begun));
	gate_open(&house.gates[1]);
	await_still();
	require_loaded("two of three walls are being painted");
	come_to_the_end(&house);
	finish();
}

/*
 * One painter is held on the way from his wall to the end of his callback,
 * or a little further, while the other one does all that is still to be done.
 */
static void
hold_one_back(struct house *house, unsigned moment)
{
	house->hold = moment;
	let_paint(house, 2);
	await_still();
	gate_open(&house->gates[0]);
	await_still();
	gate_open(&house->gates[1]);
	gate_open(&house->finishing);
	await_still();
	gate_open(&house->held);
	come_to_the_end(house);
}

CHECK(it_is_loaded_until_the_last_one_has_returned)
{
	static struct house houses[MOMENTS_HELD];

	start(2);
	at_each(BEFORE_LOCK, come_to_a_moment);
	at_each(AFTER_UNLOCK, come_to_a_moment);
	for (unsigned moment = 1; moment <= MOMENTS_HELD; moment++)
		hold_one_back(&houses[moment - 1], moment);
	finish();
}

/* With one thread; or with two, and no gate that holds them for long. */
CHECK(it_is_unloaded_when_all_is_done)
{
	struct house house = { .fail = 0 };

	start(explore_active() ? 2 : 1);
	let_paint(&house, 3);
	one_at_a_time();
	come_to_the_end(&house);
	require(house.answer, "there was memory, and they said that nothing "
		"was painted");
	require(references() == 0, "all was done, and the plug-in is still "
		"loaded");
	finish();
}

/* Two houses, and somebody else who needs the library for a time. */
CHECK(the_references_of_others_are_left_alone)
{
	struct house one = { .fail = 0 }, two = { .fail = 0 };
	HMODULE mine = LoadLibrary(PAINTERS);

	start(2);
	let_paint(&one, 1);
	await_still();
	let_paint(&two, 1);
	await_still();
	come_to_the_end(&one);
	require(references() > 1, "the first house took away a reference "
		"that was not its own");
	FreeLibrary(mine);
	come_to_the_end(&two);
	require(references() == 0, "both houses were done, and the plug-in "
		"is still loaded");
	finish();
}

/* Now the first allocation fails, now the second, and so on. */
CHECK(without_memory_nothing_is_painted_and_nothing_left)
{
	struct house house = { .fail = 0 };
	unsigned long before = 0;

	start(1);
	for (; house.fail <= 6; house.fail++) {
		let_paint(&house, 2);
		come_to_the_end(&house);
		fail_allocation(0);
		require(references() == 0, "%s, and the plug-in is still "
			"loaded", house.answer ? "all was done" :
			"there was no memory");
		/* What the pool keeps is there after the first time. */
		if (house.fail == 0)
			before = live_allocations();
		require(live_allocations() <= before, "there was no "
			"memory, and they left something behind");
	}
	finish();
}

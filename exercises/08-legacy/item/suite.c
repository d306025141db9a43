/* suite.c - the checks of "The old call over the new pool" */
/* SPDX-License-Identifier: MIT */
/*
 * Functions stand at a gate while the check looks what else runs. Idle
 * threads never leave, and a queue that stands still is never noticed: those
 * times do not come. So how many items run at once follows from the maximum
 * of the pool, from its processors, and from what is known to be long.
 */
#include <stdint.h>
#include <stdlib.h>

#include "suite.h"

#include "old_pool.h"

#define ITEMS 6
#define ALLOCATIONS 6		/* of one call, at most */

/* The context of an item; its function is given by its number. */
struct item {
	bool held;			/* at the gate, until it is opened */
	struct item *next;		/* it queues this one; NULL: none */
	struct tally runs;
};

PTP_POOL old_pool;
static struct item items[ITEMS];
static struct gate gate;
static struct tally begun, ended;

static DWORD WINAPI even(LPVOID context);
static DWORD WINAPI odd(LPVOID context);

static LPTHREAD_START_ROUTINE
function_of(const struct item *item)
{
	return (item - items) % 2 == 0 ? even : odd;
}

static void
queue(struct item *item, ULONG flags)
{
	require(QueueUserWorkItem(function_of(item), item, flags),
		"QueueUserWorkItem gave FALSE, and nothing was refused");
}

static void
run(struct item *item, LPTHREAD_START_ROUTINE function)
{
	require(item != NULL, "a function was called with NULL, and not with "
		"its context");
	require(item >= items && item < items + ITEMS,
		"a function was called with a context that nobody has given");
	require(function == function_of(item),
		"a function was called with the context of another one");
	require(tally_add(&item->runs) == 1,
		"the function of one item was called twice");
	tally_add(&begun);
	if (item->held)
		gate_wait(&gate);
	if (item->next != NULL)
		queue(item->next, WT_EXECUTEDEFAULT);
	tally_add(&ended);
}

static DWORD WINAPI
even(LPVOID context)
{
	run(context, even);
	return 0;
}

static DWORD WINAPI
odd(LPVOID context)
{
	run(context, odd);
	return ERROR_CANCELLED;		/* at which nobody looks */
}

/* ---- A pool ---- */

static void
start(DWORD minimum, DWORD maximum, const char *processors)
{
	static const struct item none = { .runs = TALLY_ZERO };
	static const struct gate shut = GATE_SHUT;
	static const struct tally zero = TALLY_ZERO;

	await_still();		/* what was here before this one has left */
	for (int i = 0; i < ITEMS; i++)
		items[i] = none;
	gate = shut;
	begun = ended = zero;
	setenv("TP_PROCESSORS", processors, 1);
	setenv("TP_IDLE_MS", "100000000", 1);
	setenv("TP_STALL_MS", "100000000", 1);
	old_pool = CreateThreadpool(NULL);
	require(old_pool != NULL, "the check itself could not make a pool");
	SetThreadpoolThreadMaximum(old_pool, maximum);
	require(SetThreadpoolThreadMinimum(old_pool, minimum),
		"the check itself could not make a pool");
	await_still();
}

/* So many items have been queued. */
static void
finish(unsigned long queued)
{
	gate_open(&gate);
	awaiting("all items to run");
	tally_await(&ended, queued);
	awaiting(NULL);
	await_still();
	require(tally_read(&begun) == queued,
		"more functions were called than were queued");
	CloseThreadpool(old_pool);
	await_still();
}

static void
queue_held(struct item *item, ULONG flags)
{
	item->held = true;
	queue(item, flags);
}

/* ---- Items run ---- */

static void
queue_half(void *first)
{
	struct item *item = first;
	int count = one_of_many() ? 1 : ITEMS / 2;

	while (count-- > 0)
		queue(item++, WT_EXECUTEDEFAULT);
}

static void
queue_from_two_threads(void)
{
	struct actor one, other;

	start(2, 2, "2");
	actor_start(&one, queue_half, items);
	actor_start(&other, queue_half, items + ITEMS / 2);
	actor_join(&one);
	actor_join(&other);
	finish(one_of_many() ? 2 : ITEMS);
}

/* The only thread is busy; the calls have long returned. */
static void
queue_behind_another(void)
{
	struct actor other;

	start(1, 1, "1");
	awaiting("QueueUserWorkItem to return, while its function runs");
	queue_held(&items[0], WT_EXECUTEDEFAULT);
	awaiting("the first item to run");
	tally_await(&begun, 1);
	awaiting("QueueUserWorkItem to return, while the only thread of the "
		"pool is busy");
	actor_start(&other, queue_half, items + ITEMS / 2);
	actor_join(&other);
	awaiting(NULL);
	await_still();
	require(tally_read(&begun) == 1, "the only thread of the pool was "
		"busy, and an item was called all the same");
	finish(one_of_many() ? 2 : 1 + ITEMS / 2);
}

CHECK(each_item_runs_once_with_its_context)
{
	queue_behind_another();
	queue_from_two_threads();
}

CHECK(an_item_may_queue_another)
{
	start(1, 1, "1");
	items[0].next = &items[1];
	items[1].next = &items[2];
	queue(&items[0], WT_EXECUTEDEFAULT);
	finish(3);
}

/* ---- Nothing runs ---- */

/* What was queued has failed, or else it runs. True: it has failed. */
static bool
refused(const char *what, BOOL queued, DWORD expected)
{
	DWORD error = GetLastError();

	if (queued) {
		await_still();
		require(tally_read(&begun) == 1, "QueueUserWorkItem gave TRUE "
			"(%s), and the function was not called", what);
		finish(1);
		return false;
	}
	await_still();
	require(tally_read(&begun) == 0, "QueueUserWorkItem gave FALSE (%s), "
		"and the function was called", what);
	require(error == expected, "QueueUserWorkItem gave FALSE (%s), and "
		"the last error was %lu, not %lu", what,
		(unsigned long)error, (unsigned long)expected);
	return true;
}

static void
refuse_allocation(unsigned long number)
{
	unsigned long before;
	BOOL queued;

	start(1, 1, "1");
	before = live_allocations();
	fail_allocation(number);
	SetLastError(ERROR_CANCELLED);
	queued = QueueUserWorkItem(even, &items[0], WT_EXECUTEDEFAULT);
	fail_allocation(0);
	if (!refused("no memory", queued, ERROR_NOT_ENOUGH_MEMORY))
		return;
	require(live_allocations() == before, "QueueUserWorkItem gave FALSE, "
		"and left memory allocated");
	finish(0);
}

static void
refuse_thread(void)
{
	BOOL queued;

	start(0, 1, "1");
	fail_threads(true);
	SetLastError(ERROR_CANCELLED);
	queued = QueueUserWorkItem(even, &items[0], WT_EXECUTEDEFAULT);
	fail_threads(false);
	require(!queued, "the pool had no thread and was refused one, and "
		"QueueUserWorkItem gave TRUE");
	(void)refused("no thread", queued, ERROR_NOT_ENOUGH_MEMORY);
	finish(0);
}

static void
refuse_null(void)
{
	BOOL queued;

	start(1, 1, "1");
	SetLastError(ERROR_CANCELLED);
	queued = QueueUserWorkItem(NULL, &items[0], WT_EXECUTEDEFAULT);
	require(!queued, "QueueUserWorkItem was given no function, and gave "
		"TRUE");
	(void)refused("no function", queued, ERROR_INVALID_PARAMETER);
	finish(0);
}

CHECK(a_refusal_is_told_and_leaves_nothing)
{
	unsigned long count = one_of_many() ? 2 : ALLOCATIONS;

	for (unsigned long number = 1; number <= count; number++)
		refuse_allocation(number);
	refuse_thread();
	refuse_null();
}

/* ---- Flags ---- */

/* Also beside another flag, and when there is no other thread to be had. */
static void
run_a_long_one(DWORD maximum, ULONG flags)
{
	start(1, maximum, "1");
	queue_held(&items[0], flags);
	awaiting("the first item to run");
	tally_await(&begun, 1);
	queue(&items[1], WT_EXECUTEDEFAULT);
	if (maximum > 1) {
		awaiting("the next item to run, while one with "
			"WT_EXECUTELONGFUNCTION does");
		tally_await(&ended, 1);
	}
	awaiting(NULL);
	finish(2);
}

CHECK(a_long_function_makes_room)
{
	run_a_long_one(2, WT_EXECUTELONGFUNCTION);
	if (!one_of_many()) {
		run_a_long_one(2, WT_EXECUTELONGFUNCTION |
			WT_EXECUTEINIOTHREAD);
		run_a_long_one(1, WT_EXECUTELONGFUNCTION);
	}

	start(1, 2, "1");
	queue(&items[0], WT_EXECUTELONGFUNCTION);
	awaiting("the first item to run");
	tally_await(&ended, 1);
	await_still();
	CloseThreadpool(old_pool);
	start(1, 2, "1");
	queue_held(&items[0], WT_EXECUTEDEFAULT);
	tally_await(&begun, 1);
	queue(&items[1], WT_EXECUTEDEFAULT);
	await_still();
	require(tally_read(&begun) == 1, "an item without "
		"WT_EXECUTELONGFUNCTION was taken for a long one");
	finish(2);
}

/* Queues items that stay, the first with these flags: so many run. */
static void
limit(DWORD maximum, ULONG flags, unsigned long running)
{
	unsigned long count;

	start(0, maximum, "8");
	queue_held(&items[0], flags);
	for (int i = 1; i < ITEMS; i++)
		queue_held(&items[i], WT_EXECUTEDEFAULT);
	await_still();
	count = tally_read(&begun);
	require(count == running, "the flags were 0x%lx, the maximum of the "
		"pool was %lu before, and %lu items ran at once, not %lu",
		(unsigned long)flags, (unsigned long)maximum, count, running);
	finish(ITEMS);
}

/* A limit is no number of threads to be made. */
static void
limit_of_one_item(void)
{
	ULONG flags = WT_EXECUTEDEFAULT;
	unsigned long before;

	start(0, 1, "8");
	before = live_threads();
	WT_SET_MAX_THREADPOOL_THREADS(flags, 5);
	queue_held(&items[0], flags);
	await_still();
	require(live_threads() <= before + 1, "one item was queued, with a "
		"limit of 5, and %lu threads were made for it",
		live_threads() - before);
	finish(1);
}

CHECK(the_limit_is_in_the_upper_half)
{
	ULONG flags = WT_EXECUTELONGFUNCTION;

	WT_SET_MAX_THREADPOOL_THREADS(flags, 2);
	limit(1, flags, 2);
	if (one_of_many())
		return;
	limit(4, flags, 2);
	limit(3, WT_EXECUTEDEFAULT, 3);
	flags = WT_EXECUTEINIOTHREAD;
	WT_SET_MAX_THREADPOOL_THREADS(flags, 5);
	limit(1, flags, 5);
	limit_of_one_item();
}

/* SPDX-License-Identifier: MIT */
/*
 * test_growth.c - when a pool gets another thread
 *
 * The policy that decides is a pure function: it is tested as a table. The
 * tests after it show that the pool asks it at the right moments: when work
 * is posted, when a worker blocks where the pool can see it, and when a
 * queue has stood still (crowd.h says how a test sets the time).
 *
 * NEVER as TP_STALL_MS shows that a pool has grown because it saw a worker
 * block, and not because time went by. In virtual time a test can say so:
 * none has gone by.
 */
#include <limits.h>

#include "crowd.h"
#include "elapsed.h"

#define NEVER	"86400000"	/* ms: a day */

/* Explored: no time at all. */
static void
assert_at_once(LONGLONG begin)
{
	assert_elapsed(begin, 0);
}

/* ---- The policy ---- */

static const struct {
	const char *why;
	struct tp_census census;
	int answer;
} decisions[] = {
	{ "an unused pool has no thread",
	  { .minimum = 0, .maximum = 500, .processors = 2 }, 0 },
	{ "the minimum is made at once",
	  { .minimum = 4, .maximum = 500, .processors = 2 }, 4 },
	{ "what the minimum lacks is made, and no more",
	  { .minimum = 4, .maximum = 500, .processors = 2, .total = 1,
	    .idle = 1, .queued = 9 }, 3 },
	{ "a minimum beyond all numbers is not taken for too many",
	  { .minimum = UINT_MAX, .maximum = UINT_MAX, .processors = 2,
	    .total = 1, .idle = 1 }, INT_MAX },
	{ "the minimum holds though nobody needs it",
	  { .minimum = 4, .maximum = 500, .processors = 2, .total = 4,
	    .idle = 4 }, 0 },
	{ "idle workers above the minimum are superfluous",
	  { .minimum = 2, .maximum = 500, .processors = 2, .total = 8,
	    .idle = 8 }, -6 },
	{ "who is only being made cannot leave",
	  { .minimum = 1, .maximum = 500, .processors = 2, .total = 3,
	    .starting = 2, .idle = 1 }, 0 },
	{ "an idle worker takes work before a new one is made",
	  { .minimum = 1, .maximum = 500, .processors = 2, .total = 1,
	    .idle = 1, .queued = 1 }, 0 },
	{ "with a processor free, work gets a thread",
	  { .minimum = 1, .maximum = 500, .processors = 2, .total = 1,
	    .queued = 1 }, 1 },
	{ "one at a time, however much is queued",
	  { .minimum = 1, .maximum = 500, .processors = 8, .total = 1,
	    .queued = 100 }, 1 },
	{ "with all processors taken, work waits",
	  { .minimum = 1, .maximum = 500, .processors = 2, .total = 2,
	    .queued = 1 }, 0 },
	{ "a worker that blocks does not compute",
	  { .minimum = 1, .maximum = 500, .processors = 2, .total = 2,
	    .suspended = 1, .queued = 1 }, 1 },
	{ "any number may block",
	  { .minimum = 1, .maximum = 500, .processors = 2, .total = 400,
	    .suspended = 399, .queued = 1 }, 1 },
	{ "a queue that stood still gets a thread",
	  { .minimum = 1, .maximum = 500, .processors = 2, .total = 2,
	    .queued = 1, .stalled = true }, 1 },
	{ "but none if somebody is idle",
	  { .minimum = 1, .maximum = 500, .processors = 2, .total = 3,
	    .idle = 1, .queued = 1, .stalled = true }, 0 },
	{ "a stall without a queue means nothing",
	  { .minimum = 1, .maximum = 500, .processors = 2, .total = 1,
	    .stalled = true }, 0 },
	{ "the maximum is never exceeded, not by blocking",
	  { .minimum = 1, .maximum = 4, .processors = 8, .total = 4,
	    .suspended = 4, .queued = 9 }, 0 },
	{ "nor by standing still",
	  { .minimum = 1, .maximum = 4, .processors = 8, .total = 4,
	    .queued = 9, .stalled = true }, 0 },
	{ "above a maximum that was lowered, the idle are superfluous",
	  { .minimum = 1, .maximum = 2, .processors = 2, .total = 5,
	    .idle = 3, .queued = 9 }, -4 },
	{ "while work waits, nobody is superfluous",
	  { .minimum = 1, .maximum = 8, .processors = 2, .total = 5,
	    .idle = 3, .queued = 1 }, 0 },
};

START_TEST(policy_decides_by_the_census_alone)
{	/* POOL-06, POOL-07, POOL-16, port-defined */
	for (size_t i = 0; i < sizeof(decisions) / sizeof(*decisions); i++)
		ck_assert_msg(tp_factory_policy(&decisions[i].census) ==
			decisions[i].answer, "%s: expected %d, got %d",
			decisions[i].why, decisions[i].answer,
			tp_factory_policy(&decisions[i].census));
}
END_TEST

/* ---- Growth ---- */

/* A crew: each callback waits until the eighth has started. */
struct eight {
	struct gate complete;
	LONG volatile started;
};

static VOID CALLBACK
wait_for_the_eighth(PTP_CALLBACK_INSTANCE instance, PVOID context,
	PTP_WORK work)
{
	struct eight *eight = context;

	(void)instance;
	(void)work;
	if (InterlockedIncrement(&eight->started) == 8)
		gate_open(&eight->complete);
	gate_wait(&eight->complete);
}

/* Eight callbacks, none of which ends before all run: eight threads. */
static void
run_eight(void)
{
	struct private_pool private;
	struct eight eight = { .complete = GATE_INIT };
	PTP_WORK work;

	private_pool_open(&private, 0, 8);
	work = work_in(&private, wait_for_the_eighth, &eight);
	submit(work, 8);
	finish(work);
	private_pool_close(&private);
}

START_TEST(pool_grows_when_a_queue_stands_still)
{	/* POOL-07 */
	LONGLONG begin = ticks_now();

	setenv("TP_PROCESSORS", "1", 1);
	setenv("TP_STALL_MS", "1", 1);
	run_eight();
	/* Seven threads more than processors, each after a standstill. */
	assert_elapsed(begin, 7 * MS);
}
END_TEST

START_TEST(pool_grows_at_once_up_to_the_processors)
{	/* POOL-07 */
	LONGLONG begin = ticks_now();

	setenv("TP_PROCESSORS", "8", 1);
	setenv("TP_STALL_MS", NEVER, 1);
	run_eight();
	assert_at_once(begin);
}
END_TEST

/*
 * The one processor is taken by a callback that blocks in the pool's sight,
 * until the other callback, posted then, has run.
 */
struct blocked {
	struct private_pool private;
	struct tally other;
	LONGLONG begin;
	HANDLE event;
	CRITICAL_SECTION section;
	PTP_WORK elsewhere;
};

/* A worker is blocked where the pool can see it. */
static bool
has_suspended(void *pool)
{
	TP_POOL *p = pool;
	bool found;

	tp_lock(&p->lock);
	found = p->suspended > 0;
	tp_unlock(&p->lock);
	return found;
}

static void
open_blocked(struct blocked *blocked)
{
	setenv("TP_PROCESSORS", "1", 1);
	setenv("TP_STALL_MS", NEVER, 1);
	private_pool_open(&blocked->private, 0, 500);
	blocked->other = (struct tally)TALLY_INIT;
	blocked->begin = ticks_now();
}

/* Runs blocker on the pool, and something else as soon as it is blocked. */
static PTP_WORK
run_beside(struct blocked *blocked, PTP_WORK_CALLBACK blocker)
{
	PTP_WORK work = work_in(&blocked->private, blocker, blocked);

	submit(work, 1);
	await(has_suspended, blocked->private.pool);
	ck_assert(TrySubmitThreadpoolCallback(count_simple, &blocked->other,
		&blocked->private.environ));
	tally_await(&blocked->other, 1);
	return work;
}

static VOID CALLBACK
block_on_event(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_WORK work)
{
	struct blocked *blocked = context;

	(void)instance;
	(void)work;
	WaitForSingleObject(blocked->event, INFINITE);
}

START_TEST(pool_grows_when_a_worker_waits_for_an_event)
{	/* POOL-07 */
	struct blocked blocked;
	PTP_WORK work;

	open_blocked(&blocked);
	blocked.event = CreateEventA(NULL, TRUE, FALSE, NULL);
	work = run_beside(&blocked, block_on_event);
	assert_at_once(blocked.begin);
	SetEvent(blocked.event);
	finish(work);
	CloseHandle(blocked.event);
	private_pool_close(&blocked.private);
}
END_TEST

static VOID CALLBACK
block_on_section(PTP_CALLBACK_INSTANCE instance, PVOID context,
	PTP_WORK work)
{
	struct blocked *blocked = context;

	(void)instance;
	(void)work;
	EnterCriticalSection(&blocked->section);
	LeaveCriticalSection(&blocked->section);
}

START_TEST(pool_grows_when_a_worker_waits_for_a_critical_section)
{	/* POOL-07 */
	struct blocked blocked;
	PTP_WORK work;

	open_blocked(&blocked);
	InitializeCriticalSection(&blocked.section);
	EnterCriticalSection(&blocked.section);
	work = run_beside(&blocked, block_on_section);
	assert_at_once(blocked.begin);
	LeaveCriticalSection(&blocked.section);
	finish(work);
	DeleteCriticalSection(&blocked.section);
	private_pool_close(&blocked.private);
}
END_TEST

static VOID CALLBACK
block_on_work(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_WORK work)
{
	struct blocked *blocked = context;

	(void)instance;
	(void)work;
	WaitForThreadpoolWorkCallbacks(blocked->elsewhere, FALSE);
}

START_TEST(pool_grows_when_a_worker_waits_for_callbacks)
{	/* POOL-07 */
	struct blocked blocked;
	struct private_pool private;
	struct crowd crowd = CROWD_INIT;
	PTP_WORK work;

	open_blocked(&blocked);
	private_pool_open(&private, 1, 1);
	blocked.elsewhere = work_in(&private, join_crowd, &crowd);
	submit(blocked.elsewhere, 1);
	gate_await_waiting(&crowd.gate, 1);
	work = run_beside(&blocked, block_on_work);
	assert_at_once(blocked.begin);
	gate_open(&crowd.gate);
	finish(work);
	finish(blocked.elsewhere);
	private_pool_close(&private);
	private_pool_close(&blocked.private);
}
END_TEST

static VOID CALLBACK
sleep_until_other(PTP_CALLBACK_INSTANCE instance, PVOID context,
	PTP_WORK work)
{
	struct blocked *blocked = context;

	(void)instance;
	(void)work;
	while (tally_read(&blocked->other) == 0)
		Sleep(1);
}

START_TEST(pool_grows_when_a_worker_sleeps)
{	/* POOL-07 */
	struct blocked blocked;

	open_blocked(&blocked);
	private_pool_close(&blocked.private);
	setenv("TP_STALL_MS", "100", 1);	/* the sleeper computes too */
	private_pool_open(&blocked.private, 0, 500);
	finish(run_beside(&blocked, sleep_until_other));
	private_pool_close(&blocked.private);
}
END_TEST

static VOID CALLBACK
wait_for_posts_of_its_own_pool(PTP_CALLBACK_INSTANCE instance,
	PVOID context, PTP_WORK work)
{
	struct blocked *blocked = context;

	(void)instance;
	(void)work;
	SubmitThreadpoolWork(blocked->elsewhere);
	WaitForThreadpoolWorkCallbacks(blocked->elsewhere, FALSE);
}

START_TEST(callback_may_wait_for_another_object_of_its_pool)
{	/* POOL-07 */
	struct blocked blocked;
	PTP_WORK work;

	open_blocked(&blocked);
	private_pool_close(&blocked.private);
	setenv("TP_STALL_MS", "100", 1);
	private_pool_open(&blocked.private, 0, 8);
	blocked.elsewhere = work_in(&blocked.private, count_work,
		&blocked.other);
	work = work_in(&blocked.private, wait_for_posts_of_its_own_pool,
		&blocked);
	submit(work, 4);
	finish(work);
	finish(blocked.elsewhere);
	ck_assert_uint_eq(tally_read(&blocked.other), 4);
	private_pool_close(&blocked.private);
}
END_TEST

START_TEST(runs_long_lets_others_start_at_once)
{	/* POOL-31 */
	struct private_pool private;
	struct crowd crowd = CROWD_INIT;
	struct tally runs = TALLY_INIT;
	LONGLONG begin = ticks_now();
	PTP_WORK slow, quick;

	setenv("TP_PROCESSORS", "1", 1);
	setenv("TP_STALL_MS", NEVER, 1);
	private_pool_open(&private, 0, 500);
	quick = work_in(&private, count_work, &runs);
	SetThreadpoolCallbackRunsLong(&private.environ);
	slow = work_in(&private, join_crowd, &crowd);
	submit(slow, 3);
	gate_await_waiting(&crowd.gate, 3);	/* a foreign lock */
	submit(quick, 1);
	WaitForThreadpoolWorkCallbacks(quick, FALSE);
	ck_assert_uint_eq(tally_read(&runs), 1);
	assert_at_once(begin);
	gate_open(&crowd.gate);
	finish(slow);
	finish(quick);
	private_pool_close(&private);
}
END_TEST

/* ---- The deadline of a queue ---- */

static VOID CALLBACK
count_after_a_while(PTP_CALLBACK_INSTANCE instance, PVOID context)
{
	(void)instance;
	for (int i = 0; i < 20; i++)
		tp_thread_yield();
	tally_add(context);
}

/*
 * A closed pool and the deadline of its queue end in any order: the
 * deadline is due all the time while the pool runs empty.
 */
START_TEST(pool_may_end_while_its_deadline_comes)
{	/* POOL-20 */
	struct tally runs = TALLY_INIT;

	setenv("TP_PROCESSORS", "1", 1);
	setenv("TP_STALL_MS", "1", 1);
	for (unsigned long round = 1; round <= 300; round++) {
		struct private_pool private;

		private_pool_open(&private, 0, 3);
		for (int i = 0; i < 20; i++)
			ck_assert(TrySubmitThreadpoolCallback(
				count_after_a_while, &runs,
				&private.environ));
		private_pool_close(&private);
		if (round % 10 == 0)
			tally_await(&runs, 20 * round);
	}
	tally_await(&runs, 20 * 300);
}
END_TEST

/* ---- The suite ---- */

int
main(void)
{
	Suite *suite = suite_create("growth");
	TCase *small = harness_case(suite, "small");
	TCase *large = harness_case(suite, "large");

	tcase_add_test(small, policy_decides_by_the_census_alone);
	tcase_add_test(small, pool_grows_when_a_queue_stands_still);
	tcase_add_test(small, pool_grows_at_once_up_to_the_processors);
	tcase_add_test(small, pool_grows_when_a_worker_waits_for_an_event);
	tcase_add_test(small,
		pool_grows_when_a_worker_waits_for_a_critical_section);
	tcase_add_test(small, pool_grows_when_a_worker_waits_for_callbacks);
	tcase_add_test(small, pool_grows_when_a_worker_sleeps);
	tcase_add_test(small, callback_may_wait_for_another_object_of_its_pool);
	tcase_add_test(small, runs_long_lets_others_start_at_once);
	tcase_add_test(large, pool_may_end_while_its_deadline_comes);
	return harness_run(suite);
}

/* SPDX-License-Identifier: MIT */
/*
 * test_pool.c - pools, their limits and their growth; environments
 *
 * How many threads a pool gets depends on how many processors there are,
 * after which time a queue counts as stalled, and how long an idle worker
 * stays. TP_PROCESSORS, TP_STALL_MS and TP_IDLE_MS say so in the
 * environment of the process, and a pool reads them when it is made: a test
 * sets what it needs first. NEVER as TP_STALL_MS shows that a pool has
 * grown because it saw a worker block, and not because time went by.
 *
 * The policy that decides is a pure function: it is tested as a table.
 */
#include <limits.h>

#include "harness.h"

#include "../ref/pool.h"

#define NEVER	"1000000"	/* ms; must not be armed, or the pool stays */

/* ---- Common ground ---- */

static VOID CALLBACK
count_work(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_WORK work)
{
	(void)instance;
	(void)work;
	tally_add(context);
}

static VOID CALLBACK
count_simple(PTP_CALLBACK_INSTANCE instance, PVOID context)
{
	(void)instance;
	tally_add(context);
}

/* Callbacks that wait at a gate, and how many were inside at once. */
struct crowd {
	struct gate gate;
	pthread_mutex_t mutex;
	unsigned inside, most;		/* guarded by mutex */
	struct tally started, finished;
};

#define CROWD_INIT { .gate = GATE_INIT, \
	.mutex = PTHREAD_MUTEX_INITIALIZER, .started = TALLY_INIT, \
	.finished = TALLY_INIT }

static VOID CALLBACK
join_crowd(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_WORK work)
{
	struct crowd *crowd = context;

	(void)instance;
	(void)work;
	pthread_mutex_lock(&crowd->mutex);
	if (++crowd->inside > crowd->most)
		crowd->most = crowd->inside;
	pthread_mutex_unlock(&crowd->mutex);
	tally_add(&crowd->started);
	gate_wait(&crowd->gate);
	pthread_mutex_lock(&crowd->mutex);
	crowd->inside--;
	pthread_mutex_unlock(&crowd->mutex);
	tally_add(&crowd->finished);
}

static PTP_WORK
work_in(struct private_pool *private, PTP_WORK_CALLBACK callback,
	void *context)
{
	PTP_WORK work = CreateThreadpoolWork(callback, context,
		&private->environ);

	ck_assert_ptr_nonnull(work);
	return work;
}

static void
submit(PTP_WORK work, unsigned times)
{
	while (times-- > 0)
		SubmitThreadpoolWork(work);
}

static void
finish(PTP_WORK work)
{
	WaitForThreadpoolWorkCallbacks(work, FALSE);
	CloseThreadpoolWork(work);
}

/* Time in which whatever can run does run: work on a pool of its own. */
static void
let_others_run(void)
{
	struct private_pool elsewhere;
	struct tally runs = TALLY_INIT;
	PTP_WORK work;

	private_pool_open(&elsewhere, 1, 1);
	work = work_in(&elsewhere, count_work, &runs);
	for (int i = 0; i < 200; i++) {
		SubmitThreadpoolWork(work);
		WaitForThreadpoolWorkCallbacks(work, FALSE);
	}
	finish(work);
	private_pool_close(&elsewhere);
}

/* Threads of the process, as far as the harness counts them. */
struct expected_threads {
	unsigned long number;
};

static bool
as_many_threads(void *expected)
{
	return live_threads() ==
		((struct expected_threads *)expected)->number;
}

static void
await_threads(unsigned long number)
{
	struct expected_threads expected = { number };

	await(as_many_threads, &expected);
}

/* The workers that the pool counts. */
static unsigned
workers(PTP_POOL pool)
{
	unsigned total;

	tp_lock(&pool->lock);
	total = pool->total;
	tp_unlock(&pool->lock);
	return total;
}

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

/* ---- Making a pool ---- */

START_TEST(reserved_pointer_must_be_null)
{	/* POOL-01 */
	int something = 0;

	SetLastError(NO_ERROR);
	ck_assert_ptr_null(CreateThreadpool(&something));
	ck_assert_uint_eq(GetLastError(), ERROR_INVALID_PARAMETER);
}
END_TEST

START_TEST(pool_does_nothing_until_an_environment_leads_objects_to_it)
{	/* POOL-01, POOL-04, port-defined */
	unsigned long before = made_threads();
	PTP_POOL pool = CreateThreadpool(NULL);
	struct tally runs = TALLY_INIT;

	ck_assert_ptr_nonnull(pool);
	ck_assert(TrySubmitThreadpoolCallback(count_simple, &runs, NULL));
	tally_await(&runs, 1);
	ck_assert_uint_eq(made_threads() - before, 1);	/* the default's */
	CloseThreadpool(pool);
}
END_TEST

START_TEST(new_pool_runs_callbacks)
{	/* POOL-02 */
	struct private_pool private;
	struct tally runs = TALLY_INIT;
	PTP_WORK work;

	private.pool = CreateThreadpool(NULL);
	InitializeThreadpoolEnvironment(&private.environ);
	SetThreadpoolCallbackPool(&private.environ, private.pool);
	work = work_in(&private, count_work, &runs);
	submit(work, 1);
	WaitForThreadpoolWorkCallbacks(work, FALSE);
	ck_assert_uint_eq(tally_read(&runs), 1);
	CloseThreadpoolWork(work);
	private_pool_close(&private);
}
END_TEST

START_TEST(pool_that_cannot_be_allocated_is_null)
{	/* POOL-01 */
	fail_allocation_number(1);
	SetLastError(NO_ERROR);
	ck_assert_ptr_null(CreateThreadpool(NULL));
	ck_assert_uint_eq(GetLastError(), ERROR_NOT_ENOUGH_MEMORY);
}
END_TEST

START_TEST(threads_are_made_late_and_one_stays)
{	/* POOL-04, port-defined */
	struct private_pool private;
	struct tally runs = TALLY_INIT;
	unsigned long before, threads;
	PTP_WORK first, second;

	setenv("TP_IDLE_MS", "1", 1);
	private_pool_open(&private, 0, 500);
	before = made_threads();
	threads = live_threads();
	first = work_in(&private, count_work, &runs);
	ck_assert_uint_eq(made_threads() - before, 1);
	second = work_in(&private, count_work, &runs);
	ck_assert_uint_eq(made_threads() - before, 1);
	ck_assert(SetThreadpoolThreadMinimum(private.pool, 3));
	ck_assert(SetThreadpoolThreadMinimum(private.pool, 0));
	await_threads(threads + 1);
	let_others_run();		/* more than the idle time */
	ck_assert_uint_eq(workers(private.pool), 1);
	finish(first);
	finish(second);
	private_pool_close(&private);
}
END_TEST

/* ---- Limits ---- */

START_TEST(default_maximum_is_500)
{	/* POOL-03 */
	struct private_pool private;
	struct crowd crowd = CROWD_INIT;
	PTP_WORK work;

	setenv("TP_PROCESSORS", "1000", 1);	/* grow without delay */
	private.pool = CreateThreadpool(NULL);
	InitializeThreadpoolEnvironment(&private.environ);
	SetThreadpoolCallbackPool(&private.environ, private.pool);
	work = work_in(&private, join_crowd, &crowd);
	submit(work, 600);
	tally_await(&crowd.started, 500);
	let_others_run();
	ck_assert_uint_eq(tally_read(&crowd.started), 500);
	gate_open(&crowd.gate);
	finish(work);
	ck_assert_uint_eq(tally_read(&crowd.finished), 600);
	private_pool_close(&private);
}
END_TEST

/* Posts so many at a pool whose maximum is limit: exactly limit enter. */
static void
expect_limit(struct private_pool *private, unsigned limit, unsigned posts)
{
	struct crowd crowd = CROWD_INIT;
	PTP_WORK work = work_in(private, join_crowd, &crowd);

	submit(work, posts);
	tally_await(&crowd.started, limit);
	let_others_run();
	ck_assert_uint_eq(tally_read(&crowd.started), limit);
	gate_open(&crowd.gate);
	finish(work);
	ck_assert_uint_eq(crowd.most, limit);
	ck_assert_uint_eq(tally_read(&crowd.finished), posts);
}

START_TEST(maximum_one_means_one_after_another)
{	/* POOL-05 */
	struct private_pool private;

	setenv("TP_STALL_MS", "1", 1);
	private_pool_open(&private, 0, 1);
	expect_limit(&private, 1, 10);
	private_pool_close(&private);
}
END_TEST

START_TEST(maximum_limits_how_many_run_at_once)
{	/* POOL-06 */
	struct private_pool private;

	setenv("TP_STALL_MS", "1", 1);
	private_pool_open(&private, 0, 4);
	expect_limit(&private, 4, 20);
	private_pool_close(&private);
}
END_TEST

START_TEST(raised_maximum_starts_what_is_queued)
{	/* POOL-08, port-defined */
	struct private_pool private;
	struct crowd crowd = CROWD_INIT;
	PTP_WORK work;

	setenv("TP_PROCESSORS", "4", 1);
	private_pool_open(&private, 0, 1);
	work = work_in(&private, join_crowd, &crowd);
	submit(work, 3);
	gate_await_waiting(&crowd.gate, 1);
	SetThreadpoolThreadMaximum(private.pool, 3);
	gate_await_waiting(&crowd.gate, 3);
	gate_open(&crowd.gate);
	finish(work);
	private_pool_close(&private);
}
END_TEST

START_TEST(minimum_above_the_maximum_starts_what_is_queued)
{	/* POOL-08, POOL-13, port-defined */
	struct private_pool private;
	struct crowd crowd = CROWD_INIT;
	PTP_WORK work;

	private_pool_open(&private, 0, 1);
	work = work_in(&private, join_crowd, &crowd);
	submit(work, 3);
	gate_await_waiting(&crowd.gate, 1);
	ck_assert(SetThreadpoolThreadMinimum(private.pool, 3));
	gate_await_waiting(&crowd.gate, 3);
	gate_open(&crowd.gate);
	finish(work);
	private_pool_close(&private);
}
END_TEST

START_TEST(setting_the_maximum_returns_nothing)
{	/* POOL-09 */
	ck_assert_int_eq(_Generic(&SetThreadpoolThreadMaximum,
		VOID (WINAPI *)(PTP_POOL, DWORD): 1, default: 0), 1);
	ck_assert_int_eq(_Generic(&SetThreadpoolThreadMinimum,
		BOOL (WINAPI *)(PTP_POOL, DWORD): 1, default: 0), 1);
}
END_TEST

START_TEST(minimum_that_cannot_be_had_leaves_the_old_one_in_force)
{	/* POOL-10, POOL-16, port-defined */
	unsigned long before;

	setenv("TP_IDLE_MS", "1", 1);
	setenv("TP_STALL_MS", "1", 1);
	ck_assert_uint_eq(tp_dispatcher_start(), 0);	/* it stays */
	before = live_threads();
	for (unsigned long failing = 1; failing <= 4; failing++) {
		struct private_pool private;

		private_pool_open(&private, 2, 3);
		fail_thread_number(failing);
		SetLastError(NO_ERROR);
		ck_assert(!SetThreadpoolThreadMinimum(private.pool, 6));
		ck_assert_uint_eq(GetLastError(), ERROR_NOT_ENOUGH_MEMORY);
		await_threads(before + 2);	/* the others retire again */
		expect_limit(&private, 3, 9);	/* nor has the maximum risen */
		ck_assert(SetThreadpoolThreadMinimum(private.pool, 6));
		await_threads(before + 6);
		private_pool_close(&private);
		await_threads(before);
	}
}
END_TEST

START_TEST(minimum_beyond_all_numbers_is_refused)
{	/* POOL-10 */
	struct private_pool private;
	struct tally runs = TALLY_INIT;
	PTP_WORK work;

	private_pool_open(&private, 0, 4);
	work = work_in(&private, count_work, &runs);
	fail_threads(true);
	SetLastError(NO_ERROR);
	ck_assert(!SetThreadpoolThreadMinimum(private.pool, UINT_MAX));
	ck_assert_uint_eq(GetLastError(), ERROR_NOT_ENOUGH_MEMORY);
	fail_threads(false);
	SetThreadpoolThreadMaximum(private.pool, UINT_MAX);
	submit(work, 10);
	finish(work);
	ck_assert_uint_eq(tally_read(&runs), 10);
	private_pool_close(&private);
}
END_TEST

START_TEST(minimum_makes_the_missing_threads_at_once)
{	/* POOL-11, port-defined */
	struct private_pool private;
	unsigned long before;

	private_pool_open(&private, 0, 500);
	before = made_threads();
	ck_assert(SetThreadpoolThreadMinimum(private.pool, 4));
	ck_assert_uint_eq(made_threads() - before, 4);
	ck_assert(SetThreadpoolThreadMinimum(private.pool, 6));
	ck_assert_uint_eq(made_threads() - before, 6);
	private_pool_close(&private);
}
END_TEST

START_TEST(lowered_maximum_ends_no_callback)
{	/* POOL-12 */
	struct private_pool private;
	struct crowd before = CROWD_INIT, after = CROWD_INIT;
	PTP_WORK first, second;
	unsigned long threads = live_threads();

	private_pool_open(&private, 8, 8);
	first = work_in(&private, join_crowd, &before);
	second = work_in(&private, join_crowd, &after);
	submit(first, 8);
	gate_await_waiting(&before.gate, 8);
	SetThreadpoolThreadMaximum(private.pool, 2);
	submit(second, 20);
	gate_open(&after.gate);
	gate_open(&before.gate);
	finish(first);
	finish(second);
	ck_assert_uint_eq(tally_read(&before.finished), 8);
	ck_assert_uint_eq(tally_read(&after.finished), 20);
	ck_assert_uint_le(after.most, 2);
	private_pool_close(&private);
	await_threads(threads);
}
END_TEST

START_TEST(surplus_threads_go_when_they_are_idle)
{	/* POOL-12, POOL-16, port-defined */
	struct private_pool private;
	struct crowd crowd = CROWD_INIT;
	PTP_WORK work;
	unsigned long threads = live_threads();

	setenv("TP_IDLE_MS", "1", 1);
	private_pool_open(&private, 8, 8);
	work = work_in(&private, join_crowd, &crowd);
	submit(work, 8);
	gate_await_waiting(&crowd.gate, 8);
	SetThreadpoolThreadMaximum(private.pool, 2);
	let_others_run();
	ck_assert_uint_eq(workers(private.pool), 8);
	gate_open(&crowd.gate);
	await_threads(threads + 2);
	finish(work);
	private_pool_close(&private);
}
END_TEST

START_TEST(of_minimum_and_maximum_the_last_call_wins)
{	/* POOL-13, port-defined */
	struct private_pool private;

	setenv("TP_STALL_MS", "1", 1);
	private_pool_open(&private, 0, 2);
	ck_assert(SetThreadpoolThreadMinimum(private.pool, 5));
	expect_limit(&private, 5, 9);
	SetThreadpoolThreadMaximum(private.pool, 2);
	expect_limit(&private, 2, 9);
	private_pool_close(&private);
}
END_TEST

START_TEST(maximum_zero_is_taken_as_one)
{	/* POOL-14, port-defined */
	struct private_pool private;

	setenv("TP_STALL_MS", "1", 1);
	private_pool_open(&private, 0, 0);
	expect_limit(&private, 1, 5);
	private_pool_close(&private);
}
END_TEST

static VOID CALLBACK
note_thread(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_WORK work)
{
	(void)instance;
	(void)work;
	*(DWORD *)context = GetCurrentThreadId();
}

START_TEST(a_pool_of_one_thread_keeps_it_for_life)
{	/* POOL-15 */
	struct private_pool private;
	DWORD thread = 0, first = 0;
	PTP_WORK work;

	setenv("TP_IDLE_MS", "1", 1);
	private_pool_open(&private, 1, 1);
	work = work_in(&private, note_thread, &thread);
	for (int i = 0; i < 3; i++) {
		submit(work, 1);
		WaitForThreadpoolWorkCallbacks(work, FALSE);
		if (i == 0)
			first = thread;
		ck_assert_uint_eq(thread, first);
		let_others_run();	/* more than the idle time */
	}
	finish(work);
	private_pool_close(&private);
}
END_TEST

START_TEST(idle_threads_above_the_minimum_retire)
{	/* POOL-16, port-defined */
	struct private_pool private;
	unsigned long before = live_threads();

	setenv("TP_IDLE_MS", "1", 1);
	private_pool_open(&private, 8, 8);
	ck_assert_uint_eq(workers(private.pool), 8);
	let_others_run();
	ck_assert_uint_eq(workers(private.pool), 8);
	ck_assert(SetThreadpoolThreadMinimum(private.pool, 2));
	await_threads(before + 2);
	let_others_run();
	ck_assert_uint_eq(workers(private.pool), 2);
	private_pool_close(&private);
}
END_TEST

/* ---- Growth ---- */

/* A chain: each callback waits until the next one has started. */
struct chain {
	struct gate links[9];
	LONG volatile next;
};

static VOID CALLBACK
wait_for_the_next(PTP_CALLBACK_INSTANCE instance, PVOID context,
	PTP_WORK work)
{
	struct chain *chain = context;
	LONG i = InterlockedIncrement(&chain->next) - 1;

	(void)instance;
	(void)work;
	gate_open(&chain->links[i]);
	gate_wait(&chain->links[i + 1]);
}

/* Eight callbacks of which each needs the next one, in a pool of eight. */
static void
run_chain(void)
{
	struct private_pool private;
	struct chain chain = { .next = 0 };
	PTP_WORK work;

	for (int i = 0; i < 9; i++)
		chain.links[i] = (struct gate)GATE_INIT;
	gate_open(&chain.links[8]);
	private_pool_open(&private, 0, 8);
	work = work_in(&private, wait_for_the_next, &chain);
	submit(work, 8);
	finish(work);
	private_pool_close(&private);
}

START_TEST(pool_grows_when_a_queue_stands_still)
{	/* POOL-07 */
	setenv("TP_PROCESSORS", "1", 1);
	setenv("TP_STALL_MS", "1", 1);
	run_chain();
}
END_TEST

START_TEST(pool_grows_at_once_up_to_the_processors)
{	/* POOL-07 */
	setenv("TP_PROCESSORS", "8", 1);
	setenv("TP_STALL_MS", NEVER, 1);
	run_chain();
}
END_TEST

/*
 * The one processor is taken by a callback that blocks in the pool's sight,
 * until the other callback, posted then, has run.
 */
struct blocked {
	struct private_pool private;
	struct tally other;
	HANDLE event;
	CRITICAL_SECTION section;
	PTP_WORK elsewhere;
};

static void
open_blocked(struct blocked *blocked)
{
	setenv("TP_PROCESSORS", "1", 1);
	setenv("TP_STALL_MS", NEVER, 1);
	private_pool_open(&blocked->private, 0, 500);
	blocked->other = (struct tally)TALLY_INIT;
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
	gate_open(&crowd.gate);
	finish(slow);
	finish(quick);
	private_pool_close(&private);
}
END_TEST

/* ---- Pools keep apart ---- */

struct residents {
	DWORD threads[64];		/* guarded by mutex */
	unsigned number;
	pthread_mutex_t mutex;
};

static VOID CALLBACK
note_resident(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_WORK work)
{
	struct residents *residents = context;
	DWORD self = GetCurrentThreadId();
	unsigned i = 0;

	(void)instance;
	(void)work;
	pthread_mutex_lock(&residents->mutex);
	while (i < residents->number && residents->threads[i] != self)
		i++;
	if (i == residents->number && i < 64)
		residents->threads[residents->number++] = self;
	pthread_mutex_unlock(&residents->mutex);
}

START_TEST(threads_of_a_pool_never_serve_another)
{	/* POOL-17, POOL-28, POOL-30 */
	struct private_pool pools[2];
	struct residents residents[2];
	PTP_WORK works[2];

	for (int i = 0; i < 2; i++) {
		residents[i] = (struct residents){
			.mutex = PTHREAD_MUTEX_INITIALIZER };
		private_pool_open(&pools[i], 0, 3);
	}
	/* One environment for both; moving it does not move the first. */
	works[0] = work_in(&pools[0], note_resident, &residents[0]);
	SetThreadpoolCallbackPool(&pools[0].environ, pools[1].pool);
	works[1] = work_in(&pools[0], note_resident, &residents[1]);
	for (int i = 0; i < 1000; i++)
		submit(works[i % 2], 1);
	for (int i = 0; i < 2; i++) {
		finish(works[i]);
		ck_assert_uint_ge(residents[i].number, 1);
		ck_assert_uint_le(residents[i].number, 3);
		private_pool_close(&pools[i]);
	}
	for (unsigned i = 0; i < residents[0].number; i++)
		for (unsigned j = 0; j < residents[1].number; j++)
			ck_assert_uint_ne(residents[0].threads[i],
				residents[1].threads[j]);
}
END_TEST

START_TEST(a_pool_whose_threads_all_block_holds_up_no_other)
{	/* POOL-18 */
	struct private_pool stuck, free_one;
	struct crowd crowd = CROWD_INIT;
	struct tally runs = TALLY_INIT;
	PTP_WORK first, second;

	private_pool_open(&stuck, 2, 2);
	private_pool_open(&free_one, 1, 1);
	first = work_in(&stuck, join_crowd, &crowd);
	second = work_in(&free_one, count_work, &runs);
	submit(first, 5);
	gate_await_waiting(&crowd.gate, 2);
	submit(second, 10);
	finish(second);
	ck_assert_uint_eq(tally_read(&runs), 10);
	gate_open(&crowd.gate);
	finish(first);
	private_pool_close(&stuck);
	private_pool_close(&free_one);
}
END_TEST

/* ---- The end of a pool ---- */

START_TEST(pool_without_objects_ends_when_it_is_closed)
{	/* POOL-19 */
	unsigned long threads = live_threads();
	unsigned long allocations = live_allocations();
	PTP_POOL pool = CreateThreadpool(NULL);

	CloseThreadpool(pool);		/* it never had a thread */
	ck_assert_uint_eq(live_allocations(), allocations);
	pool = CreateThreadpool(NULL);
	ck_assert(SetThreadpoolThreadMinimum(pool, 3));
	CloseThreadpool(pool);
	await_threads(threads);
}
END_TEST

START_TEST(closing_a_pool_cancels_nothing)
{	/* POOL-20 */
	struct private_pool private;
	struct crowd crowd = CROWD_INIT;
	unsigned long threads = live_threads();
	PTP_WORK work;

	private_pool_open(&private, 1, 1);
	work = work_in(&private, join_crowd, &crowd);
	submit(work, 5);
	gate_await_waiting(&crowd.gate, 1);
	private_pool_close(&private);
	ck_assert_uint_eq(tally_read(&crowd.finished), 0);
	gate_open(&crowd.gate);
	WaitForThreadpoolWorkCallbacks(work, FALSE);
	ck_assert_uint_eq(tally_read(&crowd.finished), 5);
	ck_assert_uint_eq(live_threads(), threads + 1);	/* it is needed */
	CloseThreadpoolWork(work);
	await_threads(threads);
}
END_TEST

START_TEST(pool_closed_first_drains_and_goes_with_its_last_object)
{	/* POOL-20 */
	for (int round = 0; round < 50; round++) {
		struct private_pool private;
		struct tally runs = TALLY_INIT;
		PTP_WORK works[4];

		private_pool_open(&private, (DWORD)round % 3, 4);
		for (int i = 0; i < 4; i++) {
			works[i] = work_in(&private, count_work, &runs);
			submit(works[i], 25);
		}
		private_pool_close(&private);
		for (int i = 0; i < 4; i++)
			CloseThreadpoolWork(works[i]);
		tally_await(&runs, 100);
	}
}
END_TEST

static void
submit_after_pool_close(void *unused)
{
	struct private_pool private;
	struct tally runs = TALLY_INIT;
	PTP_WORK work;

	(void)unused;
	private_pool_open(&private, 0, 1);
	work = work_in(&private, count_work, &runs);
	CloseThreadpool(private.pool);
	SubmitThreadpoolWork(work);
}

START_TEST(submit_after_the_pool_was_closed_is_reported)
{	/* POOL-21 */
	ck_assert_ptr_nonnull(strstr(report_of(submit_after_pool_close,
		NULL, true), "error closed-pool: SubmitThreadpoolWork("));
}
END_TEST

static void
close_no_pool(void *unused)
{
	(void)unused;
	CloseThreadpool(NULL);
}

START_TEST(the_default_pool_cannot_be_closed)
{	/* POOL-22 */
	ck_assert_ptr_nonnull(strstr(report_of(close_no_pool, NULL, true),
		"error not-an-object: CloseThreadpool("));
}
END_TEST

/* ---- The default pool ---- */

struct first_use {
	struct gate gate;
	struct tally runs;
};

static void *
use_default_pool(void *argument)
{
	struct first_use *use = argument;

	gate_wait(&use->gate);
	ck_assert(TrySubmitThreadpoolCallback(count_simple, &use->runs,
		NULL));
	return NULL;
}

START_TEST(default_pool_is_made_once_by_whoever_comes_first)
{	/* POOL-23 */
	struct first_use use = { GATE_INIT, TALLY_INIT };
	pthread_t threads[32];

	for (int i = 0; i < 32; i++)
		ck_assert_int_eq(pthread_create(&threads[i], NULL,
			use_default_pool, &use), 0);
	gate_await_waiting(&use.gate, 32);
	gate_open(&use.gate);
	for (int i = 0; i < 32; i++)
		pthread_join(threads[i], NULL);
	tally_await(&use.runs, 32);
}
END_TEST

/* ---- Environments ---- */

START_TEST(initialising_an_environment_fills_all_of_it)
{	/* POOL-24 */
	TP_CALLBACK_ENVIRON environ;

	memset(&environ, 0xCC, sizeof(environ));
	InitializeThreadpoolEnvironment(&environ);
	ck_assert_uint_eq(environ.Version, 3);
	ck_assert_uint_eq(environ.Size, sizeof(environ));
	ck_assert_int_eq((int)environ.CallbackPriority,
		TP_CALLBACK_PRIORITY_NORMAL);
	ck_assert_ptr_null(environ.Pool);
	ck_assert_ptr_null(environ.CleanupGroup);
	ck_assert_ptr_null(environ.RaceDll);
	ck_assert_ptr_null(environ.ActivationContext);
	ck_assert(environ.CleanupGroupCancelCallback == NULL);
	ck_assert(environ.FinalizationCallback == NULL);
	ck_assert_uint_eq(environ.u.Flags, 0);
}
END_TEST

START_TEST(environment_of_version_1_is_accepted)
{	/* POOL-25 */
	struct private_pool private;
	struct tally runs = TALLY_INIT;
	PTP_WORK work;

	private_pool_open(&private, 0, 1);
	private.environ.Version = 1;
	/* It ends before these fields: they must not be looked at. */
	private.environ.CallbackPriority = (TP_CALLBACK_PRIORITY)77;
	private.environ.Size = 12345;
	work = work_in(&private, count_work, &runs);
	submit(work, 1);
	ck_assert(TrySubmitThreadpoolCallback(count_simple, &runs,
		&private.environ));
	tally_await(&runs, 2);
	finish(work);
	private_pool_close(&private);
}
END_TEST

/* Both ways to create must refuse the environment, and run nothing. */
static void
expect_refusal(PTP_CALLBACK_ENVIRON environ)
{
	struct tally runs = TALLY_INIT;

	SetLastError(NO_ERROR);
	ck_assert_ptr_null(CreateThreadpoolWork(count_work, &runs, environ));
	ck_assert_uint_eq(GetLastError(), ERROR_INVALID_PARAMETER);
	SetLastError(NO_ERROR);
	ck_assert(!TrySubmitThreadpoolCallback(count_simple, &runs,
		environ));
	ck_assert_uint_eq(GetLastError(), ERROR_INVALID_PARAMETER);
}

START_TEST(environment_of_an_unknown_version_is_refused)
{	/* POOL-26 */
	static const DWORD versions[] = { 0, 2, 4, 9999 };

	for (int i = 0; i < 4; i++) {
		TP_CALLBACK_ENVIRON environ;

		InitializeThreadpoolEnvironment(&environ);
		environ.Version = versions[i];
		expect_refusal(&environ);
	}
}
END_TEST

START_TEST(unknown_priority_is_refused)
{	/* POOL-32 */
	static const int priorities[] = { -1, 3, 10 };

	ck_assert_int_eq(TP_CALLBACK_PRIORITY_HIGH, 0);
	ck_assert_int_eq(TP_CALLBACK_PRIORITY_NORMAL, 1);
	ck_assert_int_eq(TP_CALLBACK_PRIORITY_LOW, 2);
	for (int i = 0; i < 3; i++) {
		TP_CALLBACK_ENVIRON environ;

		InitializeThreadpoolEnvironment(&environ);
		SetThreadpoolCallbackPriority(&environ,
			(TP_CALLBACK_PRIORITY)priorities[i]);
		expect_refusal(&environ);
	}
}
END_TEST

START_TEST(environment_without_a_pool_selects_the_default_pool)
{	/* POOL-27 */
	struct private_pool private;
	struct crowd crowd = CROWD_INIT;
	struct tally runs = TALLY_INIT;
	PTP_WORK busy, work;

	private_pool_open(&private, 1, 1);
	busy = work_in(&private, join_crowd, &crowd);
	submit(busy, 1);
	gate_await_waiting(&crowd.gate, 1);
	SetThreadpoolCallbackPool(&private.environ, NULL);
	TpSetCallbackFinalizationCallback(&private.environ, count_simple);
	work = work_in(&private, count_work, &runs);
	submit(work, 2);
	WaitForThreadpoolWorkCallbacks(work, FALSE);
	ck_assert_uint_eq(tally_read(&runs), 4);	/* setting applied */
	CloseThreadpoolWork(work);
	gate_open(&crowd.gate);
	finish(busy);
	private_pool_close(&private);
}
END_TEST

START_TEST(destroying_an_environment_takes_nothing_from_objects)
{	/* POOL-29 */
	struct private_pool private;
	struct tally runs = TALLY_INIT;
	PTP_WORK work;

	private_pool_open(&private, 0, 1);
	work = work_in(&private, count_work, &runs);
	DestroyThreadpoolEnvironment(&private.environ);
	memset(&private.environ, 0xCC, sizeof(private.environ));
	submit(work, 3);
	finish(work);
	ck_assert_uint_eq(tally_read(&runs), 3);
	CloseThreadpool(private.pool);
}
END_TEST

/* ---- Priorities ---- */

struct starts {
	char order[32];
	struct tally length;
};

struct starter {
	struct starts *starts;
	char name;
	PTP_WORK work;
};

static VOID CALLBACK
note_start(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_WORK work)
{
	struct starter *starter = context;

	(void)instance;
	(void)work;
	starter->starts->order[tally_add(&starter->starts->length) - 1] =
		starter->name;
}

/* One environment serves for all three: priority belongs to the object. */
static void
make_starters(struct private_pool *private, struct starter starters[3],
	struct starts *starts)
{
	for (int i = 0; i < 3; i++) {
		SetThreadpoolCallbackPriority(&private->environ,
			(TP_CALLBACK_PRIORITY)i);
		starters[i] = (struct starter){ starts, "hnl"[i], NULL };
		starters[i].work = work_in(private, note_start,
			&starters[i]);
	}
}

START_TEST(queued_callbacks_start_by_priority)
{	/* POOL-33, POOL-35 */
	struct private_pool private;
	struct crowd crowd = CROWD_INIT;
	struct starts starts = { "", TALLY_INIT };
	struct starter starters[3];
	PTP_WORK busy;

	private_pool_open(&private, 1, 1);
	busy = work_in(&private, join_crowd, &crowd);
	make_starters(&private, starters, &starts);
	submit(busy, 1);
	gate_await_waiting(&crowd.gate, 1);
	for (int i = 2; i >= 0; i--)
		submit(starters[i].work, 3);	/* low, normal, high */
	gate_open(&crowd.gate);
	finish(busy);
	for (int i = 0; i < 3; i++)
		finish(starters[i].work);
	ck_assert_str_eq(starts.order, "hhhnnnlll");
	private_pool_close(&private);
}
END_TEST

START_TEST(priority_never_interrupts_a_running_callback)
{	/* POOL-34 */
	struct private_pool private;
	struct crowd crowd = CROWD_INIT;
	struct tally runs = TALLY_INIT;
	PTP_WORK low, high;

	private_pool_open(&private, 1, 1);
	SetThreadpoolCallbackPriority(&private.environ,
		TP_CALLBACK_PRIORITY_LOW);
	low = work_in(&private, join_crowd, &crowd);
	SetThreadpoolCallbackPriority(&private.environ,
		TP_CALLBACK_PRIORITY_HIGH);
	high = work_in(&private, count_work, &runs);
	submit(low, 1);
	gate_await_waiting(&crowd.gate, 1);
	submit(high, 1);
	let_others_run();
	ck_assert_uint_eq(tally_read(&runs), 0);
	gate_open(&crowd.gate);
	finish(high);
	ck_assert_uint_eq(tally_read(&crowd.finished), 1);
	finish(low);
	private_pool_close(&private);
}
END_TEST

/* ---- The suite ---- */

static void
add_limits(TCase *small)
{
	tcase_add_test(small, policy_decides_by_the_census_alone);
	tcase_add_test(small, reserved_pointer_must_be_null);
	tcase_add_test(small,
		pool_does_nothing_until_an_environment_leads_objects_to_it);
	tcase_add_test(small, new_pool_runs_callbacks);
	tcase_add_test(small, pool_that_cannot_be_allocated_is_null);
	tcase_add_test(small, threads_are_made_late_and_one_stays);
	tcase_add_test(small, maximum_one_means_one_after_another);
	tcase_add_test(small, maximum_limits_how_many_run_at_once);
	tcase_add_test(small, raised_maximum_starts_what_is_queued);
	tcase_add_test(small,
		minimum_above_the_maximum_starts_what_is_queued);
	tcase_add_test(small, setting_the_maximum_returns_nothing);
	tcase_add_test(small,
		minimum_that_cannot_be_had_leaves_the_old_one_in_force);
	tcase_add_test(small, minimum_beyond_all_numbers_is_refused);
	tcase_add_test(small, minimum_makes_the_missing_threads_at_once);
	tcase_add_test(small, of_minimum_and_maximum_the_last_call_wins);
	tcase_add_test(small, maximum_zero_is_taken_as_one);
	tcase_add_test(small, a_pool_of_one_thread_keeps_it_for_life);
}

static void
add_growth(TCase *small)
{
	tcase_add_test(small, pool_grows_when_a_queue_stands_still);
	tcase_add_test(small, pool_grows_at_once_up_to_the_processors);
	tcase_add_test(small, pool_grows_when_a_worker_waits_for_an_event);
	tcase_add_test(small,
		pool_grows_when_a_worker_waits_for_a_critical_section);
	tcase_add_test(small, pool_grows_when_a_worker_waits_for_callbacks);
	tcase_add_test(small, pool_grows_when_a_worker_sleeps);
	tcase_add_test(small,
		callback_may_wait_for_another_object_of_its_pool);
	tcase_add_test(small, runs_long_lets_others_start_at_once);
}

static void
add_ends(TCase *small)
{
	tcase_add_test(small,
		a_pool_whose_threads_all_block_holds_up_no_other);
	tcase_add_test(small, pool_without_objects_ends_when_it_is_closed);
	tcase_add_test(small, closing_a_pool_cancels_nothing);
	tcase_add_test(small, submit_after_the_pool_was_closed_is_reported);
	tcase_add_test(small, the_default_pool_cannot_be_closed);
	tcase_add_test(small, initialising_an_environment_fills_all_of_it);
	tcase_add_test(small, environment_of_version_1_is_accepted);
	tcase_add_test(small, environment_of_an_unknown_version_is_refused);
	tcase_add_test(small, unknown_priority_is_refused);
	tcase_add_test(small,
		environment_without_a_pool_selects_the_default_pool);
	tcase_add_test(small,
		destroying_an_environment_takes_nothing_from_objects);
	tcase_add_test(small, queued_callbacks_start_by_priority);
	tcase_add_test(small, priority_never_interrupts_a_running_callback);
}

static void
add_large(TCase *large)
{
	tcase_add_test(large, default_maximum_is_500);
	tcase_add_test(large, lowered_maximum_ends_no_callback);
	tcase_add_test(large, surplus_threads_go_when_they_are_idle);
	tcase_add_test(large, idle_threads_above_the_minimum_retire);
	tcase_add_test(large, threads_of_a_pool_never_serve_another);
	tcase_add_test(large,
		pool_closed_first_drains_and_goes_with_its_last_object);
	tcase_add_test(large,
		default_pool_is_made_once_by_whoever_comes_first);
}

int
main(void)
{
	Suite *suite = suite_create("pool");
	TCase *small = harness_case(suite, "small");

	add_limits(small);
	add_growth(small);
	add_ends(small);
	add_large(harness_case(suite, "large"));
	return harness_run(suite);
}

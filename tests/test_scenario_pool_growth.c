/* SPDX-License-Identifier: MIT */
/*
 * test_scenario_pool_growth.c - when the next thread comes, to the tick
 *
 * A worker that blocks in a function of the API makes room at once, whichever
 * function that is; one that blocks elsewhere, when the queue has stood still
 * for the stall time; and while callbacks start, no time counts as still.
 *
 * Scenarios (scenario.h says what that is) of a pool of one processor, in
 * virtual time; natively they show that it grows at all. The comment above a
 * test names the function whose promise is at stake. What is posted at the
 * moment of a deadline is in test_scenario_growth.c.
 */
#include <time.h>

#include "inside.h"

/* ---- Blocked in the pool's sight ---- */

#define BLOCKED		7	/* ms */

/* A callback that blocks, and one that needs a thread meanwhile. */
struct block {
	struct site site;
	PTP_WORK other;			/* in the same pool */
	void (*how)(struct block *block);
	LONGLONG begin;
	LONG volatile runs;
	HANDLE handles[2];		/* not signalled */
	CRITICAL_SECTION section;
	SRWLOCK lock;
	CONDITION_VARIABLE changed;
	struct elsewhere *elsewhere;
};

static VOID CALLBACK
block_somehow(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_WORK work)
{
	struct block *block = context;

	(void)instance;
	(void)work;
	block->how(block);
	assert_elapsed(block->begin, BLOCKED * MS);
	InterlockedIncrement(&block->runs);
}

static VOID CALLBACK
run_at_once(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_WORK work)
{
	struct block *block = context;

	(void)instance;
	(void)work;
	assert_elapsed(block->begin, 0);
	InterlockedIncrement(&block->runs);
}

static bool
try_block(struct block *block)
{
	set_times(NULL, "20", "1");	/* too late, and it would be noticed */
	if (!try_site(&block->site, 0, 2, block_somehow, block))
		return false;
	block->other = try_work(&block->site.private, run_at_once, block);
	if (block->other == NULL)
		site_close(&block->site);
	return block->other != NULL;
}

/* What they wait for may have begun before, at block->begin. */
static void
block_start(struct block *block, void (*how)(struct block *block))
{
	block->runs = 0;
	block->how = how;
	submit(block->site.work, 1);
	submit(block->other, 1);
}

static void
block_await(struct block *block)
{
	WaitForThreadpoolWorkCallbacks(block->other, FALSE);
	WaitForThreadpoolWorkCallbacks(block->site.work, FALSE);
	ck_assert_int_eq(block->runs, 2);
}

static void
block_close(struct block *block)
{
	assert_at_rest(block->site.work);
	CloseThreadpoolWork(block->other);
	site_close(&block->site);
}

/* Time-outs that come. */

static void
sleep_it_out(struct block *block)
{
	(void)block;
	Sleep(BLOCKED);
}

static void
wait_for_one(struct block *block)
{
	ck_assert_uint_eq(WaitForSingleObject(block->handles[0], BLOCKED),
		WAIT_TIMEOUT);
}

static void
wait_for_any(struct block *block)
{
	ck_assert_uint_eq(WaitForMultipleObjects(2, block->handles, FALSE,
		BLOCKED), WAIT_TIMEOUT);
}

static void
wait_for_all(struct block *block)
{
	ck_assert_uint_eq(WaitForMultipleObjects(2, block->handles, TRUE,
		BLOCKED), WAIT_TIMEOUT);
}

static void
wait_for_a_change(struct block *block)
{
	LONGLONG end = block->begin + BLOCKED * MS, rest;

	AcquireSRWLockExclusive(&block->lock);
	/* It may return for no reason. */
	while ((rest = end - ticks_now()) > 0)
		(void)SleepConditionVariableSRW(&block->changed,
			&block->lock, (DWORD)((rest + MS - 1) / MS), 0);
	ReleaseSRWLockExclusive(&block->lock);
}

/* tp_blocking_begin: in each function that may take time. */
START_TEST(a_worker_that_waits_for_a_time_makes_room_at_once)
{	/* POOL-07 */
	static void (*const ways[])(struct block *block) = {
		sleep_it_out, wait_for_one, wait_for_any, wait_for_all,
		wait_for_a_change
	};
	struct block block = { .lock = SRWLOCK_INIT };

	for (int i = 0; i < 2; i++)
		block.handles[i] = CreateEventA(NULL, TRUE, FALSE, NULL);
	if (all_made(2, block.handles) && try_block(&block)) {
		for (size_t i = 0; i < sizeof(ways) / sizeof(*ways); i++) {
			block.begin = ticks_now();
			block_start(&block, ways[i]);
			block_await(&block);
		}
		block_close(&block);
	}
	close_all(2, block.handles);
}
END_TEST

/* Locks that are held. */

static void
pass_section(struct block *block)
{
	EnterCriticalSection(&block->section);
	LeaveCriticalSection(&block->section);
}

static void
pass_exclusive(struct block *block)
{
	AcquireSRWLockExclusive(&block->lock);
	ReleaseSRWLockExclusive(&block->lock);
}

static void
pass_shared(struct block *block)
{
	AcquireSRWLockShared(&block->lock);
	ReleaseSRWLockShared(&block->lock);
}

static void
pass_mutex(struct block *block)
{
	ck_assert_uint_eq(WaitForSingleObject(block->handles[0], INFINITE),
		WAIT_OBJECT_0);
	ck_assert(ReleaseMutex(block->handles[0]));
}

/* tp_blocking_begin: locks are waited for like anything else. */
START_TEST(a_worker_that_waits_for_a_lock_makes_room_at_once)
{	/* POOL-07 */
	static void (*const ways[])(struct block *block) = {
		pass_section, pass_exclusive, pass_shared, pass_mutex
	};
	struct block block = { .lock = SRWLOCK_INIT };

	InitializeCriticalSection(&block.section);
	block.handles[0] = CreateMutexA(NULL, FALSE, NULL);
	if (made(block.handles[0]) && try_block(&block)) {
		for (size_t i = 0; i < sizeof(ways) / sizeof(*ways); i++) {
			EnterCriticalSection(&block.section);
			AcquireSRWLockExclusive(&block.lock);
			ck_assert_uint_eq(poll(block.handles[0]),
				WAIT_OBJECT_0);
			block.begin = ticks_now();
			block_start(&block, ways[i]);
			Sleep(BLOCKED);
			LeaveCriticalSection(&block.section);
			ReleaseSRWLockExclusive(&block.lock);
			ck_assert(ReleaseMutex(block.handles[0]));
			block_await(&block);
		}
		block_close(&block);
	}
	close_all(1, block.handles);
	DeleteCriticalSection(&block.section);
}
END_TEST

/* Callbacks of another pool: each sleeps, and so holds up who waits. */

struct elsewhere {
	struct private_pool private;
	PTP_CLEANUP_GROUP group;
	HANDLE event;			/* signalled */
	PTP_WORK work;
	PTP_TIMER timer;
	PTP_WAIT wait;
};

static VOID CALLBACK
sleep_in_work(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_WORK work)
{
	(void)instance;
	(void)context;
	(void)work;
	Sleep(BLOCKED);
}

static VOID CALLBACK
sleep_in_timer(PTP_CALLBACK_INSTANCE instance, PVOID context,
	PTP_TIMER timer)
{
	(void)instance;
	(void)context;
	(void)timer;
	Sleep(BLOCKED);
}

static VOID CALLBACK
sleep_in_wait(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_WAIT wait,
	TP_WAIT_RESULT result)
{
	(void)instance;
	(void)context;
	(void)wait;
	(void)result;
	Sleep(BLOCKED);
}

static void
wait_for_work_elsewhere(struct block *block)
{
	WaitForThreadpoolWorkCallbacks(block->elsewhere->work, FALSE);
}

static void
wait_for_timer_elsewhere(struct block *block)
{
	WaitForThreadpoolTimerCallbacks(block->elsewhere->timer, FALSE);
}

static void
wait_for_wait_elsewhere(struct block *block)
{
	WaitForThreadpoolWaitCallbacks(block->elsewhere->wait, FALSE);
}

static void
close_all_elsewhere(struct block *block)
{
	CloseThreadpoolCleanupGroupMembers(block->elsewhere->group, FALSE,
		NULL);
}

static bool
try_elsewhere(struct elsewhere *elsewhere)
{
	PTP_CALLBACK_ENVIRON environ = &elsewhere->private.environ;

	*elsewhere = (struct elsewhere){ .group = NULL };
	elsewhere->event = CreateEventA(NULL, TRUE, TRUE, NULL);
	if (!made(elsewhere->event))
		return false;
	elsewhere->group = CreateThreadpoolCleanupGroup();
	set_times(NULL, NULL, NULL);
	if (!made(elsewhere->group))
		return false;
	if (!try_pool(&elsewhere->private, 1, 1)) {
		elsewhere->private.pool = NULL;
		return false;
	}
	SetThreadpoolCallbackCleanupGroup(environ, elsewhere->group, NULL);
	elsewhere->work = CreateThreadpoolWork(sleep_in_work, NULL, environ);
	if (!made(elsewhere->work))
		return false;
	elsewhere->timer = CreateThreadpoolTimer(sleep_in_timer, NULL,
		environ);
	if (!made(elsewhere->timer))
		return false;
	elsewhere->wait = CreateThreadpoolWait(sleep_in_wait, NULL, environ);
	return made(elsewhere->wait);
}

static void
close_elsewhere(struct elsewhere *elsewhere)
{
	if (elsewhere->group != NULL) {
		CloseThreadpoolCleanupGroupMembers(elsewhere->group, TRUE,
			NULL);
		CloseThreadpoolCleanupGroup(elsewhere->group);
	}
	if (elsewhere->private.pool != NULL)
		private_pool_close(&elsewhere->private);
	close_all(1, &elsewhere->event);
}

/* One callback elsewhere, which has only just begun, or not yet. */
static void
start_elsewhere(struct elsewhere *elsewhere, unsigned way)
{
	FILETIME now = { 0, 0 };

	if (way == 1)
		SetThreadpoolTimer(elsewhere->timer, &now, 0, 0);
	else if (way == 2)
		SetThreadpoolWait(elsewhere->wait, elsewhere->event, NULL);
	else
		SubmitThreadpoolWork(elsewhere->work);
}

/* sleep_until_quiet_locked: for objects and for groups of them. */
START_TEST(a_worker_that_waits_for_callbacks_makes_room_at_once)
{	/* POOL-07, POOL-18 */
	static void (*const ways[])(struct block *block) = {
		wait_for_work_elsewhere, wait_for_timer_elsewhere,
		wait_for_wait_elsewhere, close_all_elsewhere
	};
	struct elsewhere elsewhere;
	struct block block = { .elsewhere = &elsewhere };

	if (try_elsewhere(&elsewhere) && try_block(&block)) {
		for (unsigned i = 0; i < 4; i++) {
			block.begin = ticks_now();
			start_elsewhere(&elsewhere, i);
			block_start(&block, ways[i]);
			block_await(&block);
		}
		block_close(&block);
	}
	close_elsewhere(&elsewhere);
}
END_TEST

/* ---- Blocked elsewhere ---- */

#define STALL		20	/* ms */

/* Callbacks that note when they start, and rest where nobody sees it. */
struct starts {
	struct site site;
	long rest;			/* ms */
	LONGLONG begin;
	LONG volatile count;
	LONGLONG at[10];		/* ticks after begin */
};

static VOID CALLBACK
start_and_rest(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_WORK work)
{
	struct starts *starts = context;
	struct timespec rest = { starts->rest / 1000,
		starts->rest % 1000 * 1000000 };

	(void)instance;
	(void)work;
	starts->at[InterlockedIncrement(&starts->count) - 1] =
		ticks_now() - starts->begin;
	while (nanosleep(&rest, &rest) != 0)
		continue;
}

static bool
try_starts(struct starts *starts, long rest)
{
	DWORD error = tp_dispatcher_start();

	*starts = (struct starts){ .rest = rest };
	set_times(NULL, "20", "1");
	if (error != 0) {
		tolerate(error);	/* no deadline can come */
		return false;
	}
	if (!try_site(&starts->site, 0, 10, start_and_rest, starts))
		return false;
	starts->begin = ticks_now();
	return true;
}

/* All have started: so many, and number i after i times so many ms. */
static void
expect_starts(struct starts *starts, LONG count, LONGLONG interval)
{
	WaitForThreadpoolWorkCallbacks(starts->site.work, FALSE);
	ck_assert_int_eq(starts->count, count);
	for (LONG i = 0; i < count; i++)
		if (exact())
			ck_assert_int_eq(starts->at[i], i * interval * MS);
	assert_at_rest(starts->site.work);
}

/* expire_stall: one thread for each standstill, and none too soon. */
START_TEST(a_queue_gets_a_thread_each_time_it_has_stood_still)
{	/* POOL-07 */
	struct starts starts;

	if (!try_starts(&starts, explore_active() ? 1000 : 200))
		return;
	submit(starts.site.work, 4);
	expect_starts(&starts, 4, STALL);
	site_close(&starts.site);
}
END_TEST

/* must_arm_locked: it stands still from its first post on. */
START_TEST(a_standstill_begins_when_there_is_a_queue)
{	/* POOL-07 */
	struct starts starts;

	if (!try_starts(&starts, 30))
		return;
	submit(starts.site.work, 1);
	Sleep(10);
	submit(starts.site.work, 1);	/* due at 30, when the first ends */
	expect_starts(&starts, 2, 30);
	site_close(&starts.site);
}
END_TEST

/* expire_stall: a callback that starts shows that nobody is stuck. */
START_TEST(a_queue_that_moves_gets_no_thread)
{	/* POOL-07 */
	struct starts starts;

	if (!try_starts(&starts, 15))
		return;
	submit(starts.site.work, 10);
	expect_starts(&starts, 10, 15);
	if (exact())
		ck_assert_uint_eq(workers_of(starts.site.private.pool), 1);
	site_close(&starts.site);
}
END_TEST

/* ---- A thread that was made to be there ---- */

struct question {
	struct site site;
	PTP_WORK other;
	struct tally runs;
	bool answer;
};

static VOID CALLBACK
ask_and_wait_unseen(PTP_CALLBACK_INSTANCE instance, PVOID context,
	PTP_WORK work)
{
	struct question *question = context;

	(void)work;
	question->answer = CallbackMayRunLong(instance);
	tally_await(&question->runs, 1);
}

static VOID CALLBACK
run_beside(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_WORK work)
{
	struct question *question = context;

	(void)instance;
	(void)work;
	tally_add(&question->runs);
}

/* tp_instance_run_long: a post may rely on the thread that is refused. */
START_TEST(question_against_a_post_loses_none)
{	/* WORK-03, POOL-07, INST-15, INST-17, port-defined */
	struct question question = { .runs = TALLY_INIT };
	DWORD error = tp_dispatcher_start();

	if (error != 0) {
		tolerate(error);
		return;
	}
	set_times(NULL, NULL, NULL);
	if (!try_site(&question.site, 0, 3, ask_and_wait_unseen, &question))
		return;
	question.other = try_work(&question.site.private, run_beside,
		&question);
	if (question.other != NULL) {
		submit(question.site.work, 1);
		submit(question.other, 1);
		WaitForThreadpoolWorkCallbacks(question.site.work, FALSE);
		WaitForThreadpoolWorkCallbacks(question.other, FALSE);
		if (!may_fail())
			ck_assert(question.answer);
		assert_at_rest(question.other);
		CloseThreadpoolWork(question.other);
	}
	site_close(&question.site);
}
END_TEST

/* ---- The suite ---- */

int
main(void)
{
	Suite *suite = suite_create("scenario_pool_growth");
	TCase *scenario = harness_case(suite, "scenario");

	tcase_add_test(scenario,
		a_worker_that_waits_for_a_time_makes_room_at_once);
	tcase_add_test(scenario,
		a_worker_that_waits_for_a_lock_makes_room_at_once);
	tcase_add_test(scenario,
		a_worker_that_waits_for_callbacks_makes_room_at_once);
	tcase_add_test(scenario,
		a_queue_gets_a_thread_each_time_it_has_stood_still);
	tcase_add_test(scenario, a_standstill_begins_when_there_is_a_queue);
	tcase_add_test(scenario, a_queue_that_moves_gets_no_thread);
	tcase_add_test(scenario, question_against_a_post_loses_none);
	return harness_run(suite);
}

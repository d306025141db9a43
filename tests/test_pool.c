/* SPDX-License-Identifier: MIT */
/*
 * test_pool.c - pools: how they are made, keep apart, and end
 *
 * How many threads a pool may have is in test_limits.c, when it gets another
 * one in test_growth.c, what happens when the system refuses one in
 * test_factory.c, and how objects come to their pool in test_environ.c.
 *
 * A pool that was closed lives on until the last of its objects has gone.
 * That it then goes as well is seen by its threads, which a test counts, and
 * by the harness, which counts what is allocated.
 */
#include "crowd.h"

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
	for (unsigned long i = 0; i < enough(1000, 4); i++)
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

/* NULL in an environment is the default pool; elsewhere it is no pool. */
static void
limit_no_pool(void *unused)
{
	(void)unused;
	(void)SetThreadpoolThreadMinimum(NULL, 1);
}

static void
set_stack_of_no_pool(void *unused)
{
	TP_POOL_STACK_INFORMATION stack = { 1, 1 };

	(void)unused;
	(void)SetThreadpoolStackInformation(NULL, &stack);
}

static void
query_stack_of_no_pool(void *unused)
{
	TP_POOL_STACK_INFORMATION stack;

	(void)unused;
	(void)QueryThreadpoolStackInformation(NULL, &stack);
}

START_TEST(the_default_pool_has_no_limits_to_set)
{	/* POOL-22 */
	static const struct {
		void (*scene)(void *unused);
		const char *report;
	} calls[] = {
		{ limit_no_pool, "not-an-object: SetThreadpoolThreadMinimum(" },
		{ set_stack_of_no_pool,
			"not-an-object: SetThreadpoolStackInformation(" },
		{ query_stack_of_no_pool,
			"not-an-object: QueryThreadpoolStackInformation(" },
	};

	for (size_t i = 0; i < sizeof(calls) / sizeof(*calls); i++)
		ck_assert_ptr_nonnull(strstr(report_of(calls[i].scene, NULL,
			true), calls[i].report));
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

/* ---- The suite ---- */

int
main(void)
{
	Suite *suite = suite_create("pool");
	TCase *small = harness_case(suite, "small");
	TCase *large = harness_case(suite, "large");

	tcase_add_test(small, reserved_pointer_must_be_null);
	tcase_add_test(small,
		pool_does_nothing_until_an_environment_leads_objects_to_it);
	tcase_add_test(small, new_pool_runs_callbacks);
	tcase_add_test(small, pool_that_cannot_be_allocated_is_null);
	tcase_add_test(small, threads_are_made_late_and_one_stays);
	tcase_add_test(small, threads_of_a_pool_never_serve_another);
	tcase_add_test(small, a_pool_whose_threads_all_block_holds_up_no_other);
	tcase_add_test(small, pool_without_objects_ends_when_it_is_closed);
	tcase_add_test(small, closing_a_pool_cancels_nothing);
	tcase_add_test(large,
		pool_closed_first_drains_and_goes_with_its_last_object);
	if (TP_CHECK) {
		tcase_add_test(small,
			submit_after_the_pool_was_closed_is_reported);
		tcase_add_test(small, the_default_pool_cannot_be_closed);
		tcase_add_test(small, the_default_pool_has_no_limits_to_set);
	}
	tcase_add_test(large, default_pool_is_made_once_by_whoever_comes_first);
	return harness_run(suite);
}

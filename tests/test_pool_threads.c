/* SPDX-License-Identifier: MIT */
/*
 * test_pool_threads.c - threads that stay, and what is kept in them
 *
 * Two ways to have a thread that outlives the idle time: a pool of exactly
 * one thread, and a callback whose environment is persistent. In both a
 * callback finds on its thread what an earlier one has left there.
 *
 * The idle time is a millisecond. A test waits until the threads that may
 * go have gone, lets more time pass, and looks who is still there: natively
 * some time, explored a virtual second.
 */
#include "crowd.h"

/* ---- What is left on a thread ---- */

static _Thread_local int visits;	/* of callbacks, on this thread */

/* Callbacks that meet on as many threads, and look what is there. */
struct visit {
	struct private_pool private;
	struct crowd crowd;
	DWORD slot;			/* counts as well: see TlsAlloc */
	unsigned number;		/* each thread is visited again */
	LONG volatile found;		/* threads with that many visits */
};

static void
look_around(struct visit *visit)
{
	unsigned char *counted = TlsGetValue(visit->slot);

	counted++;
	visits++;
	ck_assert(TlsSetValue(visit->slot, counted));
	if ((unsigned)visits == visit->number &&
	    (ULONG_PTR)counted == visit->number)
		InterlockedIncrement(&visit->found);
}

static VOID CALLBACK
visit_and_stay(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_WORK work)
{
	struct visit *visit = context;

	look_around(visit);
	join_crowd(instance, &visit->crowd, work);
}

static VOID CALLBACK
visit_simple(PTP_CALLBACK_INSTANCE instance, PVOID context)
{
	visit_and_stay(instance, context, NULL);
}

static void
visit_open(struct visit *visit, DWORD minimum, DWORD maximum)
{
	*visit = (struct visit){ .crowd = CROWD_INIT, .slot = TlsAlloc() };
	ck_assert_uint_ne(visit->slot, TLS_OUT_OF_INDEXES);
	setenv("TP_IDLE_MS", "1", 1);
	setenv("TP_PROCESSORS", "8", 1);
	private_pool_open(&visit->private, minimum, maximum);
}

static void
visit_close(struct visit *visit)
{
	private_pool_close(&visit->private);
	ck_assert(TlsFree(visit->slot));
}

/* Whoever came in goes, and whoever comes waits again. */
static void
leave_together(struct visit *visit)
{
	unsigned long came = tally_read(&visit->crowd.started);

	gate_open(&visit->crowd.gate);
	tally_await(&visit->crowd.finished, came);
	visit->crowd.gate.open = false;
}

/* So many at once: on as many threads, that have been visited before. */
static void
visit_again(struct visit *visit, PTP_WORK work, unsigned threads)
{
	unsigned long came = tally_read(&visit->crowd.started);

	visit->number++;
	visit->found = 0;
	submit(work, threads);
	tally_await(&visit->crowd.started, came + threads);
	leave_together(visit);
	WaitForThreadpoolWorkCallbacks(work, FALSE);
}

/* Much more than the idle time, as far as one can say natively. */
static void
let_idle_time_pass(void)
{
	if (explore_active())
		Sleep(1000);
	else
		let_others_run();
}

struct expected_workers {
	PTP_POOL pool;
	unsigned number;
};

static bool
as_many_workers(void *argument)
{
	struct expected_workers *expected = argument;

	return workers(expected->pool) == expected->number;
}

/* The number of workers comes to this one, and stays there. */
static void
expect_to_stay(PTP_POOL pool, unsigned number)
{
	struct expected_workers expected = { pool, number };

	await(as_many_workers, &expected);
	let_idle_time_pass();
	ck_assert_uint_eq(workers(pool), number);
}

/* ---- A pool of one thread ---- */

START_TEST(what_is_bound_to_the_one_thread_of_a_pool_lasts)
{	/* POOL-15 */
	struct visit visit;
	PTP_WORK works[2];

	visit_open(&visit, 1, 1);
	for (int i = 0; i < 2; i++)
		works[i] = work_in(&visit.private, visit_and_stay, &visit);
	for (int i = 0; i < 4; i++) {
		visit_again(&visit, works[i % 2], 1);
		ck_assert_int_eq(visit.found, 1);
		let_idle_time_pass();
	}
	/* Not even without an object does it go. */
	for (int i = 0; i < 2; i++)
		finish(works[i]);
	let_idle_time_pass();
	works[0] = work_in(&visit.private, visit_and_stay, &visit);
	visit_again(&visit, works[0], 1);
	ck_assert_int_eq(visit.found, 1);
	finish(works[0]);
	visit_close(&visit);
}
END_TEST

START_TEST(a_pool_of_one_thread_gets_no_second_for_its_callbacks)
{	/* POOL-05, POOL-15, POOL-31 */
	struct visit visit;
	PTP_WORK work;

	setenv("TP_STALL_MS", "1", 1);
	visit_open(&visit, 1, 1);
	SetThreadpoolCallbackRunsLong(&visit.private.environ);
	work = work_in(&visit.private, visit_and_stay, &visit);
	submit(work, 3);
	tally_await(&visit.crowd.started, 1);
	let_idle_time_pass();
	ck_assert_uint_eq(tally_read(&visit.crowd.started), 1);
	ck_assert_uint_eq(workers(visit.private.pool), 1);
	gate_open(&visit.crowd.gate);
	finish(work);
	visit_close(&visit);
}
END_TEST

/* ---- Persistent callbacks ---- */

/* Of three workers at once, two run something persistent. */
static void
run_three(struct visit *visit, PTP_CALLBACK_ENVIRON environ)
{
	PTP_WORK ordinary = work_in(&visit->private, join_crowd,
		&visit->crowd);
	PTP_WORK persistent;

	SetThreadpoolCallbackPersistent(environ);
	persistent = CreateThreadpoolWork(visit_and_stay, visit, environ);
	ck_assert_ptr_nonnull(persistent);
	visit->number = 1;
	SubmitThreadpoolWork(persistent);
	SubmitThreadpoolWork(ordinary);
	ck_assert(TrySubmitThreadpoolCallback(visit_simple, visit, environ));
	tally_await(&visit->crowd.started, 3);
	leave_together(visit);
	finish(ordinary);
	finish(persistent);
}

START_TEST(a_worker_that_ran_a_persistent_callback_stays)
{	/* POOL-38, port-defined */
	struct visit visit;
	PTP_WORK work;

	visit_open(&visit, 0, 3);
	work = work_in(&visit.private, visit_and_stay, &visit);
	run_three(&visit, &visit.private.environ);
	ck_assert_int_eq(visit.found, 2);
	/* The third has gone; and they work for everybody. */
	expect_to_stay(visit.private.pool, 2);
	for (int i = 0; i < 2; i++) {
		visit_again(&visit, work, 2);
		ck_assert_int_eq(visit.found, 2);
		/* What came last was ordinary: they stay all the same. */
		expect_to_stay(visit.private.pool, 2);
	}
	finish(work);
	visit_close(&visit);	/* and with it they go */
}
END_TEST

START_TEST(persistence_begins_with_version_3)
{	/* POOL-25, POOL-38, port-defined */
	struct visit visit;

	visit_open(&visit, 0, 3);
	visit.private.environ.Version = 1;
	run_three(&visit, &visit.private.environ);
	expect_to_stay(visit.private.pool, 1);
	visit_close(&visit);
}
END_TEST

START_TEST(a_persistent_worker_stays_within_the_limits)
{	/* POOL-06, POOL-38, port-defined */
	struct visit visit;
	PTP_WORK work;

	visit_open(&visit, 0, 3);
	work = work_in(&visit.private, visit_and_stay, &visit);
	run_three(&visit, &visit.private.environ);
	expect_to_stay(visit.private.pool, 2);
	SetThreadpoolThreadMaximum(visit.private.pool, 1);
	submit(work, 2);
	tally_await(&visit.crowd.started, 4);
	let_idle_time_pass();
	ck_assert_uint_eq(tally_read(&visit.crowd.started), 4);
	gate_open(&visit.crowd.gate);
	WaitForThreadpoolWorkCallbacks(work, FALSE);
	ck_assert_uint_eq(visit.crowd.most, 3);
	finish(work);
	visit_close(&visit);
}
END_TEST

START_TEST(persistence_is_a_flag_of_the_environment)
{	/* POOL-38, port-defined */
	TP_CALLBACK_ENVIRON environ;

	InitializeThreadpoolEnvironment(&environ);
	SetThreadpoolCallbackPersistent(&environ);
	ck_assert_uint_eq(environ.u.s.Persistent, 1);
	ck_assert_uint_eq(environ.u.s.LongFunction, 0);
	SetThreadpoolCallbackRunsLong(&environ);
	ck_assert_uint_eq(environ.u.Flags, 3);
}
END_TEST

/* ---- The suite ---- */

int
main(void)
{
	Suite *suite = suite_create("pool_threads");
	TCase *small = harness_case(suite, "small");

	tcase_add_test(small, what_is_bound_to_the_one_thread_of_a_pool_lasts);
	tcase_add_test(small,
		a_pool_of_one_thread_gets_no_second_for_its_callbacks);
	tcase_add_test(small, a_worker_that_ran_a_persistent_callback_stays);
	tcase_add_test(small, persistence_begins_with_version_3);
	tcase_add_test(small, a_persistent_worker_stays_within_the_limits);
	tcase_add_test(small, persistence_is_a_flag_of_the_environment);
	return harness_run(suite);
}

/* SPDX-License-Identifier: MIT */
/*
 * test_misuse.c - objects that are used wrongly, and what is said then
 *
 * A section for each code: what is no object, what is closed, what is of
 * another kind, waits for oneself, a closed pool. report.h says how a scene
 * is judged. The wrong use of processes, threads and locks is in
 * test_misuse_system.c.
 *
 * The last test is as important as the others: what is right must not be
 * reported.
 */
#include <sys/wait.h>
#include <unistd.h>

#include "report.h"

/* ---- not-an-object ---- */

static int no_object[64];

static void
submit_something_else(void *unused)
{
	(void)unused;
	SubmitThreadpoolWork((PTP_WORK)(void *)no_object);
}

static void
submit_null(void *unused)
{
	(void)unused;
	SubmitThreadpoolWork(NULL);
}

static void
wait_for_null(void *unused)
{
	(void)unused;
	WaitForThreadpoolWorkCallbacks(NULL, TRUE);
}

static void
close_null(void *unused)
{
	(void)unused;
	CloseThreadpoolWork(NULL);
}

static void
limit_null(void *unused)
{
	(void)unused;
	SetThreadpoolThreadMaximum(NULL, 5);
}

static void
create_in_something_else(void *unused)
{
	TP_CALLBACK_ENVIRON environ;

	(void)unused;
	InitializeThreadpoolEnvironment(&environ);
	SetThreadpoolCallbackPool(&environ, (PTP_POOL)(void *)no_object);
	(void)CreateThreadpoolWork(do_nothing, NULL, &environ);
}

START_TEST(what_is_no_object_is_reported)
{	/* WORK-19, DIAG-24, port-defined */
	expect_report(submit_something_else, "not-an-object",
		"SubmitThreadpoolWork", "WORK-19");
	expect_report(submit_null, "not-an-object",
		"SubmitThreadpoolWork", "WORK-19");
	expect_report(wait_for_null, "not-an-object",
		"WaitForThreadpoolWorkCallbacks", "WORK-19");
	expect_report(close_null, "not-an-object",
		"CloseThreadpoolWork", "WORK-19");
	expect_report(limit_null, "not-an-object",
		"SetThreadpoolThreadMaximum", "WORK-19");
	expect_report(create_in_something_else, "not-an-object",
		"SetThreadpoolCallbackPool", "WORK-19");
}
END_TEST

/* ---- closed-object ---- */

static void
submit_closed(void *unused)
{
	PTP_WORK work = some_work();

	(void)unused;
	CloseThreadpoolWork(work);
	SubmitThreadpoolWork(work);
}

static void
wait_for_closed(void *unused)
{
	PTP_WORK work = some_work();

	(void)unused;
	CloseThreadpoolWork(work);
	WaitForThreadpoolWorkCallbacks(work, FALSE);
}

static void
close_twice(void *unused)
{
	PTP_WORK work = some_work();

	(void)unused;
	CloseThreadpoolWork(work);
	CloseThreadpoolWork(work);
}

static VOID CALLBACK
close_and_submit(PTP_CALLBACK_INSTANCE instance, PVOID context,
	PTP_WORK work)
{
	(void)instance;
	(void)context;
	CloseThreadpoolWork(work);
	SubmitThreadpoolWork(work);	/* it is alive, but closed */
}

static void
submit_closed_in_callback(void *unused)
{
	(void)unused;
	run_work(close_and_submit);
}

static void
close_pool_twice(void *unused)
{
	PTP_POOL pool = CreateThreadpool(NULL);

	(void)unused;
	CloseThreadpool(pool);
	CloseThreadpool(pool);
}

static void
set_minimum_of_closed(void *unused)
{
	PTP_POOL pool = CreateThreadpool(NULL);

	(void)unused;
	CloseThreadpool(pool);
	(void)SetThreadpoolThreadMinimum(pool, 1);
}

static void
try_submit_to_closed_pool(void *unused)
{
	PTP_POOL pool = CreateThreadpool(NULL);
	TP_CALLBACK_ENVIRON environ;

	(void)unused;
	InitializeThreadpoolEnvironment(&environ);
	SetThreadpoolCallbackPool(&environ, pool);
	CloseThreadpool(pool);
	(void)TrySubmitThreadpoolCallback(do_nothing_simple, NULL, &environ);
}

START_TEST(what_is_closed_is_reported)
{	/* WORK-19, DIAG-24, port-defined */
	expect_report(submit_closed, "closed-object",
		"SubmitThreadpoolWork", "WORK-19");
	expect_report(wait_for_closed, "closed-object",
		"WaitForThreadpoolWorkCallbacks", "WORK-19");
	expect_report(close_twice, "closed-object",
		"CloseThreadpoolWork", "WORK-19");
	expect_report(submit_closed_in_callback, "closed-object",
		"SubmitThreadpoolWork", "WORK-19");
	expect_report(close_pool_twice, "closed-object",
		"CloseThreadpool", "WORK-19");
	expect_report(set_minimum_of_closed, "closed-object",
		"SetThreadpoolThreadMinimum", "WORK-19");
	expect_report(try_submit_to_closed_pool, "closed-object",
		"SetThreadpoolCallbackPool", "WORK-19");
}
END_TEST

static struct gate both = GATE_INIT;

static void *
close_at_the_gate(void *work)
{
	gate_wait(&both);
	CloseThreadpoolWork(work);
	return NULL;
}

/* Two threads close one object: one of the two is the second. */
static void
close_twice_at_once(void *unused)
{
	PTP_WORK work = CreateThreadpoolWork(do_nothing, NULL, NULL);
	pthread_t thread;

	(void)unused;
	if (pthread_create(&thread, NULL, close_at_the_gate, work) != 0)
		return;
	gate_await_waiting(&both, 1);
	gate_open(&both);
	CloseThreadpoolWork(work);
	pthread_join(thread, NULL);
}

START_TEST(of_two_threads_that_close_one_object_one_is_reported)
{	/* WORK-19, DIAG-24, port-defined */
	for (int i = 0; i < 20; i++)
		expect_report(close_twice_at_once, "closed-object",
			"CloseThreadpoolWork", "WORK-19");
}
END_TEST

/* An address that is in use again names the new object. */
START_TEST(address_of_a_closed_object_may_be_used_again)
{	/* WORK-19 */
	explore_cannot("explored, no address is used again");
	for (int i = 0; i < 2000; i++) {
		PTP_WORK work = some_work();

		ck_assert_ptr_nonnull(work);
		SubmitThreadpoolWork(work);
		WaitForThreadpoolWorkCallbacks(work, FALSE);
		CloseThreadpoolWork(work);
	}
}
END_TEST

/* ---- wrong-kind ---- */

static void
close_pool_as_work(void *unused)
{
	(void)unused;
	CloseThreadpoolWork((PTP_WORK)(void *)CreateThreadpool(NULL));
}

static void
limit_work(void *unused)
{
	(void)unused;
	SetThreadpoolThreadMaximum((PTP_POOL)(void *)some_work(), 4);
}

START_TEST(object_of_another_kind_is_reported)
{	/* WORK-19, DIAG-24, port-defined */
	expect_report(close_pool_as_work, "wrong-kind",
		"CloseThreadpoolWork", "WORK-19");
	expect_report(limit_work, "wrong-kind",
		"SetThreadpoolThreadMaximum", "WORK-19");
}
END_TEST

/* ---- self-wait ---- */

static VOID CALLBACK
wait_for_itself(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_WORK work)
{
	(void)instance;
	(void)context;
	WaitForThreadpoolWorkCallbacks(work, FALSE);
}

static VOID CALLBACK
cancel_itself(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_WORK work)
{
	(void)instance;
	(void)context;
	WaitForThreadpoolWorkCallbacks(work, TRUE);
}

static void
wait_in_callback(void *unused)
{
	(void)unused;
	run_work(wait_for_itself);
}

static void
cancel_in_callback(void *unused)
{
	(void)unused;
	run_work(cancel_itself);
}

START_TEST(wait_for_oneself_is_reported_instead_of_hanging)
{	/* WORK-20, DIAG-04, DIAG-24, port-defined */
	expect_report(wait_in_callback, "self-wait",
		"WaitForThreadpoolWorkCallbacks", "WORK-20");
	expect_report(cancel_in_callback, "self-wait",
		"WaitForThreadpoolWorkCallbacks", "WORK-20");
}
END_TEST

/* ---- closed-pool ---- */

static void
submit_to_closed_pool(void *unused)
{
	PTP_POOL pool = CreateThreadpool(NULL);
	TP_CALLBACK_ENVIRON environ;
	PTP_WORK work;

	(void)unused;
	InitializeThreadpoolEnvironment(&environ);
	SetThreadpoolCallbackPool(&environ, pool);
	work = CreateThreadpoolWork(do_nothing, NULL, &environ);
	CloseThreadpool(pool);
	SubmitThreadpoolWork(work);
}

START_TEST(submit_to_a_closed_pool_is_reported)
{	/* POOL-21, DIAG-24, port-defined */
	expect_report(submit_to_closed_pool, "closed-pool",
		"SubmitThreadpoolWork", "POOL-21");
}
END_TEST

/* ---- And what is right is not reported ---- */

static void
behave(void *unused)
{
	PTP_POOL pool = CreateThreadpool(NULL);
	TP_CALLBACK_ENVIRON environ;
	PTP_WORK work;

	(void)unused;
	InitializeThreadpoolEnvironment(&environ);
	SetThreadpoolCallbackPool(&environ, pool);
	work = CreateThreadpoolWork(do_nothing, NULL, &environ);
	SubmitThreadpoolWork(work);
	WaitForThreadpoolWorkCallbacks(work, TRUE);
	CloseThreadpoolWork(work);
	CloseThreadpool(pool);
	DestroyThreadpoolEnvironment(&environ);
}

static void
use_pool_after_unused_fork(void *unused)
{
	pid_t child = fork();
	int status;

	(void)unused;
	if (child == 0) {
		behave(NULL);
		_exit(0);
	}
	if (waitpid(child, &status, 0) != child || status != 0)
		abort();
}

START_TEST(right_use_is_not_reported)
{	/* DIAG-24, port-defined */
	ck_assert_str_eq(report_of(behave, NULL, false), "");
	/* A process may fork first and use the pool in the child. */
	ck_assert_str_eq(report_of(use_pool_after_unused_fork, NULL, false),
		"");
}
END_TEST

/* ---- The suite ---- */

int
main(void)
{
	Suite *suite = suite_create("misuse");
	TCase *small = harness_case(suite, "small");

	tcase_add_test(small, what_is_no_object_is_reported);
	tcase_add_test(small, what_is_closed_is_reported);
	tcase_add_test(small,
		of_two_threads_that_close_one_object_one_is_reported);
	tcase_add_test(small, address_of_a_closed_object_may_be_used_again);
	tcase_add_test(small, object_of_another_kind_is_reported);
	tcase_add_test(small, wait_for_oneself_is_reported_instead_of_hanging);
	tcase_add_test(small, submit_to_a_closed_pool_is_reported);
	tcase_add_test(small, right_use_is_not_reported);
	return harness_run(suite);
}

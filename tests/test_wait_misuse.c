/* SPDX-License-Identifier: MIT */
/*
 * test_wait_misuse.c - wait objects used wrongly are reported
 *
 * What a program must not give to a wait object: a mutex, since nobody would
 * own it, or a handle that is none; and what it must not do to one: use it
 * when it is closed, take it for something else, wait for it in its own
 * callback. report.h says how a report is looked for; a build without
 * TP_CHECK makes none.
 */
#include "kernel.h"
#include "report.h"

static VOID CALLBACK
ignore_result(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_WAIT wait,
	TP_WAIT_RESULT result)
{
	(void)instance;
	(void)context;
	(void)wait;
	(void)result;
}

static PTP_WAIT
some_wait(void)
{
	return CreateThreadpoolWait(ignore_result, NULL, NULL);
}

static void
wait_for_a_mutex(void *unused)
{
	(void)unused;
	SetThreadpoolWait(some_wait(), mutex(), NULL);
}

static void
wait_for_a_mutex_by_ex(void *unused)
{
	(void)unused;
	SetThreadpoolWaitEx(some_wait(), mutex(), NULL, NULL);
}

static void
wait_for_a_closed_handle(void *unused)
{
	HANDLE object = event(AUTO, SET);

	(void)unused;
	ck_assert(CloseHandle(object));
	SetThreadpoolWait(some_wait(), object, NULL);
}

static void
wait_for_no_handle(void *unused)
{
	(void)unused;
	SetThreadpoolWait(some_wait(), STALE, NULL);
}

START_TEST(what_cannot_be_waited_for_is_reported)
{	/* WAIT-15, port-defined */
	expect_report(wait_for_a_mutex, "wait-target", "SetThreadpoolWait",
		"WAIT-15");
	expect_report(wait_for_a_mutex_by_ex, "wait-target",
		"SetThreadpoolWaitEx", "WAIT-15");
	expect_report(wait_for_a_closed_handle, "wait-target",
		"SetThreadpoolWait", "WAIT-15");
	expect_report(wait_for_no_handle, "wait-target",
		"SetThreadpoolWait", "WAIT-15");
}
END_TEST

static void
set_a_closed_wait(void *unused)
{
	PTP_WAIT wait = some_wait();

	(void)unused;
	CloseThreadpoolWait(wait);
	SetThreadpoolWait(wait, event(AUTO, SET), NULL);
}

static void
close_a_wait_twice(void *unused)
{
	PTP_WAIT wait = some_wait();

	(void)unused;
	CloseThreadpoolWait(wait);
	CloseThreadpoolWait(wait);
}

static void
set_work_as_a_wait(void *unused)
{
	(void)unused;
	SetThreadpoolWait((PTP_WAIT)(void *)some_work(), NULL, NULL);
}

static VOID CALLBACK
wait_for_oneself(PTP_CALLBACK_INSTANCE instance, PVOID context,
	PTP_WAIT wait, TP_WAIT_RESULT result)
{
	(void)instance;
	(void)context;
	(void)result;
	WaitForThreadpoolWaitCallbacks(wait, TRUE);
}

static void
wait_in_the_own_callback(void *unused)
{
	(void)unused;
	SetThreadpoolWait(CreateThreadpoolWait(wait_for_oneself, NULL, NULL),
		event(AUTO, SET), NULL);
	wait_for_the_end();
}

START_TEST(what_is_done_to_a_wait_that_must_not_be_is_reported)
{	/* WORK-19 */
	expect_report(set_a_closed_wait, "closed-object",
		"SetThreadpoolWait", "WORK-19");
	expect_report(close_a_wait_twice, "closed-object",
		"CloseThreadpoolWait", "WORK-19");
	expect_report(set_work_as_a_wait, "wrong-kind", "SetThreadpoolWait",
		"WORK-19");
}
END_TEST

START_TEST(a_wait_for_oneself_is_reported)
{	/* WORK-20 */
	expect_report(wait_in_the_own_callback, "self-wait",
		"WaitForThreadpoolWaitCallbacks", "WORK-20");
}
END_TEST

/* ---- The suite ---- */

int
main(void)
{
	Suite *suite = suite_create("wait_misuse");
	TCase *small = harness_case(suite, "small");

	if (TP_CHECK) {
		tcase_add_test(small, what_cannot_be_waited_for_is_reported);
		tcase_add_test(small,
			what_is_done_to_a_wait_that_must_not_be_is_reported);
		tcase_add_test(small, a_wait_for_oneself_is_reported);
	}
	return harness_run(suite);
}

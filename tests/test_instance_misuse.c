/* SPDX-License-Identifier: MIT */
/*
 * test_instance_misuse.c - instances that are used wrongly
 *
 * An instance in another thread's hands, and what nobody can do at the end
 * of a callback. report.h says how a scene is judged; the scenes of what is
 * a warning only, and of what is right, go on and must end by themselves.
 * Callbacks that wait for themselves are in the suites of their objects, and
 * what callbacks leave behind on their thread is in test_misuse_state.c.
 */
#include <string.h>

#include "job.h"
#include "report.h"

/* In a child there is nobody to tell: what is wrong ends it. */
static void
require(bool condition)
{
	if (!condition)
		_Exit(3);
}

/* ---- foreign-instance ---- */

static void (*foreign_use)(PTP_CALLBACK_INSTANCE instance);

static void
set_an_event(PTP_CALLBACK_INSTANCE instance)
{
	SetEventWhenCallbackReturns(instance, NULL);
}

static void
release_a_semaphore(PTP_CALLBACK_INSTANCE instance)
{
	ReleaseSemaphoreWhenCallbackReturns(instance, NULL, 1);
}

static void
release_a_mutex(PTP_CALLBACK_INSTANCE instance)
{
	ReleaseMutexWhenCallbackReturns(instance, NULL);
}

static void
leave_a_section(PTP_CALLBACK_INSTANCE instance)
{
	LeaveCriticalSectionWhenCallbackReturns(instance, NULL);
}

static void
free_a_library(PTP_CALLBACK_INSTANCE instance)
{
	FreeLibraryWhenCallbackReturns(instance, NULL);
}

static void
run_long(PTP_CALLBACK_INSTANCE instance)
{
	(void)CallbackMayRunLong(instance);
}

static void
disassociate(PTP_CALLBACK_INSTANCE instance)
{
	DisassociateCurrentThreadFromCallback(instance);
}

static DWORD
use_it_elsewhere(void *instance)
{
	foreign_use(instance);
	return 0;
}

static VOID CALLBACK
lend_the_instance(PTP_CALLBACK_INSTANCE instance, PVOID context,
	PTP_WORK work)
{
	(void)context;
	(void)work;
	(void)join(start(use_it_elsewhere, instance));
}

/* A thread that runs no callback. */
static void
use_on_a_helper(void *unused)
{
	(void)unused;
	run_work(lend_the_instance);
}

struct exchange {
	struct gate met;
	struct tally arrived;
	PTP_CALLBACK_INSTANCE first;
};

static VOID CALLBACK
use_that_of_the_first(PTP_CALLBACK_INSTANCE instance, PVOID context,
	PTP_WORK work)
{
	struct exchange *exchange = context;

	(void)work;
	if (tally_add(&exchange->arrived) == 1) {
		exchange->first = instance;
		gate_wait(&exchange->met);
	} else {
		gate_await_waiting(&exchange->met, 1);
		foreign_use(exchange->first);
		_Exit(0);	/* it should not come to this */
	}
}

/* A thread that runs a callback of its own. */
static void
use_on_another_worker(void *unused)
{
	struct exchange exchange = { .met = GATE_INIT,
		.arrived = TALLY_INIT };
	struct private_pool private;
	PTP_WORK work;

	(void)unused;
	private_pool_open(&private, 2, 2);
	work = CreateThreadpoolWork(use_that_of_the_first, &exchange,
		&private.environ);
	submit(work, 2);
	wait_for_the_end();
}

static VOID CALLBACK
keep_the_instance(PTP_CALLBACK_INSTANCE instance, PVOID context,
	PTP_WORK work)
{
	PTP_CALLBACK_INSTANCE *kept = context;

	(void)work;
	*kept = instance;
}

/* No callback at all any more. */
static void
use_when_it_is_over(void *unused)
{
	PTP_CALLBACK_INSTANCE kept = NULL;
	PTP_WORK work = CreateThreadpoolWork(keep_the_instance, &kept, NULL);

	(void)unused;
	SubmitThreadpoolWork(work);
	WaitForThreadpoolWorkCallbacks(work, FALSE);
	foreign_use(kept);
}

static VOID CALLBACK
use_null(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_WORK work)
{
	(void)instance;
	(void)context;
	(void)work;
	foreign_use(NULL);
}

static void
use_none(void *unused)
{
	(void)unused;
	run_work(use_null);
}

static void
expect_foreign(void (*use)(PTP_CALLBACK_INSTANCE instance), const char *call)
{
	foreign_use = use;
	expect_report(use_on_a_helper, "foreign-instance", call, "INST-13");
	expect_report(use_on_another_worker, "foreign-instance", call,
		"INST-13");
	expect_report(use_when_it_is_over, "foreign-instance", call,
		"INST-13");
	expect_report(use_none, "foreign-instance", call, "INST-13");
}

START_TEST(instance_of_another_callback_gets_no_action)
{	/* INST-13 */
	expect_foreign(set_an_event, "SetEventWhenCallbackReturns");
	expect_foreign(release_a_semaphore,
		"ReleaseSemaphoreWhenCallbackReturns");
	expect_foreign(release_a_mutex, "ReleaseMutexWhenCallbackReturns");
	expect_foreign(leave_a_section,
		"LeaveCriticalSectionWhenCallbackReturns");
	expect_foreign(free_a_library, "FreeLibraryWhenCallbackReturns");
}
END_TEST

START_TEST(another_thread_does_not_ask_for_a_callback_to_run_long)
{	/* INST-13, INST-18 */
	expect_foreign(run_long, "CallbackMayRunLong");
}
END_TEST

START_TEST(another_thread_does_not_disassociate_a_callback)
{	/* INST-13, INST-24 */
	expect_foreign(disassociate, "DisassociateCurrentThreadFromCallback");
}
END_TEST

/* ---- second-action ---- */

static void
ask_for_all_of(PTP_CALLBACK_INSTANCE instance, struct job *job)
{
	SetEventWhenCallbackReturns(instance, job->event);
	ReleaseSemaphoreWhenCallbackReturns(instance, job->semaphore, 1);
	EnterCriticalSection(&job->section);
	LeaveCriticalSectionWhenCallbackReturns(instance, &job->section);
	require(WaitForSingleObject(job->mutex, INFINITE) == WAIT_OBJECT_0);
	ReleaseMutexWhenCallbackReturns(instance, job->mutex);
}

struct twice {
	struct job first, second;
};

static VOID CALLBACK
ask_twice(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_WORK work)
{
	struct twice *twice = context;

	(void)work;
	ask_for_all_of(instance, &twice->first);
	SetEventWhenCallbackReturns(instance, twice->second.event);
	ReleaseSemaphoreWhenCallbackReturns(instance,
		twice->second.semaphore, 1);
	LeaveCriticalSectionWhenCallbackReturns(instance,
		&twice->second.section);
	ReleaseMutexWhenCallbackReturns(instance, twice->second.mutex);
}

/* Of two of a kind the first is performed, and the second is not. */
static void
the_first_counts(void *unused)
{
	struct twice twice = { JOB_INIT, JOB_INIT };
	struct job *first = &twice.first;
	PTP_WORK work;

	(void)unused;
	job_prepare(first, 1);
	job_prepare(&twice.second, 1);
	work = CreateThreadpoolWork(ask_twice, &twice,
		&first->private.environ);
	SubmitThreadpoolWork(work);
	WaitForThreadpoolWorkCallbacks(work, FALSE);
	require(poll(first->event) == WAIT_OBJECT_0);
	require(poll(first->semaphore) == WAIT_OBJECT_0);
	require(poll(first->semaphore) == WAIT_TIMEOUT);
	require(poll(first->mutex) == WAIT_OBJECT_0);
	require(TryEnterCriticalSection(&first->section));
	require(poll(twice.second.event) == WAIT_TIMEOUT);
	require(poll(twice.second.semaphore) == WAIT_TIMEOUT);
}

static unsigned
lines_of(const char *report)
{
	unsigned lines = 0;

	while ((report = strchr(report, '\n')) != NULL) {
		lines++;
		report++;
	}
	return lines;
}

/* The report has this warning among its lines. */
static void
assert_warned(const char *report, const char *code, const char *call,
	const char *rule)
{
	char start[128], cited[32];

	snprintf(start, sizeof(start), "threadpool: warning %s: %s(", code,
		call);
	snprintf(cited, sizeof(cited), " [%s]; ", rule);
	ck_assert_msg(strstr(report, start) != NULL,
		"expected %s...) and got: %s", start, report);
	ck_assert_msg(strstr(report, cited) != NULL,
		"expected the rule%sand got: %s", cited, report);
}

START_TEST(of_two_actions_of_one_kind_the_first_is_performed)
{	/* INST-07, port-defined */
	const char *report = report_of(the_first_counts, NULL, false);

	ck_assert_uint_eq(lines_of(report), 4);
	assert_warned(report, "second-action", "SetEventWhenCallbackReturns",
		"INST-07");
	assert_warned(report, "second-action",
		"ReleaseSemaphoreWhenCallbackReturns", "INST-07");
	assert_warned(report, "second-action",
		"LeaveCriticalSectionWhenCallbackReturns", "INST-07");
	assert_warned(report, "second-action",
		"ReleaseMutexWhenCallbackReturns", "INST-07");
}
END_TEST

/* ---- action-failed ---- */

static VOID CALLBACK
ask_for_the_impossible(PTP_CALLBACK_INSTANCE instance, PVOID context,
	PTP_WORK work)
{
	struct job *job = context;
	HANDLE closed = CreateEventA(NULL, TRUE, FALSE, NULL);

	(void)work;
	EnterCriticalSection(&job->section);
	LeaveCriticalSectionWhenCallbackReturns(instance, &job->section);
	ReleaseMutexWhenCallbackReturns(instance, job->mutex);
	ReleaseSemaphoreWhenCallbackReturns(instance, job->semaphore, 11);
	SetEventWhenCallbackReturns(instance, closed);
	CloseHandle(closed);
	FreeLibraryWhenCallbackReturns(instance, (HMODULE)STALE);
	tally_add(&job->runs);
}

/* Each is impossible; the callback ends nevertheless, and so do others. */
static void
nothing_can_be_done(void *unused)
{
	struct job job = JOB_INIT;

	(void)unused;
	job_open(&job, ask_for_the_impossible, 1);
	submit(job.work, 1);
	WaitForThreadpoolWorkCallbacks(job.work, FALSE);
	require(TryEnterCriticalSection(&job.section));
	LeaveCriticalSection(&job.section);
	require(poll(job.semaphore) == WAIT_TIMEOUT);
	submit(job.work, 1);
	WaitForThreadpoolWorkCallbacks(job.work, FALSE);
	require(tally_read(&job.runs) == 2);
	job_close(&job);
	await(no_thread_is_left, NULL);
}

START_TEST(action_that_is_impossible_is_reported_and_the_pool_goes_on)
{	/* INST-10 */
	const char *report = report_of(nothing_can_be_done, NULL, false);

	ck_assert_uint_eq(lines_of(report), 8);
	assert_warned(report, "action-failed", "SetEventWhenCallbackReturns",
		"INST-10");
	assert_warned(report, "action-failed",
		"ReleaseSemaphoreWhenCallbackReturns", "INST-10");
	assert_warned(report, "action-failed",
		"ReleaseMutexWhenCallbackReturns", "INST-10");
	assert_warned(report, "action-failed",
		"FreeLibraryWhenCallbackReturns", "INST-10");
}
END_TEST

static VOID CALLBACK
ask_without_a_handle(PTP_CALLBACK_INSTANCE instance, PVOID context,
	PTP_WORK work)
{
	struct job *job = context;

	(void)work;
	SetEventWhenCallbackReturns(instance, NULL);
	ReleaseSemaphoreWhenCallbackReturns(instance, job->semaphore, 0);
	tally_add(&job->runs);
}

static VOID CALLBACK
ask_for_too_many(PTP_CALLBACK_INSTANCE instance, PVOID context,
	PTP_WORK work)
{
	struct job *job = context;

	(void)work;
	SetEventWhenCallbackReturns(instance, job->mutex);
	ReleaseMutexWhenCallbackReturns(instance, job->semaphore);
	/* More than a LONG, and not a negative number. */
	ReleaseSemaphoreWhenCallbackReturns(instance, job->semaphore,
		UINT32_MAX);
}

static void
handles_of_other_kinds(void *callback)
{
	struct job job = JOB_INIT;

	job_open(&job, callback == NULL ? ask_without_a_handle :
		ask_for_too_many, 1);
	submit(job.work, 1);
	job_close(&job);
}

START_TEST(handle_of_another_kind_and_senseless_count_are_reported)
{	/* INST-10 */
	static int other;

	ck_assert_uint_eq(lines_of(report_of(handles_of_other_kinds, NULL,
		false)), 2);
	ck_assert_uint_eq(lines_of(report_of(handles_of_other_kinds, &other,
		false)), 3);
}
END_TEST

static VOID CALLBACK
leave_what_is_not_entered(PTP_CALLBACK_INSTANCE instance, PVOID context,
	PTP_WORK work)
{
	static CRITICAL_SECTION section;

	(void)context;
	(void)work;
	InitializeCriticalSection(&section);
	LeaveCriticalSectionWhenCallbackReturns(instance, &section);
}

static void
leave_a_section_of_nobody(void *unused)
{
	(void)unused;
	run_work(leave_what_is_not_entered);
}

START_TEST(section_that_was_not_entered_is_reported)
{	/* INST-04, INST-10 */
	expect_report(leave_a_section_of_nobody, "section-not-owner",
		"LeaveCriticalSection", "KOBJ-17");
}
END_TEST

/* ---- One level only ---- */

static VOID CALLBACK
take_the_mutex_twice(PTP_CALLBACK_INSTANCE instance, PVOID context,
	PTP_WORK work)
{
	HANDLE twice = CreateMutexA(NULL, TRUE, NULL);

	(void)context;
	(void)work;
	require(WaitForSingleObject(twice, 0) == WAIT_OBJECT_0);
	ReleaseMutexWhenCallbackReturns(instance, twice);
}

static void
keep_a_mutex_that_was_released_once(void *unused)
{
	(void)unused;
	run_work(take_the_mutex_twice);
}

START_TEST(mutex_is_released_once_and_no_more)
{	/* INST-03 */
	expect_report(keep_a_mutex_that_was_released_once, "mutex-kept",
		"callback", "DIAG-08");
}
END_TEST

/* ---- What is right ---- */

static VOID CALLBACK
ask_rightly(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_WORK work)
{
	struct job *job = context;

	(void)work;
	ask_for_all_of(instance, job);
	(void)CallbackMayRunLong(instance);
	(void)CallbackMayRunLong(instance);
	DisassociateCurrentThreadFromCallback(instance);
	DisassociateCurrentThreadFromCallback(instance);
	WaitForThreadpoolWorkCallbacks(work, FALSE);
	tally_add(&job->runs);
}

static void
use_it_rightly(void *unused)
{
	struct job job = JOB_INIT;

	(void)unused;
	job_open(&job, ask_rightly, 1);
	for (unsigned long i = 1; i <= 3; i++) {
		submit(job.work, 1);
		tally_await(&job.runs, i);
	}
	job_close(&job);
	await(no_thread_is_left, NULL);
}

START_TEST(right_use_of_an_instance_is_not_reported)
{	/* INST-13, INST-24 */
	ck_assert_str_eq(report_of(use_it_rightly, NULL, false), "");
}
END_TEST

/* ---- The suite ---- */

static void
add_reports(TCase *small)
{
	tcase_add_test(small, instance_of_another_callback_gets_no_action);
	tcase_add_test(small,
		another_thread_does_not_ask_for_a_callback_to_run_long);
	tcase_add_test(small,
		another_thread_does_not_disassociate_a_callback);
	tcase_add_test(small,
		of_two_actions_of_one_kind_the_first_is_performed);
	tcase_add_test(small,
		action_that_is_impossible_is_reported_and_the_pool_goes_on);
	tcase_add_test(small,
		handle_of_another_kind_and_senseless_count_are_reported);
	tcase_add_test(small, section_that_was_not_entered_is_reported);
	tcase_add_test(small, mutex_is_released_once_and_no_more);
	tcase_add_test(small, right_use_of_an_instance_is_not_reported);
}

int
main(void)
{
	Suite *suite = suite_create("instance_misuse");
	TCase *small = harness_case(suite, "small");

	if (TP_CHECK)
		add_reports(small);
	return harness_run(suite);
}

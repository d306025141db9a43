/* SPDX-License-Identifier: MIT */
/*
 * test_misuse_thread.c - threads that end, and crash, in a callback
 *
 * A worker that is cancelled from outside never gives back what it counted:
 * that is reported (report.h; test_races.c has one that ends itself). A crash
 * in a callback is reported as that callback's, and then ends the program as
 * it would have; a sanitizer has its own way, and there these tests are not.
 */
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "kernel.h"
#include "report.h"

#include "../ref/misuse.h"

/* ---- Threads that are ended ---- */

static pthread_t worker;	/* written before `running` is signalled */
static HANDLE running, go_on;

static VOID CALLBACK
pause_for_ever(PTP_CALLBACK_INSTANCE instance, PVOID context)
{
	(void)instance;
	(void)context;
	worker = pthread_self();
	SetEvent(running);
	for (;;)
		pause();
}

static void
cancel_worker(void *unused)
{
	(void)unused;
	running = event(AUTO, UNSET);
	TrySubmitThreadpoolCallback(pause_for_ever, NULL, NULL);
	WaitForSingleObject(running, INFINITE);
	pthread_cancel(worker);
	wait_for_the_end();
}

START_TEST(worker_that_is_cancelled_in_a_callback_is_reported)
{	/* DIAG-05, DIAG-24, INST-30, port-defined */
	expect_report(cancel_worker, "thread-exit", "pthread_exit",
		"INST-30");
}
END_TEST

static VOID CALLBACK
wait_to_go_on(PTP_CALLBACK_INSTANCE instance, PVOID context)
{
	(void)instance;
	(void)context;
	worker = pthread_self();
	SetEvent(running);
	WaitForSingleObject(go_on, INFINITE);
}

static void
cancel_waiting_worker(void *unused)
{
	struct private_pool private;
	PTP_WORK next;

	(void)unused;
	running = event(AUTO, UNSET);
	go_on = event(AUTO, UNSET);
	private_pool_open(&private, 1, 1);
	next = CreateThreadpoolWork(do_nothing, NULL, &private.environ);
	TrySubmitThreadpoolCallback(wait_to_go_on, NULL, &private.environ);
	WaitForSingleObject(running, INFINITE);
	pthread_cancel(worker);
	SetEvent(go_on);
	SubmitThreadpoolWork(next);
	WaitForThreadpoolWorkCallbacks(next, FALSE);
}

/* It would take effect in code of the program only. */
START_TEST(cancelled_worker_does_not_end_in_code_of_the_pool)
{	/* DIAG-05 */
	expect_no_report(cancel_waiting_worker);
}
END_TEST

/* ---- Crashes ---- */

/* Ends with the report if the program that it forks dies by that signal. */
static void
expect_death(void (*program)(void), int number)
{
	pid_t child = fork();
	int status;

	if (child == 0) {
		program();
		_exit(0);
	}
	if (waitpid(child, &status, 0) == child && WIFSIGNALED(status) &&
	    WTERMSIG(status) == number)
		abort();
}

static VOID CALLBACK
write_to_nowhere(PTP_CALLBACK_INSTANCE instance, PVOID context,
	PTP_WORK work)
{
	int *volatile nowhere = (int *)(uintptr_t)64;

	(void)instance;
	(void)context;
	(void)work;
	*nowhere = 1;
}

static void
crash_in_work(void)
{
	run_work(write_to_nowhere);
}

static void
die_of_a_fault(void *unused)
{
	(void)unused;
	expect_death(crash_in_work, SIGSEGV);
}

static VOID CALLBACK
give_up(PTP_CALLBACK_INSTANCE instance, PVOID context)
{
	(void)instance;
	(void)context;
	abort();
}

static void
abort_in_callback(void *unused)
{
	(void)unused;
	run_simple(give_up);
}

START_TEST(crash_in_a_callback_is_reported_as_its_own)
{	/* DIAG-09, DIAG-24, port-defined */
	PTP_WORK_CALLBACK callback = write_to_nowhere;
	char expected[64];
	void *address;

	expect_report(die_of_a_fault, "crash", "callback", "DIAG-09");
	memcpy(&address, &callback, sizeof(address));
	snprintf(expected, sizeof(expected),
		"callback(%p): SIGSEGV (work) ", address);
	ck_assert_ptr_nonnull(strstr(report_of(die_of_a_fault, NULL, true),
		expected));
	expect_report(abort_in_callback, "crash", "callback", "DIAG-09");
}
END_TEST

static void
crash_outside(void)
{
	CloseThreadpoolWork(some_work());
	raise(SIGSEGV);
}

static void
die_outside(void *unused)
{
	(void)unused;
	expect_death(crash_outside, SIGSEGV);
}

START_TEST(crash_outside_of_callbacks_is_not_reported)
{	/* DIAG-09 */
	ck_assert_str_eq(report_of(die_outside, NULL, true), "");
}
END_TEST

static void
say_mine(int number)
{
	(void)number;
	(void)!write(STDERR_FILENO, "mine\n", 5);
	_exit(0);
}

static void
handle_myself(void *unused)
{
	struct sigaction action = { .sa_handler = say_mine };

	(void)unused;
	sigemptyset(&action.sa_mask);
	sigaction(SIGSEGV, &action, NULL);
	crash_in_work();
}

static void
handle_myself_later(void *unused)
{
	CloseThreadpoolWork(some_work());
	handle_myself(unused);
}

START_TEST(crash_that_the_program_handles_is_left_to_it)
{	/* DIAG-09 */
	ck_assert_str_eq(report_of(handle_myself, NULL, false), "mine\n");
	ck_assert_str_eq(report_of(handle_myself_later, NULL, false),
		"mine\n");
}
END_TEST

/* ---- The suite ---- */

int
main(void)
{
	Suite *suite = suite_create("misuse_thread");
	TCase *small = harness_case(suite, "small");

	if (TP_CHECK)
		tcase_add_test(small,
			worker_that_is_cancelled_in_a_callback_is_reported);
	tcase_add_test(small,
		cancelled_worker_does_not_end_in_code_of_the_pool);
	if (TP_CHECK && !TP_SANITIZED) {
		tcase_add_test(small,
			crash_in_a_callback_is_reported_as_its_own);
		tcase_add_test(small,
			crash_outside_of_callbacks_is_not_reported);
	}
	tcase_add_test(small, crash_that_the_program_handles_is_left_to_it);
	return harness_run(suite);
}

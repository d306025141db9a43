/* SPDX-License-Identifier: MIT */
/*
 * test_misuse_system.c - misuse around the pool: fork, exit, locks
 *
 * A child of fork has none of the parent's threads, so a pool that was used
 * before cannot work in it; a callback may not end its thread; and locks can
 * be released by those who do not hold them. Each must end with a report
 * (report.h), where it would else hang or break something later.
 */
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "report.h"

/* ---- after-fork ---- */

/* What the child writes and how it ends becomes the scene's own. */
static void
end_as(pid_t child)
{
	int status;

	if (waitpid(child, &status, 0) == child && WIFSIGNALED(status) &&
	    WTERMSIG(status) == SIGABRT)
		abort();
}

static void
submit_after_fork(void *unused)
{
	PTP_WORK work = some_work();
	pid_t child = fork();

	(void)unused;
	if (child == 0) {
		SubmitThreadpoolWork(work);
		_exit(0);
	}
	end_as(child);
}

static void
close_after_fork(void *unused)
{
	PTP_WORK work = some_work();
	pid_t child = fork();

	(void)unused;
	if (child == 0) {
		CloseThreadpoolWork(work);
		_exit(0);
	}
	end_as(child);
}

static void
create_after_fork(void *unused)
{
	pid_t child;

	(void)unused;
	CloseThreadpoolWork(some_work());
	child = fork();
	if (child == 0) {
		(void)some_work();
		_exit(0);
	}
	end_as(child);
}

static void
try_submit_after_fork(void *unused)
{
	pid_t child;

	(void)unused;
	TrySubmitThreadpoolCallback(do_nothing_simple, NULL, NULL);
	child = fork();
	if (child == 0) {
		TrySubmitThreadpoolCallback(do_nothing_simple, NULL, NULL);
		_exit(0);
	}
	end_as(child);
}

static void
create_pool_after_fork(void *unused)
{
	pid_t child;

	(void)unused;
	CloseThreadpool(CreateThreadpool(NULL));
	child = fork();
	if (child == 0) {
		(void)CreateThreadpool(NULL);
		_exit(0);
	}
	end_as(child);
}

START_TEST(first_call_in_a_forked_child_is_reported)
{	/* GROUP-28, DIAG-24, port-defined */
	expect_report(submit_after_fork, "after-fork",
		"SubmitThreadpoolWork", "GROUP-28");
	expect_report(close_after_fork, "after-fork",
		"CloseThreadpoolWork", "GROUP-28");
	expect_report(create_after_fork, "after-fork",
		"CreateThreadpoolWork", "GROUP-28");
	expect_report(try_submit_after_fork, "after-fork",
		"TrySubmitThreadpoolCallback", "GROUP-28");
	expect_report(create_pool_after_fork, "after-fork",
		"CreateThreadpool", "GROUP-28");
}
END_TEST

/* ---- thread-exit ---- */

static VOID CALLBACK
exit_thread(PTP_CALLBACK_INSTANCE instance, PVOID context)
{
	(void)instance;
	(void)context;
	ExitThread(0);
}

static void
exit_in_callback(void *unused)
{
	(void)unused;
	run_simple(exit_thread);
}

START_TEST(end_of_the_thread_inside_a_callback_is_reported)
{	/* INST-30, DIAG-24, port-defined */
	expect_report(exit_in_callback, "thread-exit", "ExitThread",
		"INST-30");
}
END_TEST

/* ---- Sections and slim locks ---- */

static void
enter_uninitialised(void *unused)
{
	CRITICAL_SECTION section;

	(void)unused;
	memset(&section, 0, sizeof(section));
	EnterCriticalSection(&section);
}

static void
enter_deleted(void *unused)
{
	CRITICAL_SECTION section;

	(void)unused;
	InitializeCriticalSection(&section);
	DeleteCriticalSection(&section);
	EnterCriticalSection(&section);
}

static void
leave_what_was_not_entered(void *unused)
{
	CRITICAL_SECTION section;

	(void)unused;
	InitializeCriticalSection(&section);
	EnterCriticalSection(&section);
	LeaveCriticalSection(&section);
	LeaveCriticalSection(&section);
}

static void
delete_while_inside(void *unused)
{
	CRITICAL_SECTION section;

	(void)unused;
	InitializeCriticalSection(&section);
	EnterCriticalSection(&section);
	DeleteCriticalSection(&section);
}

static void
release_slim_lock(void *unused)
{
	SRWLOCK lock = SRWLOCK_INIT;

	(void)unused;
	ReleaseSRWLockExclusive(&lock);
}

START_TEST(misused_critical_sections_are_reported)
{	/* KOBJ-17, DIAG-24, port-defined */
	expect_report(enter_uninitialised, "section-uninitialised",
		"EnterCriticalSection", "KOBJ-17");
	expect_report(enter_deleted, "section-uninitialised",
		"EnterCriticalSection", "KOBJ-17");
	expect_report(leave_what_was_not_entered, "section-not-owner",
		"LeaveCriticalSection", "KOBJ-17");
	expect_report(delete_while_inside, "section-in-use",
		"DeleteCriticalSection", "KOBJ-17");
}
END_TEST

START_TEST(release_of_a_slim_lock_not_held_is_reported)
{	/* DIAG-24, port-defined */
	expect_report(release_slim_lock, "slim-lock-not-held",
		"ReleaseSRWLockExclusive", "Win32");
}
END_TEST

/* ---- The suite ---- */

int
main(void)
{
	Suite *suite = suite_create("misuse_system");
	TCase *small = harness_case(suite, "small");

	tcase_add_test(small, first_call_in_a_forked_child_is_reported);
	tcase_add_test(small, end_of_the_thread_inside_a_callback_is_reported);
	tcase_add_test(small, misused_critical_sections_are_reported);
	tcase_add_test(small, release_of_a_slim_lock_not_held_is_reported);
	return harness_run(suite);
}

/* SPDX-License-Identifier: MIT */
/*
 * test_misuse_system.c - misuse around the pool: fork, exit, locks
 *
 * A child of fork has none of the parent's threads, so a pool that was used
 * before cannot work in it; a callback may not end its thread; and locks can
 * be released by those who do not hold them. Each must end with a report
 * (report.h), where it would else hang or break something later.
 */
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "report.h"

#include "../ref/readiness.h"

/* ---- after-fork ---- */

/* Ends as the child has ended, if that was by abort(). */
static void
end_like(pid_t child)
{
	int status;

	if (waitpid(child, &status, 0) != child || !WIFSIGNALED(status) ||
	    WTERMSIG(status) != SIGABRT)
		return;
	(void)signal(SIGABRT, SIG_DFL);		/* without another report */
	abort();
}

/* What the child writes and how it ends becomes the scene's own. */
static void
call_in_a_child(void (*call)(void *argument), void *argument)
{
	pid_t child = fork();

	if (child == 0) {
		call(argument);
		_exit(0);
	}
	end_like(child);
}

/* First here, so that there is something for the child to have a copy of. */
static void
call_here_and_in_a_child(void (*call)(void *argument))
{
	call(NULL);
	call_in_a_child(call, NULL);
}

static void
submit(void *work)
{
	SubmitThreadpoolWork(work);
}

static void
submit_after_fork(void *unused)
{
	(void)unused;
	call_in_a_child(submit, some_work());
}

static void
close_work(void *work)
{
	CloseThreadpoolWork(work);
}

static void
close_after_fork(void *unused)
{
	(void)unused;
	call_in_a_child(close_work, some_work());
}

static void
create(void *unused)
{
	(void)unused;
	CloseThreadpoolWork(some_work());
}

static void
create_after_fork(void *unused)
{
	(void)unused;
	call_here_and_in_a_child(create);
}

static void
try_submit(void *unused)
{
	(void)unused;
	TrySubmitThreadpoolCallback(do_nothing_simple, NULL, NULL);
}

static void
try_submit_after_fork(void *unused)
{
	(void)unused;
	call_here_and_in_a_child(try_submit);
}

static void
create_pool(void *unused)
{
	(void)unused;
	CloseThreadpool(CreateThreadpool(NULL));
}

static void
create_pool_after_fork(void *unused)
{
	(void)unused;
	call_here_and_in_a_child(create_pool);
}

static void
open_readiness(void *unused)
{
	(void)unused;
	CloseHandle(tp_open_readiness(STDIN_FILENO, POLLIN));
}

static void
open_readiness_after_fork(void *unused)
{
	(void)unused;
	call_here_and_in_a_child(open_readiness);
}

static void
create_waitable_timer(void *unused)
{
	(void)unused;
	CloseHandle(CreateWaitableTimerA(NULL, FALSE, NULL));
}

static void
create_waitable_timer_after_fork(void *unused)
{
	(void)unused;
	call_here_and_in_a_child(create_waitable_timer);
}

static void
set_waitable_timer(void *timer)
{
	LARGE_INTEGER due = { .QuadPart = -1 };

	SetWaitableTimer(timer, &due, 0, NULL, NULL, FALSE);
}

static void
set_waitable_timer_after_fork(void *unused)
{
	(void)unused;
	call_in_a_child(set_waitable_timer,
		CreateWaitableTimerA(NULL, FALSE, NULL));
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
	expect_report(open_readiness_after_fork, "after-fork",
		"tp_open_readiness", "GROUP-28");
	expect_report(create_waitable_timer_after_fork, "after-fork",
		"CreateWaitableTimer", "GROUP-28");
	expect_report(set_waitable_timer_after_fork, "after-fork",
		"SetWaitableTimer", "GROUP-28");
}
END_TEST

/* A worker's copy would go on, as a worker without a pool. */
static VOID CALLBACK
return_twice(PTP_CALLBACK_INSTANCE instance, PVOID context)
{
	pid_t child = fork();

	(void)instance;
	(void)context;
	if (child == 0)
		return;
	end_like(child);
	_exit(0);
}

static void
fork_and_return(void *unused)
{
	(void)unused;
	run_simple(return_twice);
}

static void
ask_to_run_long(void *instance)
{
	(void)CallbackMayRunLong(instance);
}

static VOID CALLBACK
ask_in_a_child(PTP_CALLBACK_INSTANCE instance, PVOID context)
{
	(void)context;
	call_in_a_child(ask_to_run_long, instance);
	_exit(0);
}

static void
fork_and_ask(void *unused)
{
	(void)unused;
	run_simple(ask_in_a_child);
}

START_TEST(callback_that_forks_must_not_return_in_the_child)
{	/* GROUP-28, INST-29, DIAG-24, port-defined */
	expect_report(fork_and_return, "after-fork", "callback", "GROUP-28");
	expect_report(fork_and_ask, "after-fork", "CallbackMayRunLong",
		"GROUP-28");
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
	tcase_add_test(small,
		callback_that_forks_must_not_return_in_the_child);
	tcase_add_test(small, end_of_the_thread_inside_a_callback_is_reported);
	tcase_add_test(small, misused_critical_sections_are_reported);
	tcase_add_test(small, release_of_a_slim_lock_not_held_is_reported);
	return harness_run(suite);
}

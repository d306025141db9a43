/* SPDX-License-Identifier: MIT */
/*
 * test_groups_misuse.c - cleanup groups used wrongly are reported
 *
 * What a program must not do: use a member when its group has closed it,
 * close the members in a callback of one of them, close a group that still
 * has members, use a group that is closed, and close its members in the
 * child of a fork. report.h says how a report is looked for.
 */
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "report.h"

/* A group in the default pool, for as long as the scene lasts. */
static PTP_CLEANUP_GROUP group;
static TP_CALLBACK_ENVIRON environ_of_group;

static VOID CALLBACK
close_the_group(PVOID context, PVOID cleanup)
{
	(void)context;
	(void)cleanup;
	CloseThreadpoolCleanupGroupMembers(group, FALSE, NULL);
}

static PTP_CALLBACK_ENVIRON
in_a_group(void)
{
	group = CreateThreadpoolCleanupGroup();
	InitializeThreadpoolEnvironment(&environ_of_group);
	SetThreadpoolCallbackCleanupGroup(&environ_of_group, group,
		close_the_group);
	return &environ_of_group;
}

static void
close_members(void)
{
	CloseThreadpoolCleanupGroupMembers(group, FALSE, NULL);
}

/* ---- Members that have been closed ---- */

static VOID CALLBACK
nothing_timer(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_TIMER timer)
{
	(void)instance;
	(void)context;
	(void)timer;
}

static VOID CALLBACK
nothing_wait(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_WAIT wait,
	TP_WAIT_RESULT result)
{
	(void)instance;
	(void)context;
	(void)wait;
	(void)result;
}

static PTP_WORK
former_work(void)
{
	PTP_WORK work = CreateThreadpoolWork(do_nothing, NULL, in_a_group());

	close_members();
	return work;
}

static PTP_TIMER
former_timer(void)
{
	PTP_TIMER timer = CreateThreadpoolTimer(nothing_timer, NULL,
		in_a_group());

	close_members();
	return timer;
}

static PTP_WAIT
former_wait(void)
{
	PTP_WAIT wait = CreateThreadpoolWait(nothing_wait, NULL,
		in_a_group());

	close_members();
	return wait;
}

static void
submit_former(void *unused)
{
	(void)unused;
	SubmitThreadpoolWork(former_work());
}

static void
wait_for_former(void *unused)
{
	(void)unused;
	WaitForThreadpoolWorkCallbacks(former_work(), FALSE);
}

static void
close_former(void *unused)
{
	(void)unused;
	CloseThreadpoolWork(former_work());
}

static void
set_former_timer(void *unused)
{
	(void)unused;
	SetThreadpoolTimer(former_timer(), NULL, 0, 0);
}

static void
set_former_wait(void *unused)
{
	(void)unused;
	SetThreadpoolWait(former_wait(), NULL, NULL);
}

START_TEST(use_of_members_that_the_group_has_closed_is_reported)
{	/* GROUP-07, WORK-19 */
	expect_report(submit_former, "closed-object",
		"SubmitThreadpoolWork", "WORK-19");
	expect_report(wait_for_former, "closed-object",
		"WaitForThreadpoolWorkCallbacks", "WORK-19");
	expect_report(close_former, "closed-object", "CloseThreadpoolWork",
		"WORK-19");
	expect_report(set_former_timer, "closed-object",
		"SetThreadpoolTimer", "WORK-19");
	expect_report(set_former_wait, "closed-object", "SetThreadpoolWait",
		"WORK-19");
}
END_TEST

/* ---- In a callback of the group ---- */

static VOID CALLBACK
close_in_work(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_WORK work)
{
	(void)instance;
	(void)context;
	(void)work;
	close_members();
}

static VOID CALLBACK
close_disassociated(PTP_CALLBACK_INSTANCE instance, PVOID context,
	PTP_WORK work)
{
	(void)context;
	(void)work;
	DisassociateCurrentThreadFromCallback(instance);
	close_members();
}

static VOID CALLBACK
close_in_timer(PTP_CALLBACK_INSTANCE instance, PVOID context,
	PTP_TIMER timer)
{
	(void)instance;
	(void)context;
	(void)timer;
	close_members();
}

static VOID CALLBACK
close_in_wait(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_WAIT wait,
	TP_WAIT_RESULT result)
{
	(void)instance;
	(void)context;
	(void)wait;
	(void)result;
	close_members();
}

static VOID CALLBACK
close_in_simple(PTP_CALLBACK_INSTANCE instance, PVOID context)
{
	(void)instance;
	(void)context;
	close_members();
}

static void
work_closes(void *unused)
{
	(void)unused;
	SubmitThreadpoolWork(CreateThreadpoolWork(close_in_work, NULL,
		in_a_group()));
	wait_for_the_end();
}

static void
disassociated_work_closes(void *unused)
{
	(void)unused;
	SubmitThreadpoolWork(CreateThreadpoolWork(close_disassociated, NULL,
		in_a_group()));
	wait_for_the_end();
}

static void
timer_closes(void *unused)
{
	FILETIME now = { 0, 0 };

	(void)unused;
	SetThreadpoolTimer(CreateThreadpoolTimer(close_in_timer, NULL,
		in_a_group()), &now, 0, 0);
	wait_for_the_end();
}

static void
wait_closes(void *unused)
{
	HANDLE event = CreateEventA(NULL, TRUE, TRUE, NULL);

	(void)unused;
	SetThreadpoolWait(CreateThreadpoolWait(close_in_wait, NULL,
		in_a_group()), event, NULL);
	wait_for_the_end();
}

static void
simple_closes(void *unused)
{
	(void)unused;
	(void)TrySubmitThreadpoolCallback(close_in_simple, NULL,
		in_a_group());
	wait_for_the_end();
}

/* The call that it would wait for is the one that calls it. */
static void
cancel_callback_closes(void *unused)
{
	(void)unused;
	(void)CreateThreadpoolWork(do_nothing, NULL, in_a_group());
	CloseThreadpoolCleanupGroupMembers(group, TRUE, NULL);
}

START_TEST(a_callback_that_closes_its_own_group_is_reported)
{	/* GROUP-24, DIAG-04 */
	static void (*const scenes[])(void *unused) = {
		work_closes, disassociated_work_closes, timer_closes,
		wait_closes, simple_closes, cancel_callback_closes
	};

	for (unsigned i = 0; i < sizeof(scenes) / sizeof(*scenes); i++)
		expect_report(scenes[i], "self-wait",
			"CloseThreadpoolCleanupGroupMembers", "GROUP-24");
}
END_TEST

/* ---- The end of a group ---- */

static void
close_group_with_a_member(void *unused)
{
	(void)unused;
	(void)CreateThreadpoolWork(do_nothing, NULL, in_a_group());
	CloseThreadpoolCleanupGroup(group);
}

static struct gate gate = GATE_INIT;

static VOID CALLBACK
stand_at_the_gate(PTP_CALLBACK_INSTANCE instance, PVOID context,
	PTP_WORK work)
{
	(void)instance;
	(void)context;
	(void)work;
	gate_wait(&gate);
}

/* The member has been closed by hand, but its callback runs. */
static void
close_group_under_a_callback(void *unused)
{
	PTP_WORK work = CreateThreadpoolWork(stand_at_the_gate, NULL,
		in_a_group());

	(void)unused;
	SubmitThreadpoolWork(work);
	gate_await_waiting(&gate, 1);
	CloseThreadpoolWork(work);
	CloseThreadpoolCleanupGroup(group);
}

/* ---- The group goes while its members are being closed ---- */

static VOID CALLBACK
close_group_at_the_last(PVOID context, PVOID cleanup)
{
	(void)cleanup;
	if (context == group)
		CloseThreadpoolCleanupGroup(group);
}

/* All members are closed, but the call still needs the group. */
static void
cancel_callback_closes_the_group(void *unused)
{
	PTP_CALLBACK_ENVIRON environ = in_a_group();

	(void)unused;
	SetThreadpoolCallbackCleanupGroup(environ, group,
		close_group_at_the_last);
	(void)CreateThreadpoolWork(do_nothing, NULL, environ);
	(void)CreateThreadpoolWork(do_nothing, group, environ);
	CloseThreadpoolCleanupGroupMembers(group, TRUE, NULL);
}

START_TEST(closing_a_group_while_its_members_are_closed_is_reported)
{	/* GROUP-26 */
	expect_report(cancel_callback_closes_the_group, "group-in-use",
		"CloseThreadpoolCleanupGroup", "GROUP-26");
}
END_TEST

START_TEST(closing_a_group_that_has_members_is_reported)
{	/* GROUP-26 */
	expect_report(close_group_with_a_member, "group-in-use",
		"CloseThreadpoolCleanupGroup", "GROUP-26");
	expect_report(close_group_under_a_callback, "group-in-use",
		"CloseThreadpoolCleanupGroup", "GROUP-26");
}
END_TEST

/* The report is about the program: nothing of it is wrong here. */
START_TEST(closing_a_group_that_is_empty_is_not)
{	/* GROUP-26, GROUP-27 */
	(void)in_a_group();
	CloseThreadpoolWork(CreateThreadpoolWork(do_nothing, NULL,
		&environ_of_group));
	(void)CreateThreadpoolWork(do_nothing, NULL, &environ_of_group);
	close_members();
	CloseThreadpoolCleanupGroup(group);
}
END_TEST

/* ---- Groups that are none ---- */

static void
close_group_twice(void *unused)
{
	(void)unused;
	(void)in_a_group();
	CloseThreadpoolCleanupGroup(group);
	CloseThreadpoolCleanupGroup(group);
}

static void
close_members_of_a_closed_group(void *unused)
{
	(void)unused;
	(void)in_a_group();
	CloseThreadpoolCleanupGroup(group);
	close_members();
}

static void
join_a_closed_group(void *unused)
{
	(void)unused;
	(void)in_a_group();
	CloseThreadpoolCleanupGroup(group);
	(void)CreateThreadpoolWork(do_nothing, NULL, &environ_of_group);
}

static void
close_members_of_nothing(void *unused)
{
	(void)unused;
	CloseThreadpoolCleanupGroupMembers(NULL, FALSE, NULL);
}

static void
close_work_as_a_group(void *unused)
{
	(void)unused;
	CloseThreadpoolCleanupGroup((PTP_CLEANUP_GROUP)(void *)some_work());
}

START_TEST(groups_used_wrongly_are_reported)
{	/* WORK-19, DIAG-24, port-defined */
	expect_report(close_group_twice, "closed-object",
		"CloseThreadpoolCleanupGroup", "WORK-19");
	expect_report(close_members_of_a_closed_group, "closed-object",
		"CloseThreadpoolCleanupGroupMembers", "WORK-19");
	expect_report(join_a_closed_group, "closed-object",
		"SetThreadpoolCallbackCleanupGroup", "WORK-19");
	expect_report(close_members_of_nothing, "not-an-object",
		"CloseThreadpoolCleanupGroupMembers", "WORK-19");
	expect_report(close_work_as_a_group, "wrong-kind",
		"CloseThreadpoolCleanupGroup", "WORK-19");
}
END_TEST

/* ---- Too late: the threads are gone ---- */

/* The child ends as its own child does. */
static void
close_members_after_fork(void *unused)
{
	pid_t child;
	int status;

	(void)unused;
	(void)CreateThreadpoolWork(do_nothing, NULL, in_a_group());
	child = fork();
	if (child == 0) {
		close_members();
		_exit(0);
	}
	if (waitpid(child, &status, 0) == child && WIFSIGNALED(status))
		(void)raise(WTERMSIG(status));
}

START_TEST(closing_members_in_a_forked_child_is_reported)
{	/* GROUP-28 */
	expect_report(close_members_after_fork, "after-fork",
		"CloseThreadpoolCleanupGroupMembers", "GROUP-28");
}
END_TEST

/* ---- The suite ---- */

int
main(void)
{
	Suite *suite = suite_create("groups_misuse");
	TCase *small = harness_case(suite, "small");

	tcase_add_test(small,
		use_of_members_that_the_group_has_closed_is_reported);
	tcase_add_test(small,
		a_callback_that_closes_its_own_group_is_reported);
	tcase_add_test(small, closing_a_group_that_has_members_is_reported);
	tcase_add_test(small,
		closing_a_group_while_its_members_are_closed_is_reported);
	tcase_add_test(small, closing_a_group_that_is_empty_is_not);
	tcase_add_test(small, groups_used_wrongly_are_reported);
	tcase_add_test(small, closing_members_in_a_forked_child_is_reported);
	return harness_run(suite);
}

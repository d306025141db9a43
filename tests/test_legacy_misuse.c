/* test_legacy_misuse.c - the legacy pool used wrongly is reported */
/* SPDX-License-Identifier: MIT */
/*
 * What would hang: to block until callbacks are over in one of them, or on
 * the one thread that has to run them. And what would use memory that is
 * gone: to end something twice, to change it then, to take a handle for what
 * it is not. report.h says how a report is looked for; a build without
 * TP_CHECK makes none.
 *
 * Two callbacks that block on each other are no misuse of one call; who looks
 * for them finds them in the dump.
 */
#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "guest.h"
#include "legacy.h"
#include "report.h"
#include "stream.h"

#include "../ref/dump.h"

/* Of a scene: what is ended, how, and in which callback. */
static HANDLE victim;
static struct witness nobody = WITNESS_INIT;

static VOID CALLBACK
end_wait(PVOID context, BOOLEAN fired)
{
	(void)context;
	(void)fired;
	UnregisterWaitEx(victim, INVALID_HANDLE_VALUE);
}

static VOID CALLBACK
end_timer_here(PVOID context, BOOLEAN fired)
{
	(void)context;
	(void)fired;
	DeleteTimerQueueTimer(NULL, victim, INVALID_HANDLE_VALUE);
}

static VOID CALLBACK
end_queue_here(PVOID context, BOOLEAN fired)
{
	(void)context;
	(void)fired;
	DeleteTimerQueueEx(victim, INVALID_HANDLE_VALUE);
}

/* The callback runs, on a timer with these flags; it may end itself. */
static void
run_timer(WAITORTIMERCALLBACK callback, HANDLE queue, PHANDLE timer,
	ULONG flags)
{
	(void)CreateTimerQueueTimer(timer, queue, callback, NULL, 0, 0,
		flags);
	wait_for_the_end();
}

/* ---- Blocking in the own callback ---- */

static void
end_a_wait_in_its_callback(void *unused)
{
	(void)unused;
	(void)RegisterWaitForSingleObject(&victim, event(AUTO, SET), end_wait,
		NULL, INFINITE, WT_EXECUTEDEFAULT);
	wait_for_the_end();
}

static void
end_a_one_shot_in_its_callback(void *unused)
{
	(void)unused;
	(void)RegisterWaitForSingleObject(&victim, event(AUTO, SET), end_wait,
		NULL, INFINITE, WT_EXECUTEINWAITTHREAD | WT_EXECUTEONLYONCE);
	wait_for_the_end();
}

static void
end_a_timer_in_its_callback(void *unused)
{
	(void)unused;
	run_timer(end_timer_here, NULL, &victim, WT_EXECUTEDEFAULT);
}

static void
end_a_queue_in_a_callback_of_it(void *unused)
{
	HANDLE timer;

	(void)unused;
	victim = CreateTimerQueue();
	run_timer(end_queue_here, victim, &timer, WT_EXECUTEDEFAULT);
}

START_TEST(to_block_in_the_own_callback_is_reported)
{	/* LEGACY-30, LEGACY-44; WORK-20 */
	expect_report(end_a_wait_in_its_callback, "self-wait",
		"UnregisterWaitEx", "WORK-20");
	expect_report(end_a_one_shot_in_its_callback, "self-wait",
		"UnregisterWaitEx", "WORK-20");
	expect_report(end_a_timer_in_its_callback, "self-wait",
		"DeleteTimerQueueTimer", "WORK-20");
	expect_report(end_a_queue_in_a_callback_of_it, "self-wait",
		"DeleteTimerQueueEx", "WORK-20");
}
END_TEST

/* ---- Blocking on the one thread ---- */

static void
end_a_neighbour_on_the_timer_thread(void *unused)
{
	HANDLE timer;

	(void)unused;
	victim = timer_in(NULL, &nobody, DAY_MS, 0, IN_ORDER);
	run_timer(end_timer_here, NULL, &timer, IN_ORDER);
}

static void
end_a_queue_on_the_timer_thread(void *unused)
{
	HANDLE timer;

	(void)unused;
	victim = CreateTimerQueue();
	(void)timer_in(victim, &nobody, DAY_MS, 0, IN_ORDER);
	run_timer(end_queue_here, NULL, &timer, IN_ORDER);
}

static DWORD WINAPI
end_timer_in_an_item(PVOID context)
{
	end_timer_here(context, TRUE);
	return 0;
}

static void
end_a_persistent_timer_in_a_persistent_item(void *unused)
{
	(void)unused;
	victim = timer_in(NULL, &nobody, DAY_MS, 0,
		WT_EXECUTEINPERSISTENTTHREAD);
	queue_item(end_timer_in_an_item, NULL, WT_EXECUTEINPERSISTENTTHREAD);
	wait_for_the_end();
}

static void
end_a_neighbour_on_the_wait_thread(void *unused)
{
	HANDLE wait;

	(void)unused;
	victim = watch(event(AUTO, UNSET), &nobody, INFINITE,
		WT_EXECUTEINWAITTHREAD);
	(void)RegisterWaitForSingleObject(&wait, event(AUTO, SET), end_wait,
		NULL, INFINITE, WT_EXECUTEINWAITTHREAD);
	wait_for_the_end();
}

START_TEST(to_block_on_the_only_thread_for_such_callbacks_is_reported)
{	/* LEGACY-45, LEGACY-46 */
	expect_report(end_a_neighbour_on_the_timer_thread, "one-thread",
		"DeleteTimerQueueTimer", "LEGACY-45");
	expect_report(end_a_queue_on_the_timer_thread, "one-thread",
		"DeleteTimerQueueEx", "LEGACY-45");
	expect_report(end_a_persistent_timer_in_a_persistent_item,
		"one-thread", "DeleteTimerQueueTimer", "LEGACY-45");
	expect_report(end_a_neighbour_on_the_wait_thread, "one-thread",
		"UnregisterWaitEx", "LEGACY-45");
}
END_TEST

/* ---- Blocking on each other ---- */

struct rival {
	HANDLE other;
	struct tally *inside;
};

static VOID CALLBACK
end_the_other(PVOID context, BOOLEAN fired)
{
	struct rival *rival = context;

	(void)fired;
	tally_add(rival->inside);
	tally_await(rival->inside, 3);	/* when both handles are known */
	DeleteTimerQueueTimer(NULL, rival->other, INVALID_HANDLE_VALUE);
}

static void
block_on_each_other(void *unused)
{
	static struct tally inside = TALLY_INIT;
	static struct rival a = { .inside = &inside },
		b = { .inside = &inside };

	(void)unused;
	set_pools("4", NEVER_MS);
	(void)CreateTimerQueueTimer(&b.other, NULL, end_the_other, &a, 0, 0,
		WT_EXECUTEDEFAULT);
	(void)CreateTimerQueueTimer(&a.other, NULL, end_the_other, &b, 0, 0,
		WT_EXECUTEDEFAULT);
	tally_add(&inside);
	await(is_waited_for, a.other);
	await(is_waited_for, b.other);
	tp_dump(stderr);
	(void)tp_dump_command(stderr, "waiter 0");
}

START_TEST(two_callbacks_that_block_on_each_other_are_in_the_dump)
{	/* LEGACY-45 */
	const char *dump = report_of(block_on_each_other, NULL, false);
	unsigned lines = 0;

	for (const char *line = dump; (line = strstr(line,
	     "waits for queue timer")) != NULL; line++) {
		const char *end = strchr(line, '\n');

		ck_assert_msg(end != NULL && strncmp(end - 10, ", for ever",
			10) == 0, "not for ever: %s", dump);
		lines++;
	}
	ck_assert_msg(lines == 4, "expected two that wait, twice: %s", dump);
}
END_TEST

/* ---- What has been ended ---- */

static HANDLE
ended_wait(void)
{
	HANDLE wait = watch(event(AUTO, UNSET), &nobody, INFINITE,
		WT_EXECUTEDEFAULT);

	unwatch(wait);
	return wait;
}

static HANDLE
ended_timer(void)
{
	HANDLE timer = timer_in(NULL, &nobody, DAY_MS, 0, WT_EXECUTEDEFAULT);

	delete_timer(timer);
	return timer;
}

static HANDLE
ended_queue(void)
{
	HANDLE queue = CreateTimerQueue();

	ck_assert(DeleteTimerQueue(queue));
	return queue;
}

static void
unregister_twice(void *unused)
{
	(void)unused;
	(void)UnregisterWait(ended_wait());
}

static void
delete_twice(void *unused)
{
	(void)unused;
	(void)DeleteTimerQueueTimer(NULL, ended_timer(), NULL);
}

static struct gate gate = GATE_INIT;

/* It is still there, since its callback is; but it has been deleted. */
static void
repeat_a_pending_delete(void *unused)
{
	static struct witness witness = WITNESS_INIT;
	HANDLE timer;

	(void)unused;
	witness.gate = &gate;
	timer = timer_in(NULL, &witness, 0, 0, WT_EXECUTEDEFAULT);
	gate_await_waiting(&gate, 1);
	ck_assert(!DeleteTimerQueueTimer(NULL, timer, NULL));
	(void)DeleteTimerQueueTimer(NULL, timer, NULL);
}

static void
change_a_deleted_timer(void *unused)
{
	(void)unused;
	(void)ChangeTimerQueueTimer(NULL, ended_timer(), 0, 0);
}

static void
delete_a_timer_after_its_queue(void *unused)
{
	HANDLE queue = CreateTimerQueue();
	HANDLE timer = timer_in(queue, &nobody, DAY_MS, 0, WT_EXECUTEDEFAULT);

	(void)unused;
	ck_assert(DeleteTimerQueueEx(queue, INVALID_HANDLE_VALUE));
	(void)DeleteTimerQueueTimer(queue, timer, NULL);
}

static void
delete_a_queue_twice(void *unused)
{
	(void)unused;
	(void)DeleteTimerQueueEx(ended_queue(), NULL);
}

static void
create_in_a_deleted_queue(void *unused)
{
	(void)unused;
	(void)timer_in(ended_queue(), &nobody, 0, 0, WT_EXECUTEDEFAULT);
}

START_TEST(use_of_what_has_been_ended_is_reported)
{	/* LEGACY-47, LEGACY-26 */
	expect_report(unregister_twice, "closed-object", "UnregisterWait",
		"WORK-19");
	expect_report(delete_twice, "closed-object", "DeleteTimerQueueTimer",
		"WORK-19");
	expect_report(repeat_a_pending_delete, "closed-object",
		"DeleteTimerQueueTimer", "WORK-19");
	expect_report(change_a_deleted_timer, "closed-object",
		"ChangeTimerQueueTimer", "WORK-19");
	expect_report(delete_a_timer_after_its_queue, "closed-object",
		"DeleteTimerQueueTimer", "WORK-19");
	expect_report(delete_a_queue_twice, "closed-object",
		"DeleteTimerQueueEx", "WORK-19");
	expect_report(create_in_a_deleted_queue, "closed-object",
		"CreateTimerQueueTimer", "WORK-19");
}
END_TEST

/* ---- What is something else ---- */

static void
unregister_an_event(void *unused)
{
	(void)unused;
	(void)UnregisterWait(event(AUTO, UNSET));
}

static void
delete_an_event(void *unused)
{
	(void)unused;
	(void)DeleteTimerQueueTimer(NULL, event(AUTO, UNSET), NULL);
}

static void
delete_an_event_as_a_queue(void *unused)
{
	(void)unused;
	(void)DeleteTimerQueueEx(event(AUTO, UNSET), NULL);
}

static void
unregister_a_timer(void *unused)
{
	(void)unused;
	(void)UnregisterWait(timer_in(NULL, &nobody, DAY_MS, 0,
		WT_EXECUTEDEFAULT));
}

static void
delete_a_wait(void *unused)
{
	(void)unused;
	(void)DeleteTimerQueueTimer(NULL, watch(event(AUTO, UNSET), &nobody,
		INFINITE, WT_EXECUTEDEFAULT), NULL);
}

static void
create_in_a_timer(void *unused)
{
	(void)unused;
	(void)timer_in(timer_in(NULL, &nobody, DAY_MS, 0, WT_EXECUTEDEFAULT),
		&nobody, 0, 0, WT_EXECUTEDEFAULT);
}

static HANDLE own;		/* of the callback that runs */

static VOID CALLBACK
change_what_it_belongs_to(PVOID context, BOOLEAN fired)
{
	(void)context;
	(void)fired;
	ChangeTimerQueueTimer(NULL, own, 0, 0);
}

/* A callback may name its own timer at any time; but it must be one. */
static void
change_a_wait_in_its_callback(void *unused)
{
	(void)unused;
	(void)RegisterWaitForSingleObject(&own, event(AUTO, SET),
		change_what_it_belongs_to, NULL, INFINITE, WT_EXECUTEDEFAULT);
	wait_for_the_end();
}

START_TEST(use_of_what_is_something_else_is_reported)
{	/* LEGACY-23, LEGACY-59 */
	expect_report(unregister_an_event, "not-an-object", "UnregisterWait",
		"WORK-19");
	expect_report(delete_an_event, "not-an-object",
		"DeleteTimerQueueTimer", "WORK-19");
	expect_report(delete_an_event_as_a_queue, "not-an-object",
		"DeleteTimerQueueEx", "WORK-19");
	expect_report(unregister_a_timer, "wrong-kind", "UnregisterWait",
		"WORK-19");
	expect_report(delete_a_wait, "wrong-kind", "DeleteTimerQueueTimer",
		"WORK-19");
	expect_report(create_in_a_timer, "wrong-kind",
		"CreateTimerQueueTimer", "WORK-19");
	expect_report(change_a_wait_in_its_callback, "wrong-kind",
		"ChangeTimerQueueTimer", "WORK-19");
}
END_TEST

/* ---- What goes too early ---- */

static VOID CALLBACK
close_the_object(PVOID context, BOOLEAN fired)
{
	(void)fired;
	CloseHandle(context);
}

static void
close_what_is_waited_for_again(void *unused)
{
	HANDLE object = event(AUTO, SET), wait;

	(void)unused;
	(void)RegisterWaitForSingleObject(&wait, object, close_the_object,
		object, INFINITE, WT_EXECUTEDEFAULT);
	wait_for_the_end();
}

START_TEST(a_handle_that_is_closed_when_the_wait_begins_anew_is_reported)
{	/* LEGACY-15 */
	expect_report(close_what_is_waited_for_again, "wait-target",
		"RegisterWaitForSingleObject", "WAIT-15");
}
END_TEST

static void
close_what_is_waited_for(void *unused)
{
	HANDLE object = event(AUTO, UNSET);

	(void)unused;
	(void)watch(object, &nobody, INFINITE, WT_EXECUTEDEFAULT);
	ck_assert(CloseHandle(object));
}

START_TEST(a_handle_that_is_closed_while_it_is_waited_for_is_reported)
{	/* LEGACY-15; DIAG-11 */
	expect_warning(close_what_is_waited_for, "handle-in-use",
		"CloseHandle", "DIAG-11");
	/* It says what ends a wait of this kind, too. */
	ck_assert_ptr_nonnull(strstr(report_of(close_what_is_waited_for,
		NULL, false), "UnregisterWait"));
}
END_TEST

typedef void (*code)(void);	/* to be cast to any other function */

static void
unload_with_an_item_queued(void *unused)
{
	static struct guest_visit visit;
	HMODULE module = LoadLibraryA("plugin_guest");
	LPTHREAD_START_ROUTINE function;

	(void)unused;
	function = (LPTHREAD_START_ROUTINE)(code)GetProcAddress(module,
		"visit_as_item");
	set_maximum(1);
	queue_item(hold_item, &gate, WT_EXECUTEDEFAULT);
	queue_item(function, &visit, WT_EXECUTEDEFAULT);
	FreeLibrary(module);
}

START_TEST(a_library_that_goes_before_its_items_is_reported)
{	/* LEGACY-13; DIAG-12 */
	expect_report(unload_with_an_item_queued, "library-in-use",
		"FreeLibrary", "DIAG-12");
}
END_TEST

/* ---- After a fork ---- */

static VOID CALLBACK
ignore_end(DWORD error, DWORD bytes, LPOVERLAPPED overlapped)
{
	(void)error;
	(void)bytes;
	(void)overlapped;
}

/* Calls it in a child; then ends as that has ended, if it was by abort(). */
static void
call_in_a_child(void (*call)(void))
{
	pid_t child = fork();
	int status;

	if (child == 0) {
		call();
		_exit(0);
	}
	if (waitpid(child, &status, 0) != child || !WIFSIGNALED(status) ||
	    WTERMSIG(status) != SIGABRT)
		_exit(0);
	(void)signal(SIGABRT, SIG_DFL);		/* without another report */
	abort();
}

static void
change_own(void)
{
	ChangeTimerQueueTimer(NULL, own, 0, 0);
}

/* In the child the thread is a worker still, and the timer its own. */
static VOID CALLBACK
change_itself_in_a_child(PVOID context, BOOLEAN fired)
{
	(void)context;
	(void)fired;
	call_in_a_child(change_own);
}

static void
change_the_own_timer_after_a_fork(void *unused)
{
	(void)unused;
	run_timer(change_itself_in_a_child, NULL, &own, WT_EXECUTEDEFAULT);
}

static void
queue_one(void)
{
	(void)QueueUserWorkItem(hold_item, &gate, WT_EXECUTEDEFAULT);
}

static void
register_one(void)
{
	HANDLE wait;

	(void)RegisterWaitForSingleObject(&wait, victim, testify, &nobody,
		INFINITE, WT_EXECUTEDEFAULT);
}

static void
unregister_one(void)
{
	(void)UnregisterWait(own);
}

static void
create_queue(void)
{
	(void)CreateTimerQueue();
}

static void
create_one(void)
{
	HANDLE timer;

	(void)CreateTimerQueueTimer(&timer, NULL, testify, &nobody, DAY_MS,
		0, WT_EXECUTEDEFAULT);
}

static void
delete_one(void)
{
	(void)DeleteTimerQueueTimer(NULL, own, NULL);
}

static void
delete_queue(void)
{
	(void)DeleteTimerQueue(own);
}

static void
bind_one(void)
{
	(void)BindIoCompletionCallback(victim, ignore_end, 0);
}

static const struct {
	void (*call)(void);
	const char *name;
	char what;		/* own is a wait, a timer, or a queue */
} calls[] = {
	{ queue_one, "QueueUserWorkItem", 'w' },
	{ register_one, "RegisterWaitForSingleObject", 'w' },
	{ unregister_one, "UnregisterWait", 'w' },
	{ create_queue, "CreateTimerQueue", 'q' },
	{ create_one, "CreateTimerQueueTimer", 't' },
	{ change_own, "ChangeTimerQueueTimer", 't' },
	{ delete_one, "DeleteTimerQueueTimer", 't' },
	{ delete_queue, "DeleteTimerQueueEx", 'q' },
	{ bind_one, "BindIoCompletionCallback", 'w' }
};

/* The parent has something of the kind before. */
static void
call_after_fork(void *number)
{
	unsigned i = *(unsigned *)number;

	victim = event(AUTO, UNSET);
	if (calls[i].what == 'w')
		own = watch(victim, &nobody, INFINITE, WT_EXECUTEDEFAULT);
	else if (calls[i].what == 't')
		own = timer_in(NULL, &nobody, DAY_MS, 0, WT_EXECUTEDEFAULT);
	else
		own = CreateTimerQueue();
	call_in_a_child(calls[i].call);
}

START_TEST(every_call_in_a_forked_child_is_reported)
{	/* GROUP-28 */
	for (unsigned i = 0; i < sizeof(calls) / sizeof(*calls); i++)
		judge_report(report_of(call_after_fork, &i, true), "error",
			"after-fork", calls[i].name, "GROUP-28");
}
END_TEST

START_TEST(a_callback_that_changes_its_timer_in_a_forked_child_is_reported)
{	/* LEGACY-50; GROUP-28 */
	expect_report(change_the_own_timer_after_a_fork, "after-fork",
		"ChangeTimerQueueTimer", "GROUP-28");
}
END_TEST

/* ---- What the checks know ---- */

/* A bound file has no handle: the checks must not remember it, once gone. */
static void
look_up_a_bound_file_that_is_gone(void *unused)
{
	TP_POOL *pool = tp_pool_default();
	HANDLE file = CreateFileA("/dev/null", GENERIC_READ, 0, NULL,
		OPEN_EXISTING, FILE_FLAG_OVERLAPPED, NULL);
	struct tp_list *last;

	(void)unused;
	ck_assert(BindIoCompletionCallback(file, ignore_end, 0));
	last = pool->bound.prev;
	ck_assert(CloseHandle(file));
	tp_check(tp_container(last, struct tp_object, bound), "bound file",
		"look");
}

START_TEST(a_bound_file_leaves_no_trace_with_the_checks)
{	/* LEGACY-35 */
	expect_report(look_up_a_bound_file_that_is_gone, "not-an-object",
		"look", "WORK-19");
}
END_TEST

static void
close_bound_file_that_is_read(void *unused)
{
	static OVERLAPPED overlapped;
	static char byte;
	HANDLE file;
	int ends[2];

	(void)unused;
	ck_assert_int_eq(pipe(ends), 0);
	file = tp_open_descriptor(ends[0], FILE_FLAG_OVERLAPPED);
	ck_assert(BindIoCompletionCallback(file, ignore_end, 0));
	ck_assert(!ReadFile(file, &byte, 1, NULL, &overlapped));
	ck_assert(CloseHandle(file));
}

START_TEST(a_bound_file_that_is_closed_while_it_is_read_is_reported)
{	/* LEGACY-35; DIAG-11 */
	expect_warning(close_bound_file_that_is_read, "handle-in-use",
		"CloseHandle", "DIAG-11");
	/* Nobody has announced anything. */
	ck_assert_ptr_null(strstr(report_of(close_bound_file_that_is_read,
		NULL, false), "announced"));
}
END_TEST

/* ---- The suite ---- */

static void
add_tests(TCase *small)
{
	tcase_add_test(small, to_block_in_the_own_callback_is_reported);
	tcase_add_test(small,
		to_block_on_the_only_thread_for_such_callbacks_is_reported);
	tcase_add_test(small,
		two_callbacks_that_block_on_each_other_are_in_the_dump);
	tcase_add_test(small, use_of_what_has_been_ended_is_reported);
	tcase_add_test(small, use_of_what_is_something_else_is_reported);
	tcase_add_test(small,
		a_handle_that_is_closed_when_the_wait_begins_anew_is_reported);
	tcase_add_test(small,
		a_handle_that_is_closed_while_it_is_waited_for_is_reported);
	tcase_add_test(small, a_library_that_goes_before_its_items_is_reported);
	tcase_add_test(small, every_call_in_a_forked_child_is_reported);
	tcase_add_test(small,
	    a_callback_that_changes_its_timer_in_a_forked_child_is_reported);
	tcase_add_test(small, a_bound_file_leaves_no_trace_with_the_checks);
	tcase_add_test(small,
		a_bound_file_that_is_closed_while_it_is_read_is_reported);
}

int
main(void)
{
	Suite *suite = suite_create("legacy_misuse");
	TCase *small = harness_case(suite, "small");

	if (TP_CHECK)
		add_tests(small);
	return harness_run(suite);
}

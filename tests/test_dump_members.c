/* test_dump_members.c - what the dump says of the members of things */
/* SPDX-License-Identifier: MIT */
/*
 * What an object was made with, what posts it, what a worker and its
 * callback are doing, whom a thread waits for. Where a line has an address,
 * it must be the right one. Each test runs in a process of its own, so
 * things are numbered from 1.
 */
#include <errno.h>

#include "said.h"
#include "scene.h"

#include "../ref/waitable.h"

#define DAY	(24 * 3600 * 1000u)	/* ms */

/* The last text as a whole, addresses and all, must be this. */
static void
expect_text(const char *format, ...)
{
	static char expected[4096];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(expected, sizeof(expected), format, arguments);
	va_end(arguments);
	ck_assert_str_eq(text, expected);
}

/* The last text must have this in it. */
static void
expect_part(const char *part)
{
	ck_assert_msg(strstr(text, part) != NULL, "%s is not in %s", part,
		text);
}

/* ---- Objects ---- */

START_TEST(an_object_shows_what_it_was_made_with)
{	/* DIAG-21 */
	PTP_CLEANUP_GROUP group = CreateThreadpoolCleanupGroup();
	TP_CALLBACK_ENVIRON environ;
	static struct tally tally = TALLY_INIT;
	char function[64] = "";
	PTP_WORK work;

	ck_assert_ptr_nonnull(group);
	InitializeThreadpoolEnvironment(&environ);
	SetThreadpoolCallbackCleanupGroup(&environ, group, NULL);
	SetThreadpoolCallbackPriority(&environ, TP_CALLBACK_PRIORITY_HIGH);
	SetThreadpoolCallbackRunsLong(&environ);
	SetThreadpoolCallbackPersistent(&environ);
	work = CreateThreadpoolWork(count_work, &tally, &environ);
	ck_assert_ptr_nonnull(work);
	if (TP_CHECK)
		snprintf(function, sizeof(function), "  function           "
			"0x%" PRIxPTR "\n", (uintptr_t)count_work);
	said(0, "obj %p 2", (void *)work);
	expect_text("work 1\n"
		"  pool               default pool\n"
		"  address            0x%" PRIxPTR "\n%s"
		"  context            0x%" PRIxPTR "\n"
		"  group              0x%" PRIxPTR "\n"
		"  library            0x0\n"
		"  priority           high, runs long, persistent\n"
		"  callbacks          pending 0, running 0, associated 0, "
		"refs 1, waiters 0\n"
		"  posted             0\n",
		(uintptr_t)work, function, (uintptr_t)&tally,
		(uintptr_t)group);
	CloseThreadpoolCleanupGroupMembers(group, FALSE, NULL);
	CloseThreadpoolCleanupGroup(group);
}
END_TEST

static VOID CALLBACK
on_timer(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_TIMER timer)
{
	(void)instance;
	(void)context;
	(void)timer;
}

START_TEST(a_due_time_shows_its_window)
{	/* DIAG-19, DIAG-21 */
	LARGE_INTEGER day = { .QuadPart = DAY * -10000LL };
	FILETIME due = { day.u.LowPart, (DWORD)day.u.HighPart };
	struct private_pool private;
	PTP_TIMER timer;

	private_pool_open(&private, 1, 1);
	timer = CreateThreadpoolTimer(on_timer, NULL, &private.environ);
	ck_assert_ptr_nonnull(timer);
	/* The address is known; there is just nothing due. */
	ck_assert_str_eq(said(0, "tqueue %p", (void *)timer), "none\n");
	ck_assert_str_eq(said(0, "tqueue %p", (void *)private.pool),
		"none\n");
	said(0, "ttimer %p 2", (void *)timer);
	expect_part("\n  due                no time set\n");
	SetThreadpoolTimer(timer, &due, 0, 500);
	said(0, "tqueue %p 2", (void *)timer);
	expect_part("\n  window             500 ms\n");
	CloseThreadpoolTimer(timer);
	private_pool_close(&private);
}
END_TEST

static VOID CALLBACK
pass_gate_simple(PTP_CALLBACK_INSTANCE instance, PVOID gate)
{
	(void)instance;
	gate_wait(gate);
}

static DWORD WINAPI
pass_gate_as_item(PVOID gate)
{
	gate_wait(gate);
	return 0;
}

START_TEST(work_is_whatever_the_program_posts_itself)
{	/* DIAG-22 */
	static struct gate gate = GATE_INIT;
	struct scene scene = SCENE_INIT;

	scene_open(&scene, 1);
	ck_assert(TrySubmitThreadpoolCallback(pass_gate_simple, &gate,
		&scene.private.environ));
	ck_assert(QueueUserWorkItem(pass_gate_as_item, &gate,
		WT_EXECUTEDEFAULT));
	gate_await_waiting(&gate, 2);
	said(0, "work 0");
	expect_part("work 1               open   pending 0, running 0, ");
	expect_part("\nsimple callback 1    closed pending 0, running 1, ");
	expect_part("\nwork item 1          closed pending 0, running 1, ");
	ck_assert_str_eq(said(0, "ttimer 0"), "none\n");
	ck_assert_str_eq(said(0, "wait 0"), "none\n");
	gate_open(&gate);
	scene_close(&scene);
}
END_TEST

/* ---- Workers ---- */

START_TEST(a_worker_shows_what_it_runs)
{	/* DIAG-21 */
	struct scene scene = SCENE_INIT;
	struct tp_worker *worker;

	scene_open(&scene, 1);
	submit(scene.work, 1);
	gate_await_waiting(&scene.gate, 1);
	worker = tp_container(scene.private.pool->workers.next,
		struct tp_worker, link);
	said(0, "worker %p 3", (void *)worker);
	expect_text("worker 1             runs work 1\n"
		"  pool               pool 1\n"
		"  address            0x%" PRIxPTR "\n"
		"  instance           0x%" PRIxPTR "\n"
		"  object             0x%" PRIxPTR "\n"
		"  suspensions        0\n"
		"  persistent         no\n", (uintptr_t)worker,
		(uintptr_t)worker->instance, (uintptr_t)scene.work);
	gate_open(&scene.gate);
	scene_close(&scene);
}
END_TEST

static VOID CALLBACK
leave_and_pass_gate(PTP_CALLBACK_INSTANCE instance, PVOID gate, PTP_WORK work)
{
	(void)work;
	(void)CallbackMayRunLong(instance);
	DisassociateCurrentThreadFromCallback(instance);
	gate_wait(gate);
}

START_TEST(a_worker_shows_what_its_callback_has_said)
{	/* DIAG-19 */
	static struct gate gate = GATE_INIT;
	struct private_pool private;
	PTP_WORK work;

	private_pool_open(&private, 1, 1);
	work = CreateThreadpoolWork(leave_and_pass_gate, &gate,
		&private.environ);
	ck_assert_ptr_nonnull(work);
	SubmitThreadpoolWork(work);
	gate_await_waiting(&gate, 1);
	ck_assert_str_eq(said(0, "worker 0"),
		"worker 1             runs work 1, long, disassociated\n");
	ck_assert_str_eq(said(0, "obj %p", (void *)work),
		"work 1               open   pending 0, running 1, "
		"associated 0, refs 2, waiters 0\n");
	gate_open(&gate);
	CloseThreadpoolWork(work);
	private_pool_close(&private);
}
END_TEST

/* ---- Threads that wait ---- */

#define EVENTS	5	/* one more than a line has names for */

static void *
wait_for_any(void *events)
{
	ck_assert_uint_eq(WaitForMultipleObjects(EVENTS, events, FALSE, DAY),
		WAIT_OBJECT_0 + EVENTS - 1);
	return NULL;
}

static bool
somebody_sleeps(void *unused)
{
	(void)unused;
	return strcmp(said(0, "waiter 0"), "none\n") != 0;
}

START_TEST(a_thread_shows_what_it_waits_for_and_how_long)
{	/* DIAG-19, DIAG-20 */
	HANDLE events[EVENTS];
	pthread_t thread;

	for (int i = 0; i < EVENTS; i++) {
		events[i] = CreateEventA(NULL, TRUE, FALSE, NULL);
		ck_assert_ptr_nonnull(events[i]);
	}
	start(&thread, wait_for_any, events);
	await(somebody_sleeps, NULL);
	ck_assert_str_eq(said(0, "waiter %p 3", events[EVENTS - 1]),
		"thread 1             waits for any of event 1, event 2, "
		"event 3, event 4 and others\n"
		"  time-out           in T\n");
	/* That is not the one who asks. */
	said(0, "waiter");
	expect_part(" waits for no object\n");
	ck_assert(SetEvent(events[EVENTS - 1]));
	join(thread);
	for (int i = 0; i < EVENTS; i++)
		ck_assert(CloseHandle(events[i]));
}
END_TEST

/* ---- The caller ---- */

START_TEST(a_command_leaves_errno_alone)
{	/* DIAG-19 */
	static char page[4096];
	FILE *stream = fmemopen(page, sizeof(page), "w");
	int result, left;

	ck_assert_ptr_nonnull(stream);
	errno = EDOM;
	result = tp_dump_command(stream, "pool 0 1");
	left = errno;
	ck_assert_int_eq(result, 0);
	ck_assert_int_eq(left, EDOM);
	fclose(stream);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("dump_members");
	TCase *small = harness_case(suite, "small");

	tcase_add_test(small, an_object_shows_what_it_was_made_with);
	tcase_add_test(small, a_due_time_shows_its_window);
	tcase_add_test(small, work_is_whatever_the_program_posts_itself);
	tcase_add_test(small, a_worker_shows_what_it_runs);
	tcase_add_test(small, a_worker_shows_what_its_callback_has_said);
	tcase_add_test(small, a_thread_shows_what_it_waits_for_and_how_long);
	tcase_add_test(small, a_command_leaves_errno_alone);
	return harness_run(suite);
}

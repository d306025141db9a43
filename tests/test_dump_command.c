/* SPDX-License-Identifier: MIT */
/*
 * test_dump_command.c - the dump as a command (ref/dump_command.c)
 *
 * Most tests are about one play: two pools of one thread. In the first one a
 * callback is at a gate and three are queued; in the second one a timer is
 * set for tomorrow and a wait object waits for an event. Each test runs in a
 * process of its own, so things are numbered from 1. Addresses and times are
 * masked.
 */
#include <inttypes.h>

#include "said.h"
#include "scene.h"

#include "../ref/waitable.h"

#define HOUR	(3600 * 10000000LL)	/* ticks */

static char joined[1 << 18];

/* ---- What a command says ---- */

static void
expect(const char *expected, const char *command, const void *address,
	unsigned flags)
{
	ck_assert_str_eq(said(0, "%s 0x%" PRIxPTR " %u", command,
		(uintptr_t)address, flags), expected);
}

/* What was said last must begin so. */
static void
expect_beginning(const char *expected)
{
	masked[strlen(expected)] = '\0';
	ck_assert_str_eq(masked, expected);
}

/* The same for a debugger, put together. */
static const char *
said_when_stopped(unsigned verb, uintptr_t address, unsigned flags)
{
	unsigned parts = 0;
	size_t size = 0, length;

	do {
		const char *part = tp_dump_text(verb, address, flags,
			parts++);

		length = strlen(part);
		memcpy(joined + size, part, length + 1);
		size += length;
	} while (length > 0);
	return joined;
}

/* ---- The play ---- */

struct play {
	struct scene busy;
	struct private_pool quiet;
	PTP_TIMER timer;
	PTP_WAIT wait;
	HANDLE event;
};

static VOID CALLBACK
on_timer(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_TIMER timer)
{
	(void)instance;
	(void)context;
	(void)timer;
}

static VOID CALLBACK
on_wait(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_WAIT wait,
	TP_WAIT_RESULT result)
{
	(void)instance;
	(void)context;
	(void)wait;
	(void)result;
}

static FILETIME
ticks(LONGLONG number)
{
	return (FILETIME){ (DWORD)number, (DWORD)((ULONGLONG)number >> 32) };
}

/* A timer that is due in so many hours, or at that hour since 1601. */
static PTP_TIMER
timer_in(PTP_CALLBACK_ENVIRON environ, LONGLONG hours)
{
	PTP_TIMER timer = CreateThreadpoolTimer(on_timer, NULL, environ);
	FILETIME due = ticks(hours * HOUR);

	ck_assert_ptr_nonnull(timer);
	SetThreadpoolTimer(timer, &due, 0, 0);
	return timer;
}

static bool
is_idle(void *argument)
{
	PTP_POOL pool = argument;
	bool idle;

	tp_lock(&pool->lock);
	idle = pool->idle_count == pool->total;
	tp_unlock(&pool->lock);
	return idle;
}

static void
play_open(struct play *play)
{
	*play = (struct play){ .busy = SCENE_INIT };
	scene_open(&play->busy, 1);
	private_pool_open(&play->quiet, 1, 1);
	play->timer = timer_in(&play->quiet.environ, -24);
	play->wait = CreateThreadpoolWait(on_wait, NULL,
		&play->quiet.environ);
	play->event = CreateEventA(NULL, TRUE, FALSE, "the news");
	ck_assert_ptr_nonnull(play->wait);
	ck_assert_ptr_nonnull(play->event);
	SetThreadpoolWait(play->wait, play->event, NULL);
	submit(play->busy.work, 4);
	gate_await_waiting(&play->busy.gate, 1);
	await(is_idle, play->quiet.pool);
	said(0, "pool 0 2");	/* numbers all, in this order */
}

static void
play_close(struct play *play)
{
	gate_open(&play->busy.gate);
	CloseThreadpoolTimer(play->timer);
	CloseThreadpoolWait(play->wait);
	ck_assert(CloseHandle(play->event));
	private_pool_close(&play->quiet);
	scene_close(&play->busy);
}

#define WORK_LINE "open   pending 3, running 1, associated 1, refs 5, " \
	"waiters 0\n"
#define REST_LINE "open   pending 0, running 0, associated 0, refs 1, " \
	"waiters 0\n"

/* ---- Addresses ---- */

START_TEST(command_shows_what_is_at_an_address)
{	/* DIAG-19 */
	struct play play;

	play_open(&play);
	expect("pool 1               open, 1 to 1 threads\n",
		"pool", play.busy.private.pool, 1);
	expect("work 1               " WORK_LINE,
		"obj", play.busy.work, 1);
	expect("timer 1              " REST_LINE, "obj", play.timer, 1);
	expect("timer 1              in T, by the steady clock, to pool 2\n",
		"tqueue", play.timer, 1);
	expect("wait 1               waits for event 1 \"the news\"\n",
		"waiter", play.wait, 1);
	expect("worker 1             runs work 1\n", "worker",
		tp_container(play.busy.private.pool->workers.next,
			struct tp_worker, link), 1);
	play_close(&play);
}
END_TEST

START_TEST(address_0_is_all_and_none_is_the_current_thread)
{	/* DIAG-20 */
	struct play play;

	play_open(&play);
	expect("pool 1               open, 1 to 1 threads\n"
		"default pool         open, 0 to 500 threads\n"
		"pool 2               open, 1 to 1 threads\n",
		"pool", NULL, 1);
	expect("work 1               " WORK_LINE
		"timer 1              " REST_LINE
		"wait 1               " REST_LINE, "obj", NULL, 1);
	expect("worker 1             runs work 1\n"
		"worker 2             idle\n", "worker", NULL, 1);
	expect("wait 1               waits for event 1 \"the news\"\n",
		"waiter", NULL, 1);
	ck_assert_ptr_nonnull(strstr(said(0, "worker"), " is no worker\n"));
	ck_assert_ptr_nonnull(strstr(said(0, "waiter"),
		" waits for no object\n"));
	ck_assert_str_eq(said(0, "tqueue"),
		"timer 1              in T, by the steady clock, to pool 2\n");
	play_close(&play);
}
END_TEST

/* What a callback finds that asks about itself. */
static VOID CALLBACK
ask_about_itself(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_WORK work)
{
	(void)instance;
	(void)context;
	(void)work;
	said(0, "worker");
}

START_TEST(worker_without_address_is_who_runs_the_callback)
{	/* DIAG-20 */
	struct scene scene = SCENE_INIT;
	PTP_WORK asks;

	scene_open(&scene, 1);
	asks = CreateThreadpoolWork(ask_about_itself, NULL,
		&scene.private.environ);
	submit(asks, 1);
	WaitForThreadpoolWorkCallbacks(asks, FALSE);
	ck_assert_str_eq(masked, "worker 1             runs work 1\n");
	CloseThreadpoolWork(asks);
	scene_close(&scene);
}
END_TEST

/* ---- Flags ---- */

#define MEMBERS_OF_POOL_1 \
	"  address            0x...\n" \
	"  threads            1: idle 0, running 1, waking 0, being made 0\n" \
	"  queued             3: high 0, normal 3, low 0\n" \
	"  work 1             " WORK_LINE \
	"  worker 1           runs work 1\n"
#define QUEUE_OF_POOL_1 \
	"  high queue         empty\n" \
	"  normal queue       work 1, pending 3\n" \
	"  low queue          empty\n"
#define MEMBERS_OF_POOL_2 \
	"  address            0x...\n" \
	"  threads            1: idle 1, running 0, waking 0, being made 0\n" \
	"  queued             0: high 0, normal 0, low 0\n" \
	"  timer 1            " REST_LINE \
	"  wait 1             " REST_LINE \
	"  worker 2           idle\n"
#define EMPTY_QUEUE \
	"  high queue         empty\n" \
	"  normal queue       empty\n" \
	"  low queue          empty\n"

START_TEST(flags_choose_line_members_and_queue)
{	/* DIAG-21 */
	struct play play;

	play_open(&play);
	expect("pool 1               open, 1 to 1 threads\n",
		"pool", play.busy.private.pool, 1);
	expect("pool 1\n" MEMBERS_OF_POOL_1,
		"pool", play.busy.private.pool, 2);
	expect("pool 1\n" QUEUE_OF_POOL_1,
		"pool", play.busy.private.pool, 4);
	expect("pool 1               open, 1 to 1 threads\n"
		MEMBERS_OF_POOL_1 QUEUE_OF_POOL_1
		"default pool         open, 0 to 500 threads\n"
		"  address            0x...\n"
		"  threads            0: idle 0, running 0, waking 0, "
		"being made 0\n"
		"  queued             0: high 0, normal 0, low 0\n"
		EMPTY_QUEUE
		"pool 2               open, 1 to 1 threads\n"
		MEMBERS_OF_POOL_2 EMPTY_QUEUE, "pool", NULL, 7);
	ck_assert_str_eq(said(0, "pool 0"), said(0, "pool 0 1"));
	play_close(&play);
}
END_TEST

START_TEST(members_of_objects_say_what_posts_them)
{	/* DIAG-21 */
	struct play play;

	play_open(&play);
	said(0, "obj %p 2", (void *)play.timer);
	ck_assert_ptr_nonnull(strstr(masked,
		"  priority           normal\n"
		"  callbacks          pending 0, running 0, associated 0, "
		"refs 1, waiters 0\n"
		"  posted             0\n"
		"  due                in T\n"));
	expect_beginning("timer 1\n  pool               pool 2\n"
		"  address            0x...\n");
	said(0, "obj %p 3", (void *)play.wait);
	ck_assert_ptr_nonnull(strstr(masked,
		"  waits for          event 1 \"the news\"\n"
		"  time-out           no time set\n"));
	play_close(&play);
}
END_TEST

static VOID CALLBACK
on_end(PTP_CALLBACK_INSTANCE instance, PVOID context, PVOID overlapped,
	ULONG error, ULONG_PTR bytes, PTP_IO io)
{
	(void)instance;
	(void)context;
	(void)overlapped;
	(void)error;
	(void)bytes;
	(void)io;
}

static HANDLE
open_nothing(void)
{
	HANDLE file = CreateFileA("/dev/null", GENERIC_READ, 0, NULL,
		OPEN_EXISTING, FILE_FLAG_OVERLAPPED, NULL);

	ck_assert_ptr_ne(file, INVALID_HANDLE_VALUE);
	return file;
}

START_TEST(io_objects_say_whether_more_is_to_come)
{	/* DIAG-19 */
	HANDLE file;
	PTP_IO io;

	ck_assert(CloseHandle(open_nothing()));
	harness_keep_descriptors();		/* the poller stays */
	file = open_nothing();
	io = CreateThreadpoolIo(file, on_end, NULL, NULL);
	ck_assert_ptr_nonnull(io);
	expect("io 1                 " REST_LINE, "obj", io, 1);
	StartThreadpoolIo(io);
	expect("io 1                 open   pending 0, running 0, "
		"associated 0, refs 2, waiters 0, more to come\n",
		"obj", io, 1);
	CancelThreadpoolIo(io);
	expect("io 1                 " REST_LINE, "obj", io, 1);
	CloseThreadpoolIo(io);
	ck_assert(CloseHandle(file));
}
END_TEST

/* ---- Verbs ---- */

static const char *const verbs[] = {
	"pool", "obj", "tqueue", "ttimer", "waiter", "wait", "work",
	"worker", "wqueue", "stats", "factory"
};

#define VERBS	(sizeof(verbs) / sizeof(*verbs))

START_TEST(command_has_the_verbs_of_newer_debuggers)
{	/* DIAG-22 */
	struct play play;

	play_open(&play);
	for (unsigned i = 0; i < VERBS; i++) {
		char line[32];

		snprintf(line, sizeof(line), "\n  %-18s ", verbs[i]);
		ck_assert_ptr_nonnull(strstr(said(0, ""), line));
		said(0, "%s 0 7", verbs[i]);
	}
	expect("timer 1              " REST_LINE, "ttimer", NULL, 1);
	expect("wait 1               " REST_LINE, "wait", NULL, 1);
	expect("work 1               " WORK_LINE, "work", NULL, 1);
	expect("pool 1               3: high 0, normal 3, low 0\n",
		"wqueue", play.busy.private.pool, 1);
	expect("pool 1\n" QUEUE_OF_POOL_1,
		"wqueue", play.busy.private.pool, 2);
	expect("pool 1               objects 1, callbacks started 1, "
		"running 1, queued 3, threads 1, waits 0\n",
		"stats", play.busy.private.pool, 1);
	said(0, "factory %p", (void *)play.busy.private.pool);
	expect_beginning("pool 1               threads 1 of 1 to 1, "
		"being made 0, idle 0, suspended 0, processors ");
	play_close(&play);
}
END_TEST

/* ---- What is wrong ---- */

START_TEST(wrong_commands_are_answered_in_a_line)
{	/* DIAG-19 */
	ck_assert_str_eq(said(-1, "pools"),
		"tp: pools: there is no such verb; tp alone lists them\n");
	ck_assert_str_eq(said(-1, "obj work"),
		"tp: obj: this is no address\n");
	ck_assert_str_eq(said(-1, "obj 12x"),
		"tp: obj: this is no address\n");
	ck_assert_str_eq(said(-1, "obj 0x10000000000000000"),
		"tp: obj: this is no address\n");
	ck_assert_str_eq(said(-1, "obj -1"),
		"tp: obj: this is no address\n");
	ck_assert_str_eq(said(-1, "pool 0 8"),
		"tp: pool: flags are 1, 2, 4, or a sum of them\n");
	ck_assert_str_eq(said(-1, "pool 0 1 1"),
		"tp: pool: nothing can follow the flags\n");
	ck_assert_str_eq(said(0, " pool\t0  1\n"), "none\n");
	ck_assert_str_eq(said(-1, "%0200d", 0),
		"tp: 0000000000000000000000000000000: there is no such verb; "
		"tp alone lists them\n");
	ck_assert_str_eq(said_when_stopped(1, 0, 8),
		"tp: pool: flags are 1, 2, 4, or a sum of them\n");
	(void)said_when_stopped(2, TP_DUMP_HERE, 1);
	mask(joined, masked);
	ck_assert_str_eq(masked,
		"tp: obj: nothing known has the address 0x...\n");
}
END_TEST

START_TEST(no_address_is_followed)
{	/* DIAG-19 */
	struct play play;
	const uintptr_t wrong[] = {
		1, 4095, (uintptr_t)&play, UINTPTR_MAX / 2, UINTPTR_MAX - 8
	};

	play_open(&play);
	for (unsigned verb = 0; verb < VERBS; verb++)
		for (unsigned i = 0; i < sizeof(wrong) / sizeof(*wrong); i++)
			ck_assert_ptr_nonnull(strstr(said(-1, "%s %" PRIuPTR
				" 7", verbs[verb], wrong[i]),
				": nothing known has the address 0x...\n"));
	/* It is something, but of another kind. */
	said(-1, "pool %p", (void *)play.timer);
	said(-1, "work %p", (void *)play.timer);
	said(-1, "wait %p", (void *)play.timer);
	said(-1, "ttimer %p", (void *)play.wait);
	play_close(&play);
}
END_TEST

START_TEST(freed_objects_are_not_known)
{	/* DIAG-19 */
	struct scene scene = SCENE_INIT;
	PTP_WORK gone;
	char line[64];

	scene_open(&scene, 1);
	gone = CreateThreadpoolWork(pass_gate, &scene,
		&scene.private.environ);
	snprintf(line, sizeof(line), "obj %p 7", (void *)gone);
	said(0, "%s", line);
	CloseThreadpoolWork(gone);
	said(-1, "%s", line);
	scene_close(&scene);
}
END_TEST

/* ---- Waiters ---- */

struct sleeper {
	pthread_t thread;
	HANDLE handles[2];
	DWORD count;
	BOOL all;
};

static void *
sleep_for_them(void *argument)
{
	struct sleeper *sleeper = argument;

	ck_assert_uint_eq(WaitForMultipleObjects(sleeper->count,
		sleeper->handles, sleeper->all, INFINITE), WAIT_OBJECT_0);
	return NULL;
}

/* Do so many threads sleep until kernel objects are signalled? */
static bool
so_many_sleep(void *number)
{
	unsigned count = 0;

	tp_lock(&tp_waitable_lock);
	for (struct tp_list *node = tp_sleepers.next; node != &tp_sleepers;
	     node = node->next)
		count++;
	tp_unlock(&tp_waitable_lock);
	return count == *(unsigned *)number;
}

START_TEST(waiter_shows_who_waits_for_a_handle)
{	/* DIAG-19 */
	struct sleeper one = { .count = 1 }, both = { .count = 2 };
	HANDLE other = CreateEventA(NULL, TRUE, FALSE, NULL);
	unsigned asleep = 1;
	struct play play;

	play_open(&play);
	one.handles[0] = both.handles[1] = other;
	both.handles[0] = play.event;
	both.all = TRUE;
	start(&both.thread, sleep_for_them, &both);
	await(so_many_sleep, &asleep);
	start(&one.thread, sleep_for_them, &one);
	asleep = 2;
	await(so_many_sleep, &asleep);
	expect("thread 1             waits for all of "
		"event 1 \"the news\", event 2\n"
		"thread 2             waits for event 2\n"
		"wait 1               waits for event 1 \"the news\"\n",
		"waiter", NULL, 1);
	expect("thread 1             waits for all of "
		"event 1 \"the news\", event 2\n"
		"thread 2             waits for event 2\n",
		"waiter", other, 1);
	expect("thread 1\n"
		"  waits              for all of event 1 \"the news\", "
		"event 2\n"
		"  time-out           never\n"
		"thread 2\n"
		"  waits              for event 2\n"
		"  time-out           never\n",
		"waiter", other, 2);
	ck_assert(SetEvent(play.event));
	ck_assert(SetEvent(other));
	join(one.thread);
	join(both.thread);
	ck_assert_str_eq(said(0, "waiter %p", other), "none\n");
	ck_assert(CloseHandle(other));
	play_close(&play);
}
END_TEST

START_TEST(waiter_shows_who_waits_for_callbacks)
{	/* DIAG-19 */
	struct waiter waiter;
	struct play play;

	play_open(&play);
	waiter = (struct waiter){ .work = play.busy.work };
	start(&waiter.thread, wait_for_work, &waiter);
	await(has_waiter, play.busy.work);
	expect("thread 1             waits for work 1\n",
		"waiter", play.busy.work, 1);
	expect("thread 1\n  waits              for work 1\n",
		"waiter", play.busy.work, 2);
	gate_open(&play.busy.gate);
	join(waiter.thread);
	play_close(&play);
}
END_TEST

static VOID CALLBACK
on_legacy(PVOID context, BOOLEAN timed_out)
{
	(void)context;
	(void)timed_out;
}

START_TEST(registered_waits_and_timer_queues_are_shown)
{	/* DIAG-19 */
	HANDLE event = CreateEventA(NULL, TRUE, FALSE, NULL);
	HANDLE queue = CreateTimerQueue(), timer, wait;

	ck_assert(RegisterWaitForSingleObject(&wait, event, on_legacy, NULL,
		72 * 3600 * 1000, WT_EXECUTEONLYONCE));
	ck_assert(CreateTimerQueueTimer(&timer, queue, on_legacy, NULL,
		48 * 3600 * 1000, 0, 0));
	ck_assert(CreateTimerQueueTimer(&timer, NULL, on_legacy, NULL,
		24 * 3600 * 1000, 0, 0));
	expect("registered wait 1    waits for event 1\n", "waiter", event, 1);
	expect("queue timer 1        in T, by the steady clock, to "
		"default pool\n"
		"queue timer 2        in T, by the steady clock, to "
		"default pool\n"
		"registered wait 1    in T, by the steady clock, to "
		"default pool\n", "tqueue", NULL, 1);
	expect("queue timer 2        in T, by the steady clock, to "
		"default pool\n", "tqueue", queue, 1);
	ck_assert(UnregisterWaitEx(wait, INVALID_HANDLE_VALUE));
	ck_assert(DeleteTimerQueueTimer(NULL, timer, INVALID_HANDLE_VALUE));
	ck_assert(DeleteTimerQueueEx(queue, INVALID_HANDLE_VALUE));
	ck_assert(CloseHandle(event));
}
END_TEST

/* ---- What is due ---- */

#define TIMERS	100	/* more than are sorted at once */

START_TEST(what_is_due_is_shown_in_order)
{	/* DIAG-19 */
	struct private_pool private;
	PTP_TIMER timers[TIMERS];
	const char *line;

	private_pool_open(&private, 1, 1);
	/* Every fourth by the system clock, in the year 2515 or so. */
	for (int i = 0; i < TIMERS; i++) {
		int hours = 1 + i * 37 % TIMERS;

		timers[hours - 1] = timer_in(&private.environ,
			hours % 4 == 0 ? 8000000 + hours : -hours);
	}
	line = said(0, "tqueue %p", (void *)private.pool);
	for (int clock = 0; clock < 2; clock++)
		for (int hours = 1; hours <= TIMERS; hours++) {
			char expected[128];
			PTP_TIMER timer = timers[hours - 1];

			if ((hours % 4 == 0) != clock)
				continue;
			snprintf(expected, sizeof(expected), "timer %-14u "
				"in T, by the %s clock, to pool 1\n",
				((struct tp_object *)timer)->number,
				clock ? "system" : "steady");
			ck_assert_int_eq(strncmp(line, expected,
				strlen(expected)), 0);
			line += strlen(expected);
		}
	ck_assert_str_eq(line, "");
	for (int i = 0; i < TIMERS; i++)
		CloseThreadpoolTimer(timers[i]);
	ck_assert_str_eq(said(0, "tqueue"), "none\n");
	private_pool_close(&private);
}
END_TEST

/* ---- For a debugger ---- */

START_TEST(text_for_a_debugger_is_the_same)
{	/* DIAG-19, DIAG-20, DIAG-21 */
	struct play play;

	play_open(&play);
	for (unsigned verb = 1; verb <= VERBS; verb++)
		for (unsigned flags = 1; flags <= 7; flags++) {
			const char *name = verbs[verb - 1];

			said(0, "%s 0 %u", name, flags);
			(void)said_when_stopped(verb, 0, flags);
			mask(joined, text);
			ck_assert_str_eq(text, masked);
		}
	said(0, "obj %p 7", (void *)play.wait);
	(void)said_when_stopped(2, (uintptr_t)play.wait, 7);
	mask(joined, text);
	ck_assert_str_eq(text, masked);
	said(0, "worker");
	ck_assert_str_eq(said_when_stopped(8, TP_DUMP_HERE, 0), masked);
	said(0, "");
	ck_assert_str_eq(said_when_stopped(0, 0, 0), masked);
	ck_assert_str_eq(said_when_stopped(VERBS + 1, 0, 0), masked);
	play_close(&play);
}
END_TEST

static void *
hold_stderr(void *gate)
{
	flockfile(stderr);
	gate_wait(gate);
	funlockfile(stderr);
	return NULL;
}

START_TEST(text_for_a_debugger_needs_no_lock_and_no_memory)
{	/* DIAG-19 */
	struct gate gate = GATE_INIT;
	struct play play;
	pthread_t thread;
	unsigned long made;

	play_open(&play);
	start(&thread, hold_stderr, &gate);
	gate_await_waiting(&gate, 1);
	tp_lock(&tp_waitable_lock);
	tp_lock(&play.quiet.pool->lock);
	made = made_allocations();
	fail_allocations(true);
	for (unsigned verb = 0; verb <= VERBS; verb++)
		(void)said_when_stopped(verb, 0, 7);
	fail_allocations(false);
	ck_assert_uint_eq(made_allocations(), made);
	tp_unlock(&play.quiet.pool->lock);
	tp_unlock(&tp_waitable_lock);
	gate_open(&gate);
	join(thread);
	play_close(&play);
}
END_TEST

#define MANY	600

START_TEST(long_text_comes_in_parts)
{	/* DIAG-19 */
	struct private_pool private;
	static PTP_TIMER timers[MANY];

	private_pool_open(&private, 1, 1);
	for (int i = 0; i < MANY; i++)
		timers[i] = timer_in(&private.environ, -1000);
	said(0, "obj 0 1");
	(void)said_when_stopped(2, 0, 1);
	ck_assert_uint_gt(strlen(joined), 2 * 16384);
	ck_assert_str_eq(joined, text);
	for (int i = 0; i < MANY; i++)
		CloseThreadpoolTimer(timers[i]);
	private_pool_close(&private);
}
END_TEST

START_TEST(parts_of_a_text_are_of_one_moment)
{	/* DIAG-19 */
	struct private_pool private;
	static PTP_TIMER timers[MANY];
	const char *line, *end;
	unsigned part = 0, lines = 0;
	size_t size = 0, more;

	private_pool_open(&private, 1, 1);
	/* "in 1000 s", and "in 999 s" a little later. */
	for (int i = 0; i < MANY; i++) {
		FILETIME due = ticks(-10000000000 - i * 10000);

		timers[i] = timer_in(&private.environ, -1000);
		SetThreadpoolTimer(timers[i], &due, 0, 0);
	}
	do {
		line = tp_dump_text(3, 0, 1, part++);
		more = strlen(line);
		memcpy(joined + size, line, more + 1);
		size += more;
		Sleep(100);
	} while (more > 0);
	ck_assert_uint_gt(part, 2);
	for (line = joined; *line != '\0'; line = end + 1, lines++) {
		end = strchr(line, '\n');
		ck_assert_ptr_nonnull(end);
		ck_assert_int_eq(strncmp(line, "timer ", 6), 0);
		ck_assert_int_eq(strncmp(end - 30, "by the steady clock, to "
			"pool 1", 30), 0);
		ck_assert_uint_lt((size_t)(end - line), 64);
	}
	ck_assert_uint_eq(lines, MANY);
	for (int i = 0; i < MANY; i++)
		CloseThreadpoolTimer(timers[i]);
	private_pool_close(&private);
}
END_TEST

/* ---- Under load ---- */

#define ROUNDS	50

static void *
make_and_close(void *runs)
{
	for (int i = 0; i < ROUNDS; i++) {
		struct private_pool private;
		HANDLE event = CreateEventA(NULL, FALSE, FALSE, NULL);
		PTP_WAIT wait;
		PTP_TIMER timer;

		private_pool_open(&private, 1, 2);
		timer = timer_in(&private.environ, -24);
		wait = CreateThreadpoolWait(on_wait, NULL, &private.environ);
		SetThreadpoolWait(wait, event, NULL);
		(void)WaitForSingleObject(event, 1);
		CloseThreadpoolWait(wait);
		CloseThreadpoolTimer(timer);
		ck_assert(CloseHandle(event));
		private_pool_close(&private);
		tally_add(runs);
	}
	return NULL;
}

START_TEST(commands_may_come_at_any_time)
{	/* DIAG-19 */
	struct tally runs = TALLY_INIT;
	pthread_t threads[2];

	for (int i = 0; i < 2; i++)
		start(&threads[i], make_and_close, &runs);
	for (unsigned i = 0; tally_read(&runs) < 2 * ROUNDS; i++)
		said(0, "%s 0 7", verbs[i % VERBS]);
	for (int i = 0; i < 2; i++)
		join(threads[i]);
}
END_TEST

/* ---- The suite ---- */

int
main(void)
{
	Suite *suite = suite_create("dump_command");
	TCase *small = harness_case(suite, "small");
	TCase *large = harness_case(suite, "large");

	tcase_add_test(small, command_shows_what_is_at_an_address);
	tcase_add_test(small,
		address_0_is_all_and_none_is_the_current_thread);
	tcase_add_test(small,
		worker_without_address_is_who_runs_the_callback);
	tcase_add_test(small, flags_choose_line_members_and_queue);
	tcase_add_test(small, members_of_objects_say_what_posts_them);
	tcase_add_test(small, io_objects_say_whether_more_is_to_come);
	tcase_add_test(small, command_has_the_verbs_of_newer_debuggers);
	tcase_add_test(small, wrong_commands_are_answered_in_a_line);
	tcase_add_test(small, no_address_is_followed);
	tcase_add_test(small, freed_objects_are_not_known);
	tcase_add_test(small, waiter_shows_who_waits_for_a_handle);
	tcase_add_test(small, waiter_shows_who_waits_for_callbacks);
	tcase_add_test(small, registered_waits_and_timer_queues_are_shown);
	tcase_add_test(large, what_is_due_is_shown_in_order);
	tcase_add_test(small, text_for_a_debugger_is_the_same);
	tcase_add_test(small,
		text_for_a_debugger_needs_no_lock_and_no_memory);
	tcase_add_test(large, long_text_comes_in_parts);
	tcase_add_test(large, parts_of_a_text_are_of_one_moment);
	tcase_add_test(large, commands_may_come_at_any_time);
	return harness_run(suite);
}

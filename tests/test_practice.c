/* SPDX-License-Identifier: MIT */
/*
 * test_practice.c - what good practice avoids, and what it is good for
 *
 * First three deadlocks that the dump must show. One of them is of a kind
 * that nothing can end: it happens in a child process, whose dump is looked
 * at. Then what long callbacks, floods and blocking callbacks cost, and what
 * is done against it. TP_STALL_MS is a day, so that what a pool does at once
 * is not done because time went by.
 */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "crowd.h"
#include "kernel.h"

#include "../ref/dump.h"

#define NEVER	"86400000"	/* ms: a day */

static char text[1 << 16];

/* What the dump says now. */
static const char *
dumped(void)
{
	FILE *stream = fmemopen(text, sizeof(text), "w");

	ck_assert_ptr_nonnull(stream);
	tp_dump(stream);
	fclose(stream);
	return text;
}

static void
expect_line(const char *dump, const char *line)
{
	ck_assert_msg(strstr(dump, line) != NULL,
		"expected the line %sand got:\n%s", line, dump);
}

/* Are both workers blocked, where the pool can see it? */
static bool
both_blocked(void *argument)
{
	PTP_POOL pool = argument;
	bool blocked;

	tp_lock(&pool->lock);
	blocked = pool->suspended == 2;
	tp_unlock(&pool->lock);
	return blocked;
}

/* ---- Deadlocks ---- */

static VOID CALLBACK
await_event(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_WORK work)
{
	(void)instance;
	(void)work;
	WaitForSingleObject(context, INFINITE);
}

static VOID CALLBACK
set_event(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_WORK work)
{
	(void)instance;
	(void)work;
	SetEvent(context);
}

START_TEST(dump_shows_busy_workers_and_the_callback_that_they_wait_for)
{	/* DIAG-01 */
	struct private_pool private;
	HANDLE done = event(MANUAL, UNSET);
	PTP_WORK waits, sets;

	private_pool_open(&private, 2, 2);
	waits = work_in(&private, await_event, done);
	sets = work_in(&private, set_event, done);
	submit(waits, 2);
	await(both_blocked, private.pool);
	submit(sets, 1);
	dumped();
	expect_line(text, "  threads            2: idle 0, running 2, ");
	expect_line(text, "  queued             1: ");
	expect_line(text, "  worker 1           runs work 1, blocked\n");
	expect_line(text, "  worker 2           runs work 1, blocked\n");
	SetEvent(done);			/* nobody else would */
	finish(waits);
	finish(sets);
	private_pool_close(&private);
	CloseHandle(done);
}
END_TEST

/* Two callbacks: each waits for the other's object. */
struct couple {
	PTP_WORK one, other;
	HANDLE waiting[2];		/* both have begun */
	LONG volatile begun;
};

static VOID CALLBACK
await_the_other(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_WORK work)
{
	struct couple *couple = context;

	(void)instance;
	if (InterlockedIncrement(&couple->begun) == 2)
		SetEvent(couple->waiting[0]);
	WaitForSingleObject(couple->waiting[0], INFINITE);
	WaitForThreadpoolWorkCallbacks(work == couple->one ?
		couple->other : couple->one, FALSE);
}

static bool
three_wait(void *argument)
{
	PTP_POOL pool = argument;
	unsigned count = 0;

	tp_lock(&pool->lock);
	for (struct tp_list *node = pool->waits.next; node != &pool->waits;
	     node = node->next)
		count++;
	tp_unlock(&pool->lock);
	return count == 3;
}

static void *
wait_for_it(void *work)
{
	WaitForThreadpoolWorkCallbacks(work, FALSE);
	return NULL;
}

/* A third thread waits for one of the two: it is as lost as they are. */
static void
wait_for_each_other(void *unused)
{
	struct couple couple = { .waiting = { event(MANUAL, UNSET), NULL } };
	struct private_pool private;
	pthread_t thread;

	(void)unused;
	private_pool_open(&private, 2, 2);
	couple.one = work_in(&private, await_the_other, &couple);
	couple.other = work_in(&private, await_the_other, &couple);
	submit(couple.one, 1);
	submit(couple.other, 1);
	ck_assert_int_eq(pthread_create(&thread, NULL, wait_for_it,
		couple.one), 0);
	await(three_wait, private.pool);
	tp_dump(stderr);
	_exit(0);
}

/* How often does the dump say it? */
static unsigned
count_lines(const char *dump, const char *line)
{
	unsigned count = 0;

	while ((dump = strstr(dump, line)) != NULL) {
		count++;
		dump += strlen(line);
	}
	return count;
}

START_TEST(dump_shows_callbacks_that_wait_for_each_other_for_ever)
{	/* DIAG-02 */
	const char *dump = report_of(wait_for_each_other, NULL, false);

	ck_assert_msg(count_lines(dump, " waits for work 1, for ever\n") == 2 &&
		count_lines(dump, " waits for work 2, for ever\n") == 1,
		"three wait for ever, and it says:\n%s", dump);
}
END_TEST

static struct tally counted = TALLY_INIT;

/* A chain: a thread waits for a callback, which waits for another one. */
static VOID CALLBACK
await_context(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_WORK work)
{
	(void)instance;
	(void)work;
	WaitForThreadpoolWorkCallbacks(context, FALSE);
}

static bool
two_wait(void *argument)
{
	PTP_POOL pool = argument;
	bool two;

	tp_lock(&pool->lock);
	two = !tp_list_empty(&pool->waits) &&
		pool->waits.next != pool->waits.prev;
	tp_unlock(&pool->lock);
	return two;
}

START_TEST(dump_does_not_take_a_chain_of_waits_for_a_circle)
{	/* DIAG-02 */
	struct private_pool private;
	HANDLE done = event(MANUAL, UNSET);
	PTP_WORK last, middle;
	pthread_t thread;

	private_pool_open(&private, 2, 2);
	last = work_in(&private, await_event, done);
	middle = work_in(&private, await_context, last);
	submit(last, 1);
	submit(middle, 1);
	ck_assert_int_eq(pthread_create(&thread, NULL, wait_for_it, middle),
		0);
	await(two_wait, private.pool);
	dumped();
	ck_assert_uint_eq(count_lines(text, " waits for "), 2);
	ck_assert_uint_eq(count_lines(text, "for ever"), 0);
	SetEvent(done);
	ck_assert_int_eq(pthread_join(thread, NULL), 0);
	finish(middle);
	finish(last);
	private_pool_close(&private);
	CloseHandle(done);
}
END_TEST

static CRITICAL_SECTION section;

static VOID CALLBACK
need_section(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_WORK work)
{
	(void)instance;
	(void)context;
	(void)work;
	EnterCriticalSection(&section);
	tally_add(&counted);
	LeaveCriticalSection(&section);
}

static void *
wait_inside_section(void *work)
{
	EnterCriticalSection(&section);
	SubmitThreadpoolWork(work);
	WaitForThreadpoolWorkCallbacks(work, FALSE);
	LeaveCriticalSection(&section);
	return NULL;
}

static bool
one_waits_and_one_is_blocked(void *argument)
{
	PTP_POOL pool = argument;
	bool both;

	tp_lock(&pool->lock);
	both = pool->suspended == 1 && !tp_list_empty(&pool->waits);
	tp_unlock(&pool->lock);
	return both;
}

static void
hold_a_lock_and_wait(void *unused)
{
	struct private_pool private;
	pthread_t thread;

	(void)unused;
	InitializeCriticalSection(&section);
	private_pool_open(&private, 1, 1);
	ck_assert_int_eq(pthread_create(&thread, NULL, wait_inside_section,
		work_in(&private, need_section, NULL)), 0);
	await(one_waits_and_one_is_blocked, private.pool);
	tp_dump(stderr);
	_exit(0);
}

START_TEST(wait_with_a_lock_that_the_callback_needs_shows_both_sides)
{	/* DIAG-03 */
	const char *dump = report_of(hold_a_lock_and_wait, NULL, false);

	expect_line(dump, "  worker 1           runs work 1, blocked\n");
	expect_line(dump, "  thread 1           waits for work 1\n");
}
END_TEST

START_TEST(lock_that_is_released_before_the_wait_does_no_harm)
{	/* DIAG-03 */
	struct private_pool private;
	PTP_WORK work;

	InitializeCriticalSection(&section);
	private_pool_open(&private, 1, 1);
	work = work_in(&private, need_section, NULL);
	EnterCriticalSection(&section);
	submit(work, 1);
	LeaveCriticalSection(&section);
	finish(work);
	ck_assert_uint_eq(tally_read(&counted), 1);
	private_pool_close(&private);
	DeleteCriticalSection(&section);
}
END_TEST

/* ---- Long callbacks ---- */

static VOID CALLBACK
say_long_and_join_crowd(PTP_CALLBACK_INSTANCE instance, PVOID context,
	PTP_WORK work)
{
	CallbackMayRunLong(instance);
	join_crowd(instance, context, work);
}

/*
 * As many long callbacks as processors, four, and one more; and then a short
 * one, in the pool `elsewhere` or in theirs. It runs meanwhile.
 */
static void
run_beside_long_ones(struct private_pool *private,
	PTP_WORK_CALLBACK callback, unsigned number,
	struct private_pool *elsewhere)
{
	struct crowd crowd = CROWD_INIT;
	struct tally runs = TALLY_INIT;
	PTP_WORK longs = work_in(private, callback, &crowd);
	PTP_WORK brief;

	submit(longs, number);
	gate_await_waiting(&crowd.gate, number);
	private->environ.u.s.LongFunction = 0;
	brief = work_in(elsewhere, count_work, &runs);
	submit(brief, 1);
	finish(brief);
	gate_open(&crowd.gate);
	finish(longs);
}

START_TEST(what_runs_long_and_says_so_leaves_the_processors_to_others)
{	/* DIAG-13, INST-16, POOL-33 */
	struct private_pool private, elsewhere;

	setenv("TP_STALL_MS", NEVER, 1);
	setenv("TP_PROCESSORS", "4", 1);
	private_pool_open(&private, 0, 10);
	run_beside_long_ones(&private, say_long_and_join_crowd, 5, &private);
	SetThreadpoolCallbackRunsLong(&private.environ);
	run_beside_long_ones(&private, join_crowd, 5, &private);
	private_pool_open(&elsewhere, 0, 10);
	run_beside_long_ones(&private, join_crowd, 4, &elsewhere);
	private_pool_close(&elsewhere);
	private_pool_close(&private);
}
END_TEST

/* ---- Floods, and callbacks that block ---- */

START_TEST(flood_of_the_default_pool_does_not_reach_a_private_one)
{	/* DIAG-14 */
	struct crowd crowd = CROWD_INIT;
	struct private_pool private;
	struct tally runs = TALLY_INIT;
	PTP_WORK flood, probe;

	setenv("TP_STALL_MS", NEVER, 1);
	setenv("TP_PROCESSORS", "2", 1);
	flood = CreateThreadpoolWork(join_crowd, &crowd, NULL);
	ck_assert_ptr_nonnull(flood);
	submit(flood, 1000);
	private_pool_open(&private, 1, 1);
	probe = work_in(&private, count_work, &runs);
	submit(probe, 10);
	finish(probe);
	ck_assert_uint_eq(tally_read(&crowd.finished), 0);
	gate_open(&crowd.gate);
	finish(flood);
	private_pool_close(&private);
}
END_TEST

enum { MANY = 100 };

static VOID CALLBACK
count_signal(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_WAIT wait,
	TP_WAIT_RESULT result)
{
	(void)instance;
	(void)wait;
	ck_assert_uint_eq(result, WAIT_OBJECT_0);
	tally_add(context);
}

START_TEST(wait_object_costs_no_thread)
{	/* DIAG-17 */
	struct private_pool private;
	struct tally runs = TALLY_INIT;
	HANDLE events[MANY];
	PTP_WAIT waits[MANY];
	unsigned long threads;

	private_pool_open(&private, 1, MANY);
	for (int i = 0; i < MANY; i++) {
		waits[i] = CreateThreadpoolWait(count_signal, &runs,
			&private.environ);
		events[i] = event(AUTO, UNSET);
	}
	threads = made_threads();
	for (int i = 0; i < MANY; i++)
		SetThreadpoolWait(waits[i], events[i], NULL);
	ck_assert_uint_eq(made_threads(), threads);
	for (int i = 0; i < MANY; i++)
		SetEvent(events[i]);
	tally_await(&runs, MANY);
	for (int i = 0; i < MANY; i++) {
		WaitForThreadpoolWaitCallbacks(waits[i], FALSE);
		CloseThreadpoolWait(waits[i]);
		CloseHandle(events[i]);
	}
	private_pool_close(&private);
}
END_TEST

struct blocked {
	HANDLE go_on;
	struct tally begun;
};

static VOID CALLBACK
block(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_WORK work)
{
	struct blocked *blocked = context;

	(void)instance;
	(void)work;
	tally_add(&blocked->begun);
	WaitForSingleObject(blocked->go_on, INFINITE);
}

START_TEST(callback_that_blocks_costs_a_thread)
{	/* DIAG-17 */
	struct private_pool private;
	struct blocked blocked = { event(MANUAL, UNSET), TALLY_INIT };
	unsigned long threads = live_threads();
	PTP_WORK work;

	private_pool_open(&private, 1, MANY);
	work = work_in(&private, block, &blocked);
	submit(work, MANY);
	tally_await(&blocked.begun, MANY);
	ck_assert_uint_ge(live_threads(), threads + MANY);
	SetEvent(blocked.go_on);
	finish(work);
	private_pool_close(&private);
	CloseHandle(blocked.go_on);
}
END_TEST

/* ---- Names ---- */

static VOID CALLBACK
read_name(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_WORK work)
{
	FILE *comm = fopen("/proc/thread-self/comm", "r");
	char *name = context;

	(void)instance;
	(void)work;
	ck_assert_ptr_nonnull(comm);
	ck_assert_ptr_nonnull(fgets(name, 32, comm));
	fclose(comm);
}

static void
expect_name(PTP_CALLBACK_ENVIRON environ)
{
	char name[32];
	PTP_WORK work = CreateThreadpoolWork(read_name, name, environ);

	ck_assert_ptr_nonnull(work);
	submit(work, 1);
	finish(work);
	ck_assert_msg(strncmp(name, "tp-", 3) == 0,
		"a worker is called %s", name);
}

START_TEST(worker_can_be_told_by_its_name)
{	/* DIAG-23, port-defined */
	struct private_pool private;

	explore_cannot("names are read where the system shows them");
	private_pool_open(&private, 1, 1);
	expect_name(NULL);
	expect_name(&private.environ);
	private_pool_close(&private);
}
END_TEST

/* ---- The suite ---- */

int
main(void)
{
	Suite *suite = suite_create("practice");
	TCase *small = harness_case(suite, "small");
	TCase *large = harness_case(suite, "large");

	tcase_add_test(small,
		dump_shows_busy_workers_and_the_callback_that_they_wait_for);
	tcase_add_test(small,
		dump_shows_callbacks_that_wait_for_each_other_for_ever);
	tcase_add_test(small,
		dump_does_not_take_a_chain_of_waits_for_a_circle);
	tcase_add_test(small,
		wait_with_a_lock_that_the_callback_needs_shows_both_sides);
	tcase_add_test(small,
		lock_that_is_released_before_the_wait_does_no_harm);
	tcase_add_test(large,
		what_runs_long_and_says_so_leaves_the_processors_to_others);
	tcase_add_test(large,
		flood_of_the_default_pool_does_not_reach_a_private_one);
	tcase_add_test(large, wait_object_costs_no_thread);
	tcase_add_test(large, callback_that_blocks_costs_a_thread);
	tcase_add_test(small, worker_can_be_told_by_its_name);
	return harness_run(suite);
}

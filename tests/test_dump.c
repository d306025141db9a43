/* SPDX-License-Identifier: MIT */
/*
 * test_dump.c - what every pool is doing (ref/dump.c)
 *
 * A gate holds the callbacks where the test wants them, and the text of the
 * dump is then known to the last character. Each test runs in a process of
 * its own, so things are numbered from 1.
 */
#include <stdio.h>
#include <string.h>

#include "scene.h"

#include "../ref/dump.h"

/* The default pool is made by the first object, and has no threads here. */
#define DEFAULT_POOL \
	"default pool         open, 0 to 500 threads\n" \
	"  threads            0: idle 0, running 0, waking 0, being made 0\n" \
	"  queued             0: high 0, normal 0, low 0\n"

static char text[1 << 16];

/* What dump writes. */
static const char *
written_by(void (*dump)(FILE *stream))
{
	FILE *stream = fmemopen(text, sizeof(text), "w");

	ck_assert_ptr_nonnull(stream);
	dump(stream);
	fclose(stream);
	return text;
}

/* Both forms must show this. */
static void
expect_dump(const char *expected)
{
	ck_assert_str_eq(written_by(tp_dump), expected);
	ck_assert_str_eq(written_by(tp_dump_stopped), expected);
}

/* ---- Looking inside ---- */

static bool
one_idle(void *argument)
{
	PTP_POOL pool = argument;
	bool idle;

	tp_lock(&pool->lock);
	idle = pool->idle_count == 1;
	tp_unlock(&pool->lock);
	return idle;
}

static bool
no_threads(void *unused)
{
	(void)unused;
	return live_threads() == 0;
}

static bool
one_blocked(void *argument)
{
	PTP_POOL pool = argument;
	bool blocked;

	tp_lock(&pool->lock);
	blocked = pool->suspended == 1;
	tp_unlock(&pool->lock);
	return blocked;
}

/* ---- One pool ---- */

START_TEST(dump_shows_a_pool_that_has_nothing_to_do)
{
	struct scene scene = SCENE_INIT;

	expect_dump("");
	scene_open(&scene, 1);
	await(one_idle, scene.private.pool);
	expect_dump("pool 1               open, 1 to 1 threads\n"
		"  threads            1: idle 1, running 0, waking 0, "
		"being made 0\n"
		"  queued             0: high 0, normal 0, low 0\n"
		"  work 1             open   pending 0, running 0, "
		"associated 0, refs 1, waiters 0\n"
		"  worker 1           idle\n"
		DEFAULT_POOL);
	scene_close(&scene);
}
END_TEST

START_TEST(dump_shows_who_runs_what_and_who_waits)
{
	struct scene scene = SCENE_INIT;
	struct waiter waiters[2];

	scene_open(&scene, 1);
	submit(scene.work, 4);
	gate_await_waiting(&scene.gate, 1);
	waiters[0] = (struct waiter){ .work = scene.work };
	start(&waiters[0].thread, wait_for_work, &waiters[0]);
	await(has_waiter, scene.work);
	expect_dump("pool 1               open, 1 to 1 threads\n"
		"  threads            1: idle 0, running 1, waking 0, "
		"being made 0\n"
		"  queued             3: high 0, normal 3, low 0\n"
		"  work 1             open   pending 3, running 1, "
		"associated 1, refs 6, waiters 1\n"
		"  worker 1           runs work 1\n"
		"  thread 1           waits for work 1\n"
		DEFAULT_POOL);
	gate_open(&scene.gate);
	join(waiters[0].thread);
	scene_close(&scene);
}
END_TEST

/* A callback that waits for another object's callback, which is at a gate. */
static VOID CALLBACK
wait_for_context(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_WORK work)
{
	(void)instance;
	(void)work;
	WaitForThreadpoolWorkCallbacks(context, FALSE);
}

START_TEST(dump_shows_a_callback_that_waits_for_another)
{
	struct scene scene = SCENE_INIT;
	PTP_WORK waits;

	scene_open(&scene, 2);
	submit(scene.work, 1);
	gate_await_waiting(&scene.gate, 1);
	waits = CreateThreadpoolWork(wait_for_context, scene.work,
		&scene.private.environ);
	submit(waits, 1);
	await(has_waiter, scene.work);
	await(one_blocked, scene.private.pool);
	written_by(tp_dump);
	ck_assert_ptr_nonnull(strstr(text, "runs work 1\n"));
	ck_assert_ptr_nonnull(strstr(text, "runs work 2, blocked\n"));
	ck_assert_ptr_nonnull(strstr(text, " waits for work 1\n"));
	ck_assert_ptr_null(strstr(text, " waits for work 2\n"));
	gate_open(&scene.gate);
	WaitForThreadpoolWorkCallbacks(waits, FALSE);
	CloseThreadpoolWork(waits);
	scene_close(&scene);
}
END_TEST

START_TEST(dump_counts_what_is_queued_by_priority)
{
	struct scene scene = SCENE_INIT;
	struct tally runs = TALLY_INIT;
	PTP_WORK work[3];

	scene_open(&scene, 1);
	submit(scene.work, 1);
	gate_await_waiting(&scene.gate, 1);
	for (int i = 0; i < 3; i++) {
		SetThreadpoolCallbackPriority(&scene.private.environ,
			(TP_CALLBACK_PRIORITY)i);
		work[i] = counting_work(&scene, &runs);
		submit(work[i], (unsigned)i + 2);
	}
	written_by(tp_dump);
	ck_assert_ptr_nonnull(strstr(text,
		"  queued             9: high 2, normal 3, low 4\n"));
	gate_open(&scene.gate);
	for (int i = 0; i < 3; i++) {
		WaitForThreadpoolWorkCallbacks(work[i], FALSE);
		CloseThreadpoolWork(work[i]);
	}
	scene_close(&scene);
}
END_TEST

static VOID CALLBACK
say_long(PTP_CALLBACK_INSTANCE instance, PVOID context)
{
	(void)instance;
	gate_wait(context);
}

START_TEST(dump_shows_what_is_closed_until_it_is_gone)
{
	struct private_pool private;
	struct gate gate = GATE_INIT;

	private_pool_open(&private, 1, 1);
	SetThreadpoolCallbackRunsLong(&private.environ);
	ck_assert(TrySubmitThreadpoolCallback(say_long, &gate,
		&private.environ));
	gate_await_waiting(&gate, 1);
	private_pool_close(&private);
	expect_dump("pool 1               closed, 1 to 1 threads\n"
		"  threads            1: idle 0, running 1, waking 0, "
		"being made 0\n"
		"  queued             0: high 0, normal 0, low 0\n"
		"  simple callback 1  closed pending 0, running 1, "
		"associated 1, refs 1, waiters 0\n"
		"  worker 1           runs simple callback 1, long\n"
		DEFAULT_POOL);
	gate_open(&gate);
	await(no_threads, NULL);
	expect_dump(DEFAULT_POOL);
}
END_TEST

/* ---- The two forms ---- */

START_TEST(the_stopped_form_needs_no_lock)
{
	struct scene scene = SCENE_INIT;
	char expected[sizeof(text)];

	scene_open(&scene, 1);
	submit(scene.work, 1);
	gate_await_waiting(&scene.gate, 1);
	strcpy(expected, written_by(tp_dump));
	ck_assert_ptr_nonnull(strstr(expected, "runs work 1\n"));
	tp_lock(&scene.private.pool->lock);
	written_by(tp_dump_stopped);
	tp_unlock(&scene.private.pool->lock);
	ck_assert_str_eq(text, expected);
	gate_open(&scene.gate);
	scene_close(&scene);
}
END_TEST

static VOID CALLBACK
dump_to_context(PTP_CALLBACK_INSTANCE instance, PVOID context)
{
	(void)instance;
	tp_dump(context);
}

START_TEST(a_callback_may_dump_its_own_pool)
{
	struct private_pool private;
	FILE *stream = fmemopen(text, sizeof(text), "w");

	private_pool_open(&private, 1, 1);
	await(one_idle, private.pool);
	ck_assert(TrySubmitThreadpoolCallback(dump_to_context, stream,
		&private.environ));
	private_pool_close(&private);
	await(no_threads, NULL);
	fclose(stream);
	ck_assert_ptr_nonnull(strstr(text,
		"  worker 1           runs simple callback 1\n"));
}
END_TEST

/* ---- Under load ---- */

#define ROUNDS	200

static void *
make_and_close(void *runs)
{
	for (int i = 0; i < ROUNDS; i++) {
		struct private_pool private;
		PTP_WORK work;

		private_pool_open(&private, 1, 2);
		work = CreateThreadpoolWork(count_work, runs,
			&private.environ);
		submit(work, 3);
		WaitForThreadpoolWorkCallbacks(work, FALSE);
		CloseThreadpoolWork(work);
		private_pool_close(&private);
	}
	return NULL;
}

START_TEST(dump_may_come_at_any_time)
{
	struct tally runs = TALLY_INIT;
	pthread_t threads[2];

	for (int i = 0; i < 2; i++)
		start(&threads[i], make_and_close, &runs);
	while (tally_read(&runs) < 2 * 3 * ROUNDS)
		written_by(tp_dump);
	for (int i = 0; i < 2; i++)
		join(threads[i]);
	await(no_threads, NULL);
	expect_dump(DEFAULT_POOL);
}
END_TEST

/* ---- The suite ---- */

int
main(void)
{
	Suite *suite = suite_create("dump");
	TCase *small = harness_case(suite, "small");
	TCase *large = harness_case(suite, "large");

	tcase_add_test(small, dump_shows_a_pool_that_has_nothing_to_do);
	tcase_add_test(small, dump_shows_who_runs_what_and_who_waits);
	tcase_add_test(small, dump_shows_a_callback_that_waits_for_another);
	tcase_add_test(small, dump_counts_what_is_queued_by_priority);
	tcase_add_test(small, dump_shows_what_is_closed_until_it_is_gone);
	tcase_add_test(small, the_stopped_form_needs_no_lock);
	tcase_add_test(small, a_callback_may_dump_its_own_pool);
	tcase_add_test(large, dump_may_come_at_any_time);
	return harness_run(suite);
}

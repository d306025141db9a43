/* SPDX-License-Identifier: MIT */
/*
 * test_pool_priorities.c - who starts first, and who never
 *
 * A priority decides between callbacks that are queued in one pool, nothing
 * else: callbacks of a higher one that never end come before all others for
 * ever, and the remedy is a pool of its own. Simple cases are in
 * test_environ.c; here are other kinds of objects, several threads,
 * starvation, and pools that stand apart.
 */
#include <string.h>

#include "crowd.h"

static PTP_CALLBACK_ENVIRON
with_priority(struct private_pool *private, TP_CALLBACK_PRIORITY priority)
{
	SetThreadpoolCallbackPriority(&private->environ, priority);
	return &private->environ;
}

static PTP_WORK
work_of(struct private_pool *private, TP_CALLBACK_PRIORITY priority,
	PTP_WORK_CALLBACK callback, PVOID context)
{
	with_priority(private, priority);
	return work_in(private, callback, context);
}

/* ---- Who has started ---- */

struct starts {
	char order[64];
	LONG volatile taken;		/* places in it */
	struct tally length;		/* of them: filled */
};

#define STARTS_INIT { .length = TALLY_INIT }

struct starter {
	struct starts *starts;
	char name;
	unsigned again;		/* it submits itself so often */
};

static void
note_start(struct starter *starter)
{
	struct starts *starts = starter->starts;

	starts->order[InterlockedIncrement(&starts->taken) - 1] =
		starter->name;
	tally_add(&starts->length);
}

static VOID CALLBACK
start_work(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_WORK work)
{
	struct starter *starter = context;

	(void)instance;
	if (starter->again > 0) {
		starter->again--;
		SubmitThreadpoolWork(work);
	}
	note_start(starter);
}

static VOID CALLBACK
start_simple(PTP_CALLBACK_INSTANCE instance, PVOID context)
{
	(void)instance;
	note_start(context);
}

static VOID CALLBACK
start_timer(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_TIMER timer)
{
	(void)instance;
	(void)timer;
	note_start(context);
}

static VOID CALLBACK
start_wait(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_WAIT wait,
	TP_WAIT_RESULT result)
{
	(void)instance;
	(void)wait;
	(void)result;
	note_start(context);
}

/* A pool whose every thread is held at a gate. */
struct held {
	struct private_pool private;
	struct crowd crowd;
	PTP_WORK work;
};

static void
hold(struct held *held, DWORD threads)
{
	*held = (struct held){ .crowd = CROWD_INIT };
	private_pool_open(&held->private, threads, threads);
	held->work = work_in(&held->private, join_crowd, &held->crowd);
	submit(held->work, threads);
	gate_await_waiting(&held->crowd.gate, threads);
}

static void
let_go(struct held *held)
{
	gate_open(&held->crowd.gate);
	finish(held->work);
}

/* ---- Who starts first ---- */

START_TEST(triggers_queue_their_callbacks_by_priority_as_well)
{	/* POOL-33 */
	struct held held;
	struct starts starts = STARTS_INIT;
	struct starter starters[] = { { &starts, 'w', 0 },
		{ &starts, 't', 0 }, { &starts, 's', 0 } };
	HANDLE event = CreateEventA(NULL, TRUE, TRUE, NULL);
	FILETIME now = { 0, 0 };
	PTP_WAIT wait;
	PTP_TIMER timer;

	hold(&held, 1);
	wait = CreateThreadpoolWait(start_wait, &starters[0],
		with_priority(&held.private, TP_CALLBACK_PRIORITY_LOW));
	timer = CreateThreadpoolTimer(start_timer, &starters[1],
		with_priority(&held.private, TP_CALLBACK_PRIORITY_HIGH));
	/* Due and signalled, they are in the queue when these return. */
	SetThreadpoolWait(wait, event, NULL);
	ck_assert(TrySubmitThreadpoolCallback(start_simple, &starters[2],
		with_priority(&held.private, TP_CALLBACK_PRIORITY_NORMAL)));
	SetThreadpoolTimer(timer, &now, 0, 0);
	let_go(&held);
	tally_await(&starts.length, 3);
	ck_assert_str_eq(starts.order, "tsw");
	WaitForThreadpoolTimerCallbacks(timer, FALSE);
	WaitForThreadpoolWaitCallbacks(wait, FALSE);
	CloseThreadpoolTimer(timer);
	CloseThreadpoolWait(wait);
	CloseHandle(event);
	private_pool_close(&held.private);
}
END_TEST

START_TEST(with_several_threads_too_high_ones_come_first)
{	/* POOL-33, POOL-34 */
	struct held held;
	struct crowd high = CROWD_INIT, low = CROWD_INIT;
	PTP_WORK works[2];

	hold(&held, 2);
	works[0] = work_of(&held.private, TP_CALLBACK_PRIORITY_LOW,
		join_crowd, &low);
	works[1] = work_of(&held.private, TP_CALLBACK_PRIORITY_HIGH,
		join_crowd, &high);
	submit(works[0], 2);
	submit(works[1], 2);
	let_go(&held);
	tally_await(&high.started, 2);
	let_others_run();
	ck_assert_uint_eq(tally_read(&low.started), 0);
	gate_open(&high.gate);
	tally_await(&low.started, 2);
	/* Nor do high ones that come now interrupt them. */
	submit(works[1], 1);
	let_others_run();
	ck_assert_uint_eq(tally_read(&high.started), 2);
	gate_open(&low.gate);
	for (int i = 0; i < 2; i++)
		finish(works[i]);
	ck_assert_uint_eq(tally_read(&high.started), 3);
	private_pool_close(&held.private);
}
END_TEST

START_TEST(objects_of_one_priority_take_turns)
{	/* WORK-16, POOL-33 */
	struct held held;
	struct starts starts = STARTS_INIT;
	struct starter starters[] = { { &starts, 'a', 0 },
		{ &starts, 'b', 0 }, { &starts, 'H', 0 } };
	PTP_WORK works[3];

	hold(&held, 1);
	for (int i = 0; i < 3; i++)
		works[i] = work_of(&held.private, i < 2 ?
			TP_CALLBACK_PRIORITY_LOW : TP_CALLBACK_PRIORITY_HIGH,
			start_work, &starters[i]);
	for (int i = 0; i < 3; i++)
		submit(works[i], 3);
	let_go(&held);
	for (int i = 0; i < 3; i++)
		finish(works[i]);
	ck_assert_str_eq(starts.order, "HHHababab");
	private_pool_close(&held.private);
}
END_TEST

/* ---- Who never starts ---- */

START_TEST(high_ones_that_go_on_and_on_starve_the_others)
{	/* POOL-33 */
	struct held held;
	struct starts starts = STARTS_INIT;
	struct starter starters[] = { { &starts, 'l', 0 },
		{ &starts, 'n', 3 }, { &starts, 'h', 9 } };
	static const TP_CALLBACK_PRIORITY priorities[] = {
		TP_CALLBACK_PRIORITY_LOW, TP_CALLBACK_PRIORITY_NORMAL,
		TP_CALLBACK_PRIORITY_HIGH
	};
	PTP_WORK works[3];

	hold(&held, 1);
	for (int i = 0; i < 3; i++) {
		works[i] = work_of(&held.private, priorities[i], start_work,
			&starters[i]);
		submit(works[i], 1);
	}
	let_go(&held);
	for (int i = 0; i < 3; i++)
		finish(works[i]);
	ck_assert_str_eq(starts.order, "hhhhhhhhhhnnnnl");
	private_pool_close(&held.private);
}
END_TEST

/* ---- The remedy ---- */

START_TEST(a_pool_of_its_own_keeps_what_is_low_from_starving)
{	/* POOL-18, POOL-33 */
	struct held held;
	struct private_pool quiet;
	struct crowd flood = CROWD_INIT;
	struct tally runs = TALLY_INIT;
	PTP_WORK high, low;

	hold(&held, 2);
	private_pool_open(&quiet, 1, 1);
	high = work_of(&held.private, TP_CALLBACK_PRIORITY_HIGH, join_crowd,
		&flood);
	low = work_of(&quiet, TP_CALLBACK_PRIORITY_LOW, count_work, &runs);
	submit(high, 20);
	submit(low, 3);
	WaitForThreadpoolWorkCallbacks(low, FALSE);
	ck_assert_uint_eq(tally_read(&runs), 3);
	ck_assert_uint_eq(tally_read(&flood.started), 0);
	let_go(&held);
	gate_open(&flood.gate);
	finish(high);
	finish(low);
	private_pool_close(&quiet);
	private_pool_close(&held.private);
}
END_TEST

START_TEST(a_blocked_pool_holds_up_no_timer_and_no_wait_of_another)
{	/* POOL-18 */
	struct held held;
	struct starts starts = STARTS_INIT, late = STARTS_INIT;
	struct starter starters[] = { { &starts, 't', 0 },
		{ &starts, 'w', 0 }, { &late, 't', 0 } };
	HANDLE event = CreateEventA(NULL, TRUE, FALSE, NULL);
	FILETIME soon = { (DWORD)-10000, (DWORD)-1 };	/* 1 ms */
	PTP_TIMER timers[2];
	PTP_WAIT wait;

	hold(&held, 2);
	timers[0] = CreateThreadpoolTimer(start_timer, &starters[2],
		&held.private.environ);
	timers[1] = CreateThreadpoolTimer(start_timer, &starters[0], NULL);
	wait = CreateThreadpoolWait(start_wait, &starters[1], NULL);
	for (int i = 0; i < 2; i++)
		SetThreadpoolTimer(timers[i], &soon, 0, 0);
	SetThreadpoolWait(wait, event, NULL);
	SetEvent(event);
	tally_await(&starts.length, 2);
	ck_assert_uint_eq(tally_read(&late.length), 0);
	let_go(&held);
	tally_await(&late.length, 1);
	for (int i = 0; i < 2; i++) {
		WaitForThreadpoolTimerCallbacks(timers[i], FALSE);
		CloseThreadpoolTimer(timers[i]);
	}
	WaitForThreadpoolWaitCallbacks(wait, FALSE);
	CloseThreadpoolWait(wait);
	CloseHandle(event);
	private_pool_close(&held.private);
}
END_TEST

/* ---- The suite ---- */

int
main(void)
{
	Suite *suite = suite_create("pool_priorities");
	TCase *small = harness_case(suite, "small");

	tcase_add_test(small,
		triggers_queue_their_callbacks_by_priority_as_well);
	tcase_add_test(small, with_several_threads_too_high_ones_come_first);
	tcase_add_test(small, objects_of_one_priority_take_turns);
	tcase_add_test(small, high_ones_that_go_on_and_on_starve_the_others);
	tcase_add_test(small,
		a_pool_of_its_own_keeps_what_is_low_from_starving);
	tcase_add_test(small,
		a_blocked_pool_holds_up_no_timer_and_no_wait_of_another);
	return harness_run(suite);
}

/* test_legacy_deletes.c - timer queues: how their timers and they end */
/* SPDX-License-Identifier: MIT */
/*
 * A delete takes the due time away. What is queued then still runs, and so
 * the three kinds of delete differ in who learns when that is over: nobody,
 * the calling thread, or whoever waits for an event.
 *
 * Where a callback stands at the gate, FALSE with ERROR_IO_PENDING is the
 * only right answer; where the object is idle, TRUE is.
 */
#include "legacy.h"

/* A timer whose callback stands at the gate. */
struct held {
	struct gate gate;
	struct witness witness;
	HANDLE timer, done;
};

static void
held_open(struct held *held, HANDLE queue, DWORD period)
{
	*held = (struct held){ .gate = GATE_INIT, .witness = WITNESS_INIT,
		.done = event(MANUAL, UNSET) };
	held->witness.gate = &held->gate;
	held->timer = timer_in(queue, &held->witness, 0, period,
		WT_EXECUTEDEFAULT);
	gate_await_waiting(&held->gate, 1);
}

/* It has been ended: the gate opens, and no other callback comes. */
static void
held_close(struct held *held)
{
	gate_open(&held->gate);
	pass_time(40);
	settle();
	assert_heard(&held->witness, 0, 1);
	ck_assert(CloseHandle(held->done));
}

/* ---- One timer ---- */

START_TEST(a_timer_due_at_once_that_is_deleted_at_once_still_calls_back)
{	/* LEGACY-39 */
	struct gate gate = GATE_INIT;
	struct witness witness = WITNESS_INIT;

	queue_item(hold_item, &gate, WT_EXECUTEINPERSISTENTTHREAD);
	gate_await_waiting(&gate, 1);
	ck_assert_fails(DeleteTimerQueueTimer(NULL, timer_in(NULL, &witness,
		0, 0, IN_ORDER), NULL), ERROR_IO_PENDING);
	assert_heard(&witness, 0, 0);
	gate_open(&gate);
	settle();
	assert_heard(&witness, 0, 1);
}
END_TEST

START_TEST(whatever_a_delete_says_the_callback_due_at_once_comes_once)
{	/* LEGACY-39, LEGACY-40 */
	for (unsigned long i = enough(100, 1); i > 0; i--) {
		struct witness witness = WITNESS_INIT;
		HANDLE timer = timer_in(NULL, &witness, 0, 0,
			WT_EXECUTEDEFAULT);

		SetLastError(0xDEAD);
		if (DeleteTimerQueueTimer(NULL, timer, NULL))
			assert_heard(&witness, 0, 1);
		else
			ck_assert_uint_eq(GetLastError(), ERROR_IO_PENDING);
		settle();
		assert_heard(&witness, 0, 1);
	}
}
END_TEST

START_TEST(deleting_an_idle_timer_succeeds_before_and_after_it_fired)
{	/* LEGACY-40, LEGACY-41 */
	struct belfry belfry;
	HANDLE a, b, c;

	belfry_open(&belfry);
	a = hang(&belfry, 'a', soon(20), 20, IN_ORDER);
	ck_assert(DeleteTimerQueueTimer(belfry.queue, a, NULL));
	b = hang(&belfry, 'b', 30, 0, IN_ORDER);
	tally_await(&bell_in(&belfry, 'b')->fired, 1);
	await(is_idle, b);
	ck_assert(DeleteTimerQueueTimer(belfry.queue, b, NULL));
	c = hang(&belfry, 'c', DAY_MS, 0, IN_ORDER);
	ck_assert(DeleteTimerQueueTimer(belfry.queue, c, NULL));
	pass_time(50);
	belfry_close(&belfry, "b30");
}
END_TEST

START_TEST(deleting_during_a_callback_is_pending_and_yet_done)
{	/* LEGACY-40, LEGACY-41 */
	struct held held;

	held_open(&held, NULL, DAY_MS);
	ck_assert_fails(DeleteTimerQueueTimer(NULL, held.timer, NULL),
		ERROR_IO_PENDING);
	held_close(&held);
}
END_TEST

START_TEST(a_blocking_delete_waits_for_the_callback)
{	/* LEGACY-42 */
	struct ending ending;
	struct held held;
	HANDLE thread;

	held_open(&held, NULL, DAY_MS);
	ending = (struct ending){ .handle = held.timer,
		.end = delete_and_wait, .witness = &held.witness };
	thread = start(end_it, &ending);
	await(is_waited_for, held.timer);
	gate_open(&held.gate);
	ck_assert_uint_eq(join(thread), TRUE);
	ck_assert_uint_eq(ending.seen, 1);
	held_close(&held);
}
END_TEST

START_TEST(an_event_is_set_after_the_last_callback)
{	/* LEGACY-43 */
	struct held held;

	held_open(&held, NULL, DAY_MS);
	ck_assert_fails(DeleteTimerQueueTimer(NULL, held.timer, held.done),
		ERROR_IO_PENDING);
	ck_assert_uint_eq(poll(held.done), WAIT_TIMEOUT);
	gate_open(&held.gate);
	ck_assert_uint_eq(WaitForSingleObject(held.done, INFINITE),
		WAIT_OBJECT_0);
	assert_heard(&held.witness, 0, 1);
	held_close(&held);
}
END_TEST

START_TEST(an_event_is_set_at_once_if_there_is_no_callback)
{	/* LEGACY-43 */
	struct witness witness = WITNESS_INIT;
	HANDLE done = event(MANUAL, UNSET);

	ck_assert(DeleteTimerQueueTimer(NULL, timer_in(NULL, &witness,
		DAY_MS, 0, WT_EXECUTEDEFAULT), done));
	ck_assert_uint_eq(poll(done), WAIT_OBJECT_0);
	assert_heard(&witness, 0, 0);
	ck_assert(CloseHandle(done));
}
END_TEST

START_TEST(the_event_may_be_closed_before_it_is_set)
{	/* LEGACY-43; the object outlives its handle */
	struct held held;

	held_open(&held, NULL, 0);
	ck_assert_fails(DeleteTimerQueueTimer(NULL, held.timer, held.done),
		ERROR_IO_PENDING);
	ck_assert(CloseHandle(held.done));
	held.done = event(MANUAL, UNSET);
	held_close(&held);
}
END_TEST

START_TEST(what_is_no_event_ends_nothing)
{	/* LEGACY-43, LEGACY-53; our choice */
	struct belfry belfry;
	HANDLE no_event = semaphore(0, 1), a;

	belfry_open(&belfry);
	a = hang(&belfry, 'a', 20, 0, IN_ORDER);
	ck_assert_fails(DeleteTimerQueueTimer(belfry.queue, a, no_event),
		ERROR_INVALID_HANDLE);
	ck_assert_fails(DeleteTimerQueueTimer(belfry.queue, a, STALE),
		ERROR_INVALID_HANDLE);
	ck_assert_fails(DeleteTimerQueueEx(belfry.queue, no_event),
		ERROR_INVALID_HANDLE);
	pass_time(40);
	belfry_close(&belfry, "a20");
	ck_assert(CloseHandle(no_event));
}
END_TEST

START_TEST(a_deleted_timer_leaves_its_neighbours_alone)
{	/* LEGACY-55 */
	struct belfry belfry;
	HANDLE b;

	belfry_open(&belfry);
	(void)hang(&belfry, 'a', 20, 0, IN_ORDER);
	b = hang(&belfry, 'b', soon(40), 0, IN_ORDER);
	(void)hang(&belfry, 'c', 60, 0, IN_ORDER);
	ck_assert(DeleteTimerQueueTimer(belfry.queue, b, NULL));
	pass_time(80);
	belfry_close(&belfry, "a20 c60");
}
END_TEST

/* ---- In callbacks ---- */

struct deleter {
	HANDLE timer;		/* what is deleted in a callback: */
	unsigned long when;	/* in the n-th */
	HANDLE completion;
	struct tally calls;
	BOOL result;
	DWORD error;
	unsigned pending;	/* what was queued already, then */
};

static VOID CALLBACK
delete_itself(PVOID context, BOOLEAN fired)
{
	struct deleter *deleter = context;

	(void)fired;
	if (tally_read(&deleter->calls) + 1 == deleter->when) {
		SetLastError(0xDEAD);
		deleter->result = DeleteTimerQueueTimer(NULL, deleter->timer,
			deleter->completion);
		deleter->error = GetLastError();
		deleter->pending = pending_of(deleter->timer);
	}
	tally_add(&deleter->calls);
}

START_TEST(a_callback_may_delete_its_own_timer_without_blocking)
{	/* LEGACY-41, LEGACY-44 */
	struct deleter deleter = { .calls = TALLY_INIT, .when = 3 };

	not_on_a_slow_machine();
	ck_assert(CreateTimerQueueTimer(&deleter.timer, NULL, delete_itself,
		&deleter, 10, 10, IN_ORDER));
	tally_await(&deleter.calls, 3);
	pass_time(40);
	settle();
	ck_assert(!deleter.result);
	ck_assert_uint_eq(deleter.error, ERROR_IO_PENDING);
	ck_assert_uint_eq(tally_read(&deleter.calls), 3 + deleter.pending);
	if (exact())
		ck_assert_uint_eq(deleter.pending, 0);
}
END_TEST

START_TEST(in_its_own_callback_an_event_tells_when_that_has_returned)
{	/* LEGACY-43, LEGACY-44 */
	struct deleter deleter = { .calls = TALLY_INIT, .when = 1,
		.completion = event(MANUAL, UNSET) };

	ck_assert(CreateTimerQueueTimer(&deleter.timer, NULL, delete_itself,
		&deleter, 0, 0, WT_EXECUTEDEFAULT));
	ck_assert_uint_eq(WaitForSingleObject(deleter.completion, INFINITE),
		WAIT_OBJECT_0);
	ck_assert_uint_eq(tally_read(&deleter.calls), 1);
	ck_assert(!deleter.result);
	ck_assert_uint_eq(deleter.error, ERROR_IO_PENDING);
	settle();
	ck_assert(CloseHandle(deleter.completion));
}
END_TEST

struct late {
	HANDLE timer;
	struct gate gate;
	struct tally calls;
	BOOL result;
};

static VOID CALLBACK
change_itself_late(PVOID context, BOOLEAN fired)
{
	struct late *late = context;

	(void)fired;
	gate_wait(&late->gate);
	late->result = ChangeTimerQueueTimer(NULL, late->timer, 0, 1);
	tally_add(&late->calls);
}

START_TEST(a_callback_may_change_its_timer_though_it_was_deleted)
{	/* LEGACY-41, LEGACY-50 */
	struct late late = { .gate = GATE_INIT, .calls = TALLY_INIT };

	ck_assert(CreateTimerQueueTimer(&late.timer, NULL,
		change_itself_late, &late, 0, DAY_MS, WT_EXECUTEDEFAULT));
	gate_await_waiting(&late.gate, 1);
	ck_assert_fails(DeleteTimerQueueTimer(NULL, late.timer, NULL),
		ERROR_IO_PENDING);
	gate_open(&late.gate);
	pass_time(20);
	settle();
	ck_assert(late.result);
	ck_assert_uint_eq(tally_read(&late.calls), 1);
}
END_TEST

static VOID CALLBACK
delete_the_other(PVOID context, BOOLEAN fired)
{
	struct deleter *deleter = context;

	(void)fired;
	deleter->result = delete_and_wait(deleter->timer);
	tally_add(&deleter->calls);
}

/* A callback of these flags blocks until the held timer's is over. */
static void
delete_from_a_callback(ULONG flags)
{
	struct deleter deleter = { .calls = TALLY_INIT };
	struct held held;
	HANDLE timer;

	held_open(&held, NULL, DAY_MS);
	deleter.timer = held.timer;
	ck_assert(CreateTimerQueueTimer(&timer, NULL, delete_the_other,
		&deleter, 0, 0, flags));
	await(is_waited_for, held.timer);
	gate_open(&held.gate);
	tally_await(&deleter.calls, 1);
	ck_assert(deleter.result);
	delete_timer(timer);
	held_close(&held);
}

START_TEST(a_callback_may_delete_another_timer_and_block)
{	/* LEGACY-45 */
	set_pools("4", NEVER_MS);
	delete_from_a_callback(WT_EXECUTEDEFAULT);
	/* What the timer thread waits for may run on another. */
	delete_from_a_callback(IN_ORDER);
}
END_TEST

/* ---- Queues ---- */

START_TEST(the_default_queue_cannot_be_deleted)
{	/* LEGACY-52 */
	HANDLE done = event(MANUAL, UNSET);

	ck_assert_fails(DeleteTimerQueueEx(NULL, NULL), ERROR_INVALID_HANDLE);
	ck_assert_fails(DeleteTimerQueueEx(NULL, INVALID_HANDLE_VALUE),
		ERROR_INVALID_HANDLE);
	ck_assert_fails(DeleteTimerQueueEx(NULL, done), ERROR_INVALID_HANDLE);
	ck_assert_fails(DeleteTimerQueue(NULL), ERROR_INVALID_HANDLE);
	ck_assert_uint_eq(poll(done), WAIT_TIMEOUT);
	ck_assert(CloseHandle(done));
}
END_TEST

/* A queue of timers that never ring, and one whose callback is held. */
static HANDLE
queue_open(struct held *held, struct witness *others, int count)
{
	HANDLE queue = CreateTimerQueue();

	ck_assert_ptr_nonnull(queue);
	held_open(held, queue, DAY_MS);
	for (int i = 0; i < count; i++) {
		others[i] = (struct witness)WITNESS_INIT;
		(void)timer_in(queue, &others[i], soon(20),
			i % 2 == 0 ? 0 : 20, IN_ORDER);
	}
	return queue;
}

START_TEST(deleting_a_queue_ends_its_timers_and_returns_at_once)
{	/* LEGACY-53, LEGACY-54 */
	struct witness others[4];
	struct held held;

	ck_assert(DeleteTimerQueueEx(queue_open(&held, others, 0), NULL));
	held_close(&held);
	ck_assert(DeleteTimerQueue(queue_open(&held, others, 0)));
	held_close(&held);
	ck_assert(DeleteTimerQueueEx(queue_open(&held, others, 4), NULL));
	held_close(&held);
	for (int i = 0; i < 4; i++)
		assert_heard(&others[i], 0, 0);
}
END_TEST

START_TEST(deleting_a_queue_may_wait_for_its_callbacks)
{	/* LEGACY-53 */
	struct ending ending;
	struct held held;
	HANDLE queue = queue_open(&held, NULL, 0), thread;

	ending = (struct ending){ .handle = queue,
		.end = delete_queue_and_wait, .witness = &held.witness };
	thread = start(end_it, &ending);
	await(is_waited_for, held.timer);
	gate_open(&held.gate);
	ck_assert_uint_eq(join(thread), TRUE);
	ck_assert_uint_eq(ending.seen, 1);
	held_close(&held);
}
END_TEST

START_TEST(an_event_is_set_when_a_queue_is_over)
{	/* LEGACY-53 */
	struct held held;
	HANDLE queue = queue_open(&held, NULL, 0), idle;

	ck_assert_fails(DeleteTimerQueueEx(queue, held.done),
		ERROR_IO_PENDING);
	ck_assert_uint_eq(poll(held.done), WAIT_TIMEOUT);
	gate_open(&held.gate);
	ck_assert_uint_eq(WaitForSingleObject(held.done, INFINITE),
		WAIT_OBJECT_0);
	ck_assert_uint_eq(tally_read(&held.witness.fired), 1);
	ck_assert(ResetEvent(held.done));
	idle = CreateTimerQueue();
	(void)timer_in(idle, &held.witness, DAY_MS, 0, WT_EXECUTEDEFAULT);
	ck_assert(DeleteTimerQueueEx(idle, held.done));
	ck_assert_uint_eq(poll(held.done), WAIT_OBJECT_0);
	held_close(&held);
}
END_TEST

START_TEST(the_event_of_a_queue_waits_for_timers_deleted_before_too)
{	/* LEGACY-53 */
	struct held held;
	HANDLE queue = queue_open(&held, NULL, 0);

	ck_assert_fails(DeleteTimerQueueTimer(queue, held.timer, NULL),
		ERROR_IO_PENDING);
	ck_assert_fails(DeleteTimerQueueEx(queue, held.done),
		ERROR_IO_PENDING);
	ck_assert_uint_eq(poll(held.done), WAIT_TIMEOUT);
	gate_open(&held.gate);
	ck_assert_uint_eq(WaitForSingleObject(held.done, INFINITE),
		WAIT_OBJECT_0);
	ck_assert_uint_eq(tally_read(&held.witness.fired), 1);
	held_close(&held);
}
END_TEST

struct queue_deleter {
	HANDLE queue, timer;
	struct tally calls;
	BOOL result;
};

static VOID CALLBACK
delete_the_own_queue(PVOID context, BOOLEAN fired)
{
	struct queue_deleter *deleter = context;

	(void)fired;
	deleter->result = DeleteTimerQueueEx(deleter->queue, NULL);
	tally_add(&deleter->calls);
}

START_TEST(a_callback_may_delete_its_own_queue_without_blocking)
{	/* LEGACY-44, LEGACY-53 */
	struct queue_deleter deleter = { .calls = TALLY_INIT,
		.queue = CreateTimerQueue() };

	ck_assert(CreateTimerQueueTimer(&deleter.timer, deleter.queue,
		delete_the_own_queue, &deleter, 0, DAY_MS,
		WT_EXECUTEDEFAULT));
	tally_await(&deleter.calls, 1);
	settle();
	ck_assert(deleter.result);
	ck_assert_uint_eq(tally_read(&deleter.calls), 1);
}
END_TEST

START_TEST(an_empty_queue_is_gone_at_once)
{	/* LEGACY-53 */
	unsigned long before = live_allocations();
	HANDLE queue = CreateTimerQueue();

	ck_assert_ptr_nonnull(queue);
	ck_assert(DeleteTimerQueueEx(queue, INVALID_HANDLE_VALUE));
	ck_assert_uint_eq(live_allocations(), before);
}
END_TEST

/* ---- The suite ---- */

static void
add_timers(TCase *small)
{
	tcase_add_test(small,
		a_timer_due_at_once_that_is_deleted_at_once_still_calls_back);
	tcase_add_test(small,
		whatever_a_delete_says_the_callback_due_at_once_comes_once);
	tcase_add_test(small,
		deleting_an_idle_timer_succeeds_before_and_after_it_fired);
	tcase_add_test(small,
		deleting_during_a_callback_is_pending_and_yet_done);
	tcase_add_test(small, a_blocking_delete_waits_for_the_callback);
	tcase_add_test(small, an_event_is_set_after_the_last_callback);
	tcase_add_test(small, an_event_is_set_at_once_if_there_is_no_callback);
	tcase_add_test(small, the_event_may_be_closed_before_it_is_set);
	tcase_add_test(small, what_is_no_event_ends_nothing);
	tcase_add_test(small, a_deleted_timer_leaves_its_neighbours_alone);
	tcase_add_test(small,
		a_callback_may_delete_its_own_timer_without_blocking);
	tcase_add_test(small,
		in_its_own_callback_an_event_tells_when_that_has_returned);
	tcase_add_test(small,
		a_callback_may_change_its_timer_though_it_was_deleted);
	tcase_add_test(small, a_callback_may_delete_another_timer_and_block);
}

static void
add_queues(TCase *small)
{
	tcase_add_test(small, the_default_queue_cannot_be_deleted);
	tcase_add_test(small,
		deleting_a_queue_ends_its_timers_and_returns_at_once);
	tcase_add_test(small, deleting_a_queue_may_wait_for_its_callbacks);
	tcase_add_test(small, an_event_is_set_when_a_queue_is_over);
	tcase_add_test(small,
		the_event_of_a_queue_waits_for_timers_deleted_before_too);
	tcase_add_test(small,
		a_callback_may_delete_its_own_queue_without_blocking);
	tcase_add_test(small, an_empty_queue_is_gone_at_once);
}

int
main(void)
{
	Suite *suite = suite_create("legacy_deletes");
	TCase *small = harness_case(suite, "small");

	add_timers(small);
	add_queues(small);
	return harness_run(suite);
}

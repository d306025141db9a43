/* test_legacy_timers.c - timer queues: what their timers do, and when */
/* SPDX-License-Identifier: MIT */
/*
 * Due times and periods, setting them again, the default queue, and where
 * callbacks run. How timers and queues end is in test_legacy_deletes.c.
 *
 * Times are exact under the explorer, natively only not early (timing.h).
 * Where nothing may happen, a timer that is due later tells when that has been
 * long enough (pass_time).
 */
#include "legacy.h"

/* ---- What the callback is told, and when ---- */

START_TEST(a_callback_is_told_true_always)
{	/* LEGACY-36 */
	struct witness once = WITNESS_INIT, periodic = WITNESS_INIT;
	HANDLE a, b;

	not_on_a_slow_machine();
	a = timer_in(NULL, &once, 5, 0, WT_EXECUTEDEFAULT);
	b = timer_in(NULL, &periodic, 0, 5, WT_EXECUTEDEFAULT);
	tally_await(&once.fired, 1);
	tally_await(&periodic.fired, 3);
	delete_timer(a);
	delete_timer(b);
	ck_assert_uint_eq(tally_read(&once.signals), 0);
	ck_assert_uint_eq(tally_read(&periodic.signals), 0);
}
END_TEST

START_TEST(due_time_and_period_are_milliseconds_from_the_call)
{	/* LEGACY-37 */
	struct belfry belfry;
	HANDLE a;

	not_on_a_slow_machine();
	belfry_open(&belfry);
	a = hang(&belfry, 'a', 100, 50, IN_ORDER);
	tally_await(&bell_in(&belfry, 'a')->fired, 3);
	delete_timer(a);
	if (exact())
		assert_diary(&belfry.diary, "a100 a150 a200");
	assert_begins(&belfry.diary, "a100 a150 a200");
	ck_assert(DeleteTimerQueue(belfry.queue));
}
END_TEST

START_TEST(due_time_0_fires_at_once_and_period_0_means_once)
{	/* LEGACY-37 */
	struct belfry belfry;
	HANDLE a;

	belfry_open(&belfry);
	a = hang(&belfry, 'a', 0, 0, WT_EXECUTEDEFAULT);
	delete_timer(a);		/* it has been posted by the call */
	(void)hang(&belfry, 'b', 20, 0, WT_EXECUTEDEFAULT);
	tally_await(&bell_in(&belfry, 'b')->fired, 1);
	pass_time(40);
	belfry_close(&belfry, "a0 b20");
}
END_TEST

START_TEST(the_longest_due_time_is_no_shorter_one)
{	/* LEGACY-37 */
	struct belfry belfry;

	belfry_open(&belfry);
	(void)hang(&belfry, 'a', 0xFFFFFFFF, 0xFFFFFFFF, IN_ORDER);
	(void)hang(&belfry, 'b', 0, 0xFFFFFFFF, IN_ORDER);
	pass_time(20);
	belfry_close(&belfry, "b0");
}
END_TEST

START_TEST(timers_of_one_queue_fire_in_the_order_of_their_due_times)
{	/* LEGACY-37, LEGACY-57 */
	struct belfry belfry;
	LONGLONG begin;
	bool in_time;

	belfry_open(&belfry);
	begin = ticks_now();
	(void)hang(&belfry, 'a', 60, 0, IN_ORDER);
	(void)hang(&belfry, 'b', 20, 0, IN_ORDER);
	(void)hang(&belfry, 'c', 40, 0, IN_ORDER);
	(void)hang(&belfry, 'd', 20, 0, IN_ORDER);
	in_time = ticks_now() - begin < 10 * MS;
	pass_time(80);
	if (in_time)	/* else one may be due later than it looks */
		belfry_close(&belfry, "b20 d20 c40 a60");
	else
		ck_assert(DeleteTimerQueueEx(belfry.queue, NULL));
}
END_TEST

START_TEST(null_means_the_default_queue)
{	/* LEGACY-38 */
	struct witness witness = WITNESS_INIT;
	HANDLE timer = timer_in(NULL, &witness, 5, 0, WT_EXECUTEDEFAULT);

	tally_await(&witness.fired, 1);
	ck_assert(DeleteTimerQueueTimer(NULL, timer, INVALID_HANDLE_VALUE));
	assert_heard(&witness, 0, 1);
}
END_TEST

START_TEST(once_means_that_there_is_no_period)
{	/* LEGACY-58, port-defined */
	struct witness witness = WITNESS_INIT;
	HANDLE timer = NULL;

	ck_assert_fails(CreateTimerQueueTimer(&timer, NULL, testify,
		&witness, 0, 50, WT_EXECUTEONLYONCE),
		ERROR_INVALID_PARAMETER);
	ck_assert_ptr_null(timer);
	settle();
	assert_heard(&witness, 0, 0);
	delete_timer(timer_in(NULL, &witness, 0, 0, WT_EXECUTEONLYONCE));
	assert_heard(&witness, 0, 1);
}
END_TEST

START_TEST(a_change_gives_no_period_to_a_timer_that_is_for_once)
{	/* LEGACY-58, LEGACY-48, LEGACY-49, port-defined */
	struct witness witness = WITNESS_INIT;
	HANDLE timer = timer_in(NULL, &witness, DAY_MS, 0,
		WT_EXECUTEONLYONCE | IN_ORDER);

	ck_assert_fails(ChangeTimerQueueTimer(NULL, timer, 0, 5),
		ERROR_INVALID_PARAMETER);
	ck_assert_uint_eq(pending_of(timer), 0);	/* as it was */
	ck_assert(ChangeTimerQueueTimer(NULL, timer, 5, 0));
	tally_await(&witness.fired, 1);
	ck_assert(ChangeTimerQueueTimer(NULL, timer, 0, 5));
	pass_time(20);
	delete_timer(timer);
	assert_heard(&witness, 0, 1);
}
END_TEST

/* ---- The handle ---- */

struct reader {
	HANDLE timer;
	struct tally calls;
	bool found;
};

static VOID CALLBACK
read_the_handle(PVOID context, BOOLEAN fired)
{
	struct reader *reader = context;

	(void)fired;
	reader->found = reader->timer != NULL;
	tally_add(&reader->calls);
}

START_TEST(the_handle_is_there_before_the_callback_can_look)
{	/* LEGACY-60 */
	for (unsigned long i = enough(100, 2); i > 0; i--) {
		struct reader reader = { .calls = TALLY_INIT };

		ck_assert(CreateTimerQueueTimer(&reader.timer, NULL,
			read_the_handle, &reader, 0, 0, WT_EXECUTEDEFAULT));
		tally_await(&reader.calls, 1);
		delete_timer(reader.timer);
		ck_assert(reader.found);
	}
}
END_TEST

START_TEST(close_handle_ends_neither_timer_nor_queue)
{	/* LEGACY-59 */
	struct belfry belfry;
	HANDLE a;

	belfry_open(&belfry);
	a = hang(&belfry, 'a', 20, 0, IN_ORDER);
	ck_assert_fails(CloseHandle(a), ERROR_INVALID_HANDLE);
	ck_assert_fails(CloseHandle(belfry.queue), ERROR_INVALID_HANDLE);
	pass_time(40);
	belfry_close(&belfry, "a20");
}
END_TEST

START_TEST(wrong_arguments_create_nothing)
{	/* LEGACY-60 */
	struct witness witness = WITNESS_INIT;
	HANDLE timer = NULL;

	ck_assert_fails(CreateTimerQueueTimer(NULL, NULL, testify, &witness,
		0, 0, WT_EXECUTEDEFAULT), ERROR_INVALID_PARAMETER);
	ck_assert_fails(CreateTimerQueueTimer(&timer, NULL, NULL, &witness,
		0, 0, WT_EXECUTEDEFAULT), ERROR_INVALID_PARAMETER);
	ck_assert_ptr_null(timer);
	settle();
	assert_heard(&witness, 0, 0);
}
END_TEST

/* ---- Setting it again ---- */

START_TEST(a_change_replaces_due_time_and_period)
{	/* LEGACY-48 */
	struct belfry belfry;
	HANDLE a;

	belfry_open(&belfry);
	a = hang(&belfry, 'a', DAY_MS, 1, IN_ORDER);
	ck_assert(ChangeTimerQueueTimer(belfry.queue, a, 20, 0));
	pass_time(40);
	belfry_close(&belfry, "a20");
}
END_TEST

START_TEST(a_change_gives_a_timer_a_period_and_takes_it)
{	/* LEGACY-48 */
	struct belfry belfry;
	HANDLE a;

	not_on_a_slow_machine();
	belfry_open(&belfry);
	a = hang(&belfry, 'a', DAY_MS, 0, IN_ORDER);
	ck_assert(ChangeTimerQueueTimer(belfry.queue, a, 10, 20));
	tally_await(&bell_in(&belfry, 'a')->fired, 3);
	ck_assert(ChangeTimerQueueTimer(belfry.queue, a, 30, 0));
	pass_time(100);
	delete_timer(a);
	if (exact())		/* else there may have been some more */
		assert_diary(&belfry.diary, "a10 a30 a50 a80");
	assert_begins(&belfry.diary, "a10 a30 a50");
	ck_assert(DeleteTimerQueue(belfry.queue));
}
END_TEST

START_TEST(a_one_shot_that_has_fired_cannot_be_changed)
{	/* LEGACY-49 */
	struct belfry belfry;
	HANDLE a;

	belfry_open(&belfry);
	a = hang(&belfry, 'a', 0, 0, IN_ORDER);
	tally_await(&bell_in(&belfry, 'a')->fired, 1);
	ck_assert(ChangeTimerQueueTimer(belfry.queue, a, 0, 0));
	ck_assert(ChangeTimerQueueTimer(belfry.queue, a, 10, 10));
	pass_time(40);
	belfry_close(&belfry, "a0");
}
END_TEST

/* Timers that do something about themselves in their callbacks. */
struct self_changer {
	HANDLE timer;
	struct tally calls;
	BOOL result;
	unsigned pending;	/* what was queued already, then */
};

static VOID CALLBACK
change_itself(PVOID context, BOOLEAN fired)
{
	struct self_changer *self = context;

	(void)fired;
	if (tally_read(&self->calls) == 1) {
		self->result = ChangeTimerQueueTimer(NULL, self->timer,
			DAY_MS, 0);
		self->pending = pending_of(self->timer);
	}
	tally_add(&self->calls);
}

START_TEST(a_callback_may_change_its_own_timer)
{	/* LEGACY-50 */
	struct self_changer self = { .calls = TALLY_INIT };

	not_on_a_slow_machine();
	ck_assert(CreateTimerQueueTimer(&self.timer, NULL, change_itself,
		&self, 20, 20, IN_ORDER));
	tally_await(&self.calls, 2);
	pass_time(100);
	delete_timer(self.timer);
	ck_assert(self.result);
	ck_assert_uint_eq(tally_read(&self.calls), 2 + self.pending);
	if (exact())
		ck_assert_uint_eq(self.pending, 0);
}
END_TEST

START_TEST(changing_and_deleting_do_not_look_at_the_queue)
{	/* LEGACY-51 */
	struct belfry belfry;
	HANDLE other = CreateTimerQueue(), a, b;

	ck_assert_ptr_nonnull(other);
	belfry_open(&belfry);
	a = hang(&belfry, 'a', DAY_MS, 0, IN_ORDER);
	b = hang(&belfry, 'b', DAY_MS, 0, IN_ORDER);
	ck_assert(ChangeTimerQueueTimer(other, a, 20, 0));
	ck_assert(ChangeTimerQueueTimer(NULL, b, 30, 0));
	pass_time(50);
	ck_assert(DeleteTimerQueueTimer(other, a, INVALID_HANDLE_VALUE));
	ck_assert(DeleteTimerQueueTimer(NULL, b, INVALID_HANDLE_VALUE));
	ck_assert(DeleteTimerQueue(other));
	belfry_close(&belfry, "a20 b30");
}
END_TEST

START_TEST(null_is_no_timer)
{	/* LEGACY-48; our choice of the error */
	HANDLE done = event(MANUAL, UNSET);

	ck_assert_fails(ChangeTimerQueueTimer(NULL, NULL, 0, 0),
		ERROR_INVALID_PARAMETER);
	ck_assert_fails(DeleteTimerQueueTimer(NULL, NULL, NULL),
		ERROR_INVALID_PARAMETER);
	ck_assert_fails(DeleteTimerQueueTimer(NULL, NULL, done),
		ERROR_INVALID_PARAMETER);
	ck_assert_fails(DeleteTimerQueueTimer(NULL, NULL,
		INVALID_HANDLE_VALUE), ERROR_INVALID_PARAMETER);
	ck_assert_uint_eq(poll(done), WAIT_TIMEOUT);
	ck_assert(CloseHandle(done));
}
END_TEST

/* ---- Where callbacks run ---- */

START_TEST(callbacks_of_a_periodic_timer_may_overlap)
{	/* LEGACY-56 */
	struct gate gate = GATE_INIT;
	struct witness witness = WITNESS_INIT;
	HANDLE timer;

	not_on_a_slow_machine();
	set_pools("4", "1");
	witness.gate = &gate;
	timer = timer_in(NULL, &witness, 20, 20, WT_EXECUTEDEFAULT);
	gate_await_waiting(&gate, 2);
	ck_assert_fails(DeleteTimerQueueTimer(NULL, timer, NULL),
		ERROR_IO_PENDING);
	gate_open(&gate);
	settle();
}
END_TEST

START_TEST(on_the_timer_thread_callbacks_run_one_after_the_other)
{	/* LEGACY-57 */
	struct gate gate = GATE_INIT;
	struct witness slow = WITNESS_INIT, next = WITNESS_INIT;
	HANDLE a, b;

	set_pools("4", "1");
	slow.gate = &gate;
	a = timer_in(NULL, &slow, 0, 0, IN_ORDER);
	gate_await_waiting(&gate, 1);
	b = timer_in(NULL, &next, 10, 0, IN_ORDER);
	await(is_pending, b);
	ck_assert_uint_eq(tally_read(&next.started), 0);
	gate_open(&gate);
	tally_await(&next.fired, 1);
	delete_timer(a);
	delete_timer(b);
	ck_assert_uint_eq(thread_of(&slow), thread_of(&next));
}
END_TEST

START_TEST(elsewhere_a_callback_that_blocks_holds_up_no_other)
{	/* LEGACY-57 */
	static const ULONG flags[] = { WT_EXECUTEDEFAULT,
		WT_EXECUTELONGFUNCTION, WT_EXECUTEINWAITTHREAD };

	set_pools("4", NEVER_MS);
	for (unsigned i = 0; i < sizeof(flags) / sizeof(*flags); i++) {
		struct gate gate = GATE_INIT;
		struct witness slow = WITNESS_INIT, next = WITNESS_INIT;
		HANDLE a, b;

		slow.gate = &gate;
		a = timer_in(NULL, &slow, 0, 0, flags[i]);
		gate_await_waiting(&gate, 1);
		b = timer_in(NULL, &next, 0, 0, flags[i]);
		tally_await(&next.fired, 1);
		gate_open(&gate);
		delete_timer(a);
		delete_timer(b);
	}
}
END_TEST

START_TEST(a_persistent_timer_runs_where_persistent_items_run)
{	/* LEGACY-10, LEGACY-57 */
	struct gate gate = GATE_INIT;
	struct witness witness = WITNESS_INIT;
	HANDLE timer;

	set_pools("4", "1");
	queue_item(hold_item, &gate, WT_EXECUTEINPERSISTENTTHREAD);
	gate_await_waiting(&gate, 1);
	timer = timer_in(NULL, &witness, 0, 0, WT_EXECUTEINPERSISTENTTHREAD);
	ck_assert_uint_eq(pending_of(timer), 1);
	ck_assert_uint_eq(tally_read(&witness.started), 0);
	gate_open(&gate);
	delete_timer(timer);
	assert_heard(&witness, 0, 1);
}
END_TEST

/* ---- The suite ---- */

static void
add_times(TCase *small)
{
	tcase_add_test(small, a_callback_is_told_true_always);
	tcase_add_test(small,
		due_time_and_period_are_milliseconds_from_the_call);
	tcase_add_test(small,
		due_time_0_fires_at_once_and_period_0_means_once);
	tcase_add_test(small, the_longest_due_time_is_no_shorter_one);
	tcase_add_test(small,
		timers_of_one_queue_fire_in_the_order_of_their_due_times);
	tcase_add_test(small, null_means_the_default_queue);
	tcase_add_test(small, once_means_that_there_is_no_period);
	tcase_add_test(small,
		a_change_gives_no_period_to_a_timer_that_is_for_once);
}

static void
add_handles(TCase *small)
{
	tcase_add_test(small, the_handle_is_there_before_the_callback_can_look);
	tcase_add_test(small, close_handle_ends_neither_timer_nor_queue);
	tcase_add_test(small, wrong_arguments_create_nothing);
	tcase_add_test(small, null_is_no_timer);
}

static void
add_changes(TCase *small)
{
	tcase_add_test(small, a_change_replaces_due_time_and_period);
	tcase_add_test(small, a_change_gives_a_timer_a_period_and_takes_it);
	tcase_add_test(small, a_one_shot_that_has_fired_cannot_be_changed);
	tcase_add_test(small, a_callback_may_change_its_own_timer);
	tcase_add_test(small, changing_and_deleting_do_not_look_at_the_queue);
}

static void
add_places(TCase *small)
{
	tcase_add_test(small, callbacks_of_a_periodic_timer_may_overlap);
	tcase_add_test(small,
		on_the_timer_thread_callbacks_run_one_after_the_other);
	tcase_add_test(small,
		elsewhere_a_callback_that_blocks_holds_up_no_other);
	tcase_add_test(small,
		a_persistent_timer_runs_where_persistent_items_run);
}

int
main(void)
{
	Suite *suite = suite_create("legacy_timers");
	TCase *small = harness_case(suite, "small");

	add_times(small);
	add_handles(small);
	add_changes(small);
	add_places(small);
	return harness_run(suite);
}

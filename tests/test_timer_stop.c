/* SPDX-License-Identifier: MIT */
/*
 * test_timer_stop.c - stopping a timer: NULL, waiting, recalling, closing
 *
 * An expiry is in one of three states: to come, queued, or running. Each of
 * the calls reaches some of these and leaves the others: NULL stops what is
 * to come, a wait with cancel drops what is queued, a wait without awaits
 * it; and nothing stops what runs. The Ex form says what it could recall.
 *
 * The one thread of a stage can be held (hold in timing.h): then expiries
 * stay queued, and a test sees what becomes of them. The end of a timer can
 * also come from its own callback.
 */
#include "timing.h"

/* ---- NULL ---- */

START_TEST(null_stops_expiries_but_not_what_is_queued)
{	/* TIMER-11 */
	struct stage stage;
	unsigned pending;
	PTP_TIMER a;

	not_on_a_slow_machine();
	stage_open(&stage, 1);
	a = bell_of(&stage, 'a');
	hold(&stage);
	set_ms(a, 10, 10);
	await(two_are_pending, a);
	unset(a);
	pending = pending_of(a);
	ck_assert_uint_ge(pending, 2);
	release(&stage);
	WaitForThreadpoolTimerCallbacks(a, FALSE);
	let_pass(&stage, 30);
	ck_assert_uint_eq(tally_read(&stage.diary.written), pending);
	end_timer(a);
	stage_close(&stage);
}
END_TEST

/* ---- Waiting ---- */

START_TEST(a_wait_does_not_wait_for_an_expiry_to_come)
{	/* TIMER-13 */
	struct stage stage;
	PTP_TIMER a;

	stage_open(&stage, 1);
	a = bell_of(&stage, 'a');
	WaitForThreadpoolTimerCallbacks(a, FALSE);
	set_ms(a, DAY_MS, 0);
	WaitForThreadpoolTimerCallbacks(a, FALSE);
	WaitForThreadpoolTimerCallbacks(a, TRUE);
	if (exact())
		ck_assert_int_eq(ticks_now(), stage.diary.begin);
	assert_diary(&stage.diary, "");
	ck_assert(IsThreadpoolTimerSet(a));
	set_ms(a, 20, 0);
	WaitForThreadpoolTimerCallbacks(a, FALSE);
	tally_await(&stage.diary.written, 1);
	assert_diary(&stage.diary, "a20");
	end_timer(a);
	stage_close(&stage);
}
END_TEST

START_TEST(a_wait_waits_for_what_is_queued_and_what_runs)
{	/* TIMER-13 */
	struct stage stage;
	PTP_TIMER a;

	stage_open(&stage, 1);
	a = timer_of(&stage, ring_and_be_busy, &stage.bells[0]);
	for (int i = 0; i < 3; i++)
		set_ms(a, 0, 0);
	WaitForThreadpoolTimerCallbacks(a, FALSE);
	assert_diary(&stage.diary, "a0 a7 a14");
	assert_elapsed(stage.diary.begin, 21 * MS);
	end_timer(a);
	stage_close(&stage);
}
END_TEST

START_TEST(a_wait_with_cancel_drops_what_is_queued_and_leaves_it_set)
{	/* TIMER-14 */
	struct stage stage;
	PTP_TIMER a;

	not_on_a_slow_machine();
	stage_open(&stage, 1);
	a = bell_of(&stage, 'a');
	hold(&stage);
	set_ms(a, 10, 10);
	await(two_are_pending, a);
	WaitForThreadpoolTimerCallbacks(a, TRUE);
	if (exact())
		ck_assert_uint_eq(pending_of(a), 0);
	assert_diary(&stage.diary, "");
	ck_assert(IsThreadpoolTimerSet(a));
	release(&stage);
	tally_await(&stage.diary.written, 2);
	assert_begins(&stage.diary, exact() ? "a40 a50" : "a30 a40");
	end_timer(a);
	stage_close(&stage);
}
END_TEST

/* ---- The end ---- */

struct room {
	bool gone;
	PTP_TIMER timer;
};

static VOID CALLBACK
enter(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_TIMER timer)
{
	struct room *room = context;

	(void)instance;
	ck_assert(!room->gone);
	ck_assert_ptr_eq(room->timer, timer);
}

START_TEST(null_then_wait_with_cancel_then_close_ends_a_timer)
{	/* TIMER-15 */
	unsigned long rounds = enough(300, 3);
	struct stage stage;

	not_on_a_slow_machine();
	stage_open(&stage, 2);
	for (unsigned long i = 0; i < rounds; i++) {
		struct room *room = calloc(1, sizeof(*room));

		ck_assert_ptr_nonnull(room);
		room->timer = timer_of(&stage, enter, room);
		set_ticks(room->timer, -(LONGLONG)(i % 20) * 100, 1, 0);
		if (i % 3 == 0)
			Sleep(1);
		end_timer(room->timer);
		room->gone = true;
		free(room);
	}
	stage_close(&stage);
}
END_TEST

START_TEST(close_stops_expiries_and_leaves_what_is_queued)
{	/* TIMER-16 */
	struct stage stage;
	unsigned pending;
	PTP_TIMER a;

	not_on_a_slow_machine();
	stage_open(&stage, 1);
	a = bell_of(&stage, 'a');
	hold(&stage);
	set_ms(a, 10, 10);
	await(two_are_pending, a);
	CloseThreadpoolTimer(a);
	pending = pending_of(a);	/* what is queued keeps it alive */
	ck_assert_uint_ge(pending, 2);
	release(&stage);
	await_their_end(&stage);
	let_pass(&stage, 30);
	ck_assert_uint_eq(tally_read(&stage.diary.written), pending);
	stage_close(&stage);
}
END_TEST

/* ---- From inside the callback ---- */

struct self {
	struct bell bell;
	unsigned left;			/* by the callback only */
};

static VOID CALLBACK
ring_and_set_again(PTP_CALLBACK_INSTANCE instance, PVOID context,
	PTP_TIMER timer)
{
	struct self *self = context;

	ring(instance, &self->bell, timer);
	if (--self->left > 0)
		set_ms(timer, 10, 0);
}

START_TEST(a_callback_may_set_its_own_timer_again)
{	/* TIMER-17 */
	struct stage stage;
	struct self self = { { &stage.diary, 'a' }, 4 };
	PTP_TIMER a;

	stage_open(&stage, 1);
	a = timer_of(&stage, ring_and_set_again, &self);
	set_ms(a, 20, 0);
	tally_await(&stage.diary.written, 4);
	let_pass(&stage, 20);
	assert_diary(&stage.diary, "a20 a30 a40 a50");
	end_timer(a);
	stage_close(&stage);
}
END_TEST

static VOID CALLBACK
ring_and_stop(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_TIMER timer)
{
	struct self *self = context;

	ring(instance, &self->bell, timer);
	if (--self->left == 0)
		unset(timer);
}

START_TEST(a_callback_may_stop_its_own_periodic_timer)
{	/* TIMER-18 */
	struct stage stage;
	struct self self = { { &stage.diary, 'a' }, 3 };
	PTP_TIMER a;

	not_on_a_slow_machine();
	stage_open(&stage, 1);
	a = timer_of(&stage, ring_and_stop, &self);
	set_ms(a, 10, 10);
	tally_await(&stage.diary.written, 3);
	let_pass(&stage, 50);
	assert_begins(&stage.diary, "a10 a20 a30");
	if (exact())		/* else more may have been queued */
		assert_diary(&stage.diary, "a10 a20 a30");
	ck_assert(!IsThreadpoolTimerSet(a));
	end_timer(a);
	stage_close(&stage);
}
END_TEST

static VOID CALLBACK
ring_and_close(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_TIMER timer)
{
	struct self *self = context;

	if (--self->left == 0)
		CloseThreadpoolTimer(timer);
	ring(instance, &self->bell, timer);
}

START_TEST(a_callback_may_close_its_own_timer)
{	/* TIMER-20 */
	struct stage stage;
	struct self once = { { &stage.diary, 'a' }, 1 };
	struct self thrice = { { &stage.diary, 'b' }, 3 };

	not_on_a_slow_machine();
	stage_open(&stage, 1);
	set_ms(timer_of(&stage, ring_and_close, &once), 5, 0);
	tally_await(&stage.diary.written, 1);
	set_ms(timer_of(&stage, ring_and_close, &thrice), 10, 10);
	tally_await(&stage.diary.written, 4);
	await_their_end(&stage);
	let_pass(&stage, 50);
	assert_begins(&stage.diary, "a5 b15 b25 b35");
	if (exact())		/* else more may have been queued */
		assert_diary(&stage.diary, "a5 b15 b25 b35");
	stage_close(&stage);
}
END_TEST

/* ---- SetThreadpoolTimerEx ---- */

START_TEST(ex_says_whether_what_was_set_could_be_recalled)
{	/* TIMER-30 */
	struct stage stage;
	PTP_TIMER a;

	stage_open(&stage, 1);
	a = bell_of(&stage, 'a');
	ck_assert(!SetThreadpoolTimerEx(a, NULL, 0, 0));
	ck_assert(!set_ms_ex(a, DAY_MS));
	ck_assert(set_ms_ex(a, DAY_MS));
	ck_assert(SetThreadpoolTimerEx(a, NULL, 0, 0));
	ck_assert(!SetThreadpoolTimerEx(a, NULL, 0, 0));
	ck_assert(!IsThreadpoolTimerSet(a));
	hold(&stage);
	set_ms(a, 0, 0);
	set_ms(a, 0, 0);
	ck_assert_uint_eq(pending_of(a), 2);
	ck_assert(SetThreadpoolTimerEx(a, NULL, 0, 0));
	ck_assert_uint_eq(pending_of(a), 0);
	release(&stage);
	let_pass(&stage, 10);
	assert_diary(&stage.diary, "");
	end_timer(a);
	stage_close(&stage);
}
END_TEST

static VOID CALLBACK
ring_and_stand_at_the_gate(PTP_CALLBACK_INSTANCE instance, PVOID context,
	PTP_TIMER timer)
{
	struct stage *stage = context;

	ring(instance, &stage->bells[0], timer);
	gate_wait(&stage->gate);
}

/* What runs is beyond recall; what is queued behind it is dropped. */
START_TEST(ex_says_no_while_a_callback_runs)
{	/* TIMER-30 */
	struct stage stage;
	PTP_TIMER a;

	stage_open(&stage, 1);
	a = timer_of(&stage, ring_and_stand_at_the_gate, &stage);
	set_ms(a, 0, 0);
	gate_await_waiting(&stage.gate, 1);
	set_ms(a, 0, 0);
	ck_assert_uint_eq(pending_of(a), 1);
	ck_assert(!SetThreadpoolTimerEx(a, NULL, 0, 0));
	ck_assert_uint_eq(pending_of(a), 0);
	gate_open(&stage.gate);
	WaitForThreadpoolTimerCallbacks(a, FALSE);
	assert_diary(&stage.diary, "a0");
	CloseThreadpoolTimer(a);
	stage_close(&stage);
}
END_TEST

/* Where the vendor's texts disagree: this pool's choice, and no rule. */
START_TEST(ex_says_yes_for_a_one_shot_that_came_and_went)
{
	struct stage stage;
	PTP_TIMER a;

	stage_open(&stage, 1);
	a = bell_of(&stage, 'a');
	set_ms(a, 0, 0);
	WaitForThreadpoolTimerCallbacks(a, FALSE);
	ck_assert(SetThreadpoolTimerEx(a, NULL, 0, 0));
	assert_diary(&stage.diary, "a0");
	end_timer(a);
	stage_close(&stage);
}
END_TEST

START_TEST(ex_cancels_the_old_setting_and_makes_the_new_one)
{	/* TIMER-31 */
	struct stage stage;
	PTP_TIMER a;

	stage_open(&stage, 1);
	a = bell_of(&stage, 'a');
	set_ms(a, DAY_MS, 1);
	ck_assert(set_ms_ex(a, 0));
	WaitForThreadpoolTimerCallbacks(a, FALSE);
	assert_diary(&stage.diary, "a0");
	set_ms(a, DAY_MS, 1);
	ck_assert(set_ms_ex(a, 10));
	tally_await(&stage.diary.written, 2);
	let_pass(&stage, 20);
	assert_diary(&stage.diary, "a0 a10");
	end_timer(a);
	stage_close(&stage);
}
END_TEST

/* ---- The suite ---- */

static void
add_stop(TCase *small)
{
	tcase_add_test(small, null_stops_expiries_but_not_what_is_queued);
	tcase_add_test(small, a_wait_does_not_wait_for_an_expiry_to_come);
	tcase_add_test(small, a_wait_waits_for_what_is_queued_and_what_runs);
	tcase_add_test(small,
		a_wait_with_cancel_drops_what_is_queued_and_leaves_it_set);
	tcase_add_test(small,
		null_then_wait_with_cancel_then_close_ends_a_timer);
	tcase_add_test(small, close_stops_expiries_and_leaves_what_is_queued);
	tcase_add_test(small, a_callback_may_set_its_own_timer_again);
	tcase_add_test(small, a_callback_may_stop_its_own_periodic_timer);
	tcase_add_test(small, a_callback_may_close_its_own_timer);
	tcase_add_test(small, ex_says_whether_what_was_set_could_be_recalled);
	tcase_add_test(small, ex_says_no_while_a_callback_runs);
	tcase_add_test(small, ex_says_yes_for_a_one_shot_that_came_and_went);
	tcase_add_test(small, ex_cancels_the_old_setting_and_makes_the_new_one);
}

#ifndef PARTS
int
main(void)
{
	Suite *suite = suite_create("timer_stop");

	add_stop(harness_case(suite, "small"));
	return harness_run(suite);
}
#endif

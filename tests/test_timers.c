/* SPDX-License-Identifier: MIT */
/*
 * test_timers.c - timer objects: when their callbacks run, and when no more
 *
 * What time is a matter of is told to the tick in virtual time; natively a
 * callback may be late, and a test says only that it is not early, and that
 * the order is right (timing.h). Where nothing may happen, another timer
 * that was set to a later time tells when that has been long enough.
 *
 * Races between these calls are in test_scenario_timers.c.
 */
#include <fcntl.h>
#include <time.h>

#include "timing.h"
#include "report.h"

#include "../ref/poller.h"

#ifndef SUITE
#define SUITE		"timers"
#define POLLER		""	/* not opened */
#endif

/* ---- Due times ---- */

START_TEST(a_new_timer_is_not_set_and_never_fires)
{	/* TIMER-01 */
	struct stage stage;
	PTP_TIMER a;

	stage_open(&stage, 1);
	a = bell_of(&stage, 'a');
	ck_assert(!IsThreadpoolTimerSet(a));
	let_pass(&stage, 20);
	ck_assert(!IsThreadpoolTimerSet(a));
	assert_diary(&stage.diary, "");
	CloseThreadpoolTimer(a);
	stage_close(&stage);
}
END_TEST

START_TEST(a_negative_due_time_counts_100_ns_from_now)
{	/* TIMER-02 */
	struct stage stage;
	PTP_TIMER a, b;

	stage_open(&stage, 1);
	a = bell_of(&stage, 'a');
	b = bell_of(&stage, 'b');
	set_ticks(a, -200000, 0, 0);
	set_ticks(b, -300007, 0, 0);
	tally_await(&stage.diary.written, 2);
	assert_diary(&stage.diary, "a20 b30.0007");
	end_timer(a);
	end_timer(b);
	stage_close(&stage);
}
END_TEST

START_TEST(a_positive_due_time_is_a_utc_time_since_1601)
{	/* TIMER-03 */
	struct stage stage;
	struct timespec now;
	LONGLONG due;
	PTP_TIMER a;

	stage_open(&stage, 1);
	a = bell_of(&stage, 'a');
	ck_assert_int_eq(clock_gettime(CLOCK_REALTIME, &now), 0);
	due = (11644473600ll + now.tv_sec) * 1000 * MS +
		now.tv_nsec / 100 + 20 * MS;
	set_ticks(a, due, 0, 0);
	tally_await(&stage.diary.written, 1);
	ck_assert_int_ge(wall_now(), due);
	if (exact())
		assert_diary(&stage.diary, "a20");
	end_timer(a);
	stage_close(&stage);
}
END_TEST

/* It is posted before the call returns: whoever waits then waits for it. */
static void
expect_at_once(LONGLONG due)
{
	struct stage stage;
	PTP_TIMER a;

	stage_open(&stage, 1);
	a = bell_of(&stage, 'a');
	set_ticks(a, due, 0, 0);
	WaitForThreadpoolTimerCallbacks(a, FALSE);
	assert_diary(&stage.diary, "a0");
	let_pass(&stage, 20);
	assert_diary(&stage.diary, "a0");
	end_timer(a);
	stage_close(&stage);
}

START_TEST(a_due_time_of_0_fires_at_once)
{	/* TIMER-04 */
	expect_at_once(0);
}
END_TEST

START_TEST(a_due_time_of_minus_1_is_100_ns_from_now)
{	/* TIMER-05 */
	struct stage stage;
	PTP_TIMER a;

	stage_open(&stage, 1);
	a = bell_of(&stage, 'a');
	set_ticks(a, -1, 0, 0);
	tally_await(&stage.diary.written, 1);
	assert_diary(&stage.diary, "a0.0001");
	end_timer(a);
	stage_close(&stage);
}
END_TEST

START_TEST(an_absolute_due_time_that_has_passed_fires_at_once)
{	/* TIMER-06 */
	expect_at_once(1);
	expect_at_once(wall_now() - HOUR);
	expect_at_once(wall_now());
}
END_TEST

/* ---- Periods ---- */

START_TEST(a_period_counts_milliseconds_and_0_means_once)
{	/* TIMER-07 */
	struct stage stage;
	PTP_TIMER a, b;

	not_on_a_slow_machine();
	stage_open(&stage, 1);
	a = bell_of(&stage, 'a');
	b = bell_of(&stage, 'b');
	set_ms(a, 5, 0);
	let_pass(&stage, 20);
	assert_diary(&stage.diary, "a5");
	set_ms(b, 20, 10);
	tally_await(&stage.diary.written, 4);
	assert_begins(&stage.diary, "a5 b40 b50 b60");
	end_timer(a);
	end_timer(b);
	stage_close(&stage);
}
END_TEST

/* After stop(timer) it rings no more, though it did so every 10 ms. */
static void
expect_end_by(VOID (*stop)(PTP_TIMER timer), bool closes)
{
	unsigned long rings;
	struct stage stage;
	PTP_TIMER a;

	stage_open(&stage, 1);
	a = bell_of(&stage, 'a');
	set_ms(a, 10, 10);
	tally_await(&stage.diary.written, 3);
	assert_begins(&stage.diary, "a10 a20 a30");
	stop(a);
	if (closes)
		await_their_end(&stage);
	else
		WaitForThreadpoolTimerCallbacks(a, FALSE);
	rings = tally_read(&stage.diary.written);
	if (exact())
		ck_assert_uint_eq(rings, 3);
	let_pass(&stage, 50);
	ck_assert_uint_eq(tally_read(&stage.diary.written), rings);
	if (!closes)
		CloseThreadpoolTimer(a);
	stage_close(&stage);
}

static VOID
set_to_a_day(PTP_TIMER timer)
{
	set_ms(timer, DAY_MS, 0);
}

START_TEST(a_periodic_timer_fires_until_unset_set_anew_or_closed)
{	/* TIMER-08, TIMER-10 */
	not_on_a_slow_machine();
	expect_end_by(unset, false);
	expect_end_by(set_to_a_day, false);
	expect_end_by(CloseThreadpoolTimer, true);
}
END_TEST

START_TEST(due_0_with_a_period_fires_now_and_then_every_period)
{	/* TIMER-09 */
	struct stage stage;
	PTP_TIMER a;

	not_on_a_slow_machine();
	stage_open(&stage, 1);
	a = bell_of(&stage, 'a');
	set_ms(a, 0, 10);
	tally_await(&stage.diary.written, 3);
	assert_begins(&stage.diary, "a0 a10 a20");
	end_timer(a);
	stage_close(&stage);
}
END_TEST

static VOID CALLBACK
ring_and_be_busy(PTP_CALLBACK_INSTANCE instance, PVOID context,
	PTP_TIMER timer)
{
	ring(instance, context, timer);
	Sleep(7);
}

/* The callback takes most of the period: were it added, it would show. */
START_TEST(a_period_counts_from_the_expiry_before_it)
{	/* TIMER-22 */
	unsigned rings = (unsigned)enough(10, 50);
	struct stage stage;
	LONGLONG last;
	PTP_TIMER a;

	not_on_a_slow_machine();
	stage_open(&stage, 1);
	a = timer_of(&stage, ring_and_be_busy, &stage.bells[0]);
	set_ms(a, 10, 10);
	tally_await(&stage.diary.written, rings);
	pthread_mutex_lock(&stage.diary.mutex);
	last = stage.diary.entries[rings - 1].at;
	pthread_mutex_unlock(&stage.diary.mutex);
	if (exact())
		ck_assert_int_eq(last, rings * 10 * MS);
	else
		ck_assert_int_ge(last, rings * 10 * MS);
	end_timer(a);
	stage_close(&stage);
}
END_TEST

/*
 * The machine stands still for 35 ms: one ring for three periods. A poller can
 * be told only how long to sleep, and not until when: if the machine stands
 * still just before it does, it sleeps as long all the same.
 */
START_TEST(periods_that_were_missed_are_not_made_up)
{	/* TIMER-22, TIMER-23, port-defined */
	struct stage stage;
	LONGLONG latest = *POLLER == 0 ? 35 : 45, next;
	PTP_TIMER a;

	not_on_a_slow_machine();
	stage_open(&stage, 1);
	a = bell_of(&stage, 'a');
	set_ms(a, 10, 10);
	explore_stall(35);
	tally_await(&stage.diary.written, 3);
	next = (stage.diary.entries[0].at / (10 * MS) + 1) * 10;
	if (exact()) {
		assert_between(&stage.diary, 0, 'a', 35, latest);
		assert_between(&stage.diary, 1, 'a', next, next);
		assert_between(&stage.diary, 2, 'a', next + 10, next + 10);
	} else {
		assert_begins(&stage.diary, "a10 a20 a30");
	}
	end_timer(a);
	stage_close(&stage);
}
END_TEST

static VOID CALLBACK
meet_the_next(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_TIMER timer)
{
	(void)instance;
	(void)timer;
	tally_add(context);
	tally_await(context, 2);
}

START_TEST(callbacks_of_a_periodic_timer_can_overlap)
{	/* TIMER-21 */
	struct tally here = TALLY_INIT;
	struct stage stage;
	PTP_TIMER a;

	not_on_a_slow_machine();
	stage_open(&stage, 2);
	a = timer_of(&stage, meet_the_next, &here);
	set_ms(a, 5, 5);
	tally_await(&here, 2);		/* so there were two at once */
	end_timer(a);
	stage_close(&stage);
}
END_TEST

/* ---- Setting it again, and NULL ---- */

START_TEST(setting_again_replaces_due_time_period_and_window)
{	/* TIMER-10 */
	struct stage stage;
	PTP_TIMER a;

	stage_open(&stage, 1);
	a = bell_of(&stage, 'a');
	set_ms(a, DAY_MS, 1);
	set_ticks(a, wall_now() + DAY, 1, 5000);
	set_ms(a, 20, 0);
	tally_await(&stage.diary.written, 1);
	let_pass(&stage, 20);
	assert_diary(&stage.diary, "a20");
	end_timer(a);
	stage_close(&stage);
}
END_TEST

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

START_TEST(is_set_tells_of_the_last_setting_even_when_it_has_fired)
{	/* TIMER-12 */
	const LONGLONG dues[] = { -MS, wall_now() + MS, 0, 1 };
	struct stage stage;
	PTP_TIMER a;

	stage_open(&stage, 1);
	a = bell_of(&stage, 'a');
	for (unsigned i = 0; i < sizeof(dues) / sizeof(*dues); i++) {
		set_ticks(a, dues[i], 0, 0);
		ck_assert(IsThreadpoolTimerSet(a));
		tally_await(&stage.diary.written, i + 1);
		WaitForThreadpoolTimerCallbacks(a, FALSE);
		ck_assert(IsThreadpoolTimerSet(a));
		unset(a);
		ck_assert(!IsThreadpoolTimerSet(a));
	}
	unset(a);
	ck_assert(!IsThreadpoolTimerSet(a));
	CloseThreadpoolTimer(a);
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

/* ---- Several threads ---- */

static void *
set_and_unset(void *timer)
{
	unsigned long rounds = enough(2000, 2);

	for (unsigned long i = 0; i < rounds; i++) {
		set_ms(timer, DAY_MS, 1);
		set_ticks(timer, wall_now() + DAY, 0, 1);
		unset(timer);
	}
	return NULL;
}

START_TEST(of_settings_by_several_threads_the_last_decides)
{	/* TIMER-19 */
	unsigned threads = (unsigned)enough(4, 2);
	pthread_t setters[4];
	struct stage stage;
	PTP_TIMER a;

	stage_open(&stage, 1);
	a = bell_of(&stage, 'a');
	for (unsigned i = 0; i < threads; i++)
		ck_assert_int_eq(pthread_create(&setters[i], NULL,
			set_and_unset, a), 0);
	for (unsigned i = 0; i < threads; i++)
		pthread_join(setters[i], NULL);
	ck_assert(!IsThreadpoolTimerSet(a));
	set_ms(a, 10, 0);
	let_pass(&stage, 30);
	assert_diary(&stage.diary, "a10");
	end_timer(a);
	stage_close(&stage);
}
END_TEST

/* ---- Windows ---- */

START_TEST(a_window_is_leave_to_be_late_and_nothing_is_early)
{	/* TIMER-24 */
	struct stage stage;
	PTP_TIMER a;

	stage_open(&stage, 1);
	a = bell_of(&stage, 'a');
	set_ticks(a, -10 * MS, 0, 20);
	tally_await(&stage.diary.written, 1);
	assert_diary(&stage.diary, exact() ? "a30" : "a10");
	set_ticks(a, 0, 0, 5);
	tally_await(&stage.diary.written, 2);
	assert_diary(&stage.diary, exact() ? "a30 a30" : "a10 a10");
	end_timer(a);
	stage_close(&stage);
}
END_TEST

/* Each period begins a window, and the windows do not add up. */
START_TEST(a_window_delays_no_later_period)
{	/* TIMER-22, TIMER-24 */
	struct stage stage;
	PTP_TIMER a;

	not_on_a_slow_machine();
	stage_open(&stage, 1);
	a = bell_of(&stage, 'a');
	set_ticks(a, -10 * MS, 20, 5);
	tally_await(&stage.diary.written, 3);
	assert_begins(&stage.diary, exact() ? "a15 a35 a55" : "a10 a30 a50");
	end_timer(a);
	stage_close(&stage);
}
END_TEST

/*
 * a has a window of 20 ms; and so they ring, in virtual time, whichever is set
 * first. due_b: negative from now on, positive the same by the system clock.
 */
static void
expect_together(LONGLONG due_a, LONGLONG due_b, DWORD window_b,
	const char *expected)
{
	struct stage stage;
	PTP_TIMER a, b;

	for (int first = 0; first < 2; first++) {
		stage_open(&stage, 1);
		a = bell_of(&stage, 'a');
		b = bell_of(&stage, 'b');
		if (first == 0)
			set_ticks(a, due_a, 0, 20);
		set_ticks(b, due_b > 0 ? wall_now() + due_b : due_b, 0,
			window_b);
		if (first != 0)
			set_ticks(a, due_a, 0, 20);
		tally_await(&stage.diary.written, 2);
		if (exact())
			assert_diary(&stage.diary, expected);
		end_timer(a);
		end_timer(b);
		stage_close(&stage);
	}
}

/* One moment for both is one wake-up: the dispatcher sleeps in between. */
START_TEST(timers_whose_windows_overlap_share_a_wake_up)
{	/* TIMER-25, port-defined */
	expect_together(-10 * MS, -25 * MS, 0, "b25 a25");
	expect_together(-10 * MS, -5 * MS, 7, "b12 a12");
	expect_together(-10 * MS, -20 * MS, 40, "a30 b30");
	expect_together(-10 * MS, -30 * MS, 1, "a30 b30");
	expect_together(-10 * MS, 25 * MS, 0, "a25 b25");
}
END_TEST

START_TEST(timers_whose_windows_do_not_overlap_are_kept_apart)
{	/* TIMER-26 */
	expect_together(-10 * MS, -31 * MS, 20, "a30 b51");
	expect_together(-10 * MS, -2 * MS, 7, "b9 a30");
	expect_together(-10 * MS, 31 * MS, 0, "a30 b31");
}
END_TEST

/* ---- Clocks that are set, and machines that sleep ---- */

/*
 * Natively no clock is set, and what an hour is there are 30 ms here: the
 * same calls, and both timers fire.
 */
static LONGLONG
far_away(void)
{
	return explore_active() ? HOUR : 30 * MS;
}

/* The dispatcher looks at the system clock every second. */
START_TEST(a_suspension_counts_for_absolute_timers_only)
{	/* TIMER-27 */
	struct stage stage;
	PTP_TIMER a, r;

	stage_open(&stage, 1);
	a = bell_of(&stage, 'a');
	r = bell_of(&stage, 'b');
	set_ticks(a, wall_now() + far_away(), 0, 0);
	set_ms(r, explore_active() ? 2500 : 40, 0);
	let_pass(&stage, 10);
	explore_suspend(2 * 3600 * 1000);
	tally_await(&stage.diary.written, 2);
	if (exact()) {
		assert_between(&stage.diary, 0, 'a', 10, 1010);
		assert_between(&stage.diary, 1, 'b', 2500, 2500);
	}
	end_timer(a);
	end_timer(r);
	stage_close(&stage);
}
END_TEST

START_TEST(a_step_of_the_clock_moves_absolute_timers_only)
{	/* TIMER-28 */
	struct stage stage;
	PTP_TIMER a, r;

	stage_open(&stage, 1);
	a = bell_of(&stage, 'a');
	r = bell_of(&stage, 'b');
	set_ticks(a, wall_now() + far_away(), 0, 0);
	set_ms(r, explore_active() ? 2500 : 40, 0);
	let_pass(&stage, 10);
	explore_step_wall(2 * 3600 * 1000);	/* forward */
	tally_await(&stage.diary.written, 2);
	if (exact()) {
		assert_between(&stage.diary, 0, 'a', 10, 1010);
		assert_between(&stage.diary, 1, 'b', 2500, 2500);
	}
	set_ticks(a, wall_now() + 20 * MS, 0, 0);
	set_ms(r, 20, 0);
	explore_step_wall(-5000);		/* back */
	tally_await(&stage.diary.written, 4);
	if (exact()) {
		assert_between(&stage.diary, 2, 'b', 2520, 2520);
		assert_between(&stage.diary, 3, 'a', 7520, 7520);
	}
	end_timer(a);
	end_timer(r);
	stage_close(&stage);
}
END_TEST

START_TEST(periods_after_an_absolute_first_expiry_are_relative)
{	/* TIMER-29 */
	struct stage stage;
	PTP_TIMER a;

	not_on_a_slow_machine();
	stage_open(&stage, 1);
	a = bell_of(&stage, 'a');
	set_ticks(a, wall_now() + 10 * MS, 10, 0);
	tally_await(&stage.diary.written, 1);
	explore_step_wall(-3600 * 1000);
	tally_await(&stage.diary.written, 3);
	explore_step_wall(7200 * 1000);
	tally_await(&stage.diary.written, 4);
	if (exact())
		assert_begins(&stage.diary, "a10 a20 a30 a40");
	end_timer(a);
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

/* ---- Shortage, and extremes ---- */

START_TEST(setting_a_timer_takes_no_memory_and_no_thread)
{	/* TIMER-32 */
	struct stage stage;
	unsigned long before;
	PTP_TIMER a;

	not_on_a_slow_machine();
	stage_open(&stage, 1);
	a = bell_of(&stage, 'a');
	fail_allocations(true);
	fail_threads(true);
	before = made_allocations();
	set_ms(a, 0, 0);
	set_ticks(a, wall_now() + 5 * MS, 0, 0);
	tally_await(&stage.diary.written, 2);
	WaitForThreadpoolTimerCallbacks(a, FALSE);
	ck_assert(set_ms_ex(a, DAY_MS));
	for (int i = 0; i < 100; i++)
		set_ms(a, i, 1);
	unset(a);
	WaitForThreadpoolTimerCallbacks(a, TRUE);
	set_ticks(a, -5 * MS, 0, 0xFFFFFFFF);
	ck_assert(IsThreadpoolTimerSet(a));
	CloseThreadpoolTimer(a);
	ck_assert_uint_eq(made_allocations(), before);
	fail_allocations(false);
	fail_threads(false);
	stage_close(&stage);
}
END_TEST

/* Create fails so often, then it works, and the timer rings. */
static unsigned long
failures_of_create(void (*fail_number)(unsigned long n))
{
	struct tally rings = TALLY_INIT;
	unsigned long n = 0;
	PTP_TIMER a;

	do {
		SetLastError(0xDEAD);
		fail_number(++n);
		a = CreateThreadpoolTimer(count_timer, &rings, NULL);
		fail_number(0);
		if (a == NULL)
			ck_assert_uint_eq(GetLastError(),
				ERROR_NOT_ENOUGH_MEMORY);
	} while (a == NULL);
	set_ms(a, 1, 0);
	tally_await(&rings, 1);
	end_timer(a);
	return n - 1;
}

START_TEST(a_create_that_gets_no_memory_fails_and_can_be_repeated)
{	/* TIMER-32 */
	/* The timer itself; the default pool may need more than that. */
	ck_assert_uint_ge(failures_of_create(fail_allocation_number), 1);
	ck_assert_uint_eq(failures_of_create(fail_allocation_number), 1);
}
END_TEST

START_TEST(a_create_that_gets_no_thread_fails_and_can_be_repeated)
{	/* TIMER-32 */
	unsigned long others = live_threads() == 0;

	/* The dispatcher, if it does not run yet, and a first worker. */
	ck_assert_uint_eq(failures_of_create(fail_thread_number), others + 1);
	ck_assert_uint_eq(failures_of_create(fail_thread_number), 0);
}
END_TEST

START_TEST(a_create_with_wrong_arguments_fails_and_says_why)
{
	TP_CALLBACK_ENVIRON environ;

	SetLastError(0);
	ck_assert_ptr_null(CreateThreadpoolTimer(NULL, NULL, NULL));
	ck_assert_uint_eq(GetLastError(), ERROR_INVALID_PARAMETER);
	InitializeThreadpoolEnvironment(&environ);
	environ.Version = 9999;
	SetLastError(0);
	ck_assert_ptr_null(CreateThreadpoolTimer(count_timer, NULL,
		&environ));
	ck_assert_uint_eq(GetLastError(), ERROR_INVALID_PARAMETER);
}
END_TEST

/* Sets it to this, with all periods and windows; it must not fire. */
static void
set_to_extreme(struct stage *stage, PTP_TIMER timer, LONGLONG due)
{
	const DWORD periods[] = { 0, 1, 0xFFFFFFFF };
	const DWORD windows[] = { 0, 0xFFFFFFFF };

	for (unsigned i = 0; i < 3; i++)
		for (unsigned j = 0; j < 2; j++) {
			set_ticks(timer, due, periods[i], windows[j]);
			let_pass(stage, 1);
		}
	assert_diary(&stage->diary, "");
}

START_TEST(extreme_due_times_do_not_fire_early)
{	/* TIMER-33, port-defined */
	struct stage stage;
	PTP_TIMER a;

	stage_open(&stage, 1);
	a = bell_of(&stage, 'a');
	set_to_extreme(&stage, a, INT64_MIN);
	set_to_extreme(&stage, a, INT64_MIN + 1);
	set_to_extreme(&stage, a, INT64_MAX);
	set_to_extreme(&stage, a, INT64_MAX - 1);
	set_to_extreme(&stage, a, -DAY);
	end_timer(a);
	stage_close(&stage);
}
END_TEST

START_TEST(extreme_periods_and_windows_do_not_fire_early)
{	/* TIMER-33, port-defined */
	struct stage stage;
	PTP_TIMER a, b, c;

	stage_open(&stage, 1);
	a = bell_of(&stage, 'a');
	b = bell_of(&stage, 'b');
	c = bell_of(&stage, 'c');
	set_ms(a, 0, 0xFFFFFFFF);
	set_ticks(b, -10 * MS, 0xFFFFFFFF, 0xFFFFFFFF);
	set_ticks(c, wall_now() + 3 * HOUR, 0xFFFFFFFF, 0xFFFFFFFF);
	let_pass(&stage, 5);
	if (exact())
		assert_diary(&stage.diary, "a0");
	unset(a);
	let_pass(&stage, 15);	/* this wakes the dispatcher, and b may come */
	tally_await(&stage.diary.written, 2);
	assert_diary(&stage.diary, exact() ? "a0 b20" : "a0 b10");
	end_timer(a);
	end_timer(b);
	end_timer(c);
	stage_close(&stage);
}
END_TEST

/* ---- Which callback, and where ---- */

struct call {
	PTP_CALLBACK_INSTANCE instance;
	PVOID context;
	PTP_TIMER timer;
	pthread_t thread;
	struct tally made;
};

static VOID CALLBACK
note_call(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_TIMER timer)
{
	struct call *call = context;

	call->instance = instance;
	call->context = context;
	call->timer = timer;
	call->thread = pthread_self();
	tally_add(&call->made);
}

START_TEST(a_callback_is_given_instance_context_and_timer)
{	/* TIMER-34 */
	struct call call = { .made = TALLY_INIT };
	struct stage stage;
	PTP_TIMER a;

	stage_open(&stage, 1);
	a = timer_of(&stage, note_call, &call);
	set_ms(a, 5, 0);
	tally_await(&call.made, 1);
	ck_assert_ptr_nonnull(call.instance);
	ck_assert_ptr_eq(call.context, &call);
	ck_assert_ptr_eq(call.timer, a);
	end_timer(a);
	stage_close(&stage);
}
END_TEST

static VOID CALLBACK
note_thread(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_WORK work)
{
	(void)instance;
	(void)work;
	*(pthread_t *)context = pthread_self();
}

START_TEST(a_callback_runs_on_the_pool_of_its_environment)
{	/* TIMER-35 */
	struct call call = { .made = TALLY_INIT };
	struct stage stage;
	pthread_t worker;
	PTP_WORK work;
	PTP_TIMER a;

	stage_open(&stage, 1);
	work = CreateThreadpoolWork(note_thread, &worker,
		&stage.private.environ);
	ck_assert_ptr_nonnull(work);
	SubmitThreadpoolWork(work);
	WaitForThreadpoolWorkCallbacks(work, FALSE);
	a = timer_of(&stage, note_call, &call);
	memset(&stage.private.environ, 0xCC, sizeof(TP_CALLBACK_ENVIRON));
	set_ms(a, 5, 0);		/* the dispatcher posts it, */
	tally_await(&call.made, 1);
	ck_assert(pthread_equal(call.thread, worker));
	set_ms(a, 0, 0);		/* or whoever sets it */
	tally_await(&call.made, 2);
	ck_assert(pthread_equal(call.thread, worker));
	end_timer(a);
	CloseThreadpoolWork(work);
	stage_close(&stage);
}
END_TEST

START_TEST(timers_fire_in_the_order_of_their_due_times)
{	/* TIMER-36 */
	static const int due[] = { 30, 10, 20, 11, 20, 50, 12, 40 };
	LONGLONG begin;
	struct stage stage;
	bool in_time;
	PTP_TIMER timers[8];

	stage_open(&stage, 1);
	for (int i = 0; i < 8; i++)
		timers[i] = bell_of(&stage, (char)('a' + i));
	begin = ticks_now();
	for (int i = 0; i < 8; i++)
		set_ms(timers[i], due[i], 0);
	in_time = ticks_now() - begin < MS;
	tally_await(&stage.diary.written, 8);
	if (in_time)	/* else one may be due later than it looks */
		assert_diary(&stage.diary, "b10 d11 g12 c20 e20 a30 h40 f50");
	for (int i = 0; i < 8; i++)
		end_timer(timers[i]);
	stage_close(&stage);
}
END_TEST

/* ---- Misuse ---- */

static PTP_TIMER
some_timer(void)
{
	return CreateThreadpoolTimer(ring, NULL, NULL);
}

static PTP_TIMER
closed_timer(void)
{
	PTP_TIMER timer = some_timer();

	CloseThreadpoolTimer(timer);
	return timer;
}

static void
set_null_pointer(void *unused)
{
	(void)unused;
	SetThreadpoolTimer(NULL, NULL, 0, 0);
}

static void
set_closed(void *unused)
{
	(void)unused;
	set_ms(closed_timer(), 0, 0);
}

static void
set_closed_ex(void *unused)
{
	(void)unused;
	(void)set_ms_ex(closed_timer(), 0);
}

static void
ask_closed(void *unused)
{
	(void)unused;
	(void)IsThreadpoolTimerSet(closed_timer());
}

static void
wait_for_closed(void *unused)
{
	(void)unused;
	WaitForThreadpoolTimerCallbacks(closed_timer(), TRUE);
}

static void
close_twice(void *unused)
{
	(void)unused;
	CloseThreadpoolTimer(closed_timer());
}

static void
set_work(void *unused)
{
	(void)unused;
	unset((PTP_TIMER)(void *)some_work());
}

static void
close_as_work(void *unused)
{
	(void)unused;
	CloseThreadpoolWork((PTP_WORK)(void *)some_timer());
}

static VOID CALLBACK
close_and_set(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_TIMER timer)
{
	(void)instance;
	(void)context;
	CloseThreadpoolTimer(timer);
	set_ms(timer, 0, 0);
}

static VOID CALLBACK
wait_for_itself(PTP_CALLBACK_INSTANCE instance, PVOID context,
	PTP_TIMER timer)
{
	(void)instance;
	(void)context;
	WaitForThreadpoolTimerCallbacks(timer, TRUE);
}

static void
set_closed_in_callback(void *unused)
{
	(void)unused;
	set_ms(CreateThreadpoolTimer(close_and_set, NULL, NULL), 0, 0);
	wait_for_the_end();
}

static void
wait_in_callback(void *unused)
{
	(void)unused;
	set_ms(CreateThreadpoolTimer(wait_for_itself, NULL, NULL), 0, 0);
	wait_for_the_end();
}

START_TEST(timers_used_wrongly_are_reported)
{	/* WORK-19, WORK-20, DIAG-04, DIAG-24, port-defined */
	static const struct {
		void (*scene)(void *unused);
		const char *code, *call, *rule;
	} scenes[] = {
		{ set_null_pointer, "not-an-object", "SetThreadpoolTimer",
			"WORK-19" },
		{ set_closed, "closed-object", "SetThreadpoolTimer",
			"WORK-19" },
		{ set_closed_ex, "closed-object", "SetThreadpoolTimerEx",
			"WORK-19" },
		{ ask_closed, "closed-object", "IsThreadpoolTimerSet",
			"WORK-19" },
		{ wait_for_closed, "closed-object",
			"WaitForThreadpoolTimerCallbacks", "WORK-19" },
		{ close_twice, "closed-object", "CloseThreadpoolTimer",
			"WORK-19" },
		{ set_closed_in_callback, "closed-object",
			"SetThreadpoolTimer", "WORK-19" },
		{ set_work, "wrong-kind", "SetThreadpoolTimer", "WORK-19" },
		{ close_as_work, "wrong-kind", "CloseThreadpoolWork",
			"WORK-19" },
		{ wait_in_callback, "self-wait",
			"WaitForThreadpoolTimerCallbacks", "WORK-20" },
	};

	for (unsigned i = 0; i < sizeof(scenes) / sizeof(*scenes); i++)
		expect_report(scenes[i].scene, scenes[i].code,
			scenes[i].call, scenes[i].rule);
}
END_TEST

/* ---- Many ---- */

#if defined(__SANITIZE_THREAD__) || defined(__SANITIZE_ADDRESS__)
#define LOAD(n)	((n) / 10)
#elif defined(__has_feature)
#if __has_feature(thread_sanitizer) || __has_feature(address_sanitizer)
#define LOAD(n)	((n) / 10)
#endif
#endif
#ifndef LOAD
#define LOAD(n)	(n)
#endif

#define MILLION		LOAD(1000000)
#define CROWD		LOAD(100000)
#define SECOND		(1000 * MS)

static unsigned
descriptors(void)
{
	unsigned number = 0;

	for (int i = 0; i < 1000; i++)
		number += fcntl(i, F_GETFD) >= 0;
	return number;
}

static unsigned
pseudo_random(unsigned *state)
{
	*state = *state * 1664525u + 1013904223u;
	return *state >> 8;
}

/*
 * Makes timers, and sets them in any order to times that do not come, some of
 * them by the other clock. A checking build finds the newest object first:
 * that a million are closed in reverse order saves seconds.
 */
static void
set_many(PTP_TIMER *timers, unsigned count, struct tally *rings,
	PTP_CALLBACK_ENVIRON environ)
{
	unsigned random = 1;

	for (unsigned i = 0; i < count; i++) {
		timers[i] = CreateThreadpoolTimer(count_timer, rings, environ);
		ck_assert_ptr_nonnull(timers[i]);
		set_ticks(timers[i], (i % 2 == 0 ? wall_now() : -2 * HOUR) +
			HOUR + (LONGLONG)pseudo_random(&random) * 100, 0, 0);
	}
}

static void
cancel_and_close_many(PTP_TIMER *timers, unsigned count)
{
	for (unsigned long i = 0; i < count / 10; i++)
		unset(timers[i * 7919 % count]);
	for (unsigned i = count; i-- > 0;) {
		unset(timers[i]);
		CloseThreadpoolTimer(timers[i]);
	}
}

START_TEST(a_million_timers_are_set_and_cancelled)
{	/* TIMER-01, TIMER-32, TIMER-36 */
	PTP_TIMER *timers = calloc(MILLION, sizeof(PTP_TIMER));
	struct tally rings = TALLY_INIT;
	unsigned files = descriptors();
	struct private_pool private;
	unsigned long memory;

	ck_assert_ptr_nonnull(timers);
	private_pool_open(&private, 1, 1);
	memory = made_allocations();
	set_many(timers, MILLION, &rings, &private.environ);
	/* A timer is one allocation (the worker another), and all it takes. */
	ck_assert_uint_le(made_allocations(), memory + MILLION + 1);
	ck_assert_uint_eq(live_threads(), 2);	/* worker and dispatcher */
	ck_assert_uint_eq(descriptors(), files);
	cancel_and_close_many(timers, MILLION);
	ck_assert_uint_eq(tally_read(&rings), 0);
	private_pool_close(&private);
	free(timers);
}
END_TEST

struct one_of_many {
	PTP_TIMER timer;
	LONGLONG due;			/* ticks of the system clock */
	unsigned times;			/* rung; by the worker only */
	struct crowd *crowd;
};

struct crowd {
	struct one_of_many *members;
	unsigned *order;		/* in which they rang */
	unsigned rung;			/* by the worker only */
	struct private_pool private;
	struct tally all;
};

static VOID CALLBACK
ring_in_the_crowd(PTP_CALLBACK_INSTANCE instance, PVOID context,
	PTP_TIMER timer)
{
	struct one_of_many *member = context;
	struct crowd *crowd = member->crowd;

	(void)instance;
	(void)timer;
	member->times++;
	crowd->order[crowd->rung++] = (unsigned)(member - crowd->members);
	if (crowd->rung == CROWD)
		tally_add(&crowd->all);
}

static void
crowd_open(struct crowd *crowd)
{
	*crowd = (struct crowd){ .all = TALLY_INIT };
	private_pool_open(&crowd->private, 1, 1);
	crowd->members = calloc(CROWD, sizeof(*crowd->members));
	crowd->order = calloc(CROWD, sizeof(*crowd->order));
	ck_assert_ptr_nonnull(crowd->members);
	ck_assert_ptr_nonnull(crowd->order);
	for (unsigned i = 0; i < CROWD; i++) {
		struct one_of_many *member = &crowd->members[i];

		member->crowd = crowd;
		member->timer = CreateThreadpoolTimer(ring_in_the_crowd,
			member, &crowd->private.environ);
		ck_assert_ptr_nonnull(member->timer);
	}
}

/* None has rung, and none is set. */
static void
silence_crowd(struct crowd *crowd)
{
	for (unsigned i = 0; i < CROWD; i++) {
		struct one_of_many *member = &crowd->members[i];

		unset(member->timer);
		WaitForThreadpoolTimerCallbacks(member->timer, TRUE);
		member->times = 0;
	}
	crowd->rung = 0;
	crowd->all.count = 0;
}

/* All are due within one second, and all were set before it began. */
static void
set_crowd(struct crowd *crowd)
{
	LONGLONG lead = SECOND / 4, begin;
	unsigned random = 1;

	do {
		silence_crowd(crowd);
		lead *= 2;
		begin = wall_now() + lead;
		for (unsigned i = 0; i < CROWD; i++) {
			struct one_of_many *member = &crowd->members[i];

			member->due = begin + pseudo_random(&random) %
				(SECOND / 100) * 100;
			set_ticks(member->timer, member->due, 0, 0);
		}
	} while (wall_now() >= begin);	/* it was slow: all once more */
}

START_TEST(timers_due_within_a_second_fire_once_each_and_in_order)
{	/* TIMER-36 */
	unsigned files = descriptors();
	struct crowd crowd;

	crowd_open(&crowd);
	set_crowd(&crowd);
	tally_await(&crowd.all, 1);
	ck_assert_uint_eq(live_threads(), 2);	/* worker and dispatcher */
	ck_assert_uint_eq(descriptors(), files);
	for (unsigned i = 0; i < CROWD; i++)
		end_timer(crowd.members[i].timer);
	ck_assert_uint_eq(crowd.rung, CROWD);
	for (unsigned i = 1; i < CROWD; i++) {
		unsigned a = crowd.order[i - 1], b = crowd.order[i];
		LONGLONG later = crowd.members[b].due -
			crowd.members[a].due;

		ck_assert_uint_eq(crowd.members[b].times, 1);
		ck_assert(later > 0 || (later == 0 && b > a));
	}
	private_pool_close(&crowd.private);
	free(crowd.members);
	free(crowd.order);
}
END_TEST

/* ---- The suite ---- */

static void
add_times(TCase *small)
{
	tcase_add_test(small, a_new_timer_is_not_set_and_never_fires);
	tcase_add_test(small, a_negative_due_time_counts_100_ns_from_now);
	tcase_add_test(small, a_positive_due_time_is_a_utc_time_since_1601);
	tcase_add_test(small, a_due_time_of_0_fires_at_once);
	tcase_add_test(small, a_due_time_of_minus_1_is_100_ns_from_now);
	tcase_add_test(small,
		an_absolute_due_time_that_has_passed_fires_at_once);
	tcase_add_test(small, a_period_counts_milliseconds_and_0_means_once);
	tcase_add_test(small,
		a_periodic_timer_fires_until_unset_set_anew_or_closed);
	tcase_add_test(small,
		due_0_with_a_period_fires_now_and_then_every_period);
	tcase_add_test(small, a_period_counts_from_the_expiry_before_it);
	tcase_add_test(small, periods_that_were_missed_are_not_made_up);
	tcase_add_test(small, callbacks_of_a_periodic_timer_can_overlap);
	tcase_add_test(small,
		setting_again_replaces_due_time_period_and_window);
	tcase_add_test(small, null_stops_expiries_but_not_what_is_queued);
	tcase_add_test(small,
		is_set_tells_of_the_last_setting_even_when_it_has_fired);
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
	tcase_add_test(small, of_settings_by_several_threads_the_last_decides);
	tcase_add_test(small,
		a_window_is_leave_to_be_late_and_nothing_is_early);
	tcase_add_test(small, a_window_delays_no_later_period);
	tcase_add_test(small, timers_whose_windows_overlap_share_a_wake_up);
	tcase_add_test(small,
		timers_whose_windows_do_not_overlap_are_kept_apart);
	tcase_add_test(small, a_suspension_counts_for_absolute_timers_only);
	tcase_add_test(small, a_step_of_the_clock_moves_absolute_timers_only);
	tcase_add_test(small,
		periods_after_an_absolute_first_expiry_are_relative);
}

static void
add_calls(TCase *small)
{
	tcase_add_test(small, ex_says_whether_what_was_set_could_be_recalled);
	tcase_add_test(small, ex_says_no_while_a_callback_runs);
	tcase_add_test(small, ex_says_yes_for_a_one_shot_that_came_and_went);
	tcase_add_test(small, ex_cancels_the_old_setting_and_makes_the_new_one);
	tcase_add_test(small, setting_a_timer_takes_no_memory_and_no_thread);
	tcase_add_test(small,
		a_create_that_gets_no_memory_fails_and_can_be_repeated);
	tcase_add_test(small,
		a_create_that_gets_no_thread_fails_and_can_be_repeated);
	tcase_add_test(small, a_create_with_wrong_arguments_fails_and_says_why);
	tcase_add_test(small, extreme_due_times_do_not_fire_early);
	tcase_add_test(small, extreme_periods_and_windows_do_not_fire_early);
	tcase_add_test(small, a_callback_is_given_instance_context_and_timer);
	tcase_add_test(small, a_callback_runs_on_the_pool_of_its_environment);
	tcase_add_test(small, timers_fire_in_the_order_of_their_due_times);
	if (*POLLER == 0)	/* a process with threads is not to be forked */
		tcase_add_test(small, timers_used_wrongly_are_reported);
}

/* The dispatcher sleeps in a poller from then on, if there is one. */
static void
choose_poller(void)
{
	if (*POLLER == 0)
		return;
	setenv("TP_POLLER", POLLER, 1);
	ck_assert_uint_eq(tp_poller_open(), 0);
	harness_keep_descriptors();
}

static void
nothing(void)
{
}

int
main(void)
{
	Suite *suite = suite_create(SUITE);
	TCase *small = harness_case(suite, "small");
	TCase *large;

	harness_add_fixture(small, choose_poller, nothing);
	add_times(small);
	add_calls(small);
	if (*POLLER != 0)
		return harness_run(suite);
	large = harness_case(suite, "large");
	tcase_add_test(large, a_million_timers_are_set_and_cancelled);
	tcase_add_test(large,
		timers_due_within_a_second_fire_once_each_and_in_order);
	return harness_run(suite);
}

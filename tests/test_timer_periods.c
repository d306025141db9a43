/* SPDX-License-Identifier: MIT */
/*
 * test_timer_periods.c - timers that ring again and again
 *
 * A period counts from the expiry before it, whatever the callbacks and the
 * machine are doing. So most tests here look at several entries of the
 * diary (timing.h): a drift shows, and so does a ring too many.
 *
 * A slow machine may miss whole periods. Explored as one, these tests have
 * nothing to say, and say so (not_on_a_slow_machine); natively only what is
 * early or out of order fails.
 *
 * Windows are in test_timer_windows.c; that periods do not follow a clock
 * that is set is in test_timer_clocks.c.
 */
#include "timing.h"

#ifndef POLLER
#define POLLER	""	/* not opened */
#endif

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

/* ---- The suite ---- */

static void
add_periods(TCase *small)
{
	tcase_add_test(small, a_period_counts_milliseconds_and_0_means_once);
	tcase_add_test(small,
		a_periodic_timer_fires_until_unset_set_anew_or_closed);
	tcase_add_test(small,
		due_0_with_a_period_fires_now_and_then_every_period);
	tcase_add_test(small, a_period_counts_from_the_expiry_before_it);
	tcase_add_test(small, periods_that_were_missed_are_not_made_up);
	tcase_add_test(small, callbacks_of_a_periodic_timer_can_overlap);
}

#ifndef PARTS
int
main(void)
{
	Suite *suite = suite_create("timer_periods");

	add_periods(harness_case(suite, "small"));
	return harness_run(suite);
}
#endif

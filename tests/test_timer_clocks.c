/* SPDX-License-Identifier: MIT */
/*
 * test_timer_clocks.c - timers when clocks are set, and machines sleep
 *
 * An absolute due time is one of the system clock, which may be set, and
 * which goes on while the machine is suspended; a relative one is neither
 * moved by the one nor brought nearer by the other. The dispatcher looks at
 * the system clock every second: by so much may an absolute timer be late.
 *
 * Only the explorer sets clocks here, those that are its own. Natively no
 * clock is set, and what an hour is there are 30 ms here: the same calls,
 * and both timers fire.
 */
#include "timing.h"

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

/* ---- The suite ---- */

static void
add_clocks(TCase *small)
{
	tcase_add_test(small, a_suspension_counts_for_absolute_timers_only);
	tcase_add_test(small, a_step_of_the_clock_moves_absolute_timers_only);
	tcase_add_test(small,
		periods_after_an_absolute_first_expiry_are_relative);
}

#ifndef PARTS
int
main(void)
{
	Suite *suite = suite_create("timer_clocks");

	add_clocks(harness_case(suite, "small"));
	return harness_run(suite);
}
#endif

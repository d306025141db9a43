/* SPDX-License-Identifier: MIT */
/*
 * test_timer_windows.c - timers that may be late, and share a wake-up
 *
 * A window is leave to be late. The pool uses it to have several timers come
 * at one moment, and otherwise to the full: in virtual time a timer with a
 * window comes at its end, unless another one has to come before. That is
 * this pool's choice, so natively, and wherever time is not exact, a test
 * asks only that nothing is early.
 */
#include "timing.h"

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

/* ---- The suite ---- */

static void
add_windows(TCase *small)
{
	tcase_add_test(small,
		a_window_is_leave_to_be_late_and_nothing_is_early);
	tcase_add_test(small, a_window_delays_no_later_period);
	tcase_add_test(small, timers_whose_windows_overlap_share_a_wake_up);
	tcase_add_test(small,
		timers_whose_windows_do_not_overlap_are_kept_apart);
}

#ifndef PARTS
int
main(void)
{
	Suite *suite = suite_create("timer_windows");

	add_windows(harness_case(suite, "small"));
	return harness_run(suite);
}
#endif

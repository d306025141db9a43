/* SPDX-License-Identifier: MIT */
/*
 * test_scenario_dispatch.c - the dispatcher between timers that are being set
 *
 * Scenarios (scenario.h says what that is) of two timers that two threads
 * make and set at once, while the dispatcher starts, sleeps, or looks; and
 * somebody may set the clock meanwhile, or suspend the machine. Each rings
 * once, and at its own time, or with the other one where windows let them.
 * The comment above a test names the function whose promise is at stake.
 *
 * One timer against whoever sets, stops and closes it is in
 * test_scenario_timers.c.
 */
#include "scenario.h"
#include "timing.h"

/* ---- Two due times ---- */

/* Two timers, each made and set by a thread of its own. */
struct pair {
	struct private_pool private;
	struct diary diary;
	struct half {
		struct pair *pair;
		struct bell bell;
		LONGLONG ticks;		/* as for set_ticks */
		DWORD window;		/* ms */
		PTP_TIMER timer;	/* NULL: could not be made */
	} halves[2];
};

static void *
make_and_set(void *argument)
{
	struct half *half = argument;

	half->timer = CreateThreadpoolTimer(ring, &half->bell,
		&half->pair->private.environ);
	if (made(half->timer))
		set_ticks(half->timer, half->ticks, 0, half->window);
	return NULL;
}

/* Both at once. Then so many ring, each once; afterwards all is closed. */
static void
ring_both(struct pair *pair)
{
	struct race race = { .count = 0 };
	unsigned long made_timers = 0;

	set_times(NULL, NULL, NULL);
	if (!try_pool(&pair->private, 1, 1))
		return;
	diary_open(&pair->diary);
	for (int i = 0; i < 2; i++) {
		pair->halves[i].pair = pair;
		pair->halves[i].bell = (struct bell){ &pair->diary,
			(char)('a' + i) };
	}
	race_start(&race, make_and_set, &pair->halves[0]);
	(void)make_and_set(&pair->halves[1]);
	race_join(&race);
	for (int i = 0; i < 2; i++)
		made_timers += pair->halves[i].timer != NULL;
	tally_await(&pair->diary.written, made_timers);
	for (int i = 0; i < 2; i++)
		if (pair->halves[i].timer != NULL)
			end_timer(pair->halves[i].timer);
	ck_assert_uint_eq(tally_read(&pair->diary.written), made_timers);
	private_pool_close(&pair->private);
}

/* tp_dispatcher_start and dispatch: either may be first, to start, to set. */
START_TEST(due_times_set_while_the_dispatcher_looks_are_kept)
{	/* TIMER-02, TIMER-36 */
	struct pair pair = { .halves = {
		{ .ticks = -10 * MS }, { .ticks = -5 * MS }
	} };

	ring_both(&pair);
	if (exact())
		assert_diary(&pair.diary, "b5 a10");
}
END_TEST

/* tp_due_serve_locked: whichever is set first, they share the wake-up. */
START_TEST(windows_set_at_the_same_time_share_a_wake_up)
{	/* TIMER-25, port-defined */
	struct pair pair = { .halves = {
		{ .ticks = -10 * MS, .window = 20 }, { .ticks = -25 * MS }
	} };

	ring_both(&pair);
	if (exact())
		assert_diary(&pair.diary, "b25 a25");
}
END_TEST

/* Due times of two clocks have two heaps, and neither waits for the other. */
START_TEST(due_times_of_both_clocks_come_each_at_its_time)
{	/* TIMER-02, TIMER-03 */
	struct pair pair = { .halves = {
		{ .ticks = wall_now() + 10 * MS }, { .ticks = -20 * MS }
	} };

	ring_both(&pair);
	if (exact())
		assert_diary(&pair.diary, "a10 b20");
}
END_TEST

/* ---- Clocks that are set ---- */

static void *
set_the_clock_forward(void *unused)
{
	explore_step_wall(HOUR_MS);
	return unused;
}

static void *
sleep_an_hour(void *unused)
{
	explore_suspend(HOUR_MS);
	return unused;
}

/*
 * The clock changes while both kinds of timers are being set. The relative
 * one comes when it should. latest: ms at which the other has come.
 */
static void
change_the_clock(void *(*change)(void *unused), LONGLONG latest)
{
	struct pair pair = { .halves = {
		{ .ticks = wall_now() + 100 * MS }, { .ticks = -50 * MS }
	} };
	struct race race = { .count = 0 };

	race_start(&race, change, NULL);
	ring_both(&pair);
	race_join(&race);
	if (!exact())
		return;
	for (int i = 0; i < 2; i++)
		if (pair.diary.entries[i].name == 'b')
			ck_assert_int_eq(pair.diary.entries[i].at, 50 * MS);
		else
			ck_assert_int_le(pair.diary.entries[i].at,
				latest * MS);
}

/* tp_due_next_look_locked: at most a second passes between two looks. */
START_TEST(clock_set_forward_against_setting_is_noticed_in_a_second)
{	/* TIMER-28 */
	change_the_clock(set_the_clock_forward, 1000);
}
END_TEST

START_TEST(clock_set_back_against_setting_delays_the_absolute_one)
{	/* TIMER-28 */
	change_the_clock(set_the_clock_back, 2100);
}
END_TEST

START_TEST(suspension_against_setting_is_noticed_in_a_second)
{	/* TIMER-27 */
	change_the_clock(sleep_an_hour, 1000);
}
END_TEST

/* ---- The suite ---- */

int
main(void)
{
	Suite *suite = suite_create("scenario_dispatch");
	TCase *scenario = harness_case(suite, "scenario");

	tcase_add_test(scenario,
		due_times_set_while_the_dispatcher_looks_are_kept);
	tcase_add_test(scenario, windows_set_at_the_same_time_share_a_wake_up);
	tcase_add_test(scenario,
		due_times_of_both_clocks_come_each_at_its_time);
	tcase_add_test(scenario,
		clock_set_forward_against_setting_is_noticed_in_a_second);
	tcase_add_test(scenario,
		clock_set_back_against_setting_delays_the_absolute_one);
	tcase_add_test(scenario,
		suspension_against_setting_is_noticed_in_a_second);
	return harness_run(suite);
}

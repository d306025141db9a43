/* SPDX-License-Identifier: MIT */
/*
 * test_scenario_timers.c - expiry against set, close, wait and recall
 *
 * Scenarios of timer objects (scenario.h says what a scenario is). Most let
 * a due time come at the very moment at which something else is done: a
 * timer is set to 10 ms, and another thread sleeps 10 ms. In virtual time
 * both happen at once, and the explorer tries either order, and every one
 * in between.
 *
 * A callback leaves marks that nothing but the pool makes visible, and looks
 * whether what it uses is gone. So where a thread relies on a wait in vain,
 * that is a data race, and the explorer says so.
 *
 * Two timers at once, and the clocks while they are being set, are in
 * test_scenario_dispatch.c.
 */
#include "scenario.h"
#include "timing.h"

#define MARKS	8

struct site_of_timer {
	struct private_pool private;
	PTP_TIMER timer;
	bool gone;		/* no callback may start any more */
	LONG volatile started, finished;
	int marks[MARKS];	/* by callbacks, in the order of starting */
	LONGLONG begin;
	LONGLONG at[MARKS];	/* ticks since begin, of the same */
};

/* Each callback begins so. Returns its number, from 1 on. */
static LONG
leave_mark(struct site_of_timer *site)
{
	LONG n = InterlockedIncrement(&site->started);

	ck_assert(!site->gone);
	ck_assert_int_le(n, MARKS);
	site->at[n - 1] = ticks_now() - site->begin;
	site->marks[n - 1] = 1;
	return n;
}

static VOID CALLBACK
mark(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_TIMER timer)
{
	struct site_of_timer *site = context;

	(void)instance;
	(void)timer;
	(void)leave_mark(site);
	InterlockedIncrement(&site->finished);
}

/* A pool of so many threads and a timer, not set, or nothing. */
static bool
try_timer(struct site_of_timer *site, DWORD threads,
	PTP_TIMER_CALLBACK callback)
{
	*site = (struct site_of_timer){ .gone = false };
	set_times(NULL, NULL, NULL);
	if (!try_pool(&site->private, threads, threads))
		return false;
	site->timer = CreateThreadpoolTimer(callback, site,
		&site->private.environ);
	if (!made(site->timer))
		private_pool_close(&site->private);
	site->begin = ticks_now();
	return site->timer != NULL;
}

static int
marks_of(const struct site_of_timer *site)
{
	int marks = 0;

	for (int i = 0; i < MARKS; i++)
		marks += site->marks[i];
	return marks;
}

/* Nothing of the timer runs, and nothing will: so many there were. */
static void
assert_over(struct site_of_timer *site)
{
	LONG started = count_of(&site->started);

	site->gone = true;
	ck_assert_int_eq(count_of(&site->finished), started);
	ck_assert_int_eq(marks_of(site), started);
	assert_at_rest(site->timer);
	Sleep(50);
	ck_assert_int_eq(count_of(&site->started), started);
}

static void
timer_close(struct site_of_timer *site)
{
	CloseThreadpoolTimer(site->timer);
	private_pool_close(&site->private);
}

static bool
has_no_objects(void *pool)
{
	TP_POOL *p = pool;
	bool none;

	tp_lock(&p->lock);
	none = p->objects == 0;
	tp_unlock(&p->lock);
	return none;
}

/* When the timer has been closed: until the last of its callbacks is over. */
static void
await_its_end(struct site_of_timer *site)
{
	await(has_no_objects, site->private.pool);
	ck_assert_int_eq(count_of(&site->finished),
		count_of(&site->started));
	ck_assert_int_eq(marks_of(site), count_of(&site->started));
	private_pool_close(&site->private);
}

/* ---- Expiry against NULL ---- */

/* expire (timer.c): in the heap, or in the queue, and nowhere in between. */
START_TEST(nothing_runs_after_null_and_a_wait_with_cancel)
{	/* TIMER-11, TIMER-15 */
	struct site_of_timer site;

	if (!try_timer(&site, 1, mark))
		return;
	set_ms(site.timer, 10, 0);
	Sleep(10);
	unset(site.timer);
	WaitForThreadpoolTimerCallbacks(site.timer, TRUE);
	assert_over(&site);
	ck_assert_int_le(count_of(&site.started), 1);
	timer_close(&site);
}
END_TEST

/* The same where a callback runs while the next one is due. */
START_TEST(nothing_of_a_periodic_timer_runs_after_null_and_a_wait)
{	/* TIMER-08, TIMER-15 */
	struct site_of_timer site;

	not_on_a_slow_machine();
	if (!try_timer(&site, 2, mark))
		return;
	set_ms(site.timer, 0, 10);
	Sleep(10);
	unset(site.timer);
	WaitForThreadpoolTimerCallbacks(site.timer, TRUE);
	assert_over(&site);
	timer_close(&site);
}
END_TEST

static void *
set_at_once(void *timer)
{
	set_ms(timer, 0, 0);
	return NULL;
}

/* set_locked (timer.c): what is past is posted by whoever sets it. */
START_TEST(a_due_time_of_0_against_null_and_a_wait_with_cancel)
{	/* TIMER-04, TIMER-15, TIMER-19 */
	struct site_of_timer site;
	struct race race = { .count = 0 };

	if (!try_timer(&site, 1, mark))
		return;
	race_start(&race, set_at_once, site.timer);
	unset(site.timer);
	WaitForThreadpoolTimerCallbacks(site.timer, TRUE);
	race_join(&race);
	unset(site.timer);
	WaitForThreadpoolTimerCallbacks(site.timer, TRUE);
	assert_over(&site);
	ck_assert_int_le(count_of(&site.started), 1);
	timer_close(&site);
}
END_TEST

/* ---- Expiry against another setting ---- */

/* tp_due_set_locked: the first due time has come, or does not come. */
START_TEST(expiry_against_a_new_due_time_is_at_the_old_or_the_new_one)
{	/* TIMER-10 */
	struct site_of_timer site;
	LONG started;

	if (!try_timer(&site, 1, mark))
		return;
	set_ms(site.timer, 10, 0);
	Sleep(10);
	set_ms(site.timer, 10, 0);
	Sleep(30);
	unset(site.timer);
	WaitForThreadpoolTimerCallbacks(site.timer, TRUE);
	assert_over(&site);
	started = count_of(&site.started);
	ck_assert_int_le(started, 2);
	if (exact()) {
		ck_assert_int_ge(started, 1);
		ck_assert_int_eq(site.at[started - 1], 20 * MS);
		ck_assert_int_eq(site.at[0], started == 2 ? 10 * MS :
			20 * MS);
	}
	timer_close(&site);
}
END_TEST

static void *
set_20_ms(void *timer)
{
	set_ms(timer, 20, 0);
	return NULL;
}

/* SetThreadpoolTimer: whole settings, one after the other. */
START_TEST(of_two_threads_that_set_a_timer_the_last_decides)
{	/* TIMER-19 */
	struct site_of_timer site;
	struct race race = { .count = 0 };

	if (!try_timer(&site, 1, mark))
		return;
	race_start(&race, set_20_ms, site.timer);
	set_ms(site.timer, 10, 0);
	race_join(&race);
	Sleep(30);
	unset(site.timer);
	WaitForThreadpoolTimerCallbacks(site.timer, TRUE);
	assert_over(&site);
	if (exact()) {
		ck_assert_int_eq(count_of(&site.started), 1);
		ck_assert(site.at[0] == 10 * MS || site.at[0] == 20 * MS);
	}
	timer_close(&site);
}
END_TEST

static void *
set_to_null(void *timer)
{
	unset(timer);
	return NULL;
}

/* The same with NULL: set and due, or neither. */
START_TEST(of_set_and_null_by_two_threads_the_last_decides)
{	/* TIMER-12, TIMER-19 */
	struct site_of_timer site;
	struct race race = { .count = 0 };
	BOOL set;

	if (!try_timer(&site, 1, mark))
		return;
	race_start(&race, set_to_null, site.timer);
	set_ms(site.timer, 10, 0);
	race_join(&race);
	set = IsThreadpoolTimerSet(site.timer);
	Sleep(20);
	ck_assert_int_eq(IsThreadpoolTimerSet(site.timer), set);
	unset(site.timer);
	WaitForThreadpoolTimerCallbacks(site.timer, TRUE);
	assert_over(&site);
	if (exact())
		ck_assert_int_eq(count_of(&site.started), set);
	timer_close(&site);
}
END_TEST

/* ---- Expiry against close ---- */

/* disarm: the due time has been taken away, or its post keeps the object. */
START_TEST(expiry_against_close_runs_the_callback_or_not)
{	/* TIMER-16 */
	struct site_of_timer site;

	if (!try_timer(&site, 1, mark))
		return;
	set_ms(site.timer, 10, 0);
	Sleep(10);
	CloseThreadpoolTimer(site.timer);
	await_its_end(&site);
	ck_assert_int_le(count_of(&site.started), 1);
}
END_TEST

/* The pool is closed before; it goes with its last object. */
START_TEST(expiry_against_close_where_the_pool_is_closed_already)
{	/* TIMER-16 */
	static struct site_of_timer site;	/* it may run until the end */

	if (!try_timer(&site, 1, mark))
		return;
	set_ms(site.timer, 10, 0);
	private_pool_close(&site.private);
	Sleep(10);
	CloseThreadpoolTimer(site.timer);
}
END_TEST

static VOID CALLBACK
mark_and_close_late(PTP_CALLBACK_INSTANCE instance, PVOID context,
	PTP_TIMER timer)
{
	struct site_of_timer *site = context;

	(void)instance;
	if (leave_mark(site) == 1) {
		Sleep(10);
		CloseThreadpoolTimer(timer);
	}
	InterlockedIncrement(&site->finished);
}

/* A callback closes the timer when its next due time comes. */
START_TEST(expiry_against_close_by_a_callback_of_the_same_timer)
{	/* TIMER-16, TIMER-20, TIMER-21 */
	struct site_of_timer site;

	not_on_a_slow_machine();
	if (!try_timer(&site, 2, mark_and_close_late))
		return;
	set_ms(site.timer, 10, 10);
	await_its_end(&site);
	ck_assert_int_ge(count_of(&site.started), 1);
	if (exact())
		ck_assert_int_le(count_of(&site.started), 2);
}
END_TEST

static VOID CALLBACK
mark_and_stop_late(PTP_CALLBACK_INSTANCE instance, PVOID context,
	PTP_TIMER timer)
{
	struct site_of_timer *site = context;

	(void)instance;
	if (leave_mark(site) == 2) {
		Sleep(10);
		unset(timer);
	}
	InterlockedIncrement(&site->finished);
}

/* A callback stops the timer when its next due time comes. */
START_TEST(expiry_against_null_in_a_callback_of_the_same_timer)
{	/* TIMER-18 */
	struct site_of_timer site;

	not_on_a_slow_machine();
	if (!try_timer(&site, 1, mark_and_stop_late))
		return;
	set_ms(site.timer, 10, 10);
	Sleep(100);
	if (exact())
		ck_assert(!IsThreadpoolTimerSet(site.timer));
	unset(site.timer);
	WaitForThreadpoolTimerCallbacks(site.timer, FALSE);
	assert_over(&site);
	if (exact())
		ck_assert(count_of(&site.started) == 2 ||
			count_of(&site.started) == 3);
	timer_close(&site);
}
END_TEST

/* ---- Expiry against waits ---- */

/* A wait covers what was posted before it: its marks are there. */
START_TEST(expiry_against_a_wait_that_covers_what_came_before)
{	/* TIMER-13 */
	struct site_of_timer site;
	LONG finished;

	not_on_a_slow_machine();
	if (!try_timer(&site, 2, mark))
		return;
	set_ms(site.timer, 0, 10);
	WaitForThreadpoolTimerCallbacks(site.timer, FALSE);
	ck_assert_int_eq(site.marks[0], 1);
	Sleep(10);
	WaitForThreadpoolTimerCallbacks(site.timer, FALSE);
	finished = count_of(&site.finished);
	ck_assert_int_ge(finished, 1);
	unset(site.timer);
	WaitForThreadpoolTimerCallbacks(site.timer, FALSE);
	if (exact())
		ck_assert_int_le(count_of(&site.finished), 2);
	assert_over(&site);
	timer_close(&site);
}
END_TEST

static void *
wait_for_quiet(void *timer)
{
	WaitForThreadpoolTimerCallbacks(timer, FALSE);
	return NULL;
}

/* tp_object_recall_locked: it ends the waits for what it drops. */
START_TEST(recall_releases_whoever_waits_for_the_dropped_callbacks)
{	/* TIMER-13, TIMER-30 */
	struct site_of_timer site;
	struct race race = { .count = 0 };

	if (!try_timer(&site, 1, mark))
		return;
	set_ms(site.timer, 0, 0);
	set_ms(site.timer, 0, 0);
	race_start(&race, wait_for_quiet, site.timer);
	race_start(&race, wait_for_quiet, site.timer);
	(void)SetThreadpoolTimerEx(site.timer, NULL, 0, 0);
	race_join(&race);
	WaitForThreadpoolTimerCallbacks(site.timer, FALSE);
	assert_over(&site);
	timer_close(&site);
}
END_TEST

/* ---- Expiry against a recall ---- */

/* TRUE: nothing runs, and nothing will, of what had been set. */
START_TEST(after_a_recall_that_says_yes_nothing_runs)
{	/* TIMER-30 */
	struct site_of_timer site;

	if (!try_timer(&site, 1, mark))
		return;
	set_ms(site.timer, 10, 0);
	Sleep(10);
	if (SetThreadpoolTimerEx(site.timer, NULL, 0, 0))
		ck_assert_int_eq(count_of(&site.finished),
			count_of(&site.started));
	else
		WaitForThreadpoolTimerCallbacks(site.timer, FALSE);
	ck_assert_int_le(count_of(&site.started), 1);
	assert_over(&site);
	timer_close(&site);
}
END_TEST

static VOID CALLBACK
unset_and_mark(PTP_CALLBACK_INSTANCE instance, PVOID context,
	PTP_TIMER timer)
{
	struct site_of_timer *site = context;

	(void)instance;
	unset(timer);
	(void)leave_mark(site);
	InterlockedIncrement(&site->finished);
}

struct recall {
	PTP_TIMER timer;
	BOOL said;
};

static void *
recall_it(void *argument)
{
	struct recall *recall = argument;

	recall->said = SetThreadpoolTimerEx(recall->timer, NULL, 0, 0);
	return NULL;
}

/*
 * Who gives up the reference that the one callback has been given? The
 * callback, or whoever recalled it: one of them, if the callback unsets the
 * timer first. A one-shot that came and went would count as set without it.
 */
START_TEST(of_two_recalls_and_the_callback_exactly_one_happens)
{	/* TIMER-30 */
	struct site_of_timer site;
	struct race race = { .count = 0 };
	struct recall first, second;

	if (!try_timer(&site, 1, unset_and_mark))
		return;
	first = second = (struct recall){ .timer = site.timer };
	set_ms(site.timer, 10, 0);
	Sleep(10);
	race_start(&race, recall_it, &first);
	(void)recall_it(&second);
	race_join(&race);
	WaitForThreadpoolTimerCallbacks(site.timer, FALSE);
	ck_assert_int_eq((first.said ? 1 : 0) + (second.said ? 1 : 0) +
		count_of(&site.started), 1);
	assert_over(&site);
	timer_close(&site);
}
END_TEST

/* SetThreadpoolTimerEx: the old is recalled and the new set in one step. */
START_TEST(expiry_against_a_recall_with_a_new_due_time_loses_neither)
{	/* TIMER-30, TIMER-31 */
	struct site_of_timer site;
	BOOL said;

	if (!try_timer(&site, 1, unset_and_mark))
		return;
	set_ms(site.timer, 10, 0);
	Sleep(10);
	said = set_ms_ex(site.timer, 0);
	WaitForThreadpoolTimerCallbacks(site.timer, FALSE);
	/* Recalled: the new one only. Not: both have run. */
	ck_assert_int_eq(count_of(&site.started), said ? 1 : 2);
	assert_over(&site);
	timer_close(&site);
}
END_TEST

/* ---- Clocks that are set ---- */

/* tp_due_next: from the first, absolute expiry on the clock is no matter. */
START_TEST(clock_set_against_the_periods_of_an_absolute_timer)
{	/* TIMER-29 */
	struct race race = { .count = 0 };
	struct site_of_timer site;

	not_on_a_slow_machine();
	if (!try_timer(&site, 1, mark))
		return;
	set_ticks(site.timer, wall_now() + 10 * MS, 10, 0);
	Sleep(10);
	race_start(&race, set_the_clock_back, NULL);
	Sleep(20);
	race_join(&race);
	unset(site.timer);
	WaitForThreadpoolTimerCallbacks(site.timer, TRUE);
	assert_over(&site);
	/* At 10, if the clock was not set back just before. */
	if (exact() && count_of(&site.started) > 0)
		for (LONG i = 0; i < count_of(&site.started); i++)
			ck_assert_int_eq(site.at[i], (10 + 10 * i) * MS);
	timer_close(&site);
}
END_TEST

/* ---- The suite ---- */

int
main(void)
{
	Suite *suite = suite_create("scenario_timers");
	TCase *scenario = harness_case(suite, "scenario");

	tcase_add_test(scenario,
		nothing_runs_after_null_and_a_wait_with_cancel);
	tcase_add_test(scenario,
		nothing_of_a_periodic_timer_runs_after_null_and_a_wait);
	tcase_add_test(scenario,
		a_due_time_of_0_against_null_and_a_wait_with_cancel);
	tcase_add_test(scenario,
		expiry_against_a_new_due_time_is_at_the_old_or_the_new_one);
	tcase_add_test(scenario,
		of_two_threads_that_set_a_timer_the_last_decides);
	tcase_add_test(scenario,
		of_set_and_null_by_two_threads_the_last_decides);
	tcase_add_test(scenario,
		expiry_against_close_runs_the_callback_or_not);
	tcase_add_test(scenario,
		expiry_against_close_where_the_pool_is_closed_already);
	tcase_add_test(scenario,
		expiry_against_close_by_a_callback_of_the_same_timer);
	tcase_add_test(scenario,
		expiry_against_null_in_a_callback_of_the_same_timer);
	tcase_add_test(scenario,
		expiry_against_a_wait_that_covers_what_came_before);
	tcase_add_test(scenario,
		recall_releases_whoever_waits_for_the_dropped_callbacks);
	tcase_add_test(scenario, after_a_recall_that_says_yes_nothing_runs);
	tcase_add_test(scenario,
		of_two_recalls_and_the_callback_exactly_one_happens);
	tcase_add_test(scenario,
		expiry_against_a_recall_with_a_new_due_time_loses_neither);
	tcase_add_test(scenario,
		clock_set_against_the_periods_of_an_absolute_timer);
	return harness_run(suite);
}

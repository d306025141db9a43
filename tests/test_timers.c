/* SPDX-License-Identifier: MIT */
/*
 * test_timers.c - timer objects: setting them, and the callback that comes
 *
 * What time is a matter of is told to the tick in virtual time; natively a
 * callback may be late, and a test says only that it is not early, and that
 * the order is right (timing.h). Where nothing may happen, another timer
 * that was set to a later time tells when that has been long enough.
 *
 * Each subject has its suite: test_timer_periods.c, test_timer_windows.c,
 * test_timer_clocks.c, test_timer_stop.c, test_timer_limits.c. All these
 * tests run once more over each poller (test_timers_epoll.c). Besides there
 * are test_timer_load.c and test_timer_misuse.c; the races between these
 * calls are in test_scenario_timers.c.
 */
#include <time.h>

#include "timing.h"

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

/* ---- Setting it again ---- */

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
	tcase_add_test(small,
		setting_again_replaces_due_time_period_and_window);
	tcase_add_test(small,
		is_set_tells_of_the_last_setting_even_when_it_has_fired);
	tcase_add_test(small, of_settings_by_several_threads_the_last_decides);
	tcase_add_test(small, a_callback_is_given_instance_context_and_timer);
	tcase_add_test(small, a_callback_runs_on_the_pool_of_its_environment);
	tcase_add_test(small, timers_fire_in_the_order_of_their_due_times);
}

#ifndef PARTS
int
main(void)
{
	Suite *suite = suite_create("timers");

	add_times(harness_case(suite, "small"));
	return harness_run(suite);
}
#endif

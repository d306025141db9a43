/* SPDX-License-Identifier: MIT */
/*
 * test_scenario_groups.c - after the members are closed nothing of them runs
 *
 * The promise of a cleanup group: when CloseThreadpoolCleanupGroupMembers
 * has returned, no code of any member that existed when it was called runs
 * or will run. Here members post, set, close and wait for one another in
 * two pools while that call is made; it is made twice in each scenario, once
 * with what is queued dropped, and once without. play.h says how a callback
 * that comes too late is noticed.
 */
#include "play.h"

/* ---- Members that post one another ---- */

static VOID CALLBACK
post_next(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_WORK work)
{
	struct actor *actor = context;

	(void)instance;
	(void)work;
	(void)act(actor);
	if (goes_on(actor))
		SubmitThreadpoolWork(actor->next->work);
	bow(actor);
}

/* Each posts the one that was made, and is waited for, before it. */
static bool
try_chain(struct play *play, DWORD threads, int length)
{
	if (!try_play(play, threads))
		return false;
	for (int i = 0; i < length; i++)
		(void)try_worker(play, i % 2, post_next);
	if (play->short_of) {
		close_play(play, FALSE);
		return false;
	}
	for (int i = 0; i < length; i++)
		play->actors[i]->next =
			play->actors[(i + length - 1) % length];
	return true;
}

/* wait_for_all: two rounds of equal counts. */
START_TEST(a_chain_of_posts_through_two_pools_runs_to_its_end)
{	/* GROUP-05, GROUP-19 */
	struct play play;

	if (!try_chain(&play, 1, 3))
		return;
	SubmitThreadpoolWork(play.actors[2]->work);
	close_play(&play, FALSE);
	ck_assert_int_eq(count_of(&play.acts), play.limit);
}
END_TEST

/* The same where two links are on their way at once. */
START_TEST(two_posts_along_a_chain_run_to_their_ends)
{	/* GROUP-05, GROUP-19 */
	struct play play;

	if (!try_chain(&play, 2, 3))
		return;
	SubmitThreadpoolWork(play.actors[2]->work);
	SubmitThreadpoolWork(play.actors[1]->work);
	close_play(&play, FALSE);
	ck_assert_int_ge(count_of(&play.acts), play.limit);
	ck_assert_int_le(count_of(&play.acts), play.limit + 1);
}
END_TEST

static VOID CALLBACK
sleep_and_post_next(PTP_CALLBACK_INSTANCE instance, PVOID context,
	PTP_WORK work)
{
	struct actor *actor = context;

	(void)instance;
	(void)work;
	(void)act(actor);
	Sleep(10);
	SubmitThreadpoolWork(actor->next->work);
	bow(actor);
}

static VOID CALLBACK
sleep_and_post_the_second_time(PTP_CALLBACK_INSTANCE instance, PVOID context,
	PTP_WORK work)
{
	struct actor *actor = context;
	LONG n = act(actor);

	(void)instance;
	(void)work;
	Sleep(10);
	if (n == 2)
		SubmitThreadpoolWork(actor->next->work);
	bow(actor);
}

/*
 * tp_object_wait_idle: the second is idle, and whoever waits for it is told
 * so; then the third posts it again, and it posts the first, which has been
 * waited for. Nothing but the second look at it shows that.
 */
START_TEST(a_member_is_posted_again_as_the_group_has_waited_for_it)
{	/* GROUP-05 */
	struct actor *first, *second, *third;
	struct play play;

	if (!try_play(&play, 1))
		return;
	first = try_worker(&play, 0, act_work);
	second = try_worker(&play, 0, sleep_and_post_the_second_time);
	third = try_worker(&play, 1, sleep_and_post_next);
	if (!play.short_of) {
		second->next = first;
		third->next = second;
		SubmitThreadpoolWork(second->work);
		SubmitThreadpoolWork(third->work);
	}
	close_play(&play, FALSE);
	if (!play.short_of)
		ck_assert_int_eq(count_of(&play.acts), 4);
}
END_TEST

/* tp_object_shut: a post is dropped, or refused, or its callback is over. */
START_TEST(a_chain_of_posts_is_cut_wherever_it_is)
{	/* GROUP-06, GROUP-10, GROUP-19 */
	struct play play;

	if (!try_chain(&play, 2, 2))
		return;
	SubmitThreadpoolWork(play.actors[1]->work);
	SubmitThreadpoolWork(play.actors[0]->work);
	close_play(&play, TRUE);
	ck_assert_int_le(count_of(&play.acts), play.limit + 1);
}
END_TEST

/* ---- Timers ---- */

static VOID CALLBACK
tick(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_TIMER timer)
{
	(void)instance;
	if (act(context) == 4)
		unset(timer);		/* the machine may be slow */
	bow(context);
}

/* Due at the moment at which they are closed. */
static void
close_as_they_tick(BOOL cancel)
{
	struct actor *first, *second;
	struct play play;

	not_on_a_slow_machine();
	if (!try_play(&play, 2))
		return;
	first = try_ticker(&play, 0, tick);
	second = try_ticker(&play, 1, tick);
	if (!play.short_of) {
		set_ms(first->timer, 10, 10);
		set_ms(second->timer, 0, 10);
		Sleep(10);
	}
	close_play(&play, cancel);
}

START_TEST(expiry_of_periodic_timers_against_cancelling_them)
{	/* GROUP-21 */
	close_as_they_tick(TRUE);
}
END_TEST

START_TEST(expiry_of_periodic_timers_against_closing_them)
{	/* GROUP-04, GROUP-05 */
	close_as_they_tick(FALSE);
}
END_TEST

static VOID CALLBACK
set_both(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_TIMER timer)
{
	struct actor *actor = context;

	(void)instance;
	(void)act(actor);
	if (goes_on(actor)) {
		set_ms(actor->next->timer, 0, 0);
		set_ms(timer, 10, 0);
	}
	bow(actor);
}

/* disarm (timer.c): whoever runs cannot set a closed timer again. */
static void
close_as_they_set(BOOL cancel)
{
	struct actor *first, *second;
	struct play play;

	if (!try_play(&play, 1))
		return;
	first = try_ticker(&play, 0, set_both);
	second = try_ticker(&play, 1, set_both);
	if (!play.short_of) {
		first->next = second;
		second->next = first;
		set_ms(second->timer, 0, 0);
	}
	close_play(&play, cancel);
}

START_TEST(timers_that_set_one_another_against_cancelling_them)
{	/* GROUP-21 */
	close_as_they_set(TRUE);
}
END_TEST

START_TEST(timers_that_set_one_another_against_closing_them)
{	/* GROUP-04, GROUP-05 */
	close_as_they_set(FALSE);
}
END_TEST

/* ---- Waits ---- */

static VOID CALLBACK
watch_again(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_WAIT wait,
	TP_WAIT_RESULT result)
{
	struct actor *actor = context;

	(void)instance;
	(void)act(actor);
	if (result == WAIT_OBJECT_0)
		SetThreadpoolWait(wait, actor->event, NULL);
	bow(actor);
}

static void *
signal_twice(void *event)
{
	ck_assert(SetEvent(event));
	ck_assert(SetEvent(event));
	return NULL;
}

/* A signal, a time-out, and the end, all at one moment. */
static void
close_as_it_is_signalled(BOOL cancel)
{
	HANDLE event = CreateEventA(NULL, FALSE, FALSE, NULL);
	FILETIME timeout = file_time(-10 * MS);
	struct race race = { .count = 0 };
	struct actor *first, *second;
	struct play play;

	if (!made(event))
		return;
	if (!try_play(&play, 2))
		goto no_play;
	first = try_watcher(&play, 0, watch_again, event);
	second = try_watcher(&play, 1, watch_again, event);
	if (!play.short_of) {
		SetThreadpoolWait(first->wait, event, NULL);
		SetThreadpoolWait(second->wait, event, &timeout);
		race_start(&race, signal_twice, event);
		Sleep(10);
	}
	close_members(&play, cancel);
	race_join(&race);
	/* Nobody takes a signal any more. */
	ck_assert(SetEvent(event));
	ck_assert_uint_eq(poll(event), WAIT_OBJECT_0);
	end_play(&play);
no_play:
	CloseHandle(event);
}

START_TEST(signals_against_cancelling_those_who_wait_for_them)
{	/* GROUP-21 */
	close_as_it_is_signalled(TRUE);
}
END_TEST

START_TEST(signals_against_closing_those_who_wait_for_them)
{	/* GROUP-04, GROUP-05 */
	close_as_it_is_signalled(FALSE);
}
END_TEST

/* ---- All kinds ---- */

static VOID CALLBACK
set_the_timer(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_WORK work)
{
	struct actor *actor = context;

	(void)instance;
	(void)work;
	(void)act(actor);
	if (goes_on(actor))
		set_ms(actor->next->timer, 0, 0);
	bow(actor);
}

static VOID CALLBACK
set_the_wait_and_signal(PTP_CALLBACK_INSTANCE instance, PVOID context,
	PTP_TIMER timer)
{
	struct actor *actor = context;

	(void)instance;
	(void)timer;
	(void)act(actor);
	SetThreadpoolWait(actor->next->wait, actor->next->event, NULL);
	ck_assert(SetEvent(actor->next->event));
	bow(actor);
}

static VOID CALLBACK
submit_the_work(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_WAIT wait,
	TP_WAIT_RESULT result)
{
	struct actor *actor = context;

	(void)instance;
	(void)wait;
	ck_assert_uint_eq(result, WAIT_OBJECT_0);
	(void)act(actor);
	if (goes_on(actor))
		SubmitThreadpoolWork(actor->next->work);
	bow(actor);
}

/* The simple one starts it all. */
static VOID CALLBACK
submit_simply(PTP_CALLBACK_INSTANCE instance, PVOID context)
{
	struct actor *actor = context;

	(void)instance;
	(void)act(actor);
	SubmitThreadpoolWork(actor->play->actors[0]->work);
	bow(actor);
}

static void
close_a_circle_of_all_kinds(BOOL cancel)
{
	HANDLE event = CreateEventA(NULL, FALSE, FALSE, NULL);
	struct actor *work, *timer, *wait;
	struct play play;

	if (!made(event))
		return;
	if (!try_play(&play, 1))
		goto no_play;
	work = try_worker(&play, 0, set_the_timer);
	timer = try_ticker(&play, 1, set_the_wait_and_signal);
	wait = try_watcher(&play, 0, submit_the_work, event);
	if (!play.short_of) {
		work->next = timer;
		timer->next = wait;
		wait->next = work;
		(void)try_simple(&play, 1, submit_simply);
	}
	close_play(&play, cancel);
no_play:
	CloseHandle(event);
}

START_TEST(members_of_all_kinds_that_post_one_another_are_cancelled)
{	/* GROUP-02, GROUP-06, GROUP-13, GROUP-21 */
	close_a_circle_of_all_kinds(TRUE);
}
END_TEST

START_TEST(members_of_all_kinds_that_post_one_another_are_closed)
{	/* GROUP-02, GROUP-04, GROUP-05, GROUP-12 */
	close_a_circle_of_all_kinds(FALSE);
}
END_TEST

/* ---- Members that close one another ---- */

static VOID CALLBACK
close_next_and_itself(PTP_CALLBACK_INSTANCE instance, PVOID context,
	PTP_WORK work)
{
	struct actor *actor = context;

	(void)instance;
	(void)act(actor);
	actor->next->closed = true;
	CloseThreadpoolTimer(actor->next->timer);
	actor->closed = true;
	CloseThreadpoolWork(work);
	bow(actor);
}

static VOID CALLBACK
act_and_close(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_WAIT wait,
	TP_WAIT_RESULT result)
{
	struct actor *actor = context;

	(void)instance;
	(void)result;
	(void)act(actor);
	actor->closed = true;
	CloseThreadpoolWait(wait);
	bow(actor);
}

static VOID CALLBACK
act_timer(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_TIMER timer)
{
	(void)instance;
	(void)timer;
	(void)act(context);
	bow(context);
}

/* tp_object_end: by a callback or by the group, and once. */
static void
close_as_they_close(BOOL cancel)
{
	HANDLE event = CreateEventA(NULL, TRUE, TRUE, NULL);
	struct actor *work, *timer, *wait;
	struct play play;

	if (!made(event))
		return;
	if (!try_play(&play, 1))
		goto no_play;
	work = try_worker(&play, 0, close_next_and_itself);
	timer = try_ticker(&play, 1, act_timer);
	wait = try_watcher(&play, 0, act_and_close, event);
	if (!play.short_of) {
		work->next = timer;
		set_ms(timer->timer, 0, 0);
		SetThreadpoolWait(wait->wait, event, NULL);
		SubmitThreadpoolWork(work->work);
	}
	close_play(&play, cancel);
no_play:
	CloseHandle(event);
}

START_TEST(members_that_close_themselves_and_others_are_cancelled)
{	/* GROUP-03, GROUP-13, GROUP-23 */
	close_as_they_close(TRUE);
}
END_TEST

START_TEST(members_that_close_themselves_and_others_are_closed)
{	/* GROUP-03, GROUP-12, GROUP-23 */
	close_as_they_close(FALSE);
}
END_TEST

/* ---- Members that wait, and those who have left ---- */

static VOID CALLBACK
wait_for_next(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_WORK work)
{
	struct actor *actor = context;

	(void)instance;
	(void)work;
	(void)act(actor);
	WaitForThreadpoolWorkCallbacks(actor->next->work,
		goes_on(actor));
	bow(actor);
}

static VOID CALLBACK
leave_and_post_next(PTP_CALLBACK_INSTANCE instance, PVOID context,
	PTP_WORK work)
{
	struct actor *actor = context;

	(void)work;
	(void)act(actor);
	DisassociateCurrentThreadFromCallback(instance);
	SubmitThreadpoolWork(actor->next->work);
	bow(actor);
}

/* tp_object_wake_if_quiet_locked: two kinds of waiters of one object. */
static void
close_as_they_wait_and_leave(BOOL cancel)
{
	struct actor *waiter, *leaver;
	struct play play;

	if (!try_play(&play, 2))
		return;
	waiter = try_worker(&play, 0, wait_for_next);
	leaver = try_worker(&play, 1, leave_and_post_next);
	if (!play.short_of) {
		waiter->next = leaver;
		leaver->next = waiter;
		SubmitThreadpoolWork(leaver->work);
		SubmitThreadpoolWork(waiter->work);
	}
	close_play(&play, cancel);
}

START_TEST(members_that_wait_and_members_that_left_are_cancelled)
{	/* GROUP-22, INST-22 */
	close_as_they_wait_and_leave(TRUE);
}
END_TEST

START_TEST(members_that_wait_and_members_that_left_are_closed)
{	/* GROUP-22, INST-22 */
	close_as_they_wait_and_leave(FALSE);
}
END_TEST

/* ---- What comes after the callback, and is its end ---- */

static VOID CALLBACK
only_act(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_WORK work)
{
	struct actor *actor = context;

	(void)work;
	(void)act(actor);
	SetEventWhenCallbackReturns(instance, actor->event);
}

static VOID CALLBACK
only_bow(PTP_CALLBACK_INSTANCE instance, PVOID context)
{
	(void)instance;
	bow(context);
}

/* execute (worker.c): what a thread is told of comes before the end. */
static void
close_as_it_is_told_of(BOOL cancel)
{
	HANDLE event = CreateEventA(NULL, FALSE, FALSE, NULL);
	struct actor *actor;
	struct play play;

	if (!made(event))
		return;
	if (!try_play(&play, 2))
		goto no_play;
	TpSetCallbackFinalizationCallback(&play.pools[0].environ, only_bow);
	actor = try_worker(&play, 0, only_act);
	if (!play.short_of) {
		actor->event = event;
		submit(actor->work, 2);
		WaitForSingleObject(event, INFINITE);
	}
	close_play(&play, cancel);
no_play:
	CloseHandle(event);
}

START_TEST(completion_and_finalization_are_over_if_members_are_cancelled)
{	/* GROUP-04, GROUP-06, INST-27 */
	close_as_it_is_told_of(TRUE);
}
END_TEST

START_TEST(completion_and_finalization_are_over_when_members_are_closed)
{	/* GROUP-04, GROUP-05, INST-27 */
	close_as_it_is_told_of(FALSE);
}
END_TEST

/* ---- The suite ---- */

static void
add_timers_and_waits(TCase *scenario)
{
	tcase_add_test(scenario,
		expiry_of_periodic_timers_against_cancelling_them);
	tcase_add_test(scenario,
		expiry_of_periodic_timers_against_closing_them);
	tcase_add_test(scenario,
		timers_that_set_one_another_against_cancelling_them);
	tcase_add_test(scenario,
		timers_that_set_one_another_against_closing_them);
	tcase_add_test(scenario,
		signals_against_cancelling_those_who_wait_for_them);
	tcase_add_test(scenario,
		signals_against_closing_those_who_wait_for_them);
}

int
main(void)
{
	Suite *suite = suite_create("scenario_groups");
	TCase *scenario = harness_case(suite, "scenario");

	tcase_add_test(scenario,
		a_chain_of_posts_through_two_pools_runs_to_its_end);
	tcase_add_test(scenario, two_posts_along_a_chain_run_to_their_ends);
	tcase_add_test(scenario,
		a_member_is_posted_again_as_the_group_has_waited_for_it);
	tcase_add_test(scenario, a_chain_of_posts_is_cut_wherever_it_is);
	add_timers_and_waits(scenario);
	tcase_add_test(scenario,
		members_of_all_kinds_that_post_one_another_are_cancelled);
	tcase_add_test(scenario,
		members_of_all_kinds_that_post_one_another_are_closed);
	tcase_add_test(scenario,
		members_that_close_themselves_and_others_are_cancelled);
	tcase_add_test(scenario,
		members_that_close_themselves_and_others_are_closed);
	tcase_add_test(scenario,
		members_that_wait_and_members_that_left_are_cancelled);
	tcase_add_test(scenario,
		members_that_wait_and_members_that_left_are_closed);
	tcase_add_test(scenario,
		completion_and_finalization_are_over_if_members_are_cancelled);
	tcase_add_test(scenario,
		completion_and_finalization_are_over_when_members_are_closed);
	return harness_run(suite);
}

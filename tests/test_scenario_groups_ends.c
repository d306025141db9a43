/* SPDX-License-Identifier: MIT */
/*
 * test_scenario_groups_ends.c - who closes members, and who comes meanwhile
 *
 * Two threads that close the members of one group, members that are created
 * while they are closed, a group and pools that are closed right after, and
 * the last member that is freed on a worker beside all that. What is
 * asserted holds in every order; play.h says how a callback that comes too
 * late is noticed.
 */
#include "play.h"

/* Work in the first pool that is no member; or NULL. */
static PTP_WORK
try_outsider(struct play *play, PTP_WORK_CALLBACK callback)
{
	PTP_CALLBACK_ENVIRON environ = &play->pools[0].environ;
	PTP_WORK work;

	SetThreadpoolCallbackCleanupGroup(environ, NULL, NULL);
	work = try_work(&play->pools[0], callback, play);
	SetThreadpoolCallbackCleanupGroup(environ, play->group, dismiss);
	return work;
}

/* ---- Two threads that close the members ---- */

struct closing {
	struct play *play;
	BOOL cancel;
};

/* What was over for the other one is over for this one, too. */
static void *
close_beside(void *argument)
{
	struct closing *closing = argument;
	struct play *play = closing->play;

	CloseThreadpoolCleanupGroupMembers(play->group, closing->cancel,
		play);
	ck_assert(!play->cancelling);
	for (unsigned i = 0; i < play->count; i++) {
		struct actor *actor = play->actors[i];
		LONG started = 0;

		for (int j = 0; j < MARKS; j++)
			started += actor->marks[j];
		ck_assert_int_eq(count_of(&actor->started), started);
		ck_assert_int_eq(count_of(&actor->finished), started);
	}
	return NULL;
}

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

static bool
try_two(struct play *play)
{
	if (!try_play(play, 1))
		return false;
	(void)try_worker(play, 0, post_next);
	(void)try_worker(play, 1, post_next);
	if (play->short_of) {
		close_play(play, FALSE);
		return false;
	}
	play->limit = 3;
	play->actors[0]->next = play->actors[1];
	play->actors[1]->next = play->actors[0];
	SubmitThreadpoolWork(play->actors[1]->work);
	return true;
}

/* tp_group_hold: one call after the other. */
START_TEST(two_threads_close_the_members_and_both_see_the_end)
{	/* GROUP-04, GROUP-05 */
	struct race race = { .count = 0 };
	struct closing beside;
	struct play play;

	if (!try_two(&play))
		return;
	beside = (struct closing){ &play, FALSE };
	race_start(&race, close_beside, &beside);
	(void)close_beside(&beside);
	race_join(&race);
	close_play(&play, FALSE);
	ck_assert_int_eq(count_of(&play.acts), play.limit);
}
END_TEST

START_TEST(two_threads_cancel_the_members_and_each_is_told_once)
{	/* GROUP-10, GROUP-15 */
	struct race race = { .count = 0 };
	struct closing beside;
	struct play play;

	if (!try_two(&play))
		return;
	beside = (struct closing){ &play, TRUE };
	race_start(&race, close_beside, &beside);
	(void)close_beside(&beside);
	race_join(&race);
	close_play(&play, TRUE);
}
END_TEST

/*
 * Who drops a post must be who tells its owner. Either all posts have run,
 * and nobody is told, or some were dropped, and all are.
 */
START_TEST(one_thread_closes_the_members_and_another_cancels_them)
{	/* GROUP-10, GROUP-12 */
	struct race race = { .count = 0 };
	struct closing cancel, close;
	struct play play;
	int told;

	if (!try_two(&play))
		return;
	cancel = (struct closing){ &play, TRUE };
	close = (struct closing){ &play, FALSE };
	race_start(&race, close_beside, &cancel);
	(void)close_beside(&close);
	race_join(&race);
	told = play.actors[0]->cancels;
	ck_assert_int_eq(play.actors[1]->cancels, told);
	if (told == 0)
		ck_assert_int_eq(count_of(&play.acts), play.limit);
	close_play(&play, told);
}
END_TEST

/* ---- Members that come meanwhile ---- */

struct newcomer {
	struct play *play;
	struct actor *actor;
	bool made;
};

static void *
submit_simple(void *argument)
{
	struct newcomer *newcomer = argument;

	newcomer->made = TrySubmitThreadpoolCallback(act_simple,
		newcomer->actor, &newcomer->play->pools[0].environ) != FALSE;
	if (!newcomer->made)
		tolerate(GetLastError());
	return NULL;
}

/* The handle may be none any more when the call returns. */
static void *
create_work(void *argument)
{
	struct newcomer *newcomer = argument;

	newcomer->made = CreateThreadpoolWork(act_work, newcomer->actor,
		&newcomer->play->pools[0].environ) != NULL;
	if (!newcomer->made)
		tolerate(GetLastError());
	return NULL;
}

/* What came was run, or told, or neither if nothing was cancelled. */
static void
assert_welcome(struct newcomer *newcomer, BOOL first, BOOL second)
{
	struct actor *actor = newcomer->actor;
	LONG started = actor->marks[0];

	ck_assert_int_eq(count_of(&actor->started), started);
	if (!newcomer->made)
		ck_assert_int_eq(actor->cancels + started, 0);
	else if (actor->play->simple_ones)
		ck_assert_int_eq(actor->cancels + started, 1);
	else if (first && second)
		ck_assert_int_eq(actor->cancels, 1);
	if (!first && !second)
		ck_assert_int_eq(actor->cancels, 0);
	actor->cancels = 0;
}

static VOID CALLBACK
be_busy(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_WORK work)
{
	(void)instance;
	(void)context;
	(void)work;
	Sleep(10);
}

/*
 * Two come while the members are closed. The call that finds one deals with
 * it: its callback has run, or its cancel callback has been called. The
 * second call finds those that the first has not. The one thread of the pool
 * is busy, so that they may still be queued then.
 */
static void
come_meanwhile(void *(*come)(void *), BOOL first, BOOL second)
{
	struct race race = { .count = 0 };
	struct newcomer newcomers[2];
	struct play play;
	PTP_WORK outsider;

	if (!try_play(&play, 1))
		return;
	play.simple_ones = come == submit_simple;
	outsider = try_outsider(&play, be_busy);
	if (outsider != NULL)
		submit(outsider, 1);
	for (int i = 0; i < 2; i++)
		newcomers[i] = (struct newcomer){ .play = &play,
			.actor = try_actor(&play) };
	if (!play.short_of) {
		race_start(&race, come, &newcomers[0]);
		race_start(&race, come, &newcomers[1]);
	}
	CloseThreadpoolCleanupGroupMembers(play.group, first, &play);
	race_join(&race);
	CloseThreadpoolCleanupGroupMembers(play.group, second, &play);
	for (int i = 0; i < 2 && !play.short_of; i++)
		assert_welcome(&newcomers[i], first, second);
	if (outsider != NULL)
		CloseThreadpoolWork(outsider);
	close_play(&play, FALSE);
}

START_TEST(simple_callbacks_that_come_while_members_are_cancelled)
{	/* GROUP-13, GROUP-25, port-defined */
	come_meanwhile(submit_simple, TRUE, TRUE);
}
END_TEST

START_TEST(simple_callbacks_that_come_while_members_are_closed)
{	/* GROUP-12, GROUP-25, port-defined */
	come_meanwhile(submit_simple, FALSE, FALSE);
}
END_TEST

/* tp_object_post_once: what the first call has not run, the second tells. */
START_TEST(simple_callbacks_that_come_are_run_or_told_by_either_call)
{	/* GROUP-25, port-defined */
	come_meanwhile(submit_simple, FALSE, TRUE);
}
END_TEST

START_TEST(work_that_is_created_while_members_are_cancelled)
{	/* GROUP-25, port-defined */
	come_meanwhile(create_work, TRUE, TRUE);
}
END_TEST

START_TEST(work_that_is_created_while_members_are_closed)
{	/* GROUP-25, port-defined */
	come_meanwhile(create_work, FALSE, FALSE);
}
END_TEST

/* A callback of a member has a simple one follow: into the next call. */
static VOID CALLBACK
have_one_follow(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_WORK work)
{
	struct actor *actor = context;

	(void)instance;
	(void)work;
	(void)act(actor);
	if (TrySubmitThreadpoolCallback(act_simple, actor->next,
	    &actor->play->pools[1].environ))
		actor->next->simple = true;
	else
		tolerate(GetLastError());
	bow(actor);
}

START_TEST(what_a_callback_creates_meanwhile_is_for_the_next_call)
{	/* GROUP-25, port-defined */
	struct actor *work, *follower;
	struct play play;

	if (!try_play(&play, 1))
		return;
	work = try_worker(&play, 0, have_one_follow);
	follower = try_actor(&play);
	if (!play.short_of) {
		work->next = follower;
		SubmitThreadpoolWork(work->work);
	}
	CloseThreadpoolCleanupGroupMembers(play.group, FALSE, &play);
	if (!play.short_of && !may_fail())
		ck_assert_int_eq(work->marks[0], 1);
	close_play(&play, FALSE);
	if (!play.short_of && !may_fail())
		ck_assert_int_eq(count_of(&play.acts), 2);
}
END_TEST

/* ---- The end of the group and of the pools, right after ---- */

static void
end_at_once(BOOL cancel)
{
	struct play play;

	if (!try_play(&play, 1))
		return;
	(void)try_simple(&play, 0, act_simple);
	(void)try_simple(&play, 1, act_simple);
	(void)try_simple(&play, 0, act_simple);
	CloseThreadpoolCleanupGroupMembers(play.group, cancel, &play);
	CloseThreadpoolCleanupGroup(play.group);
	curtain(&play, cancel);
	private_pool_close(&play.pools[0]);
	private_pool_close(&play.pools[1]);
}

/*
 * tp_group_hold finds one that a worker is about to free, and
 * tp_group_leave frees the group, if it comes last.
 */
START_TEST(the_last_member_is_freed_while_its_group_is_closed)
{	/* GROUP-05, GROUP-13, GROUP-27 */
	end_at_once(FALSE);
}
END_TEST

START_TEST(the_last_member_is_dropped_while_its_group_is_closed)
{	/* GROUP-06, GROUP-10, GROUP-27 */
	end_at_once(TRUE);
}
END_TEST

static VOID CALLBACK
act_and_close_work(PTP_CALLBACK_INSTANCE instance, PVOID context,
	PTP_WORK work)
{
	struct actor *actor = context;

	(void)instance;
	(void)act(actor);
	actor->closed = true;
	CloseThreadpoolWork(work);
	bow(actor);
}

static VOID CALLBACK
act_and_close_next(PTP_CALLBACK_INSTANCE instance, PVOID context,
	PTP_WORK work)
{
	struct actor *actor = context;

	(void)instance;
	(void)work;
	(void)act(actor);
	actor->next->closed = true;
	CloseThreadpoolWork(actor->next->work);
	bow(actor);
}

/*
 * tp_object_unref_locked: a member is the last object of its pool, and the
 * callback of another pool's closes it, as the group looks at both.
 */
START_TEST(a_pool_ends_with_a_member_that_the_group_looks_at)
{	/* GROUP-03, POOL-20 */
	struct actor *first, *second;
	struct play play;

	if (!try_play(&play, 1))
		return;
	first = try_worker(&play, 0, act_and_close_next);
	second = try_worker(&play, 1, act_work);
	if (!play.short_of) {
		first->next = second;
		SubmitThreadpoolWork(first->work);
	}
	private_pool_close(&play.pools[0]);
	private_pool_close(&play.pools[1]);
	close_members(&play, FALSE);
	CloseThreadpoolCleanupGroup(play.group);
}
END_TEST

/* The pools go with their last members, on whichever thread that is. */
static void
close_the_pools_first(BOOL cancel)
{
	struct actor *first, *second;
	struct play play;

	if (!try_play(&play, 1))
		return;
	first = try_worker(&play, 0, act_and_close_work);
	second = try_worker(&play, 1, act_work);
	if (!play.short_of) {
		SubmitThreadpoolWork(first->work);
		SubmitThreadpoolWork(second->work);
	}
	private_pool_close(&play.pools[0]);
	private_pool_close(&play.pools[1]);
	close_members(&play, cancel);
	CloseThreadpoolCleanupGroup(play.group);
}

START_TEST(pools_that_are_closed_already_end_with_the_members)
{	/* GROUP-04, POOL-20 */
	close_the_pools_first(FALSE);
}
END_TEST

START_TEST(pools_that_are_closed_already_end_with_cancelled_members)
{	/* GROUP-06, POOL-20 */
	close_the_pools_first(TRUE);
}
END_TEST

/* ---- What the cancel callback frees ---- */

struct heirloom {
	int used;
};

static VOID CALLBACK
use_heirloom(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_WORK work)
{
	struct actor *actor = context;
	struct heirloom *heirloom = (void *)actor->event;

	(void)instance;
	(void)work;
	(void)act(actor);
	heirloom->used++;
	bow(actor);
}

static VOID CALLBACK
free_heirloom(PVOID context, PVOID cleanup)
{
	struct actor *actor = context;

	dismiss(context, cleanup);
	free((void *)actor->event);
	actor->event = NULL;
}

/* An idle member's cancel callback frees what a running one uses. */
START_TEST(no_cancel_callback_comes_before_all_members_are_idle)
{	/* GROUP-16 */
	struct actor *owner, *user;
	struct heirloom *heirloom;
	struct play play;

	if (!try_play(&play, 1))
		return;
	SetThreadpoolCallbackCleanupGroup(&play.pools[1].environ, play.group,
		free_heirloom);
	owner = try_worker(&play, 1, act_work);
	user = try_worker(&play, 0, use_heirloom);
	heirloom = calloc(1, sizeof(*heirloom));
	if (owner != NULL)
		owner->event = (HANDLE)heirloom;
	if (!play.short_of && heirloom != NULL) {
		user->event = (HANDLE)heirloom;
		SubmitThreadpoolWork(user->work);
	}
	if (play.short_of && (owner == NULL || owner->work == NULL))
		free(heirloom);
	close_play(&play, TRUE);
}
END_TEST

/* ---- Closed by a worker ---- */

static VOID CALLBACK
close_them(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_WORK work)
{
	struct play *play = context;

	(void)instance;
	(void)work;
	close_members(play, FALSE);
}

/* take_turn, tp_object_wait_idle: they block in the sight of the pool. */
START_TEST(a_worker_closes_the_members_in_its_own_pool)
{	/* GROUP-04 */
	struct play play;
	PTP_WORK closer;

	if (!try_play(&play, 2))
		return;
	closer = try_outsider(&play, close_them);
	(void)try_worker(&play, 0, act_work);
	if (!play.short_of)
		submit(play.actors[0]->work, 3);
	if (closer == NULL) {
		close_play(&play, FALSE);
		return;
	}
	submit(closer, 1);
	WaitForThreadpoolWorkCallbacks(closer, FALSE);
	CloseThreadpoolWork(closer);
	close_play(&play, FALSE);
}
END_TEST

/* ---- The suite ---- */

static void
add_newcomers(TCase *scenario)
{
	tcase_add_test(scenario,
		simple_callbacks_that_come_while_members_are_cancelled);
	tcase_add_test(scenario,
		simple_callbacks_that_come_while_members_are_closed);
	tcase_add_test(scenario,
		simple_callbacks_that_come_are_run_or_told_by_either_call);
	tcase_add_test(scenario,
		work_that_is_created_while_members_are_cancelled);
	tcase_add_test(scenario,
		work_that_is_created_while_members_are_closed);
	tcase_add_test(scenario,
		what_a_callback_creates_meanwhile_is_for_the_next_call);
}

int
main(void)
{
	Suite *suite = suite_create("scenario_groups_ends");
	TCase *scenario = harness_case(suite, "scenario");

	tcase_add_test(scenario,
		two_threads_close_the_members_and_both_see_the_end);
	tcase_add_test(scenario,
		two_threads_cancel_the_members_and_each_is_told_once);
	tcase_add_test(scenario,
		one_thread_closes_the_members_and_another_cancels_them);
	add_newcomers(scenario);
	tcase_add_test(scenario,
		the_last_member_is_freed_while_its_group_is_closed);
	tcase_add_test(scenario,
		the_last_member_is_dropped_while_its_group_is_closed);
	tcase_add_test(scenario,
		a_pool_ends_with_a_member_that_the_group_looks_at);
	tcase_add_test(scenario,
		pools_that_are_closed_already_end_with_the_members);
	tcase_add_test(scenario,
		pools_that_are_closed_already_end_with_cancelled_members);
	tcase_add_test(scenario,
		no_cancel_callback_comes_before_all_members_are_idle);
	tcase_add_test(scenario,
		a_worker_closes_the_members_in_its_own_pool);
	return harness_run(suite);
}

/* SPDX-License-Identifier: MIT */
/*
 * test_scenario_legacy.c - the end of a registered wait against all else
 *
 * Scenarios of registered waits and of work items (scenario.h says what a
 * scenario is; ending.h how the end of something is looked at). The comment
 * above a test names the function whose promise is at stake. Signals are
 * counted: each has brought a callback, or can still be seen.
 *
 * Timer queues are in test_scenario_legacy_timers.c, bound files in
 * test_scenario_legacy_files.c.
 */
#include "ending.h"

/* A registered wait, what it waits for, and the event of its end. */
struct scene {
	struct callee callee;
	HANDLE target;		/* a semaphore */
	HANDLE done;		/* an auto-reset event */
	struct race race;
};

static bool
try_scene(struct scene *scene, WAITORTIMERCALLBACK callback,
	DWORD milliseconds, ULONG flags)
{
	*scene = (struct scene){ .target = NULL };
	set_times(NULL, NULL, NULL);
	scene->target = try_semaphore(0, 9);
	scene->done = try_event(AUTO);
	if (scene->target != NULL && scene->done != NULL &&
	    try_wait(&scene->callee, scene->target, callback, milliseconds,
	    flags)) {
		if (explore_active())
			explore_search_here();
		return true;
	}
	close_all(2, (HANDLE[]){ scene->target, scene->done });
	return false;
}

/* How many signals nobody has taken; takes them. */
static LONG
left_in(HANDLE handle)
{
	LONG left = 0;

	while (poll(handle) == WAIT_OBJECT_0)
		left++;
	return left;
}

/* So many signals there have been: told, or still there. */
static void
scene_close(struct scene *scene, LONG signals)
{
	struct callee *callee = &scene->callee;

	race_join(&scene->race);
	let_rest(scene->done);
	ck_assert_int_eq(count_of(&callee->started) -
		count_of(&callee->timeouts) + left_in(scene->target),
		signals);
	close_all(2, (HANDLE[]){ scene->target, scene->done });
}

/* ---- Against the signal ---- */

/* disarm, legacy_end: taken away first, then looked at what is left. */
static void
unregister_as_it_is_signalled(enum ending ending, ULONG flags)
{
	struct scene scene;

	if (!try_scene(&scene, note, INFINITE, flags))
		return;
	race_start(&scene.race, release_one, scene.target);
	end_callee(&scene.callee, ending, scene.done);
	scene_close(&scene, 1);
}

START_TEST(unregister_against_the_signal_says_whether_a_callback_is_left)
{	/* LEGACY-25, LEGACY-26 */
	unregister_as_it_is_signalled(AT_ONCE, WT_EXECUTEDEFAULT);
}
END_TEST

START_TEST(unregister_against_the_one_signal_of_a_wait_for_once)
{	/* LEGACY-17, LEGACY-25, LEGACY-26 */
	unregister_as_it_is_signalled(AT_ONCE, WT_EXECUTEONLYONCE);
}
END_TEST

START_TEST(unregister_against_the_signal_on_the_wait_thread)
{	/* LEGACY-21, LEGACY-26 */
	unregister_as_it_is_signalled(AT_ONCE, WT_EXECUTEINWAITTHREAD);
}
END_TEST

START_TEST(blocking_unregister_against_the_signal_leaves_no_callback)
{	/* LEGACY-28 */
	unregister_as_it_is_signalled(BLOCKING, WT_EXECUTEDEFAULT);
}
END_TEST

START_TEST(completion_event_of_a_wait_is_set_once_and_after_the_callback)
{	/* LEGACY-29 */
	unregister_as_it_is_signalled(BY_EVENT, WT_EXECUTEDEFAULT);
}
END_TEST

START_TEST(completion_event_of_a_wait_for_once_is_set_once)
{	/* LEGACY-17, LEGACY-29 */
	unregister_as_it_is_signalled(BY_EVENT, WT_EXECUTEONLYONCE);
}
END_TEST

/* tp_event_use: the event is there until it has been set. */
START_TEST(completion_event_is_set_though_its_handle_was_closed)
{	/* LEGACY-29, KOBJ-01, port-defined */
	struct scene scene;
	HANDLE copy = NULL;

	if (!try_scene(&scene, note, INFINITE, WT_EXECUTEDEFAULT))
		return;
	if (!DuplicateHandle(GetCurrentProcess(), scene.done,
	    GetCurrentProcess(), &copy, 0, FALSE, DUPLICATE_SAME_ACCESS))
		tolerate(GetLastError());
	race_start(&scene.race, release_one, scene.target);
	(void)says_over(UnregisterWaitEx(scene.callee.handle, scene.done));
	ck_assert(CloseHandle(scene.done));
	scene.done = copy;
	if (copy != NULL) {
		await_end(false, copy);
		assert_over(&scene.callee);
		scene_close(&scene, 1);
		return;
	}
	race_join(&scene.race);
	await(nothing_is_left, NULL);
	ck_assert(CloseHandle(scene.target));
}
END_TEST

/* The same where nobody can see it set: it goes when it has been. */
START_TEST(the_only_handle_of_a_completion_event_is_closed_too_early)
{	/* LEGACY-29, KOBJ-01, port-defined */
	struct scene scene;

	if (!try_scene(&scene, note, INFINITE, WT_EXECUTEDEFAULT))
		return;
	race_start(&scene.race, release_one, scene.target);
	(void)says_over(UnregisterWaitEx(scene.callee.handle, scene.done));
	ck_assert(CloseHandle(scene.done));
	race_join(&scene.race);
	await(nothing_is_left, NULL);
	assert_over(&scene.callee);
	ck_assert(CloseHandle(scene.target));
}
END_TEST

/* ---- Against the time-out ---- */

static void *
release_after_10_ms(void *handle)
{
	Sleep(10);
	return release_one(handle);
}

/* expire (registered_wait.c): in the heap or in the queue. */
static void
unregister_as_it_times_out(enum ending ending, bool signalled)
{
	struct scene scene;

	if (!try_scene(&scene, note, 10, WT_EXECUTEONLYONCE))
		return;
	if (signalled)
		race_start(&scene.race, release_after_10_ms, scene.target);
	Sleep(10);
	end_callee(&scene.callee, ending, scene.done);
	ck_assert_int_le(count_of(&scene.callee.started), 1);
	scene_close(&scene, signalled);
}

START_TEST(unregister_against_the_time_out_says_whether_a_callback_is_left)
{	/* LEGACY-19, LEGACY-25, LEGACY-26 */
	unregister_as_it_times_out(AT_ONCE, false);
}
END_TEST

START_TEST(blocking_unregister_against_the_time_out_leaves_no_callback)
{	/* LEGACY-19, LEGACY-28 */
	unregister_as_it_times_out(BLOCKING, false);
}
END_TEST

START_TEST(completion_event_against_signal_and_time_out_at_one_moment)
{	/* LEGACY-14, LEGACY-29 */
	unregister_as_it_times_out(BY_EVENT, true);
}
END_TEST

/* post_locked: either takes the other away; then both are set again. */
START_TEST(time_out_and_signal_take_turns_and_none_is_lost)
{	/* LEGACY-15, LEGACY-16 */
	struct scene scene;

	not_on_a_slow_machine();
	if (!try_scene(&scene, note, 10, WT_EXECUTEDEFAULT))
		return;
	race_start(&scene.race, release_after_10_ms, scene.target);
	Sleep(20);
	end_callee(&scene.callee, BLOCKING, NULL);
	if (exact())
		ck_assert_int_ge(count_of(&scene.callee.started), 1);
	scene_close(&scene, 1);
}
END_TEST

/* ---- Against the end of the callback ---- */

/* set_again: one callback is on its way as the second signal comes. */
static void
unregister_as_it_is_set_again(enum ending ending, ULONG flags)
{
	struct scene scene;

	if (!try_scene(&scene, note, INFINITE, flags))
		return;
	(void)release_one(scene.target);
	race_start(&scene.race, release_one, scene.target);
	end_callee(&scene.callee, ending, scene.done);
	ck_assert_int_ge(count_of(&scene.callee.started), 1);
	if ((flags & WT_EXECUTEONLYONCE) != 0)
		ck_assert_int_eq(count_of(&scene.callee.started), 1);
	scene_close(&scene, 2);
}

START_TEST(unregister_against_the_return_of_a_callback_that_sets_again)
{	/* LEGACY-15, LEGACY-26 */
	unregister_as_it_is_set_again(AT_ONCE, WT_EXECUTEDEFAULT);
}
END_TEST

START_TEST(unregister_against_the_return_of_the_only_callback)
{	/* LEGACY-17, LEGACY-26 */
	unregister_as_it_is_set_again(AT_ONCE, WT_EXECUTEONLYONCE);
}
END_TEST

START_TEST(blocking_unregister_against_a_callback_that_sets_again)
{	/* LEGACY-15, LEGACY-28 */
	unregister_as_it_is_set_again(BLOCKING, WT_EXECUTEDEFAULT);
}
END_TEST

START_TEST(completion_event_comes_after_a_callback_that_sets_again)
{	/* LEGACY-15, LEGACY-29 */
	unregister_as_it_is_set_again(BY_EVENT, WT_EXECUTEDEFAULT);
}
END_TEST

static VOID CALLBACK
note_for_10_ms(PVOID context, BOOLEAN timed_out)
{
	struct callee *callee = context;

	(void)timed_out;
	(void)begin(callee);
	callee->turns++;
	Sleep(10);
	end(callee);
}

/* tp_object_wait: a callback that runs is waited for, to its end. */
START_TEST(blocking_unregister_while_a_callback_runs)
{	/* LEGACY-28 */
	struct scene scene;

	if (!try_scene(&scene, note_for_10_ms, INFINITE, WT_EXECUTEDEFAULT))
		return;
	(void)release_one(scene.target);
	Sleep(10);
	end_callee(&scene.callee, BLOCKING, NULL);
	ck_assert_int_eq(count_of(&scene.callee.started), 1);
	scene_close(&scene, 1);
}
END_TEST

/* ---- In its own callback ---- */

/* A callback ends its own wait, for which it finds the handle. */
struct leaver {
	struct scene scene;
	HANDLE completion;
	bool expects_true;
};

static VOID CALLBACK
note_and_unregister(PVOID context, BOOLEAN timed_out)
{
	struct leaver *leaver = context;
	BOOL result;

	(void)timed_out;
	ck_assert_int_eq(begin(&leaver->scene.callee), 1);
	ck_assert_ptr_nonnull(leaver->scene.callee.handle);
	result = UnregisterWaitEx(leaver->scene.callee.handle,
		leaver->completion);
	ck_assert_int_eq(says_over(result), leaver->expects_true);
	end(&leaver->scene.callee);
}

/* disarm by the callback itself: what is signalled now stays so. */
static void
unregister_inside(bool by_event, ULONG flags)
{
	ULONG once = WT_EXECUTEINWAITTHREAD | WT_EXECUTEONLYONCE;
	struct leaver leaver = { .expects_true = (flags & once) == once };

	if (!try_scene(&leaver.scene, note_and_unregister, INFINITE, flags))
		return;
	if (by_event)
		leaver.completion = leaver.scene.done;
	race_start(&leaver.scene.race, release_one, leaver.scene.target);
	(void)release_one(leaver.scene.target);
	race_join(&leaver.scene.race);
	await_end(false, leaver.completion);
	assert_over(&leaver.scene.callee);
	ck_assert_int_eq(count_of(&leaver.scene.callee.started), 1);
	scene_close(&leaver.scene, 2);
}

START_TEST(a_callback_unregisters_its_wait_while_another_thread_signals)
{	/* LEGACY-15, LEGACY-20, LEGACY-26 */
	unregister_inside(false, WT_EXECUTEDEFAULT);
}
END_TEST

START_TEST(a_callback_unregisters_its_wait_with_a_completion_event)
{	/* LEGACY-20, LEGACY-29 */
	unregister_inside(true, WT_EXECUTEDEFAULT);
}
END_TEST

START_TEST(a_callback_for_once_on_the_wait_thread_unregisters_its_wait)
{	/* LEGACY-17, LEGACY-27 */
	unregister_inside(false, WT_EXECUTEINWAITTHREAD | WT_EXECUTEONLYONCE);
}
END_TEST

/* RegisterWaitForSingleObject: the callback may come before it returns. */
START_TEST(the_handle_is_there_before_the_first_callback)
{	/* LEGACY-20 */
	struct leaver leaver = { .expects_true = false };
	struct callee *callee = &leaver.scene.callee;

	set_times(NULL, NULL, NULL);
	leaver.scene.target = try_semaphore(1, 9);
	if (leaver.scene.target == NULL)
		return;
	if (try_wait(callee, leaver.scene.target, note_and_unregister,
	    INFINITE, WT_EXECUTEDEFAULT)) {
		await(nothing_is_left, NULL);
		assert_over(callee);
		ck_assert_int_eq(count_of(&callee->started), 1);
	}
	ck_assert(CloseHandle(leaver.scene.target));
}
END_TEST

/* ---- One after the other ---- */

/* Callbacks on one thread: nothing but that keeps them apart. */
struct line {
	struct callee callees[2];
	HANDLE events[2];
	int count;
	struct callee *order[2];
};

static struct line line;

static VOID CALLBACK
stand_in_line(PVOID context, BOOLEAN timed_out)
{
	struct callee *callee = context;

	(void)timed_out;
	(void)begin(callee);
	line.order[line.count++] = callee;
	end(callee);
}

/* tp_pool_single: a maximum of one thread, and a queue in order. */
START_TEST(callbacks_on_the_wait_thread_come_one_after_the_other)
{	/* LEGACY-21 */
	ULONG flags = WT_EXECUTEINWAITTHREAD | WT_EXECUTEONLYONCE;
	int made = 0;

	line = (struct line){ .count = 0 };
	set_times(NULL, NULL, NULL);
	for (int i = 0; i < 2; i++)
		line.events[i] = try_event(AUTO);
	if (all_made(2, line.events))
		while (made < 2 && try_wait(&line.callees[made],
		    line.events[made], stand_in_line, INFINITE, flags))
			made++;
	for (int i = 0; i < made; i++)
		(void)set_event(line.events[i]);
	for (int i = 0; i < made; i++)
		end_callee(&line.callees[i], BLOCKING, NULL);
	ck_assert_int_eq(line.count, made);
	for (int i = 0; i < made; i++)
		ck_assert_ptr_eq(line.order[i], &line.callees[i]);
	close_all(2, line.events);
}
END_TEST

/* ---- Work items ---- */

/* Items that queue the next one; nothing but the limit keeps them apart. */
struct chain {
	ULONG flags;
	int links;		/* of all chains */
	int left[2];		/* to be queued, of each */
	struct tally over;
};

static struct chain chain;

static bool
try_item(LPTHREAD_START_ROUTINE function, int *left)
{
	if (QueueUserWorkItem(function, left, chain.flags))
		return true;
	tolerate(GetLastError());
	tally_add(&chain.over);
	return false;
}

static DWORD WINAPI
add_link(PVOID context)
{
	int *left = context;

	chain.links++;
	if (--*left > 0)
		(void)try_item(add_link, left);
	else
		tally_add(&chain.over);
	return 0;
}

/* tp_pool_set_maximum before the post; then one at a time, and all of them. */
static void
queue_two_chains(ULONG flags)
{
	chain = (struct chain){ .flags = flags, .left = { 3, 3 },
		.over = TALLY_INIT };
	WT_SET_MAX_THREADPOOL_THREADS(chain.flags, 1);
	set_times(NULL, NULL, NULL);
	(void)try_item(add_link, &chain.left[0]);
	(void)try_item(add_link, &chain.left[1]);
	tally_await(&chain.over, 2);
	await(nothing_is_left, NULL);
	if (!may_fail())
		ck_assert_int_eq(chain.links, 6);
}

START_TEST(items_that_queue_the_next_run_one_at_a_time_within_the_limit)
{	/* LEGACY-07, LEGACY-08, LEGACY-12, port-defined */
	queue_two_chains(WT_EXECUTEDEFAULT);
}
END_TEST

START_TEST(long_items_that_queue_the_next_keep_within_the_limit)
{	/* LEGACY-06, LEGACY-12 */
	queue_two_chains(WT_EXECUTELONGFUNCTION);
}
END_TEST

/* ---- The suite ---- */

static void
add_ends(TCase *scenario)
{
	tcase_add_test(scenario,
		unregister_against_the_signal_says_whether_a_callback_is_left);
	tcase_add_test(scenario,
		unregister_against_the_one_signal_of_a_wait_for_once);
	tcase_add_test(scenario,
		unregister_against_the_signal_on_the_wait_thread);
	tcase_add_test(scenario,
		blocking_unregister_against_the_signal_leaves_no_callback);
	tcase_add_test(scenario,
		completion_event_of_a_wait_is_set_once_and_after_the_callback);
	tcase_add_test(scenario,
		completion_event_of_a_wait_for_once_is_set_once);
	tcase_add_test(scenario,
		completion_event_is_set_though_its_handle_was_closed);
	tcase_add_test(scenario,
		the_only_handle_of_a_completion_event_is_closed_too_early);
	tcase_add_test(scenario,
	    unregister_against_the_time_out_says_whether_a_callback_is_left);
	tcase_add_test(scenario,
		blocking_unregister_against_the_time_out_leaves_no_callback);
	tcase_add_test(scenario,
		completion_event_against_signal_and_time_out_at_one_moment);
	tcase_add_test(scenario,
		time_out_and_signal_take_turns_and_none_is_lost);
}

int
main(void)
{
	Suite *suite = suite_create("scenario_legacy");
	TCase *scenario = harness_case(suite, "scenario");

	add_ends(scenario);
	tcase_add_test(scenario,
		unregister_against_the_return_of_a_callback_that_sets_again);
	tcase_add_test(scenario,
		unregister_against_the_return_of_the_only_callback);
	tcase_add_test(scenario,
		blocking_unregister_against_a_callback_that_sets_again);
	tcase_add_test(scenario,
		completion_event_comes_after_a_callback_that_sets_again);
	tcase_add_test(scenario, blocking_unregister_while_a_callback_runs);
	tcase_add_test(scenario,
		a_callback_unregisters_its_wait_while_another_thread_signals);
	tcase_add_test(scenario,
		a_callback_unregisters_its_wait_with_a_completion_event);
	tcase_add_test(scenario,
		a_callback_for_once_on_the_wait_thread_unregisters_its_wait);
	tcase_add_test(scenario,
		the_handle_is_there_before_the_first_callback);
	tcase_add_test(scenario,
		callbacks_on_the_wait_thread_come_one_after_the_other);
	tcase_add_test(scenario,
		items_that_queue_the_next_run_one_at_a_time_within_the_limit);
	tcase_add_test(scenario,
		long_items_that_queue_the_next_keep_within_the_limit);
	return harness_run(suite);
}

/* SPDX-License-Identifier: MIT */
/*
 * test_scenario_legacy_timers.c - deleting timers and queues as they expire
 *
 * Scenarios of timer queues (scenario.h says what a scenario is; ending.h how
 * the end of something is looked at). Most let a due time come at the very
 * moment at which the timer, or its queue, is deleted. The comment above a
 * test names the function whose promise is at stake.
 */
#include "ending.h"

/* A queue with two timers, and the event of the end. */
struct scene {
	HANDLE queue;
	HANDLE done;			/* an auto-reset event */
	struct callee timers[2];
	int count;			/* of them: made */

	CRITICAL_SECTION lock;
	bool guards;			/* callbacks have to look: */
	bool ending;			/* the queue is being deleted; lock */
};

static struct scene scene;

static bool
try_scene(void)
{
	scene = (struct scene){ .count = 0 };
	set_times(NULL, NULL, NULL);
	scene.done = try_event(AUTO);
	if (scene.done == NULL)
		return false;
	scene.queue = CreateTimerQueue();
	if (!made(scene.queue)) {
		ck_assert(CloseHandle(scene.done));
		return false;
	}
	InitializeCriticalSection(&scene.lock);
	for (int i = 0; i < 2; i++)
		scene.timers[i].queue = scene.queue;
	return true;
}

/* One more timer of the queue, or nothing: then it is the last. */
static bool
add_timer(WAITORTIMERCALLBACK callback, DWORD due, DWORD period, ULONG flags)
{
	if (!try_timer(&scene.timers[scene.count], callback, due, period,
	    flags))
		return false;
	scene.count++;
	return true;
}

static bool
try_timer_of_scene(WAITORTIMERCALLBACK callback, DWORD due, DWORD period,
	ULONG flags)
{
	if (!try_scene())
		return false;
	if (add_timer(callback, due, period, flags))
		return true;
	DeleteCriticalSection(&scene.lock);
	ck_assert(DeleteTimerQueueEx(scene.queue, NULL));
	ck_assert(CloseHandle(scene.done));
	return false;
}

static void
assert_all_over(void)
{
	for (int i = 0; i < scene.count; i++)
		assert_over(&scene.timers[i]);
}

/* Deletes the queue in one of the three ways; it is over on return. */
static void
end_queue(enum ending ending)
{
	HANDLE completion = ending == BY_EVENT ? scene.done : NULL;
	bool over;

	if (ending == BLOCKING)
		completion = INVALID_HANDLE_VALUE;
	EnterCriticalSection(&scene.lock);
	scene.ending = true;
	LeaveCriticalSection(&scene.lock);
	over = says_over(DeleteTimerQueueEx(scene.queue, completion));
	if (ending != BY_EVENT)
		ck_assert(over);
	if (ending == AT_ONCE)
		over = false;		/* TRUE says nothing there */
	if (over)
		assert_all_over();
	if (over && ending == BY_EVENT)
		assert_set_by_now(scene.done);
	await_end(over, ending == BY_EVENT && !over ? scene.done : NULL);
	assert_all_over();
}

static void
scene_close(void)
{
	let_rest(scene.done);
	assert_all_over();
	DeleteCriticalSection(&scene.lock);
	ck_assert(CloseHandle(scene.done));
}

static LONG
started(int i)
{
	return count_of(&scene.timers[i].started);
}

/* ---- A timer against its due time ---- */

/* expire (timer_queue.c): in the heap or in the queue of the pool. */
static void
delete_as_it_expires(enum ending ending)
{
	if (!try_timer_of_scene(note, 10, 0, WT_EXECUTEDEFAULT))
		return;
	Sleep(10);
	end_callee(&scene.timers[0], ending, scene.done);
	ck_assert_int_le(started(0), 1);
	end_queue(BLOCKING);
	scene_close();
}

START_TEST(delete_against_expiry_says_whether_a_callback_is_left)
{	/* LEGACY-40, LEGACY-41 */
	delete_as_it_expires(AT_ONCE);
}
END_TEST

START_TEST(blocking_delete_against_expiry_leaves_no_callback)
{	/* LEGACY-41, LEGACY-42 */
	delete_as_it_expires(BLOCKING);
}
END_TEST

START_TEST(completion_event_of_a_timer_is_set_once_and_after_the_callback)
{	/* LEGACY-41, LEGACY-43 */
	delete_as_it_expires(BY_EVENT);
}
END_TEST

/* Callbacks run while the next one is due. */
static void
delete_a_periodic_one(enum ending ending)
{
	not_on_a_slow_machine();
	if (!try_timer_of_scene(note, 0, 10, WT_EXECUTEDEFAULT))
		return;
	Sleep(10);
	end_callee(&scene.timers[0], ending, scene.done);
	ck_assert_int_ge(started(0), 1);
	if (exact())
		ck_assert_int_le(started(0), 2);
	end_queue(AT_ONCE);
	scene_close();
}

START_TEST(delete_of_a_periodic_timer_as_it_expires)
{	/* LEGACY-40, LEGACY-41, LEGACY-56 */
	delete_a_periodic_one(AT_ONCE);
}
END_TEST

START_TEST(blocking_delete_of_a_periodic_timer_as_it_expires)
{	/* LEGACY-41, LEGACY-42 */
	delete_a_periodic_one(BLOCKING);
}
END_TEST

START_TEST(completion_event_of_a_periodic_timer_as_it_expires)
{	/* LEGACY-41, LEGACY-43 */
	delete_a_periodic_one(BY_EVENT);
}
END_TEST

/* tp_due_start_locked: posted by the call that creates it. */
START_TEST(a_timer_that_is_deleted_at_once_brings_its_callback)
{	/* LEGACY-37, LEGACY-39 */
	if (!try_timer_of_scene(note, 0, 0, WT_EXECUTEDEFAULT))
		return;
	end_callee(&scene.timers[0], AT_ONCE, NULL);
	ck_assert_int_eq(started(0), 1);
	end_queue(AT_ONCE);
	scene_close();
}
END_TEST

/* ---- A timer against its own callback ---- */

/* Sets its timer anew: at once for the first few times. */
static VOID CALLBACK
note_and_change(PVOID context, BOOLEAN fired)
{
	struct callee *callee = context;
	LONG n = begin(callee);

	ck_assert(fired);
	ck_assert(ChangeTimerQueueTimer(callee->queue, callee->handle,
		n < 3 ? 0 : n < MARKS ? 10 : DAY_MS, DAY_MS));
	end(callee);
}

/* disarm: whoever runs cannot set it again, and it is still its timer. */
static void
delete_as_it_changes(enum ending ending)
{
	if (!try_timer_of_scene(note_and_change, 10, DAY_MS,
	    WT_EXECUTEDEFAULT))
		return;
	Sleep(10);
	end_callee(&scene.timers[0], ending, scene.done);
	end_queue(AT_ONCE);
	scene_close();
}

START_TEST(delete_against_a_callback_that_changes_the_timer)
{	/* LEGACY-40, LEGACY-41, LEGACY-50 */
	delete_as_it_changes(AT_ONCE);
}
END_TEST

START_TEST(blocking_delete_against_a_callback_that_changes_the_timer)
{	/* LEGACY-41, LEGACY-42, LEGACY-50 */
	delete_as_it_changes(BLOCKING);
}
END_TEST

START_TEST(completion_event_against_a_callback_that_changes_the_timer)
{	/* LEGACY-41, LEGACY-43, LEGACY-50 */
	delete_as_it_changes(BY_EVENT);
}
END_TEST

/* set_locked, expire: the first due time has come, or does not come. */
START_TEST(change_against_expiry_of_a_timer_for_once_brings_one_callback)
{	/* LEGACY-48, LEGACY-49 */
	if (!try_timer_of_scene(note, 10, 0, WT_EXECUTEDEFAULT))
		return;
	Sleep(10);
	ck_assert(ChangeTimerQueueTimer(scene.queue,
		scene.timers[0].handle, 10, 0));
	Sleep(30);
	end_callee(&scene.timers[0], BLOCKING, NULL);
	if (exact())
		ck_assert_int_eq(started(0), 1);
	ck_assert_int_le(started(0), 1);
	end_queue(BLOCKING);
	scene_close();
}
END_TEST

/* ---- A queue against its timers ---- */

/* Ends its own timer, unless its queue is being ended and need not wait. */
static VOID CALLBACK
note_and_delete(PVOID context, BOOLEAN fired)
{
	struct callee *callee = context;

	(void)fired;
	ck_assert_int_eq(begin(callee), 1);
	EnterCriticalSection(&scene.lock);
	if (!scene.guards || !scene.ending)
		ck_assert(!says_over(DeleteTimerQueueTimer(callee->queue,
			callee->handle, NULL)));
	LeaveCriticalSection(&scene.lock);
	end(callee);
}

/* Two timers, due as the queue is deleted; one of them has been so before. */
static void
delete_queue_of(WAITORTIMERCALLBACK callback, DWORD period,
	enum ending ending)
{
	if (!try_scene())
		return;
	scene.guards = ending != BLOCKING;
	if (add_timer(callback, 10, period, WT_EXECUTEDEFAULT))
		(void)add_timer(callback, 0, period, WT_EXECUTEDEFAULT);
	Sleep(10);
	end_queue(ending);
	if (scene.count == 2)
		ck_assert_int_ge(started(1), 1);
	scene_close();
}

/* end_all: no timer expires any more, and then it looks, or waits. */
START_TEST(deleting_a_queue_against_the_expiry_of_its_timers)
{	/* LEGACY-53, LEGACY-54 */
	delete_queue_of(note, 0, AT_ONCE);
}
END_TEST

START_TEST(blocking_delete_of_a_queue_against_the_expiry_of_its_timers)
{	/* LEGACY-53 */
	delete_queue_of(note, 0, BLOCKING);
}
END_TEST

START_TEST(completion_event_of_a_queue_is_set_once_and_after_all_callbacks)
{	/* LEGACY-53 */
	delete_queue_of(note, 0, BY_EVENT);
}
END_TEST

START_TEST(completion_event_of_a_queue_against_its_only_due_time)
{	/* LEGACY-53 */
	if (!try_timer_of_scene(note, 10, 0, WT_EXECUTEDEFAULT))
		return;
	Sleep(10);
	end_queue(BY_EVENT);
	ck_assert_int_le(started(0), 1);
	scene_close();
}
END_TEST

START_TEST(deleting_a_queue_against_timers_that_change_themselves)
{	/* LEGACY-50, LEGACY-53 */
	delete_queue_of(note_and_change, DAY_MS, AT_ONCE);
}
END_TEST

START_TEST(blocking_delete_of_a_queue_against_timers_that_change_themselves)
{	/* LEGACY-50, LEGACY-53 */
	delete_queue_of(note_and_change, DAY_MS, BLOCKING);
}
END_TEST

START_TEST(completion_event_of_a_queue_whose_timers_change_themselves)
{	/* LEGACY-50, LEGACY-53 */
	delete_queue_of(note_and_change, DAY_MS, BY_EVENT);
}
END_TEST

/* tp_group_hold: a timer whose last reference is gone is out of the way. */
START_TEST(deleting_a_queue_against_timers_that_delete_themselves)
{	/* LEGACY-44, LEGACY-53 */
	delete_queue_of(note_and_delete, 0, AT_ONCE);
}
END_TEST

START_TEST(blocking_delete_of_a_queue_against_timers_that_delete_themselves)
{	/* LEGACY-44, LEGACY-53 */
	delete_queue_of(note_and_delete, 0, BLOCKING);
}
END_TEST

START_TEST(completion_event_of_a_queue_whose_timers_delete_themselves)
{	/* LEGACY-44, LEGACY-53 */
	delete_queue_of(note_and_delete, 0, BY_EVENT);
}
END_TEST

/* tp_event_use: the event is there until it has been set. */
START_TEST(event_of_a_queue_outlives_its_handle)
{	/* LEGACY-53, KOBJ-01, port-defined */
	HANDLE copy = NULL;

	if (!try_timer_of_scene(note, 0, 0, WT_EXECUTEDEFAULT))
		return;
	if (!DuplicateHandle(GetCurrentProcess(), scene.done,
	    GetCurrentProcess(), &copy, 0, FALSE, DUPLICATE_SAME_ACCESS))
		tolerate(GetLastError());
	(void)says_over(DeleteTimerQueueEx(scene.queue, scene.done));
	ck_assert(CloseHandle(scene.done));
	await_end(false, copy);
	assert_all_over();
	await(nothing_is_left, NULL);
	DeleteCriticalSection(&scene.lock);
	if (copy != NULL)
		ck_assert(CloseHandle(copy));
}
END_TEST

/* A timer's event comes before that of its queue, which it holds. */
START_TEST(a_timer_that_was_deleted_before_its_queue_still_counts)
{	/* LEGACY-43, LEGACY-53 */
	HANDLE first;
	bool over;

	if (!try_timer_of_scene(note, 10, 0, WT_EXECUTEDEFAULT))
		return;
	first = try_event(AUTO);
	Sleep(10);
	over = says_over(DeleteTimerQueueTimer(scene.queue,
		scene.timers[0].handle, first));
	end_queue(BY_EVENT);
	if (first != NULL)
		ck_assert_uint_eq(poll(first), WAIT_OBJECT_0);
	if (!over)
		ck_assert_int_eq(started(0), 1);
	scene_close();
	if (first != NULL)
		ck_assert(CloseHandle(first));
}
END_TEST

/* end_queue: TRUE is said by whoever frees the queue, and sets the event. */
START_TEST(a_queue_that_is_over_has_set_its_event)
{	/* LEGACY-53 */
	if (!try_timer_of_scene(note, 0, 0, WT_EXECUTEDEFAULT))
		return;
	(void)says_over(DeleteTimerQueueTimer(scene.queue,
		scene.timers[0].handle, NULL));
	end_queue(BY_EVENT);
	ck_assert_int_eq(started(0), 1);
	scene_close();
}
END_TEST

/* ---- A queue against the end of its timers ---- */

static struct gate gate;

static VOID CALLBACK
note_at_the_gate(PVOID context, BOOLEAN fired)
{
	struct callee *callee = context;

	(void)fired;
	(void)begin(callee);
	gate_wait(&gate);
	end(callee);
}

/* Deletes the timer; the callback that it waits for stands at the gate. */
static void *
delete_and_block(void *unused)
{
	struct callee *callee = &scene.timers[0];

	ck_assert(DeleteTimerQueueTimer(callee->queue, callee->handle,
		INVALID_HANDLE_VALUE));
	ck_assert_int_eq(count_of(&callee->finished), 1);
	return unused;
}

static void
delete_queue_of_one_that_is_waited_for(enum ending ending)
{
	struct race race = { .count = 0 };

	gate = (struct gate)GATE_INIT;
	if (!try_timer_of_scene(note_at_the_gate, 0, 0, WT_EXECUTEDEFAULT))
		return;
	gate_await_waiting(&gate, 1);
	race_start(&race, delete_and_block, NULL);
	race_drop_refused(&race);
	if (race.count == 1)
		await(is_waited_for, scene.timers[0].handle);
	gate_open(&gate);
	end_queue(ending);
	race_join(&race);
	ck_assert_int_eq(started(0), 1);
	scene_close();
}

/* close_and_wait: it is closed already, and the one who waits holds it. */
START_TEST(deleting_a_queue_while_a_thread_waits_for_its_timer)
{	/* LEGACY-42, LEGACY-54 */
	delete_queue_of_one_that_is_waited_for(AT_ONCE);
}
END_TEST

START_TEST(blocking_delete_of_a_queue_while_a_thread_waits_for_its_timer)
{	/* LEGACY-42, LEGACY-53 */
	delete_queue_of_one_that_is_waited_for(BLOCKING);
}
END_TEST

START_TEST(completion_event_of_a_queue_while_a_thread_waits_for_its_timer)
{	/* LEGACY-42, LEGACY-53 */
	delete_queue_of_one_that_is_waited_for(BY_EVENT);
}
END_TEST

/* ---- A timer against another one's callback ---- */

static VOID CALLBACK
note_and_delete_the_other(PVOID context, BOOLEAN fired)
{
	struct callee *callee = context;

	(void)fired;
	(void)begin(callee);
	if (scene.count == 2)
		end_callee(&scene.timers[1], BLOCKING, NULL);
	end(callee);
}

/* legacy_end: blocks in the sight of the pool, so that the other can run. */
START_TEST(a_callback_deletes_another_timer_as_it_expires_and_blocks)
{	/* LEGACY-41, LEGACY-42, LEGACY-45 */
	if (!try_scene())
		return;
	scene.count = 1;
	if (try_timer(&scene.timers[1], note, 10, 0, WT_EXECUTEDEFAULT))
		scene.count = 2;
	if (try_timer(&scene.timers[0], note_and_delete_the_other, 10, 0,
	    WT_EXECUTEDEFAULT)) {
		Sleep(10);
		end_callee(&scene.timers[0], BY_EVENT, scene.done);
	}
	end_queue(BLOCKING);
	scene_close();
}
END_TEST

/* ---- One after the other ---- */

static struct {
	int count;
	struct callee *order[2];
} line;			/* nothing but the one thread keeps them apart */

static VOID CALLBACK
stand_in_line(PVOID context, BOOLEAN fired)
{
	struct callee *callee = context;

	(void)fired;
	(void)begin(callee);
	line.order[line.count++] = callee;
	end(callee);
}

/* tp_pool_single: a maximum of one thread, and a queue in order. */
START_TEST(callbacks_on_the_timer_thread_come_one_after_the_other)
{	/* LEGACY-57 */
	if (!try_scene())
		return;
	line.count = 0;
	if (add_timer(stand_in_line, 10, 0, WT_EXECUTEINTIMERTHREAD))
		(void)add_timer(stand_in_line, 10, 0,
			WT_EXECUTEINTIMERTHREAD);
	Sleep(10);
	end_queue(BLOCKING);
	for (int i = 0; i < scene.count; i++)
		ck_assert_int_le(started(i), 1);
	if (line.count == 2) {
		ck_assert_ptr_eq(line.order[0], &scene.timers[0]);
		ck_assert_ptr_eq(line.order[1], &scene.timers[1]);
	}
	scene_close();
}
END_TEST

/* ---- The suite ---- */

static void
add_timers(TCase *scenario)
{
	tcase_add_test(scenario,
		delete_against_expiry_says_whether_a_callback_is_left);
	tcase_add_test(scenario,
		blocking_delete_against_expiry_leaves_no_callback);
	tcase_add_test(scenario,
		completion_event_of_a_timer_is_set_once_and_after_the_callback);
	tcase_add_test(scenario, delete_of_a_periodic_timer_as_it_expires);
	tcase_add_test(scenario,
		blocking_delete_of_a_periodic_timer_as_it_expires);
	tcase_add_test(scenario,
		completion_event_of_a_periodic_timer_as_it_expires);
	tcase_add_test(scenario,
		a_timer_that_is_deleted_at_once_brings_its_callback);
	tcase_add_test(scenario,
		delete_against_a_callback_that_changes_the_timer);
	tcase_add_test(scenario,
		blocking_delete_against_a_callback_that_changes_the_timer);
	tcase_add_test(scenario,
		completion_event_against_a_callback_that_changes_the_timer);
	tcase_add_test(scenario,
		change_against_expiry_of_a_timer_for_once_brings_one_callback);
}

static void
add_queues(TCase *scenario)
{
	tcase_add_test(scenario,
		deleting_a_queue_against_the_expiry_of_its_timers);
	tcase_add_test(scenario,
		blocking_delete_of_a_queue_against_the_expiry_of_its_timers);
	tcase_add_test(scenario,
	    completion_event_of_a_queue_is_set_once_and_after_all_callbacks);
	tcase_add_test(scenario,
		completion_event_of_a_queue_against_its_only_due_time);
	tcase_add_test(scenario,
		deleting_a_queue_against_timers_that_change_themselves);
	tcase_add_test(scenario,
	    blocking_delete_of_a_queue_against_timers_that_change_themselves);
	tcase_add_test(scenario,
		completion_event_of_a_queue_whose_timers_change_themselves);
	tcase_add_test(scenario,
		deleting_a_queue_against_timers_that_delete_themselves);
	tcase_add_test(scenario,
	    blocking_delete_of_a_queue_against_timers_that_delete_themselves);
	tcase_add_test(scenario,
		completion_event_of_a_queue_whose_timers_delete_themselves);
	tcase_add_test(scenario, event_of_a_queue_outlives_its_handle);
	tcase_add_test(scenario,
		a_timer_that_was_deleted_before_its_queue_still_counts);
	tcase_add_test(scenario, a_queue_that_is_over_has_set_its_event);
	tcase_add_test(scenario,
		deleting_a_queue_while_a_thread_waits_for_its_timer);
	tcase_add_test(scenario,
	    blocking_delete_of_a_queue_while_a_thread_waits_for_its_timer);
	tcase_add_test(scenario,
	    completion_event_of_a_queue_while_a_thread_waits_for_its_timer);
}

int
main(void)
{
	Suite *suite = suite_create("scenario_legacy_timers");
	TCase *scenario = harness_case(suite, "scenario");

	add_timers(scenario);
	add_queues(scenario);
	tcase_add_test(scenario,
		a_callback_deletes_another_timer_as_it_expires_and_blocks);
	tcase_add_test(scenario,
		callbacks_on_the_timer_thread_come_one_after_the_other);
	return harness_run(suite);
}

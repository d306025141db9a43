/* SPDX-License-Identifier: MIT */
/*
 * test_scenario_instance.c - the end of a callback against who waits for it
 *
 * Scenarios of callback instances (scenario.h says what a scenario is). The
 * comment above a test names the function whose promise is at stake.
 *
 * A callback's last line is a plain write: whoever has waited, for an action
 * of the callback or for its object, reads it. If the wait did not order the
 * two, that is a data race, and the explorer says so.
 */
#include "inside.h"
#include "objects.h"

/* ---- The stage ---- */

/* A pool, its work, what the callbacks ask for, and what they leave. */
struct act {
	struct site site;
	HANDLE event, semaphore, mutex;
	CRITICAL_SECTION section;
	struct gate door;	/* where a callback may stand */
	LONG volatile started, finished;
	int last_line;		/* how often it was reached */
};

#define ACT_INIT { .door = GATE_INIT }

static void
act_close_handles(struct act *act)
{
	const HANDLE handles[] = { act->event, act->semaphore, act->mutex };

	close_all(3, handles);
	DeleteCriticalSection(&act->section);
}

/* A pool of so many threads and all that a callback may ask for, or not. */
static bool
try_act(struct act *act, DWORD threads, PTP_WORK_CALLBACK callback)
{
	set_times(NULL, NULL, NULL);
	act->event = try_event(MANUAL);
	act->semaphore = try_semaphore(0, 5);
	act->mutex = try_mutex();
	InitializeCriticalSection(&act->section);
	if (act->event != NULL && act->semaphore != NULL &&
	    act->mutex != NULL &&
	    try_site(&act->site, threads, threads, callback, act))
		return true;
	act_close_handles(act);
	return false;
}

static void
act_close(struct act *act)
{
	site_close(&act->site);
	act_close_handles(act);
}

/* ---- Completion actions ---- */

static VOID CALLBACK
ask_for_all(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_WORK work)
{
	struct act *act = context;

	(void)work;
	SetEventWhenCallbackReturns(instance, act->event);
	ReleaseSemaphoreWhenCallbackReturns(instance, act->semaphore, 1);
	ck_assert_uint_eq(WaitForSingleObject(act->mutex, INFINITE),
		WAIT_OBJECT_0);
	ReleaseMutexWhenCallbackReturns(instance, act->mutex);
	EnterCriticalSection(&act->section);
	LeaveCriticalSectionWhenCallbackReturns(instance, &act->section);
	InterlockedIncrement(&act->finished);
	act->last_line++;
}

/* execute: the actions come before the object is settled. */
START_TEST(actions_are_visible_when_a_wait_for_the_object_returns)
{	/* INST-11, port-defined */
	struct act act = ACT_INIT;

	if (!try_act(&act, 1, ask_for_all))
		return;
	submit(act.site.work, 1);
	WaitForThreadpoolWorkCallbacks(act.site.work, FALSE);
	ck_assert_int_eq(act.last_line, 1);
	ck_assert_uint_eq(poll(act.event), WAIT_OBJECT_0);
	ck_assert_uint_eq(poll(act.semaphore), WAIT_OBJECT_0);
	ck_assert_uint_eq(poll(act.mutex), WAIT_OBJECT_0);
	ck_assert(ReleaseMutex(act.mutex));
	ck_assert(TryEnterCriticalSection(&act.section));
	LeaveCriticalSection(&act.section);
	assert_at_rest(act.site.work);
	act_close(&act);
}
END_TEST

/* Who has seen one action finds those done that come before it. */
static void *
see_the_mutex(void *argument)
{
	struct act *act = argument;

	while (count_of(&act->finished) == 0)
		Sleep(1);
	ck_assert_uint_eq(WaitForSingleObject(act->mutex, INFINITE),
		WAIT_OBJECT_0);
	ck_assert_int_eq(act->last_line, 1);
	ck_assert(TryEnterCriticalSection(&act->section));
	LeaveCriticalSection(&act->section);
	ck_assert(ReleaseMutex(act->mutex));
	return NULL;
}

/* execute: section, mutex, semaphore, event. */
START_TEST(actions_are_performed_in_their_order)
{	/* INST-08, INST-09, port-defined */
	struct act act = ACT_INIT;
	struct race race = { .count = 0 };

	if (!try_act(&act, 1, ask_for_all))
		return;
	submit(act.site.work, 1);
	ck_assert_uint_eq(WaitForSingleObject(act.semaphore, INFINITE),
		WAIT_OBJECT_0);
	ck_assert_int_eq(act.last_line, 1);
	ck_assert_uint_eq(poll(act.mutex), WAIT_OBJECT_0);
	ck_assert(ReleaseMutex(act.mutex));
	ck_assert_uint_eq(WaitForSingleObject(act.event, INFINITE),
		WAIT_OBJECT_0);
	WaitForThreadpoolWorkCallbacks(act.site.work, FALSE);
	/* Once more, seen from the mutex and from the event. */
	act.last_line = 0;
	InterlockedDecrement(&act.finished);
	ck_assert(ResetEvent(act.event));
	race_start(&race, see_the_mutex, &act);
	submit(act.site.work, 1);
	ck_assert_uint_eq(WaitForSingleObject(act.event, INFINITE),
		WAIT_OBJECT_0);
	ck_assert_uint_eq(poll(act.semaphore), WAIT_OBJECT_0);
	WaitForThreadpoolWorkCallbacks(act.site.work, FALSE);
	race_join(&race);
	act_close(&act);
}
END_TEST

/* What a callback leaves; freed by who has seen its event. */
struct parcel {
	HANDLE event;
	int content;
};

static VOID CALLBACK
fill_the_parcel(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_WORK work)
{
	struct parcel *parcel = context;

	(void)work;
	SetEventWhenCallbackReturns(instance, parcel->event);
	parcel->content = 7;
}

static void
send_and_open(struct private_pool *private, HANDLE event,
	struct parcel *parcel)
{
	PTP_WORK work = try_work(private, fill_the_parcel, parcel);

	if (work == NULL)
		return;
	parcel->event = event;
	submit(work, 1);
	ck_assert_uint_eq(WaitForSingleObject(event, INFINITE),
		WAIT_OBJECT_0);
	ck_assert_int_eq(parcel->content, 7);
	CloseThreadpoolWork(work);
}

/*
 * settle_locked: when the event is set, the worker uses nothing of the
 * application's any more, and of the object only what it holds itself.
 */
START_TEST(object_is_closed_and_context_freed_when_the_event_is_set)
{	/* INST-01, INST-12 */
	struct private_pool private;
	HANDLE event = try_event(MANUAL);
	struct parcel *parcel = malloc(sizeof(*parcel));

	set_times(NULL, NULL, NULL);
	if (event != NULL && parcel != NULL && try_pool(&private, 2, 2)) {
		send_and_open(&private, event, parcel);
		free(parcel);
		parcel = NULL;
		private_pool_close(&private);
	}
	free(parcel);
	close_all(1, &event);
}
END_TEST

static void *
wait_then_see_the_event(void *argument)
{
	struct act *act = argument;

	WaitForThreadpoolWorkCallbacks(act->site.work, FALSE);
	ck_assert_int_eq(act->last_line, 2);
	ck_assert_uint_eq(poll(act->event), WAIT_OBJECT_0);
	return NULL;
}

/* Both callbacks ask for one event: the object is quiet after the second. */
START_TEST(each_waiter_sees_the_actions_of_all_callbacks)
{	/* INST-11, port-defined */
	struct act act = ACT_INIT;
	struct race race = { .count = 0 };

	if (!try_act(&act, 2, ask_for_all))
		return;
	submit(act.site.work, 2);
	race_start(&race, wait_then_see_the_event, &act);
	(void)wait_then_see_the_event(&act);
	ck_assert_uint_eq(poll(act.semaphore), WAIT_OBJECT_0);
	ck_assert_uint_eq(poll(act.semaphore), WAIT_OBJECT_0);
	race_join(&race);
	assert_at_rest(act.site.work);
	act_close(&act);
}
END_TEST

/* ---- Callbacks that nobody waits for ---- */

/* The first to start leaves its object; all of them say when they finish. */
static VOID CALLBACK
first_leaves(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_WORK work)
{
	struct act *act = context;

	(void)work;
	if (InterlockedIncrement(&act->started) == 1) {
		DisassociateCurrentThreadFromCallback(instance);
		DisassociateCurrentThreadFromCallback(instance);
		gate_wait(&act->door);
	}
	InterlockedIncrement(&act->finished);
}

static void *
wait_for_two_others(void *argument)
{
	struct act *act = argument;

	WaitForThreadpoolWorkCallbacks(act->site.work, FALSE);
	ck_assert_int_eq(count_of(&act->started), 3);
	ck_assert_int_ge(count_of(&act->finished), 2);
	return NULL;
}

/* tp_instance_disassociate: its own share of the count, and once. */
START_TEST(waits_end_with_the_last_callback_that_has_not_left)
{	/* INST-21, INST-24, INST-25 */
	struct act act = ACT_INIT;
	struct race race = { .count = 0 };

	if (!try_act(&act, 2, first_leaves))
		return;
	submit(act.site.work, 3);
	race_start(&race, wait_for_two_others, &act);
	(void)wait_for_two_others(&act);
	/* Had they waited for the first one, this would be too late. */
	race_join(&race);
	gate_open(&act.door);
	while (count_of(&act.finished) < 3)
		Sleep(1);
	act_close(&act);
}
END_TEST

static VOID CALLBACK
leave_and_wait(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_WORK work)
{
	struct act *act = context;

	DisassociateCurrentThreadFromCallback(instance);
	WaitForThreadpoolWorkCallbacks(work, FALSE);
	InterlockedIncrement(&act->finished);
}

/* tp_object_check_wait: one that has left does not wait for itself. */
START_TEST(callbacks_that_have_left_wait_for_their_object)
{	/* INST-23, WORK-20 */
	struct act act = ACT_INIT;

	if (!try_act(&act, 2, leave_and_wait))
		return;
	submit(act.site.work, 2);
	WaitForThreadpoolWorkCallbacks(act.site.work, FALSE);
	while (count_of(&act.finished) < 2)
		Sleep(1);
	act_close(&act);
}
END_TEST

struct leaver {
	struct private_pool private;
	PTP_WORK work;
	struct tally done;
};

static VOID CALLBACK
leave_and_use(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_WORK work)
{
	struct leaver *leaver = context;
	struct tp_object *object = (void *)work;

	DisassociateCurrentThreadFromCallback(instance);
	tp_lock(&object->pool->lock);
	ck_assert_uint_eq(object->running, 1);
	ck_assert_uint_eq(object->associated, 0);
	tp_unlock(&object->pool->lock);
	tally_add(&leaver->done);
}

/* tp_object_unref_locked: a callback that has left still holds the object. */
START_TEST(object_is_closed_while_a_callback_that_has_left_uses_it)
{	/* INST-26 */
	struct leaver leaver = { .done = TALLY_INIT };

	set_times(NULL, NULL, NULL);
	if (!try_pool(&leaver.private, 1, 1))
		return;
	leaver.work = try_work(&leaver.private, leave_and_use, &leaver);
	if (leaver.work != NULL) {
		submit(leaver.work, 1);
		WaitForThreadpoolWorkCallbacks(leaver.work, FALSE);
		CloseThreadpoolWork(leaver.work);
		tally_await(&leaver.done, 1);
	}
	private_pool_close(&leaver.private);
}
END_TEST

/* A group of one member, whose callbacks have left it. */
START_TEST(group_waits_for_callbacks_that_leave)
{	/* INST-22 */
	struct act act = ACT_INIT;
	PTP_CLEANUP_GROUP group = CreateThreadpoolCleanupGroup();
	PTP_WORK work = NULL;

	gate_open(&act.door);
	if (!made(group))
		return;
	if (try_act(&act, 2, first_leaves)) {
		SetThreadpoolCallbackCleanupGroup(
			&act.site.private.environ, group, NULL);
		work = try_work(&act.site.private, first_leaves, &act);
		if (work != NULL) {
			submit(work, 2);
			WaitForThreadpoolWorkCallbacks(work, FALSE);
			CloseThreadpoolCleanupGroupMembers(group, FALSE,
				NULL);
			ck_assert_int_eq(count_of(&act.finished), 2);
		}
		act_close(&act);
	}
	CloseThreadpoolCleanupGroup(group);
}
END_TEST

/* ---- Callbacks that run long ---- */

/*
 * One processor: only because a callback is long there is a second thread.
 * A queue that has to wait has a deadline, which holds the pool: natively it
 * had better come.
 */
static void
set_one_processor(void)
{
	set_times(NULL, explore_active() ? NULL : "20", "1");
}

/* Half of them run long; no more than the limit are inside. */
static VOID CALLBACK
run_long_inside(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_WORK work)
{
	struct crowd *crowd = context;
	LONG inside = InterlockedIncrement(&crowd->inside);

	(void)work;
	ck_assert_int_le(inside, count_of(&crowd->limit));
	if (InterlockedIncrement(&crowd->runs) % 2 != 0)
		(void)CallbackMayRunLong(instance);
	ck_assert_int_le(workers_of(crowd->site.private.pool), 2);
	InterlockedDecrement(&crowd->inside);
}

static void *
submit_two(void *argument)
{
	struct crowd *crowd = argument;

	submit(crowd->site.work, 2);
	return NULL;
}

/* reserve_spare_locked: counted before it is made. */
START_TEST(long_callbacks_against_posts_keep_to_the_maximum)
{	/* INST-15, POOL-06 */
	struct crowd crowd = { .limit = 2 };
	struct race race = { .count = 0 };

	set_one_processor();
	if (!try_site(&crowd.site, 1, 2, run_long_inside, &crowd))
		return;
	submit(crowd.site.work, 2);
	race_start(&race, submit_two, &crowd);
	race_join(&race);
	WaitForThreadpoolWorkCallbacks(crowd.site.work, FALSE);
	ck_assert_int_eq(crowd.runs, 4);
	assert_at_rest(crowd.site.work);
	site_close(&crowd.site);
}
END_TEST

/* The first one needs the second, and the pool a reason to make a thread. */
static VOID CALLBACK
need_the_next(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_WORK work)
{
	struct pair *pair = context;

	if (CallbackMayRunLong(instance))
		wait_for_the_other(instance, pair, work);
	else
		tally_add(&pair->inside);
}

/* tp_instance_run_long: who is told yes has another worker. */
START_TEST(a_yes_is_kept_against_a_post)
{	/* INST-15, INST-16 */
	struct pair pair = { .inside = TALLY_INIT };

	set_one_processor();
	if (!try_site(&pair.site, 1, 2, need_the_next, &pair))
		return;
	submit(pair.site.work, 2);
	WaitForThreadpoolWorkCallbacks(pair.site.work, FALSE);
	ck_assert_uint_eq(tally_read(&pair.inside), 2);
	site_close(&pair.site);
}
END_TEST

static void *
raise_and_lower(void *argument)
{
	struct crowd *crowd = argument;
	PTP_POOL pool = crowd->site.private.pool;

	SetThreadpoolThreadMaximum(pool, 2);
	SetThreadpoolThreadMaximum(pool, 1);
	return NULL;
}

/* reserve_locked, tp_queue_startable_locked: the limits of that moment. */
START_TEST(long_callbacks_against_changing_limits_drain_the_queue)
{	/* INST-15, POOL-06, POOL-13, port-defined */
	struct crowd crowd = { .limit = 2 };
	struct race race = { .count = 0 };

	set_one_processor();
	if (!try_site(&crowd.site, 1, 1, run_long_inside, &crowd))
		return;
	submit(crowd.site.work, 3);
	race_start(&race, raise_and_lower, &crowd);
	WaitForThreadpoolWorkCallbacks(crowd.site.work, FALSE);
	ck_assert_int_eq(crowd.runs, 3);
	race_join(&race);
	assert_at_rest(crowd.site.work);
	site_close(&crowd.site);
}
END_TEST

/* ---- The suite ---- */

static void
add_those_that_leave(TCase *scenario)
{
	tcase_add_test(scenario,
		waits_end_with_the_last_callback_that_has_not_left);
	tcase_add_test(scenario,
		callbacks_that_have_left_wait_for_their_object);
	tcase_add_test(scenario,
		object_is_closed_while_a_callback_that_has_left_uses_it);
	tcase_add_test(scenario, group_waits_for_callbacks_that_leave);
}

int
main(void)
{
	Suite *suite = suite_create("scenario_instance");
	TCase *scenario = harness_case(suite, "scenario");

	tcase_add_test(scenario,
		actions_are_visible_when_a_wait_for_the_object_returns);
	tcase_add_test(scenario, actions_are_performed_in_their_order);
	tcase_add_test(scenario,
		object_is_closed_and_context_freed_when_the_event_is_set);
	tcase_add_test(scenario,
		each_waiter_sees_the_actions_of_all_callbacks);
	add_those_that_leave(scenario);
	tcase_add_test(scenario,
		long_callbacks_against_posts_keep_to_the_maximum);
	tcase_add_test(scenario, a_yes_is_kept_against_a_post);
	tcase_add_test(scenario,
		long_callbacks_against_changing_limits_drain_the_queue);
	return harness_run(suite);
}

/* SPDX-License-Identifier: MIT */
/*
 * test_mutant_kills.c - moments that only a planted bug has pointed out
 *
 * Each bug in tests/mutants/ names the test that finds it. Most are found by
 * a suite that was there already. Where none was, the test stands here: a
 * promise that somebody could break unseen.
 *
 * The case "scenario" is as in scenario.h: free races, which the explorer
 * runs in many orders. The case "small" needs one order, and forces it.
 */
#include "scenario.h"

#include "../chapters/00-first-pool/first_pool.h"
#include "../ref/waitable.h"

static HANDLE
try_event(BOOL manual_reset, LPCSTR name)
{
	HANDLE handle = CreateEventA(NULL, manual_reset, FALSE, name);

	(void)made(handle);
	return handle;
}

static HANDLE
try_timer(void)
{
	HANDLE handle = CreateWaitableTimerA(NULL, TRUE, NULL);

	(void)made(handle);
	return handle;
}

/* The timer shall be signalled so many milliseconds from now. */
static void
set_timer(HANDLE timer, LONGLONG ms)
{
	LARGE_INTEGER due;

	due.QuadPart = -ms * MS;
	ck_assert(SetWaitableTimer(timer, &due, 0, NULL, NULL, FALSE));
}

/* ---- Pools ---- */

static struct private_pool ending;	/* it ends after its test, if late */

static VOID CALLBACK
close_pool(PTP_CALLBACK_INSTANCE instance, PVOID context)
{
	(void)instance;
	private_pool_close(context);
}

/* signal_and_unlock: the worker may wake by itself, run, and end. */
START_TEST(a_worker_may_end_before_its_signal_has_been_sent)
{	/* POOL-20 */
	set_times(NULL, NULL, NULL);
	if (!try_pool(&ending, 1, 1))
		return;
	if (!TrySubmitThreadpoolCallback(close_pool, &ending,
			&ending.environ)) {
		tolerate(GetLastError());
		private_pool_close(&ending);
	}
}
END_TEST

static VOID CALLBACK
meet_another(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_WORK work)
{
	struct tally *here = context;

	(void)instance;
	(void)work;
	tally_await(here, (tally_add(here) + 1) / 2 * 2);
}

/*
 * sleep_locked: two workers have nothing to do, and one too many is there.
 * It becomes superfluous at the moment at which there is a post again.
 */
START_TEST(a_worker_chosen_while_it_retires_runs_the_post)
{	/* WORK-03 */
	struct tally here = TALLY_INIT;
	struct site site;

	set_times("10", NULL, NULL);
	if (!try_site(&site, 0, 2, meet_another, &here))
		return;
	for (unsigned long i = 1; i <= 3; i++) {
		submit(site.work, 2);
		WaitForThreadpoolWorkCallbacks(site.work, FALSE);
		ck_assert_uint_eq(tally_read(&here), 2 * i);
		Sleep(10);
	}
	site_close(&site);
}
END_TEST

static VOID CALLBACK
pass_gate(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_WORK work)
{
	(void)instance;
	(void)work;
	gate_wait(context);
}

/* expire_stall: the queue is looked at as often as it stands still. */
START_TEST(a_queue_that_stands_still_again_gets_one_more_thread)
{	/* POOL-07 */
	struct gate gate = GATE_INIT;
	struct site site;

	set_times(NULL, "1", "1");
	if (tp_dispatcher_start() != 0)
		return;		/* no deadline can come */
	if (!try_site(&site, 0, 4, pass_gate, &gate))
		return;
	submit(site.work, 4);
	gate_await_waiting(&gate, 4);
	gate_open(&gate);
	WaitForThreadpoolWorkCallbacks(site.work, FALSE);
	site_close(&site);
}
END_TEST

static bool
two_are_idle(void *pool)
{
	TP_POOL *p = pool;
	bool found;

	tp_lock(&p->lock);
	found = p->idle_count == 2;
	tp_unlock(&p->lock);
	return found;
}

/* run_locked: whoever leaves posts behind wakes the next before it runs. */
START_TEST(two_posts_wake_two_sleepers)
{	/* WORK-05 */
	struct gate gate = GATE_INIT;
	struct site site;

	set_times(NULL, NULL, NULL);
	if (!try_site(&site, 2, 2, pass_gate, &gate))
		return;
	await(two_are_idle, site.private.pool);
	submit(site.work, 2);
	gate_await_waiting(&gate, 2);
	gate_open(&gate);
	WaitForThreadpoolWorkCallbacks(site.work, FALSE);
	site_close(&site);
}
END_TEST

/* ---- Due times ---- */

/* dispatch: a due time is set while the dispatcher is about to sleep. */
START_TEST(a_due_time_set_while_the_dispatcher_looks_is_kept)
{
	HANDLE timer = try_timer();

	if (timer == NULL)
		return;
	set_timer(timer, 1);
	ck_assert_uint_eq(WaitForSingleObject(timer, INFINITE),
		WAIT_OBJECT_0);
	ck_assert(CloseHandle(timer));
}
END_TEST

/* tp_due_set_locked: the dispatcher sleeps already, and for too long. */
START_TEST(a_due_time_before_the_one_that_is_slept_for_is_kept)
{
	HANDLE timers[2] = { try_timer(), try_timer() };

	if (all_made(2, timers)) {
		set_timer(timers[0], 24 * 3600 * 1000);
		Sleep(1);	/* or the bug may hide; nothing else */
		set_timer(timers[1], 1);
		ck_assert_uint_eq(WaitForSingleObject(timers[1], INFINITE),
			WAIT_OBJECT_0);
	}
	close_all(2, timers);
}
END_TEST

/* dispatch: what is cancelled has come completely, or does not come. */
START_TEST(a_timer_does_not_ring_after_its_cancellation)
{
	HANDLE timer = try_timer();
	DWORD seen;

	if (timer == NULL)
		return;
	set_timer(timer, 1);
	Sleep(1);
	ck_assert(CancelWaitableTimer(timer));
	seen = poll(timer);
	Sleep(1);
	ck_assert_uint_eq(poll(timer), seen);
	ck_assert(CloseHandle(timer));
}
END_TEST

/* ---- Waits ---- */

static void *
set_event(void *event)
{
	ck_assert(SetEvent(event));
	return NULL;
}

/* sleep_locked (multiwait.c): a signal comes when the wait begins. */
START_TEST(a_signal_at_the_beginning_of_a_wait_ends_it)
{	/* KOBJ-03 */
	HANDLE event = try_event(FALSE, NULL);
	struct race race = { .count = 0 };

	if (event == NULL)
		return;
	race_start(&race, set_event, event);
	if (race.racers[0].refused)	/* it would be set too late */
		race_join(&race);
	ck_assert_uint_eq(WaitForSingleObject(event, INFINITE),
		WAIT_OBJECT_0);
	race_join(&race);
	ck_assert_uint_eq(poll(event), WAIT_TIMEOUT);
	ck_assert(CloseHandle(event));
}
END_TEST

static void *
set_event_in_10_ms(void *event)
{
	Sleep(10);
	return set_event(event);
}

/* sleep_locked (multiwait.c): both at once; the signal is in one place. */
START_TEST(a_signal_at_the_moment_of_the_time_out_is_not_lost)
{	/* KOBJ-03 */
	HANDLE event = try_event(FALSE, NULL);
	struct race race = { .count = 0 };
	DWORD waited;

	if (event == NULL)
		return;
	race_start(&race, set_event_in_10_ms, event);
	waited = WaitForSingleObject(event, 10);
	race_join(&race);
	ck_assert_uint_eq(poll(event),
		waited == WAIT_OBJECT_0 ? WAIT_TIMEOUT : WAIT_OBJECT_0);
	ck_assert(CloseHandle(event));
}
END_TEST

/* finish: the wait is over, and no object may know it any more. */
START_TEST(a_wait_for_any_leaves_nothing_behind_at_the_others)
{	/* KOBJ-10 */
	HANDLE objects[2] = { try_timer(), try_event(FALSE, NULL) };

	if (all_made(2, objects)) {
		set_timer(objects[0], 1);
		ck_assert_uint_eq(WaitForMultipleObjects(2, objects, FALSE,
			INFINITE), WAIT_OBJECT_0);
		ck_assert(SetEvent(objects[1]));
		ck_assert_uint_eq(poll(objects[1]), WAIT_OBJECT_0);
	}
	close_all(2, objects);
}
END_TEST

/* ---- Objects and their handles ---- */

static void *
set_event_or_find_none(void *event)
{
	(void)SetEvent(event);		/* its handle may be closed */
	return NULL;
}

/* SetEvent: from the look at the handle to the signal in one step. */
START_TEST(an_event_may_be_closed_while_another_thread_sets_it)
{	/* KOBJ-01, port-defined */
	HANDLE event = try_event(FALSE, NULL);
	struct race race = { .count = 0 };

	if (event == NULL)
		return;
	race_start(&race, set_event_or_find_none, event);
	ck_assert(CloseHandle(event));
	race_join(&race);
}
END_TEST

static void *
create_by_name(void *handle)
{
	*(HANDLE *)handle = try_event(TRUE, "one name");
	return NULL;
}

/* tp_waitable_publish: the look for the name, and its use, in one step. */
START_TEST(two_threads_that_create_one_name_get_one_object)
{	/* KOBJ-16 */
	HANDLE handles[2] = { NULL, NULL };
	struct race race = { .count = 0 };

	race_start(&race, create_by_name, &handles[0]);
	(void)create_by_name(&handles[1]);
	race_join(&race);
	if (all_made(2, handles)) {
		ck_assert(SetEvent(handles[0]));
		ck_assert_uint_eq(poll(handles[1]), WAIT_OBJECT_0);
	}
	close_all(2, handles);
}
END_TEST

static void *
wait_for_either(void *handles)
{
	ck_assert_uint_eq(WaitForMultipleObjects(2, handles, FALSE,
		INFINITE), WAIT_OBJECT_0 + 1);
	return NULL;
}

static bool
somebody_waits(void *event)
{
	struct tp_waitable *object;
	bool found;

	tp_lock(&tp_waitable_lock);
	object = tp_handle_find_locked(event);
	found = !tp_list_empty(&object->blocks);
	tp_unlock(&tp_waitable_lock);
	return found;
}

/* tp_waitable_let_go_locked: names go with handles, not with objects. */
START_TEST(a_name_is_free_although_a_thread_still_waits)
{	/* KOBJ-16 */
	HANDLE handles[2] = { try_event(FALSE, "taken"),
		try_event(FALSE, NULL) };
	struct race race = { .count = 0 };
	HANDLE another;

	if (!all_made(2, handles)) {
		close_all(2, handles);
		return;
	}
	race_start(&race, wait_for_either, handles);
	if (race.racers[0].refused) {	/* nobody would wait */
		close_all(2, handles);
		return;
	}
	await(somebody_waits, handles[0]);
	ck_assert(CloseHandle(handles[0]));
	another = CreateSemaphoreA(NULL, 0, 1, "taken");
	if (made(another)) {
		ck_assert_uint_eq(GetLastError(), NO_ERROR);
		ck_assert(CloseHandle(another));
	}
	ck_assert(SetEvent(handles[1]));
	race_join(&race);
	ck_assert(CloseHandle(handles[1]));
}
END_TEST

/* ---- Threads and sections ---- */

static DWORD
return_7(void *unused)
{
	(void)unused;
	return 7;
}

/* thread_ended: whoever sees the end sees the exit code. */
START_TEST(a_thread_that_has_ended_has_its_exit_code)
{
	HANDLE thread = CreateThread(NULL, 0, return_7, NULL, 0, NULL);
	DWORD code = STILL_ACTIVE;

	if (!made(thread))
		return;
	ck_assert_uint_eq(WaitForSingleObject(thread, INFINITE),
		WAIT_OBJECT_0);
	ck_assert(GetExitCodeThread(thread, &code));
	ck_assert_uint_eq(code, 7);
	ck_assert(CloseHandle(thread));
}
END_TEST

struct turnstile {
	CRITICAL_SECTION section;
	int entries;		/* guarded by section */
};

static void *
enter_twice(void *argument)
{
	struct turnstile *turnstile = argument;

	for (int i = 0; i < 2; i++) {
		EnterCriticalSection(&turnstile->section);
		turnstile->entries++;
		LeaveCriticalSection(&turnstile->section);
	}
	return NULL;
}

/* set_free_locked: who is woken finds another inside, and waits on. */
START_TEST(a_section_taken_by_a_faster_thread_is_waited_for_again)
{	/* KOBJ-17 */
	struct turnstile turnstile = { .entries = 0 };
	struct race race = { .count = 0 };

	InitializeCriticalSection(&turnstile.section);
	race_start(&race, enter_twice, &turnstile);
	race_start(&race, enter_twice, &turnstile);
	(void)enter_twice(&turnstile);
	race_join(&race);
	ck_assert_int_eq(turnstile.entries, 6);
	DeleteCriticalSection(&turnstile.section);
}
END_TEST

/* ---- The pool of chapter 00 ---- */

static void
count_item(void *tally)
{
	tally_add(tally);
}

/* May init or submit have failed? Only by an injected fault. */
static bool
worked(int error)
{
	ck_assert(error == 0 || may_fail());
	return error == 0;
}

START_TEST(an_item_is_begun_although_nobody_ends_the_pool)
{
	struct first_pool pool;
	struct tally runs = TALLY_INIT;

	if (!worked(first_pool_init(&pool, 1)))
		return;
	if (worked(first_pool_submit(&pool, count_item, &runs)))
		tally_await(&runs, 1);
	first_pool_destroy(&pool);
}
END_TEST

START_TEST(a_pool_that_is_ended_at_once_ends)
{
	struct first_pool pool;

	if (worked(first_pool_init(&pool, 2)))
		first_pool_destroy(&pool);
}
END_TEST

/* ---- The suite ---- */

static void
add_scenarios(TCase *scenario)
{
	tcase_add_test(scenario,
		a_worker_may_end_before_its_signal_has_been_sent);
	tcase_add_test(scenario,
		a_worker_chosen_while_it_retires_runs_the_post);
	tcase_add_test(scenario,
		a_due_time_set_while_the_dispatcher_looks_is_kept);
	tcase_add_test(scenario,
		a_due_time_before_the_one_that_is_slept_for_is_kept);
	tcase_add_test(scenario,
		a_timer_does_not_ring_after_its_cancellation);
	tcase_add_test(scenario,
		a_signal_at_the_beginning_of_a_wait_ends_it);
	tcase_add_test(scenario,
		a_signal_at_the_moment_of_the_time_out_is_not_lost);
	tcase_add_test(scenario,
		a_wait_for_any_leaves_nothing_behind_at_the_others);
	tcase_add_test(scenario,
		an_event_may_be_closed_while_another_thread_sets_it);
	tcase_add_test(scenario,
		two_threads_that_create_one_name_get_one_object);
	tcase_add_test(scenario, a_thread_that_has_ended_has_its_exit_code);
	tcase_add_test(scenario,
		a_section_taken_by_a_faster_thread_is_waited_for_again);
	tcase_add_test(scenario,
		an_item_is_begun_although_nobody_ends_the_pool);
	tcase_add_test(scenario, a_pool_that_is_ended_at_once_ends);
}

int
main(void)
{
	Suite *suite = suite_create("mutant_kills");
	TCase *scenario = harness_case(suite, "scenario");
	TCase *small = harness_case(suite, "small");

	add_scenarios(scenario);
	tcase_add_test(small, two_posts_wake_two_sleepers);
	tcase_add_test(small,
		a_queue_that_stands_still_again_gets_one_more_thread);
	tcase_add_test(small, a_name_is_free_although_a_thread_still_waits);
	return harness_run(suite);
}

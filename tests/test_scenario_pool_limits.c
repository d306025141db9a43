/* SPDX-License-Identifier: MIT */
/*
 * test_scenario_pool_limits.c - limits to the letter
 *
 * The maximum is a limit at each start of a callback, whatever those do
 * that have started: compute, block, or run since the maximum was higher.
 * The minimum is one at each moment. Who is above it leaves when its idle
 * time is over: not a tick earlier and, where time is virtual, none later.
 *
 * Scenarios (scenario.h says what that is). The comment above a test names
 * the function whose promise is at stake. Limits that are set against each
 * other, and against posts, are in test_scenario_limits.c.
 */
#include "inside.h"

/* ---- The maximum ---- */

/* Callbacks that go in, and each waits until it is let out. */
struct room {
	struct site site;
	HANDLE exit;			/* a semaphore */
	struct tally entered;
	LONG volatile inside;
	LONG volatile limit;		/* at an entry */
};

static VOID CALLBACK
enter_room(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_WORK work)
{
	struct room *room = context;

	(void)instance;
	(void)work;
	ck_assert_int_le(InterlockedIncrement(&room->inside),
		count_of(&room->limit));
	tally_add(&room->entered);
	WaitForSingleObject(room->exit, INFINITE);
	InterlockedDecrement(&room->inside);
}

static bool
try_room(struct room *room, DWORD minimum, DWORD maximum)
{
	*room = (struct room){ .entered = TALLY_INIT,
		.limit = (LONG)maximum };
	room->exit = CreateSemaphoreA(NULL, 0, 100, NULL);
	if (!made(room->exit))
		return false;
	if (try_site(&room->site, minimum, maximum, enter_room, room))
		return true;
	CloseHandle(room->exit);
	return false;
}

static void
let_out(struct room *room, LONG callbacks)
{
	ck_assert(ReleaseSemaphore(room->exit, callbacks, NULL));
}

static void
room_close(struct room *room, unsigned long entered)
{
	WaitForThreadpoolWorkCallbacks(room->site.work, FALSE);
	ck_assert_uint_eq(tally_read(&room->entered), entered);
	assert_at_rest(room->site.work);
	site_close(&room->site);
	ck_assert(CloseHandle(room->exit));
}

/* tp_queue_startable_locked: who blocks in the API runs all the same. */
START_TEST(callbacks_that_block_count_as_running)
{	/* POOL-06 */
	struct room room;

	set_times(NULL, "5", "1");
	if (!try_room(&room, 2, 2))
		return;
	submit(room.site.work, 3);
	tally_await(&room.entered, 2);
	Sleep(100);		/* stall times: it makes no difference */
	ck_assert_uint_eq(tally_read(&room.entered), 2);
	ck_assert_uint_eq(workers_of(room.site.private.pool), 2);
	let_out(&room, 3);
	room_close(&room, 3);
}
END_TEST

/* tp_queue_startable_locked: those who are too many leave first. */
START_TEST(nobody_starts_while_more_than_a_lowered_maximum_run)
{	/* POOL-06, POOL-12 */
	struct room room;

	set_times(NULL, NULL, NULL);
	if (!try_room(&room, 3, 3))
		return;
	submit(room.site.work, 3);
	tally_await(&room.entered, 3);
	SetThreadpoolThreadMaximum(room.site.private.pool, 1);
	InterlockedExchange(&room.limit, 1);
	submit(room.site.work, 1);
	let_out(&room, 1);
	let_out(&room, 1);
	Sleep(10);
	ck_assert_uint_eq(tally_read(&room.entered), 3);
	let_out(&room, 2);
	room_close(&room, 4);
}
END_TEST

static void *
submit_one(void *argument)
{
	struct room *room = argument;

	submit(room->site.work, 1);
	return NULL;
}

/* tp_pool_set_maximum: up and down again, while posts come. */
START_TEST(maximum_that_rises_and_falls_is_the_limit_of_each_start)
{	/* POOL-06, POOL-08, POOL-12, port-defined */
	struct room room;
	struct race race = { .count = 0 };
	TP_POOL *pool;

	set_times(NULL, NULL, NULL);
	if (!try_room(&room, 0, 1))
		return;
	pool = room.site.private.pool;
	submit(room.site.work, 2);
	race_start(&race, submit_one, &room);
	tally_await(&room.entered, 1);
	InterlockedExchange(&room.limit, 2);
	SetThreadpoolThreadMaximum(pool, 2);
	tally_await(&room.entered, 2);
	SetThreadpoolThreadMaximum(pool, 1);
	InterlockedExchange(&room.limit, 1);
	let_out(&room, 3);
	race_join(&race);
	room_close(&room, 3);
}
END_TEST

/* ---- All threads blocked at the maximum ---- */

/* Two wait for an event that a third one would set. */
struct circle {
	struct site site;
	PTP_WORK setter;
	HANDLE event;
	struct tally waiting;
	LONG volatile runs;
};

static VOID CALLBACK
wait_for_setter(PTP_CALLBACK_INSTANCE instance, PVOID context,
	PTP_WORK work)
{
	struct circle *circle = context;

	(void)instance;
	(void)work;
	tally_add(&circle->waiting);
	WaitForSingleObject(circle->event, INFINITE);
	InterlockedIncrement(&circle->runs);
}

static VOID CALLBACK
set_circle(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_WORK work)
{
	struct circle *circle = context;

	(void)instance;
	(void)work;
	SetEvent(circle->event);
	InterlockedIncrement(&circle->runs);
}

/* They are blocked, the third is queued, and a minute has gone by. */
static bool
try_circle(struct circle *circle)
{
	*circle = (struct circle){ .waiting = TALLY_INIT };
	set_times("10", "5", NULL);
	circle->event = CreateEventA(NULL, TRUE, FALSE, NULL);
	if (!made(circle->event))
		return false;
	if (!try_site(&circle->site, 2, 2, wait_for_setter, circle)) {
		CloseHandle(circle->event);
		return false;
	}
	circle->setter = try_work(&circle->site.private, set_circle, circle);
	if (circle->setter == NULL) {
		site_close(&circle->site);
		CloseHandle(circle->event);
		return false;
	}
	submit(circle->site.work, 2);
	tally_await(&circle->waiting, 2);
	submit(circle->setter, 1);
	Sleep(explore_active() ? 60000 : 20);
	ck_assert_int_eq(circle->runs, 0);
	return true;
}

static void
circle_close(struct circle *circle)
{
	WaitForThreadpoolWorkCallbacks(circle->setter, FALSE);
	WaitForThreadpoolWorkCallbacks(circle->site.work, FALSE);
	ck_assert_int_eq(circle->runs, 3);
	CloseThreadpoolWork(circle->setter);
	site_close(&circle->site);
	ck_assert(CloseHandle(circle->event));
}

/* must_arm_locked: at the maximum there is nothing to wait for. */
START_TEST(blocked_pool_at_its_maximum_stands_still_until_one_is_released)
{	/* POOL-06, POOL-44 */
	struct circle circle;

	if (!try_circle(&circle))
		return;
	ck_assert_uint_eq(workers_of(circle.site.private.pool), 2);
	ck_assert(SetEvent(circle.event));
	circle_close(&circle);
}
END_TEST

/* tp_pool_set_maximum: one thread more, and all come free. */
START_TEST(raised_maximum_releases_a_blocked_pool)
{	/* POOL-08, POOL-44, port-defined */
	struct circle circle;

	if (!try_circle(&circle))
		return;
	SetThreadpoolThreadMaximum(circle.site.private.pool, 3);
	circle_close(&circle);
}
END_TEST

/* ---- The minimum, and those who are above it ---- */

/* Callbacks that all meet, so that there are as many threads. */
struct meeting {
	struct site site;
	struct tally here;
	unsigned long all;
	LONG volatile runs;
};

static VOID CALLBACK
meet(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_WORK work)
{
	struct meeting *meeting = context;

	(void)instance;
	(void)work;
	tally_add(&meeting->here);
	tally_await(&meeting->here, meeting->all);
}

/* So many have met, just now, in a pool whose idle time is 10 ms. */
static bool
try_meeting(struct meeting *meeting, DWORD minimum, unsigned threads)
{
	*meeting = (struct meeting){ .here = TALLY_INIT, .all = threads };
	set_times("10", NULL, NULL);
	if (!try_site(&meeting->site, minimum, threads, meet, meeting))
		return false;
	submit(meeting->site.work, threads);
	WaitForThreadpoolWorkCallbacks(meeting->site.work, FALSE);
	return true;
}

/* sleep_locked: the idle time over, and not a moment before. */
START_TEST(idle_worker_leaves_after_its_idle_time)
{	/* POOL-16, port-defined */
	struct meeting meeting;
	TP_POOL *pool;

	if (!try_meeting(&meeting, 0, 3))
		return;
	pool = meeting.site.private.pool;
	Sleep(9);
	if (exact())
		ck_assert_uint_eq(workers_of(pool), 3);
	Sleep(2);
	if (exact())
		ck_assert_uint_eq(workers_of(pool), 1);
	ck_assert_uint_ge(workers_of(pool), 1);
	site_close(&meeting.site);
}
END_TEST

/* sleep_locked: a callback makes a worker's idle time begin anew. */
START_TEST(idle_time_begins_when_the_last_callback_has_returned)
{	/* POOL-16, port-defined */
	struct meeting meeting;
	TP_POOL *pool;

	if (!try_meeting(&meeting, 0, 2))
		return;
	pool = meeting.site.private.pool;
	for (int i = 0; i < 3; i++) {
		Sleep(9);
		if (exact())
			ck_assert_uint_eq(workers_of(pool), 2);
		meeting.all += 2;
		submit(meeting.site.work, 2);
		WaitForThreadpoolWorkCallbacks(meeting.site.work, FALSE);
	}
	Sleep(11);
	if (exact())
		ck_assert_uint_eq(workers_of(pool), 1);
	site_close(&meeting.site);
}
END_TEST

/* tp_factory_policy: never fewer than the minimum, at no time. */
START_TEST(minimum_holds_whatever_comes_and_goes)
{	/* POOL-11, POOL-16, port-defined */
	struct meeting meeting;
	TP_POOL *pool;

	if (!try_meeting(&meeting, 2, 3))
		return;
	pool = meeting.site.private.pool;
	for (int i = 0; i < 4; i++) {
		Sleep(5);
		ck_assert_uint_ge(workers_of(pool), 2);
	}
	if (exact())
		ck_assert_uint_eq(workers_of(pool), 2);
	meeting.all += 3;
	submit(meeting.site.work, 3);
	WaitForThreadpoolWorkCallbacks(meeting.site.work, FALSE);
	ck_assert_uint_ge(workers_of(pool), 2);
	Sleep(20);
	ck_assert_uint_ge(workers_of(pool), 2);
	if (exact())
		ck_assert_uint_eq(workers_of(pool), 2);
	site_close(&meeting.site);
}
END_TEST

/* ---- Persistent workers ---- */

/*
 * tp_worker_main: when a thread comes late, one may be asleep that was not
 * superfluous until then. Who runs the last callback stays for good: so it
 * is the other one that must leave, be it the first or the latecomer.
 */
START_TEST(sleeper_leaves_although_it_was_needed_when_it_fell_asleep)
{	/* POOL-16, POOL-38, port-defined */
	struct site site;
	PTP_WORK persistent;
	LONG volatile runs = 0;

	set_times("10", NULL, NULL);
	if (!try_site(&site, 0, 2, count_one, (PVOID)&runs))
		return;
	SetThreadpoolCallbackPersistent(&site.private.environ);
	persistent = try_work(&site.private, count_one, (PVOID)&runs);
	if (persistent != NULL) {
		submit(site.work, 2);
		WaitForThreadpoolWorkCallbacks(site.work, FALSE);
		submit(persistent, 1);
		WaitForThreadpoolWorkCallbacks(persistent, FALSE);
		ck_assert_int_eq(runs, 3);
		Sleep(30);
		if (exact())
			ck_assert_uint_eq(workers_of(site.private.pool), 1);
		CloseThreadpoolWork(persistent);
	}
	site_close(&site);
}
END_TEST

static VOID CALLBACK
count_one_simple(PTP_CALLBACK_INSTANCE instance, PVOID context)
{
	(void)instance;
	InterlockedIncrement(context);
}

/* superfluous_locked: not even a persistent worker outlives its pool. */
START_TEST(persistent_worker_goes_with_its_pool)
{	/* POOL-20, POOL-38, port-defined */
	static LONG volatile runs;	/* nobody waits for the simple one */
	struct site site;

	set_times("10", NULL, NULL);
	if (!try_site(&site, 0, 2, count_one, (PVOID)&runs))
		return;
	SetThreadpoolCallbackPersistent(&site.private.environ);
	submit(site.work, 1);
	if (!TrySubmitThreadpoolCallback(count_one_simple, (PVOID)&runs,
			&site.private.environ))
		tolerate(GetLastError());
	private_pool_close(&site.private);
	WaitForThreadpoolWorkCallbacks(site.work, FALSE);
	CloseThreadpoolWork(site.work);
	/* The harness counts threads: all are gone. */
}
END_TEST

/* ---- The suite ---- */

int
main(void)
{
	Suite *suite = suite_create("scenario_pool_limits");
	TCase *scenario = harness_case(suite, "scenario");

	tcase_add_test(scenario, callbacks_that_block_count_as_running);
	tcase_add_test(scenario,
		nobody_starts_while_more_than_a_lowered_maximum_run);
	tcase_add_test(scenario,
		maximum_that_rises_and_falls_is_the_limit_of_each_start);
	tcase_add_test(scenario,
		blocked_pool_at_its_maximum_stands_still_until_one_is_released);
	tcase_add_test(scenario, raised_maximum_releases_a_blocked_pool);
	tcase_add_test(scenario, idle_worker_leaves_after_its_idle_time);
	tcase_add_test(scenario,
		idle_time_begins_when_the_last_callback_has_returned);
	tcase_add_test(scenario, minimum_holds_whatever_comes_and_goes);
	tcase_add_test(scenario,
		sleeper_leaves_although_it_was_needed_when_it_fell_asleep);
	tcase_add_test(scenario, persistent_worker_goes_with_its_pool);
	return harness_run(suite);
}

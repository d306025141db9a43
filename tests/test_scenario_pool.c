/* SPDX-License-Identifier: MIT */
/*
 * test_scenario_pool.c - the beginning and the end of pools
 *
 * The end of a pool against everything: its threads, its objects, what is
 * queued and what runs. It ends when the last of these is gone, whoever that
 * is, and a callback may be the one who closes it. At the beginning, two
 * threads need the first worker, or the default pool itself, at once.
 *
 * Scenarios, all of them (scenario.h says what that is). The comment above a
 * test names the function whose promise is at stake. How many threads there
 * are in between is in test_scenario_limits.c and test_scenario_growth.c.
 */
#include "inside.h"

/* ---- The end that a callback brings ---- */

static VOID CALLBACK
close_own_work(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_WORK work)
{
	struct pair *pair = context;

	(void)instance;
	CloseThreadpoolWork(work);
	tally_add(&pair->inside);
}

static VOID CALLBACK
close_pool_and_say_so(PTP_CALLBACK_INSTANCE instance, PVOID context)
{
	struct pair *pair = context;

	(void)instance;
	private_pool_close(&pair->site.private);
	tally_add(&pair->inside);
}

/* grow, give_back: the pool may go while a thread is made for it. */
START_TEST(growth_against_the_end_of_the_pool)
{	/* POOL-20 */
	struct pair pair = { .inside = TALLY_INIT };
	unsigned long expected = 2;

	set_times(NULL, NULL, NULL);
	if (!try_site(&pair.site, 0, 3, close_own_work, &pair))
		return;
	submit(pair.site.work, 1);
	if (!TrySubmitThreadpoolCallback(close_pool_and_say_so, &pair,
			&pair.site.private.environ)) {
		tolerate(GetLastError());
		expected--;
		private_pool_close(&pair.site.private);
	}
	tally_await(&pair.inside, expected);
}
END_TEST

static VOID CALLBACK
count_inside(PTP_CALLBACK_INSTANCE instance, PVOID context)
{
	struct pair *pair = context;

	(void)instance;
	tally_add(&pair->inside);
}

/* tp_object_post_once: object and pool may be gone when it returns. */
START_TEST(pool_may_end_before_the_last_submit_returns)
{	/* WORK-21, POOL-20 */
	struct pair pair = { .inside = TALLY_INIT };
	unsigned long accepted = 0;

	set_times(NULL, NULL, NULL);
	if (!try_pool(&pair.site.private, 0, 2))
		return;
	for (int i = 0; i < 2; i++)
		if (TrySubmitThreadpoolCallback(count_inside, &pair,
				&pair.site.private.environ))
			accepted++;
		else
			tolerate(GetLastError());
	private_pool_close(&pair.site.private);
	tally_await(&pair.inside, accepted);
}
END_TEST

static VOID CALLBACK
close_own_pool(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_WORK work)
{
	struct pair *pair = context;

	(void)instance;
	CloseThreadpoolWork(work);
	private_pool_close(&pair->site.private);
	tally_add(&pair->inside);
}

/* signal_and_unlock: a worker does not end before it is signalled. */
START_TEST(callback_may_end_its_pool_before_its_submit_returns)
{	/* WORK-18, POOL-20 */
	struct pair pair = { .inside = TALLY_INIT };

	set_times(NULL, NULL, NULL);
	if (!try_site(&pair.site, 1, 1, close_own_pool, &pair))
		return;
	SubmitThreadpoolWork(pair.site.work);
	tally_await(&pair.inside, 1);
}
END_TEST

/*
 * signal_and_unlock: the worker wakes as its time is up, before it has been
 * signalled; it runs what it was chosen for, and ends with its pool.
 */
START_TEST(callback_may_end_its_pool_although_its_worker_woke_by_itself)
{	/* WORK-18, POOL-20 */
	struct pair pair = { .inside = TALLY_INIT };

	set_times("10", NULL, NULL);
	if (!try_site(&pair.site, 2, 2, close_own_pool, &pair))
		return;
	ck_assert(SetThreadpoolThreadMinimum(pair.site.private.pool, 1));
	Sleep(10);
	SubmitThreadpoolWork(pair.site.work);
	tally_await(&pair.inside, 1);
}
END_TEST

/* ---- The end of a pool ---- */

static void *
close_work(void *argument)
{
	CloseThreadpoolWork(argument);
	return NULL;
}

/* finish_if_done_locked: whoever comes last, and only that one, ends it. */
START_TEST(close_of_the_pool_against_close_of_its_last_object)
{	/* WORK-17, POOL-20 */
	struct site site;
	struct race race = { .count = 0 };
	LONG volatile runs = 0;

	set_times(NULL, NULL, NULL);
	if (!try_site(&site, 2, 2, count_one, (PVOID)&runs))
		return;
	submit(site.work, 1);
	WaitForThreadpoolWorkCallbacks(site.work, FALSE);
	ck_assert_int_eq(runs, 1);
	race_start(&race, close_work, site.work);
	private_pool_close(&site.private);
	race_join(&race);
}
END_TEST

/* CloseThreadpool: cancels nothing and waits for nobody. */
START_TEST(close_of_the_pool_against_queued_and_running_callbacks)
{	/* POOL-20 */
	struct crowd crowd = { .limit = 2 };

	if (!try_crowd(&crowd, 2, 2))
		return;
	submit(crowd.site.work, 3);
	private_pool_close(&crowd.site.private);
	WaitForThreadpoolWorkCallbacks(crowd.site.work, FALSE);
	ck_assert_int_eq(crowd.runs, 3);
	assert_at_rest(crowd.site.work);
	CloseThreadpoolWork(crowd.site.work);
}
END_TEST

/* A pool is closed while a timer of it is set. */
struct closing {
	struct private_pool private;
	LONGLONG begin;
	LONG volatile rings;
};

static VOID CALLBACK
ring(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_TIMER timer)
{
	struct closing *closing = context;

	(void)instance;
	(void)timer;
	assert_elapsed(closing->begin, 10 * MS);
	InterlockedIncrement(&closing->rings);
	Sleep(10);
}

/* tp_pool_close: what is set still comes, and the pool is there for it. */
START_TEST(closed_pool_serves_the_timer_that_is_set_and_goes_with_it)
{	/* POOL-20 */
	struct closing closing = { .rings = 0 };
	FILETIME due = file_time(-10 * MS);
	PTP_TIMER timer;

	set_times(NULL, NULL, NULL);
	if (!try_pool(&closing.private, 0, 1))
		return;
	timer = CreateThreadpoolTimer(ring, &closing,
		&closing.private.environ);
	if (!made(timer)) {
		private_pool_close(&closing.private);
		return;
	}
	closing.begin = ticks_now();
	SetThreadpoolTimer(timer, &due, 0, 0);
	private_pool_close(&closing.private);
	assert_elapsed(closing.begin, 0);
	Sleep(explore_active() ? 15 : 0);
	WaitForThreadpoolTimerCallbacks(timer, FALSE);
	if (exact())
		ck_assert_int_eq(closing.rings, 1);
	SetThreadpoolTimer(timer, NULL, 0, 0);
	WaitForThreadpoolTimerCallbacks(timer, TRUE);
	CloseThreadpoolTimer(timer);
}
END_TEST

/* tp_pool_wake_all_locked: workers that come late find a finished pool. */
START_TEST(close_of_a_pool_against_the_arrival_of_its_threads)
{	/* POOL-11, POOL-19, port-defined */
	struct private_pool private;

	set_times(NULL, NULL, NULL);
	if (try_pool(&private, 2, 2))
		private_pool_close(&private);
}
END_TEST

/* ---- First objects ---- */

/* Two threads make, use and close an object each. */
struct firsts {
	struct private_pool private;
	PTP_CALLBACK_ENVIRON environ;	/* NULL: the default pool */
	LONG volatile runs, made;
};

static void *
use_a_first_object(void *argument)
{
	struct firsts *firsts = argument;
	PTP_WORK work = CreateThreadpoolWork(count_one,
		(PVOID)&firsts->runs, firsts->environ);

	if (!made(work))
		return NULL;
	InterlockedIncrement(&firsts->made);
	SubmitThreadpoolWork(work);
	WaitForThreadpoolWorkCallbacks(work, FALSE);
	CloseThreadpoolWork(work);
	return NULL;
}

static void
race_for_the_first_object(struct firsts *firsts)
{
	struct race race = { .count = 0 };

	race_start(&race, use_a_first_object, firsts);
	(void)use_a_first_object(firsts);
	race_join(&race);
	ck_assert_int_eq(firsts->runs, firsts->made);
	if (!may_fail())
		ck_assert_int_eq(firsts->made, 2);
}

/* ensure_worker: who finds no worker waits for the one who makes it. */
START_TEST(first_objects_of_two_threads_share_the_first_worker)
{	/* WORK-03, POOL-04, port-defined */
	struct firsts firsts = { .runs = 0 };

	set_times(NULL, NULL, NULL);
	if (!try_pool(&firsts.private, 0, 1))
		return;
	firsts.environ = &firsts.private.environ;
	race_for_the_first_object(&firsts);
	ck_assert_uint_le(workers_of(firsts.private.pool), 1);
	private_pool_close(&firsts.private);
}
END_TEST

/* tp_pool_default: made once, however many threads come first. */
START_TEST(first_uses_of_the_default_pool_by_two_threads)
{	/* WORK-24, POOL-23 */
	struct firsts firsts = { .runs = 0 };

	set_times(NULL, NULL, NULL);
	race_for_the_first_object(&firsts);
}
END_TEST

/* ---- Several pools ---- */

/* Callbacks of one pool, and which threads ran them. */
struct residents {
	struct site site;
	LONG volatile count;
	DWORD threads[4];
};

static VOID CALLBACK
note_resident(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_WORK work)
{
	struct residents *residents = context;
	LONG n = InterlockedIncrement(&residents->count);

	(void)instance;
	(void)work;
	residents->threads[n - 1] = GetCurrentThreadId();
}

/* worker_main: a worker takes from the queue of its own pool alone. */
START_TEST(threads_of_a_pool_run_callbacks_of_no_other)
{	/* POOL-17, POOL-18 */
	struct residents residents[2] = { { .count = 0 }, { .count = 0 } };
	unsigned pools = 0;

	set_times(NULL, NULL, NULL);
	while (pools < 2 && try_site(&residents[pools].site, 1, 1,
			note_resident, &residents[pools]))
		pools++;
	for (unsigned i = 0; i < 2 * pools; i++)
		submit(residents[i % pools].site.work, 1);
	for (unsigned i = 0; i < pools; i++) {
		WaitForThreadpoolWorkCallbacks(residents[i].site.work,
			FALSE);
		ck_assert_int_eq(residents[i].count, 2);
		ck_assert_uint_eq(residents[i].threads[0],
			residents[i].threads[1]);
		site_close(&residents[i].site);
	}
	if (pools == 2)
		ck_assert_uint_ne(residents[0].threads[0],
			residents[1].threads[0]);
}
END_TEST

/* ---- The suite ---- */

int
main(void)
{
	Suite *suite = suite_create("scenario_pool");
	TCase *scenario = harness_case(suite, "scenario");

	tcase_add_test(scenario, growth_against_the_end_of_the_pool);
	tcase_add_test(scenario, pool_may_end_before_the_last_submit_returns);
	tcase_add_test(scenario,
		callback_may_end_its_pool_before_its_submit_returns);
	tcase_add_test(scenario,
		callback_may_end_its_pool_although_its_worker_woke_by_itself);
	tcase_add_test(scenario,
		close_of_the_pool_against_close_of_its_last_object);
	tcase_add_test(scenario,
		close_of_the_pool_against_queued_and_running_callbacks);
	tcase_add_test(scenario,
		closed_pool_serves_the_timer_that_is_set_and_goes_with_it);
	tcase_add_test(scenario,
		close_of_a_pool_against_the_arrival_of_its_threads);
	tcase_add_test(scenario,
		first_objects_of_two_threads_share_the_first_worker);
	tcase_add_test(scenario,
		first_uses_of_the_default_pool_by_two_threads);
	tcase_add_test(scenario, threads_of_a_pool_run_callbacks_of_no_other);
	return harness_run(suite);
}

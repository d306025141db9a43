/* SPDX-License-Identifier: MIT */
/*
 * test_scenario_limits.c - how many threads a pool has: retirement and limits
 *
 * Retirement against post, limits against post, limits against each other:
 * scenarios (scenario.h says what that is). The comment above a test names
 * the function whose promise is at stake. A limit is kept from the moment
 * at which it is set, and a worker that is too many leaves; but never is a
 * post lost, because the last one left, or was promised and is refused.
 *
 * That a pool grows when it has to is in test_scenario_growth.c; its end,
 * and its first objects, are in test_scenario_pool.c.
 */
#include "inside.h"

/* ---- Retirement ---- */

/* A pool of two workers of which one is superfluous after 10 ms. */
struct retirement {
	struct site site;
	LONG volatile runs;
};

/* Both workers are there, and asleep since a moment ago; or nothing. */
static bool
try_retirement(struct retirement *retirement)
{
	set_times("10", NULL, NULL);
	if (!try_site(&retirement->site, 2, 2, count_one,
			(PVOID)&retirement->runs))
		return false;
	/* Cannot fail: none is missing. Both see it when they look. */
	ck_assert(SetThreadpoolThreadMinimum(retirement->site.private.pool,
		1));
	return true;
}

/* sleep_locked: who is chosen has left the idle list, and does not leave. */
START_TEST(post_against_a_worker_that_retires_is_not_lost)
{	/* WORK-04, POOL-16, port-defined */
	struct retirement r = { .runs = 0 };

	if (!try_retirement(&r))
		return;
	Sleep(10);
	submit(r.site.work, 2);
	WaitForThreadpoolWorkCallbacks(r.site.work, FALSE);
	ck_assert_int_eq(r.runs, 2);
	ck_assert_uint_ge(workers_of(r.site.private.pool), 1);
	assert_at_rest(r.site.work);
	site_close(&r.site);
}
END_TEST

static void *
sleep_and_submit(void *argument)
{
	struct retirement *r = argument;

	Sleep(10);
	submit(r->site.work, 1);
	return NULL;
}

/* sleep_locked: of two that are too many by one, one leaves. */
START_TEST(last_worker_stays_although_both_have_been_idle_for_long)
{	/* POOL-16, port-defined */
	struct retirement r = { .runs = 0 };
	struct race race = { .count = 0 };

	if (!try_retirement(&r))
		return;
	race_start(&race, sleep_and_submit, &r);
	Sleep(30);
	ck_assert_uint_ge(workers_of(r.site.private.pool), 1);
	if (exact())
		ck_assert_uint_eq(workers_of(r.site.private.pool), 1);
	race_join(&race);
	WaitForThreadpoolWorkCallbacks(r.site.work, FALSE);
	ck_assert_int_eq(r.runs, 1);
	site_close(&r.site);
}
END_TEST

/* sleep_locked: whether it may leave is decided under the lock, at last. */
START_TEST(minimum_against_retirement_keeps_its_threads)
{	/* POOL-11, POOL-16, port-defined */
	struct retirement r = { .runs = 0 };
	TP_POOL *pool;

	if (!try_retirement(&r))
		return;
	pool = r.site.private.pool;
	Sleep(10);
	if (SetThreadpoolThreadMinimum(pool, 2)) {
		ck_assert_uint_ge(workers_of(pool), 2);
		Sleep(20);
		ck_assert_uint_eq(workers_of(pool), 2);
	} else {
		tolerate(GetLastError());
		ck_assert_uint_ge(workers_of(pool), 1);
	}
	submit(r.site.work, 1);
	WaitForThreadpoolWorkCallbacks(r.site.work, FALSE);
	ck_assert_int_eq(r.runs, 1);
	site_close(&r.site);
}
END_TEST

/* leave_locked: a worker that retires and a pool that ends are both let go. */
START_TEST(close_against_retirement_ends_every_worker)
{	/* POOL-19, POOL-20 */
	struct retirement r = { .runs = 0 };

	if (!try_retirement(&r))
		return;
	submit(r.site.work, 1);
	Sleep(10);
	CloseThreadpoolWork(r.site.work);
	private_pool_close(&r.site.private);
}
END_TEST

/* ---- Limits ---- */

static void *
submit_two(void *argument)
{
	struct crowd *crowd = argument;

	submit(crowd->site.work, 2);
	return NULL;
}

/* tp_queue_startable_locked: the maximum counts at the moment of taking. */
START_TEST(lowered_maximum_against_posts_is_kept_from_then_on)
{	/* POOL-05, POOL-06, POOL-12 */
	struct crowd crowd = { .limit = 2 };
	struct race race = { .count = 0 };

	if (!try_crowd(&crowd, 2, 2))
		return;
	race_start(&race, submit_two, &crowd);
	SetThreadpoolThreadMaximum(crowd.site.private.pool, 1);
	race_join(&race);
	WaitForThreadpoolWorkCallbacks(crowd.site.work, FALSE);
	ck_assert_int_eq(crowd.runs, 2);
	InterlockedExchange(&crowd.limit, 1);
	submit(crowd.site.work, 2);
	WaitForThreadpoolWorkCallbacks(crowd.site.work, FALSE);
	ck_assert_int_eq(crowd.runs, 4);
	assert_at_rest(crowd.site.work);
	site_close(&crowd.site);
}
END_TEST

/* take_census_locked: who is too many because the maximum fell leaves. */
START_TEST(surplus_worker_goes_when_it_is_idle)
{	/* POOL-12, POOL-16, port-defined */
	struct crowd crowd = { .limit = 2 };

	set_times("10", NULL, NULL);
	if (!try_site(&crowd.site, 2, 2, enter_and_leave, &crowd))
		return;
	submit(crowd.site.work, 2);
	SetThreadpoolThreadMaximum(crowd.site.private.pool, 1);
	WaitForThreadpoolWorkCallbacks(crowd.site.work, FALSE);
	ck_assert_int_eq(crowd.runs, 2);
	Sleep(30);
	if (exact())
		ck_assert_uint_eq(workers_of(crowd.site.private.pool), 1);
	submit(crowd.site.work, 1);
	WaitForThreadpoolWorkCallbacks(crowd.site.work, FALSE);
	ck_assert_int_eq(crowd.runs, 3);
	site_close(&crowd.site);
}
END_TEST

/* SetThreadpoolThreadMaximum: a higher one starts what is queued. */
START_TEST(raised_maximum_against_posts_loses_none)
{	/* POOL-06, POOL-08, port-defined */
	struct crowd crowd = { .limit = 3 };
	struct race race = { .count = 0 };

	if (!try_crowd(&crowd, 0, 1))
		return;
	race_start(&race, submit_two, &crowd);
	SetThreadpoolThreadMaximum(crowd.site.private.pool, 3);
	submit(crowd.site.work, 1);
	race_join(&race);
	WaitForThreadpoolWorkCallbacks(crowd.site.work, FALSE);
	ck_assert_int_eq(crowd.runs, 3);
	ck_assert_uint_le(workers_of(crowd.site.private.pool), 3);
	assert_at_rest(crowd.site.work);
	site_close(&crowd.site);
}
END_TEST

/* SetThreadpoolThreadMaximum: nobody need post for it to be noticed. */
START_TEST(raised_maximum_lets_a_queued_callback_start)
{	/* POOL-08, port-defined */
	struct pair pair = { .inside = TALLY_INIT };

	set_times(NULL, NULL, NULL);
	if (!try_site(&pair.site, 0, 1, wait_for_the_other, &pair))
		return;
	submit(pair.site.work, 2);
	SetThreadpoolThreadMaximum(pair.site.private.pool, 2);
	WaitForThreadpoolWorkCallbacks(pair.site.work, FALSE);
	assert_at_rest(pair.site.work);
	site_close(&pair.site);
}
END_TEST

static void *
raise_minimum(void *argument)
{
	struct crowd *crowd = argument;

	if (!SetThreadpoolThreadMinimum(crowd->site.private.pool, 2))
		tolerate(GetLastError());
	return NULL;
}

/* SetThreadpoolThreadMaximum, ...Minimum: each drags the other along. */
START_TEST(maximum_against_minimum_leaves_limits_that_agree)
{	/* POOL-10, POOL-13, port-defined */
	struct crowd crowd = { .limit = 2 };
	struct race race = { .count = 0 };
	TP_POOL *pool;

	if (!try_crowd(&crowd, 0, 1))
		return;
	pool = crowd.site.private.pool;
	race_start(&race, raise_minimum, &crowd);
	SetThreadpoolThreadMaximum(pool, 1);
	submit(crowd.site.work, 2);
	race_join(&race);
	tp_lock(&pool->lock);
	ck_assert_uint_le(pool->minimum, pool->maximum);
	ck_assert_uint_le(pool->maximum, 2);
	tp_unlock(&pool->lock);
	WaitForThreadpoolWorkCallbacks(crowd.site.work, FALSE);
	ck_assert_int_eq(crowd.runs, 2);
	site_close(&crowd.site);
}
END_TEST

/* SetThreadpoolThreadMinimum: takes back what it changed, and no more. */
START_TEST(minimum_against_maximum_does_not_undo_it)
{	/* POOL-10, POOL-13, port-defined */
	struct crowd crowd = { .limit = 3 };
	struct race race = { .count = 0 };
	TP_POOL *pool;

	if (!try_crowd(&crowd, 1, 1))
		return;
	pool = crowd.site.private.pool;
	race_start(&race, raise_minimum, &crowd);
	SetThreadpoolThreadMaximum(pool, 3);
	submit(crowd.site.work, 1);
	race_join(&race);
	tp_lock(&pool->lock);
	/* Whoever came last: both are in force, or the minimum failed. */
	ck_assert_uint_eq(pool->maximum, 3);
	ck_assert_uint_ge(pool->minimum, 1);
	ck_assert_uint_le(pool->minimum, 2);
	if (!may_fail())
		ck_assert_uint_eq(pool->minimum, 2);
	tp_unlock(&pool->lock);
	WaitForThreadpoolWorkCallbacks(crowd.site.work, FALSE);
	ck_assert_int_eq(crowd.runs, 1);
	site_close(&crowd.site);
}
END_TEST

/* A callback blocks, so that the post makes the pool grow. */
static void *
submit_and_be_refused(void *argument)
{
	struct pair *pair = argument;

	fail_thread_number(1);
	submit(pair->site.work, 1);
	return NULL;
}

/*
 * SetThreadpoolThreadMinimum: a thread that is being made for the queue may
 * be refused. Who relies on it has promised what is not there.
 */
START_TEST(minimum_does_not_rely_on_a_thread_that_is_refused)
{	/* POOL-10, POOL-11, port-defined */
	struct pair pair = { .inside = TALLY_INIT };
	struct race race = { .count = 0 };
	TP_POOL *pool;

	set_times(NULL, NULL, NULL);
	if (!try_site(&pair.site, 0, 2, wait_for_the_other, &pair))
		return;
	pool = pair.site.private.pool;
	submit(pair.site.work, 1);
	tally_await(&pair.inside, 1);
	race_start(&race, submit_and_be_refused, &pair);
	if (SetThreadpoolThreadMinimum(pool, 2)) {
		race_join(&race);
		ck_assert_uint_eq(workers_of(pool), 2);
	} else {
		ck_assert_uint_eq(GetLastError(), ERROR_NOT_ENOUGH_MEMORY);
		race_join(&race);
	}
	WaitForThreadpoolWorkCallbacks(pair.site.work, FALSE);
	assert_at_rest(pair.site.work);
	site_close(&pair.site);
}
END_TEST

static void *
submit_once(void *site)
{
	submit(((struct site *)site)->work, 1);
	return NULL;
}

/*
 * A post finds the one worker busy, and as many threads as processors: it
 * arms the deadline. When it gets to set it, the callback may have run, and
 * the pool be finished.
 */
START_TEST(deadline_against_the_end_of_its_pool)
{	/* POOL-20 */
	struct tally runs = TALLY_INIT;
	struct race race = { .count = 0 };
	struct site site;

	set_times(NULL, NULL, "1");
	if (!try_site(&site, 0, 2, count_work, &runs))
		return;
	submit(site.work, 1);
	race_start(&race, submit_once, &site);
	if (race.racers[0].refused) {	/* then it is done here and now */
		race_join(&race);
		race.count = 0;
	}
	tally_await(&runs, 2);
	WaitForThreadpoolWorkCallbacks(site.work, FALSE);
	site_close(&site);
	race_join(&race);
}
END_TEST

/* SetThreadpoolThreadMinimum: posts may rely on threads that are refused. */
START_TEST(post_against_a_minimum_is_run_even_if_it_fails)
{	/* WORK-03, POOL-10, POOL-11, port-defined */
	struct crowd crowd = { .limit = 3 };
	struct race race = { .count = 0 };

	if (!try_crowd(&crowd, 0, 3))
		return;
	race_start(&race, raise_minimum, &crowd);
	submit(crowd.site.work, 2);
	race_join(&race);
	WaitForThreadpoolWorkCallbacks(crowd.site.work, FALSE);
	ck_assert_int_eq(crowd.runs, 2);
	if (!may_fail())
		ck_assert_uint_ge(workers_of(crowd.site.private.pool), 2);
	site_close(&crowd.site);
}
END_TEST

/* tp_factory_reserve_locked: counted first, so not made twice. */
START_TEST(two_minimums_at_once_make_the_threads_of_one)
{	/* POOL-11, port-defined */
	struct crowd crowd = { .limit = 3 };
	struct race race = { .count = 0 };
	unsigned total;

	if (!try_crowd(&crowd, 0, 3))
		return;
	race_start(&race, raise_minimum, &crowd);
	(void)raise_minimum(&crowd);
	race_join(&race);
	total = workers_of(crowd.site.private.pool);
	ck_assert_uint_le(total, 2);
	if (!may_fail())
		ck_assert_uint_eq(total, 2);
	submit(crowd.site.work, 1);
	WaitForThreadpoolWorkCallbacks(crowd.site.work, FALSE);
	ck_assert_int_eq(crowd.runs, 1);
	site_close(&crowd.site);
}
END_TEST

static bool
counts_are_back(void *argument)
{
	TP_POOL *pool = argument;
	bool back;

	tp_lock(&pool->lock);
	back = pool->waking == 0 && pool->starting == 0 &&
		pool->idle_count == pool->total;
	tp_unlock(&pool->lock);
	return back;
}

static void *
post_and_set_limits(void *argument)
{
	struct crowd *crowd = argument;

	submit(crowd->site.work, 1);
	SetThreadpoolThreadMaximum(crowd->site.private.pool, 1);
	submit(crowd->site.work, 1);
	return NULL;
}

/* tp_factory_reserve_locked and all that count: back at rest in the end. */
START_TEST(counters_of_the_pool_return_to_rest_after_posts_and_limits)
{	/* WORK-27, POOL-13, port-defined */
	struct crowd crowd = { .limit = 3 };
	struct race race = { .count = 0 };
	TP_POOL *pool;

	if (!try_crowd(&crowd, 0, 3))
		return;
	pool = crowd.site.private.pool;
	race_start(&race, post_and_set_limits, &crowd);
	submit(crowd.site.work, 2);
	if (!SetThreadpoolThreadMinimum(pool, 2))
		tolerate(GetLastError());
	race_join(&race);
	WaitForThreadpoolWorkCallbacks(crowd.site.work, FALSE);
	ck_assert_int_eq(crowd.runs, 4);
	await(counts_are_back, pool);
	tp_lock(&pool->lock);
	ck_assert_uint_eq(pool->running, 0);
	ck_assert_uint_eq(pool->suspended, 0);
	ck_assert_uint_eq(pool->queue.posts, 0);
	ck_assert_uint_eq(pool->objects, 1);
	tp_unlock(&pool->lock);
	site_close(&crowd.site);
}
END_TEST

/* ---- The suite ---- */

int
main(void)
{
	Suite *suite = suite_create("scenario_limits");
	TCase *scenario = harness_case(suite, "scenario");

	tcase_add_test(scenario,
		post_against_a_worker_that_retires_is_not_lost);
	tcase_add_test(scenario,
		last_worker_stays_although_both_have_been_idle_for_long);
	tcase_add_test(scenario, minimum_against_retirement_keeps_its_threads);
	tcase_add_test(scenario, close_against_retirement_ends_every_worker);
	tcase_add_test(scenario,
		lowered_maximum_against_posts_is_kept_from_then_on);
	tcase_add_test(scenario, surplus_worker_goes_when_it_is_idle);
	tcase_add_test(scenario, raised_maximum_against_posts_loses_none);
	tcase_add_test(scenario, raised_maximum_lets_a_queued_callback_start);
	tcase_add_test(scenario,
		maximum_against_minimum_leaves_limits_that_agree);
	tcase_add_test(scenario, minimum_against_maximum_does_not_undo_it);
	tcase_add_test(scenario,
		minimum_does_not_rely_on_a_thread_that_is_refused);
	tcase_add_test(scenario, deadline_against_the_end_of_its_pool);
	tcase_add_test(scenario,
		post_against_a_minimum_is_run_even_if_it_fails);
	tcase_add_test(scenario, two_minimums_at_once_make_the_threads_of_one);
	tcase_add_test(scenario,
		counters_of_the_pool_return_to_rest_after_posts_and_limits);
	return harness_run(suite);
}

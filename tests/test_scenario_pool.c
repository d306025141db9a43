/* SPDX-License-Identifier: MIT */
/*
 * test_scenario_pool.c - the making and the end of threads and of pools
 *
 * Retirement against post, growth against close, limits against post, the
 * end of a pool against everything: scenarios (scenario.h says what that
 * is). The comment above a test names the function whose promise is at
 * stake.
 *
 * Where two things shall happen at the same time, they are given the same
 * time: a worker that leaves after 10 ms, and a Sleep(10). In virtual time
 * both are due at one moment, and every order of the two is tried.
 */
#include <time.h>

#include "scenario.h"

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

/* Callbacks that know how many of them are inside at once. */
struct crowd {
	struct site site;
	LONG volatile inside, most, runs;
	LONG volatile limit;	/* more than so many are never inside */
};

static VOID CALLBACK
enter_and_leave(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_WORK work)
{
	struct crowd *crowd = context;
	LONG inside = InterlockedIncrement(&crowd->inside);

	(void)instance;
	(void)work;
	ck_assert_int_le(inside, count_of(&crowd->limit));
	InterlockedIncrement(&crowd->runs);
	InterlockedDecrement(&crowd->inside);
}

static bool
try_crowd(struct crowd *crowd, DWORD minimum, DWORD maximum)
{
	set_times(NULL, NULL, NULL);
	return try_site(&crowd->site, minimum, maximum, enter_and_leave,
		crowd);
}

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

/* Two that need each other, behind a maximum that is raised meanwhile. */
struct pair {
	struct site site;
	struct tally inside;
};

static VOID CALLBACK
wait_for_the_other(PTP_CALLBACK_INSTANCE instance, PVOID context,
	PTP_WORK work)
{
	struct pair *pair = context;

	(void)instance;
	(void)work;
	tally_add(&pair->inside);
	tally_await(&pair->inside, 2);
}

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

/* ---- Growth ---- */

/* What runs when somebody else is blocked where the pool can see it. */
struct rescue {
	struct site site;	/* its callbacks block, and need: */
	PTP_WORK rescuer;	/* in the same pool */
	HANDLE event;
	LONG volatile runs;
	LONGLONG begin;
};

static VOID CALLBACK
wait_for_event(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_WORK work)
{
	struct rescue *rescue = context;

	(void)instance;
	(void)work;
	WaitForSingleObject(rescue->event, INFINITE);
	InterlockedIncrement(&rescue->runs);
}

static VOID CALLBACK
set_event(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_WORK work)
{
	struct rescue *rescue = context;

	(void)instance;
	(void)work;
	SetEvent(rescue->event);
	InterlockedIncrement(&rescue->runs);
}

static VOID CALLBACK
wait_for_rescuer(PTP_CALLBACK_INSTANCE instance, PVOID context,
	PTP_WORK work)
{
	struct rescue *rescue = context;

	(void)instance;
	(void)work;
	SubmitThreadpoolWork(rescue->rescuer);
	WaitForThreadpoolWorkCallbacks(rescue->rescuer, FALSE);
	InterlockedIncrement(&rescue->runs);
}

/*
 * A pool of one processor: it grows because a worker blocks. It would grow
 * in 20 ms because its queue stands still, and somebody would notice that
 * time has passed (end_rescue).
 */
static bool
try_rescue(struct rescue *rescue, PTP_WORK_CALLBACK blocked)
{
	set_times(NULL, "20", "1");
	rescue->event = CreateEventA(NULL, TRUE, FALSE, NULL);
	if (!made(rescue->event))
		return false;
	if (!try_site(&rescue->site, 0, 2, blocked, rescue)) {
		CloseHandle(rescue->event);
		return false;
	}
	rescue->rescuer = try_work(&rescue->site.private, set_event, rescue);
	if (rescue->rescuer == NULL) {
		site_close(&rescue->site);
		CloseHandle(rescue->event);
	}
	rescue->begin = ticks_now();
	return rescue->rescuer != NULL;
}

/* Everything has run, and no deadline was needed for it. */
static void
end_rescue(struct rescue *rescue)
{
	WaitForThreadpoolWorkCallbacks(rescue->site.work, FALSE);
	WaitForThreadpoolWorkCallbacks(rescue->rescuer, FALSE);
	assert_elapsed(rescue->begin, 0);
	ck_assert_int_eq(rescue->runs, 2);
	assert_at_rest(rescue->site.work);
	CloseThreadpoolWork(rescue->rescuer);
	site_close(&rescue->site);
	ck_assert(CloseHandle(rescue->event));
}

/* tp_blocking_begin: told before it blocks, the pool can replace it. */
START_TEST(post_against_a_worker_that_blocks_finds_a_thread)
{	/* POOL-07 */
	struct rescue rescue = { .runs = 0 };

	if (!try_rescue(&rescue, wait_for_event))
		return;
	submit(rescue.site.work, 1);
	submit(rescue.rescuer, 1);
	end_rescue(&rescue);
}
END_TEST

/* sleep_until_quiet_locked: linked first, and then the pool is told. */
START_TEST(callback_may_wait_for_callbacks_of_its_own_pool)
{	/* WORK-09, POOL-07 */
	struct rescue rescue = { .runs = 0 };

	if (!try_rescue(&rescue, wait_for_rescuer))
		return;
	submit(rescue.site.work, 1);
	end_rescue(&rescue);
}
END_TEST

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

/* ---- The deadline of a queue that stands still ---- */

/*
 * The dispatcher, before it is needed: a pool that cannot have one when its
 * queue stands still tries again at the next post only.
 */
static bool
try_dispatcher(void)
{
	DWORD error = tp_dispatcher_start();

	if (error != 0)
		tolerate(error);
	return error == 0;
}

/* expire_stall, attend: without it, the first would wait for ever. */
START_TEST(queue_that_stands_still_gets_a_thread_in_time)
{	/* POOL-07 */
	struct pair pair = { .inside = TALLY_INIT };
	LONGLONG begin;

	set_times(NULL, "5", "1");
	if (!try_dispatcher() ||
	    !try_site(&pair.site, 0, 2, wait_for_the_other, &pair))
		return;
	begin = ticks_now();
	submit(pair.site.work, 2);
	WaitForThreadpoolWorkCallbacks(pair.site.work, FALSE);
	assert_elapsed(begin, 5 * MS);
	assert_at_rest(pair.site.work);
	site_close(&pair.site);
}
END_TEST

/* As long as the stall time; the pool does not see that it sleeps. */
static VOID CALLBACK
sleep_unseen(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_WORK work)
{
	struct timespec rest = { 0, 5000000 };
	struct pair *pair = context;

	(void)instance;
	(void)work;
	while (nanosleep(&rest, &rest) != 0)
		continue;
	tally_add(&pair->inside);
}

/* attend: the deadline holds the pool until it has done what it found. */
START_TEST(deadline_of_the_queue_against_the_end_of_the_pool)
{	/* POOL-20 */
	struct pair pair = { .inside = TALLY_INIT };

	set_times(NULL, "5", "1");
	if (!try_dispatcher() ||
	    !try_site(&pair.site, 0, 2, sleep_unseen, &pair))
		return;
	submit(pair.site.work, 2);
	CloseThreadpoolWork(pair.site.work);
	private_pool_close(&pair.site.private);
	tally_await(&pair.inside, 2);
}
END_TEST

/* arm_stall: a post at the very moment of the deadline is not lost. */
START_TEST(deadline_of_the_queue_against_a_post)
{	/* WORK-04, POOL-07 */
	struct pair pair = { .inside = TALLY_INIT };

	set_times(NULL, "5", "1");
	if (!try_dispatcher() ||
	    !try_site(&pair.site, 0, 2, sleep_unseen, &pair))
		return;
	submit(pair.site.work, 2);
	Sleep(5);
	submit(pair.site.work, 1);
	WaitForThreadpoolWorkCallbacks(pair.site.work, FALSE);
	ck_assert_uint_eq(tally_read(&pair.inside), 3);
	assert_at_rest(pair.site.work);
	site_close(&pair.site);
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

/* ---- Several pools, several things at once ---- */

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

static void
add_retirement_and_limits(TCase *scenario)
{
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
		post_against_a_minimum_is_run_even_if_it_fails);
	tcase_add_test(scenario, two_minimums_at_once_make_the_threads_of_one);
}

static void
add_growth_and_ends(TCase *scenario)
{
	tcase_add_test(scenario,
		post_against_a_worker_that_blocks_finds_a_thread);
	tcase_add_test(scenario,
		callback_may_wait_for_callbacks_of_its_own_pool);
	tcase_add_test(scenario, growth_against_the_end_of_the_pool);
	tcase_add_test(scenario, pool_may_end_before_the_last_submit_returns);
	tcase_add_test(scenario,
		callback_may_end_its_pool_before_its_submit_returns);
	tcase_add_test(scenario,
		callback_may_end_its_pool_although_its_worker_woke_by_itself);
	tcase_add_test(scenario,
		queue_that_stands_still_gets_a_thread_in_time);
	tcase_add_test(scenario,
		deadline_of_the_queue_against_the_end_of_the_pool);
	tcase_add_test(scenario, deadline_of_the_queue_against_a_post);
	tcase_add_test(scenario,
		close_of_the_pool_against_close_of_its_last_object);
	tcase_add_test(scenario,
		close_of_the_pool_against_queued_and_running_callbacks);
	tcase_add_test(scenario,
		close_of_a_pool_against_the_arrival_of_its_threads);
}

int
main(void)
{
	Suite *suite = suite_create("scenario_pool");
	TCase *scenario = harness_case(suite, "scenario");

	add_retirement_and_limits(scenario);
	add_growth_and_ends(scenario);
	tcase_add_test(scenario,
		first_objects_of_two_threads_share_the_first_worker);
	tcase_add_test(scenario,
		first_uses_of_the_default_pool_by_two_threads);
	tcase_add_test(scenario, threads_of_a_pool_run_callbacks_of_no_other);
	tcase_add_test(scenario,
		counters_of_the_pool_return_to_rest_after_posts_and_limits);
	return harness_run(suite);
}

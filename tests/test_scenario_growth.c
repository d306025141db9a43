/* SPDX-License-Identifier: MIT */
/*
 * test_scenario_growth.c - when a pool gets one more thread
 *
 * A pool grows for two reasons: a worker blocks where the pool can see it,
 * or its queue has stood still for the stall time. Scenarios (scenario.h says
 * what that is) of both, against posts and against the end of the pool. The
 * comment above a test names the function whose promise is at stake.
 *
 * The callbacks that wait for each other, or for somebody who needs a
 * thread of the same pool, end only if it comes; and in virtual time it can
 * be told whether a deadline was needed for that.
 */
#include <time.h>

#include "inside.h"

/* ---- A worker that blocks ---- */

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

/* ---- The suite ---- */

int
main(void)
{
	Suite *suite = suite_create("scenario_growth");
	TCase *scenario = harness_case(suite, "scenario");

	tcase_add_test(scenario,
		post_against_a_worker_that_blocks_finds_a_thread);
	tcase_add_test(scenario,
		callback_may_wait_for_callbacks_of_its_own_pool);
	tcase_add_test(scenario,
		queue_that_stands_still_gets_a_thread_in_time);
	tcase_add_test(scenario,
		deadline_of_the_queue_against_the_end_of_the_pool);
	tcase_add_test(scenario, deadline_of_the_queue_against_a_post);
	return harness_run(suite);
}

/* SPDX-License-Identifier: MIT */
/*
 * test_groups_load.c - a thousand groups, and a hundred thousand members
 *
 * That many members of every kind, in two pools, with callbacks queued,
 * running and due: each group is closed, half of them with TRUE. Every post
 * has then run, or its member was cancelled, and nothing is left. With a
 * sanitizer there are a tenth of them.
 */
#include "members.h"

#if defined(__SANITIZE_THREAD__) || defined(__SANITIZE_ADDRESS__)
#define LOAD(n)	((n) / 10)
#elif defined(__has_feature)
#if __has_feature(thread_sanitizer) || __has_feature(address_sanitizer)
#define LOAD(n)	((n) / 10)
#endif
#endif
#ifndef LOAD
#define LOAD(n)	(n)
#endif

#define GROUPS	LOAD(1000)
#define MEMBERS	100		/* each, of four kinds in turn */

/* Of all the members of a group: it is their context. */
struct crowd {
	PTP_CLEANUP_GROUP group;
	LONG volatile simple, others;	/* callbacks that have run */
	unsigned cancels;
	bool closed;		/* nothing may run any more */
};

static void
run_in(struct crowd *crowd, LONG volatile *runs)
{
	if (crowd->closed)
		abort();		/* on a thread of the pool */
	InterlockedIncrement(runs);
}

static VOID CALLBACK
run_simple(PTP_CALLBACK_INSTANCE instance, PVOID context)
{
	struct crowd *crowd = context;

	(void)instance;
	run_in(crowd, &crowd->simple);
}

static VOID CALLBACK
run_work(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_WORK work)
{
	struct crowd *crowd = context;

	(void)instance;
	(void)work;
	run_in(crowd, &crowd->others);
}

static VOID CALLBACK
run_timer(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_TIMER timer)
{
	struct crowd *crowd = context;

	(void)instance;
	(void)timer;
	run_in(crowd, &crowd->others);
}

static VOID CALLBACK
run_wait(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_WAIT wait,
	TP_WAIT_RESULT result)
{
	struct crowd *crowd = context;

	(void)instance;
	(void)wait;
	(void)result;
	run_in(crowd, &crowd->others);
}

static VOID CALLBACK
count_cancel(PVOID context, PVOID cleanup)
{
	struct crowd *crowd = context;

	(void)cleanup;
	crowd->cancels++;
}

/* Four members, each posted once. */
static void
add_four(struct crowd *crowd, PTP_CALLBACK_ENVIRON environ, HANDLE event)
{
	FILETIME at_once = { 0, 0 };
	PTP_WORK work = CreateThreadpoolWork(run_work, crowd, environ);
	PTP_TIMER timer = CreateThreadpoolTimer(run_timer, crowd, environ);
	PTP_WAIT wait = CreateThreadpoolWait(run_wait, crowd, environ);

	ck_assert_ptr_nonnull(work);
	ck_assert_ptr_nonnull(timer);
	ck_assert_ptr_nonnull(wait);
	ck_assert(TrySubmitThreadpoolCallback(run_simple, crowd, environ));
	SetThreadpoolWait(wait, event, NULL);
	SetThreadpoolTimer(timer, &at_once, 0, 0);
	SubmitThreadpoolWork(work);
}

/* Half of its members in each of the two pools. */
static void
crowd_open(struct crowd *crowd, struct private_pool pools[2], HANDLE event)
{
	*crowd = (struct crowd){ .group = CreateThreadpoolCleanupGroup() };
	ck_assert_ptr_nonnull(crowd->group);
	for (int i = 0; i < 2; i++)
		SetThreadpoolCallbackCleanupGroup(&pools[i].environ,
			crowd->group, count_cancel);
	for (int i = 0; i < MEMBERS / 4; i++)
		add_four(crowd, &pools[i % 2].environ, event);
}

static void
crowd_close(struct crowd *crowd, BOOL cancel)
{
	LONG simple, others;

	CloseThreadpoolCleanupGroupMembers(crowd->group, cancel, NULL);
	crowd->closed = true;
	simple = crowd->simple;
	others = crowd->others;
	if (cancel) {
		ck_assert_int_le(others, MEMBERS / 4 * 3);
		ck_assert_int_eq((LONG)crowd->cancels, MEMBERS - simple);
	} else {
		ck_assert_int_eq(simple, MEMBERS / 4);
		ck_assert_int_eq(others, MEMBERS / 4 * 3);
		ck_assert_uint_eq(crowd->cancels, 0);
	}
	CloseThreadpoolCleanupGroup(crowd->group);
}

START_TEST(a_thousand_groups_of_a_hundred_members_leave_nothing)
{	/* GROUP-02, GROUP-05, GROUP-06, GROUP-10, GROUP-19 */
	struct crowd *crowds = calloc(GROUPS, sizeof(*crowds));
	HANDLE event = CreateEventA(NULL, TRUE, FALSE, NULL);
	struct private_pool pools[2];

	ck_assert_ptr_nonnull(crowds);
	ck_assert_ptr_nonnull(event);
	private_pool_open(&pools[0], 1, 4);
	private_pool_open(&pools[1], 1, 2);
	for (unsigned i = 0; i < GROUPS; i++)
		crowd_open(&crowds[i], pools, event);
	ck_assert(SetEvent(event));	/* all their waits at once */
	for (unsigned i = 0; i < GROUPS; i++)
		crowd_close(&crowds[GROUPS - 1 - i], i % 2 == 0);
	private_pool_close(&pools[0]);
	private_pool_close(&pools[1]);
	CloseHandle(event);
	free(crowds);
}
END_TEST

START_TEST(a_group_of_a_hundred_thousand_members_is_closed)
{	/* GROUP-05, GROUP-10 */
	enum { MANY = LOAD(100000) };
	struct crowd crowd = { .cancels = 0 };
	struct private_pool pool;

	private_pool_open(&pool, 1, 2);
	crowd.group = CreateThreadpoolCleanupGroup();
	ck_assert_ptr_nonnull(crowd.group);
	SetThreadpoolCallbackCleanupGroup(&pool.environ, crowd.group,
		count_cancel);
	for (int cancel = 0; cancel < 2; cancel++) {
		for (int i = 0; i < MANY; i++)
			submit(CreateThreadpoolWork(run_work, &crowd,
				&pool.environ), 1);
		CloseThreadpoolCleanupGroupMembers(crowd.group, cancel,
			NULL);
		ck_assert_int_ge(crowd.others, MANY);
	}
	ck_assert_uint_eq(crowd.cancels, MANY);
	CloseThreadpoolCleanupGroup(crowd.group);
	private_pool_close(&pool);
}
END_TEST

/* ---- The suite ---- */

int
main(void)
{
	Suite *suite = suite_create("groups_load");
	TCase *large = harness_case(suite, "large");

	tcase_add_test(large,
		a_thousand_groups_of_a_hundred_members_leave_nothing);
	tcase_add_test(large, a_group_of_a_hundred_thousand_members_is_closed);
	return harness_run(suite);
}

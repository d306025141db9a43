/* SPDX-License-Identifier: MIT */
/*
 * test_lock_order.c - locks taken out of order stop the program
 *
 * In the checking build each lock has a rank, and a thread that takes one of
 * a lower rank than it holds, or that should hold one and does not, is
 * stopped with the names of both. The programs that do so are children; what
 * they write is compared word by word.
 */
#include "harness.h"

#include "../ref/pool.h"

static void
take_waitable_under_pool(void *unused)
{
	PTP_POOL pool = CreateThreadpool(NULL);

	(void)unused;
	tp_lock(&pool->lock);
	tp_lock(&tp_waitable_lock);
}

static void
take_two_pools(void *unused)
{
	PTP_POOL first = CreateThreadpool(NULL);
	PTP_POOL second = CreateThreadpool(NULL);

	(void)unused;
	tp_lock(&first->lock);
	tp_lock(&second->lock);
}

static void
hold_nothing(void *unused)
{
	PTP_POOL pool = CreateThreadpool(NULL);

	(void)unused;
	tp_lock(&tp_waitable_lock);
	tp_assert_held(&pool->lock);
}

static void
hold_something(void *unused)
{
	(void)unused;
	tp_lock(&tp_waitable_lock);
	tp_assert_no_locks();
}

static void
take_locks_in_order(void *unused)
{
	PTP_POOL pool = CreateThreadpool(NULL);

	(void)unused;
	tp_lock(&pool->birth);
	tp_lock(&tp_waitable_lock);
	tp_lock(&pool->lock);
	tp_unlock(&tp_waitable_lock);	/* in any order */
	tp_unlock(&pool->birth);
	tp_unlock(&pool->lock);
	tp_assert_no_locks();
	CloseThreadpool(pool);
}

START_TEST(locks_taken_out_of_order_stop_the_program)
{
	ck_assert_str_eq(report_of(take_locks_in_order, NULL, false), "");
	ck_assert_str_eq(report_of(take_waitable_under_pool, NULL, true),
		"threadpool: internal error: waitable lock taken under "
		"pool lock\n");
	ck_assert_str_eq(report_of(take_two_pools, NULL, true),
		"threadpool: internal error: pool lock taken under "
		"pool lock\n");
	ck_assert_str_eq(report_of(hold_nothing, NULL, true),
		"threadpool: internal error: pool lock not held\n");
	ck_assert_str_eq(report_of(hold_something, NULL, true),
		"threadpool: internal error: waitable lock held\n");
}
END_TEST

/* ---- The suite ---- */

int
main(void)
{
	Suite *suite = suite_create("lock_order");
	TCase *small = harness_case(suite, "small");

	tcase_add_test(small, locks_taken_out_of_order_stop_the_program);
	return harness_run(suite);
}

/* SPDX-License-Identifier: MIT */
/*
 * test_first_pool.c - what the toy pool of chapter 00 promises
 *
 * It has no rules in tests/rules.md: those are the Vista pool's. Its five
 * breakages are not tested here: the explorer finds them in the chapter's
 * programs whenever the book is built.
 */
#include "harness.h"

#include "../chapters/00-first-pool/first_pool.h"

#include <errno.h>
#include <sched.h>

enum { WORKERS = 4, ITEMS = 1000 };

static struct tally done = TALLY_INIT;

static void
add_one(void *argument)
{
	(void)argument;
	tally_add(&done);
}

static void
pass_gate(void *argument)
{
	gate_wait(argument);
	tally_add(&done);
}

static void
count_run(void *argument)
{
	int *runs = argument;

	++*runs;
}

START_TEST(each_item_runs_once_with_its_own_argument)
{
	static int runs[ITEMS];
	const int items = (int)enough(ITEMS, 8);
	struct first_pool pool;

	ck_assert_int_eq(first_pool_init(&pool, WORKERS), 0);
	for (int i = 0; i < items; i++)
		ck_assert_int_eq(
		    first_pool_submit(&pool, count_run, &runs[i]), 0);
	first_pool_destroy(&pool);
	for (int i = 0; i < items; i++)
		ck_assert_int_eq(runs[i], 1);
}
END_TEST

static int numbers[100];
static int noted[100];
static int noted_count;

static void
note(void *argument)
{
	noted[noted_count++] = *(int *)argument;
}

START_TEST(one_worker_runs_items_in_the_order_of_submission)
{
	const int items = (int)enough(100, 8);
	struct first_pool pool;

	ck_assert_int_eq(first_pool_init(&pool, 1), 0);
	for (int i = 0; i < items; i++) {
		numbers[i] = i;
		ck_assert_int_eq(
		    first_pool_submit(&pool, note, &numbers[i]), 0);
	}
	first_pool_destroy(&pool);
	ck_assert_int_eq(noted_count, items);
	for (int i = 0; i < items; i++)
		ck_assert_int_eq(noted[i], i);
}
END_TEST

START_TEST(as_many_items_run_at_a_time_as_there_are_workers)
{
	struct gate gate = GATE_INIT;
	struct first_pool pool;

	ck_assert_int_eq(first_pool_init(&pool, WORKERS), 0);
	for (int i = 0; i < WORKERS; i++)
		ck_assert_int_eq(
		    first_pool_submit(&pool, pass_gate, &gate), 0);
	gate_await_waiting(&gate, WORKERS);
	gate_open(&gate);
	first_pool_destroy(&pool);
	ck_assert_uint_eq(tally_read(&done), WORKERS);
}
END_TEST

START_TEST(no_thread_is_made_but_the_workers)
{
	const unsigned long items = enough(10 * WORKERS, 2 * WORKERS);
	unsigned long before = made_threads();
	struct gate gate = GATE_INIT;
	struct first_pool pool;

	ck_assert_int_eq(first_pool_init(&pool, WORKERS), 0);
	for (unsigned long i = 0; i < items; i++)
		ck_assert_int_eq(
		    first_pool_submit(&pool, pass_gate, &gate), 0);
	gate_await_waiting(&gate, WORKERS);
	gate_open(&gate);
	first_pool_destroy(&pool);
	ck_assert_uint_eq(made_threads() - before, WORKERS);
}
END_TEST

START_TEST(an_item_may_begin_after_all_workers_have_slept)
{
	const unsigned long items = enough(ITEMS, 5);
	struct first_pool pool;

	ck_assert_int_eq(first_pool_init(&pool, WORKERS), 0);
	for (unsigned long i = 1; i <= items; i++) {
		ck_assert_int_eq(first_pool_submit(&pool, add_one, NULL), 0);
		tally_await(&done, i);
	}
	first_pool_destroy(&pool);
	ck_assert_uint_eq(tally_read(&done), items);
}
END_TEST

START_TEST(a_worker_woken_without_reason_sleeps_again)
{
	const unsigned long items = enough(100, 5);
	struct first_pool pool;

	ck_assert_int_eq(first_pool_init(&pool, 1), 0);
	for (unsigned long i = 1; i <= items; i++) {
		ck_assert_int_eq(first_pool_submit(&pool, add_one, NULL), 0);
		tally_await(&done, i);
		sched_yield();	/* the worker has a chance to sleep, */
		pthread_cond_broadcast(&pool.changed);
		sched_yield();	/* and to be woken for nothing */
	}
	first_pool_destroy(&pool);
}
END_TEST

struct chain {
	struct first_pool *pool;
	int left;
};

static void
next_link(void *argument)
{
	struct chain *chain = argument;

	if (--chain->left > 0)
		ck_assert_int_eq(
		    first_pool_submit(chain->pool, next_link, chain), 0);
}

START_TEST(an_item_may_submit_items_while_destroy_waits)
{
	struct first_pool pool;
	struct chain chain = { &pool, (int)enough(ITEMS, 8) };

	ck_assert_int_eq(first_pool_init(&pool, WORKERS), 0);
	ck_assert_int_eq(first_pool_submit(&pool, next_link, &chain), 0);
	first_pool_destroy(&pool);
	ck_assert_int_eq(chain.left, 0);
}
END_TEST

START_TEST(destroy_runs_what_is_queued)
{
	const unsigned long items = enough(ITEMS, 8);
	struct gate gate = GATE_INIT;
	struct first_pool pool;

	ck_assert_int_eq(first_pool_init(&pool, 1), 0);
	ck_assert_int_eq(first_pool_submit(&pool, pass_gate, &gate), 0);
	for (unsigned long i = 0; i < items; i++)
		ck_assert_int_eq(first_pool_submit(&pool, add_one, NULL), 0);
	gate_await_waiting(&gate, 1);
	ck_assert_uint_eq(tally_read(&done), 0);
	gate_open(&gate);
	first_pool_destroy(&pool);
	ck_assert_uint_eq(tally_read(&done), items + 1);
}
END_TEST

START_TEST(destroy_leaves_no_thread_and_no_memory)
{
	/* No assertion in between: Check itself allocates for one. */
	const int items = (int)enough(ITEMS, 8);
	unsigned long allocations = live_allocations();
	unsigned long threads = live_threads();
	unsigned long workers;
	struct first_pool pool;
	int errors;

	errors = first_pool_init(&pool, WORKERS) != 0;
	workers = live_threads() - threads;
	for (int i = 0; errors == 0 && i < items; i++)
		errors += first_pool_submit(&pool, add_one, NULL) != 0;
	first_pool_destroy(&pool);
	allocations -= live_allocations();
	threads -= live_threads();
	ck_assert_int_eq(errors, 0);
	ck_assert_uint_eq(workers, WORKERS);
	ck_assert_uint_eq(threads, 0);
	ck_assert_uint_eq(allocations, 0);
}
END_TEST

START_TEST(destroy_ends_workers_that_never_had_an_item)
{
	const int rounds = (int)enough(100, 2);
	struct first_pool pool;

	for (int i = 0; i < rounds; i++) {
		ck_assert_int_eq(first_pool_init(&pool, WORKERS), 0);
		first_pool_destroy(&pool);
	}
}
END_TEST

START_TEST(init_without_threads_is_refused)
{
	struct first_pool pool;

	ck_assert_int_eq(first_pool_init(&pool, 0), EINVAL);
}
END_TEST

START_TEST(init_that_runs_out_of_threads_ends_those_it_made)
{
	unsigned long threads = live_threads();
	unsigned long made = made_threads();
	struct first_pool pool;
	int error;

	fail_thread_number(3);
	error = first_pool_init(&pool, WORKERS);
	fail_thread_number(0);
	ck_assert_int_eq(error, EAGAIN);
	ck_assert_uint_eq(made_threads() - made, 2);
	ck_assert_uint_eq(live_threads(), threads);
}
END_TEST

START_TEST(out_of_memory_is_reported_and_leaves_the_pool_usable)
{
	struct first_pool pool;
	int error;

	fail_allocations(true);
	error = first_pool_init(&pool, WORKERS);
	fail_allocations(false);
	ck_assert_int_eq(error, ENOMEM);

	ck_assert_int_eq(first_pool_init(&pool, WORKERS), 0);
	fail_allocations(true);
	error = first_pool_submit(&pool, add_one, NULL);
	fail_allocations(false);
	ck_assert_int_eq(error, ENOMEM);
	ck_assert_int_eq(first_pool_submit(&pool, add_one, NULL), 0);
	first_pool_destroy(&pool);
	ck_assert_uint_eq(tally_read(&done), 1);
}
END_TEST

static void *
submit_many(void *argument)
{
	int failures = 0;

	for (int i = 0; i < 10 * ITEMS; i++)
		failures += first_pool_submit(argument, add_one, NULL) != 0;
	return failures == 0 ? NULL : argument;
}

START_TEST(submitters_on_many_threads_lose_nothing)
{
	pthread_t submitters[WORKERS];
	struct first_pool pool;
	void *failed;

	ck_assert_int_eq(first_pool_init(&pool, WORKERS), 0);
	for (int i = 0; i < WORKERS; i++)
		ck_assert_int_eq(pthread_create(&submitters[i], NULL,
		    submit_many, &pool), 0);
	for (int i = 0; i < WORKERS; i++) {
		ck_assert_int_eq(pthread_join(submitters[i], &failed), 0);
		ck_assert_ptr_null(failed);
	}
	first_pool_destroy(&pool);
	ck_assert_uint_eq(tally_read(&done), WORKERS * 10 * ITEMS);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("first_pool");
	TCase *small = harness_case(suite, "small");
	TCase *large = harness_case(suite, "large");

	tcase_add_test(small, each_item_runs_once_with_its_own_argument);
	tcase_add_test(small, one_worker_runs_items_in_the_order_of_submission);
	tcase_add_test(small, as_many_items_run_at_a_time_as_there_are_workers);
	tcase_add_test(small, no_thread_is_made_but_the_workers);
	tcase_add_test(small, an_item_may_begin_after_all_workers_have_slept);
	tcase_add_test(small, a_worker_woken_without_reason_sleeps_again);
	tcase_add_test(small, an_item_may_submit_items_while_destroy_waits);
	tcase_add_test(small, destroy_runs_what_is_queued);
	tcase_add_test(small, destroy_leaves_no_thread_and_no_memory);
	tcase_add_test(small, destroy_ends_workers_that_never_had_an_item);
	tcase_add_test(small, init_without_threads_is_refused);
	tcase_add_test(small, init_that_runs_out_of_threads_ends_those_it_made);
	tcase_add_test(small,
	    out_of_memory_is_reported_and_leaves_the_pool_usable);
	tcase_add_test(large, submitters_on_many_threads_lose_nothing);
	return harness_run(suite);
}

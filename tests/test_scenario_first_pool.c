/* SPDX-License-Identifier: MIT */
/*
 * test_scenario_first_pool.c - the toy pool of chapter 00 in every order
 *
 * Scenarios (scenario.h says what that is) of the pool that anyone writes
 * first, as it should be; the chapter's programs show how it breaks. It has
 * no rules in tests/rules.md.
 */
#include "scenario.h"

#include "../chapters/00-first-pool/first_pool.h"

struct toy {
	struct first_pool pool;
	LONG volatile runs, accepted;
	int order[8];		/* by one worker only: which item ran when */
	int next;
};

/* A pool of so many workers, or nothing. */
static bool
try_toy(struct toy *toy, unsigned workers)
{
	int error = first_pool_init(&toy->pool, workers);

	if (error != 0) {
		ck_assert(error == ENOMEM || error == EAGAIN);
		tolerate(ERROR_NOT_ENOUGH_MEMORY);
	}
	return error == 0;
}

static void
count_run(void *argument)
{
	InterlockedIncrement(argument);
}

/* Submits one item, or is told that there is no memory for it. */
static void
try_submit(struct toy *toy, void (*function)(void *argument), void *argument)
{
	int error = first_pool_submit(&toy->pool, function, argument);

	if (error == 0) {
		InterlockedIncrement(&toy->accepted);
	} else {
		ck_assert_int_eq(error, ENOMEM);
		tolerate(ERROR_NOT_ENOUGH_MEMORY);
	}
}

static void *
submit_two(void *argument)
{
	struct toy *toy = argument;

	try_submit(toy, count_run, (void *)&toy->runs);
	try_submit(toy, count_run, (void *)&toy->runs);
	return NULL;
}

/* first_pool_submit: two submitters, one queue. */
START_TEST(items_of_two_threads_run_once_each)
{
	struct toy toy = { .runs = 0 };
	struct race race = { .count = 0 };

	if (!try_toy(&toy, 2))
		return;
	race_start(&race, submit_two, &toy);
	(void)submit_two(&toy);
	race_join(&race);
	first_pool_destroy(&toy.pool);
	ck_assert_int_eq(toy.runs, toy.accepted);
}
END_TEST

/* worker: stopping ends it when nothing is left to do, and not before. */
START_TEST(destroy_against_queued_items_runs_them)
{
	struct toy toy = { .runs = 0 };

	if (!try_toy(&toy, 2))
		return;
	(void)submit_two(&toy);
	first_pool_destroy(&toy.pool);
	ck_assert_int_eq(toy.runs, toy.accepted);
}
END_TEST

/* first_pool_destroy: workers that come late find it stopping. */
START_TEST(destroy_against_the_arrival_of_the_workers_ends_them)
{
	struct toy toy = { .runs = 0 };

	if (try_toy(&toy, 3))
		first_pool_destroy(&toy.pool);
}
END_TEST

static void
submit_one_more(void *argument)
{
	struct toy *toy = argument;

	InterlockedIncrement(&toy->runs);
	try_submit(toy, count_run, (void *)&toy->runs);
}

/* worker: an item may submit; the worker that runs it looks again. */
START_TEST(item_that_submits_against_destroy_loses_nothing)
{
	struct toy toy = { .runs = 0 };

	if (!try_toy(&toy, 2))
		return;
	try_submit(&toy, submit_one_more, &toy);
	first_pool_destroy(&toy.pool);
	ck_assert_int_eq(toy.runs, toy.accepted);
}
END_TEST

struct numbered {
	struct toy *toy;
	int number;
};

/* By the only worker, so that nothing but the pool guards the order. */
static void
note_number(void *argument)
{
	struct numbered *numbered = argument;
	struct toy *toy = numbered->toy;

	toy->order[toy->next++] = numbered->number;
}

/* take_locked: the oldest item first, also when the queue runs empty. */
START_TEST(one_worker_keeps_the_order_of_submission)
{
	struct toy toy = { .runs = 0 };
	struct numbered items[3] = { { &toy, 1 }, { &toy, 2 }, { &toy, 3 } };

	if (!try_toy(&toy, 1))
		return;
	for (int i = 0; i < 3; i++)
		try_submit(&toy, note_number, &items[i]);
	first_pool_destroy(&toy.pool);
	ck_assert_int_eq(toy.next, toy.accepted);
	for (int i = 1; i < toy.next; i++)
		ck_assert_int_lt(toy.order[i - 1], toy.order[i]);
}
END_TEST

static void *
wake_for_nothing(void *argument)
{
	struct toy *toy = argument;

	pthread_cond_broadcast(&toy->pool.changed);
	pthread_cond_signal(&toy->pool.changed);
	return NULL;
}

/* worker: it waits in a loop, so a wake-up without a reason is harmless. */
START_TEST(wake_up_without_reason_against_a_submit_harms_nobody)
{
	struct toy toy = { .runs = 0 };
	struct race race = { .count = 0 };

	if (!try_toy(&toy, 2))
		return;
	race_start(&race, wake_for_nothing, &toy);
	try_submit(&toy, count_run, (void *)&toy.runs);
	race_join(&race);
	first_pool_destroy(&toy.pool);
	ck_assert_int_eq(toy.runs, toy.accepted);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("scenario_first_pool");
	TCase *scenario = harness_case(suite, "scenario");

	tcase_add_test(scenario, items_of_two_threads_run_once_each);
	tcase_add_test(scenario, destroy_against_queued_items_runs_them);
	tcase_add_test(scenario,
		destroy_against_the_arrival_of_the_workers_ends_them);
	tcase_add_test(scenario,
		item_that_submits_against_destroy_loses_nothing);
	tcase_add_test(scenario, one_worker_keeps_the_order_of_submission);
	tcase_add_test(scenario,
		wake_up_without_reason_against_a_submit_harms_nobody);
	return harness_run(suite);
}

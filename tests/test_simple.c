/* SPDX-License-Identifier: MIT */
/*
 * test_simple.c - callbacks without an object: TrySubmitThreadpoolCallback
 *
 * A simple callback has to be allocated when it is submitted, so its submit
 * can fail, unlike that of a work object: the tests make each step fail that
 * it takes. Nothing waits for a simple callback; the tests count.
 */
#include "scene.h"

struct simple_arguments {
	PTP_CALLBACK_INSTANCE instance;
	struct tally runs;
};

static VOID CALLBACK
note_simple(PTP_CALLBACK_INSTANCE instance, PVOID context)
{
	struct simple_arguments *arguments = context;

	arguments->instance = instance;
	tally_add(&arguments->runs);
}

START_TEST(simple_callback_runs_once_with_instance_and_context)
{	/* WORK-21 */
	struct simple_arguments arguments = { NULL, TALLY_INIT };
	struct tally runs = TALLY_INIT;
	const unsigned long times = enough(1000, 5);

	ck_assert(TrySubmitThreadpoolCallback(note_simple, &arguments,
		NULL));
	tally_await(&arguments.runs, 1);
	ck_assert_ptr_nonnull(arguments.instance);
	for (unsigned long i = 0; i < times; i++)
		ck_assert(TrySubmitThreadpoolCallback(count_simple, &runs,
			NULL));
	tally_await(&runs, times);
	ck_assert_uint_eq(tally_read(&arguments.runs), 1);
}
END_TEST

START_TEST(simple_callback_is_refused_in_an_invalid_environment)
{	/* WORK-22 */
	TP_CALLBACK_ENVIRON environ;
	struct tally runs = TALLY_INIT;

	InitializeThreadpoolEnvironment(&environ);
	SetThreadpoolCallbackPriority(&environ, (TP_CALLBACK_PRIORITY)10);
	SetLastError(NO_ERROR);
	ck_assert(!TrySubmitThreadpoolCallback(count_simple, &runs,
		&environ));
	ck_assert_uint_eq(GetLastError(), ERROR_INVALID_PARAMETER);
	InitializeThreadpoolEnvironment(&environ);
	environ.Version = 9999;
	SetLastError(NO_ERROR);
	ck_assert(!TrySubmitThreadpoolCallback(count_simple, &runs,
		&environ));
	ck_assert_uint_eq(GetLastError(), ERROR_INVALID_PARAMETER);
	SetLastError(NO_ERROR);
	ck_assert(!TrySubmitThreadpoolCallback(NULL, &runs, NULL));
	ck_assert_uint_eq(GetLastError(), ERROR_INVALID_PARAMETER);
	ck_assert_uint_eq(tally_read(&runs), 0);
}
END_TEST

START_TEST(simple_callback_that_cannot_be_allocated_is_refused)
{	/* WORK-22 */
	struct scene scene = SCENE_INIT;
	struct tally runs = TALLY_INIT;

	scene_open(&scene, 1);
	fail_allocation_number(1);
	SetLastError(NO_ERROR);
	ck_assert(!TrySubmitThreadpoolCallback(count_simple, &runs,
		&scene.private.environ));
	ck_assert_uint_eq(GetLastError(), ERROR_NOT_ENOUGH_MEMORY);
	ck_assert(TrySubmitThreadpoolCallback(count_simple, &runs,
		&scene.private.environ));
	tally_await(&runs, 1);
	scene_close(&scene);
}
END_TEST

START_TEST(simple_callback_is_refused_without_a_first_thread)
{	/* WORK-22 */
	struct private_pool private;
	struct tally runs = TALLY_INIT;
	unsigned long before;

	private_pool_open(&private, 0, 4);
	before = live_allocations();
	fail_thread_number(1);
	SetLastError(NO_ERROR);
	ck_assert(!TrySubmitThreadpoolCallback(count_simple, &runs,
		&private.environ));
	ck_assert_uint_eq(GetLastError(), ERROR_NOT_ENOUGH_MEMORY);
	ck_assert_uint_eq(live_allocations(), before);
	ck_assert(TrySubmitThreadpoolCallback(count_simple, &runs,
		&private.environ));
	tally_await(&runs, 1);
	private_pool_close(&private);
}
END_TEST

/* ---- The suite ---- */

int
main(void)
{
	Suite *suite = suite_create("simple");
	TCase *small = harness_case(suite, "small");

	tcase_add_test(small,
		simple_callback_runs_once_with_instance_and_context);
	tcase_add_test(small,
		simple_callback_is_refused_in_an_invalid_environment);
	tcase_add_test(small,
		simple_callback_that_cannot_be_allocated_is_refused);
	tcase_add_test(small,
		simple_callback_is_refused_without_a_first_thread);
	return harness_run(suite);
}

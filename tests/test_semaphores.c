/* SPDX-License-Identifier: MIT */
/*
 * test_semaphores.c - semaphores: permits, up to a maximum
 *
 * A semaphore counts permits. A wait takes one; ReleaseSemaphore adds some,
 * all of them or, where they would pass the maximum, none, and says how many
 * there were. That number is also how a test sees that waiting threads took
 * theirs: it is what they left.
 */
#include "kernel.h"

START_TEST(a_semaphore_never_passes_its_maximum)
{	/* KOBJ-05 */
	HANDLE object = semaphore(0, 2);
	LONG before = 77;

	ck_assert_fails(ReleaseSemaphore(object, 3, &before),
		ERROR_TOO_MANY_POSTS);
	ck_assert_int_eq(before, 77);
	ck_assert_uint_eq(poll(object), WAIT_TIMEOUT);
	ck_assert(ReleaseSemaphore(object, 2, &before));
	ck_assert_int_eq(before, 0);
	ck_assert_fails(ReleaseSemaphore(object, 1, NULL),
		ERROR_TOO_MANY_POSTS);
	ck_assert_fails(ReleaseSemaphore(object, INT32_MAX, NULL),
		ERROR_TOO_MANY_POSTS);
	ck_assert_uint_eq(poll(object), WAIT_OBJECT_0);
	ck_assert_uint_eq(poll(object), WAIT_OBJECT_0);
	ck_assert_uint_eq(poll(object), WAIT_TIMEOUT);
	ck_assert(CloseHandle(object));
}
END_TEST

START_TEST(a_semaphore_wants_sensible_counts)
{	/* KOBJ-05 */
	HANDLE object = semaphore(1, 3);

	ck_assert_fails(CreateSemaphoreA(NULL, 0, 0, NULL),
		ERROR_INVALID_PARAMETER);
	ck_assert_fails(CreateSemaphoreA(NULL, -1, 1, NULL),
		ERROR_INVALID_PARAMETER);
	ck_assert_fails(CreateSemaphoreW(NULL, 2, 1, NULL),
		ERROR_INVALID_PARAMETER);
	ck_assert_fails(CreateSemaphoreExA(NULL, 0, 1, NULL, 1, 0),
		ERROR_INVALID_PARAMETER);
	ck_assert_fails(CreateSemaphoreExW(NULL, 0, 1, NULL, 1, 0),
		ERROR_INVALID_PARAMETER);
	ck_assert_fails(ReleaseSemaphore(object, 0, NULL),
		ERROR_INVALID_PARAMETER);
	ck_assert_fails(ReleaseSemaphore(object, -1, NULL),
		ERROR_INVALID_PARAMETER);
	ck_assert_uint_eq(poll(object), WAIT_OBJECT_0);
	ck_assert_uint_eq(poll(object), WAIT_TIMEOUT);
	ck_assert(CloseHandle(object));
}
END_TEST

START_TEST(a_release_lets_as_many_threads_pass_as_it_adds_permits)
{
	HANDLE object = semaphore(0, 10), threads[3];
	LONG before;

	for (unsigned i = 0; i < 3; i++)
		threads[i] = start(arrive_and_wait, object);
	await_arrivals(3);
	ck_assert(ReleaseSemaphore(object, 2, &before));
	ck_assert_int_eq(before, 0);
	/* Both permits are taken: by the oldest two, who get no more. */
	ck_assert(ReleaseSemaphore(object, 2, &before));
	ck_assert_int_eq(before, 0);
	for (unsigned i = 0; i < 3; i++)
		ck_assert_uint_eq(join(threads[i]), WAIT_OBJECT_0);
	ck_assert_uint_eq(poll(object), WAIT_OBJECT_0);
	ck_assert_uint_eq(poll(object), WAIT_TIMEOUT);
	ck_assert(CloseHandle(object));
}
END_TEST

/* ---- The suite ---- */

int
main(void)
{
	Suite *suite = suite_create("semaphores");
	TCase *small = kernel_case(suite, "small");

	tcase_add_test(small, a_semaphore_never_passes_its_maximum);
	tcase_add_test(small, a_semaphore_wants_sensible_counts);
	tcase_add_test(small,
		a_release_lets_as_many_threads_pass_as_it_adds_permits);
	return harness_run(suite);
}

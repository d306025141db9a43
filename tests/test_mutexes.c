/* SPDX-License-Identifier: MIT */
/*
 * test_mutexes.c - mutexes: who owns them, and what their owner leaves behind
 *
 * A mutex belongs to a thread, which may acquire it again and has to release
 * it as often. So another thread must do the asking whenever a test is about
 * who owns it, and its exit code is the answer: the result of its wait, or
 * the error.
 *
 * A thread that ends as the owner abandons the mutex, however it ends and
 * whoever started it: the next owner, and no other, gets WAIT_ABANDONED_0
 * instead of WAIT_OBJECT_0. The owners here end by themselves, by ExitThread
 * and by pthread_exit; some while others wait.
 */
#include "kernel.h"

/* ---- Ownership ---- */

static DWORD
try_mutex(void *handle)
{
	DWORD result = poll(handle);

	if (result != WAIT_TIMEOUT && !ReleaseMutex(handle))
		return WAIT_FAILED;
	return result;
}

START_TEST(a_mutex_is_free_after_as_many_releases_as_acquisitions)
{	/* KOBJ-07 */
	HANDLE object = CreateMutexA(NULL, TRUE, NULL);

	ck_assert_uint_eq(poll(object), WAIT_OBJECT_0);
	ck_assert_uint_eq(WaitForSingleObject(object, INFINITE),
		WAIT_OBJECT_0);
	for (int owned = 3; owned > 0; owned--) {
		ck_assert_uint_eq(join(start(try_mutex, object)),
			WAIT_TIMEOUT);
		ck_assert(ReleaseMutex(object));
	}
	ck_assert_uint_eq(join(start(try_mutex, object)), WAIT_OBJECT_0);
	ck_assert_fails(ReleaseMutex(object), ERROR_NOT_OWNER);
	ck_assert(CloseHandle(object));
}
END_TEST

static DWORD
release_error(void *handle)
{
	return ReleaseMutex(handle) ? NO_ERROR : GetLastError();
}

START_TEST(only_the_owner_can_release_a_mutex)
{	/* KOBJ-08 */
	HANDLE object = CreateMutexExA(NULL, NULL,
		CREATE_MUTEX_INITIAL_OWNER, MUTEX_ALL_ACCESS);

	ck_assert_uint_eq(join(start(release_error, object)),
		ERROR_NOT_OWNER);
	ck_assert(ReleaseMutex(object));
	ck_assert_uint_eq(join(start(release_error, object)),
		ERROR_NOT_OWNER);
	ck_assert(CloseHandle(object));
}
END_TEST

START_TEST(a_released_mutex_goes_to_the_thread_that_waits)
{	/* KOBJ-07 */
	HANDLE object = CreateMutexW(NULL, TRUE, NULL);
	HANDLE thread = start(arrive_and_wait, object);

	await_arrivals(1);
	ck_assert(ReleaseMutex(object));
	/* The waiter owns it already, and its end abandons it. */
	ck_assert_uint_eq(join(thread), WAIT_OBJECT_0);
	ck_assert_uint_eq(poll(object), WAIT_ABANDONED_0);
	ck_assert(CloseHandle(object));
}
END_TEST

/* ---- Abandoned mutexes ---- */

static DWORD
acquire_and_end(void *handle)
{
	return WaitForSingleObject(handle, INFINITE);
}

static DWORD
acquire_and_exit(void *handle)
{
	ExitThread(WaitForSingleObject(handle, INFINITE));
}

START_TEST(an_abandoned_mutex_tells_its_next_owner_and_nobody_after_it)
{	/* KOBJ-09 */
	HANDLE object = mutex();

	ck_assert_uint_eq(join(start(acquire_and_end, object)),
		WAIT_OBJECT_0);
	ck_assert_uint_eq(poll(object), WAIT_ABANDONED_0);
	ck_assert(ReleaseMutex(object));
	ck_assert_uint_eq(poll(object), WAIT_OBJECT_0);
	ck_assert(ReleaseMutex(object));
	ck_assert_uint_eq(join(start(acquire_and_exit, object)),
		WAIT_OBJECT_0);
	ck_assert_uint_eq(poll(object), WAIT_ABANDONED_0);
	ck_assert(ReleaseMutex(object));
	ck_assert(CloseHandle(object));
}
END_TEST

START_TEST(of_several_waiters_one_is_told_of_the_abandoned_mutex)
{	/* KOBJ-09 */
	HANDLE object = mutex(), threads[3], owner;
	DWORD results = 0;

	owner = start(arrive_and_wait, object);
	await_arrivals(1);	/* it owns the mutex, and is about to end */
	for (unsigned i = 0; i < 3; i++)
		threads[i] = start(arrive_and_pass, object);
	await_arrivals(3);
	ck_assert_uint_eq(join(owner), WAIT_OBJECT_0);
	for (unsigned i = 0; i < 3; i++)
		results += join(threads[i]);
	ck_assert_uint_eq(results, WAIT_ABANDONED_0);
	ck_assert_uint_eq(poll(object), WAIT_OBJECT_0);
	ck_assert(ReleaseMutex(object));
	ck_assert(CloseHandle(object));
}
END_TEST

static DWORD
acquire_then_wait(void *argument)
{
	HANDLE *objects = argument;	/* the mutex, and what to wait for */
	DWORD result = poll(objects[0]);

	if (result != WAIT_OBJECT_0)
		return result;
	return arrive_and_wait(objects[1]);
}

START_TEST(a_thread_that_ends_hands_its_mutex_to_the_oldest_waiter)
{	/* KOBJ-09 */
	HANDLE objects[2] = { mutex(), event(MANUAL, UNSET) };
	HANDLE owner = start(acquire_then_wait, objects), waiters[3];

	await_arrivals(1);
	for (unsigned i = 0; i < 3; i++) {
		waiters[i] = start(arrive_and_pass, objects[0]);
		await_arrivals(1);
	}
	ck_assert(SetEvent(objects[1]));
	ck_assert_uint_eq(join(owner), WAIT_OBJECT_0);
	ck_assert_uint_eq(join(waiters[0]), WAIT_ABANDONED_0);
	ck_assert_uint_eq(join(waiters[1]), WAIT_OBJECT_0);
	ck_assert_uint_eq(join(waiters[2]), WAIT_OBJECT_0);
	close_all(2, objects);
}
END_TEST

START_TEST(an_abandoned_mutex_is_reported_with_its_index)
{	/* KOBJ-09 */
	HANDLE objects[3] = { event(AUTO, UNSET), mutex(),
		event(AUTO, SET) };

	ck_assert_uint_eq(join(start(acquire_and_end, objects[1])),
		WAIT_OBJECT_0);
	ck_assert_uint_eq(WaitForMultipleObjects(3, objects, FALSE, 0),
		WAIT_ABANDONED_0 + 1);
	ck_assert(ReleaseMutex(objects[1]));
	ck_assert_uint_eq(join(start(acquire_and_end, objects[1])),
		WAIT_OBJECT_0);
	ck_assert(SetEvent(objects[0]));
	ck_assert_uint_eq(WaitForMultipleObjects(3, objects, TRUE, 0),
		WAIT_ABANDONED_0);
	ck_assert(ReleaseMutex(objects[1]));
	close_all(3, objects);
}
END_TEST

static void *
foreign_acquire(void *handle)
{
	poll(handle);
	return NULL;
}

static void *
foreign_acquire_and_exit(void *handle)
{
	poll(handle);
	pthread_exit(NULL);
}

START_TEST(a_thread_from_elsewhere_abandons_its_mutexes_too)
{	/* KOBJ-09 */
	void *(*const bodies[])(void *) = {
		foreign_acquire, foreign_acquire_and_exit
	};
	HANDLE object = mutex();

	for (unsigned i = 0; i < 2; i++) {
		pthread_t thread;

		ck_assert_int_eq(pthread_create(&thread, NULL, bodies[i],
			object), 0);
		pthread_join(thread, NULL);
		ck_assert_uint_eq(poll(object), WAIT_ABANDONED_0);
		ck_assert(ReleaseMutex(object));
	}
	ck_assert(CloseHandle(object));
}
END_TEST

static DWORD
own_and_close(void *unused)
{
	HANDLE object = CreateMutexA(NULL, TRUE, NULL);

	(void)unused;
	return (DWORD)CloseHandle(object);
}

START_TEST(a_mutex_may_be_closed_while_it_is_owned)
{
	ck_assert_uint_eq(join(start(own_and_close, NULL)), TRUE);
}
END_TEST

/* ---- A race ---- */

enum { ROUNDS = 1000 };

static DWORD
acquire_many_times(void *argument)
{
	HANDLE *objects = argument;	/* a mutex */

	for (int i = 0; i < ROUNDS; i++)
		if (WaitForSingleObject(*objects, INFINITE) !=
		    WAIT_OBJECT_0 || !ReleaseMutex(*objects))
			return FALSE;
	return TRUE;
}

START_TEST(a_busy_mutex_loses_nobody)
{	/* KOBJ-07 */
	HANDLE object = mutex(), threads[4];

	for (unsigned i = 0; i < 4; i++)
		threads[i] = start(acquire_many_times, &object);
	for (unsigned i = 0; i < 4; i++)
		ck_assert_uint_eq(join(threads[i]), TRUE);
	ck_assert(CloseHandle(object));
}
END_TEST

/* ---- The suite ---- */

int
main(void)
{
	Suite *suite = suite_create("mutexes");
	TCase *small = kernel_case(suite, "small");
	TCase *large = kernel_case(suite, "large");

	tcase_add_test(small,
		a_mutex_is_free_after_as_many_releases_as_acquisitions);
	tcase_add_test(small, only_the_owner_can_release_a_mutex);
	tcase_add_test(small, a_released_mutex_goes_to_the_thread_that_waits);
	tcase_add_test(small,
		an_abandoned_mutex_tells_its_next_owner_and_nobody_after_it);
	tcase_add_test(small,
		of_several_waiters_one_is_told_of_the_abandoned_mutex);
	tcase_add_test(small,
		a_thread_that_ends_hands_its_mutex_to_the_oldest_waiter);
	tcase_add_test(small, an_abandoned_mutex_is_reported_with_its_index);
	tcase_add_test(small, a_thread_from_elsewhere_abandons_its_mutexes_too);
	tcase_add_test(small, a_mutex_may_be_closed_while_it_is_owned);
	tcase_add_test(large, a_busy_mutex_loses_nobody);
	return harness_run(suite);
}

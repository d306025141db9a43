/* SPDX-License-Identifier: MIT */
/*
 * test_shortage.c - when memory or threads run out
 *
 * Every call that creates something says so when it cannot: it fails with
 * ERROR_NOT_ENOUGH_MEMORY, leaves nothing behind (the harness looks), and
 * can be repeated. To meet every place where it may fail, a test lets the
 * first allocation of the call fail, then the second, and so on, until the
 * call succeeds (exhaust).
 *
 * Waiting and signalling may not fail for lack of memory, for a program could
 * do nothing about it: they allocate nothing.
 */
#include "kernel.h"

/* ---- Memory ---- */

static HANDLE
create_event(void)
{
	return CreateEventA(NULL, AUTO, UNSET, "a");
}

static HANDLE
create_mutex(void)
{
	return CreateMutexW(NULL, TRUE, L"b");
}

static HANDLE
create_semaphore(void)
{
	return CreateSemaphoreA(NULL, 1, 1, "c");
}

static HANDLE
create_timer(void)
{
	return CreateWaitableTimerW(NULL, AUTO, L"d");
}

static HANDLE
create_thread(void)
{
	return CreateThread(NULL, 0, return_parameter, NULL, 0, NULL);
}

static HANDLE (*const creators[])(void) = {
	create_event, create_mutex, create_semaphore, create_timer,
	create_thread, duplicate_self
};

/*
 * Lets the first allocation fail, then the second, ... until the call
 * succeeds. Returns how many failed.
 */
static unsigned long
exhaust(HANDLE (*create)(void))
{
	unsigned long n = 0;
	HANDLE object;

	do {
		SetLastError(0xDEAD);
		fail_allocation_number(++n);
		object = create();
		fail_allocation_number(0);
		if (object == NULL)
			ck_assert_uint_eq(GetLastError(),
				ERROR_NOT_ENOUGH_MEMORY);
	} while (object == NULL);
	ck_assert_uint_ne(poll(object), WAIT_FAILED);
	ck_assert(CloseHandle(object));
	return n - 1;
}

static void *
exhaust_each(void *unused)
{
	(void)unused;
	for (unsigned i = 0; i < sizeof(creators) / sizeof(*creators); i++)
		ck_assert_uint_ge(exhaust(creators[i]), 1);
	return NULL;
}

START_TEST(each_create_survives_exhausted_memory)
{
	/* On a thread from elsewhere: it has no object of its own yet. */
	pthread_t thread;

	ck_assert_int_eq(pthread_create(&thread, NULL, exhaust_each, NULL),
		0);
	pthread_join(thread, NULL);
}
END_TEST

static DWORD
exhaust_in_a_full_table(void *unused)
{
	/* Whatever the size of the table is, it is full for one of these. */
	enum { MANY = 200 };
	HANDLE objects[MANY];
	unsigned long most = 0;

	(void)unused;
	for (unsigned i = 0; i < MANY; i++) {
		unsigned long failed = exhaust(create_event);

		most = failed > most ? failed : most;
		objects[i] = event(AUTO, UNSET);
	}
	close_all(MANY, objects);
	return (DWORD)most;
}

START_TEST(a_full_handle_table_survives_exhausted_memory)
{
	/* The event, its name, and the bigger table. */
	ck_assert_uint_eq(join(start(exhaust_in_a_full_table, NULL)), 3);
}
END_TEST

START_TEST(waiting_and_signalling_allocate_nothing)
{
	HANDLE objects[3] = { event(AUTO, UNSET), semaphore(0, 1),
		timer(AUTO) };
	HANDLE m = mutex(), thread = start(arrive_and_wait, objects[0]);
	unsigned long before;

	await_arrivals(1);
	before = made_allocations();
	ck_assert(SetEvent(objects[0]));
	set_timer(objects[2], -MS, 0);
	ck_assert_uint_eq(WaitForMultipleObjects(3, objects, FALSE,
		INFINITE), WAIT_OBJECT_0 + 2);
	ck_assert(ReleaseSemaphore(objects[1], 1, NULL));
	ck_assert_uint_eq(WaitForSingleObject(m, INFINITE), WAIT_OBJECT_0);
	ck_assert(ReleaseMutex(m));
	ck_assert_uint_eq(WaitForSingleObject(thread, INFINITE),
		WAIT_OBJECT_0);
	ck_assert_uint_eq(made_allocations(), before);
	close_all(3, objects);
	close_all(2, (HANDLE[]){ m, thread });
}
END_TEST

/* ---- Threads ---- */

START_TEST(a_create_that_gets_no_thread_fails_and_can_be_repeated)
{
	HANDLE thread, object;

	fail_threads(true);
	ck_assert_fails(CreateThread(NULL, 0, return_parameter, NULL, 0,
		NULL), ERROR_NOT_ENOUGH_MEMORY);
	ck_assert_fails(CreateWaitableTimerA(NULL, AUTO, NULL),
		ERROR_NOT_ENOUGH_MEMORY);
	fail_threads(false);
	thread = start(return_parameter, (void *)7);
	ck_assert_uint_eq(join(thread), 7);
	object = timer(AUTO);
	set_timer(object, 0, 0);
	ck_assert_uint_eq(WaitForSingleObject(object, INFINITE),
		WAIT_OBJECT_0);
	ck_assert(CloseHandle(object));
}
END_TEST

/* ---- The suite ---- */

int
main(void)
{
	Suite *suite = suite_create("shortage");
	TCase *small = kernel_case(suite, "small");
	TCase *large = kernel_case(suite, "large");

	tcase_add_test(small, each_create_survives_exhausted_memory);
	tcase_add_test(small,
		a_create_that_gets_no_thread_fails_and_can_be_repeated);
	tcase_add_test(small, waiting_and_signalling_allocate_nothing);
	tcase_add_test(large, a_full_handle_table_survives_exhausted_memory);
	return harness_run(suite);
}

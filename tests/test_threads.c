/* SPDX-License-Identifier: MIT */
/*
 * test_threads.c - threads: their ends, their numbers, their handles
 *
 * The handle of a thread can be waited for, and tells the exit code of a
 * thread that has ended. A thread here ends by returning, by ExitThread or by
 * pthread_exit, and comes from CreateThread or from elsewhere.
 *
 * The pseudo-handle means a different thread in each that uses it. Only a
 * duplicate can be handed to another thread, and it keeps its meaning.
 *
 * A callback runs on a thread of the pool, which it must not end: the
 * checking build reports it.
 */
#include "kernel.h"

#include <string.h>

/* ---- Ends and numbers ---- */

START_TEST(the_handle_of_an_ended_thread_stays_signalled)
{
	HANDLE thread = start(return_parameter, (void *)259);
	DWORD code = 0;

	ck_assert_uint_eq(WaitForSingleObject(thread, INFINITE),
		WAIT_OBJECT_0);
	ck_assert_uint_eq(poll(thread), WAIT_OBJECT_0);
	ck_assert_uint_eq(poll(thread), WAIT_OBJECT_0);
	ck_assert(GetExitCodeThread(thread, &code));
	ck_assert_uint_eq(code, 259);
	ck_assert(CloseHandle(thread));
}
END_TEST

START_TEST(a_running_thread_is_still_active_and_not_signalled)
{
	HANDLE object = event(MANUAL, UNSET);
	HANDLE thread = start(arrive_and_wait, object);
	DWORD code = 0;

	await_arrivals(1);
	ck_assert_uint_eq(poll(thread), WAIT_TIMEOUT);
	ck_assert(GetExitCodeThread(thread, &code));
	ck_assert_uint_eq(code, STILL_ACTIVE);
	ck_assert_fails(TerminateThread(thread, 1), ERROR_NOT_SUPPORTED);
	ck_assert_fails(GetExitCodeThread(thread, NULL),
		ERROR_INVALID_PARAMETER);
	ck_assert(SetEvent(object));
	ck_assert_uint_eq(join(thread), WAIT_OBJECT_0);
	ck_assert(CloseHandle(object));
}
END_TEST

static DWORD
exit_with_42(void *unused)
{
	(void)unused;
	ExitThread(42);
}

static DWORD
exit_as_posix_does(void *unused)
{
	(void)unused;
	pthread_exit(NULL);
}

START_TEST(a_thread_can_end_in_three_ways)
{
	ck_assert_uint_eq(join(start(return_parameter, (void *)41)), 41);
	ck_assert_uint_eq(join(start(exit_with_42, NULL)), 42);
	ck_assert_uint_eq(join(start(exit_as_posix_does, NULL)), 0);
}
END_TEST

static DWORD
own_id(void *unused)
{
	(void)unused;
	return GetCurrentThreadId();
}

START_TEST(each_thread_has_a_number_of_its_own)
{
	DWORD id = 0, other = 0;
	HANDLE thread = CreateThread(NULL, 65536, own_id, NULL,
		STACK_SIZE_PARAM_IS_A_RESERVATION, &id);

	ck_assert_uint_eq(join(thread), id);
	thread = CreateThread(NULL, 1, own_id, NULL, 0, &other);
	ck_assert_uint_eq(join(thread), other);
	ck_assert_uint_ne(id, other);
	ck_assert_uint_ne(id, GetCurrentThreadId());
	ck_assert_uint_eq(GetCurrentThreadId(), GetCurrentThreadId());
	ck_assert_uint_ne(GetCurrentThreadId(), 0);
	ck_assert_uint_eq((id | other | GetCurrentThreadId()) % 4, 0);
}
END_TEST

START_TEST(a_thread_that_cannot_be_had_is_refused_with_a_reason)
{
	ck_assert_fails(CreateThread(NULL, 0, return_parameter, NULL,
		CREATE_SUSPENDED, NULL), ERROR_NOT_SUPPORTED);
	ck_assert_fails(CreateThread(NULL, 0, return_parameter, NULL,
		0x80000000u, NULL), ERROR_INVALID_PARAMETER);
	ck_assert_fails(CreateThread(NULL, 0, NULL, NULL, 0, NULL),
		ERROR_INVALID_PARAMETER);
}
END_TEST

/* ---- The pseudo-handle ---- */

START_TEST(the_pseudo_handle_means_the_thread_that_uses_it)
{
	DWORD code = 0;

	ck_assert(GetExitCodeThread(GetCurrentThread(), &code));
	ck_assert_uint_eq(code, STILL_ACTIVE);
	ck_assert_uint_eq(poll(GetCurrentThread()), WAIT_TIMEOUT);
	ck_assert_uint_eq(WaitForSingleObject(GetCurrentThread(), 1),
		WAIT_TIMEOUT);
	ck_assert(CloseHandle(GetCurrentThread()));	/* has no effect */
	ck_assert(GetExitCodeThread(GetCurrentThread(), &code));
}
END_TEST

static DWORD
leave_own_handle(void *where)
{
	*(HANDLE *)where = duplicate_self();
	return 5;
}

static void *
foreign_leave_own_handle(void *where)
{
	*(HANDLE *)where = duplicate_self();
	return NULL;
}

START_TEST(a_duplicate_of_the_pseudo_handle_names_the_thread_for_all)
{
	HANDLE copy = NULL, thread = start(leave_own_handle, &copy);
	pthread_t foreign;

	ck_assert_uint_eq(join(thread), 5);
	ck_assert_uint_eq(join(copy), 5);
	ck_assert_int_eq(pthread_create(&foreign, NULL,
		foreign_leave_own_handle, &copy), 0);
	pthread_join(foreign, NULL);
	ck_assert_uint_eq(join(copy), 0);
}
END_TEST

/* ---- A thread of the pool ---- */

#if TP_CHECK

static VOID
end_the_worker(PTP_CALLBACK_INSTANCE instance, PVOID context)
{
	(void)instance;
	(void)context;
	ExitThread(0);
}

static void
exit_in_a_callback(void *unused)
{
	HANDLE never = event(AUTO, UNSET);

	(void)unused;
	ck_assert(TrySubmitThreadpoolCallback(end_the_worker, NULL, NULL));
	WaitForSingleObject(never, INFINITE);
}

START_TEST(a_callback_that_ends_its_thread_is_reported)
{
	const char *report = report_of(exit_in_a_callback, NULL, true);

	ck_assert_ptr_nonnull(strstr(report, "thread-exit"));
	ck_assert_ptr_nonnull(strstr(report, "ExitThread("));
}
END_TEST

#endif /* TP_CHECK */

/* ---- The suite ---- */

int
main(void)
{
	Suite *suite = suite_create("threads");
	TCase *small = kernel_case(suite, "small");

	tcase_add_test(small, the_handle_of_an_ended_thread_stays_signalled);
	tcase_add_test(small,
		a_running_thread_is_still_active_and_not_signalled);
	tcase_add_test(small, a_thread_can_end_in_three_ways);
	tcase_add_test(small, each_thread_has_a_number_of_its_own);
	tcase_add_test(small,
		a_thread_that_cannot_be_had_is_refused_with_a_reason);
	tcase_add_test(small, the_pseudo_handle_means_the_thread_that_uses_it);
	tcase_add_test(small,
		a_duplicate_of_the_pseudo_handle_names_the_thread_for_all);
#if TP_CHECK
	tcase_add_test(small, a_callback_that_ends_its_thread_is_reported);
#endif
	return harness_run(suite);
}

/* SPDX-License-Identifier: MIT */
/*
 * test_handles.c - handles, the names of objects, the last error
 *
 * A handle is a number that a table translates: the tests close it, copy it,
 * guess it, and give it to functions for another kind of object. Nothing may
 * crash, and whatever is refused leaves a reason in the last error, of which
 * each thread has its own.
 *
 * A duplicate and a name both lead to an object that exists already. So the
 * tests of either signal through the one handle and look through the other.
 *
 * What is no handle comes in several forms: NULL, small and huge numbers,
 * the address of something else, and a handle that has been closed.
 */
#include "kernel.h"

/* ---- Handles ---- */

START_TEST(a_duplicate_names_the_same_object_and_is_closed_on_its_own)
{	/* KOBJ-02 */
	HANDLE original = event(AUTO, UNSET), copy = NULL;

	ck_assert(DuplicateHandle(GetCurrentProcess(), original,
		GetCurrentProcess(), &copy, 0, FALSE,
		DUPLICATE_SAME_ACCESS));
	ck_assert_ptr_ne(copy, original);
	ck_assert(SetEvent(copy));
	ck_assert_uint_eq(poll(original), WAIT_OBJECT_0);
	ck_assert(CloseHandle(original));
	ck_assert(SetEvent(copy));
	ck_assert_uint_eq(poll(copy), WAIT_OBJECT_0);
	ck_assert(CloseHandle(copy));
	ck_assert_fails(CloseHandle(copy), ERROR_INVALID_HANDLE);
	ck_assert_fails(CloseHandle(original), ERROR_INVALID_HANDLE);
}
END_TEST

START_TEST(duplicating_can_close_the_source)
{	/* KOBJ-02 */
	HANDLE process = GetCurrentProcess();
	HANDLE original = event(MANUAL, SET), copy = NULL;

	ck_assert(DuplicateHandle(process, original, process, &copy, 0,
		FALSE, DUPLICATE_CLOSE_SOURCE | DUPLICATE_SAME_ACCESS));
	ck_assert_fails(CloseHandle(original), ERROR_INVALID_HANDLE);
	ck_assert_uint_eq(poll(copy), WAIT_OBJECT_0);
	ck_assert(DuplicateHandle(process, copy, NULL, NULL, 0, FALSE,
		DUPLICATE_CLOSE_SOURCE));
	ck_assert_fails(CloseHandle(copy), ERROR_INVALID_HANDLE);
}
END_TEST

START_TEST(duplicating_refuses_what_is_no_handle_and_no_process)
{
	HANDLE process = GetCurrentProcess(), copy = STALE;
	HANDLE object = event(AUTO, UNSET);

	ck_assert_fails(DuplicateHandle(process, NULL, process, &copy, 0,
		FALSE, 0), ERROR_INVALID_HANDLE);
	ck_assert_fails(DuplicateHandle(process, STALE, process, &copy, 0,
		FALSE, DUPLICATE_CLOSE_SOURCE), ERROR_INVALID_HANDLE);
	ck_assert_fails(DuplicateHandle(object, object, process, &copy, 0,
		FALSE, 0), ERROR_INVALID_HANDLE);
	ck_assert_fails(DuplicateHandle(process, object, object, &copy, 0,
		FALSE, 0), ERROR_INVALID_HANDLE);
	ck_assert_fails(DuplicateHandle(process, object, process, NULL, 0,
		FALSE, 0), ERROR_INVALID_PARAMETER);
	ck_assert_ptr_eq(copy, STALE);
	ck_assert(CloseHandle(object));
}
END_TEST

START_TEST(a_process_can_be_duplicated_and_waited_for_in_vain)
{
	HANDLE process = GetCurrentProcess(), copy;

	ck_assert(DuplicateHandle(process, process, process, &copy, 0, FALSE,
		DUPLICATE_SAME_ACCESS));
	ck_assert_ptr_ne(copy, process);
	ck_assert_uint_eq(poll(copy), WAIT_TIMEOUT);
	ck_assert_uint_eq(poll(process), WAIT_TIMEOUT);
	ck_assert(CloseHandle(copy));
	ck_assert(CloseHandle(process));	/* has no effect */
	ck_assert_uint_eq(poll(process), WAIT_TIMEOUT);
}
END_TEST

START_TEST(a_closed_handle_never_names_a_new_object)
{
	HANDLE old = event(AUTO, SET), young[100];

	ck_assert(CloseHandle(old));
	for (unsigned i = 0; i < 100; i++) {
		young[i] = event(AUTO, SET);
		ck_assert_ptr_ne(young[i], old);
	}
	ck_assert_fails(SetEvent(old), ERROR_INVALID_HANDLE);
	ck_assert_fails(CloseHandle(old), ERROR_INVALID_HANDLE);
	ck_assert_wait_fails(poll(old), ERROR_INVALID_HANDLE);
	close_all(100, young);
}
END_TEST

START_TEST(every_function_refuses_what_is_no_handle)
{	/* KOBJ-13 */
	HANDLE bad[] = { NULL, STALE, (HANDLE)1, (HANDLE)-4,
		(HANDLE)&bad, NULL };
	LARGE_INTEGER due = { .QuadPart = -1 };
	DWORD code;

	bad[5] = event(AUTO, UNSET);
	ck_assert(CloseHandle(bad[5]));
	for (unsigned i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		ck_assert_fails(CloseHandle(bad[i]), ERROR_INVALID_HANDLE);
		ck_assert_fails(SetEvent(bad[i]), ERROR_INVALID_HANDLE);
		ck_assert_fails(ResetEvent(bad[i]), ERROR_INVALID_HANDLE);
		ck_assert_fails(ReleaseMutex(bad[i]), ERROR_INVALID_HANDLE);
		ck_assert_fails(ReleaseSemaphore(bad[i], 1, NULL),
			ERROR_INVALID_HANDLE);
		ck_assert_fails(SetWaitableTimer(bad[i], &due, 0, NULL, NULL,
			FALSE), ERROR_INVALID_HANDLE);
		ck_assert_fails(CancelWaitableTimer(bad[i]),
			ERROR_INVALID_HANDLE);
		ck_assert_fails(GetExitCodeThread(bad[i], &code),
			ERROR_INVALID_HANDLE);
		ck_assert_wait_fails(poll(bad[i]), ERROR_INVALID_HANDLE);
		ck_assert_wait_fails(WaitForSingleObject(bad[i], INFINITE),
			ERROR_INVALID_HANDLE);
	}
}
END_TEST

START_TEST(every_function_refuses_another_kind_of_object)
{
	HANDLE e = event(AUTO, UNSET), m = mutex();
	LARGE_INTEGER due = { .QuadPart = -1 };
	DWORD code;

	ck_assert_fails(SetEvent(m), ERROR_INVALID_HANDLE);
	ck_assert_fails(ResetEvent(m), ERROR_INVALID_HANDLE);
	ck_assert_fails(ReleaseMutex(e), ERROR_INVALID_HANDLE);
	ck_assert_fails(ReleaseSemaphore(e, 1, NULL), ERROR_INVALID_HANDLE);
	ck_assert_fails(SetWaitableTimer(e, &due, 0, NULL, NULL, FALSE),
		ERROR_INVALID_HANDLE);
	ck_assert_fails(CancelWaitableTimer(e), ERROR_INVALID_HANDLE);
	ck_assert_fails(GetExitCodeThread(e, &code), ERROR_INVALID_HANDLE);
	ck_assert_fails(GetExitCodeThread(GetCurrentProcess(), &code),
		ERROR_INVALID_HANDLE);
	ck_assert_fails(SetEvent(GetCurrentThread()), ERROR_INVALID_HANDLE);
	ck_assert(CloseHandle(e));
	ck_assert(CloseHandle(m));
}
END_TEST

START_TEST(closing_the_handle_of_an_event_does_not_strand_its_waiter)
{
	HANDLE process = GetCurrentProcess(), copy;
	HANDLE original = event(AUTO, UNSET);
	HANDLE thread = start(arrive_and_wait, original);

	await_arrivals(1);
	ck_assert(DuplicateHandle(process, original, process, &copy, 0,
		FALSE, DUPLICATE_SAME_ACCESS | DUPLICATE_CLOSE_SOURCE));
	ck_assert(SetEvent(copy));
	ck_assert(CloseHandle(copy));
	ck_assert_uint_eq(join(thread), WAIT_OBJECT_0);
}
END_TEST

static DWORD
close_it(void *handle)
{
	return (DWORD)CloseHandle(handle);
}

START_TEST(of_two_threads_that_close_one_handle_exactly_one_succeeds)
{
	HANDLE object = event(AUTO, UNSET);
	HANDLE first = start(close_it, object);
	HANDLE second = start(close_it, object);

	ck_assert_uint_eq(join(first) + join(second), 1);
}
END_TEST

START_TEST(a_program_may_have_thousands_of_handles)
{
	enum { MANY = 5000 };
	HANDLE *handles = calloc(MANY, sizeof(*handles));

	for (int round = 0; round < 2; round++) {
		for (unsigned i = 0; i < MANY; i++)
			handles[i] = event(AUTO, i % 2 == 0);
		for (unsigned i = 0; i < MANY; i++)
			ck_assert_uint_eq(poll(handles[i]), i % 2 == 0 ?
				WAIT_OBJECT_0 : WAIT_TIMEOUT);
		close_all(MANY, handles);
		for (unsigned i = 0; i < MANY; i++)
			ck_assert_fails(CloseHandle(handles[i]),
				ERROR_INVALID_HANDLE);
	}
	free(handles);
}
END_TEST

/* ---- Names ---- */

START_TEST(a_name_leads_to_the_object_that_has_it)
{	/* KOBJ-16 */
	HANDLE first, second, other;

	SetLastError(0xDEAD);
	first = CreateEventA(NULL, AUTO, UNSET, "Name");
	ck_assert_uint_eq(GetLastError(), NO_ERROR);
	second = CreateEventA(NULL, MANUAL, SET, "Name");
	ck_assert_uint_eq(GetLastError(), ERROR_ALREADY_EXISTS);
	other = CreateEventA(NULL, AUTO, UNSET, "name");
	ck_assert_uint_eq(GetLastError(), NO_ERROR);
	ck_assert_ptr_ne(first, second);
	ck_assert_uint_eq(poll(second), WAIT_TIMEOUT);
	ck_assert(SetEvent(first));
	ck_assert_uint_eq(poll(other), WAIT_TIMEOUT);
	ck_assert_uint_eq(poll(second), WAIT_OBJECT_0);
	ck_assert_uint_eq(poll(first), WAIT_TIMEOUT);	/* it is auto-reset */
	close_all(3, (HANDLE[]){ first, second, other });
}
END_TEST

START_TEST(every_kind_of_object_can_have_a_name)
{	/* KOBJ-16 */
	HANDLE m, s, t, again[3];

	m = CreateMutexA(NULL, TRUE, "mutex");
	ck_assert_uint_eq(GetLastError(), NO_ERROR);
	s = CreateSemaphoreA(NULL, 1, 1, "semaphore");
	ck_assert_uint_eq(GetLastError(), NO_ERROR);
	t = CreateWaitableTimerA(NULL, MANUAL, "timer");
	ck_assert_uint_eq(GetLastError(), NO_ERROR);
	again[0] = CreateMutexExW(NULL, L"mutex", CREATE_MUTEX_INITIAL_OWNER,
		MUTEX_ALL_ACCESS);
	ck_assert_uint_eq(GetLastError(), ERROR_ALREADY_EXISTS);
	again[1] = CreateSemaphoreExW(NULL, 9, 9, L"semaphore", 0,
		SEMAPHORE_ALL_ACCESS);
	ck_assert_uint_eq(GetLastError(), ERROR_ALREADY_EXISTS);
	again[2] = CreateWaitableTimerExW(NULL, L"timer", 0,
		TIMER_ALL_ACCESS);
	ck_assert_uint_eq(GetLastError(), ERROR_ALREADY_EXISTS);
	/* Owned once, by the first call alone; still one permit of one. */
	ck_assert(ReleaseMutex(again[0]));
	ck_assert_fails(ReleaseMutex(m), ERROR_NOT_OWNER);
	ck_assert_fails(ReleaseSemaphore(again[1], 1, NULL),
		ERROR_TOO_MANY_POSTS);
	close_all(3, again);
	close_all(3, (HANDLE[]){ m, s, t });
}
END_TEST

START_TEST(a_name_belongs_to_one_kind_of_object)
{	/* KOBJ-16 */
	HANDLE object = CreateEventA(NULL, AUTO, SET, "name");

	ck_assert_fails(CreateMutexA(NULL, FALSE, "name"),
		ERROR_INVALID_HANDLE);
	ck_assert_fails(CreateMutexA(NULL, TRUE, "name"),
		ERROR_INVALID_HANDLE);
	ck_assert_fails(CreateSemaphoreA(NULL, 0, 1, "name"),
		ERROR_INVALID_HANDLE);
	ck_assert_fails(CreateWaitableTimerA(NULL, AUTO, "name"),
		ERROR_INVALID_HANDLE);
	ck_assert_uint_eq(poll(object), WAIT_OBJECT_0);
	ck_assert(CloseHandle(object));
}
END_TEST

START_TEST(a_name_is_free_again_after_the_last_handle)
{	/* KOBJ-16 */
	HANDLE first = CreateEventA(NULL, AUTO, SET, "name");
	HANDLE second = CreateEventExA(NULL, "name", 0, EVENT_ALL_ACCESS);
	HANDLE thread, third;

	ck_assert_uint_eq(GetLastError(), ERROR_ALREADY_EXISTS);
	ck_assert(CloseHandle(first));
	ck_assert_uint_eq(poll(second), WAIT_OBJECT_0);
	/* A thread that waits for the old one does not keep the name. */
	thread = start(arrive_and_wait, second);
	await_arrivals(1);
	ck_assert(SetEvent(second));
	ck_assert(CloseHandle(second));
	third = CreateMutexA(NULL, FALSE, "name");
	ck_assert_uint_eq(GetLastError(), NO_ERROR);
	ck_assert_uint_eq(join(thread), WAIT_OBJECT_0);
	ck_assert(CloseHandle(third));
}
END_TEST

START_TEST(wide_names_and_utf_8_names_are_the_same_names)
{	/* KOBJ-16 */
	HANDLE narrow = CreateEventA(NULL, AUTO, UNSET,
		"a\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80");
	HANDLE wide = CreateEventW(NULL, AUTO, UNSET,
		L"a\u00E9\u20AC\U0001F600");

	ck_assert_uint_eq(GetLastError(), ERROR_ALREADY_EXISTS);
	ck_assert(CloseHandle(narrow));
	ck_assert(CloseHandle(wide));
}
END_TEST

START_TEST(an_empty_name_is_no_name)
{
	HANDLE first = CreateEventA(NULL, AUTO, UNSET, "");
	HANDLE second = CreateEventA(NULL, AUTO, UNSET, "");
	HANDLE third = CreateEventW(NULL, AUTO, UNSET, L"");

	ck_assert_uint_eq(GetLastError(), NO_ERROR);
	ck_assert(SetEvent(first));
	ck_assert_uint_eq(poll(second), WAIT_TIMEOUT);
	ck_assert_uint_eq(poll(third), WAIT_TIMEOUT);
	close_all(3, (HANDLE[]){ first, second, third });
}
END_TEST

/* ---- Attributes ---- */

START_TEST(security_attributes_must_not_carry_a_descriptor)
{
	SECURITY_ATTRIBUTES plain = { sizeof(plain), NULL, TRUE };
	SECURITY_ATTRIBUTES guarded = { sizeof(plain), &plain, FALSE };
	HANDLE object = CreateEventA(&plain, AUTO, UNSET, NULL);

	ck_assert_ptr_nonnull(object);
	ck_assert(CloseHandle(object));
	ck_assert_fails(CreateEventA(&guarded, AUTO, UNSET, NULL),
		ERROR_INVALID_PARAMETER);
	ck_assert_fails(CreateMutexW(&guarded, FALSE, NULL),
		ERROR_INVALID_PARAMETER);
	ck_assert_fails(CreateSemaphoreA(&guarded, 0, 1, NULL),
		ERROR_INVALID_PARAMETER);
	ck_assert_fails(CreateWaitableTimerW(&guarded, AUTO, NULL),
		ERROR_INVALID_PARAMETER);
	ck_assert_fails(CreateThread(&guarded, 0, return_parameter, NULL, 0,
		NULL), ERROR_INVALID_PARAMETER);
}
END_TEST

/* ---- The last error ---- */

static VOID
set_last_error(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_WORK work)
{
	DWORD *before = context;

	(void)instance;
	(void)work;
	*before = GetLastError();
	SetLastError(77);
}

START_TEST(each_thread_has_a_last_error_of_its_own)
{	/* KOBJ-14 */
	DWORD before = 0xDEAD;
	PTP_WORK work = CreateThreadpoolWork(set_last_error, &before, NULL);

	ck_assert_ptr_nonnull(work);
	SetLastError(5);
	SubmitThreadpoolWork(work);
	WaitForThreadpoolWorkCallbacks(work, FALSE);
	ck_assert_uint_eq(GetLastError(), 5);
	ck_assert_uint_ne(before, 5);
	CloseThreadpoolWork(work);
}
END_TEST

/* ---- The suite ---- */

int
main(void)
{
	Suite *suite = suite_create("handles");
	TCase *small = kernel_case(suite, "small");
	TCase *large = kernel_case(suite, "large");

	tcase_add_test(small,
		a_duplicate_names_the_same_object_and_is_closed_on_its_own);
	tcase_add_test(small, duplicating_can_close_the_source);
	tcase_add_test(small,
		duplicating_refuses_what_is_no_handle_and_no_process);
	tcase_add_test(small,
		a_process_can_be_duplicated_and_waited_for_in_vain);
	tcase_add_test(small, a_closed_handle_never_names_a_new_object);
	tcase_add_test(small, every_function_refuses_what_is_no_handle);
	tcase_add_test(small, every_function_refuses_another_kind_of_object);
	tcase_add_test(small,
		closing_the_handle_of_an_event_does_not_strand_its_waiter);
	tcase_add_test(small,
		of_two_threads_that_close_one_handle_exactly_one_succeeds);
	tcase_add_test(small, a_name_leads_to_the_object_that_has_it);
	tcase_add_test(small, every_kind_of_object_can_have_a_name);
	tcase_add_test(small, a_name_belongs_to_one_kind_of_object);
	tcase_add_test(small, a_name_is_free_again_after_the_last_handle);
	tcase_add_test(small, wide_names_and_utf_8_names_are_the_same_names);
	tcase_add_test(small, an_empty_name_is_no_name);
	tcase_add_test(small, security_attributes_must_not_carry_a_descriptor);
	tcase_add_test(small, each_thread_has_a_last_error_of_its_own);
	tcase_add_test(large, a_program_may_have_thousands_of_handles);
	return harness_run(suite);
}

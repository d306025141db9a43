/* SPDX-License-Identifier: MIT */
/*
 * test_kernel.c - the kernel objects that the pool stands on
 *
 * How does a test know that a thread is blocked, without sleeping? The
 * thread calls SignalObjectAndWait: it releases the semaphore `arrived` and
 * joins the waiters of the other object in one step. Whoever then gets the
 * semaphore knows that the thread waits.
 *
 * A thread of a test does not assert; it returns what it saw as its exit
 * code, and the test asserts on that.
 */
#include "harness.h"

#include <string.h>
#include <time.h>

#ifndef TP_CHECK
#define TP_CHECK 1	/* as in the pool */
#endif

enum { MANUAL = TRUE, AUTO = FALSE, SET = TRUE, UNSET = FALSE };

#define EPOCH		116444736000000000ull	/* 1970, in a FILETIME */
#define STALE		((HANDLE)0x12345678)
#define MS		10000ll		/* ticks of 100 ns */

/* ---- Helpers ------------------------------------------------------------ */

static HANDLE arrived;	/* a semaphore: see above */

static void
await_arrivals(unsigned threads)
{
	while (threads-- > 0)
		ck_assert_uint_eq(WaitForSingleObject(arrived, INFINITE),
			WAIT_OBJECT_0);
}

static HANDLE
event(BOOL manual_reset, BOOL set)
{
	HANDLE handle = CreateEventA(NULL, manual_reset, set, NULL);

	ck_assert_ptr_nonnull(handle);
	return handle;
}

static HANDLE
semaphore(LONG count, LONG maximum)
{
	HANDLE handle = CreateSemaphoreA(NULL, count, maximum, NULL);

	ck_assert_ptr_nonnull(handle);
	return handle;
}

static HANDLE
mutex(void)
{
	HANDLE handle = CreateMutexA(NULL, FALSE, NULL);

	ck_assert_ptr_nonnull(handle);
	return handle;
}

static HANDLE
timer(BOOL manual_reset)
{
	HANDLE handle = CreateWaitableTimerA(NULL, manual_reset, NULL);

	ck_assert_ptr_nonnull(handle);
	return handle;
}

/* ticks: as for SetWaitableTimer; negative is from now. period: ms. */
static void
set_timer(HANDLE handle, LONGLONG ticks, LONG period)
{
	LARGE_INTEGER due;

	due.QuadPart = ticks;
	ck_assert(SetWaitableTimer(handle, &due, period, NULL, NULL, FALSE));
}

static HANDLE
start(LPTHREAD_START_ROUTINE function, void *parameter)
{
	HANDLE thread = CreateThread(NULL, 0, function, parameter, 0, NULL);

	ck_assert_ptr_nonnull(thread);
	return thread;
}

/* Waits for the end of a thread, closes its handle, gives its exit code. */
static DWORD
join(HANDLE thread)
{
	DWORD code = STILL_ACTIVE;

	ck_assert_uint_eq(WaitForSingleObject(thread, INFINITE),
		WAIT_OBJECT_0);
	ck_assert(GetExitCodeThread(thread, &code));
	ck_assert(CloseHandle(thread));
	return code;
}

/* What a look at the object says. */
static DWORD
poll(HANDLE handle)
{
	return WaitForSingleObject(handle, 0);
}

static void
close_all(unsigned count, const HANDLE *handles)
{
	for (unsigned i = 0; i < count; i++)
		ck_assert(CloseHandle(handles[i]));
}

/* The call must fail with this error. */
#define ck_assert_fails(call, error) do {				\
	SetLastError(0xDEAD);						\
	ck_assert(!(call));						\
	ck_assert_uint_eq(GetLastError(), (error));			\
} while (0)

#define ck_assert_wait_fails(call, error) do {				\
	SetLastError(0xDEAD);						\
	ck_assert_uint_eq((call), WAIT_FAILED);				\
	ck_assert_uint_eq(GetLastError(), (error));			\
} while (0)

static LONGLONG
ticks_now(void)
{
	LARGE_INTEGER now;

	QueryPerformanceCounter(&now);
	return now.QuadPart;
}

static LONGLONG
wall_now(void)
{
	FILETIME now;

	GetSystemTimeAsFileTime(&now);
	return (LONGLONG)((uint64_t)now.dwHighDateTime << 32 |
		now.dwLowDateTime);
}

/* A thread that announces itself and waits for one object. */
static DWORD
arrive_and_wait(void *handle)
{
	return SignalObjectAndWait(arrived, handle, INFINITE, FALSE);
}

/* ... and lets go of the mutex that it got. */
static DWORD
arrive_and_pass(void *handle)
{
	DWORD result = arrive_and_wait(handle);

	return ReleaseMutex(handle) ? result : WAIT_FAILED;
}

static void
open_arrivals(void)
{
	arrived = CreateSemaphoreA(NULL, 0, 1000, NULL);
}

static void
close_arrivals(void)
{
	CloseHandle(arrived);
}

/* ---- Handles ------------------------------------------------------------ */

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

/* ---- Events ------------------------------------------------------------- */

START_TEST(an_auto_reset_event_lets_one_waiter_through_each_time)
{	/* KOBJ-03 */
	HANDLE object = event(AUTO, UNSET), threads[4];

	for (unsigned i = 0; i < 4; i++)
		threads[i] = start(arrive_and_wait, object);
	await_arrivals(4);
	/* Had one SetEvent released two, the last would leave it set. */
	for (unsigned i = 0; i < 4; i++) {
		ck_assert(SetEvent(object));
		ck_assert_uint_eq(poll(object), WAIT_TIMEOUT);
	}
	for (unsigned i = 0; i < 4; i++)
		ck_assert_uint_eq(join(threads[i]), WAIT_OBJECT_0);
	ck_assert(SetEvent(object));
	ck_assert_uint_eq(poll(object), WAIT_OBJECT_0);
	ck_assert(CloseHandle(object));
}
END_TEST

START_TEST(a_manual_reset_event_lets_all_through_until_it_is_reset)
{	/* KOBJ-03 */
	HANDLE object = event(MANUAL, UNSET), threads[4];

	for (unsigned i = 0; i < 4; i++)
		threads[i] = start(arrive_and_wait, object);
	await_arrivals(4);
	ck_assert(SetEvent(object));
	for (unsigned i = 0; i < 4; i++)
		ck_assert_uint_eq(join(threads[i]), WAIT_OBJECT_0);
	ck_assert_uint_eq(poll(object), WAIT_OBJECT_0);
	ck_assert_uint_eq(poll(object), WAIT_OBJECT_0);
	ck_assert(ResetEvent(object));
	ck_assert_uint_eq(poll(object), WAIT_TIMEOUT);
	ck_assert(CloseHandle(object));
}
END_TEST

START_TEST(a_reset_right_after_a_set_does_not_call_the_waiters_back)
{	/* KOBJ-03 */
	HANDLE object = event(MANUAL, UNSET), threads[3];

	for (unsigned i = 0; i < 3; i++)
		threads[i] = start(arrive_and_wait, object);
	await_arrivals(3);
	ck_assert(SetEvent(object));
	ck_assert(ResetEvent(object));
	for (unsigned i = 0; i < 3; i++)
		ck_assert_uint_eq(join(threads[i]), WAIT_OBJECT_0);
	ck_assert(CloseHandle(object));
}
END_TEST

START_TEST(the_thread_that_has_waited_longest_gets_the_signal)
{	/* KOBJ-03 */
	HANDLE object = event(AUTO, UNSET), threads[3];

	for (unsigned i = 0; i < 3; i++) {
		threads[i] = start(arrive_and_wait, object);
		await_arrivals(1);
	}
	for (unsigned i = 0; i < 3; i++) {
		ck_assert(SetEvent(object));
		ck_assert_uint_eq(join(threads[i]), WAIT_OBJECT_0);
	}
	ck_assert(CloseHandle(object));
}
END_TEST

START_TEST(signals_of_an_auto_reset_event_do_not_add_up)
{	/* KOBJ-04 */
	HANDLE object = event(AUTO, UNSET);

	ck_assert(SetEvent(object));
	ck_assert(SetEvent(object));
	ck_assert_uint_eq(poll(object), WAIT_OBJECT_0);
	ck_assert_uint_eq(poll(object), WAIT_TIMEOUT);
	ck_assert(CloseHandle(object));
}
END_TEST

START_TEST(an_event_begins_as_its_flags_say)
{
	static const struct {
		DWORD flags, first, second;
	} cases[] = {
		{ 0, WAIT_TIMEOUT, WAIT_TIMEOUT },
		{ CREATE_EVENT_INITIAL_SET, WAIT_OBJECT_0, WAIT_TIMEOUT },
		{ CREATE_EVENT_MANUAL_RESET, WAIT_TIMEOUT, WAIT_TIMEOUT },
		{ CREATE_EVENT_MANUAL_RESET | CREATE_EVENT_INITIAL_SET,
			WAIT_OBJECT_0, WAIT_OBJECT_0 },
	};

	for (unsigned i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		HANDLE narrow = CreateEventExA(NULL, NULL, cases[i].flags,
			EVENT_ALL_ACCESS);
		HANDLE wide = CreateEventExW(NULL, NULL, cases[i].flags,
			EVENT_ALL_ACCESS);

		ck_assert_uint_eq(poll(narrow), cases[i].first);
		ck_assert_uint_eq(poll(narrow), cases[i].second);
		ck_assert_uint_eq(poll(wide), cases[i].first);
		ck_assert_uint_eq(poll(wide), cases[i].second);
		ck_assert(CloseHandle(narrow));
		ck_assert(CloseHandle(wide));
	}
}
END_TEST

/* ---- Semaphores --------------------------------------------------------- */

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

/* ---- Mutexes ------------------------------------------------------------ */

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

/* ---- Waiting for several ------------------------------------------------ */

START_TEST(waiting_for_any_takes_the_lowest_index_and_nothing_else)
{	/* KOBJ-10 */
	HANDLE objects[MAXIMUM_WAIT_OBJECTS];

	for (unsigned i = 0; i < MAXIMUM_WAIT_OBJECTS; i++)
		objects[i] = event(AUTO, SET);
	for (unsigned i = 0; i < MAXIMUM_WAIT_OBJECTS; i++)
		ck_assert_uint_eq(WaitForMultipleObjects(
			MAXIMUM_WAIT_OBJECTS, objects, FALSE, INFINITE),
			WAIT_OBJECT_0 + i);
	ck_assert_uint_eq(WaitForMultipleObjects(MAXIMUM_WAIT_OBJECTS,
		objects, FALSE, 0), WAIT_TIMEOUT);
	close_all(MAXIMUM_WAIT_OBJECTS, objects);
}
END_TEST

static DWORD
wait_any_of_64(void *argument)
{
	return WaitForMultipleObjectsEx(MAXIMUM_WAIT_OBJECTS, argument,
		FALSE, INFINITE, FALSE);
}

static DWORD
wait_all_of_64(void *argument)
{
	return WaitForMultipleObjectsEx(MAXIMUM_WAIT_OBJECTS, argument, TRUE,
		INFINITE, FALSE);
}

START_TEST(a_blocked_wait_for_any_ends_with_the_index_that_was_signalled)
{	/* KOBJ-10 */
	HANDLE objects[MAXIMUM_WAIT_OBJECTS];

	for (unsigned i = 0; i < MAXIMUM_WAIT_OBJECTS; i++)
		objects[i] = event(AUTO, UNSET);
	for (unsigned i = 0; i < MAXIMUM_WAIT_OBJECTS; i += 21) {
		HANDLE thread = start(wait_any_of_64, objects);

		ck_assert(SetEvent(objects[i]));
		ck_assert_uint_eq(join(thread), WAIT_OBJECT_0 + i);
	}
	ck_assert_uint_eq(WaitForMultipleObjects(MAXIMUM_WAIT_OBJECTS,
		objects, FALSE, 0), WAIT_TIMEOUT);
	close_all(MAXIMUM_WAIT_OBJECTS, objects);
}
END_TEST

START_TEST(waiting_for_all_takes_nothing_until_all_are_signalled)
{	/* KOBJ-11 */
	HANDLE objects[2] = { semaphore(1, 1), event(AUTO, UNSET) };

	ck_assert_uint_eq(WaitForMultipleObjects(2, objects, TRUE, 0),
		WAIT_TIMEOUT);
	ck_assert_uint_eq(WaitForMultipleObjects(2, objects, TRUE, 20),
		WAIT_TIMEOUT);
	ck_assert_fails(ReleaseSemaphore(objects[0], 1, NULL),
		ERROR_TOO_MANY_POSTS);
	ck_assert(SetEvent(objects[1]));
	ck_assert_uint_eq(WaitForMultipleObjects(2, objects, TRUE, 0),
		WAIT_OBJECT_0);
	ck_assert_uint_eq(poll(objects[0]), WAIT_TIMEOUT);
	ck_assert_uint_eq(poll(objects[1]), WAIT_TIMEOUT);
	close_all(2, objects);
}
END_TEST

START_TEST(a_blocked_wait_for_all_leaves_single_signals_to_others)
{	/* KOBJ-11 */
	HANDLE objects[MAXIMUM_WAIT_OBJECTS], thread;

	for (unsigned i = 0; i < MAXIMUM_WAIT_OBJECTS; i++)
		objects[i] = event(AUTO, UNSET);
	thread = start(wait_all_of_64, objects);
	for (unsigned i = 0; i < MAXIMUM_WAIT_OBJECTS; i++) {
		ck_assert(SetEvent(objects[i]));
		ck_assert_uint_eq(poll(objects[i]), WAIT_OBJECT_0);
	}
	for (unsigned i = 0; i < MAXIMUM_WAIT_OBJECTS; i++)
		ck_assert(SetEvent(objects[i]));
	ck_assert_uint_eq(join(thread), WAIT_OBJECT_0);
	for (unsigned i = 0; i < MAXIMUM_WAIT_OBJECTS; i++)
		ck_assert_uint_eq(poll(objects[i]), WAIT_TIMEOUT);
	close_all(MAXIMUM_WAIT_OBJECTS, objects);
}
END_TEST

static DWORD
own_and_wait_for_both(void *argument)
{
	HANDLE *objects = argument;	/* a mutex and an event */

	if (SignalObjectAndWait(arrived, objects[0], 0, FALSE) !=
	    WAIT_OBJECT_0)
		return WAIT_FAILED;
	return WaitForMultipleObjects(2, objects, TRUE, INFINITE);
}

START_TEST(an_owner_may_wait_for_its_mutex_together_with_something_else)
{	/* KOBJ-11 */
	HANDLE objects[2] = { mutex(), event(AUTO, UNSET) };
	HANDLE thread = start(own_and_wait_for_both, objects);

	await_arrivals(1);
	ck_assert(SetEvent(objects[1]));
	ck_assert_uint_eq(join(thread), WAIT_OBJECT_0);
	close_all(2, objects);
}
END_TEST

START_TEST(an_object_may_be_given_twice_to_a_wait_for_any_only)
{
	HANDLE object = semaphore(2, 2), copy;
	HANDLE twice[2] = { object, object };

	ck_assert_uint_eq(WaitForMultipleObjects(2, twice, FALSE, 0),
		WAIT_OBJECT_0);
	ck_assert_uint_eq(WaitForMultipleObjects(2, twice, FALSE, 0),
		WAIT_OBJECT_0);
	ck_assert_uint_eq(WaitForMultipleObjects(2, twice, FALSE, 1),
		WAIT_TIMEOUT);
	ck_assert(ReleaseSemaphore(object, 2, NULL));
	ck_assert_wait_fails(WaitForMultipleObjects(2, twice, TRUE, 0),
		ERROR_INVALID_PARAMETER);
	ck_assert(DuplicateHandle(GetCurrentProcess(), object,
		GetCurrentProcess(), &copy, 0, FALSE, 0));
	twice[1] = copy;
	ck_assert_wait_fails(WaitForMultipleObjects(2, twice, TRUE, 0),
		ERROR_INVALID_PARAMETER);
	close_all(2, twice);
}
END_TEST

START_TEST(one_wait_takes_1_to_64_handles)
{	/* KOBJ-12 */
	HANDLE objects[MAXIMUM_WAIT_OBJECTS + 1];

	for (unsigned i = 0; i < MAXIMUM_WAIT_OBJECTS + 1; i++)
		objects[i] = event(MANUAL, SET);
	ck_assert_wait_fails(WaitForMultipleObjects(0, objects, FALSE, 0),
		ERROR_INVALID_PARAMETER);
	ck_assert_wait_fails(WaitForMultipleObjects(
		MAXIMUM_WAIT_OBJECTS + 1, objects, FALSE, 0),
		ERROR_INVALID_PARAMETER);
	ck_assert_wait_fails(WaitForMultipleObjects(1, NULL, FALSE, 0),
		ERROR_INVALID_PARAMETER);
	ck_assert_uint_eq(WaitForMultipleObjects(1, objects, TRUE, 0),
		WAIT_OBJECT_0);
	ck_assert_uint_eq(WaitForMultipleObjects(MAXIMUM_WAIT_OBJECTS,
		objects, TRUE, 0), WAIT_OBJECT_0);
	close_all(MAXIMUM_WAIT_OBJECTS + 1, objects);
}
END_TEST

START_TEST(a_bad_handle_among_good_ones_fails_and_takes_nothing)
{	/* KOBJ-13 */
	HANDLE objects[3] = { event(AUTO, SET), STALE, event(AUTO, SET) };

	ck_assert_wait_fails(WaitForMultipleObjects(3, objects, FALSE,
		INFINITE), ERROR_INVALID_HANDLE);
	ck_assert_wait_fails(WaitForMultipleObjects(3, objects, TRUE, 0),
		ERROR_INVALID_HANDLE);
	ck_assert_uint_eq(poll(objects[0]), WAIT_OBJECT_0);
	ck_assert_uint_eq(poll(objects[2]), WAIT_OBJECT_0);
	ck_assert(CloseHandle(objects[0]));
	ck_assert(CloseHandle(objects[2]));
}
END_TEST

START_TEST(a_wait_that_succeeds_or_times_out_keeps_the_last_error)
{	/* KOBJ-13 */
	HANDLE object = event(AUTO, SET);

	SetLastError(0xDEADBEEF);
	ck_assert_uint_eq(poll(object), WAIT_OBJECT_0);
	ck_assert_uint_eq(GetLastError(), 0xDEADBEEF);
	ck_assert_uint_eq(poll(object), WAIT_TIMEOUT);
	ck_assert_uint_eq(WaitForSingleObject(object, 1), WAIT_TIMEOUT);
	ck_assert_uint_eq(GetLastError(), 0xDEADBEEF);
	ck_assert(CloseHandle(object));
}
END_TEST

START_TEST(a_poll_does_not_block_and_consumes_like_any_wait)
{	/* KOBJ-15 */
	HANDLE objects[2] = { event(AUTO, SET), semaphore(1, 1) };

	ck_assert_uint_eq(poll(objects[0]), WAIT_OBJECT_0);
	ck_assert_uint_eq(poll(objects[0]), WAIT_TIMEOUT);
	ck_assert_uint_eq(WaitForMultipleObjects(2, objects, FALSE, 0),
		WAIT_OBJECT_0 + 1);
	ck_assert_uint_eq(WaitForMultipleObjects(2, objects, FALSE, 0),
		WAIT_TIMEOUT);
	close_all(2, objects);
}
END_TEST

START_TEST(a_wait_does_not_time_out_early)
{
	HANDLE object = event(AUTO, UNSET);
	LONGLONG begin = ticks_now();

	ck_assert_uint_eq(WaitForSingleObjectEx(object, 20, TRUE),
		WAIT_TIMEOUT);
	ck_assert_int_ge(ticks_now() - begin, 20 * MS);
	ck_assert(CloseHandle(object));
}
END_TEST

START_TEST(a_thread_that_timed_out_takes_no_later_signal)
{	/* KOBJ-03 */
	HANDLE object = event(AUTO, UNSET);

	ck_assert_uint_eq(WaitForSingleObject(object, 1), WAIT_TIMEOUT);
	ck_assert(SetEvent(object));
	ck_assert_uint_eq(poll(object), WAIT_OBJECT_0);
	ck_assert(CloseHandle(object));
}
END_TEST

START_TEST(signal_and_wait_signals_each_kind_that_a_program_can_signal)
{
	HANDLE done = event(MANUAL, SET), e = event(AUTO, UNSET);
	HANDLE s = semaphore(0, 1), m = CreateMutexA(NULL, TRUE, NULL);

	ck_assert_uint_eq(SignalObjectAndWait(e, done, INFINITE, FALSE),
		WAIT_OBJECT_0);
	ck_assert_uint_eq(poll(e), WAIT_OBJECT_0);
	ck_assert_uint_eq(SignalObjectAndWait(s, s, INFINITE, FALSE),
		WAIT_OBJECT_0);
	ck_assert_uint_eq(poll(s), WAIT_TIMEOUT);
	ck_assert_uint_eq(SignalObjectAndWait(m, e, 0, FALSE), WAIT_TIMEOUT);
	ck_assert_fails(ReleaseMutex(m), ERROR_NOT_OWNER);
	close_all(4, (HANDLE[]){ done, e, s, m });
}
END_TEST

START_TEST(signal_and_wait_that_fails_has_signalled_nothing)
{
	HANDLE e = event(AUTO, UNSET), s = semaphore(1, 1), m = mutex();
	HANDLE t = timer(AUTO);

	ck_assert_wait_fails(SignalObjectAndWait(e, STALE, 0, FALSE),
		ERROR_INVALID_HANDLE);
	ck_assert_uint_eq(poll(e), WAIT_TIMEOUT);
	ck_assert_wait_fails(SignalObjectAndWait(STALE, s, 0, FALSE),
		ERROR_INVALID_HANDLE);
	ck_assert_wait_fails(SignalObjectAndWait(t, s, 0, FALSE),
		ERROR_INVALID_HANDLE);
	ck_assert_wait_fails(SignalObjectAndWait(s, s, 0, FALSE),
		ERROR_TOO_MANY_POSTS);
	ck_assert_wait_fails(SignalObjectAndWait(m, s, 0, FALSE),
		ERROR_NOT_OWNER);
	ck_assert_uint_eq(poll(s), WAIT_OBJECT_0);
	close_all(4, (HANDLE[]){ e, s, m, t });
}
END_TEST

/* ---- Creation: names, attributes, memory -------------------------------- */

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

static DWORD
return_parameter(void *parameter)
{
	return (DWORD)(uintptr_t)parameter;
}

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

static HANDLE
duplicate_self(void)
{
	HANDLE copy, process = GetCurrentProcess();

	return DuplicateHandle(process, GetCurrentThread(), process, &copy,
		0, FALSE, DUPLICATE_SAME_ACCESS) ? copy : NULL;
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

/* ---- Threads ------------------------------------------------------------ */

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

START_TEST(a_sleep_is_not_shorter_than_asked_for)
{
	LONGLONG begin = ticks_now();

	Sleep(5);
	ck_assert_uint_eq(SleepEx(5, TRUE), 0);
	ck_assert_int_ge(ticks_now() - begin, 10 * MS);
	Sleep(0);
	ck_assert(SwitchToThread());
}
END_TEST

/* ---- Waitable timers ---------------------------------------------------- */

START_TEST(a_relative_due_time_is_not_early)
{
	HANDLE object = timer(MANUAL);
	LONGLONG begin = ticks_now();

	ck_assert_uint_eq(poll(object), WAIT_TIMEOUT);
	set_timer(object, -20 * MS, 0);
	ck_assert_uint_eq(WaitForSingleObject(object, INFINITE),
		WAIT_OBJECT_0);
	ck_assert_int_ge(ticks_now() - begin, 20 * MS);
	ck_assert_uint_eq(poll(object), WAIT_OBJECT_0);
	ck_assert(CloseHandle(object));
}
END_TEST

START_TEST(an_absolute_due_time_is_of_the_system_clock)
{
	HANDLE object = timer(AUTO);
	LONGLONG due = wall_now() + 20 * MS;

	set_timer(object, due, 0);
	ck_assert_uint_eq(WaitForSingleObject(object, INFINITE),
		WAIT_OBJECT_0);
	ck_assert_int_ge(wall_now(), due);
	ck_assert_uint_eq(poll(object), WAIT_TIMEOUT);
	ck_assert(CloseHandle(object));
}
END_TEST

START_TEST(a_due_time_that_is_past_signals_at_once)
{
	HANDLE object = timer(AUTO);

	set_timer(object, 0, 0);
	ck_assert_uint_eq(poll(object), WAIT_OBJECT_0);
	set_timer(object, 1, 0);		/* in the year 1601 */
	ck_assert_uint_eq(poll(object), WAIT_OBJECT_0);
	set_timer(object, wall_now(), 0);
	ck_assert_uint_eq(poll(object), WAIT_OBJECT_0);
	ck_assert_uint_eq(poll(object), WAIT_TIMEOUT);
	ck_assert(CloseHandle(object));
}
END_TEST

START_TEST(a_periodic_timer_is_signalled_again_and_again)
{
	LONGLONG starts[] = { 0, -5 * MS, 1 };

	for (unsigned i = 0; i < sizeof(starts) / sizeof(*starts); i++) {
		HANDLE object = timer(AUTO);
		LONGLONG begin = ticks_now();

		set_timer(object, starts[i], 5);
		for (int n = 0; n < 3; n++)
			ck_assert_uint_eq(WaitForSingleObject(object,
				INFINITE), WAIT_OBJECT_0);
		ck_assert_int_ge(ticks_now() - begin, 10 * MS);
		ck_assert(CloseHandle(object));
	}
}
END_TEST

START_TEST(setting_a_timer_takes_its_signal_back)
{
	HANDLE object = timer(MANUAL);

	set_timer(object, 0, 0);
	ck_assert_uint_eq(poll(object), WAIT_OBJECT_0);
	set_timer(object, INT64_MIN, 0);	/* not in our time */
	ck_assert_uint_eq(poll(object), WAIT_TIMEOUT);
	set_timer(object, INT64_MAX, INT32_MAX);
	ck_assert_uint_eq(poll(object), WAIT_TIMEOUT);
	set_timer(object, 0, INT32_MAX);
	ck_assert_uint_eq(poll(object), WAIT_OBJECT_0);
	ck_assert(CloseHandle(object));		/* though it is set */
}
END_TEST

START_TEST(a_cancelled_timer_keeps_its_state)
{
	HANDLE object = timer(MANUAL), later = timer(AUTO);

	set_timer(object, -10 * MS, 0);
	ck_assert(CancelWaitableTimer(object));
	set_timer(later, -20 * MS, 0);
	ck_assert_uint_eq(WaitForSingleObject(later, INFINITE),
		WAIT_OBJECT_0);
	ck_assert_uint_eq(poll(object), WAIT_TIMEOUT);
	set_timer(object, 0, 0);
	ck_assert(CancelWaitableTimer(object));
	ck_assert_uint_eq(poll(object), WAIT_OBJECT_0);
	ck_assert(CloseHandle(object));
	ck_assert(CloseHandle(later));
}
END_TEST

START_TEST(a_timer_closed_while_a_thread_waits_still_expires)
{
	HANDLE object = timer(AUTO), thread;

	set_timer(object, -20 * MS, 0);
	thread = start(arrive_and_wait, object);
	await_arrivals(1);
	ck_assert(CloseHandle(object));
	ck_assert_uint_eq(join(thread), WAIT_OBJECT_0);
}
END_TEST

static VOID
never_called(LPVOID argument, DWORD low, DWORD high)
{
	(void)argument;
	(void)low;
	(void)high;
}

START_TEST(what_a_timer_cannot_do_is_refused_with_a_reason)
{
	HANDLE object = CreateWaitableTimerExA(NULL, NULL,
		CREATE_WAITABLE_TIMER_MANUAL_RESET, TIMER_ALL_ACCESS);
	LARGE_INTEGER due = { .QuadPart = 0 };

	ck_assert_fails(SetWaitableTimer(object, NULL, 0, NULL, NULL, FALSE),
		ERROR_INVALID_PARAMETER);
	ck_assert_fails(SetWaitableTimer(object, &due, -1, NULL, NULL,
		FALSE), ERROR_INVALID_PARAMETER);
	ck_assert_fails(SetWaitableTimer(object, &due, 0, never_called, NULL,
		FALSE), ERROR_NOT_SUPPORTED);
	ck_assert_uint_eq(poll(object), WAIT_TIMEOUT);
	SetLastError(0xDEAD);
	ck_assert(SetWaitableTimer(object, &due, 0, NULL, NULL, TRUE));
	ck_assert_uint_eq(GetLastError(), ERROR_NOT_SUPPORTED);
	ck_assert_uint_eq(poll(object), WAIT_OBJECT_0);
	ck_assert(CloseHandle(object));
}
END_TEST

/* ---- Critical sections -------------------------------------------------- */

static DWORD
try_enter(void *section)
{
	if (!TryEnterCriticalSection(section))
		return FALSE;
	LeaveCriticalSection(section);
	return TRUE;
}

START_TEST(a_critical_section_is_left_once_for_every_entry)
{	/* KOBJ-17 */
	CRITICAL_SECTION section;

	ck_assert(InitializeCriticalSectionAndSpinCount(&section, 4000));
	EnterCriticalSection(&section);
	EnterCriticalSection(&section);
	ck_assert(TryEnterCriticalSection(&section));
	for (int entries = 3; entries > 0; entries--) {
		ck_assert_uint_eq(join(start(try_enter, &section)), FALSE);
		LeaveCriticalSection(&section);
	}
	ck_assert_uint_eq(join(start(try_enter, &section)), TRUE);
	DeleteCriticalSection(&section);
}
END_TEST

struct counted {
	CRITICAL_SECTION section;
	unsigned long count, target;
};

static DWORD
count_inside(void *argument)
{
	struct counted *counted = argument;

	for (unsigned long i = 0; i < counted->target; i++) {
		EnterCriticalSection(&counted->section);
		EnterCriticalSection(&counted->section);
		counted->count++;
		LeaveCriticalSection(&counted->section);
		LeaveCriticalSection(&counted->section);
	}
	return 0;
}

static void
contend(unsigned threads, unsigned long entries)
{
	struct counted counted = { .target = entries };
	HANDLE handles[8];

	InitializeCriticalSection(&counted.section);
	for (unsigned i = 0; i < threads; i++)
		handles[i] = start(count_inside, &counted);
	for (unsigned i = 0; i < threads; i++)
		ck_assert_uint_eq(join(handles[i]), 0);
	ck_assert_uint_eq(counted.count, threads * entries);
	DeleteCriticalSection(&counted.section);
}

START_TEST(one_thread_at_a_time_is_inside_a_critical_section)
{	/* KOBJ-17 */
	contend(3, 10);
}
END_TEST

START_TEST(a_busy_critical_section_loses_nobody)
{	/* KOBJ-17 */
	contend(8, 20000);
}
END_TEST

#if TP_CHECK

static DWORD
leave(void *section)
{
	LeaveCriticalSection(section);
	return 0;
}

static void
leave_as_non_owner(void *unused)
{
	CRITICAL_SECTION section;

	(void)unused;
	InitializeCriticalSection(&section);
	EnterCriticalSection(&section);
	join(start(leave, &section));
}

static void
leave_once_too_often(void *unused)
{
	CRITICAL_SECTION section;

	(void)unused;
	InitializeCriticalSection(&section);
	EnterCriticalSection(&section);
	LeaveCriticalSection(&section);
	LeaveCriticalSection(&section);
}

static void
enter_zeroed_memory(void *unused)
{
	CRITICAL_SECTION section;

	(void)unused;
	ZeroMemory(&section, sizeof(section));
	EnterCriticalSection(&section);
}

static void
enter_deleted(void *unused)
{
	CRITICAL_SECTION section;

	(void)unused;
	InitializeCriticalSection(&section);
	DeleteCriticalSection(&section);
	TryEnterCriticalSection(&section);
}

static void
delete_while_inside(void *unused)
{
	CRITICAL_SECTION section;

	(void)unused;
	InitializeCriticalSection(&section);
	EnterCriticalSection(&section);
	DeleteCriticalSection(&section);
}

START_TEST(misuse_of_a_critical_section_is_reported)
{	/* KOBJ-17 */
	static const struct {
		void (*scene)(void *);
		const char *code, *call;
	} cases[] = {
		{ leave_as_non_owner, "section-not-owner",
			"LeaveCriticalSection(" },
		{ leave_once_too_often, "section-not-owner",
			"LeaveCriticalSection(" },
		{ enter_zeroed_memory, "section-uninitialised",
			"EnterCriticalSection(" },
		{ enter_deleted, "section-uninitialised",
			"TryEnterCriticalSection(" },
		{ delete_while_inside, "section-in-use",
			"DeleteCriticalSection(" },
	};

	for (unsigned i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		const char *report = report_of(cases[i].scene, NULL, true);

		ck_assert_ptr_nonnull(strstr(report, cases[i].code));
		ck_assert_ptr_nonnull(strstr(report, cases[i].call));
	}
}
END_TEST

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

/* ---- The last error, the clock ------------------------------------------ */

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

START_TEST(a_file_time_counts_100_ns_since_1601)
{	/* KOBJ-19 */
	struct timespec unix_time;
	FILETIME before, after;
	uint64_t expected;

	/* 134,774 days from 1601 to 1970. */
	ck_assert_uint_eq(EPOCH, 134774ull * 86400 * 1000 * MS);
	GetSystemTimeAsFileTime(&before);
	clock_gettime(CLOCK_REALTIME, &unix_time);
	GetSystemTimePreciseAsFileTime(&after);
	expected = EPOCH + (uint64_t)unix_time.tv_sec * 10000000 +
		(uint64_t)unix_time.tv_nsec / 100;
	ck_assert_uint_le((uint64_t)before.dwHighDateTime << 32 |
		before.dwLowDateTime, expected);
	ck_assert_uint_ge((uint64_t)after.dwHighDateTime << 32 |
		after.dwLowDateTime, expected);
}
END_TEST

START_TEST(file_times_compare_by_both_halves)
{
	FILETIME early = { 0xFFFFFFFFu, 1 }, late = { 0, 2 };

	ck_assert_int_eq(CompareFileTime(&early, &late), -1);
	ck_assert_int_eq(CompareFileTime(&late, &early), 1);
	ck_assert_int_eq(CompareFileTime(&late, &late), 0);
}
END_TEST

START_TEST(the_clocks_agree_on_how_long_something_took)
{
	LARGE_INTEGER frequency;
	ULONGLONG ms = GetTickCount64();
	DWORD short_ms = GetTickCount();
	LONGLONG ticks = ticks_now();

	ck_assert(QueryPerformanceFrequency(&frequency));
	ck_assert_int_eq(frequency.QuadPart, 1000 * MS);
	Sleep(10);
	/* Counts of whole milliseconds may miss a part of one. */
	ck_assert_int_ge(ticks_now() - ticks, 10 * MS);
	ck_assert_uint_ge(GetTickCount64() - ms, 10);
	ck_assert_uint_ge(GetTickCount() - short_ms, 9);
}
END_TEST

/* ---- Races, with many rounds -------------------------------------------- */

enum { ROUNDS = 1000 };

struct duel {
	HANDLE object;		/* an auto-reset event */
	HANDLE go, done;	/* the turns of the two threads */
};

static DWORD
set_about_now(void *argument)
{
	struct duel *duel = argument;

	for (int i = 0; i < ROUNDS; i++) {
		WaitForSingleObject(duel->go, INFINITE);
		Sleep(1);	/* when the other times out: a close race */
		SetEvent(duel->object);
		SetEvent(duel->done);
	}
	return 0;
}

START_TEST(a_signal_and_a_time_out_never_both_win)
{	/* KOBJ-03 */
	struct duel duel = { event(AUTO, UNSET), event(AUTO, UNSET),
		event(AUTO, UNSET) };
	HANDLE thread = start(set_about_now, &duel);

	for (int i = 0; i < ROUNDS; i++) {
		DWORD result, left;

		ck_assert(SetEvent(duel.go));
		result = WaitForSingleObject(duel.object, 1);
		ck_assert_uint_eq(WaitForSingleObject(duel.done, INFINITE),
			WAIT_OBJECT_0);
		left = poll(duel.object);
		/* One signal each round: taken, or still there. */
		ck_assert_uint_eq(result + left,
			WAIT_OBJECT_0 + WAIT_TIMEOUT);
	}
	ck_assert_uint_eq(join(thread), 0);
	close_all(3, (HANDLE[]){ duel.object, duel.go, duel.done });
}
END_TEST

struct contest {
	HANDLE objects[3];	/* two semaphores, and the end */
};

/* Both return how often they took both; or, of the first 16 bits each. */
static DWORD
take_both(void *argument)
{
	struct contest *contest = argument;
	DWORD taken = 0, result;

	do {
		result = WaitForMultipleObjects(2, contest->objects, TRUE,
			1);
		taken += result == WAIT_OBJECT_0;
	} while (result == WAIT_OBJECT_0 ||
		 poll(contest->objects[2]) == WAIT_TIMEOUT);
	return taken;
}

static DWORD
take_either(void *argument)
{
	struct contest *contest = argument;
	DWORD taken = 0;

	for (;;) {
		DWORD result = WaitForMultipleObjects(3, contest->objects,
			FALSE, INFINITE);

		if (result == WAIT_OBJECT_0 + 2)
			return taken;
		taken += result == WAIT_OBJECT_0 ? 1 : 0x10000;
	}
}

static DWORD
drain(HANDLE object)
{
	DWORD drained = 0;

	while (poll(object) == WAIT_OBJECT_0)
		drained++;
	return drained;
}

static void
compete(unsigned rounds)
{
	struct contest contest = { { semaphore(0, 10000),
		semaphore(0, 10000), event(MANUAL, UNSET) } };
	LPTHREAD_START_ROUTINE bodies[4] = { take_both, take_either,
		take_both, take_either };
	DWORD both = 0, either = 0;
	HANDLE threads[4];

	for (unsigned i = 0; i < 4; i++)
		threads[i] = start(bodies[i], &contest);
	for (unsigned i = 0; i < rounds; i++) {
		ck_assert(ReleaseSemaphore(contest.objects[i % 2], 1, NULL));
		ck_assert(ReleaseSemaphore(contest.objects[1 - i % 2], 1,
			NULL));
	}
	ck_assert(SetEvent(contest.objects[2]));
	for (unsigned i = 0; i < 4; i += 2) {
		both += join(threads[i]);
		either += join(threads[i + 1]);
	}
	/* No permit got lost, and none was taken twice. */
	ck_assert_uint_eq(both + (either & 0xFFFF) +
		drain(contest.objects[0]), rounds);
	ck_assert_uint_eq(both + (either >> 16) +
		drain(contest.objects[1]), rounds);
	close_all(3, contest.objects);
}

START_TEST(waits_for_all_and_for_any_share_permits_exactly)
{	/* KOBJ-11 */
	compete(3);
}
END_TEST

START_TEST(many_waits_for_all_and_for_any_share_permits_exactly)
{	/* KOBJ-11 */
	compete(10000);
}
END_TEST

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

/* ---- The suite ---------------------------------------------------------- */

static void
add_small(TCase *small)
{
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
	tcase_add_test(small,
		an_auto_reset_event_lets_one_waiter_through_each_time);
	tcase_add_test(small,
		a_manual_reset_event_lets_all_through_until_it_is_reset);
	tcase_add_test(small,
		a_reset_right_after_a_set_does_not_call_the_waiters_back);
	tcase_add_test(small,
		the_thread_that_has_waited_longest_gets_the_signal);
	tcase_add_test(small, signals_of_an_auto_reset_event_do_not_add_up);
	tcase_add_test(small, an_event_begins_as_its_flags_say);
	tcase_add_test(small, a_semaphore_never_passes_its_maximum);
	tcase_add_test(small, a_semaphore_wants_sensible_counts);
	tcase_add_test(small,
		a_release_lets_as_many_threads_pass_as_it_adds_permits);
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
	tcase_add_test(small,
		waiting_for_any_takes_the_lowest_index_and_nothing_else);
	tcase_add_test(small,
		a_blocked_wait_for_any_ends_with_the_index_that_was_signalled);
	tcase_add_test(small,
		waiting_for_all_takes_nothing_until_all_are_signalled);
	tcase_add_test(small,
		a_blocked_wait_for_all_leaves_single_signals_to_others);
	tcase_add_test(small,
		an_owner_may_wait_for_its_mutex_together_with_something_else);
	tcase_add_test(small,
		an_object_may_be_given_twice_to_a_wait_for_any_only);
	tcase_add_test(small, one_wait_takes_1_to_64_handles);
	tcase_add_test(small,
		a_bad_handle_among_good_ones_fails_and_takes_nothing);
	tcase_add_test(small,
		a_wait_that_succeeds_or_times_out_keeps_the_last_error);
	tcase_add_test(small, a_poll_does_not_block_and_consumes_like_any_wait);
	tcase_add_test(small, a_wait_does_not_time_out_early);
	tcase_add_test(small, a_thread_that_timed_out_takes_no_later_signal);
	tcase_add_test(small,
		signal_and_wait_signals_each_kind_that_a_program_can_signal);
	tcase_add_test(small, signal_and_wait_that_fails_has_signalled_nothing);
	tcase_add_test(small, a_name_leads_to_the_object_that_has_it);
	tcase_add_test(small, every_kind_of_object_can_have_a_name);
	tcase_add_test(small, a_name_belongs_to_one_kind_of_object);
	tcase_add_test(small, a_name_is_free_again_after_the_last_handle);
	tcase_add_test(small, wide_names_and_utf_8_names_are_the_same_names);
	tcase_add_test(small, an_empty_name_is_no_name);
	tcase_add_test(small, security_attributes_must_not_carry_a_descriptor);
	tcase_add_test(small, each_create_survives_exhausted_memory);
	tcase_add_test(small,
		a_create_that_gets_no_thread_fails_and_can_be_repeated);
	tcase_add_test(small, waiting_and_signalling_allocate_nothing);
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
	tcase_add_test(small, a_sleep_is_not_shorter_than_asked_for);
	tcase_add_test(small, a_relative_due_time_is_not_early);
	tcase_add_test(small, an_absolute_due_time_is_of_the_system_clock);
	tcase_add_test(small, a_due_time_that_is_past_signals_at_once);
	tcase_add_test(small, a_periodic_timer_is_signalled_again_and_again);
	tcase_add_test(small, setting_a_timer_takes_its_signal_back);
	tcase_add_test(small, a_cancelled_timer_keeps_its_state);
	tcase_add_test(small,
		a_timer_closed_while_a_thread_waits_still_expires);
	tcase_add_test(small, what_a_timer_cannot_do_is_refused_with_a_reason);
	tcase_add_test(small, a_critical_section_is_left_once_for_every_entry);
	tcase_add_test(small,
		one_thread_at_a_time_is_inside_a_critical_section);
#if TP_CHECK
	tcase_add_test(small, misuse_of_a_critical_section_is_reported);
	tcase_add_test(small, a_callback_that_ends_its_thread_is_reported);
#endif
	tcase_add_test(small, each_thread_has_a_last_error_of_its_own);
	tcase_add_test(small, a_file_time_counts_100_ns_since_1601);
	tcase_add_test(small, file_times_compare_by_both_halves);
	tcase_add_test(small, the_clocks_agree_on_how_long_something_took);
	tcase_add_test(small, waits_for_all_and_for_any_share_permits_exactly);
}

static void
add_large(TCase *large)
{
	tcase_add_test(large, a_program_may_have_thousands_of_handles);
	tcase_add_test(large, a_full_handle_table_survives_exhausted_memory);
	tcase_add_test(large, a_busy_critical_section_loses_nobody);
	tcase_add_test(large, a_signal_and_a_time_out_never_both_win);
	tcase_add_test(large,
		many_waits_for_all_and_for_any_share_permits_exactly);
	tcase_add_test(large, a_busy_mutex_loses_nobody);
}

int
main(void)
{
	Suite *suite = suite_create("kernel");
	TCase *small = harness_case(suite, "small");
	TCase *large = harness_case(suite, "large");

	tcase_add_checked_fixture(small, open_arrivals, close_arrivals);
	tcase_add_checked_fixture(large, open_arrivals, close_arrivals);
	add_small(small);
	add_large(large);
	return harness_run(suite);
}

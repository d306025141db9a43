/* kernel.h - what the suites of the kernel objects have in common */
/* SPDX-License-Identifier: MIT */
/*
 * How does a test know that a thread is blocked, without sleeping? The
 * thread calls SignalObjectAndWait: it releases the semaphore `arrived` and
 * joins the waiters of the other object in one step. Whoever then gets the
 * semaphore knows that the thread waits.
 *
 * A thread of a test does not assert; it returns what it saw as its exit
 * code, and the test asserts on that.
 *
 * The functions that make an object, or start and join a thread, assert
 * that it worked; so a test reads as what it is about. No suite needs all
 * of them: they are inline, and those left over cost nothing.
 */
#ifndef KERNEL_H
#define KERNEL_H

#include "elapsed.h"
#include "harness.h"

enum { MANUAL = TRUE, AUTO = FALSE, SET = TRUE, UNSET = FALSE };

#define STALE		((HANDLE)0x12345678)

/* ---- Objects ---- */

static inline HANDLE
event(BOOL manual_reset, BOOL set)
{
	HANDLE handle = CreateEventA(NULL, manual_reset, set, NULL);

	ck_assert_ptr_nonnull(handle);
	return handle;
}

static inline HANDLE
semaphore(LONG count, LONG maximum)
{
	HANDLE handle = CreateSemaphoreA(NULL, count, maximum, NULL);

	ck_assert_ptr_nonnull(handle);
	return handle;
}

static inline HANDLE
mutex(void)
{
	HANDLE handle = CreateMutexA(NULL, FALSE, NULL);

	ck_assert_ptr_nonnull(handle);
	return handle;
}

static inline HANDLE
timer(BOOL manual_reset)
{
	HANDLE handle = CreateWaitableTimerA(NULL, manual_reset, NULL);

	ck_assert_ptr_nonnull(handle);
	return handle;
}

/* ticks: as for SetWaitableTimer; negative is from now. period: ms. */
static inline void
set_timer(HANDLE handle, LONGLONG ticks, LONG period)
{
	LARGE_INTEGER due;

	due.QuadPart = ticks;
	ck_assert(SetWaitableTimer(handle, &due, period, NULL, NULL, FALSE));
}

/* What a look at the object says. */
static inline DWORD
poll(HANDLE handle)
{
	return WaitForSingleObject(handle, 0);
}

static inline void
close_all(unsigned count, const HANDLE *handles)
{
	for (unsigned i = 0; i < count; i++)
		ck_assert(CloseHandle(handles[i]));
}

/* ---- Threads ---- */

static inline HANDLE
start(LPTHREAD_START_ROUTINE function, void *parameter)
{
	HANDLE thread = CreateThread(NULL, 0, function, parameter, 0, NULL);

	ck_assert_ptr_nonnull(thread);
	return thread;
}

/* Waits for the end of a thread, closes its handle, gives its exit code. */
static inline DWORD
join(HANDLE thread)
{
	DWORD code = STILL_ACTIVE;

	ck_assert_uint_eq(WaitForSingleObject(thread, INFINITE),
		WAIT_OBJECT_0);
	ck_assert(GetExitCodeThread(thread, &code));
	ck_assert(CloseHandle(thread));
	return code;
}

static inline DWORD
return_parameter(void *parameter)
{
	return (DWORD)(uintptr_t)parameter;
}

/* A handle that names the calling thread for all, or NULL. */
static inline HANDLE
duplicate_self(void)
{
	HANDLE copy, process = GetCurrentProcess();

	return DuplicateHandle(process, GetCurrentThread(), process, &copy,
		0, FALSE, DUPLICATE_SAME_ACCESS) ? copy : NULL;
}

/* ---- Threads that wait ---- */

static HANDLE arrived;	/* a semaphore: see above */

static inline void
await_arrivals(unsigned threads)
{
	while (threads-- > 0)
		ck_assert_uint_eq(WaitForSingleObject(arrived, INFINITE),
			WAIT_OBJECT_0);
}

/* A thread that announces itself and waits for one object. */
static inline DWORD
arrive_and_wait(void *handle)
{
	return SignalObjectAndWait(arrived, handle, INFINITE, FALSE);
}

/* ... and lets go of the mutex that it got. */
static inline DWORD
arrive_and_pass(void *handle)
{
	DWORD result = arrive_and_wait(handle);

	return ReleaseMutex(handle) ? result : WAIT_FAILED;
}

/* ---- Calls that fail ---- */

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

/* ---- Cases ---- */

static inline void
open_arrivals(void)
{
	arrived = CreateSemaphoreA(NULL, 0, 1000, NULL);
}

static inline void
close_arrivals(void)
{
	CloseHandle(arrived);
}

/* A case of the suite whose tests can await arrivals. */
static inline TCase *
kernel_case(Suite *suite, const char *name)
{
	TCase *tcase = harness_case(suite, name);

	harness_add_fixture(tcase, open_arrivals, close_arrivals);
	return tcase;
}

#endif /* KERNEL_H */

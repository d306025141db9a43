/* SPDX-License-Identifier: MIT */
/*
 * test_misuse_early.c - what goes away too early
 *
 * A thread-local slot that is freed while a callback has something in it, a
 * handle that is closed while a wait object waits for it, a library that is
 * unloaded while callbacks of it are queued or run. report.h says how a
 * scene is judged. Each kind has its counterpart, in which the program waits
 * before, and nothing must be said.
 */
#include <unistd.h>

#include "kernel.h"
#include "plugin_lingers.h"
#include "report.h"
#include "stream.h"

/* ---- Thread-local slots ---- */

static DWORD slot;
static HANDLE running, go_on;

static VOID CALLBACK
use_slot(PTP_CALLBACK_INSTANCE instance, PVOID value)
{
	(void)instance;
	ck_assert(TlsSetValue(slot, &slot));
	ck_assert(TlsSetValue(slot, value));
	SetEvent(running);
	WaitForSingleObject(go_on, INFINITE);
}

static void
begin_to_use_slot(void *value)
{
	slot = TlsAlloc();
	running = event(AUTO, UNSET);
	go_on = event(AUTO, UNSET);
	TrySubmitThreadpoolCallback(use_slot, value, NULL);
	WaitForSingleObject(running, INFINITE);
}

static void
free_slot_in_use(void *unused)
{
	(void)unused;
	begin_to_use_slot(&slot);
	TlsFree(slot);
}

START_TEST(slot_freed_while_a_callback_uses_it_is_reported)
{	/* DIAG-10, DIAG-24, port-defined */
	expect_report(free_slot_in_use, "slot-in-use", "TlsFree", "DIAG-10");
}
END_TEST

static VOID CALLBACK
set_slot(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_WORK work)
{
	(void)instance;
	(void)context;
	(void)work;
	ck_assert(TlsSetValue(slot, &slot));
}

static VOID CALLBACK
set_and_free_slot(PTP_CALLBACK_INSTANCE instance, PVOID context,
	PTP_WORK work)
{
	(void)instance;
	(void)context;
	(void)work;
	slot = TlsAlloc();
	ck_assert(TlsSetValue(slot, &slot));
	ck_assert(TlsFree(slot));
}

static void
run_to_its_end(PTP_WORK_CALLBACK callback)
{
	PTP_WORK work = CreateThreadpoolWork(callback, NULL, NULL);

	SubmitThreadpoolWork(work);
	WaitForThreadpoolWorkCallbacks(work, FALSE);
	CloseThreadpoolWork(work);
}

/* Whoever has waited for the event may free the slot. */
static VOID CALLBACK
set_slot_and_tell(PTP_CALLBACK_INSTANCE instance, PVOID event)
{
	ck_assert(TlsSetValue(slot, &slot));
	SetEventWhenCallbackReturns(instance, event);
}

static void
free_unused_slots(void *unused)
{
	(void)unused;
	slot = TlsAlloc();
	run_to_its_end(set_slot);
	ck_assert(TlsSetValue(slot, &slot));	/* not in a callback */
	ck_assert(TlsFree(slot));
	run_to_its_end(set_and_free_slot);
	slot = TlsAlloc();
	running = event(AUTO, UNSET);
	TrySubmitThreadpoolCallback(set_slot_and_tell, running, NULL);
	WaitForSingleObject(running, INFINITE);
	ck_assert(TlsFree(slot));
	begin_to_use_slot(NULL);		/* it has cleared it again */
	ck_assert(TlsFree(slot));
}

START_TEST(slot_that_no_callback_uses_any_more_may_be_freed)
{	/* DIAG-10, DIAG-24, port-defined */
	expect_no_report(free_unused_slots);
}
END_TEST

/* ---- Handles ---- */

static VOID CALLBACK
tell(PTP_CALLBACK_INSTANCE instance, PVOID told, PTP_WAIT wait,
	TP_WAIT_RESULT result)
{
	(void)instance;
	(void)wait;
	ck_assert_uint_eq(result, WAIT_OBJECT_0);
	SetEvent(told);
}

/* Another handle to the same object. */
static HANDLE
duplicate(HANDLE handle)
{
	HANDLE other = NULL;

	ck_assert(DuplicateHandle(GetCurrentProcess(), handle,
		GetCurrentProcess(), &other, 0, FALSE,
		DUPLICATE_SAME_ACCESS));
	return other;
}

/* The wait object still works: the scene ends with its callback. */
static void
close_watched_handle(void *unused)
{
	HANDLE watched = event(AUTO, UNSET), other = duplicate(watched);
	HANDLE told = event(AUTO, UNSET);
	PTP_WAIT wait = CreateThreadpoolWait(tell, told, NULL);

	(void)unused;
	SetThreadpoolWait(wait, watched, NULL);
	ck_assert(CloseHandle(watched));
	SetEvent(other);
	WaitForSingleObject(told, INFINITE);
}

/* As DUPLICATE_CLOSE_SOURCE does. */
static void
give_watched_handle_away(void *unused)
{
	HANDLE watched = event(AUTO, UNSET), other = NULL;
	PTP_WAIT wait = CreateThreadpoolWait(tell, NULL, NULL);

	(void)unused;
	SetThreadpoolWait(wait, watched, NULL);
	ck_assert(DuplicateHandle(GetCurrentProcess(), watched,
		GetCurrentProcess(), &other, 0, FALSE,
		DUPLICATE_SAME_ACCESS | DUPLICATE_CLOSE_SOURCE));
}

START_TEST(handle_closed_while_a_wait_object_uses_it_is_a_warning)
{	/* DIAG-11, DIAG-24, port-defined */
	expect_warning(close_watched_handle, "handle-in-use", "CloseHandle",
		"DIAG-11");
	expect_warning(give_watched_handle_away, "handle-in-use",
		"CloseHandle", "DIAG-11");
}
END_TEST

static void
close_unwatched_handles(void *unused)
{
	HANDLE watched = event(AUTO, UNSET), other = duplicate(watched);
	HANDLE told = event(AUTO, UNSET);
	PTP_WAIT wait = CreateThreadpoolWait(tell, told, NULL);

	(void)unused;
	SetThreadpoolWait(wait, watched, NULL);
	ck_assert(CloseHandle(other));		/* not what it was set with */
	SetEvent(watched);
	WaitForSingleObject(told, INFINITE);
	ck_assert(CloseHandle(watched));	/* the wait is over */
	watched = event(AUTO, UNSET);
	SetThreadpoolWait(wait, watched, NULL);
	SetThreadpoolWait(wait, NULL, NULL);
	ck_assert(CloseHandle(watched));	/* and here as well */
}

START_TEST(handle_closed_after_the_wait_is_not_reported)
{	/* DIAG-11, DIAG-24, port-defined */
	expect_no_report(close_unwatched_handles);
}
END_TEST

/* ---- Files ---- */

static VOID CALLBACK
ignore(PTP_CALLBACK_INSTANCE instance, PVOID context, PVOID overlapped,
	ULONG result, ULONG_PTR bytes, PTP_IO io)
{
	(void)instance;
	(void)context;
	(void)overlapped;
	(void)result;
	(void)bytes;
	(void)io;
}

static OVERLAPPED request;
static char byte;

/* A read of a pipe that stays empty; its end is announced to an I/O object. */
static HANDLE
read_of_nothing(PTP_IO *io)
{
	int ends[2];
	HANDLE pipe_end;

	ck_assert_int_eq(pipe(ends), 0);
	pipe_end = tp_open_descriptor(ends[0], FILE_FLAG_OVERLAPPED);
	*io = CreateThreadpoolIo(pipe_end, ignore, NULL, NULL);
	StartThreadpoolIo(*io);
	ck_assert(!ReadFile(pipe_end, &byte, 1, NULL, &request));
	return pipe_end;
}

static void
close_file_that_is_read(void *unused)
{
	PTP_IO io;

	(void)unused;
	ck_assert(CloseHandle(read_of_nothing(&io)));
}

START_TEST(handle_closed_while_an_io_object_expects_a_request_warns)
{	/* DIAG-11, DIAG-24, port-defined */
	expect_warning(close_file_that_is_read, "handle-in-use",
		"CloseHandle", "DIAG-11");
}
END_TEST

static void
close_files_in_order(void *unused)
{
	PTP_IO io;
	HANDLE file = read_of_nothing(&io);

	(void)unused;
	ck_assert(CancelIoEx(file, &request));
	ck_assert(CloseHandle(file));		/* IO-18 */
	WaitForThreadpoolIoCallbacks(io, FALSE);
	CloseThreadpoolIo(io);
	file = read_of_nothing(&io);
	WaitForThreadpoolIoCallbacks(io, TRUE);
	ck_assert(CancelIoEx(file, NULL));
	ck_assert(CloseHandle(file));
	CloseThreadpoolIo(io);
}

START_TEST(handle_closed_after_cancelling_is_not_reported)
{	/* DIAG-11, DIAG-24, IO-18, port-defined */
	expect_no_report(close_files_in_order);
}
END_TEST

/* ---- Libraries ---- */

static struct lingering lingering;

/* A work object with the library's callback. hold: it has a reference. */
static PTP_WORK
lingering_work(HMODULE *library, bool hold, PTP_POOL pool)
{
	TP_CALLBACK_ENVIRON environ;
	PTP_WORK_CALLBACK callback;

	lingering.running = event(AUTO, UNSET);
	lingering.go_on = event(MANUAL, UNSET);
	*library = LoadLibraryA("plugin_lingers");
	ck_assert_ptr_nonnull(*library);
	/* By way of a function of no certain type: compilers trust it. */
	callback = (PTP_WORK_CALLBACK)(void (*)(void))
		GetProcAddress(*library, "linger");
	ck_assert(callback != NULL);
	InitializeThreadpoolEnvironment(&environ);
	SetThreadpoolCallbackPool(&environ, pool);
	if (hold)
		SetThreadpoolCallbackLibrary(&environ, *library);
	return CreateThreadpoolWork(callback, &lingering, &environ);
}

static void
unload_while_running(void *unused)
{
	HMODULE library;
	PTP_WORK work = lingering_work(&library, false, NULL);

	(void)unused;
	SubmitThreadpoolWork(work);
	WaitForSingleObject(lingering.running, INFINITE);
	FreeLibrary(library);
}

static VOID CALLBACK
block(PTP_CALLBACK_INSTANCE instance, PVOID handle)
{
	(void)instance;
	SetEvent(running);
	WaitForSingleObject(handle, INFINITE);
}

/* The only thread of the pool is busy with something else. */
static void
unload_while_queued(void *unused)
{
	struct private_pool private;
	HMODULE library;

	(void)unused;
	private_pool_open(&private, 1, 1);
	running = event(AUTO, UNSET);
	TrySubmitThreadpoolCallback(block, event(AUTO, UNSET),
		&private.environ);
	WaitForSingleObject(running, INFINITE);
	SubmitThreadpoolWork(lingering_work(&library, false, private.pool));
	FreeLibrary(library);
}

/* The last reference is that of an object, whose end unloads the library. */
static void
unload_with_another_object(void *unused)
{
	HMODULE library;
	PTP_WORK careful = lingering_work(&library, true, NULL);
	PTP_WORK careless = lingering_work(&library, false, NULL);

	(void)unused;
	FreeLibrary(library);		/* loaded twice */
	FreeLibrary(library);
	SubmitThreadpoolWork(careless);
	WaitForSingleObject(lingering.running, INFINITE);
	CloseThreadpoolWork(careful);
}

START_TEST(library_unloaded_under_its_callbacks_is_reported)
{	/* DIAG-12, DIAG-24, port-defined */
	expect_report(unload_while_running, "library-in-use", "FreeLibrary",
		"DIAG-12");
	expect_report(unload_while_queued, "library-in-use", "FreeLibrary",
		"DIAG-12");
	expect_report(unload_with_another_object, "library-in-use",
		"SetThreadpoolCallbackLibrary", "DIAG-12");
}
END_TEST

/* Waits for the callback before the library goes. */
static void
unload_after_the_wait(void *unused)
{
	HMODULE library;
	PTP_WORK work = lingering_work(&library, false, NULL);

	(void)unused;
	SetEvent(lingering.go_on);
	SubmitThreadpoolWork(work);
	WaitForThreadpoolWorkCallbacks(work, TRUE);
	CloseThreadpoolWork(work);
	ck_assert(FreeLibrary(library));
}

/* The object holds the library: FreeLibrary gives up one of two references. */
static void
let_the_object_hold_it(void *unused)
{
	HMODULE library;
	PTP_WORK work = lingering_work(&library, true, NULL);

	(void)unused;
	SubmitThreadpoolWork(work);
	WaitForSingleObject(lingering.running, INFINITE);
	ck_assert(FreeLibrary(library));
	SetEvent(lingering.go_on);
	WaitForThreadpoolWorkCallbacks(work, FALSE);
	CloseThreadpoolWork(work);
}

/* Callbacks of the program itself run on. */
static void
unload_something_else(void *unused)
{
	HMODULE library;

	(void)unused;
	CloseThreadpoolWork(lingering_work(&library, false, NULL));
	running = event(AUTO, UNSET);
	TrySubmitThreadpoolCallback(block, event(AUTO, UNSET), NULL);
	WaitForSingleObject(running, INFINITE);
	ck_assert(FreeLibrary(library));
}

START_TEST(library_whose_callbacks_are_over_or_hold_it_may_be_freed)
{	/* DIAG-12, DIAG-24, port-defined */
	expect_no_report(unload_after_the_wait);
	expect_no_report(let_the_object_hold_it);
	expect_no_report(unload_something_else);
}
END_TEST

/* ---- The suite ---- */

int
main(void)
{
	Suite *suite = suite_create("misuse_early");
	TCase *small = harness_case(suite, "small");

	if (TP_CHECK) {
		tcase_add_test(small,
			slot_freed_while_a_callback_uses_it_is_reported);
		tcase_add_test(small,
			handle_closed_while_a_wait_object_uses_it_is_a_warning);
		tcase_add_test(small,
			library_unloaded_under_its_callbacks_is_reported);
	}
	tcase_add_test(small,
		slot_that_no_callback_uses_any_more_may_be_freed);
	tcase_add_test(small, handle_closed_after_the_wait_is_not_reported);
	tcase_add_test(small,
		handle_closed_while_an_io_object_expects_a_request_warns);
	tcase_add_test(small, handle_closed_after_cancelling_is_not_reported);
	tcase_add_test(small,
		library_whose_callbacks_are_over_or_hold_it_may_be_freed);
	return harness_run(suite);
}

/* test_io.c - I/O objects: announcements, requests, callbacks */
/* SPDX-License-Identifier: MIT */
/*
 * What an I/O object promises of each request that was announced: a callback,
 * once, with its result; and of everything else: none. Whoever looks for a
 * callback that must not come waits for the end of the request first, then
 * for the callbacks of the object: what has been posted by then has run.
 *
 * Waiting is in test_io_wait.c, closing in test_io_close.c. Most tests
 * read from a stream, since one can tell there whether a request is pending.
 */
#include "kernel.h"
#include "requests.h"

/* ---- Callbacks ---- */

START_TEST(a_pending_read_brings_one_callback_that_is_told_all)
{	/* IO-03, IO-11, IO-12 */
	struct ear ear = EAR_INIT;
	struct request read = { .calls = 0 };
	HANDLE ends[2];
	PTP_IO io;

	open_pair(ends);
	io = io_object(ends[0], &ear, NULL);
	announce_read(io, ends[0], &read);
	ck_assert_uint_eq(tally_read(&ear.calls), 0);
	put_text(ends[1], "word");
	assert_heard(io, &ear, 1);
	assert_told(&read, NO_ERROR, 4);
	ck_assert_ptr_eq(read.io, io);
	ck_assert_int_eq(memcmp(read.buffer, "word", 4), 0);
	CloseThreadpoolIo(io);
	close_ends(ends);
}
END_TEST

START_TEST(each_announcement_stands_for_one_request)
{	/* IO-03, IO-23 */
	struct ear ear = EAR_INIT;
	struct request reads[3] = { { .calls = 0 } };
	HANDLE ends[2];
	PTP_IO io;

	open_pipe(ends);
	io = io_object(ends[0], &ear, NULL);
	StartThreadpoolIo(io);
	StartThreadpoolIo(io);
	for (int i = 0; i < 3; i++)
		begin_read(ends[0], &reads[i]);
	for (int i = 0; i < 3; i++) {
		put_text(ends[1], "x");
		assert_outcome(ends[0], &reads[i], NO_ERROR, 1);
	}
	assert_heard(io, &ear, 2);
	assert_told(&reads[0], NO_ERROR, 1);
	assert_told(&reads[1], NO_ERROR, 1);
	ck_assert_int_eq(calls_of(&reads[2]), 0);
	CloseThreadpoolIo(io);
	close_ends(ends);
}
END_TEST

START_TEST(a_request_that_nobody_announced_brings_no_callback)
{	/* IO-04 */
	struct ear ear = EAR_INIT;
	struct request read = { .calls = 0 }, again = { .calls = 0 };
	HANDLE ends[2];
	PTP_IO io;

	open_pair(ends);
	io = io_object(ends[0], &ear, NULL);
	begin_read(ends[0], &read);
	put_text(ends[1], "x");
	assert_outcome(ends[0], &read, NO_ERROR, 1);
	StartThreadpoolIo(io);
	CancelThreadpoolIo(io);
	begin_read(ends[0], &again);
	put_text(ends[1], "y");
	assert_outcome(ends[0], &again, NO_ERROR, 1);
	assert_heard(io, &ear, 0);
	CloseThreadpoolIo(io);
	close_ends(ends);
}
END_TEST

START_TEST(an_announcement_that_comes_too_late_is_for_the_next_request)
{	/* IO-04; our choice: a request takes what is open when it begins */
	struct ear ear = EAR_INIT;
	struct request early = { .calls = 0 }, next = { .calls = 0 };
	HANDLE ends[2];
	PTP_IO io;

	open_pair(ends);
	io = io_object(ends[0], &ear, NULL);
	begin_read(ends[0], &early);
	announce_read(io, ends[0], &next);
	put_text(ends[1], "x");
	assert_outcome(ends[0], &early, NO_ERROR, 1);
	ck_assert_uint_eq(tally_read(&ear.calls), 0);
	put_text(ends[1], "y");
	assert_heard(io, &ear, 1);
	ck_assert_int_eq(calls_of(&early), 0);
	assert_told(&next, NO_ERROR, 1);
	CloseThreadpoolIo(io);
	close_ends(ends);
}
END_TEST

START_TEST(a_failure_at_once_brings_no_callback_and_is_taken_back)
{	/* IO-05 */
	struct ear ear = EAR_INIT;
	OVERLAPPED overlapped = { 0 };
	HANDLE ends[2];
	char byte;
	PTP_IO io;

	open_pipe(ends);
	io = io_object(ends[0], &ear, NULL);
	StartThreadpoolIo(io);
	ck_assert_fails(ReadFile(ends[0], NULL, 1, NULL, &overlapped),
		ERROR_NOACCESS);
	CancelThreadpoolIo(io);
	StartThreadpoolIo(io);		/* not open for writing */
	ck_assert_fails(WriteFile(ends[0], "x", 1, NULL, &overlapped),
		ERROR_ACCESS_DENIED);
	CancelThreadpoolIo(io);
	ck_assert(CloseHandle(ends[1]));
	StartThreadpoolIo(io);
	ck_assert_fails(ReadFile(ends[0], &byte, 1, NULL, &overlapped),
		ERROR_BROKEN_PIPE);
	CancelThreadpoolIo(io);
	assert_heard(io, &ear, 0);
	CloseThreadpoolIo(io);
	ck_assert(CloseHandle(ends[0]));
}
END_TEST

START_TEST(a_request_that_got_no_memory_fails_at_once)
{	/* IO-05 */
	struct ear ear = EAR_INIT;
	struct request read = { .calls = 0 };
	HANDLE ends[2];
	PTP_IO io;

	open_pair(ends);
	io = io_object(ends[0], &ear, NULL);
	StartThreadpoolIo(io);
	fail_allocations(true);
	ck_assert_fails(ReadFile(ends[0], read.buffer, 1, NULL,
		&read.overlapped), ERROR_NOT_ENOUGH_MEMORY);
	fail_allocations(false);
	begin_read(ends[0], &read);	/* the announcement is still open */
	fail_allocations(true);		/* its end needs nothing */
	ck_assert(CancelIoEx(ends[0], NULL));
	assert_heard(io, &ear, 1);
	fail_allocations(false);
	assert_told(&read, ERROR_OPERATION_ABORTED, 0);
	CloseThreadpoolIo(io);
	close_ends(ends);
}
END_TEST

START_TEST(taking_back_an_announcement_cancels_no_request)
{	/* IO-06 */
	struct ear ear = EAR_INIT;
	struct request read = { .calls = 0 };
	HANDLE ends[2];
	PTP_IO io;

	open_pair(ends);
	io = io_object(ends[0], &ear, NULL);
	StartThreadpoolIo(io);
	announce_read(io, ends[0], &read);
	CancelThreadpoolIo(io);
	ck_assert(!HasOverlappedIoCompleted(&read.overlapped));
	put_text(ends[1], "x");
	assert_heard(io, &ear, 1);
	assert_told(&read, NO_ERROR, 1);
	CloseThreadpoolIo(io);
	close_ends(ends);
}
END_TEST

START_TEST(a_success_at_once_brings_a_callback_too)
{	/* IO-07 */
	struct ear ear = EAR_INIT;
	struct request read = { .calls = 0 };
	DWORD bytes = 0;
	HANDLE ends[2];
	PTP_IO io;

	open_pair(ends);
	io = io_object(ends[0], &ear, NULL);
	put_text(ends[1], "ready");
	StartThreadpoolIo(io);
	ck_assert(ReadFile(ends[0], read.buffer, 64, &bytes,
		&read.overlapped));
	ck_assert_uint_eq(bytes, 5);
	assert_heard(io, &ear, 1);
	assert_told(&read, NO_ERROR, 5);
	CloseThreadpoolIo(io);
	close_ends(ends);
}
END_TEST

START_TEST(where_successes_are_skipped_one_at_once_brings_no_callback)
{	/* IO-08, KOBJ-20 */
	struct ear ear = EAR_INIT;
	struct request read = { .calls = 0 };
	HANDLE ends[2];
	PTP_IO io;

	open_pair(ends);
	io = io_object(ends[0], &ear, NULL);
	ck_assert(SetFileCompletionNotificationModes(ends[0],
		FILE_SKIP_COMPLETION_PORT_ON_SUCCESS));
	put_text(ends[1], "ready");
	StartThreadpoolIo(io);
	ck_assert(ReadFile(ends[0], read.buffer, 64, NULL,
		&read.overlapped));
	CancelThreadpoolIo(io);
	assert_heard(io, &ear, 0);
	ck_assert_int_eq(memcmp(read.buffer, "ready", 5), 0);
	CloseThreadpoolIo(io);
	close_ends(ends);
}
END_TEST

START_TEST(where_successes_are_skipped_a_pending_one_brings_its_callback)
{	/* IO-09 */
	struct ear ear = EAR_INIT;
	struct request read = { .calls = 0 }, next = { .calls = 0 };
	HANDLE ends[2];
	PTP_IO io;

	open_pair(ends);
	io = io_object(ends[0], &ear, NULL);
	ck_assert(SetFileCompletionNotificationModes(ends[0],
		FILE_SKIP_COMPLETION_PORT_ON_SUCCESS));
	announce_read(io, ends[0], &read);
	put_text(ends[1], "late");
	assert_heard(io, &ear, 1);
	assert_told(&read, NO_ERROR, 4);
	announce_read(io, ends[0], &next);
	ck_assert(CancelIoEx(ends[0], &next.overlapped));
	assert_heard(io, &ear, 2);
	assert_told(&next, ERROR_OPERATION_ABORTED, 0);
	CloseThreadpoolIo(io);
	close_ends(ends);
}
END_TEST

START_TEST(a_cancelled_request_says_so_and_moved_nothing)
{	/* IO-12 */
	struct ear ear = EAR_INIT;
	struct request read = { .calls = 0 };
	HANDLE ends[2];
	PTP_IO io;

	open_pipe(ends);
	io = io_object(ends[0], &ear, NULL);
	announce_read(io, ends[0], &read);
	ck_assert(CancelIo(ends[0]));
	assert_heard(io, &ear, 1);
	assert_told(&read, ERROR_OPERATION_ABORTED, 0);
	assert_outcome(ends[0], &read, ERROR_OPERATION_ABORTED, 0);
	CloseThreadpoolIo(io);
	close_ends(ends);
}
END_TEST

START_TEST(a_failure_that_was_pending_comes_in_the_callback)
{	/* IO-05, IO-12, IO-24 */
	struct ear ear = EAR_INIT;
	struct request read = { .calls = 0 };
	HANDLE ends[2];
	PTP_IO io;

	open_pipe(ends);
	io = io_object(ends[0], &ear, NULL);
	announce_read(io, ends[0], &read);
	ck_assert(CloseHandle(ends[1]));
	assert_heard(io, &ear, 1);
	assert_told(&read, ERROR_BROKEN_PIPE, 0);
	CloseThreadpoolIo(io);
	ck_assert(CloseHandle(ends[0]));
}
END_TEST

START_TEST(a_partial_transfer_is_told_of_the_request_that_made_it)
{	/* IO-27 */
	struct ear ear = EAR_INIT;
	struct request reads[2] = { { .calls = 0 } };
	HANDLE ends[2];
	PTP_IO io;

	open_pipe(ends);
	io = io_object(ends[0], &ear, NULL);
	announce_read(io, ends[0], &reads[0]);
	announce_read(io, ends[0], &reads[1]);
	put_text(ends[1], "1");
	tally_await(&ear.calls, 1);
	put_text(ends[1], "four");
	assert_heard(io, &ear, 2);
	assert_told(&reads[0], NO_ERROR, 1);
	assert_told(&reads[1], NO_ERROR, 4);
	ck_assert_int_eq(memcmp(reads[1].buffer, "four", 4), 0);
	CloseThreadpoolIo(io);
	close_ends(ends);
}
END_TEST

START_TEST(the_end_of_a_file_comes_once_and_only_in_one_way)
{	/* IO-24 */
	struct ear ear = EAR_INIT;
	struct request read = { .overlapped = { .Offset = 5 } };
	HANDLE file = open_file(FILE_FLAG_OVERLAPPED);
	unsigned at_once = 0;
	PTP_IO io;

	write_at(file, 0, "hello");
	io = io_object(file, &ear, NULL);
	StartThreadpoolIo(io);
	ck_assert(!ReadFile(file, read.buffer, 64, NULL, &read.overlapped));
	if (GetLastError() != ERROR_IO_PENDING) {
		ck_assert_uint_eq(GetLastError(), ERROR_HANDLE_EOF);
		at_once = 1;
		CancelThreadpoolIo(io);
	}
	WaitForThreadpoolIoCallbacks(io, FALSE);
	ck_assert_uint_eq(at_once + tally_read(&ear.calls), 1);
	if (at_once == 0)
		assert_told(&read, ERROR_HANDLE_EOF, 0);
	CloseThreadpoolIo(io);
	ck_assert(CloseHandle(file));
}
END_TEST

/* ---- Where and when callbacks run ---- */

START_TEST(callbacks_of_two_requests_run_at_the_same_time)
{	/* IO-19 */
	struct gate gate = GATE_INIT;
	struct ear ear = { .calls = TALLY_INIT, .gate = &gate };
	struct request reads[2] = { { .calls = 0 } };
	struct private_pool private;
	HANDLE ends[2];
	PTP_IO io;

	private_pool_open(&private, 2, 2);
	open_pipe(ends);
	io = io_object(ends[0], &ear, &private.environ);
	announce_read(io, ends[0], &reads[0]);
	announce_read(io, ends[0], &reads[1]);
	put_text(ends[1], "x");
	gate_await_waiting(&gate, 1);
	put_text(ends[1], "y");
	gate_await_waiting(&gate, 2);
	ck_assert_uint_ne(reads[0].thread, reads[1].thread);
	gate_open(&gate);
	assert_heard(io, &ear, 2);
	CloseThreadpoolIo(io);
	close_ends(ends);
	private_pool_close(&private);
}
END_TEST

static DWORD
read_and_leave(void *argument)
{
	HANDLE *ends = argument;
	struct request *read = (struct request *)ends[2];

	return ReadFile(ends[0], read->buffer, 64, NULL, &read->overlapped) ?
		NO_ERROR : GetLastError();
}

START_TEST(a_pending_request_outlives_the_thread_that_made_it)
{	/* IO-20 */
	struct ear ear = EAR_INIT;
	struct request read = { .calls = 0 };
	HANDLE ends[3] = { NULL, NULL, (HANDLE)&read };
	PTP_IO io;

	open_pair(ends);
	io = io_object(ends[0], &ear, NULL);
	StartThreadpoolIo(io);
	ck_assert_uint_eq(join(start(read_and_leave, ends)),
		ERROR_IO_PENDING);
	ck_assert(!HasOverlappedIoCompleted(&read.overlapped));
	put_text(ends[1], "x");
	assert_heard(io, &ear, 1);
	assert_told(&read, NO_ERROR, 1);
	CloseThreadpoolIo(io);
	close_ends(ends);
}
END_TEST

static VOID CALLBACK
note_thread(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_WORK work)
{
	(void)instance;
	(void)work;
	*(DWORD *)context = GetCurrentThreadId();
}

START_TEST(callbacks_run_on_the_pool_of_the_environment)
{	/* IO-21 */
	struct ear ear = EAR_INIT;
	struct request read = { .calls = 0 };
	struct private_pool private;
	DWORD thread = 0;
	HANDLE ends[2];
	PTP_WORK work;
	PTP_IO io;

	private_pool_open(&private, 1, 1);
	open_pair(ends);
	work = CreateThreadpoolWork(note_thread, &thread, &private.environ);
	io = io_object(ends[0], &ear, &private.environ);
	SubmitThreadpoolWork(work);
	announce_read(io, ends[0], &read);
	put_text(ends[1], "x");
	assert_heard(io, &ear, 1);
	WaitForThreadpoolWorkCallbacks(work, FALSE);
	ck_assert_uint_eq(read.thread, thread);
	CloseThreadpoolWork(work);
	CloseThreadpoolIo(io);
	close_ends(ends);
	private_pool_close(&private);
}
END_TEST

/* ---- The suite ---- */

static void
add_io(TCase *small)
{
	tcase_add_test(small,
		a_pending_read_brings_one_callback_that_is_told_all);
	tcase_add_test(small, each_announcement_stands_for_one_request);
	tcase_add_test(small,
		a_request_that_nobody_announced_brings_no_callback);
	tcase_add_test(small,
		an_announcement_that_comes_too_late_is_for_the_next_request);
	tcase_add_test(small,
		a_failure_at_once_brings_no_callback_and_is_taken_back);
	tcase_add_test(small, a_request_that_got_no_memory_fails_at_once);
	tcase_add_test(small, taking_back_an_announcement_cancels_no_request);
	tcase_add_test(small, a_success_at_once_brings_a_callback_too);
	tcase_add_test(small,
		where_successes_are_skipped_one_at_once_brings_no_callback);
	tcase_add_test(small,
		where_successes_are_skipped_a_pending_one_brings_its_callback);
	tcase_add_test(small, a_cancelled_request_says_so_and_moved_nothing);
	tcase_add_test(small,
		a_failure_that_was_pending_comes_in_the_callback);
	tcase_add_test(small,
		a_partial_transfer_is_told_of_the_request_that_made_it);
	tcase_add_test(small,
		the_end_of_a_file_comes_once_and_only_in_one_way);
	tcase_add_test(small, callbacks_of_two_requests_run_at_the_same_time);
	tcase_add_test(small,
		a_pending_request_outlives_the_thread_that_made_it);
	tcase_add_test(small, callbacks_run_on_the_pool_of_the_environment);
}

#ifndef PARTS
int
main(void)
{
	Suite *suite = suite_create("io");

	add_io(io_case(suite, "small"));
	return harness_run(suite);
}
#endif

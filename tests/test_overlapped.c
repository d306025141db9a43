/* test_overlapped.c - requests: how they begin and end, and who sees it */
/* SPDX-License-Identifier: MIT */
/*
 * A request that was made by ReadFile or WriteFile has ended when they return,
 * or it is pending. What a program can ask of it then: its result, with or
 * without waiting, its event, its file, and to end soon. No I/O object is
 * needed for that, and here is none.
 *
 * Streams are used, since what reads from an empty one is pending.
 */
#include "kernel.h"
#include "requests.h"

/* ---- The beginning ---- */

START_TEST(a_request_succeeds_or_fails_at_once_or_is_pending)
{	/* KOBJ-20 */
	struct request read = { .calls = 0 };
	DWORD bytes = 99;
	HANDLE ends[2];

	open_pipe(ends);
	ck_assert_fails(ReadFile(ends[0], read.buffer, 64, &bytes,
		&read.overlapped), ERROR_IO_PENDING);
	ck_assert_uint_eq(bytes, 0);
	ck_assert_uint_eq(read.overlapped.Internal, STATUS_PENDING);
	ck_assert(!HasOverlappedIoCompleted(&read.overlapped));
	put_text(ends[1], "one");
	assert_outcome(ends[0], &read, NO_ERROR, 3);
	ck_assert(HasOverlappedIoCompleted(&read.overlapped));
	ck_assert_uint_eq(read.overlapped.Internal, 0);
	ck_assert_uint_eq(read.overlapped.InternalHigh, 3);
	put_text(ends[1], "and two");
	ck_assert(ReadFile(ends[0], read.buffer, 64, &bytes,
		&read.overlapped));
	ck_assert_uint_eq(bytes, 7);
	assert_outcome(ends[0], &read, NO_ERROR, 7);
	ck_assert(CloseHandle(ends[1]));
	ck_assert_fails(ReadFile(ends[0], read.buffer, 64, &bytes,
		&read.overlapped), ERROR_BROKEN_PIPE);
	ck_assert_uint_eq(bytes, 0);
	assert_outcome(ends[0], &read, ERROR_BROKEN_PIPE, 0);
	ck_assert(CloseHandle(ends[0]));
}
END_TEST

START_TEST(wrong_arguments_are_refused_and_nothing_begins)
{	/* KOBJ-20 */
	OVERLAPPED overlapped = { 0 };
	HANDLE ends[2], door = event(MANUAL, SET), owned = mutex();
	char byte;

	open_pipe(ends);
	ck_assert_fails(ReadFile(ends[0], &byte, 1, NULL, NULL),
		ERROR_INVALID_PARAMETER);
	ck_assert_fails(ReadFile(ends[0], NULL, 1, NULL, &overlapped),
		ERROR_NOACCESS);
	ck_assert_fails(WriteFile(ends[1], NULL, 1, NULL, &overlapped),
		ERROR_NOACCESS);
	ck_assert_fails(ReadFile(door, &byte, 1, NULL, &overlapped),
		ERROR_INVALID_HANDLE);
	ck_assert_fails(ReadFile(STALE, &byte, 1, NULL, &overlapped),
		ERROR_INVALID_HANDLE);
	ck_assert_fails(ReadFile(NULL, &byte, 1, NULL, &overlapped),
		ERROR_INVALID_HANDLE);
	overlapped.hEvent = owned;	/* no event */
	ck_assert_fails(ReadFile(ends[0], &byte, 1, NULL, &overlapped),
		ERROR_INVALID_HANDLE);
	ck_assert_fails(CancelIoEx(ends[0], NULL), ERROR_NOT_FOUND);
	ck_assert(CloseHandle(door));
	ck_assert(CloseHandle(owned));
	close_ends(ends);
}
END_TEST

START_TEST(a_request_of_no_bytes_ends_well)
{	/* KOBJ-20 */
	OVERLAPPED overlapped = { 0 };
	DWORD bytes = 99;
	HANDLE ends[2];

	open_pipe(ends);
	ck_assert(ReadFile(ends[0], NULL, 0, &bytes, &overlapped));
	ck_assert_uint_eq(bytes, 0);
	bytes = 99;
	ck_assert(WriteFile(ends[1], NULL, 0, &bytes, &overlapped));
	ck_assert_uint_eq(bytes, 0);
	close_ends(ends);
}
END_TEST

/* ---- Results ---- */

START_TEST(the_result_of_a_pending_request_is_incomplete_or_waited_for)
{	/* KOBJ-21 */
	struct request read = { .calls = 0 };
	DWORD bytes = 99;
	HANDLE ends[2];

	open_pair(ends);
	begin_read(ends[0], &read);
	ck_assert_fails(GetOverlappedResult(ends[0], &read.overlapped, &bytes,
		FALSE), ERROR_IO_INCOMPLETE);
	ck_assert_uint_eq(bytes, 0);
	ck_assert_fails(GetOverlappedResultEx(ends[0], &read.overlapped,
		&bytes, 0, FALSE), ERROR_IO_INCOMPLETE);
	ck_assert_fails(GetOverlappedResultEx(ends[0], &read.overlapped,
		&bytes, 5, TRUE), WAIT_TIMEOUT);
	put_text(ends[1], "now");
	ck_assert(GetOverlappedResultEx(ends[0], &read.overlapped, &bytes,
		INFINITE, FALSE));
	ck_assert_uint_eq(bytes, 3);
	bytes = 99;
	ck_assert(GetOverlappedResult(ends[0], &read.overlapped, &bytes,
		FALSE));
	ck_assert_uint_eq(bytes, 3);
	close_ends(ends);
}
END_TEST

START_TEST(the_result_is_what_the_request_ended_with)
{	/* KOBJ-21, KOBJ-22 */
	struct request reads[2] = { { .calls = 0 } };
	HANDLE ends[2];

	open_pipe(ends);
	begin_read(ends[0], &reads[0]);
	begin_read(ends[0], &reads[1]);
	ck_assert(CancelIoEx(ends[0], &reads[0].overlapped));
	assert_outcome(ends[0], &reads[0], ERROR_OPERATION_ABORTED, 0);
	ck_assert(CloseHandle(ends[1]));
	assert_outcome(ends[0], &reads[1], ERROR_BROKEN_PIPE, 0);
	ck_assert_fails(GetOverlappedResult(STALE, &reads[0].overlapped,
		&(DWORD){ 0 }, FALSE), ERROR_INVALID_HANDLE);
	ck_assert(CloseHandle(ends[0]));
}
END_TEST

struct asker {
	HANDLE handle;
	struct request *request;
	DWORD bytes;
};

static DWORD
ask(void *argument)
{
	struct asker *asker = argument;

	return outcome(asker->handle, &asker->request->overlapped,
		&asker->bytes);
}

START_TEST(several_threads_may_wait_for_results_of_one_file)
{	/* KOBJ-21 */
	struct request reads[2] = { { .calls = 0 } };
	struct asker askers[3];
	HANDLE ends[2], threads[3];

	open_pair(ends);
	begin_read(ends[0], &reads[0]);
	begin_read(ends[0], &reads[1]);
	for (int i = 0; i < 3; i++) {
		askers[i] = (struct asker){ ends[0], &reads[i / 2], 0 };
		threads[i] = start(ask, &askers[i]);
	}
	put_text(ends[1], "x");
	ck_assert_uint_eq(join(threads[0]), NO_ERROR);
	ck_assert_uint_eq(join(threads[1]), NO_ERROR);
	ck_assert_uint_eq(askers[0].bytes, 1);
	ck_assert_uint_eq(askers[1].bytes, 1);
	ck_assert(CancelIoEx(ends[0], &reads[1].overlapped));
	ck_assert_uint_eq(join(threads[2]), ERROR_OPERATION_ABORTED);
	close_ends(ends);
}
END_TEST

/* ---- Signals ---- */

START_TEST(the_event_of_a_request_is_reset_when_it_begins_and_then_set)
{	/* KOBJ-20, KOBJ-21 */
	HANDLE ends[2], door = event(MANUAL, SET);
	struct request read = { .overlapped = { .hEvent = door } };

	open_pair(ends);
	begin_read(ends[0], &read);
	ck_assert_uint_eq(poll(door), WAIT_TIMEOUT);
	put_text(ends[1], "x");
	ck_assert_uint_eq(WaitForSingleObject(door, INFINITE), WAIT_OBJECT_0);
	ck_assert(HasOverlappedIoCompleted(&read.overlapped));
	ck_assert_uint_eq(poll(door), WAIT_OBJECT_0);
	begin_read(ends[0], &read);
	ck_assert_uint_eq(poll(door), WAIT_TIMEOUT);
	ck_assert(CancelIoEx(ends[0], NULL));
	ck_assert_uint_eq(WaitForSingleObject(door, INFINITE), WAIT_OBJECT_0);
	ck_assert(ResetEvent(door));
	put_text(ends[1], "y");
	ck_assert(ReadFile(ends[0], read.buffer, 1, NULL, &read.overlapped));
	ck_assert_uint_eq(poll(door), WAIT_OBJECT_0);	/* at once, too */
	ck_assert(CloseHandle(door));
	close_ends(ends);
}
END_TEST

START_TEST(each_request_sets_its_own_event_once)
{	/* KOBJ-20 */
	HANDLE ends[2], doors[2] = { event(AUTO, UNSET), event(AUTO, UNSET) };
	struct request reads[2] = { { .overlapped = { .hEvent = doors[0] } },
		{ .overlapped = { .hEvent = doors[1] } } };

	open_pair(ends);
	begin_read(ends[0], &reads[0]);
	begin_read(ends[0], &reads[1]);
	put_text(ends[1], "x");
	ck_assert_uint_eq(WaitForMultipleObjects(2, doors, FALSE, INFINITE),
		WAIT_OBJECT_0);
	ck_assert_uint_eq(poll(doors[0]), WAIT_TIMEOUT);
	ck_assert_uint_eq(poll(doors[1]), WAIT_TIMEOUT);
	ck_assert(!HasOverlappedIoCompleted(&reads[1].overlapped));
	put_text(ends[1], "y");
	ck_assert_uint_eq(WaitForSingleObject(doors[1], INFINITE),
		WAIT_OBJECT_0);
	close_all(2, doors);
	close_ends(ends);
}
END_TEST

START_TEST(an_event_may_be_closed_while_its_request_is_pending)
{	/* KOBJ-20; our choice: the request uses it, and not the handle */
	HANDLE ends[2], door = event(MANUAL, UNSET);
	struct request read = { .overlapped = { .hEvent = door } };

	open_pair(ends);
	begin_read(ends[0], &read);
	ck_assert(CloseHandle(door));
	put_text(ends[1], "x");
	assert_outcome(ends[0], &read, NO_ERROR, 1);
	close_ends(ends);
}
END_TEST

START_TEST(a_file_is_signalled_when_a_request_has_ended)
{	/* KOBJ-20 */
	struct request read = { .calls = 0 };
	HANDLE ends[2];

	open_pair(ends);
	ck_assert_uint_eq(poll(ends[0]), WAIT_TIMEOUT);
	begin_read(ends[0], &read);
	ck_assert_uint_eq(poll(ends[0]), WAIT_TIMEOUT);
	put_text(ends[1], "x");
	ck_assert_uint_eq(poll(ends[1]), WAIT_OBJECT_0);
	ck_assert_uint_eq(WaitForSingleObject(ends[0], INFINITE),
		WAIT_OBJECT_0);
	ck_assert(HasOverlappedIoCompleted(&read.overlapped));
	ck_assert_uint_eq(poll(ends[0]), WAIT_OBJECT_0);
	begin_read(ends[0], &read);
	ck_assert_uint_eq(poll(ends[0]), WAIT_TIMEOUT);
	ck_assert(CancelIoEx(ends[0], NULL));
	assert_outcome(ends[0], &read, ERROR_OPERATION_ABORTED, 0);
	ck_assert_uint_eq(poll(ends[0]), WAIT_OBJECT_0);
	close_ends(ends);
}
END_TEST

START_TEST(a_file_that_skips_its_event_is_never_signalled)
{	/* KOBJ-20; the event of the request is */
	HANDLE ends[2], door = event(MANUAL, UNSET);
	struct request read = { .overlapped = { .hEvent = door } };

	open_pair(ends);
	ck_assert(SetFileCompletionNotificationModes(ends[0],
		FILE_SKIP_SET_EVENT_ON_HANDLE));
	begin_read(ends[0], &read);
	put_text(ends[1], "x");
	ck_assert_uint_eq(WaitForSingleObject(door, INFINITE), WAIT_OBJECT_0);
	ck_assert_uint_eq(poll(ends[0]), WAIT_TIMEOUT);
	put_text(ends[1], "y");
	ck_assert(ReadFile(ends[0], read.buffer, 1, NULL, &read.overlapped));
	ck_assert_uint_eq(poll(ends[0]), WAIT_TIMEOUT);
	ck_assert(CloseHandle(door));
	close_ends(ends);
}
END_TEST

START_TEST(modes_are_for_overlapped_files_and_known_flags)
{	/* IO-08 */
	HANDLE file = open_file(0), door = event(MANUAL, UNSET), ends[2];

	open_pair(ends);
	ck_assert(SetFileCompletionNotificationModes(ends[0], 0));
	ck_assert_fails(SetFileCompletionNotificationModes(ends[0], 4),
		ERROR_INVALID_PARAMETER);
	ck_assert_fails(SetFileCompletionNotificationModes(file,
		FILE_SKIP_COMPLETION_PORT_ON_SUCCESS), ERROR_INVALID_PARAMETER);
	ck_assert_fails(SetFileCompletionNotificationModes(door, 0),
		ERROR_INVALID_HANDLE);
	ck_assert(CloseHandle(file));
	ck_assert(CloseHandle(door));
	close_ends(ends);
}
END_TEST

/* ---- Cancelling ---- */

START_TEST(cancelling_names_one_request_and_the_others_live_on)
{	/* KOBJ-22, DIAG-16 */
	struct request reads[3] = { { .calls = 0 } };
	HANDLE ends[2];

	open_pair(ends);
	for (int i = 0; i < 3; i++)
		begin_read(ends[0], &reads[i]);
	ck_assert(CancelIoEx(ends[0], &reads[1].overlapped));
	assert_outcome(ends[0], &reads[1], ERROR_OPERATION_ABORTED, 0);
	ck_assert(!HasOverlappedIoCompleted(&reads[0].overlapped));
	ck_assert(!HasOverlappedIoCompleted(&reads[2].overlapped));
	ck_assert_fails(CancelIoEx(ends[0], &reads[1].overlapped),
		ERROR_NOT_FOUND);
	put_text(ends[1], "x");
	assert_outcome(ends[0], &reads[0], NO_ERROR, 1);
	put_text(ends[1], "y");
	assert_outcome(ends[0], &reads[2], NO_ERROR, 1);
	ck_assert_int_eq(reads[0].buffer[0], 'x');
	ck_assert_int_eq(reads[2].buffer[0], 'y');
	close_ends(ends);
}
END_TEST

START_TEST(cancelling_without_a_name_is_for_all_of_the_file)
{	/* KOBJ-22 */
	struct request reads[3] = { { .calls = 0 } }, other = { .calls = 0 };
	HANDLE ends[2];

	open_pair(ends);
	for (int i = 0; i < 3; i++)
		begin_read(ends[0], &reads[i]);
	begin_read(ends[1], &other);	/* of another file */
	ck_assert(CancelIoEx(ends[0], NULL));
	for (int i = 0; i < 3; i++)
		assert_outcome(ends[0], &reads[i], ERROR_OPERATION_ABORTED, 0);
	ck_assert(!HasOverlappedIoCompleted(&other.overlapped));
	ck_assert_fails(CancelIoEx(ends[0], NULL), ERROR_NOT_FOUND);
	ck_assert_fails(CancelIoEx(STALE, NULL), ERROR_INVALID_HANDLE);
	ck_assert_fails(CancelIo(STALE), ERROR_INVALID_HANDLE);
	put_text(ends[0], "x");
	assert_outcome(ends[1], &other, NO_ERROR, 1);
	close_ends(ends);
}
END_TEST

struct reader {
	HANDLE handle;
	struct request *request;
};

static DWORD
read_there(void *argument)
{
	struct reader *reader = argument;

	return ReadFile(reader->handle, reader->request->buffer, 64, NULL,
		&reader->request->overlapped) ? NO_ERROR : GetLastError();
}

START_TEST(cancel_io_is_for_the_requests_of_its_thread)
{	/* KOBJ-22 */
	struct request own = { .calls = 0 }, other = { .calls = 0 };
	struct reader reader = { NULL, &other };
	HANDLE ends[2];

	open_pair(ends);
	reader.handle = ends[0];
	ck_assert_uint_eq(join(start(read_there, &reader)), ERROR_IO_PENDING);
	ck_assert(CancelIo(ends[0]));		/* it has none */
	ck_assert(!HasOverlappedIoCompleted(&other.overlapped));
	begin_read(ends[0], &own);
	ck_assert(CancelIo(ends[0]));
	assert_outcome(ends[0], &own, ERROR_OPERATION_ABORTED, 0);
	ck_assert(!HasOverlappedIoCompleted(&other.overlapped));
	ck_assert(CancelIoEx(ends[0], &other.overlapped));
	assert_outcome(ends[0], &other, ERROR_OPERATION_ABORTED, 0);
	close_ends(ends);
}
END_TEST

START_TEST(a_thread_that_blocks_cannot_be_cancelled)
{	/* CancelSynchronousIo always fails, and says so */
	ck_assert_fails(CancelSynchronousIo(GetCurrentThread()),
		ERROR_NOT_SUPPORTED);
}
END_TEST

START_TEST(closing_the_last_handle_ends_what_is_pending)
{	/* KOBJ-22; our choice: they are all aborted */
	HANDLE ends[2], copy, doors[2] = { event(MANUAL, UNSET),
		event(MANUAL, UNSET) };
	struct request first = { .calls = 0 }, reads[2] = {
		{ .overlapped = { .hEvent = doors[0] } },
		{ .overlapped = { .hEvent = doors[1] } } };

	open_pair(ends);
	ck_assert(DuplicateHandle(GetCurrentProcess(), ends[0],
		GetCurrentProcess(), &copy, 0, FALSE, DUPLICATE_SAME_ACCESS));
	begin_read(ends[0], &first);
	begin_read(ends[0], &reads[0]);
	begin_read(ends[0], &reads[1]);
	ck_assert(CloseHandle(ends[0]));	/* there is another one */
	put_text(ends[1], "x");
	assert_outcome(copy, &first, NO_ERROR, 1);
	ck_assert(!HasOverlappedIoCompleted(&reads[0].overlapped));
	ck_assert(CloseHandle(copy));
	ck_assert_uint_eq(WaitForMultipleObjects(2, doors, TRUE, INFINITE),
		WAIT_OBJECT_0);
	for (int i = 0; i < 2; i++)
		ck_assert_uint_eq(reads[i].overlapped.Internal & 0xFFFF,
			ERROR_OPERATION_ABORTED);
	close_all(2, doors);
	ck_assert(CloseHandle(ends[1]));
}
END_TEST

START_TEST(whoever_waits_for_a_result_sees_the_handle_being_closed)
{	/* KOBJ-21, KOBJ-22 */
	struct request read = { .calls = 0 };
	struct asker asker = { .request = &read };
	HANDLE ends[2], thread;
	DWORD error;

	open_pair(ends);
	asker.handle = ends[0];
	begin_read(ends[0], &read);
	thread = start(ask, &asker);
	ck_assert(CloseHandle(ends[0]));
	error = join(thread);	/* or it has come too late to ask */
	ck_assert(error == ERROR_OPERATION_ABORTED ||
		error == ERROR_INVALID_HANDLE);
	ck_assert(CloseHandle(ends[1]));
}
END_TEST

START_TEST(no_memory_for_a_request_is_an_error_and_no_more)
{	/* KOBJ-20 */
	struct request read = { .calls = 0 };
	OVERLAPPED write = { 0 };
	HANDLE ends[2];

	open_pair(ends);
	fail_allocations(true);
	ck_assert_fails(ReadFile(ends[0], read.buffer, 1, NULL,
		&read.overlapped), ERROR_NOT_ENOUGH_MEMORY);
	ck_assert_fails(WriteFile(ends[1], "x", 1, NULL, &write),
		ERROR_NOT_ENOUGH_MEMORY);
	fail_allocations(false);
	begin_read(ends[0], &read);
	put_text(ends[1], "y");
	assert_outcome(ends[0], &read, NO_ERROR, 1);
	ck_assert_int_eq(read.buffer[0], 'y');
	close_ends(ends);
}
END_TEST

/* ---- Cancelled threads ---- */

/* No ck_assert between: it is a place to be cancelled at. */
static void *
close_and_be_cancelled(void *handle)
{
	if (pthread_cancel(pthread_self()) != 0 || !CloseHandle(handle))
		abort();
	pthread_testcancel();
	return NULL;
}

START_TEST(a_thread_that_is_to_be_cancelled_closes_a_handle_to_the_end)
{	/* KOBJ-01, port-defined */
	OVERLAPPED write = { 0 };
	pthread_t thread;
	HANDLE ends[2];
	void *result;

	explore_cannot("pthread_cancel is not explored");
	open_pipe(ends);
	ck_assert_int_eq(pthread_create(&thread, NULL,
		close_and_be_cancelled, ends[0]), 0);
	ck_assert_int_eq(pthread_join(thread, &result), 0);
	ck_assert_ptr_eq(result, PTHREAD_CANCELED);
	ck_assert_fails(WriteFile(ends[1], "x", 1, NULL, &write),
		ERROR_NO_DATA);
	ck_assert(CloseHandle(ends[1]));
}
END_TEST

/* No ck_assert between, here too. */
static void *
flush_and_be_cancelled(void *handle)
{
	if (pthread_cancel(pthread_self()) != 0 || !FlushFileBuffers(handle))
		abort();
	pthread_testcancel();
	return NULL;
}

START_TEST(a_thread_that_is_to_be_cancelled_keeps_no_file_in_use)
{	/* KOBJ-01, port-defined */
	OVERLAPPED write = { 0 };
	pthread_t thread;
	HANDLE ends[2];
	void *result;

	explore_cannot("pthread_cancel is not explored");
	open_pipe(ends);
	ck_assert_int_eq(pthread_create(&thread, NULL,
		flush_and_be_cancelled, ends[0]), 0);
	ck_assert_int_eq(pthread_join(thread, &result), 0);
	ck_assert_ptr_eq(result, PTHREAD_CANCELED);
	ck_assert(CloseHandle(ends[0]));
	ck_assert_fails(WriteFile(ends[1], "x", 1, NULL, &write),
		ERROR_NO_DATA);
	ck_assert(CloseHandle(ends[1]));
}
END_TEST

/* ---- The suite ---- */

static void
add_overlapped(TCase *small)
{
	tcase_add_test(small,
		a_request_succeeds_or_fails_at_once_or_is_pending);
	tcase_add_test(small, wrong_arguments_are_refused_and_nothing_begins);
	tcase_add_test(small, a_request_of_no_bytes_ends_well);
	tcase_add_test(small,
		the_result_of_a_pending_request_is_incomplete_or_waited_for);
	tcase_add_test(small, the_result_is_what_the_request_ended_with);
	tcase_add_test(small,
		several_threads_may_wait_for_results_of_one_file);
	tcase_add_test(small,
		the_event_of_a_request_is_reset_when_it_begins_and_then_set);
	tcase_add_test(small, each_request_sets_its_own_event_once);
	tcase_add_test(small,
		an_event_may_be_closed_while_its_request_is_pending);
	tcase_add_test(small, a_file_is_signalled_when_a_request_has_ended);
	tcase_add_test(small, a_file_that_skips_its_event_is_never_signalled);
	tcase_add_test(small, modes_are_for_overlapped_files_and_known_flags);
	tcase_add_test(small,
		cancelling_names_one_request_and_the_others_live_on);
	tcase_add_test(small,
		cancelling_without_a_name_is_for_all_of_the_file);
	tcase_add_test(small, cancel_io_is_for_the_requests_of_its_thread);
	tcase_add_test(small, a_thread_that_blocks_cannot_be_cancelled);
	tcase_add_test(small, closing_the_last_handle_ends_what_is_pending);
	tcase_add_test(small,
		whoever_waits_for_a_result_sees_the_handle_being_closed);
	tcase_add_test(small, no_memory_for_a_request_is_an_error_and_no_more);
	tcase_add_test(small,
		a_thread_that_is_to_be_cancelled_closes_a_handle_to_the_end);
	tcase_add_test(small,
		a_thread_that_is_to_be_cancelled_keeps_no_file_in_use);
}

#ifndef PARTS
int
main(void)
{
	Suite *suite = suite_create("overlapped");

	add_overlapped(io_case(suite, "small"));
	return harness_run(suite);
}
#endif

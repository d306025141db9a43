/* test_io_close.c - I/O objects: closing, and what outlives it */
/* SPDX-License-Identifier: MIT */
/*
 * Closing takes nothing back: what was announced still brings its callback,
 * and the object is freed after the last. An announcement that was forgotten
 * holds the object longer than that. Whether it is gone is seen by the number
 * of allocations.
 *
 * The handle of the file may be closed before or after; test_io_wait.c has
 * the waits that come in between.
 */
#include "kernel.h"
#include "requests.h"

START_TEST(closing_returns_at_once_and_the_callback_still_comes)
{	/* IO-16 */
	struct ear ear = EAR_INIT;
	struct request read = { .calls = 0 };
	HANDLE ends[2];
	PTP_IO io;

	open_pair(ends);
	io = io_object(ends[0], &ear, NULL);
	announce_read(io, ends[0], &read);
	CloseThreadpoolIo(io);
	ck_assert(!HasOverlappedIoCompleted(&read.overlapped));
	put_text(ends[1], "x");
	tally_await(&ear.calls, 1);
	assert_told(&read, NO_ERROR, 1);
	ck_assert_ptr_eq(read.io, io);
	close_ends(ends);
}
END_TEST

START_TEST(an_object_with_nothing_outstanding_is_freed_when_it_is_closed)
{	/* IO-17 */
	struct ear ear = EAR_INIT;
	unsigned long before;
	HANDLE ends[2];

	open_pair(ends);
	before = live_allocations();
	CloseThreadpoolIo(io_object(ends[0], &ear, NULL));
	await(is_freed, &before);
	close_ends(ends);
}
END_TEST

static VOID CALLBACK
close_itself(PTP_CALLBACK_INSTANCE instance, PVOID context, PVOID overlapped,
	ULONG error, ULONG_PTR bytes, PTP_IO io)
{
	CloseThreadpoolIo(io);
	hear(instance, context, overlapped, error, bytes, io);
}

START_TEST(a_callback_may_close_its_own_object)
{	/* IO-16 */
	struct ear ear = EAR_INIT;
	struct request read = { .calls = 0 };
	HANDLE ends[2];
	PTP_IO io;

	open_pair(ends);
	io = CreateThreadpoolIo(ends[0], close_itself, &ear, NULL);
	ck_assert_ptr_nonnull(io);
	announce_read(io, ends[0], &read);
	put_text(ends[1], "x");
	tally_await(&ear.calls, 1);
	close_ends(ends);
}
END_TEST

START_TEST(the_order_of_shutting_down_leaves_nothing_behind)
{	/* IO-18 */
	struct ear ear = EAR_INIT;
	struct request reads[10] = { { .calls = 0 } };
	HANDLE ends[2];
	PTP_IO io;

	open_pair(ends);
	io = io_object(ends[0], &ear, NULL);
	for (int i = 0; i < 10; i++)
		announce_read(io, ends[0], &reads[i]);
	ck_assert(CancelIoEx(ends[0], NULL));
	ck_assert(CloseHandle(ends[0]));
	assert_heard(io, &ear, 10);
	CloseThreadpoolIo(io);
	for (int i = 0; i < 10; i++)
		assert_told(&reads[i], ERROR_OPERATION_ABORTED, 0);
	ck_assert(CloseHandle(ends[1]));
}
END_TEST

START_TEST(closing_the_handle_ends_what_is_under_way)
{	/* IO-18; our choice: the last handle cancels */
	struct ear ear = EAR_INIT;
	struct request read = { .calls = 0 };
	HANDLE ends[2];
	char byte;
	PTP_IO io;

	open_pair(ends);
	io = io_object(ends[0], &ear, NULL);
	announce_read(io, ends[0], &read);
	close_anyway(ends[0]);
	assert_heard(io, &ear, 1);
	assert_told(&read, ERROR_OPERATION_ABORTED, 0);
	StartThreadpoolIo(io);		/* nothing can be asked any more */
	ck_assert_fails(ReadFile(ends[0], &byte, 1, NULL, &read.overlapped),
		ERROR_INVALID_HANDLE);
	CancelThreadpoolIo(io);
	assert_heard(io, &ear, 1);
	StartThreadpoolIo(io);
	WaitForThreadpoolIoCallbacks(io, TRUE);
	CloseThreadpoolIo(io);
	ck_assert(CloseHandle(ends[1]));
}
END_TEST

START_TEST(requests_of_a_handle_whose_object_is_closed_go_on)
{	/* IO-16; nobody is told of them */
	struct ear ear = EAR_INIT;
	struct request read = { .calls = 0 };
	HANDLE ends[2];

	open_pair(ends);
	CloseThreadpoolIo(io_object(ends[0], &ear, NULL));
	begin_read(ends[0], &read);
	put_text(ends[1], "x");
	assert_outcome(ends[0], &read, NO_ERROR, 1);
	ck_assert_uint_eq(tally_read(&ear.calls), 0);
	close_ends(ends);
}
END_TEST

START_TEST(a_forgotten_announcement_keeps_the_object_until_one_more_comes)
{	/* IO-26, port-defined */
	struct ear ear = EAR_INIT;
	struct request read = { .calls = 0 };
	unsigned long before;
	HANDLE ends[2];
	PTP_IO io;

	open_pair(ends);
	before = live_allocations();
	io = io_object(ends[0], &ear, NULL);
	StartThreadpoolIo(io);
	WaitForThreadpoolIoCallbacks(io, TRUE);
	CloseThreadpoolIo(io);
	ck_assert_uint_gt(live_allocations(), before);
	put_text(ends[1], "x");
	ck_assert(ReadFile(ends[0], read.buffer, 1, NULL, &read.overlapped));
	await(is_freed, &before);
	ck_assert_uint_eq(tally_read(&ear.calls), 0);
	close_ends(ends);
}
END_TEST

START_TEST(with_the_handle_a_forgotten_announcement_is_gone)
{	/* IO-26, port-defined: nothing can come of a file that is gone */
	struct ear ear = EAR_INIT;
	unsigned long before;
	HANDLE ends[2];
	PTP_IO io;

	open_pair(ends);
	before = live_allocations();
	io = io_object(ends[0], &ear, NULL);
	StartThreadpoolIo(io);
	StartThreadpoolIo(io);
	WaitForThreadpoolIoCallbacks(io, TRUE);
	CloseThreadpoolIo(io);
	ck_assert_uint_gt(live_allocations(), before);
	ck_assert(CloseHandle(ends[0]));
	before--;	/* the file is, too */
	await(is_freed, &before);
	ck_assert(CloseHandle(ends[1]));
}
END_TEST

/* ---- The suite ---- */

static void
add_io_close(TCase *small)
{
	tcase_add_test(small,
		closing_returns_at_once_and_the_callback_still_comes);
	tcase_add_test(small,
		an_object_with_nothing_outstanding_is_freed_when_it_is_closed);
	tcase_add_test(small, a_callback_may_close_its_own_object);
	tcase_add_test(small,
		the_order_of_shutting_down_leaves_nothing_behind);
	tcase_add_test(small, closing_the_handle_ends_what_is_under_way);
	tcase_add_test(small,
		requests_of_a_handle_whose_object_is_closed_go_on);
	tcase_add_test(small,
		a_forgotten_announcement_keeps_the_object_until_one_more_comes);
	tcase_add_test(small,
		with_the_handle_a_forgotten_announcement_is_gone);
}

#ifndef PARTS
int
main(void)
{
	Suite *suite = suite_create("io_close");

	add_io_close(io_case(suite, "small"));
	return harness_run(suite);
}
#endif

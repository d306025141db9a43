/* test_io_bind.c - I/O objects: which handles can be bound, and what fails */
/* SPDX-License-Identifier: MIT */
/*
 * An I/O object is made for a file, which no other can have then. The file
 * must be one for overlapped I/O. Whatever is refused leaves a reason in the
 * last error, and binds nothing.
 */
#include "kernel.h"
#include "requests.h"

START_TEST(a_handle_is_bound_to_one_object_for_good)
{	/* IO-01 */
	struct ear ear = EAR_INIT;
	HANDLE ends[2], copy;
	PTP_IO io;

	open_pair(ends);
	ck_assert(DuplicateHandle(GetCurrentProcess(), ends[0],
		GetCurrentProcess(), &copy, 0, FALSE, DUPLICATE_SAME_ACCESS));
	io = io_object(ends[0], &ear, NULL);
	ck_assert_fails(CreateThreadpoolIo(ends[0], hear, &ear, NULL),
		ERROR_INVALID_PARAMETER);
	ck_assert_fails(CreateThreadpoolIo(copy, hear, &ear, NULL),
		ERROR_INVALID_PARAMETER);
	CloseThreadpoolIo(io);
	ck_assert_fails(CreateThreadpoolIo(ends[0], hear, &ear, NULL),
		ERROR_INVALID_PARAMETER);
	io = io_object(ends[1], &ear, NULL);	/* another file */
	CloseThreadpoolIo(io);
	close_ends(ends);
	ck_assert(CloseHandle(copy));
}
END_TEST

START_TEST(an_announcement_binds_no_handle)
{	/* IO-01 */
	struct ear ear = EAR_INIT;
	struct request other = { .calls = 0 };
	HANDLE bound[2], unbound[2];
	PTP_IO io;

	open_pair(bound);
	open_pair(unbound);
	io = io_object(bound[0], &ear, NULL);
	announce_read(io, unbound[0], &other);
	put_text(unbound[1], "x");
	assert_outcome(unbound[0], &other, NO_ERROR, 1);
	CancelThreadpoolIo(io);		/* it is still open */
	assert_heard(io, &ear, 0);
	CloseThreadpoolIo(io);
	close_ends(bound);
	close_ends(unbound);
}
END_TEST

START_TEST(a_request_by_a_duplicate_of_the_handle_brings_its_callback)
{	/* IO-01; a handle is a name, and the file is bound */
	struct ear ear = EAR_INIT;
	struct request read = { .calls = 0 };
	HANDLE ends[2], copy;
	PTP_IO io;

	open_pair(ends);
	io = io_object(ends[0], &ear, NULL);
	ck_assert(DuplicateHandle(GetCurrentProcess(), ends[0],
		GetCurrentProcess(), &copy, 0, FALSE, DUPLICATE_CLOSE_SOURCE));
	announce_read(io, copy, &read);
	put_text(ends[1], "x");
	assert_heard(io, &ear, 1);
	assert_told(&read, NO_ERROR, 1);
	CloseThreadpoolIo(io);
	ck_assert(CloseHandle(copy));
	ck_assert(CloseHandle(ends[1]));
}
END_TEST

START_TEST(what_is_not_for_overlapped_requests_is_refused)
{	/* IO-02 */
	struct ear ear = EAR_INIT;
	HANDLE file = open_file(0), door = event(MANUAL, UNSET), pipe[2];

	ck_assert_fails(CreateThreadpoolIo(file, hear, &ear, NULL),
		ERROR_INVALID_PARAMETER);
	ck_assert(CreatePipe(&pipe[0], &pipe[1], NULL, 0));
	ck_assert_fails(CreateThreadpoolIo(pipe[0], hear, &ear, NULL),
		ERROR_INVALID_PARAMETER);
	ck_assert_fails(CreateThreadpoolIo(door, hear, &ear, NULL),
		ERROR_INVALID_HANDLE);
	ck_assert_fails(CreateThreadpoolIo(STALE, hear, &ear, NULL),
		ERROR_INVALID_HANDLE);
	ck_assert_fails(CreateThreadpoolIo(INVALID_HANDLE_VALUE, hear, &ear,
		NULL), ERROR_INVALID_HANDLE);
	ck_assert_fails(CreateThreadpoolIo(NULL, hear, &ear, NULL),
		ERROR_INVALID_HANDLE);
	close_ends(pipe);
	ck_assert(CloseHandle(door));
	ck_assert(CloseHandle(file));
}
END_TEST

START_TEST(creating_one_with_wrong_arguments_binds_nothing)
{	/* IO-01; WORK-02 */
	struct ear ear = EAR_INIT;
	TP_CALLBACK_ENVIRON environ;
	HANDLE ends[2];

	open_pair(ends);
	ck_assert_fails(CreateThreadpoolIo(ends[0], NULL, &ear, NULL),
		ERROR_INVALID_PARAMETER);
	InitializeThreadpoolEnvironment(&environ);
	SetThreadpoolCallbackPriority(&environ, (TP_CALLBACK_PRIORITY)7);
	ck_assert_fails(CreateThreadpoolIo(ends[0], hear, &ear, &environ),
		ERROR_INVALID_PARAMETER);
	CloseThreadpoolIo(io_object(ends[0], &ear, NULL));
	close_ends(ends);
}
END_TEST

START_TEST(creating_one_fails_cleanly_and_can_be_repeated)
{	/* IO-01, WORK-02 */
	struct ear ear = EAR_INIT;
	struct request read = { .calls = 0 };
	unsigned long n = 0;
	HANDLE ends[2];
	PTP_IO io;

	open_pair(ends);
	do {
		SetLastError(0xDEAD);
		fail_allocation_number(++n);
		io = CreateThreadpoolIo(ends[0], hear, &ear, NULL);
		fail_allocation_number(0);
		if (io == NULL)
			ck_assert_uint_eq(GetLastError(),
				ERROR_NOT_ENOUGH_MEMORY);
	} while (io == NULL);
	ck_assert_uint_ge(n, 2);
	announce_read(io, ends[0], &read);
	put_text(ends[1], "x");
	assert_heard(io, &ear, 1);
	CloseThreadpoolIo(io);
	close_ends(ends);
}
END_TEST

/* ---- The suite ---- */

static void
add_binding(TCase *small)
{
	tcase_add_test(small, a_handle_is_bound_to_one_object_for_good);
	tcase_add_test(small, an_announcement_binds_no_handle);
	tcase_add_test(small,
		a_request_by_a_duplicate_of_the_handle_brings_its_callback);
	tcase_add_test(small, what_is_not_for_overlapped_requests_is_refused);
	tcase_add_test(small, creating_one_with_wrong_arguments_binds_nothing);
	tcase_add_test(small, creating_one_fails_cleanly_and_can_be_repeated);
}

#ifndef PARTS
int
main(void)
{
	Suite *suite = suite_create("io_bind");

	add_binding(io_case(suite, "small"));
	return harness_run(suite);
}
#endif

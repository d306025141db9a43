/* test_disk_requests.c - overlapped requests of files on disk */
/* SPDX-License-Identifier: MIT */
/*
 * Nobody knows whether a request of a file on disk is pending when the call
 * returns, nor which of several ends first; what each of them did is certain.
 * Each says where in the file it reads or writes. Cancelled, it ends in one of
 * two ways, and says which.
 *
 * The suites use threads for the back end; test_io_uring.c has all of this
 * once more over io_uring.
 */
#include "kernel.h"
#include "requests.h"

#define BLOCK	4096
#define BLOCKS	64

/* ---- Where ---- */

START_TEST(each_request_says_where_and_none_moves_another)
{	/* KOBJ-23 */
	static char blocks[2][BLOCK];
	OVERLAPPED at[2] = { { .Offset = 0 }, { .Offset = BLOCK } };
	HANDLE file = open_file(FILE_FLAG_OVERLAPPED);
	DWORD bytes;

	for (int i = 1; i >= 0; i--) {
		memset(blocks[i], 'a' + i, BLOCK);
		assert_begun(WriteFile(file, blocks[i], BLOCK, NULL, &at[i]));
	}
	for (int i = 0; i < 2; i++) {
		ck_assert_uint_eq(outcome(file, &at[i], &bytes), NO_ERROR);
		ck_assert_uint_eq(bytes, BLOCK);
	}
	memset(blocks, 0, sizeof(blocks));
	for (int i = 1; i >= 0; i--)
		assert_begun(ReadFile(file, blocks[i], BLOCK, NULL, &at[i]));
	for (int i = 0; i < 2; i++) {
		ck_assert_uint_eq(outcome(file, &at[i], &bytes), NO_ERROR);
		ck_assert_uint_eq(bytes, BLOCK);
		ck_assert_int_eq(blocks[i][0], 'a' + i);
		ck_assert_int_eq(blocks[i][BLOCK - 1], 'a' + i);
	}
	ck_assert(CloseHandle(file));
}
END_TEST

START_TEST(the_files_own_position_stays_where_it_is)
{	/* KOBJ-23 */
	LARGE_INTEGER to = { .QuadPart = 3 }, now;
	HANDLE file = open_file(FILE_FLAG_OVERLAPPED);

	ck_assert(SetFilePointerEx(file, to, NULL, FILE_BEGIN));
	write_at(file, 0, "hello");
	to.QuadPart = 0;
	ck_assert(SetFilePointerEx(file, to, &now, FILE_CURRENT));
	ck_assert_int_eq(now.QuadPart, 3);
	ck_assert(CloseHandle(file));
}
END_TEST

START_TEST(offsets_have_64_bits)
{	/* KOBJ-23 */
	struct request request = { .overlapped = { .Offset = 7,
		.OffsetHigh = 1 } };
	HANDLE file = open_file(FILE_FLAG_OVERLAPPED);
	LARGE_INTEGER size;

	assert_begun(WriteFile(file, "far", 3, NULL, &request.overlapped));
	assert_outcome(file, &request, NO_ERROR, 3);
	ck_assert(GetFileSizeEx(file, &size));
	ck_assert_int_eq(size.QuadPart, (1ll << 32) + 10);
	assert_begun(ReadFile(file, request.buffer, 64, NULL,
		&request.overlapped));
	assert_outcome(file, &request, NO_ERROR, 3);
	ck_assert_int_eq(memcmp(request.buffer, "far", 3), 0);
	ck_assert(CloseHandle(file));
}
END_TEST

START_TEST(what_is_opened_to_append_is_written_at_the_end)
{	/* CreateFile; the offset does not count then */
	struct request request = { .overlapped = { .Offset = 0 } };
	char path[] = "build/disk.XXXXXX";
	HANDLE file;
	LARGE_INTEGER size;

	close(mkstemp(path));
	file = CreateFileA(path, GENERIC_READ | FILE_APPEND_DATA, 0, NULL,
		OPEN_EXISTING, FILE_FLAG_OVERLAPPED |
		FILE_FLAG_DELETE_ON_CLOSE, NULL);
	ck_assert(file != INVALID_HANDLE_VALUE);
	write_at(file, 0, "one");
	write_at(file, 0, "two");
	ck_assert(GetFileSizeEx(file, &size));
	ck_assert_int_eq(size.QuadPart, 6);
	assert_begun(ReadFile(file, request.buffer, 64, NULL,
		&request.overlapped));
	assert_outcome(file, &request, NO_ERROR, 6);
	ck_assert_int_eq(memcmp(request.buffer, "onetwo", 6), 0);
	ck_assert(CloseHandle(file));
}
END_TEST

/* ---- How it ends ---- */

START_TEST(a_read_across_the_end_brings_what_there_is)
{	/* IO-24, IO-27 */
	struct request across = { .overlapped = { .Offset = 3 } };
	struct request behind = { .overlapped = { .Offset = 5 } };
	HANDLE file = open_file(FILE_FLAG_OVERLAPPED);

	write_at(file, 0, "hello");
	assert_begun(ReadFile(file, across.buffer, 64, NULL,
		&across.overlapped));
	assert_outcome(file, &across, NO_ERROR, 2);
	ck_assert_int_eq(memcmp(across.buffer, "lo", 2), 0);
	if (ReadFile(file, behind.buffer, 64, NULL, &behind.overlapped) ||
	    GetLastError() == ERROR_IO_PENDING)
		assert_outcome(file, &behind, ERROR_HANDLE_EOF, 0);
	else
		ck_assert_uint_eq(GetLastError(), ERROR_HANDLE_EOF);
	ck_assert(CloseHandle(file));
}
END_TEST

START_TEST(a_request_of_no_bytes_ends_well)
{	/* KOBJ-20 */
	struct request request = { .calls = 0 };
	HANDLE file = open_file(FILE_FLAG_OVERLAPPED);

	assert_begun(ReadFile(file, NULL, 0, NULL, &request.overlapped));
	assert_outcome(file, &request, NO_ERROR, 0);
	assert_begun(WriteFile(file, NULL, 0, NULL, &request.overlapped));
	assert_outcome(file, &request, NO_ERROR, 0);
	ck_assert(CloseHandle(file));
}
END_TEST

/* The request ends with that error, in the call or later. */
static void
assert_ends(HANDLE file, struct request *request, BOOL done, DWORD error)
{
	DWORD code = done ? NO_ERROR : GetLastError();

	if (code == ERROR_IO_PENDING)
		assert_outcome(file, request, error, 0);
	else
		ck_assert_uint_eq(code, error);
}

START_TEST(what_the_handle_was_not_opened_for_is_denied)
{	/* ReadFile, WriteFile */
	struct request request = { .calls = 0 };
	HANDLE reader = CreateFileA("/dev/null", GENERIC_READ, 0, NULL,
		OPEN_EXISTING, FILE_FLAG_OVERLAPPED, NULL);
	HANDLE full = CreateFileA("/dev/full", GENERIC_WRITE, 0, NULL,
		OPEN_EXISTING, FILE_FLAG_OVERLAPPED, NULL);

	assert_ends(reader, &request, WriteFile(reader, "x", 1, NULL,
		&request.overlapped), ERROR_ACCESS_DENIED);
	assert_ends(reader, &request, ReadFile(reader, request.buffer, 1, NULL,
		&request.overlapped), ERROR_HANDLE_EOF);
	assert_ends(full, &request, ReadFile(full, request.buffer, 1, NULL,
		&request.overlapped), ERROR_ACCESS_DENIED);
	assert_ends(full, &request, WriteFile(full, "x", 1, NULL,
		&request.overlapped), ERROR_DISK_FULL);
	ck_assert(CloseHandle(reader));
	ck_assert(CloseHandle(full));
}
END_TEST

START_TEST(a_request_signals_its_event_and_its_file)
{	/* KOBJ-20, KOBJ-21 */
	HANDLE door = event(MANUAL, SET);
	struct request request = { .overlapped = { .hEvent = door } };
	HANDLE file = open_file(FILE_FLAG_OVERLAPPED);

	ck_assert_uint_eq(poll(file), WAIT_TIMEOUT);
	assert_begun(WriteFile(file, "hello", 5, NULL, &request.overlapped));
	ck_assert_uint_eq(WaitForSingleObject(door, INFINITE), WAIT_OBJECT_0);
	ck_assert(HasOverlappedIoCompleted(&request.overlapped));
	ck_assert_uint_eq(poll(file), WAIT_OBJECT_0);
	assert_outcome(file, &request, NO_ERROR, 5);
	ck_assert(FlushFileBuffers(file));
	ck_assert(CloseHandle(door));
	ck_assert(CloseHandle(file));
}
END_TEST

START_TEST(a_request_brings_its_callback)
{	/* IO-03, IO-11 */
	struct ear ear = EAR_INIT;
	struct request write = { .calls = 0 }, read = { .calls = 0 };
	HANDLE file = open_file(FILE_FLAG_OVERLAPPED);
	PTP_IO io = io_object(file, &ear, NULL);

	StartThreadpoolIo(io);
	assert_begun(WriteFile(file, "hello", 5, NULL, &write.overlapped));
	assert_heard(io, &ear, 1);
	assert_told(&write, NO_ERROR, 5);
	StartThreadpoolIo(io);
	assert_begun(ReadFile(file, read.buffer, 64, NULL, &read.overlapped));
	assert_heard(io, &ear, 2);
	assert_told(&read, NO_ERROR, 5);
	ck_assert_int_eq(memcmp(read.buffer, "hello", 5), 0);
	CloseThreadpoolIo(io);
	ck_assert(CloseHandle(file));
}
END_TEST

/* ---- Many, cancelled, closed ---- */

static char contents[BLOCKS][BLOCK];

/* Makes a request for each block, announced to the object. */
static void
begin_blocks(PTP_IO io, HANDLE file, struct request *requests, bool writes)
{
	for (DWORD i = 0; i < BLOCKS; i++) {
		OVERLAPPED *overlapped = &requests[i].overlapped;

		*overlapped = (OVERLAPPED){ .Offset = i * BLOCK };
		StartThreadpoolIo(io);
		assert_begun(writes ?
			WriteFile(file, contents[i], BLOCK, NULL, overlapped) :
			ReadFile(file, contents[i], BLOCK, NULL, overlapped));
	}
}

static void
fill_blocks(void)
{
	for (int i = 0; i < BLOCKS; i++)
		memset(contents[i], 1 + i, BLOCK);
}

START_TEST(many_requests_at_once_each_do_what_they_should)
{	/* KOBJ-23, IO-03, IO-19 */
	static struct request writes[BLOCKS], reads[BLOCKS];
	struct ear ear = EAR_INIT;
	HANDLE file = open_file(FILE_FLAG_OVERLAPPED);
	PTP_IO io = io_object(file, &ear, NULL);

	fill_blocks();
	begin_blocks(io, file, writes, true);
	assert_heard(io, &ear, BLOCKS);
	memset(contents, 0, sizeof(contents));
	begin_blocks(io, file, reads, false);
	assert_heard(io, &ear, 2 * BLOCKS);
	for (int i = 0; i < BLOCKS; i++) {
		assert_told(&writes[i], NO_ERROR, BLOCK);
		assert_told(&reads[i], NO_ERROR, BLOCK);
		ck_assert_int_eq(contents[i][0], 1 + i);
		ck_assert_int_eq(contents[i][BLOCK - 1], 1 + i);
	}
	CloseThreadpoolIo(io);
	ck_assert(CloseHandle(file));
}
END_TEST

/* Told once: done, or aborted, and then nothing was. */
static void
assert_done_or_aborted(struct request *request)
{
	if (request->error == ERROR_OPERATION_ABORTED)
		assert_told(request, ERROR_OPERATION_ABORTED, 0);
	else
		assert_told(request, NO_ERROR, BLOCK);
}

START_TEST(each_that_is_cancelled_ends_once_and_says_how)
{	/* KOBJ-22, DIAG-16, IO-12 */
	static struct request writes[BLOCKS], reads[BLOCKS];
	struct ear ear = EAR_INIT;
	HANDLE file = open_file(FILE_FLAG_OVERLAPPED);
	PTP_IO io = io_object(file, &ear, NULL);

	begin_blocks(io, file, writes, true);	/* zeros: a file so long */
	assert_heard(io, &ear, BLOCKS);
	fill_blocks();
	begin_blocks(io, file, writes, true);
	for (int i = 1; i < BLOCKS; i += 2)	/* or it was too late */
		if (!CancelIoEx(file, &writes[i].overlapped))
			ck_assert_uint_eq(GetLastError(), ERROR_NOT_FOUND);
	assert_heard(io, &ear, 2 * BLOCKS);
	for (int i = 0; i < BLOCKS; i++)
		writes[i].calls--;
	begin_blocks(io, file, reads, false);
	assert_heard(io, &ear, 3 * BLOCKS);
	for (int i = 0; i < BLOCKS; i++) {
		bool aborted = writes[i].error == ERROR_OPERATION_ABORTED;

		assert_done_or_aborted(&writes[i]);
		ck_assert(!aborted || i % 2 == 1);
		ck_assert_int_eq(contents[i][0], aborted ? 0 : 1 + i);
		ck_assert_int_eq(contents[i][BLOCK - 1], aborted ? 0 : 1 + i);
	}
	CloseThreadpoolIo(io);
	ck_assert(CloseHandle(file));
	ck_assert_fails(CancelIoEx(file, NULL), ERROR_INVALID_HANDLE);
}
END_TEST

START_TEST(closing_the_handle_ends_what_is_under_way_and_then_the_file)
{	/* IO-18, KOBJ-22 */
	static struct request writes[BLOCKS];
	struct ear ear = EAR_INIT;
	HANDLE file = open_file(FILE_FLAG_OVERLAPPED);
	PTP_IO io = io_object(file, &ear, NULL);

	begin_blocks(io, file, writes, true);
	close_anyway(file);
	assert_heard(io, &ear, BLOCKS);
	for (int i = 0; i < BLOCKS; i++)
		assert_done_or_aborted(&writes[i]);
	CloseThreadpoolIo(io);
}
END_TEST

START_TEST(what_was_forgotten_goes_on_and_brings_no_callback)
{	/* IO-14, IO-15 */
	static struct request writes[BLOCKS];
	struct ear ear = EAR_INIT;
	HANDLE file = open_file(FILE_FLAG_OVERLAPPED);
	PTP_IO io = io_object(file, &ear, NULL);
	unsigned long heard;
	LARGE_INTEGER size;

	begin_blocks(io, file, writes, true);
	WaitForThreadpoolIoCallbacks(io, TRUE);
	heard = tally_read(&ear.calls);
	for (int i = 0; i < BLOCKS; i++)
		assert_outcome(file, &writes[i], NO_ERROR, BLOCK);
	assert_heard(io, &ear, heard);
	ck_assert(GetFileSizeEx(file, &size));
	ck_assert_int_eq(size.QuadPart, BLOCKS * BLOCK);
	CloseThreadpoolIo(io);
	ck_assert(CloseHandle(file));
}
END_TEST

START_TEST(a_request_needs_memory_only_to_be_made)
{	/* KOBJ-20 */
	struct request request = { .calls = 0 };
	HANDLE file = open_file(FILE_FLAG_OVERLAPPED);

	fail_allocations(true);
	ck_assert_fails(WriteFile(file, "hello", 5, NULL,
		&request.overlapped), ERROR_NOT_ENOUGH_MEMORY);
	fail_allocations(false);
	fail_allocation_number(2);	/* the first is the request */
	assert_begun(WriteFile(file, "hello", 5, NULL, &request.overlapped));
	assert_outcome(file, &request, NO_ERROR, 5);
	fail_allocation_number(0);
	fail_threads(true);
	write_at(file, 5, ", you");
	fail_threads(false);
	ck_assert(CloseHandle(file));
}
END_TEST

/* ---- The suite ---- */

static void
add_disk(TCase *small)
{
	tcase_add_test(small, each_request_says_where_and_none_moves_another);
	tcase_add_test(small, the_files_own_position_stays_where_it_is);
	tcase_add_test(small, offsets_have_64_bits);
	tcase_add_test(small, what_is_opened_to_append_is_written_at_the_end);
	tcase_add_test(small, a_read_across_the_end_brings_what_there_is);
	tcase_add_test(small, a_request_of_no_bytes_ends_well);
	tcase_add_test(small, what_the_handle_was_not_opened_for_is_denied);
	tcase_add_test(small, a_request_signals_its_event_and_its_file);
	tcase_add_test(small, a_request_brings_its_callback);
}

/* These are too much for the explorer. */
static void
add_disk_many(TCase *large)
{
	tcase_add_test(large, many_requests_at_once_each_do_what_they_should);
	tcase_add_test(large, each_that_is_cancelled_ends_once_and_says_how);
	tcase_add_test(large,
		closing_the_handle_ends_what_is_under_way_and_then_the_file);
	tcase_add_test(large,
		what_was_forgotten_goes_on_and_brings_no_callback);
	tcase_add_test(large, a_request_needs_memory_only_to_be_made);
}

#ifndef PARTS
int
main(void)
{
	Suite *suite = suite_create("disk_requests");

	add_disk(io_case(suite, "small"));
	add_disk_many(io_case(suite, "large"));
	return harness_run(suite);
}
#endif

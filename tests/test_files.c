/* test_files.c - files that are named by a path, and their handles */
/* SPDX-License-Identifier: MIT */
/*
 * CreateFile in all its ways: what is there before, what is asked for, what
 * comes of it and what the last error says. DeleteFile, and what a program
 * does with a file besides reading and writing: its size, its position, its
 * end. The handles here are not overlapped; those that are have their tests
 * in test_disk_requests.c, and reading and writing without OVERLAPPED is in
 * test_blocking_io.c.
 */
#include <sys/resource.h>
#include <sys/stat.h>

#include "kernel.h"
#include "requests.h"

#define READ_WRITE	(GENERIC_READ | GENERIC_WRITE)

static char path[64];	/* of the test's file; see no_file */

/* A path where nothing is. */
static void
no_file(void)
{
	strcpy(path, "build/files.XXXXXX");
	close(mkstemp(path));
	ck_assert_int_eq(unlink(path), 0);
}

/* A path where a file is, with 5 bytes. */
static void
some_file(void)
{
	int descriptor;

	strcpy(path, "build/files.XXXXXX");
	descriptor = mkstemp(path);
	ck_assert_int_eq(write(descriptor, "hello", 5), 5);
	close(descriptor);
}

static HANDLE
open_path(DWORD access, DWORD disposition, DWORD flags)
{
	SetLastError(0xDEAD);
	return CreateFileA(path, access, 0, NULL, disposition, flags, NULL);
}

/* It was opened, and the last error is this. */
static HANDLE
opened(DWORD disposition, DWORD error)
{
	HANDLE file = open_path(READ_WRITE, disposition,
		FILE_ATTRIBUTE_NORMAL);

	ck_assert(file != INVALID_HANDLE_VALUE && file != NULL);
	ck_assert_uint_eq(GetLastError(), error);
	return file;
}

static void
refused(DWORD access, DWORD disposition, DWORD flags, DWORD error)
{
	ck_assert(open_path(access, disposition, flags) ==
		INVALID_HANDLE_VALUE);
	ck_assert_uint_eq(GetLastError(), error);
}

static LONGLONG
size_of(HANDLE file)
{
	LARGE_INTEGER size = { .QuadPart = -1 };

	ck_assert(GetFileSizeEx(file, &size));
	return size.QuadPart;
}

static void
close_and_delete(HANDLE file)
{
	ck_assert(CloseHandle(file));
	ck_assert(DeleteFileA(path));
}

/* ---- What is there, and what is made ---- */

START_TEST(create_new_makes_a_file_that_must_not_be_there)
{	/* CreateFile */
	HANDLE file;

	no_file();
	file = opened(CREATE_NEW, NO_ERROR);
	ck_assert_int_eq(size_of(file), 0);
	refused(READ_WRITE, CREATE_NEW, 0, ERROR_FILE_EXISTS);
	close_and_delete(file);
}
END_TEST

START_TEST(create_always_makes_a_file_or_empties_it)
{	/* CreateFile */
	HANDLE file;

	no_file();
	file = opened(CREATE_ALWAYS, NO_ERROR);
	ck_assert(WriteFile(file, "hello", 5, NULL, NULL));
	ck_assert(CloseHandle(file));
	file = opened(CREATE_ALWAYS, ERROR_ALREADY_EXISTS);
	ck_assert_int_eq(size_of(file), 0);
	close_and_delete(file);
}
END_TEST

START_TEST(open_existing_wants_the_file_to_be_there)
{	/* CreateFile */
	HANDLE file;

	no_file();
	refused(READ_WRITE, OPEN_EXISTING, 0, ERROR_FILE_NOT_FOUND);
	some_file();
	file = opened(OPEN_EXISTING, NO_ERROR);
	ck_assert_int_eq(size_of(file), 5);
	close_and_delete(file);
}
END_TEST

START_TEST(open_always_makes_a_file_or_leaves_it_as_it_is)
{	/* CreateFile */
	HANDLE file;

	no_file();
	file = opened(OPEN_ALWAYS, NO_ERROR);
	close_and_delete(file);
	some_file();
	file = opened(OPEN_ALWAYS, ERROR_ALREADY_EXISTS);
	ck_assert_int_eq(size_of(file), 5);
	close_and_delete(file);
}
END_TEST

START_TEST(truncate_existing_empties_a_file_that_must_be_there)
{	/* CreateFile */
	HANDLE file;

	no_file();
	refused(READ_WRITE, TRUNCATE_EXISTING, 0, ERROR_FILE_NOT_FOUND);
	some_file();
	refused(GENERIC_READ, TRUNCATE_EXISTING, 0, ERROR_INVALID_PARAMETER);
	file = opened(TRUNCATE_EXISTING, NO_ERROR);
	ck_assert_int_eq(size_of(file), 0);
	close_and_delete(file);
}
END_TEST

START_TEST(what_makes_no_sense_is_refused)
{	/* CreateFile */
	SECURITY_ATTRIBUTES secure = { .nLength = sizeof(secure),
		.lpSecurityDescriptor = &secure };

	no_file();
	refused(READ_WRITE, 0, 0, ERROR_INVALID_PARAMETER);
	refused(READ_WRITE, 6, 0, ERROR_INVALID_PARAMETER);
	refused(READ_WRITE, CREATE_NEW, 0x00100000, ERROR_INVALID_PARAMETER);
	ck_assert(CreateFileA(path, READ_WRITE, 0, &secure, CREATE_NEW, 0,
		NULL) == INVALID_HANDLE_VALUE);
	ck_assert_uint_eq(GetLastError(), ERROR_INVALID_PARAMETER);
	ck_assert_int_ne(access(path, F_OK), 0);
}
END_TEST

START_TEST(a_path_that_leads_nowhere_is_refused_with_a_reason)
{	/* CreateFile */
	char longest[300];

	strcpy(path, "build");
	refused(GENERIC_READ, OPEN_EXISTING, 0, ERROR_ACCESS_DENIED);
	refused(READ_WRITE, OPEN_EXISTING, 0, ERROR_ACCESS_DENIED);
	strcpy(path, "build/no such folder/file");
	refused(READ_WRITE, CREATE_ALWAYS, 0, ERROR_PATH_NOT_FOUND);
	strcpy(path, "Makefile/file");
	refused(READ_WRITE, CREATE_ALWAYS, 0, ERROR_PATH_NOT_FOUND);
	strcpy(path, "");
	refused(READ_WRITE, CREATE_ALWAYS, 0, ERROR_PATH_NOT_FOUND);
	ck_assert(CreateFileW(NULL, READ_WRITE, 0, NULL, OPEN_EXISTING, 0,
		NULL) == INVALID_HANDLE_VALUE);
	ck_assert_uint_eq(GetLastError(), ERROR_PATH_NOT_FOUND);
	ck_assert(!DeleteFileA(NULL));
	ck_assert_uint_eq(GetLastError(), ERROR_PATH_NOT_FOUND);
	memset(longest, 'a', sizeof(longest) - 1);
	longest[sizeof(longest) - 1] = '\0';
	ck_assert(CreateFileA(longest, READ_WRITE, 0, NULL, CREATE_ALWAYS, 0,
		NULL) == INVALID_HANDLE_VALUE);
	ck_assert_uint_eq(GetLastError(), ERROR_FILENAME_EXCED_RANGE);
}
END_TEST

START_TEST(a_link_that_leads_nowhere_is_followed_when_a_file_is_made)
{	/* CreateFile */
	char target[sizeof(path)];
	HANDLE file;

	no_file();
	strcpy(target, path);
	no_file();
	ck_assert_int_eq(symlink(target + strlen("build/"), path),
		0);
	refused(READ_WRITE, OPEN_EXISTING, 0, ERROR_FILE_NOT_FOUND);
	refused(READ_WRITE, CREATE_NEW, 0, ERROR_FILE_EXISTS);
	file = opened(OPEN_ALWAYS, NO_ERROR);
	ck_assert(WriteFile(file, "hello", 5, NULL, NULL));
	ck_assert(CloseHandle(file));
	file = opened(CREATE_ALWAYS, ERROR_ALREADY_EXISTS);
	ck_assert_int_eq(size_of(file), 0);
	close_and_delete(file);
	strcpy(path, target);
	ck_assert(DeleteFileA(path));
}
END_TEST

START_TEST(nobody_is_kept_from_opening_it_as_well)
{	/* CreateFile; our choice: dwShareMode is not looked at */
	HANDLE one, other;
	char bytes[5];

	some_file();
	one = opened(OPEN_EXISTING, NO_ERROR);
	other = opened(OPEN_EXISTING, NO_ERROR);
	ck_assert(ReadFile(other, bytes, 5, NULL, NULL));
	ck_assert_int_eq(memcmp(bytes, "hello", 5), 0);
	ck_assert(CloseHandle(other));
	close_and_delete(one);
}
END_TEST

/* ---- Access and attributes ---- */

START_TEST(only_what_was_asked_for_can_be_done)
{	/* CreateFile */
	static const DWORD reads[] = { GENERIC_READ, FILE_READ_DATA, 0 };
	static const DWORD writes[] = { GENERIC_WRITE, FILE_WRITE_DATA,
		FILE_APPEND_DATA };
	char bytes[5];

	some_file();
	for (int i = 0; i < 3; i++) {
		HANDLE reader = open_path(reads[i], OPEN_EXISTING, 0);
		HANDLE writer = open_path(writes[i], OPEN_EXISTING, 0);

		ck_assert_fails(WriteFile(reader, "x", 1, NULL, NULL),
			ERROR_ACCESS_DENIED);
		ck_assert(ReadFile(reader, bytes, 5, NULL, NULL));
		ck_assert_fails(ReadFile(writer, bytes, 5, NULL, NULL),
			ERROR_ACCESS_DENIED);
		ck_assert(WriteFile(writer, "H", 1, NULL, NULL));
		ck_assert(CloseHandle(reader));
		ck_assert(CloseHandle(writer));
	}
	ck_assert(DeleteFileA(path));
}
END_TEST

START_TEST(what_is_opened_to_append_is_written_at_the_end)
{	/* CreateFile */
	HANDLE file, end;
	char bytes[10] = "";

	some_file();
	file = opened(OPEN_EXISTING, NO_ERROR);
	end = open_path(FILE_APPEND_DATA, OPEN_EXISTING, 0);
	ck_assert(WriteFile(end, ", ", 2, NULL, NULL));
	ck_assert(WriteFile(end, "you", 3, NULL, NULL));
	ck_assert(ReadFile(file, bytes, 10, NULL, NULL));
	ck_assert_int_eq(memcmp(bytes, "hello, you", 10), 0);
	ck_assert(CloseHandle(end));
	close_and_delete(file);
}
END_TEST

START_TEST(a_file_that_is_read_only_may_be_written_by_who_makes_it)
{	/* CreateFile */
	struct stat status;
	HANDLE file;

	no_file();
	file = open_path(GENERIC_WRITE, CREATE_NEW, FILE_ATTRIBUTE_READONLY);
	ck_assert(file != INVALID_HANDLE_VALUE);
	ck_assert_int_eq(stat(path, &status), 0);
	ck_assert_int_eq(status.st_mode & 0222, 0);
	ck_assert(WriteFile(file, "x", 1, NULL, NULL));
	close_and_delete(file);
}
END_TEST

START_TEST(hints_change_nothing)
{	/* CreateFile */
	HANDLE file;
	char bytes[5];

	some_file();
	file = open_path(READ_WRITE, OPEN_EXISTING, FILE_ATTRIBUTE_HIDDEN |
		FILE_ATTRIBUTE_TEMPORARY | FILE_FLAG_SEQUENTIAL_SCAN |
		FILE_FLAG_WRITE_THROUGH);
	ck_assert(WriteFile(file, "H", 1, NULL, NULL));
	ck_assert(CloseHandle(file));
	file = open_path(READ_WRITE, OPEN_EXISTING, FILE_FLAG_RANDOM_ACCESS);
	ck_assert(ReadFile(file, bytes, 5, NULL, NULL));
	ck_assert_int_eq(memcmp(bytes, "Hello", 5), 0);
	close_and_delete(file);
}
END_TEST

START_TEST(a_file_may_go_with_its_last_handle)
{	/* CreateFile */
	HANDLE file, copy;

	some_file();
	file = open_path(READ_WRITE, OPEN_EXISTING, FILE_FLAG_DELETE_ON_CLOSE);
	ck_assert(DuplicateHandle(GetCurrentProcess(), file,
		GetCurrentProcess(), &copy, 0, FALSE, DUPLICATE_SAME_ACCESS));
	ck_assert(CloseHandle(file));
	ck_assert_int_eq(access(path, F_OK), 0);
	ck_assert(CloseHandle(copy));
	ck_assert_int_ne(access(path, F_OK), 0);
}
END_TEST

START_TEST(a_wide_path_names_the_same_file)
{	/* CreateFile, DeleteFile */
	WCHAR wide[64];
	HANDLE file;

	some_file();
	for (size_t i = 0; i <= strlen(path); i++)
		wide[i] = (WCHAR)path[i];
	file = CreateFileW(wide, GENERIC_READ, 0, NULL, OPEN_EXISTING, 0,
		NULL);
	ck_assert(file != INVALID_HANDLE_VALUE);
	ck_assert_int_eq(size_of(file), 5);
	ck_assert(CloseHandle(file));
	ck_assert(DeleteFileW(wide));
	ck_assert_int_ne(access(path, F_OK), 0);
}
END_TEST

START_TEST(deleting_takes_the_name_and_leaves_who_has_it_open)
{	/* DeleteFile; our choice: the name is gone at once */
	HANDLE file;
	char bytes[5];

	some_file();
	file = opened(OPEN_EXISTING, NO_ERROR);
	ck_assert(DeleteFileA(path));
	ck_assert_fails(DeleteFileA(path), ERROR_FILE_NOT_FOUND);
	ck_assert(ReadFile(file, bytes, 5, NULL, NULL));
	ck_assert(CloseHandle(file));
	ck_assert_fails(DeleteFileA("build"), ERROR_ACCESS_DENIED);
	ck_assert_fails(DeleteFileA("Makefile/x"), ERROR_PATH_NOT_FOUND);
}
END_TEST

/* ---- Size, position, end ---- */

static LONGLONG
move_to(HANDLE file, LONGLONG distance, DWORD method)
{
	LARGE_INTEGER to = { .QuadPart = distance }, now = { .QuadPart = -1 };

	ck_assert(SetFilePointerEx(file, to, &now, method));
	return now.QuadPart;
}

START_TEST(the_position_can_be_moved_from_three_places)
{	/* SetFilePointerEx */
	LARGE_INTEGER back = { .QuadPart = -1 };
	HANDLE file, pipe[2];
	char byte;

	some_file();
	file = opened(OPEN_EXISTING, NO_ERROR);
	ck_assert_int_eq(move_to(file, 1, FILE_BEGIN), 1);
	ck_assert(ReadFile(file, &byte, 1, NULL, NULL));
	ck_assert_int_eq(byte, 'e');
	ck_assert_int_eq(move_to(file, 1, FILE_CURRENT), 3);
	ck_assert_int_eq(move_to(file, -1, FILE_END), 4);
	ck_assert(SetFilePointerEx(file, back, NULL, FILE_CURRENT));
	ck_assert_int_eq(move_to(file, 0, FILE_CURRENT), 3);
	ck_assert_fails(SetFilePointerEx(file, back, NULL, FILE_BEGIN),
		ERROR_NEGATIVE_SEEK);
	ck_assert_fails(SetFilePointerEx(file, back, NULL, 3),
		ERROR_INVALID_PARAMETER);
	ck_assert_int_eq(move_to(file, 0, FILE_CURRENT), 3);
	ck_assert(CreatePipe(&pipe[0], &pipe[1], NULL, 0));
	ck_assert_fails(SetFilePointerEx(pipe[0], back, NULL, FILE_BEGIN),
		ERROR_INVALID_PARAMETER);
	ck_assert_fails(SetFilePointerEx(STALE, back, NULL, FILE_BEGIN),
		ERROR_INVALID_HANDLE);
	close_ends(pipe);
	close_and_delete(file);
}
END_TEST

START_TEST(the_end_can_be_moved_both_ways)
{	/* SetEndOfFile */
	HANDLE file, reader, pipe[2];
	char bytes[8];
	DWORD count = 0;

	some_file();
	file = opened(OPEN_EXISTING, NO_ERROR);
	reader = open_path(GENERIC_READ, OPEN_EXISTING, 0);
	(void)move_to(file, 2, FILE_BEGIN);
	ck_assert(SetEndOfFile(file));
	ck_assert_int_eq(size_of(file), 2);
	(void)move_to(file, 8, FILE_BEGIN);
	ck_assert(SetEndOfFile(file));
	ck_assert_int_eq(size_of(reader), 8);
	ck_assert(ReadFile(reader, bytes, 8, &count, NULL));
	ck_assert_uint_eq(count, 8);
	ck_assert_int_eq(memcmp(bytes, "he\0\0\0\0\0", 8), 0);
	ck_assert_fails(SetEndOfFile(reader), ERROR_INVALID_PARAMETER);
	ck_assert(CreatePipe(&pipe[0], &pipe[1], NULL, 0));
	ck_assert_fails(SetEndOfFile(pipe[1]), ERROR_INVALID_PARAMETER);
	ck_assert_fails(SetEndOfFile(STALE), ERROR_INVALID_HANDLE);
	close_ends(pipe);
	ck_assert(CloseHandle(reader));
	close_and_delete(file);
}
END_TEST

START_TEST(only_a_file_on_disk_has_a_size_and_anything_can_be_flushed)
{	/* GetFileSizeEx, FlushFileBuffers */
	HANDLE door = event(AUTO, UNSET), file, pipe[2];
	LARGE_INTEGER size;

	some_file();
	file = opened(OPEN_EXISTING, NO_ERROR);
	ck_assert(CreatePipe(&pipe[0], &pipe[1], NULL, 0));
	ck_assert_fails(GetFileSizeEx(pipe[0], &size), ERROR_INVALID_FUNCTION);
	ck_assert_fails(GetFileSizeEx(door, &size), ERROR_INVALID_HANDLE);
	ck_assert(FlushFileBuffers(file));
	ck_assert(FlushFileBuffers(pipe[1]));
	ck_assert_fails(FlushFileBuffers(door), ERROR_INVALID_HANDLE);
	close_ends(pipe);
	ck_assert(CloseHandle(door));
	close_and_delete(file);
}
END_TEST

/* ---- Too little of something ---- */

START_TEST(without_memory_no_file_is_opened_and_none_is_lost)
{	/* CreateFile, CreatePipe */
	HANDLE file, pipe[2];
	unsigned long n = 0;

	some_file();
	do {
		fail_allocation_number(++n);
		file = open_path(READ_WRITE, OPEN_EXISTING,
			FILE_FLAG_OVERLAPPED | FILE_FLAG_DELETE_ON_CLOSE);
		fail_allocation_number(0);
		if (file == INVALID_HANDLE_VALUE)
			ck_assert_uint_eq(GetLastError(),
				ERROR_NOT_ENOUGH_MEMORY);
		ck_assert_int_eq(access(path, F_OK), 0);
	} while (file == INVALID_HANDLE_VALUE);
	ck_assert_uint_ge(n, 3);		/* path and file, at least */
	ck_assert(CloseHandle(file));
	ck_assert_int_ne(access(path, F_OK), 0);
	fail_allocations(true);
	ck_assert_fails(CreatePipe(&pipe[0], &pipe[1], NULL, 0),
		ERROR_NOT_ENOUGH_MEMORY);
	ck_assert_fails(DeleteFileA(path), ERROR_NOT_ENOUGH_MEMORY);
	fail_allocations(false);
	fail_allocation_number(2);		/* the second end */
	ck_assert_fails(CreatePipe(&pipe[0], &pipe[1], NULL, 0),
		ERROR_NOT_ENOUGH_MEMORY);
}
END_TEST

START_TEST(without_descriptors_no_file_is_opened)
{	/* CreateFile, CreatePipe */
	struct rlimit before, none;
	HANDLE pipe[2];

	some_file();
	ck_assert_int_eq(getrlimit(RLIMIT_NOFILE, &before), 0);
	none = before;
	none.rlim_cur = 0;
	ck_assert_int_eq(setrlimit(RLIMIT_NOFILE, &none), 0);
	refused(READ_WRITE, OPEN_EXISTING, 0, ERROR_TOO_MANY_OPEN_FILES);
	ck_assert_fails(CreatePipe(&pipe[0], &pipe[1], NULL, 0),
		ERROR_TOO_MANY_OPEN_FILES);
	ck_assert_int_eq(setrlimit(RLIMIT_NOFILE, &before), 0);
	ck_assert(DeleteFileA(path));
}
END_TEST

/* ---- The suite ---- */

static void
add_files(TCase *small)
{
	tcase_add_test(small, create_new_makes_a_file_that_must_not_be_there);
	tcase_add_test(small, create_always_makes_a_file_or_empties_it);
	tcase_add_test(small, open_existing_wants_the_file_to_be_there);
	tcase_add_test(small, open_always_makes_a_file_or_leaves_it_as_it_is);
	tcase_add_test(small,
		truncate_existing_empties_a_file_that_must_be_there);
	tcase_add_test(small, what_makes_no_sense_is_refused);
	tcase_add_test(small,
		a_path_that_leads_nowhere_is_refused_with_a_reason);
	tcase_add_test(small,
		a_link_that_leads_nowhere_is_followed_when_a_file_is_made);
	tcase_add_test(small, nobody_is_kept_from_opening_it_as_well);
	tcase_add_test(small, only_what_was_asked_for_can_be_done);
	tcase_add_test(small, what_is_opened_to_append_is_written_at_the_end);
	tcase_add_test(small,
		a_file_that_is_read_only_may_be_written_by_who_makes_it);
	tcase_add_test(small, hints_change_nothing);
	tcase_add_test(small, a_file_may_go_with_its_last_handle);
	tcase_add_test(small, a_wide_path_names_the_same_file);
	tcase_add_test(small,
		deleting_takes_the_name_and_leaves_who_has_it_open);
	tcase_add_test(small, the_position_can_be_moved_from_three_places);
	tcase_add_test(small, the_end_can_be_moved_both_ways);
	tcase_add_test(small,
		only_a_file_on_disk_has_a_size_and_anything_can_be_flushed);
	tcase_add_test(small,
		without_memory_no_file_is_opened_and_none_is_lost);
	tcase_add_test(small, without_descriptors_no_file_is_opened);
}

int
main(void)
{
	Suite *suite = suite_create("files");

	add_files(io_case(suite, "small"));
	return harness_run(suite);
}

/* test_blocking_io.c - reading and writing that blocks until it is done */
/* SPDX-License-Identifier: MIT */
/*
 * Handles that were not opened for overlapped I/O, and the pipes of
 * CreatePipe: ReadFile and WriteFile return when they are done. An OVERLAPPED
 * only says where then. A worker of a pool that blocks in them is missed, and
 * another one takes its place.
 */
#define _XOPEN_SOURCE 700	/* posix_openpt */
#include <sys/stat.h>

#include "kernel.h"
#include "requests.h"
#include "terminal.h"

#define NEVER		"86400000"	/* ms */
#define BIG		(1 << 20)	/* bytes: more than a pipe holds */

/* ---- Files on disk ---- */

static DWORD
read_some(HANDLE file, char *buffer, DWORD size, OVERLAPPED *where)
{
	DWORD bytes = 99;

	ck_assert(ReadFile(file, buffer, size, &bytes, where));
	return bytes;
}

START_TEST(without_overlapped_the_files_own_position_is_used_and_moved)
{	/* ReadFile, WriteFile */
	HANDLE file = open_file(0);
	char buffer[8] = "";
	DWORD bytes = 0;

	ck_assert(WriteFile(file, "hello", 5, &bytes, NULL));
	ck_assert_uint_eq(bytes, 5);
	ck_assert(WriteFile(file, "you", 3, NULL, NULL));
	ck_assert(SetFilePointerEx(file, (LARGE_INTEGER){ .QuadPart = 0 },
		NULL, FILE_BEGIN));
	ck_assert_uint_eq(read_some(file, buffer, 5, NULL), 5);
	ck_assert_uint_eq(read_some(file, buffer + 5, 3, NULL), 3);
	ck_assert_int_eq(memcmp(buffer, "helloyou", 8), 0);
	ck_assert(CloseHandle(file));
}
END_TEST

START_TEST(with_overlapped_the_offset_is_used_and_the_position_follows)
{	/* ReadFile, WriteFile */
	OVERLAPPED where = { .Offset = 3 };
	HANDLE file = open_file(0);
	char buffer[8];

	ck_assert(WriteFile(file, "0123456789", 10, NULL, NULL));
	ck_assert_uint_eq(read_some(file, buffer, 2, &where), 2);
	ck_assert_int_eq(memcmp(buffer, "34", 2), 0);
	ck_assert_uint_eq(where.InternalHigh, 2);
	ck_assert_uint_eq(read_some(file, buffer, 2, NULL), 2);
	ck_assert_int_eq(memcmp(buffer, "56", 2), 0);
	where.Offset = 1;
	ck_assert(WriteFile(file, "x", 1, NULL, &where));
	ck_assert_uint_eq(read_some(file, buffer, 2, NULL), 2);
	ck_assert_int_eq(memcmp(buffer, "23", 2), 0);
	ck_assert(CloseHandle(file));
}
END_TEST

START_TEST(the_end_is_an_error_only_to_who_says_where)
{	/* ReadFile; IO-24 for who gives an OVERLAPPED */
	OVERLAPPED where = { .Offset = 5 };
	HANDLE file = open_file(0);
	DWORD bytes = 99;
	char byte;

	ck_assert(WriteFile(file, "hello", 5, NULL, NULL));
	ck_assert_uint_eq(read_some(file, &byte, 1, NULL), 0);
	ck_assert_fails(ReadFile(file, &byte, 1, &bytes, &where),
		ERROR_HANDLE_EOF);
	ck_assert_uint_eq(bytes, 0);
	where.Offset = 4;
	ck_assert_uint_eq(read_some(file, &byte, 1, &where), 1);
	ck_assert_int_eq(byte, 'o');
	ck_assert(CloseHandle(file));
}
END_TEST

START_TEST(what_is_no_file_and_no_buffer_is_refused)
{	/* ReadFile, WriteFile */
	HANDLE file = open_file(0), door = event(AUTO, UNSET);
	DWORD bytes = 99;
	char byte;

	ck_assert_fails(ReadFile(door, &byte, 1, &bytes, NULL),
		ERROR_INVALID_HANDLE);
	ck_assert_uint_eq(bytes, 0);
	ck_assert_fails(WriteFile(STALE, &byte, 1, NULL, NULL),
		ERROR_INVALID_HANDLE);
	ck_assert_fails(ReadFile(file, NULL, 1, &bytes, NULL),
		ERROR_NOACCESS);
	ck_assert_fails(WriteFile(file, NULL, 1, &bytes, NULL),
		ERROR_NOACCESS);
	ck_assert_uint_eq(read_some(file, NULL, 0, NULL), 0);
	ck_assert(CloseHandle(door));
	ck_assert(CloseHandle(file));
}
END_TEST

START_TEST(a_full_disk_is_an_error)
{	/* WriteFile */
	HANDLE full = CreateFileA("/dev/full", GENERIC_WRITE, 0, NULL,
		OPEN_EXISTING, 0, NULL);
	DWORD bytes = 99;

	ck_assert(full != INVALID_HANDLE_VALUE);
	ck_assert_fails(WriteFile(full, "x", 1, &bytes, NULL),
		ERROR_DISK_FULL);
	ck_assert_uint_eq(bytes, 0);
	ck_assert(CloseHandle(full));
}
END_TEST

/* ---- Pipes ---- */

static void
create_pipe(HANDLE ends[2])
{
	ck_assert(CreatePipe(&ends[0], &ends[1], NULL, 4096));
}

START_TEST(what_is_written_to_a_pipe_is_read_from_it)
{	/* CreatePipe */
	HANDLE ends[2];
	char buffer[8];

	create_pipe(ends);
	ck_assert(WriteFile(ends[1], "hello", 5, NULL, NULL));
	ck_assert_uint_eq(read_some(ends[0], buffer, 3, NULL), 3);
	ck_assert_uint_eq(read_some(ends[0], buffer + 3, 5, NULL), 2);
	ck_assert_int_eq(memcmp(buffer, "hello", 5), 0);
	ck_assert_fails(WriteFile(ends[0], "x", 1, NULL, NULL),
		ERROR_ACCESS_DENIED);
	ck_assert_fails(ReadFile(ends[1], buffer, 1, NULL, NULL),
		ERROR_ACCESS_DENIED);
	close_ends(ends);
}
END_TEST

START_TEST(a_pipe_ends_when_nobody_has_the_other_end)
{	/* CreatePipe */
	HANDLE ends[2];
	DWORD bytes = 99;
	char buffer[8];

	create_pipe(ends);
	ck_assert(WriteFile(ends[1], "last", 4, NULL, NULL));
	ck_assert(CloseHandle(ends[1]));
	ck_assert_uint_eq(read_some(ends[0], buffer, 8, NULL), 4);
	ck_assert_fails(ReadFile(ends[0], buffer, 8, &bytes, NULL),
		ERROR_BROKEN_PIPE);
	ck_assert_uint_eq(bytes, 0);
	ck_assert(CloseHandle(ends[0]));
	create_pipe(ends);
	ck_assert(CloseHandle(ends[0]));
	ck_assert_fails(WriteFile(ends[1], "x", 1, &bytes, NULL),
		ERROR_NO_DATA);		/* and no signal */
	ck_assert(CloseHandle(ends[1]));
}
END_TEST

START_TEST(a_pipe_takes_no_security_descriptor)
{	/* CreatePipe */
	SECURITY_ATTRIBUTES secure = { .nLength = sizeof(secure),
		.lpSecurityDescriptor = &secure };
	HANDLE ends[2];

	ck_assert_fails(CreatePipe(&ends[0], &ends[1], &secure, 0),
		ERROR_INVALID_PARAMETER);
	secure.lpSecurityDescriptor = NULL;
	ck_assert(CreatePipe(&ends[0], &ends[1], &secure, 0));
	close_ends(ends);
}
END_TEST

static DWORD
write_big(void *end)
{
	unsigned char *bytes = malloc(BIG);
	DWORD count = 0;

	for (int i = 0; i < BIG; i++)
		bytes[i] = (unsigned char)(i * 31 >> 3);
	if (!WriteFile(end, bytes, BIG, &count, NULL))
		count = 0;
	free(bytes);
	return count;
}

START_TEST(a_write_returns_when_all_of_it_is_written)
{	/* WriteFile */
	static unsigned char bytes[BIG];
	HANDLE ends[2], thread;
	DWORD total = 0;

	create_pipe(ends);
	thread = start(write_big, ends[1]);
	while (total < BIG)
		total += read_some(ends[0], (char *)bytes + total,
			BIG - total, NULL);
	ck_assert_uint_eq(join(thread), BIG);
	for (int i = 0; i < BIG; i++)
		if (bytes[i] != (unsigned char)(i * 31 >> 3))
			ck_abort_msg("byte %d is wrong", i);
	close_ends(ends);
}
END_TEST

START_TEST(a_handle_that_blocks_does_so_over_any_descriptor)
{	/* tp_open_descriptor */
	int descriptors[2];
	HANDLE ends[2], thread;
	char buffer[8];

	ck_assert_int_eq(pipe(descriptors), 0);
	ck_assert_int_eq(fcntl(descriptors[0], F_SETFL, O_NONBLOCK), 0);
	ck_assert_int_eq(fcntl(descriptors[1], F_SETFL, O_NONBLOCK), 0);
	ends[0] = tp_open_descriptor(descriptors[0], 0);
	ends[1] = tp_open_descriptor(descriptors[1], 0);
	thread = start(write_big, ends[1]);
	for (DWORD total = 0; total < BIG; )
		total += read_some(ends[0], buffer, 8, NULL);
	ck_assert_uint_eq(join(thread), BIG);
	close_ends(ends);
}
END_TEST

START_TEST(a_terminal_has_no_offsets)
{	/* KOBJ-23 */
	OVERLAPPED where = { .Offset = 3 };
	HANDLE ends[2];
	char buffer[8];
	int master, slave;

	if (!try_terminal(&master, &slave))
		return;
	ends[0] = tp_open_descriptor(slave, 0);
	ends[1] = tp_open_descriptor(master, 0);
	ck_assert(WriteFile(ends[1], "line\n", 5, NULL, &where));
	ck_assert_uint_eq(read_some(ends[0], buffer, 8, &where), 5);
	ck_assert_int_eq(memcmp(buffer, "line\n", 5), 0);
	close_ends(ends);
}
END_TEST

/* ---- Workers that block ---- */

/* A worker is blocked where the pool can see it. */
static bool
has_suspended(void *pool)
{
	TP_POOL *p = pool;
	bool found;

	tp_lock(&p->lock);
	found = p->suspended > 0;
	tp_unlock(&p->lock);
	return found;
}

struct talk {
	HANDLE ends[2];
	struct tally read;
	char buffer[8];
	DWORD bytes;
};

static VOID CALLBACK
listen_first(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_WORK work)
{
	struct talk *talk = context;

	(void)instance;
	(void)work;
	if (ReadFile(talk->ends[0], talk->buffer, 8, &talk->bytes, NULL))
		tally_add(&talk->read);
}

static VOID CALLBACK
speak_then(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_WORK work)
{
	struct talk *talk = context;

	(void)instance;
	(void)work;
	(void)WriteFile(talk->ends[1], "x", 1, NULL, NULL);
}

START_TEST(a_worker_that_blocks_in_a_read_is_replaced)
{	/* POOL-07; the pool sees it block, and needs no time */
	struct talk talk = { .read = TALLY_INIT };
	struct private_pool private;
	PTP_WORK listener, speaker;

	setenv("TP_PROCESSORS", "1", 1);
	setenv("TP_STALL_MS", NEVER, 1);
	private_pool_open(&private, 1, 2);
	create_pipe(talk.ends);
	listener = CreateThreadpoolWork(listen_first, &talk,
		&private.environ);
	speaker = CreateThreadpoolWork(speak_then, &talk, &private.environ);
	SubmitThreadpoolWork(listener);
	await(has_suspended, private.pool);
	SubmitThreadpoolWork(speaker);
	WaitForThreadpoolWorkCallbacks(listener, FALSE);
	ck_assert_uint_eq(tally_read(&talk.read), 1);
	ck_assert_uint_eq(talk.bytes, 1);
	WaitForThreadpoolWorkCallbacks(speaker, FALSE);
	CloseThreadpoolWork(listener);
	CloseThreadpoolWork(speaker);
	close_ends(talk.ends);
	private_pool_close(&private);
}
END_TEST

static VOID CALLBACK
listen_overlapped(PTP_CALLBACK_INSTANCE instance, PVOID context,
	PTP_WORK work)
{
	struct talk *talk = context;
	OVERLAPPED overlapped = { 0 };

	(void)instance;
	(void)work;
	(void)ReadFile(talk->ends[0], talk->buffer, 8, NULL, &overlapped);
	if (GetOverlappedResult(talk->ends[0], &overlapped, &talk->bytes,
	    TRUE))
		tally_add(&talk->read);
}

static VOID CALLBACK
speak_overlapped(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_WORK work)
{
	struct talk *talk = context;
	OVERLAPPED overlapped = { 0 };

	(void)instance;
	(void)work;
	(void)WriteFile(talk->ends[1], "x", 1, NULL, &overlapped);
}

START_TEST(a_worker_that_waits_for_a_result_is_replaced)
{	/* KOBJ-21, POOL-07; the pool sees it block */
	struct talk talk = { .read = TALLY_INIT };
	struct private_pool private;
	PTP_WORK listener, speaker;

	setenv("TP_PROCESSORS", "1", 1);
	setenv("TP_STALL_MS", NEVER, 1);
	private_pool_open(&private, 1, 2);
	open_pipe(talk.ends);
	listener = CreateThreadpoolWork(listen_overlapped, &talk,
		&private.environ);
	speaker = CreateThreadpoolWork(speak_overlapped, &talk,
		&private.environ);
	SubmitThreadpoolWork(listener);
	await(has_suspended, private.pool);
	SubmitThreadpoolWork(speaker);
	WaitForThreadpoolWorkCallbacks(listener, FALSE);
	ck_assert_uint_eq(tally_read(&talk.read), 1);
	ck_assert_uint_eq(talk.bytes, 1);
	WaitForThreadpoolWorkCallbacks(speaker, FALSE);
	CloseThreadpoolWork(listener);
	CloseThreadpoolWork(speaker);
	close_ends(talk.ends);
	private_pool_close(&private);
}
END_TEST

/* Both sides open one named pipe, and each waits for the other to do so. */
struct meeting {
	char path[64];
	struct tally opened;
};

static void
meet(struct meeting *meeting, DWORD access)
{
	HANDLE end = CreateFileA(meeting->path, access, 0, NULL,
		OPEN_EXISTING, 0, NULL);

	if (end != INVALID_HANDLE_VALUE && CloseHandle(end))
		tally_add(&meeting->opened);
}

static VOID CALLBACK
meet_to_listen(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_WORK work)
{
	(void)instance;
	(void)work;
	meet(context, GENERIC_READ);
}

static VOID CALLBACK
meet_to_speak(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_WORK work)
{
	(void)instance;
	(void)work;
	meet(context, GENERIC_WRITE);
}

START_TEST(a_worker_that_waits_for_the_other_end_of_a_pipe_is_replaced)
{	/* POOL-07; the pool sees it block */
	struct meeting meeting = { "build/meeting.XXXXXX", TALLY_INIT };
	struct private_pool private;
	PTP_WORK listener, speaker;

	explore_cannot("to open a named pipe blocks inside the system");
	setenv("TP_PROCESSORS", "1", 1);
	setenv("TP_STALL_MS", NEVER, 1);
	private_pool_open(&private, 1, 2);
	ck_assert_ptr_nonnull(mkdtemp(meeting.path));
	strcat(meeting.path, "/pipe");
	ck_assert_int_eq(mkfifo(meeting.path, 0600), 0);
	listener = CreateThreadpoolWork(meet_to_listen, &meeting,
		&private.environ);
	speaker = CreateThreadpoolWork(meet_to_speak, &meeting,
		&private.environ);
	SubmitThreadpoolWork(listener);
	await(has_suspended, private.pool);
	SubmitThreadpoolWork(speaker);
	WaitForThreadpoolWorkCallbacks(listener, FALSE);
	WaitForThreadpoolWorkCallbacks(speaker, FALSE);
	ck_assert_uint_eq(tally_read(&meeting.opened), 2);
	CloseThreadpoolWork(listener);
	CloseThreadpoolWork(speaker);
	ck_assert_int_eq(unlink(meeting.path), 0);
	*strrchr(meeting.path, '/') = '\0';
	ck_assert_int_eq(rmdir(meeting.path), 0);
	private_pool_close(&private);
}
END_TEST

/* ---- The suite ---- */

static void
add_blocking(TCase *small, TCase *large)
{
	tcase_add_test(small,
		without_overlapped_the_files_own_position_is_used_and_moved);
	tcase_add_test(small,
		with_overlapped_the_offset_is_used_and_the_position_follows);
	tcase_add_test(small, the_end_is_an_error_only_to_who_says_where);
	tcase_add_test(small, what_is_no_file_and_no_buffer_is_refused);
	tcase_add_test(small, a_full_disk_is_an_error);
	tcase_add_test(small, what_is_written_to_a_pipe_is_read_from_it);
	tcase_add_test(small, a_pipe_ends_when_nobody_has_the_other_end);
	tcase_add_test(small, a_pipe_takes_no_security_descriptor);
	tcase_add_test(large, a_write_returns_when_all_of_it_is_written);
	tcase_add_test(large,
		a_handle_that_blocks_does_so_over_any_descriptor);
	tcase_add_test(small, a_terminal_has_no_offsets);
	tcase_add_test(small, a_worker_that_blocks_in_a_read_is_replaced);
	tcase_add_test(small, a_worker_that_waits_for_a_result_is_replaced);
	tcase_add_test(small,
		a_worker_that_waits_for_the_other_end_of_a_pipe_is_replaced);
}

int
main(void)
{
	Suite *suite = suite_create("blocking_io");

	add_blocking(io_case(suite, "small"), io_case(suite, "large"));
	return harness_run(suite);
}

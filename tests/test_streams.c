/* test_streams.c - handles over descriptors: pipes, sockets, terminals */
/* SPDX-License-Identifier: MIT */
/*
 * What stream.h promises of a descriptor that has become a handle: which are
 * taken, in which order requests are served, when a write ends, and how the
 * end of a stream differs from an error. TCP has a suite of its own,
 * test_sockets.c; test_io_poll.c has both over the other poller.
 */
#define _XOPEN_SOURCE 700	/* posix_openpt */
#include <errno.h>
#include <signal.h>
#include <sys/stat.h>
#include <termios.h>
#include <time.h>

#include "kernel.h"
#include "requests.h"
#include "terminal.h"

#define BIG	(1 << 20)	/* bytes: more than a pipe or a socket holds */

/* A terminal: what is written to ends[1] is typed there. False: none here. */
static bool
open_terminal(HANDLE ends[2])
{
	struct termios modes;
	int master, slave;

	if (!try_terminal(&master, &slave))
		return false;
	ck_assert_int_eq(tcgetattr(slave, &modes), 0);
	modes.c_lflag &= (tcflag_t)~ECHO;
	modes.c_oflag &= (tcflag_t)~OPOST;
	ck_assert_int_eq(tcsetattr(slave, TCSANOW, &modes), 0);
	ends[0] = adopt(slave);
	ends[1] = adopt(master);
	return true;
}

/* ---- Which descriptors ---- */

/* What is written to `to` ends a read of `from` that is pending. */
static void
assert_passes(HANDLE from, HANDLE to)
{
	struct request read = { .calls = 0 };

	begin_read(from, &read);
	put_text(to, "line\n");
	assert_outcome(from, &read, NO_ERROR, 5);
	ck_assert_int_eq(memcmp(read.buffer, "line\n", 5), 0);
	put_text(to, "more\n");
	if (!ReadFile(from, read.buffer, 64, NULL, &read.overlapped))
		ck_assert_uint_eq(GetLastError(), ERROR_IO_PENDING);
	assert_outcome(from, &read, NO_ERROR, 5);
}

START_TEST(pipes_and_sockets_are_read_and_written)
{	/* tp_open_descriptor; KOBJ-20 */
	HANDLE ends[2];

	open_pipe(ends);
	assert_passes(ends[0], ends[1]);
	close_ends(ends);
	open_pair(ends);
	assert_passes(ends[0], ends[1]);
	assert_passes(ends[1], ends[0]);
	close_ends(ends);
}
END_TEST

START_TEST(a_named_pipe_is_opened_by_its_path)
{	/* CreateFile */
	char path[] = "build/streams.XXXXXX";
	HANDLE pipe;

	close(mkstemp(path));
	ck_assert_int_eq(unlink(path), 0);
	ck_assert_int_eq(mkfifo(path, 0600), 0);
	pipe = CreateFileA(path, GENERIC_READ | GENERIC_WRITE, 0, NULL,
		OPEN_EXISTING, FILE_FLAG_OVERLAPPED |
		FILE_FLAG_DELETE_ON_CLOSE, NULL);
	ck_assert(pipe != INVALID_HANDLE_VALUE);
	assert_passes(pipe, pipe);
	ck_assert(CloseHandle(pipe));
	/* The dispatcher may just be looking whether it is ready. */
	while (access(path, F_OK) == 0)
		Sleep(1);
}
END_TEST

START_TEST(a_file_on_disk_and_a_device_are_taken_too)
{	/* tp_open_descriptor */
	struct request request = { .overlapped = { .Offset = 2 } };
	char path[] = "build/streams.XXXXXX";
	HANDLE file = adopt(mkstemp(path)), nothing;

	ck_assert_int_eq(unlink(path), 0);
	write_at(file, 0, "hello");
	assert_begun(ReadFile(file, request.buffer, 64, NULL,
		&request.overlapped));
	assert_outcome(file, &request, NO_ERROR, 3);
	ck_assert_int_eq(memcmp(request.buffer, "llo", 3), 0);
	ck_assert(CloseHandle(file));
	nothing = adopt(open("/dev/null", O_RDWR));
	write_at(nothing, 0, "hello");
	if (ReadFile(nothing, request.buffer, 64, NULL,
	    &request.overlapped) || GetLastError() == ERROR_IO_PENDING)
		assert_outcome(nothing, &request, ERROR_HANDLE_EOF, 0);
	ck_assert(CloseHandle(nothing));
}
END_TEST

START_TEST(what_is_no_descriptor_is_refused)
{	/* tp_open_descriptor */
	int descriptors[2];

	ck_assert_int_eq(pipe(descriptors), 0);
	close(descriptors[1]);
	ck_assert_fails(tp_open_descriptor(-1, 0), ERROR_INVALID_HANDLE);
	ck_assert_fails(tp_open_descriptor(descriptors[1], 0),
		ERROR_INVALID_HANDLE);
	ck_assert_fails(tp_open_descriptor(descriptors[1],
		FILE_FLAG_OVERLAPPED), ERROR_INVALID_HANDLE);
	ck_assert_fails(tp_open_descriptor(descriptors[0],
		FILE_FLAG_WRITE_THROUGH), ERROR_INVALID_PARAMETER);
	ck_assert_int_eq(close(descriptors[0]), 0);	/* still ours */
}
END_TEST

START_TEST(without_memory_the_descriptor_stays_the_callers)
{	/* tp_open_descriptor */
	int descriptors[2];
	unsigned long n = 0;
	HANDLE handle;

	ck_assert_int_eq(pipe(descriptors), 0);
	do {
		SetLastError(0xDEAD);
		fail_allocation_number(++n);
		handle = tp_open_descriptor(descriptors[0],
			FILE_FLAG_OVERLAPPED);
		fail_allocation_number(0);
		if (handle == NULL)
			ck_assert_uint_eq(GetLastError(),
				ERROR_NOT_ENOUGH_MEMORY);
		ck_assert_int_ge(fcntl(descriptors[0], F_GETFD), 0);
	} while (handle == NULL);
	ck_assert_uint_ge(n, 2);
	ck_assert(CloseHandle(handle));
	ck_assert_int_lt(fcntl(descriptors[0], F_GETFD), 0);
	close(descriptors[1]);
}
END_TEST

/* ---- Order ---- */

START_TEST(reads_are_served_in_their_order)
{	/* IO-19; our choice: Windows promises no order */
	struct request reads[4];
	HANDLE ends[2];

	open_pipe(ends);
	memset(reads, 0, sizeof(reads));
	for (int i = 0; i < 4; i++)
		ck_assert_fails(ReadFile(ends[0], reads[i].buffer, 1, NULL,
			&reads[i].overlapped), ERROR_IO_PENDING);
	put_text(ends[1], "ab");
	put_text(ends[1], "cd");
	for (int i = 0; i < 4; i++) {
		assert_outcome(ends[0], &reads[i], NO_ERROR, 1);
		ck_assert_int_eq(reads[i].buffer[0], 'a' + i);
	}
	close_ends(ends);
}
END_TEST

START_TEST(a_request_that_leaves_the_line_lets_the_next_come_up)
{	/* KOBJ-22, DIAG-16 */
	struct request reads[3];
	HANDLE ends[2];

	open_pipe(ends);
	memset(reads, 0, sizeof(reads));
	for (int i = 0; i < 3; i++)
		begin_read(ends[0], &reads[i]);
	ck_assert(CancelIoEx(ends[0], &reads[0].overlapped));
	put_text(ends[1], "x");
	assert_outcome(ends[0], &reads[1], NO_ERROR, 1);
	ck_assert(!HasOverlappedIoCompleted(&reads[2].overlapped));
	ck_assert(CancelIoEx(ends[0], NULL));
	assert_outcome(ends[0], &reads[2], ERROR_OPERATION_ABORTED, 0);
	close_ends(ends);
}
END_TEST

START_TEST(a_read_that_is_pending_holds_up_no_write)
{	/* KOBJ-20 */
	struct request reads[2] = { { .calls = 0 } };
	HANDLE ends[2];

	open_pair(ends);
	begin_read(ends[0], &reads[0]);
	begin_read(ends[1], &reads[1]);
	put_text(ends[0], "there");
	assert_outcome(ends[1], &reads[1], NO_ERROR, 5);
	put_text(ends[1], "back");
	assert_outcome(ends[0], &reads[0], NO_ERROR, 4);
	close_ends(ends);
}
END_TEST

/* ---- Much at once ---- */

static unsigned char source[BIG], sink[3 * BIG];

static void
fill_source(void)
{
	for (int i = 0; i < BIG; i++)
		source[i] = (unsigned char)(i * 7 ^ i >> 9);
}

/* Reads so much, in requests; it is what the writes have sent, in order. */
static void
read_all(HANDLE from, DWORD size)
{
	DWORD total = 0, bytes = 0;

	while (total < size) {
		OVERLAPPED overlapped = { 0 };

		assert_begun(ReadFile(from, sink + total, size - total, NULL,
			&overlapped));
		ck_assert_uint_eq(outcome(from, &overlapped, &bytes),
			NO_ERROR);
		ck_assert_uint_gt(bytes, 0);
		total += bytes;
	}
	for (DWORD at = 0; at < size; at += BIG)
		ck_assert_int_eq(memcmp(sink + at, source, BIG), 0);
}

START_TEST(a_write_ends_when_all_of_it_is_written)
{	/* IO-27, KOBJ-20 */
	HANDLE ends[2];

	fill_source();
	for (int i = 0; i < 2; i++) {
		struct request write = { .calls = 0 };

		if (i == 0)
			open_pipe(ends);
		else
			open_pair(ends);
		ck_assert_fails(WriteFile(ends[1], source, BIG, NULL,
			&write.overlapped), ERROR_IO_PENDING);
		read_all(ends[0], BIG);
		assert_outcome(ends[1], &write, NO_ERROR, BIG);
		close_ends(ends);
	}
}
END_TEST

START_TEST(writes_are_not_mixed_and_keep_their_order)
{	/* IO-19; our choice */
	struct request writes[3] = { { .calls = 0 } };
	HANDLE ends[2];

	fill_source();
	open_pair(ends);
	for (int i = 0; i < 3; i++)
		ck_assert_fails(WriteFile(ends[1], source, BIG, NULL,
			&writes[i].overlapped), ERROR_IO_PENDING);
	read_all(ends[0], 3 * BIG);
	for (int i = 0; i < 3; i++)
		assert_outcome(ends[1], &writes[i], NO_ERROR, BIG);
	close_ends(ends);
}
END_TEST

START_TEST(a_write_that_is_cancelled_says_what_has_been_written)
{	/* KOBJ-22, IO-27; our choice: the bytes that have left */
	struct request write = { .calls = 0 };
	HANDLE ends[2];
	DWORD bytes = 0, read = 0;

	open_pipe(ends);
	ck_assert_fails(WriteFile(ends[1], source, BIG, NULL,
		&write.overlapped), ERROR_IO_PENDING);
	ck_assert(CancelIoEx(ends[1], &write.overlapped));
	ck_assert_uint_eq(outcome(ends[1], &write.overlapped, &bytes),
		ERROR_OPERATION_ABORTED);
	ck_assert_uint_gt(bytes, 0);
	ck_assert(CloseHandle(ends[1]));
	for (DWORD now = 1; now > 0; read += now) {
		OVERLAPPED overlapped = { 0 };

		/* The other end may just be closing: then this waits for it. */
		now = 0;
		(void)ReadFile(ends[0], sink, BIG, NULL, &overlapped);
		(void)outcome(ends[0], &overlapped, &now);
	}
	ck_assert_uint_eq(read, bytes);
	ck_assert(CloseHandle(ends[0]));
}
END_TEST

/* ---- Ends and errors ---- */

START_TEST(the_end_of_a_pipe_is_an_error_and_that_of_a_socket_is_none)
{	/* IO-24 */
	struct request read = { .calls = 0 };
	HANDLE ends[2];

	open_pipe(ends);
	begin_read(ends[0], &read);
	ck_assert(CloseHandle(ends[1]));
	assert_outcome(ends[0], &read, ERROR_BROKEN_PIPE, 0);
	ck_assert(CloseHandle(ends[0]));
	open_pair(ends);
	begin_read(ends[0], &read);
	ck_assert(CloseHandle(ends[1]));
	assert_outcome(ends[0], &read, NO_ERROR, 0);
	ck_assert(ReadFile(ends[0], read.buffer, 1, NULL, &read.overlapped));
	assert_outcome(ends[0], &read, NO_ERROR, 0);
	ck_assert(CloseHandle(ends[0]));
}
END_TEST

START_TEST(what_was_written_before_the_end_is_read_first)
{	/* IO-24 */
	struct request read = { .calls = 0 };
	HANDLE ends[2];

	open_pipe(ends);
	put_text(ends[1], "last words");
	ck_assert(CloseHandle(ends[1]));
	ck_assert(ReadFile(ends[0], read.buffer, 64, NULL, &read.overlapped));
	assert_outcome(ends[0], &read, NO_ERROR, 10);
	ck_assert_fails(ReadFile(ends[0], read.buffer, 64, NULL,
		&read.overlapped), ERROR_BROKEN_PIPE);
	ck_assert(CloseHandle(ends[0]));
}
END_TEST

static void
assert_nobody_reads(HANDLE ends[2])
{
	OVERLAPPED overlapped = { 0 };

	ck_assert(CloseHandle(ends[0]));
	ck_assert_fails(WriteFile(ends[1], "x", 1, NULL, &overlapped),
		ERROR_NO_DATA);
	ck_assert(CloseHandle(ends[1]));
}

START_TEST(a_write_that_nobody_can_read_is_an_error_and_no_signal)
{	/* KOBJ-20; stream.h */
	sigset_t pending;
	HANDLE ends[2];

	open_pipe(ends);
	assert_nobody_reads(ends);
	open_pair(ends);
	assert_nobody_reads(ends);
	ck_assert_int_eq(sigpending(&pending), 0);
	ck_assert_int_eq(sigismember(&pending, SIGPIPE), 0);
}
END_TEST

START_TEST(a_signal_that_was_pending_before_stays_pending)
{	/* stream.h */
	const struct timespec at_once = { .tv_sec = 0 };
	sigset_t broken, before, pending;
	HANDLE ends[2];

	sigemptyset(&broken);
	sigaddset(&broken, SIGPIPE);
	ck_assert_int_eq(pthread_sigmask(SIG_BLOCK, &broken, &before), 0);
	ck_assert_int_eq(raise(SIGPIPE), 0);
	open_pipe(ends);
	assert_nobody_reads(ends);
	ck_assert_int_eq(sigpending(&pending), 0);
	ck_assert_int_eq(sigismember(&pending, SIGPIPE), 1);
	ck_assert_int_eq(sigtimedwait(&broken, NULL, &at_once), SIGPIPE);
	ck_assert_int_eq(pthread_sigmask(SIG_SETMASK, &before, NULL), 0);
}
END_TEST

START_TEST(a_write_is_told_how_far_it_came_when_the_reader_left)
{	/* IO-27, KOBJ-22 */
	struct ear ear = EAR_INIT;
	struct request write = { .calls = 0 };
	HANDLE ends[2];
	PTP_IO io;

	open_pipe(ends);
	io = io_object(ends[1], &ear, NULL);
	StartThreadpoolIo(io);
	ck_assert_fails(WriteFile(ends[1], source, BIG, NULL,
		&write.overlapped), ERROR_IO_PENDING);
	ck_assert(CloseHandle(ends[0]));
	assert_heard(io, &ear, 1);
	ck_assert_uint_eq(write.error, ERROR_NO_DATA);
	ck_assert_uint_gt(write.bytes, 0);
	ck_assert_uint_lt(write.bytes, BIG);
	CloseThreadpoolIo(io);
	ck_assert(CloseHandle(ends[1]));
}
END_TEST

/* ---- Terminals ---- */

/* The kernel moves what is typed when it has time, whoever may run here. */
static void
not_explored(void)
{
	if (explore_active())
		explore_cannot("the kernel moves bytes in its own time");
}

START_TEST(terminals_are_read_and_written)
{	/* tp_open_descriptor; KOBJ-20 */
	HANDLE ends[2];

	not_explored();
	if (!open_terminal(ends))
		return;
	assert_passes(ends[0], ends[1]);
	assert_passes(ends[1], ends[0]);
	close_ends(ends);
}
END_TEST

START_TEST(the_end_that_is_typed_at_a_terminal_is_no_error)
{	/* IO-24 */
	struct request read = { .calls = 0 };
	HANDLE ends[2];

	not_explored();
	if (!open_terminal(ends))
		return;
	begin_read(ends[0], &read);
	put_text(ends[1], "\004");	/* the key for the end */
	assert_outcome(ends[0], &read, NO_ERROR, 0);
	put_text(ends[1], "on\n");	/* and it goes on */
	assert_begun(ReadFile(ends[0], read.buffer, 64, NULL,
		&read.overlapped));
	assert_outcome(ends[0], &read, NO_ERROR, 3);
	close_ends(ends);
}
END_TEST

/* ---- Turns ---- */

#define MANY	100		/* reads: more than are served in a row */

/* A port that sees in which order the reads of two streams end. */
struct turns {
	struct tp_port ports[2];
	struct tp_cond all;		/* of both have ended */
	unsigned ended;
	unsigned before;		/* ends, when it was the other's turn */
	struct tp_port *first;		/* whose turn it was first */
};

static struct turns turns;	/* guarded by tp_waitable_lock */

static void
ignore(struct tp_port *port, struct tp_completion *request)
{
	(void)port, (void)request;
}

static bool
note_end(struct tp_port *port, struct tp_completion *request)
{
	(void)request;
	if (turns.first == NULL)
		turns.first = port;
	if (port != turns.first && turns.before == 0)
		turns.before = turns.ended;
	if (++turns.ended == 2 * MANY)
		tp_cond_signal(&turns.all);
	return false;
}

static void
ignore_end(struct tp_port *port)
{
	(void)port;
}

/* Many reads of one byte each, which wait for a writer. */
static void
begin_many(HANDLE handle, struct tp_port *port, struct request *reads)
{
	static const struct tp_port_ops ops = {
		ignore, ignore, note_end, ignore_end
	};

	port->ops = &ops;
	ck_assert_uint_eq(tp_port_bind(port, handle), NO_ERROR);
	for (unsigned i = 0; i < MANY; i++)
		ck_assert_fails(ReadFile(handle, reads[i].buffer, 1, NULL,
			&reads[i].overlapped), ERROR_IO_PENDING);
}

START_TEST(a_busy_stream_leaves_others_their_turn)
{	/* stream.c: IN_A_ROW */
	static struct request reads[2][MANY];
	char text[MANY] = "";
	HANDLE readers[2];
	int pipes[2][2];

	memset(&turns, 0, sizeof(turns));
	tp_cond_init(&turns.all);
	for (int i = 0; i < 2; i++) {
		ck_assert_int_eq(pipe(pipes[i]), 0);
		readers[i] = adopt(pipes[i][0]);
		begin_many(readers[i], &turns.ports[i], reads[i]);
	}
	/* Both are ready when the dispatcher looks; nobody helps it. */
	tp_lock(&tp_waitable_lock);
	for (int i = 0; i < 2; i++)
		ck_assert_int_eq(write(pipes[i][1], text, MANY), MANY);
	while (turns.ended < 2 * MANY)
		tp_cond_wait(&turns.all, &tp_waitable_lock);
	tp_unlock(&tp_waitable_lock);
	ck_assert_uint_gt(turns.before, 0);
	ck_assert_uint_lt(turns.before, MANY);
	for (int i = 0; i < 2; i++) {
		ck_assert(CloseHandle(readers[i]));
		close(pipes[i][1]);
	}
	tp_cond_destroy(&turns.all);
}
END_TEST

/* ---- The suite ---- */

static void
add_streams(TCase *small)
{
	tcase_add_test(small,
		pipes_and_sockets_are_read_and_written);
	tcase_add_test(small, a_named_pipe_is_opened_by_its_path);
	tcase_add_test(small, a_file_on_disk_and_a_device_are_taken_too);
	tcase_add_test(small, what_is_no_descriptor_is_refused);
	tcase_add_test(small, without_memory_the_descriptor_stays_the_callers);
	tcase_add_test(small, reads_are_served_in_their_order);
	tcase_add_test(small, a_busy_stream_leaves_others_their_turn);
	tcase_add_test(small,
		a_request_that_leaves_the_line_lets_the_next_come_up);
	tcase_add_test(small, a_read_that_is_pending_holds_up_no_write);
	tcase_add_test(small,
		the_end_of_a_pipe_is_an_error_and_that_of_a_socket_is_none);
	tcase_add_test(small, what_was_written_before_the_end_is_read_first);
	tcase_add_test(small,
		a_write_that_nobody_can_read_is_an_error_and_no_signal);
	tcase_add_test(small, a_signal_that_was_pending_before_stays_pending);
	tcase_add_test(small,
		a_write_is_told_how_far_it_came_when_the_reader_left);
	tcase_add_test(small,
		a_write_that_is_cancelled_says_what_has_been_written);
	tcase_add_test(small, terminals_are_read_and_written);
	tcase_add_test(small,
		the_end_that_is_typed_at_a_terminal_is_no_error);
}

/* A megabyte is too much for the explorer. */
static void
add_big_streams(TCase *large)
{
	tcase_add_test(large, a_write_ends_when_all_of_it_is_written);
	tcase_add_test(large, writes_are_not_mixed_and_keep_their_order);
}

#ifndef PARTS
int
main(void)
{
	Suite *suite = suite_create("streams");

	add_streams(io_case(suite, "small"));
	add_big_streams(io_case(suite, "large"));
	return harness_run(suite);
}
#endif

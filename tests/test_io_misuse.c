/* test_io_misuse.c - I/O objects used wrongly are reported */
/* SPDX-License-Identifier: MIT */
/*
 * What a program must not do to an I/O object: take back more than it has
 * announced, use it when it is closed, take it for something else, wait for
 * it in its own callback; and neither it nor a file can be made in a child
 * of fork. report.h says how a report is looked for; a build without
 * TP_CHECK makes none.
 */
#include <signal.h>
#include <sys/wait.h>

#include "report.h"
#include "requests.h"

static struct ear ear = EAR_INIT;
static struct request request;
static HANDLE ends[2];

/* An I/O object of ends[0]; what is written to ends[1] is read there. */
static PTP_IO
some_io(void)
{
	open_pair(ends);
	return io_object(ends[0], &ear, NULL);
}

/* ---- Accounts ---- */

static void
cancel_without_announcement(void *unused)
{
	(void)unused;
	CancelThreadpoolIo(some_io());
}

static void
cancel_twice(void *unused)
{
	PTP_IO io = some_io();

	(void)unused;
	StartThreadpoolIo(io);
	CancelThreadpoolIo(io);
	CancelThreadpoolIo(io);
}

static void
cancel_after_success(void *unused)
{
	PTP_IO io = some_io();

	(void)unused;
	put_text(ends[1], "x");
	StartThreadpoolIo(io);
	if (ReadFile(ends[0], request.buffer, 1, NULL, &request.overlapped))
		CancelThreadpoolIo(io);
}

static void
cancel_a_pending_request(void *unused)
{
	PTP_IO io = some_io();

	(void)unused;
	announce_read(io, ends[0], &request);
	CancelThreadpoolIo(io);
}

static void
cancel_after_the_callback(void *unused)
{
	PTP_IO io = some_io();

	(void)unused;
	announce_read(io, ends[0], &request);
	put_text(ends[1], "x");
	WaitForThreadpoolIoCallbacks(io, FALSE);
	CancelThreadpoolIo(io);
}

START_TEST(taking_back_what_is_not_announced_is_reported)
{	/* IO-10, IO-23 */
	expect_report(cancel_without_announcement, "io-not-announced",
		"CancelThreadpoolIo", "IO-10");
	expect_report(cancel_twice, "io-not-announced",
		"CancelThreadpoolIo", "IO-10");
	expect_report(cancel_after_success, "io-not-announced",
		"CancelThreadpoolIo", "IO-10");
	expect_report(cancel_a_pending_request, "io-not-announced",
		"CancelThreadpoolIo", "IO-10");
	expect_report(cancel_after_the_callback, "io-not-announced",
		"CancelThreadpoolIo", "IO-10");
}
END_TEST

/* ---- What must not be done to it ---- */

static PTP_IO
closed_io(void)
{
	PTP_IO io = some_io();

	CloseThreadpoolIo(io);
	return io;
}

static void
announce_on_a_closed_one(void *unused)
{
	(void)unused;
	StartThreadpoolIo(closed_io());
}

static void
cancel_on_a_closed_one(void *unused)
{
	(void)unused;
	CancelThreadpoolIo(closed_io());
}

static void
wait_for_a_closed_one(void *unused)
{
	(void)unused;
	WaitForThreadpoolIoCallbacks(closed_io(), FALSE);
}

static void
close_twice(void *unused)
{
	(void)unused;
	CloseThreadpoolIo(closed_io());
}

/* Closed by the program, it is there until its callback has come. */
static void
announce_on_one_that_lives_on(void *unused)
{
	PTP_IO io = some_io();

	(void)unused;
	announce_read(io, ends[0], &request);
	CloseThreadpoolIo(io);
	StartThreadpoolIo(io);
}

static void
announce_work(void *unused)
{
	(void)unused;
	StartThreadpoolIo((PTP_IO)(void *)some_work());
}

static void
submit_an_io_object(void *unused)
{
	(void)unused;
	SubmitThreadpoolWork((PTP_WORK)(void *)some_io());
}

static void
announce_nothing(void *unused)
{
	(void)unused;
	StartThreadpoolIo(NULL);
}

static void
close_what_is_none(void *unused)
{
	static long long words[100];

	(void)unused;
	CloseThreadpoolIo((PTP_IO)(void *)words);
}

START_TEST(use_of_what_is_closed_or_none_is_reported)
{	/* WORK-19, IO-16 */
	expect_report(announce_on_a_closed_one, "closed-object",
		"StartThreadpoolIo", "WORK-19");
	expect_report(cancel_on_a_closed_one, "closed-object",
		"CancelThreadpoolIo", "WORK-19");
	expect_report(wait_for_a_closed_one, "closed-object",
		"WaitForThreadpoolIoCallbacks", "WORK-19");
	expect_report(close_twice, "closed-object",
		"CloseThreadpoolIo", "WORK-19");
	expect_report(announce_on_one_that_lives_on, "closed-object",
		"StartThreadpoolIo", "WORK-19");
	expect_report(announce_work, "wrong-kind", "StartThreadpoolIo",
		"WORK-19");
	expect_report(submit_an_io_object, "wrong-kind",
		"SubmitThreadpoolWork", "WORK-19");
	expect_report(announce_nothing, "not-an-object",
		"StartThreadpoolIo", "WORK-19");
	expect_report(close_what_is_none, "not-an-object",
		"CloseThreadpoolIo", "WORK-19");
}
END_TEST

static VOID CALLBACK
wait_for_oneself(PTP_CALLBACK_INSTANCE instance, PVOID context,
	PVOID overlapped, ULONG error, ULONG_PTR bytes, PTP_IO io)
{
	(void)instance;
	(void)context;
	(void)overlapped;
	(void)error;
	(void)bytes;
	WaitForThreadpoolIoCallbacks(io, FALSE);
}

static void
wait_in_the_own_callback(void *unused)
{
	PTP_IO io;

	(void)unused;
	open_pair(ends);
	io = CreateThreadpoolIo(ends[0], wait_for_oneself, NULL, NULL);
	announce_read(io, ends[0], &request);
	put_text(ends[1], "x");
	wait_for_the_end();
}

START_TEST(a_wait_for_oneself_is_reported)
{	/* WORK-20 */
	expect_report(wait_in_the_own_callback, "self-wait",
		"WaitForThreadpoolIoCallbacks", "WORK-20");
}
END_TEST

/* ---- In a child of fork ---- */

/* Once here, so that the child has a copy of something; it ends as that. */
static void
here_and_in_a_child(void (*call)(void))
{
	pid_t child;
	int status;

	call();
	child = fork();
	if (child == 0) {
		call();
		_exit(0);
	}
	if (waitpid(child, &status, 0) != child || !WIFSIGNALED(status) ||
	    WTERMSIG(status) != SIGABRT)
		return;
	(void)signal(SIGABRT, SIG_DFL);		/* without another report */
	abort();
}

static HANDLE
overlapped_file(void)
{
	return CreateFileA("/dev/null", GENERIC_READ, 0, NULL, OPEN_EXISTING,
		FILE_FLAG_OVERLAPPED, NULL);
}

static void
create_file(void)
{
	CloseHandle(overlapped_file());
}

static void
create_file_wide(void)
{
	CloseHandle(CreateFileW(L"/dev/null", GENERIC_READ, 0, NULL,
		OPEN_EXISTING, 0, NULL));
}

static void
create_io(void)
{
	static HANDLE file;

	if (file == NULL)
		file = overlapped_file();
	(void)CreateThreadpoolIo(file, hear, &ear, NULL);
}

static void
open_stream(void)
{
	int descriptors[2];

	if (pipe(descriptors) == 0)
		(void)tp_open_descriptor(descriptors[0],
			FILE_FLAG_OVERLAPPED);
}

static void
create_file_after_fork(void *unused)
{
	(void)unused;
	here_and_in_a_child(create_file);
}

static void
create_file_wide_after_fork(void *unused)
{
	(void)unused;
	here_and_in_a_child(create_file_wide);
}

static void
create_io_after_fork(void *unused)
{
	(void)unused;
	here_and_in_a_child(create_io);
}

static void
open_stream_after_fork(void *unused)
{
	(void)unused;
	here_and_in_a_child(open_stream);
}

/* Two requests that are made of handles which the parent has opened. */
static void
read_stream(void)
{
	static HANDLE stream[2];
	static OVERLAPPED overlapped;
	static char byte;

	if (stream[0] == NULL) {
		open_pipe(stream);
		return;
	}
	(void)ReadFile(stream[0], &byte, 1, NULL, &overlapped);
}

static void
write_file(void)
{
	static HANDLE file;
	static OVERLAPPED overlapped;
	DWORD bytes;

	if (file == NULL) {
		file = open_file(FILE_FLAG_OVERLAPPED);
		return;
	}
	(void)WriteFile(file, "x", 1, NULL, &overlapped);
	(void)GetOverlappedResult(file, &overlapped, &bytes, TRUE);
}

static void
accept_one(void)
{
	static HANDLE listener, connection;
	static OVERLAPPED overlapped;

	if (listener == NULL) {
		listener = tp_listen("127.0.0.1", 0, 1);
		return;
	}
	(void)tp_accept(listener, &connection, &overlapped);
}

static void
read_stream_after_fork(void *unused)
{
	(void)unused;
	here_and_in_a_child(read_stream);
}

static void
write_file_after_fork(void *unused)
{
	(void)unused;
	here_and_in_a_child(write_file);
}

static void
accept_after_fork(void *unused)
{
	(void)unused;
	here_and_in_a_child(accept_one);
}

START_TEST(what_needs_threads_is_reported_in_a_forked_child)
{	/* GROUP-28, DIAG-24, port-defined */
	expect_report(create_file_after_fork, "after-fork", "CreateFile",
		"GROUP-28");
	expect_report(create_file_wide_after_fork, "after-fork",
		"CreateFile", "GROUP-28");
	expect_report(create_io_after_fork, "after-fork",
		"CreateThreadpoolIo", "GROUP-28");
	expect_report(open_stream_after_fork, "after-fork",
		"tp_open_descriptor", "GROUP-28");
	expect_report(read_stream_after_fork, "after-fork", "ReadFile",
		"GROUP-28");
	expect_report(write_file_after_fork, "after-fork", "WriteFile",
		"GROUP-28");
	expect_report(accept_after_fork, "after-fork", "tp_accept",
		"GROUP-28");
}
END_TEST

/* ---- The suite ---- */

int
main(void)
{
	Suite *suite = suite_create("io_misuse");
	TCase *small = harness_case(suite, "small");

	if (TP_CHECK) {
		tcase_add_test(small,
			taking_back_what_is_not_announced_is_reported);
		tcase_add_test(small,
			use_of_what_is_closed_or_none_is_reported);
		tcase_add_test(small, a_wait_for_oneself_is_reported);
		tcase_add_test(small,
			what_needs_threads_is_reported_in_a_forked_child);
	}
	return harness_run(suite);
}

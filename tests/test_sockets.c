/* test_sockets.c - TCP: listening, accepting, connecting */
/* SPDX-License-Identifier: MIT */
/*
 * Enough of sockets for a server: a listener, accepts that are requests like
 * reads, connections that are read and written like pipes. All of it goes
 * over the loopback address of this machine, to ports that the system
 * chooses.
 */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <sys/resource.h>

#include "kernel.h"
#include "requests.h"

#define HERE	"127.0.0.1"

static HANDLE
listen_here(void)
{
	HANDLE listener = tp_listen(HERE, 0, 16);

	ck_assert_ptr_nonnull(listener);
	ck_assert_uint_ne(tp_port_number(listener), 0);
	return listener;
}

static HANDLE
connect_to(HANDLE listener)
{
	HANDLE connection = tp_connect(HERE, tp_port_number(listener));

	ck_assert_ptr_nonnull(connection);
	return connection;
}

/* A connection that waits is accepted; the handle of this side of it. */
static HANDLE
accept_one(HANDLE listener)
{
	struct request accept = { .calls = 0 };
	HANDLE connection = NULL;

	assert_begun(tp_accept(listener, &connection, &accept.overlapped));
	assert_outcome(listener, &accept, NO_ERROR, 0);
	ck_assert_ptr_nonnull(connection);
	return connection;
}

static void
open_tcp(HANDLE ends[2])
{
	HANDLE listener = listen_here();

	ends[0] = connect_to(listener);
	ends[1] = accept_one(listener);
	ck_assert(CloseHandle(listener));
}

/* What is written to the one side is read from the other. */
static void
assert_carries(HANDLE from, HANDLE to)
{
	struct request read = { .calls = 0 };

	begin_read(from, &read);
	put_text(to, "hello");
	assert_outcome(from, &read, NO_ERROR, 5);
	ck_assert_int_eq(memcmp(read.buffer, "hello", 5), 0);
}

/* ---- Connections ---- */

START_TEST(a_connection_is_read_and_written_at_both_ends)
{	/* tp_listen, tp_accept, tp_connect; KOBJ-20 */
	HANDLE ends[2];

	open_tcp(ends);
	assert_carries(ends[0], ends[1]);
	assert_carries(ends[1], ends[0]);
	ck_assert_uint_ne(tp_port_number(ends[0]), 0);
	close_ends(ends);
}
END_TEST

START_TEST(a_side_that_writes_no_more_can_still_read)
{	/* tp_shut_down; IO-24 */
	struct request read = { .calls = 0 };
	HANDLE ends[2];

	open_tcp(ends);
	put_text(ends[0], "bye");
	ck_assert(tp_shut_down(ends[0]));
	if (!ReadFile(ends[1], read.buffer, 64, NULL, &read.overlapped))
		ck_assert_uint_eq(GetLastError(), ERROR_IO_PENDING);
	assert_outcome(ends[1], &read, NO_ERROR, 3);
	assert_begun(ReadFile(ends[1], read.buffer, 64, NULL,
		&read.overlapped));
	assert_outcome(ends[1], &read, NO_ERROR, 0);
	assert_carries(ends[0], ends[1]);
	ck_assert_fails(WriteFile(ends[0], "x", 1, NULL, &read.overlapped),
		ERROR_NO_DATA);
	close_ends(ends);
}
END_TEST

START_TEST(a_connection_that_is_reset_is_an_error)
{	/* ReadFile; IO-24 */
	struct request read = { .calls = 0 };
	struct linger at_once = { .l_onoff = 1, .l_linger = 0 };
	HANDLE listener = listen_here(), connection;
	struct sockaddr_in where = { .sin_family = AF_INET,
		.sin_port = htons(tp_port_number(listener)),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	int other = socket(AF_INET, SOCK_STREAM, 0);

	ck_assert_int_eq(connect(other, (struct sockaddr *)&where,
		sizeof(where)), 0);
	connection = accept_one(listener);
	begin_read(connection, &read);
	ck_assert_int_eq(setsockopt(other, SOL_SOCKET, SO_LINGER, &at_once,
		sizeof(at_once)), 0);
	close(other);
	assert_outcome(connection, &read, ERROR_NETNAME_DELETED, 0);
	ck_assert(CloseHandle(connection));
	ck_assert(CloseHandle(listener));
}
END_TEST

START_TEST(ipv6_works_where_there_is_any)
{	/* tp_listen, tp_connect */
	HANDLE listener = tp_listen("::1", 0, 1), ends[2];

	if (listener == NULL) {
		printf("# no IPv6 here: error %u\n", GetLastError());
		return;
	}
	ends[0] = tp_connect("::1", tp_port_number(listener));
	ck_assert_ptr_nonnull(ends[0]);
	ends[1] = accept_one(listener);
	assert_carries(ends[0], ends[1]);
	ck_assert_uint_eq(tp_port_number(ends[1]), tp_port_number(listener));
	close_ends(ends);
	ck_assert(CloseHandle(listener));
}
END_TEST

START_TEST(a_listener_may_be_for_every_address)
{	/* tp_listen */
	HANDLE listener = tp_listen(NULL, 0, 1), ends[2];

	ck_assert_ptr_nonnull(listener);
	ends[0] = connect_to(listener);
	ends[1] = accept_one(listener);
	assert_carries(ends[1], ends[0]);
	close_ends(ends);
	ck_assert(CloseHandle(listener));
}
END_TEST

/* ---- Accepts are requests ---- */

START_TEST(an_accept_that_is_pending_ends_when_somebody_connects)
{	/* tp_accept; IO-03, IO-12 */
	struct ear ear = EAR_INIT;
	struct request accept = { .calls = 0 };
	HANDLE listener = listen_here(), ends[2] = { NULL, NULL };
	PTP_IO io = io_object(listener, &ear, NULL);

	StartThreadpoolIo(io);
	ck_assert_fails(tp_accept(listener, &ends[1], &accept.overlapped),
		ERROR_IO_PENDING);
	ck_assert_ptr_nonnull(ends[1]);		/* it is there already */
	ck_assert(!HasOverlappedIoCompleted(&accept.overlapped));
	ends[0] = connect_to(listener);
	assert_heard(io, &ear, 1);
	assert_told(&accept, NO_ERROR, 0);
	assert_carries(ends[1], ends[0]);
	CloseThreadpoolIo(io);
	close_ends(ends);
	ck_assert(CloseHandle(listener));
}
END_TEST

START_TEST(a_connection_may_have_an_io_object_of_its_own)
{	/* IO-01, IO-03; made before the accept has ended */
	struct ear ear = EAR_INIT;
	struct request accept = { .calls = 0 }, read = { .calls = 0 };
	HANDLE listener = listen_here(), ends[2] = { NULL, NULL };
	PTP_IO io;

	ck_assert_fails(tp_accept(listener, &ends[1], &accept.overlapped),
		ERROR_IO_PENDING);
	io = io_object(ends[1], &ear, NULL);
	ends[0] = connect_to(listener);
	assert_outcome(listener, &accept, NO_ERROR, 0);
	announce_read(io, ends[1], &read);
	put_text(ends[0], "x");
	assert_heard(io, &ear, 1);
	assert_told(&read, NO_ERROR, 1);
	CloseThreadpoolIo(io);
	close_ends(ends);
	ck_assert(CloseHandle(listener));
}
END_TEST

START_TEST(each_accept_takes_one_connection)
{	/* tp_accept */
	struct request accepts[3] = { { .calls = 0 } };
	HANDLE listener = listen_here(), near[3], far[3];

	for (int i = 0; i < 3; i++)
		ck_assert_fails(tp_accept(listener, &near[i],
			&accepts[i].overlapped), ERROR_IO_PENDING);
	for (int i = 0; i < 3; i++) {
		far[i] = connect_to(listener);
		assert_outcome(listener, &accepts[i], NO_ERROR, 0);
		assert_carries(near[i], far[i]);
	}
	close_all(3, near);
	close_all(3, far);
	ck_assert(CloseHandle(listener));
}
END_TEST

START_TEST(an_accept_that_is_cancelled_leaves_a_handle_of_nothing)
{	/* KOBJ-22; tp_accept */
	struct request accept = { .calls = 0 }, read = { .calls = 0 };
	HANDLE listener = listen_here(), connection;

	ck_assert_fails(tp_accept(listener, &connection, &accept.overlapped),
		ERROR_IO_PENDING);
	ck_assert(CancelIoEx(listener, &accept.overlapped));
	assert_outcome(listener, &accept, ERROR_OPERATION_ABORTED, 0);
	ck_assert_fails(ReadFile(connection, read.buffer, 64, NULL,
		&read.overlapped), ERROR_INVALID_PARAMETER);
	ck_assert_fails(tp_shut_down(connection), ERROR_INVALID_HANDLE);
	ck_assert_fails(FlushFileBuffers(connection), ERROR_INVALID_HANDLE);
	ck_assert_uint_eq(tp_port_number(connection), 0);
	ck_assert(CloseHandle(connection));
	ck_assert(CloseHandle(listener));
}
END_TEST

START_TEST(a_connection_whose_handle_was_closed_before_is_dropped)
{	/* tp_accept: what it brings belongs to nobody, and is closed */
	struct request accept = { .calls = 0 }, read = { .calls = 0 };
	HANDLE listener = listen_here(), connection, other;

	ck_assert_fails(tp_accept(listener, &connection, &accept.overlapped),
		ERROR_IO_PENDING);
	ck_assert(CloseHandle(connection));
	other = connect_to(listener);
	assert_outcome(listener, &accept, NO_ERROR, 0);
	assert_begun(ReadFile(other, read.buffer, 64, NULL,
		&read.overlapped));
	assert_outcome(other, &read, NO_ERROR, 0);
	ck_assert(CloseHandle(other));
	ck_assert(CloseHandle(listener));
}
END_TEST

START_TEST(closing_the_listener_ends_its_accepts)
{	/* KOBJ-22 */
	HANDLE door = event(MANUAL, UNSET);
	struct request accept = { .overlapped = { .hEvent = door } };
	HANDLE listener = listen_here(), connection;

	ck_assert_fails(tp_accept(listener, &connection, &accept.overlapped),
		ERROR_IO_PENDING);
	ck_assert(CloseHandle(listener));
	ck_assert_uint_eq(WaitForSingleObject(door, INFINITE), WAIT_OBJECT_0);
	ck_assert_uint_eq(accept.overlapped.Internal & 0xFFFF,
		ERROR_OPERATION_ABORTED);
	ck_assert(CloseHandle(connection));
	ck_assert(CloseHandle(door));
}
END_TEST

/* ---- What is refused ---- */

START_TEST(an_address_that_is_none_in_use_or_deaf_is_refused)
{	/* tp_listen, tp_connect */
	HANDLE listener = listen_here();
	unsigned short port = tp_port_number(listener);

	ck_assert_fails(tp_listen("nowhere", 0, 1), ERROR_INVALID_PARAMETER);
	ck_assert_fails(tp_listen("127.0.0.1.5", 0, 1),
		ERROR_INVALID_PARAMETER);
	ck_assert_fails(tp_listen(HERE, port, 1),
		ERROR_ADDRESS_ALREADY_ASSOCIATED);
	ck_assert_fails(tp_connect("nowhere", port), ERROR_INVALID_PARAMETER);
	ck_assert_fails(tp_connect(NULL, port), ERROR_INVALID_PARAMETER);
	ck_assert(CloseHandle(listener));
	ck_assert_fails(tp_connect(HERE, port), ERROR_CONNECTION_REFUSED);
}
END_TEST

START_TEST(what_is_no_listener_accepts_nothing)
{	/* tp_accept */
	OVERLAPPED overlapped = { 0 };
	HANDLE ends[2], listener = listen_here(), connection = STALE;
	HANDLE file = open_file(FILE_FLAG_OVERLAPPED), pipe[2];

	open_tcp(ends);
	ck_assert_fails(tp_accept(STALE, &connection, &overlapped),
		ERROR_INVALID_HANDLE);
	ck_assert_ptr_null(connection);
	ck_assert_fails(tp_accept(listener, &connection, NULL),
		ERROR_INVALID_PARAMETER);
	ck_assert_ptr_null(connection);
	ck_assert_fails(tp_accept(ends[0], &connection, &overlapped),
		ERROR_INVALID_PARAMETER);
	ck_assert_ptr_null(connection);
	open_pipe(pipe);
	ck_assert_fails(tp_accept(pipe[0], &connection, &overlapped),
		ERROR_NOT_SUPPORTED);
	ck_assert_fails(tp_accept(file, &connection, &overlapped),
		ERROR_NOT_SUPPORTED);
	ck_assert_ptr_null(connection);
	close_ends(pipe);
	ck_assert(CloseHandle(file));
	close_ends(ends);
	ck_assert(CloseHandle(listener));
}
END_TEST

START_TEST(only_sockets_are_shut_down_and_have_ports)
{	/* tp_shut_down, tp_port_number */
	HANDLE ends[2];

	open_pipe(ends);
	ck_assert_fails(tp_shut_down(ends[1]), ERROR_NOT_SUPPORTED);
	ck_assert_fails(tp_shut_down(STALE), ERROR_INVALID_HANDLE);
	ck_assert_uint_eq(tp_port_number(ends[0]), 0);
	ck_assert_uint_eq(tp_port_number(STALE), 0);
	close_ends(ends);
	open_pair(ends);
	ck_assert_uint_eq(tp_port_number(ends[0]), 0);
	ck_assert(tp_shut_down(ends[0]));
	close_ends(ends);
}
END_TEST

/* ---- Too little of something ---- */

static HANDLE
try_listen(HANDLE unused)
{
	(void)unused;
	return tp_listen(HERE, 0, 1);
}

static HANDLE
try_connect(HANDLE listener)
{
	return tp_connect(HERE, tp_port_number(listener));
}

static HANDLE
try_accept(HANDLE listener)
{
	static OVERLAPPED overlapped;
	HANDLE connection;

	(void)tp_accept(listener, &connection, &overlapped);
	return connection;
}

/* It fails for each allocation that it needs, and then works. */
static void
assert_survives(HANDLE (*attempt)(HANDLE listener), HANDLE listener)
{
	unsigned long n = 0;
	HANDLE handle;

	do {
		SetLastError(0xDEAD);
		fail_allocation_number(++n);
		handle = attempt(listener);
		fail_allocation_number(0);
		if (handle == NULL)
			ck_assert_uint_eq(GetLastError(),
				ERROR_NOT_ENOUGH_MEMORY);
	} while (handle == NULL);
	ck_assert_uint_ge(n, 2);
	ck_assert(CloseHandle(handle));
}

START_TEST(without_memory_nothing_is_opened_and_none_is_lost)
{	/* tp_listen, tp_connect, tp_accept */
	HANDLE listener = listen_here();

	assert_survives(try_listen, NULL);
	assert_survives(try_connect, listener);
	assert_survives(try_accept, listener);
	ck_assert(CloseHandle(listener));
}
END_TEST

START_TEST(without_descriptors_nothing_is_opened)
{	/* tp_listen, tp_connect, tp_accept */
	HANDLE listener = listen_here(), ends[2];
	struct rlimit before, none;

	ends[0] = connect_to(listener);
	ck_assert_int_eq(getrlimit(RLIMIT_NOFILE, &before), 0);
	none = before;
	none.rlim_cur = 0;
	ck_assert_int_eq(setrlimit(RLIMIT_NOFILE, &none), 0);
	ck_assert_fails(try_listen(NULL), ERROR_TOO_MANY_OPEN_FILES);
	ck_assert_fails(try_connect(listener), ERROR_TOO_MANY_OPEN_FILES);
	ck_assert_fails(try_accept(listener), ERROR_TOO_MANY_OPEN_FILES);
	ck_assert_int_eq(setrlimit(RLIMIT_NOFILE, &before), 0);
	ends[1] = accept_one(listener);
	assert_carries(ends[0], ends[1]);
	close_ends(ends);
	ck_assert(CloseHandle(listener));
}
END_TEST

/* ---- The suite ---- */

/* TCP is the kernel's, who runs when it has time: that cannot be explored. */
static void
open_tcp_io(void)
{
	if (explore_active())
		explore_cannot("the kernel moves what goes over TCP in its"
			" own time");
	open_io();
}

static TCase *
tcp_case(Suite *suite, const char *name)
{
	TCase *tcase = harness_case(suite, name);

	harness_add_fixture(tcase, open_tcp_io, NULL);
	return tcase;
}

static void
add_sockets(TCase *small)
{
	tcase_add_test(small, a_connection_is_read_and_written_at_both_ends);
	tcase_add_test(small, a_side_that_writes_no_more_can_still_read);
	tcase_add_test(small, a_connection_that_is_reset_is_an_error);
	tcase_add_test(small, ipv6_works_where_there_is_any);
	tcase_add_test(small, a_listener_may_be_for_every_address);
	tcase_add_test(small,
		an_accept_that_is_pending_ends_when_somebody_connects);
	tcase_add_test(small, a_connection_may_have_an_io_object_of_its_own);
	tcase_add_test(small, each_accept_takes_one_connection);
	tcase_add_test(small,
		an_accept_that_is_cancelled_leaves_a_handle_of_nothing);
	tcase_add_test(small,
		a_connection_whose_handle_was_closed_before_is_dropped);
	tcase_add_test(small, closing_the_listener_ends_its_accepts);
	tcase_add_test(small,
		an_address_that_is_none_in_use_or_deaf_is_refused);
	tcase_add_test(small, what_is_no_listener_accepts_nothing);
	tcase_add_test(small, only_sockets_are_shut_down_and_have_ports);
	tcase_add_test(small,
		without_memory_nothing_is_opened_and_none_is_lost);
	tcase_add_test(small, without_descriptors_nothing_is_opened);
}

#ifndef PARTS
int
main(void)
{
	Suite *suite = suite_create("sockets");

	add_sockets(tcp_case(suite, "small"));
	return harness_run(suite);
}
#endif

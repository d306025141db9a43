/* suite.c - the checks of "A server that cannot stop" */
/* SPDX-License-Identifier: MIT */
/*
 * The other end of the connection is a descriptor of the suite's that does
 * not block: it writes, waits until all has come to rest, and looks at what
 * is there. Our end has the smallest buffer that the system allows, so that
 * the second of two blocks that nobody reads is still being written.
 *
 * The answer's calls come by the functions account_..., which count, and
 * which have a request fail at once.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "explore.h"
#include "stream.h"
#include "suite.h"

#define ECHO_SUITE
#include "echo.h"

static PTP_POOL pool;
static TP_CALLBACK_ENVIRON settings;
static struct echo *echo;
static int other;			/* end of the connection */
static unsigned long long sent;		/* what echo_close has said */

static struct {
	PTP_WIN32_IO_CALLBACK function;	/* the answer's */
	PVOID context;
	unsigned long failing;		/* number of a request; 0: none */
	bool strict;			/* each is announced in time */
} account;

static struct tally starts, cancels, callbacks, requests, pending;

/* ---- What the answer calls ---- */

static VOID CALLBACK
note_callback(PTP_CALLBACK_INSTANCE instance, PVOID unused, PVOID overlapped,
	ULONG error, ULONG_PTR bytes, PTP_IO io)
{
	(void)unused;
	tally_add(&callbacks);
	account.function(instance, account.context, overlapped, error, bytes,
		io);
}

PTP_IO
account_create(HANDLE file, PTP_WIN32_IO_CALLBACK function, PVOID context,
	PTP_CALLBACK_ENVIRON environment)
{
	account.function = function;
	account.context = context;
	return CreateThreadpoolIo(file, note_callback, NULL, environment);
}

VOID
account_start(PTP_IO io)
{
	tally_add(&starts);
	StartThreadpoolIo(io);
}

VOID
account_cancel(PTP_IO io)
{
	tally_add(&cancels);
	CancelThreadpoolIo(io);
}

/* One more request. True: it is to fail. */
static bool
fails(void)
{
	unsigned long number = tally_add(&requests);

	require(!account.strict || tally_read(&starts) >= number,
		"a request was made that had not been announced");
	if (number != account.failing)
		return false;
	SetLastError(ERROR_NO_SYSTEM_RESOURCES);
	return true;
}

static BOOL
note_result(BOOL ended)
{
	DWORD error = GetLastError();

	if (!ended && error == ERROR_IO_PENDING)
		tally_add(&pending);
	SetLastError(error);
	return ended;
}

BOOL
account_read(HANDLE file, LPVOID buffer, DWORD size, LPDWORD bytes,
	LPOVERLAPPED overlapped)
{
	return !fails() &&
		note_result(ReadFile(file, buffer, size, bytes, overlapped));
}

BOOL
account_write(HANDLE file, LPCVOID buffer, DWORD size, LPDWORD bytes,
	LPOVERLAPPED overlapped)
{
	return !fails() &&
		note_result(WriteFile(file, buffer, size, bytes, overlapped));
}

/* ---- A connection ---- */

/* The poller is there, and stays. */
void
suite_prepare(void)
{
	int ends[2];

	setenv("TP_IDLE_MS", "100000000", 1);
	setenv("TP_STALL_MS", "100000000", 1);
	require(socketpair(AF_UNIX, SOCK_STREAM, 0, ends) == 0,
		"the check itself could not make a connection");
	for (int i = 0; i < 2; i++)
		CloseHandle(tp_open_descriptor(ends[i],
			FILE_FLAG_OVERLAPPED));
}

static void
begin(void)
{
	pool = CreateThreadpool(NULL);
	require(pool != NULL, "the check itself could not make a pool");
	SetThreadpoolThreadMaximum(pool, 2);
	require(SetThreadpoolThreadMinimum(pool, 2),
		"the check itself could not make a pool");
	InitializeThreadpoolEnvironment(&settings);
	SetThreadpoolCallbackPool(&settings, pool);
}

static void
end(void)
{
	CloseThreadpool(pool);
	await_still();
}

static size_t written, compared;		/* by the other end, so far */

/* What the other end writes, a byte of all of it. */
static char
letter_at(size_t position)
{
	return "abcdefghijklmnopqrstuvwxyz"[position * 7 % 26];
}

static void
come(size_t size)
{
	static char data[4 * ECHO_SIZE];

	for (size_t i = 0; i < size; i++)
		data[i] = letter_at(written + i);
	require(write(other, data, size) == (ssize_t)size,
		"the check itself could not write");
	written += size;
}

/* Opens a connection where so many bytes are waiting already. */
static void
open_with(size_t size, unsigned long failing)
{
	static const struct tally zero = TALLY_ZERO;
	int ends[2], least = 1;
	HANDLE connection;

	starts = cancels = callbacks = requests = pending = zero;
	account.failing = failing;
	written = compared = 0;
	require(socketpair(AF_UNIX, SOCK_STREAM, 0, ends) == 0 &&
		setsockopt(ends[0], SOL_SOCKET, SO_SNDBUF, &least,
			sizeof(least)) == 0 &&
		fcntl(ends[1], F_SETFL, O_NONBLOCK) == 0,
		"the check itself could not make a connection");
	other = ends[1];
	connection = tp_open_descriptor(ends[0], FILE_FLAG_OVERLAPPED);
	require(connection != NULL,
		"the check itself could not make a connection");
	if (size > 0)
		come(size);
	awaiting("echo_open to return");
	echo = echo_open(connection, &settings);
	require(echo != NULL, "echo_open gave NULL");
}

/* So many bytes are back, and nothing else. */
static void
require_back(size_t size)
{
	static char data[4 * ECHO_SIZE];
	ssize_t found = 0, n;

	do {
		await_still();
		n = read(other, data + found, sizeof(data) - (size_t)found);
		found += n > 0 ? n : 0;
	} while (n > 0);
	require((size_t)found >= size, "of %zu bytes that were sent %zd came "
		"back", size, found);
	require((size_t)found == size, "%zd bytes came back, and %zu had been "
		"sent", found, size);
	for (size_t i = 0; i < size; i++)
		require(data[i] == letter_at(compared + i),
			"other bytes came back than had been sent");
	compared += size;
}

static void
close_echo(void *unused)
{
	(void)unused;
	sent = echo_close(echo);
}

/* Bytes that can still be read; the connection must end behind them. */
static size_t
read_to_the_end(void)
{
	static char data[4 * ECHO_SIZE];
	size_t found = 0;
	ssize_t n;

	await_still();
	while ((n = read(other, data, sizeof(data))) > 0)
		found += (size_t)n;
	/* Reset: it was closed before all was read. */
	require(n == 0 || errno == ECONNRESET,
		"echo_close returned, and the connection was open");
	close(other);
	return found;
}

static size_t
close_now(const char *what)
{
	struct actor closer;
	size_t found;

	awaiting(what);
	actor_start(&closer, close_echo, NULL);
	actor_join(&closer);
	found = read_to_the_end();
	require(tally_read(&callbacks) + tally_read(&cancels) <=
		tally_read(&starts), "an announcement was settled twice");
	awaiting(NULL);
	return found;
}

/* ---- Sending back ---- */

/* Two blocks that nobody reads: the second is being written. */
static void
fill(void)
{
	open_with(0, 0);
	await_still();
	come(ECHO_SIZE);
	await_still();
	come(ECHO_SIZE);
	await_still();
}

CHECK(what_comes_is_sent_back)
{
	begin();
	open_with(8, 0);		/* is there when it begins */
	require_back(8);
	come(5);			/* and comes when it waits */
	require_back(5);
	close_now("echo_close to return after 13 bytes have come");
	require(sent == 13, "13 bytes were sent back, and echo_close said "
		"%llu", sent);
	fill();
	require_back(2 * ECHO_SIZE);
	come(8);
	require_back(8);
	close_now("echo_close to return after a write was pending");
	end();
}

/* ---- Stopping ---- */

/* It closes while something has come that nobody has waited for. */
static void
close_while_it_comes(void)
{
	open_with(0, 0);
	come(8);
	require(close_now("echo_close to return while 8 bytes come") == sent,
		"echo_close said another number than came back");
}

CHECK(close_ends_what_is_pending)
{
	size_t found;

	begin();
	open_with(0, 0);
	await_still();
	(void)close_now("echo_close to return while a read is pending");
	require(sent == 0, "nothing was sent back, and echo_close said %llu",
		sent);
	if (explore_active()) {	/* natively that is a matter of luck */
		close_while_it_comes();
		end();
		return;
	}
	fill();
	found = close_now("echo_close to return while a write is pending");
	require(sent <= found && sent + ECHO_SIZE > found, "%zu bytes were "
		"sent back, and echo_close said %llu", found, sent);
	end();
}

/* ---- Failures ---- */

/* One fails; 1 and 3 are reads, 2 and 4 are writes. */
static void
fail_request(unsigned long number)
{
	static const char *const what[] = {
		"echo_close to return after the first request, a read, has "
		"failed at once",
		"echo_close to return after the second request, a write, has "
		"failed at once",
		"echo_close to return after the third request, a read, has "
		"failed at once",
		"echo_close to return after the fourth request, a write, has "
		"failed at once"
	};

	open_with(number % 2 == 0 ? 8 : 0, number);
	await_still();
	if (number > 2) {
		come(8);
		await_still();
	}
	(void)close_now(what[number - 1]);
	require(sent == (number > 2 ? 8 : 0), "%u bytes were sent back, and "
		"echo_close said %llu", number > 2 ? 8u : 0u, sent);
}

CHECK(close_returns_after_a_failure)
{
	begin();
	for (unsigned long number = 1; number <= 4; number++)
		fail_request(number);
	end();
}

/* ---- The account ---- */

/* The connection has ended by itself: nothing is open. */
static void
require_balance(const char *what)
{
	unsigned long started, settled;

	await_still();
	started = tally_read(&starts);
	settled = tally_read(&callbacks) + tally_read(&cancels);
	require(started >= tally_read(&requests),
		"%lu requests were made, and %lu announced",
		tally_read(&requests), started);
	require(settled == started, "%s; %lu requests had been announced, "
		"and there were %lu callbacks and %lu calls of "
		"CancelThreadpoolIo", what, started, tally_read(&callbacks),
		tally_read(&cancels));
}

CHECK(each_announcement_is_settled_once)
{
	begin();
	account.strict = true;
	open_with(8, 0);
	await_still();
	require(shutdown(other, SHUT_WR) == 0,
		"the check itself could not end the connection");
	require_balance("the connection has ended");
	(void)close_now("echo_close to return when the connection has ended");
	for (unsigned long number = 1; number <= 2; number++) {
		open_with(8, number);
		require_balance("a request has failed at once");
		(void)close_now("echo_close to return after a failure");
	}
	end();
}

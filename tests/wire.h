/* wire.h - what the scenarios of I/O objects have in common */
/* SPDX-License-Identifier: MIT */
/*
 * A wire is a pipe, a pair of sockets or a file on disk with an I/O object
 * over one end of it, in a pool of one thread; the other end is a descriptor
 * of the test's. An order is one request with all that belongs to it. What
 * becomes of an order is counted: each that was announced ends in exactly
 * one callback, or in one CancelThreadpoolIo, or is dropped by a wait.
 *
 * Calls on the I/O object's descriptor may be made to fail (explore.h):
 * interrupted, not ready, short, in an error. Those of the test may not. A
 * delay must change nothing but how much is read; an error is told to
 * somebody, once.
 *
 * Everything here is inline: a suite takes what it needs.
 */
#ifndef WIRE_H
#define WIRE_H

#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#define poll look_at		/* scenario.h has one for handles */
#include "objects.h"
#include "scenario.h"
#include "stream.h"

struct wire {
	struct private_pool private;
	PTP_IO io;
	HANDLE end;		/* NULL: closed */
	int descriptor;		/* of end: not ours any more */
	int other;		/* ours; -1: there is none, or closed */
	LONG volatile over;	/* no callback may come any more */
};

struct order {
	OVERLAPPED overlapped;
	struct wire *wire;
	char bytes[8];
	bool announced;		/* and not taken back at once */
	LONG volatile taken_back;
	LONG volatile told;	/* callbacks */
	ULONG error;		/* told */
	ULONG_PTR moved;
};

/* ---- Being told ---- */

/* The faults that may lead to this error; a delay leads to none. */
static inline unsigned
faults_behind(DWORD error)
{
	switch (error) {
	case ERROR_NOT_ENOUGH_MEMORY:
		return 1u << EXPLORE_MALLOC | 1u << EXPLORE_THREAD;
	case ERROR_IO_DEVICE:
		return 1u << EXPLORE_EIO;
	case ERROR_DISK_FULL:
		return 1u << EXPLORE_ENOSPC;
	case ERROR_NETNAME_DELETED:
	case ERROR_CONNECTION_ABORTED:
		return 1u << EXPLORE_ECONNRESET;
	default:
		return 0;
	}
}

/* An error that nobody has provoked is one that was injected. */
static inline void
tolerate_io(DWORD error)
{
	ck_assert_msg(explore_active() &&
		explore_fails_by(faults_behind(error)),
		"error %lu, and nothing leads to it", (unsigned long)error);
}

static inline VOID CALLBACK
note_order(PTP_CALLBACK_INSTANCE instance, PVOID context, PVOID overlapped,
	ULONG error, ULONG_PTR moved, PTP_IO io)
{
	struct wire *wire = context;
	struct order *order = overlapped;

	(void)instance;
	ck_assert_ptr_eq(io, wire->io);
	ck_assert_ptr_eq(order->wire, wire);
	ck_assert_int_eq(count_of(&wire->over), 0);
	ck_assert(HasOverlappedIoCompleted(&order->overlapped));
	ck_assert_uint_eq(order->overlapped.InternalHigh, moved);
	order->error = error;
	order->moved = moved;
	ck_assert_int_eq(InterlockedIncrement(&order->told), 1);
}

/* ---- Making one ---- */

/* The ends of a pipe or of a pair of sockets; writes: into io's end. */
static inline void
open_ends(struct wire *wire, bool sockets, bool writes)
{
	int ends[2];

	if (sockets)
		ck_assert_int_eq(socketpair(AF_UNIX, SOCK_STREAM, 0, ends), 0);
	else
		ck_assert_int_eq(pipe(ends), 0);
	wire->descriptor = ends[writes];
	wire->other = ends[!writes];
}

/* A small file with "0123456789" in it; nobody has the other end. */
static inline void
open_disk(struct wire *wire)
{
	char path[] = "build/wire.XXXXXX";

	wire->descriptor = mkstemp(path);
	wire->other = -1;
	ck_assert_int_ge(wire->descriptor, 0);
	ck_assert_int_eq(unlink(path), 0);
	ck_assert_int_eq(write(wire->descriptor, "0123456789", 10), 10);
}

/* A handle for what has been opened, and a pool, or nothing. */
static inline bool
try_end(struct wire *wire)
{
	set_times(NULL, NULL, NULL);
	wire->over = 0;
	wire->end = tp_open_descriptor(wire->descriptor,
		FILE_FLAG_OVERLAPPED);
	if (made(wire->end)) {
		explore_expose(wire->descriptor, EXPLORE_ANY);
		if (try_pool(&wire->private, 1, 1))
			return true;
		ck_assert(CloseHandle(wire->end));
	} else {
		close(wire->descriptor);
	}
	if (wire->other >= 0)
		close(wire->other);
	return false;
}

/* All but the I/O object, which could not be made or is closed. */
static inline void
give_back(struct wire *wire)
{
	ck_assert(CloseHandle(wire->end));
	private_pool_close(&wire->private);
	if (wire->other >= 0)
		close(wire->other);
}

/* The same with an I/O object, or nothing. */
static inline bool
try_wire_of(struct wire *wire, PTP_WIN32_IO_CALLBACK callback, PVOID context)
{
	if (!try_end(wire))
		return false;
	wire->io = CreateThreadpoolIo(wire->end, callback, context,
		&wire->private.environ);
	if (!made(wire->io))
		give_back(wire);
	if (explore_active()) {
		explore_await_still();	/* what came before is no race */
		explore_search_here();
	}
	return wire->io != NULL;
}

static inline bool
try_wire(struct wire *wire)
{
	open_ends(wire, false, false);
	return try_wire_of(wire, note_order, wire);
}

static inline bool
try_disk(struct wire *wire)
{
	open_disk(wire);
	return try_wire_of(wire, note_order, wire);
}

/* ---- The test's end ---- */

/* Runs beside what follows; before it if there is no thread for it. */
static inline void
run_beside(struct race *race, void *(*body)(void *), void *argument)
{
	race_start(race, body, argument);
	if (race->racers[race->count - 1].refused) {
		race_drop_refused(race);
		(void)body(argument);
	}
}

static inline void
put_text(const struct wire *wire, const char *text)
{
	ssize_t length = (ssize_t)strlen(text);

	ck_assert_int_eq(write(wire->other, text, (size_t)length), length);
}

static inline void *
put_a(void *wire)
{
	put_text(wire, "a");
	return NULL;
}

static inline void *
put_two(void *wire)
{
	put_text(wire, "ab");
	return NULL;
}

/* ---- Orders ---- */

/* Has the call been accepted? If not, the announcement is taken back. */
static inline bool
was_accepted(struct order *order, BOOL result)
{
	DWORD error = result ? NO_ERROR : GetLastError();

	order->announced = result || error == ERROR_IO_PENDING;
	if (!order->announced) {
		tolerate_io(error);
		InterlockedIncrement(&order->taken_back);
		CancelThreadpoolIo(order->wire->io);
	}
	return order->announced;
}

static inline bool
try_read(struct wire *wire, struct order *order, DWORD size)
{
	order->wire = wire;
	StartThreadpoolIo(wire->io);
	return was_accepted(order, ReadFile(wire->end, order->bytes, size,
		NULL, &order->overlapped));
}

static inline bool
try_write(struct wire *wire, struct order *order, const void *data,
	DWORD size)
{
	order->wire = wire;
	StartThreadpoolIo(wire->io);
	return was_accepted(order, WriteFile(wire->end, data, size, NULL,
		&order->overlapped));
}

/* Everything announced has been told, or been taken back, and once. */
static inline void
assert_told_once(const struct order *order)
{
	ck_assert_int_eq(order->told, order->announced ? 1 : 0);
}

/* It has ended well, or as injected; cancelled: or so. */
static inline bool
ended_well(const struct order *order, bool cancelled)
{
	if (!order->announced)
		return false;
	if (order->error == NO_ERROR)
		return true;
	if (!cancelled || order->error != ERROR_OPERATION_ABORTED)
		tolerate_io(order->error);
	ck_assert(order->error != ERROR_OPERATION_ABORTED ||
		order->moved == 0);
	return false;
}

/* How many bytes a read that ended well has brought; others: none. */
static inline LONG
brought(const struct order *order, bool cancelled)
{
	return ended_well(order, cancelled) ? (LONG)order->moved : 0;
}

/* Cancels it, unless it is too late, and waits until it has ended. */
static inline void
call_off(struct order *order)
{
	struct wire *wire = order->wire;
	DWORD moved;

	if (!order->announced)
		return;
	if (!CancelIoEx(wire->end, &order->overlapped))
		ck_assert_uint_eq(GetLastError(), ERROR_NOT_FOUND);
	(void)GetOverlappedResult(wire->end, &order->overlapped, &moved,
		TRUE);
	ck_assert(HasOverlappedIoCompleted(&order->overlapped));
}

static inline void *
cancel_order(void *argument)
{
	struct order *order = argument;

	if (!CancelIoEx(order->wire->end, &order->overlapped))
		ck_assert_uint_eq(GetLastError(), ERROR_NOT_FOUND);
	return NULL;
}

/* An announcement of nothing, taken back. */
static inline void *
start_and_cancel(void *io)
{
	StartThreadpoolIo(io);
	CancelThreadpoolIo(io);
	return NULL;
}

/* ---- The end ---- */

/* How many bytes nobody has read; reads them. The handle is open. */
static inline LONG
left_over(const struct wire *wire)
{
	char bytes[64];
	ssize_t n;

	explore_expose(wire->descriptor, 0);
	n = read(wire->descriptor, bytes, sizeof(bytes));
	ck_assert(n >= 0 || errno == EAGAIN);
	return n > 0 ? (LONG)n : 0;
}

static inline void
close_end(struct wire *wire)
{
	ck_assert(CloseHandle(wire->end));
	wire->end = NULL;
}

/* Nothing is under way any more: nobody has forgotten to let go. */
static inline void
wire_close(struct wire *wire)
{
	WaitForThreadpoolIoCallbacks(wire->io, FALSE);
	if (explore_active())
		explore_await_still();
	if (wire->end != NULL)
		close_end(wire);
	if (explore_active())
		assert_at_rest(wire->io);
	CloseThreadpoolIo(wire->io);
	private_pool_close(&wire->private);
	if (wire->other >= 0)
		close(wire->other);
}

/* ---- Cases ---- */

/* What is opened once for the whole process: no test's, and no race. */
static inline void
open_for_good(void)
{
	struct wire wire;

	set_times(NULL, NULL, NULL);
	open_ends(&wire, false, false);
	wire.end = tp_open_descriptor(wire.descriptor, FILE_FLAG_OVERLAPPED);
	ck_assert_ptr_nonnull(wire.end);
	ck_assert(CloseHandle(wire.end));
	close(wire.other);
	if (explore_active())		/* it does not see the other one */
		setenv("TP_IO", "threads", 1);
	(void)tp_io_back_end();
	harness_keep_descriptors();
}

static inline TCase *
case_with_wires(Suite *suite, const char *name)
{
	TCase *tcase = harness_case(suite, name);

	harness_add_fixture(tcase, open_for_good, NULL);
	return tcase;
}

#endif /* WIRE_H */

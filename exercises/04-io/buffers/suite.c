/* suite.c - the checks of "Whose buffer is it?" */
/* SPDX-License-Identifier: MIT */
/*
 * The other end of the stream is a descriptor of the suite's that does not
 * block. What it writes is the alphabet, over and over, so that each byte
 * tells where it belongs. The device is slow when a check says so: what it
 * is asked to end goes on until the check has it let go, with bytes that
 * somebody then had better have a buffer for.
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

#define SOURCE_SUITE
#include "source.h"

#define NUMBERS 20	/* of fetches: below it */
#define SIZE 4		/* bytes of a fetch */

static PTP_POOL pool;
static TP_CALLBACK_ENVIRON settings;
static struct source *source;
static HANDLE stream;
static int other;			/* end of the stream */
static size_t written;			/* by it, so far */

/* What a fetch has brought. */
static struct bringing {
	struct tally calls;
	struct gate *hold;		/* done waits there; NULL: nowhere */
	unsigned next;			/* done fetches that; 0: nothing */
	bool refused;			/* and was told false */
	bool stray;			/* done was on a thread of ours */
	DWORD error;
	char data[2 * SIZE];
	size_t size;
} bringings[NUMBERS];

static struct tally begun, closed;
static _Thread_local bool ours;		/* not a thread of the pool */

static struct {
	bool slow;			/* it does not let go at once */
	unsigned long failing;		/* number of a read; 0: none */
	struct tally reads, cancels;
	bool left_open;			/* the stream, while it is slow */
} device;

/* ---- What the answer calls ---- */

BOOL
device_read(HANDLE file, LPVOID buffer, DWORD size, LPDWORD bytes,
	LPOVERLAPPED overlapped)
{
	if (tally_add(&device.reads) == device.failing) {
		SetLastError(ERROR_NO_SYSTEM_RESOURCES);
		return FALSE;
	}
	return ReadFile(file, buffer, size, bytes, overlapped);
}

BOOL
device_cancel(HANDLE file, LPOVERLAPPED overlapped)
{
	/* It looks at the request that is to end. */
	if (overlapped != NULL)
		(void)HasOverlappedIoCompleted(overlapped);
	tally_add(&device.cancels);
	return device.slow || CancelIoEx(file, overlapped);
}

BOOL
device_close(HANDLE file)
{
	if (file == stream)
		tally_add(&device.cancels);	/* it asks all of them */
	if (device.slow && file == stream)
		return device.left_open = true;
	return CloseHandle(file);
}

/* It is slow no more. */
static void
hurry(void)
{
	device.slow = false;
	if (device.left_open)
		CloseHandle(stream);
	device.left_open = false;
}

static void
done(void *argument, unsigned number, DWORD error, const char *data,
	size_t size)
{
	struct bringing *bringing = (struct bringing *)argument + number;

	require(argument == bringings && number < NUMBERS,
		"done was called with an argument or a number that nobody "
		"has given");
	require(tally_read(&closed) == 0,
		"done was called when source_close had returned");
	tally_add(&begun);
	if (bringing->hold != NULL)
		gate_wait(bringing->hold);
	if (bringing->next != 0)
		bringing->refused = !source_fetch(source, bringing->next,
			SIZE);
	require(size <= sizeof(bringing->data),
		"done was given more bytes than had been asked for");
	bringing->stray = ours;
	bringing->error = error;
	bringing->size = size;
	if (size > 0)
		memcpy(bringing->data, data, size);
	require(tally_add(&bringing->calls) == 1,
		"done was called twice for one fetch");
}

/* ---- A source ---- */

/* The poller is there, and stays. */
void
suite_prepare(void)
{
	int ends[2];

	setenv("TP_IDLE_MS", "100000000", 1);
	setenv("TP_STALL_MS", "100000000", 1);
	require(socketpair(AF_UNIX, SOCK_STREAM, 0, ends) == 0,
		"the check itself could not make a stream");
	for (int i = 0; i < 2; i++)
		CloseHandle(tp_open_descriptor(ends[i],
			FILE_FLAG_OVERLAPPED));
}

static void
begin(DWORD threads)
{
	static const struct tally zero = TALLY_ZERO;
	int ends[2];

	for (unsigned i = 0; i < NUMBERS; i++)
		bringings[i] = (struct bringing){ .calls = TALLY_ZERO };
	ours = true;
	begun = closed = device.reads = device.cancels = zero;
	device.failing = 0;
	written = 0;
	pool = CreateThreadpool(NULL);
	require(pool != NULL, "the check itself could not make a pool");
	SetThreadpoolThreadMaximum(pool, threads);
	require(SetThreadpoolThreadMinimum(pool, threads),
		"the check itself could not make a pool");
	InitializeThreadpoolEnvironment(&settings);
	SetThreadpoolCallbackPool(&settings, pool);
	require(socketpair(AF_UNIX, SOCK_STREAM, 0, ends) == 0 &&
		fcntl(ends[1], F_SETFL, O_NONBLOCK) == 0,
		"the check itself could not make a stream");
	other = ends[1];
	stream = tp_open_descriptor(ends[0], FILE_FLAG_OVERLAPPED);
	require(stream != NULL, "the check itself could not make a stream");
	source = source_open(stream, &settings, done, bringings);
	require(source != NULL, "source_open gave NULL");
}

static char
letter_at(size_t position)
{
	return "abcdefghijklmnopqrstuvwxyz"[position % 26];
}

static void
come(size_t size)
{
	char data[64];

	for (size_t i = 0; i < size; i++)
		data[i] = letter_at(written + i);
	require(write(other, data, size) == (ssize_t)size,
		"the check itself could not write");
	written += size;
}

static void
fetch(unsigned number, size_t size)
{
	require(source_fetch(source, number, size),
		"source_fetch gave false");
}

static void
close_source(void *unused)
{
	(void)unused;
	ours = true;
	source_close(source);
	tally_add(&closed);
}

/* The source is closed, and its device slow no more. */
static void
end(void)
{
	char byte;
	ssize_t n;

	await_still();
	n = read(other, &byte, 1);
	/* Reset: it was closed before all was read. */
	require(n == 0 || (n < 0 && errno == ECONNRESET),
		"source_close returned, and the stream was open");
	close(other);
	CloseThreadpool(pool);
	await_still();
}

static void
close_now(const char *what)
{
	struct actor closer;

	awaiting(what);
	actor_start(&closer, close_source, NULL);
	actor_join(&closer);
	awaiting(NULL);
	end();
}

/* The fetch has brought just this: so many bytes from that position on. */
static void
require_brought(unsigned number, DWORD error, size_t position, size_t size)
{
	struct bringing *bringing = &bringings[number];

	await_still();
	require(tally_read(&bringing->calls) == 1,
		"a fetch has ended, and done was not called for it");
	require(!bringing->stray, "done was called on a thread that is not one "
		"of the pool");
	require(bringing->error == error, "done was given error %u, not %u",
		bringing->error, error);
	require(bringing->size == size,
		"%zu bytes came for a fetch, and done was given %zu", size,
		bringing->size);
	for (size_t i = 0; i < size; i++)
		require(bringing->data[i] == letter_at(position + i),
			"done was given bytes of another fetch");
}

static void
require_not_brought(unsigned number, const char *what)
{
	await_still();
	require(tally_read(&bringings[number].calls) == 0, "%s", what);
}

/* ---- Fetching ---- */

static void
fetch_one_after_the_other(void)
{
	begin(2);
	come(SIZE);
	fetch(1, SIZE);			/* it is there */
	require_brought(1, NO_ERROR, 0, SIZE);
	bringings[2].next = 3;
	fetch(2, SIZE);			/* it will come */
	come(SIZE);
	require_brought(2, NO_ERROR, SIZE, SIZE);
	come(SIZE);
	require_brought(3, NO_ERROR, 2 * SIZE, SIZE);
	close_now("source_close to return when nothing is under way");
}

/* The first one's bytes must still be there when the others have come. */
static void
fetch_at_the_same_time(void)
{
	static struct gate hold = GATE_SHUT;

	begin(2);
	bringings[1].hold = &hold;
	for (unsigned number = 1; number <= 3; number++)
		fetch(number, SIZE);
	come(SIZE);
	require_not_brought(2, "done was called for a fetch whose bytes had "
		"not come");
	require_not_brought(3, "done was called for a fetch whose bytes had "
		"not come");
	come(2 * SIZE);
	require_brought(2, NO_ERROR, SIZE, SIZE);
	require_brought(3, NO_ERROR, 2 * SIZE, SIZE);
	gate_open(&hold);
	require_brought(1, NO_ERROR, 0, SIZE);
	close_now("source_close to return when nothing is under way");
}

/* Whatever comes first, the bytes or the fetch. */
static void
fetch_while_it_comes(void)
{
	begin(2);
	fetch(1, SIZE);
	come(2 * SIZE);
	fetch(2, SIZE);
	require_brought(1, NO_ERROR, 0, SIZE);
	require_brought(2, NO_ERROR, SIZE, SIZE);
	close_now("source_close to return when nothing is under way");
}

CHECK(each_fetch_brings_one_call)
{
	if (explore_active()) {	/* natively that is a matter of luck */
		fetch_while_it_comes();
		return;
	}
	fetch_one_after_the_other();
	fetch_at_the_same_time();
}

CHECK(a_short_read_is_no_full_one)
{
	begin(1);
	fetch(1, 2 * SIZE);
	come(3);
	require_brought(1, NO_ERROR, 0, 3);
	require(shutdown(other, SHUT_WR) == 0,
		"the check itself could not end the stream");
	fetch(2, SIZE);
	require_brought(2, NO_ERROR, 0, 0);
	close_now("source_close to return when nothing is under way");
}

/* ---- Failing ---- */

/* The memory for it, or for the request, is refused; or it is not. */
static void
fetch_without_memory(void)
{
	for (unsigned long n = 1; n <= 3; n++) {
		unsigned number = 10 + (unsigned)n;
		bool good;

		fail_allocation(n);
		good = source_fetch(source, number, SIZE);
		fail_allocation(0);
		if (good) {
			come(SIZE);
			require_brought(number, NO_ERROR, written - SIZE,
				SIZE);
		} else {
			require_not_brought(number, "source_fetch gave false, "
				"and done was called");
		}
	}
}

CHECK(what_fails_at_once_brings_no_call)
{
	begin(1);
	device.failing = 1;
	require(!source_fetch(source, 1, SIZE), "a read failed at once, and "
		"source_fetch gave true");
	require_not_brought(1, "a read failed at once, and done was called");
	require(!source_cancel(source, 1), "a read failed at once, and "
		"source_cancel found the fetch");
	fetch(2, SIZE);
	come(SIZE);
	require_brought(2, NO_ERROR, 0, SIZE);
	if (!one_of_many())
		fetch_without_memory();
	close_now("source_close to return after a read has failed at once");
}

/* ---- Cancelling ---- */

static void
cancel_the_second_of_three(void)
{
	begin(2);
	for (unsigned number = 1; number <= 3; number++)
		fetch(number, SIZE);
	require(!source_cancel(source, 9), "there was no fetch of that "
		"number, and source_cancel gave true");
	require(source_cancel(source, 2), "the fetch was under way, and "
		"source_cancel gave false");
	require_brought(2, ERROR_OPERATION_ABORTED, 0, 0);
	require_not_brought(1, "another fetch was cancelled, too");
	require_not_brought(3, "another fetch was cancelled, too");
	come(2 * SIZE);
	require_brought(1, NO_ERROR, 0, SIZE);
	require_brought(3, NO_ERROR, SIZE, SIZE);
	require(!source_cancel(source, 1), "the fetch had ended, and "
		"source_cancel gave true");
	close_now("source_close to return after a fetch was cancelled");
}

/* The device lets go too late: the fetch ends as if nothing had happened. */
static void
cancel_too_late(void)
{
	begin(1);
	device.slow = true;
	fetch(1, SIZE);
	awaiting("source_cancel to return, which need not wait");
	require(source_cancel(source, 1), "the fetch was under way, and "
		"source_cancel gave false");
	awaiting(NULL);
	require_not_brought(1, "a fetch had not ended yet, and done was "
		"called for it");
	come(SIZE);
	require_brought(1, NO_ERROR, 0, SIZE);
	hurry();
	close_now("source_close to return after a fetch was cancelled");
}

static void
cancel_while_it_comes(void)
{
	struct bringing *bringing = &bringings[1];

	begin(2);
	fetch(1, SIZE);
	come(SIZE);
	(void)source_cancel(source, 1);
	await_still();
	require(tally_read(&bringing->calls) == 1,
		"a fetch has ended, and done was not called for it");
	if (bringing->error == NO_ERROR)
		require_brought(1, NO_ERROR, 0, SIZE);
	else
		require_brought(1, ERROR_OPERATION_ABORTED, 0, 0);
	close_now("source_close to return after a fetch was cancelled");
}

CHECK(cancel_ends_one_and_leaves_the_others)
{
	if (explore_active()) {	/* natively that is a matter of luck */
		cancel_while_it_comes();
		return;
	}
	cancel_the_second_of_three();
	cancel_too_late();
}

/* ---- Closing ---- */

/* Two fetches are under way, and nothing comes. */
static void
close_with_a_quick_device(void)
{
	begin(2);
	fetch(1, SIZE);
	fetch(2, SIZE);
	close_now("source_close to return while two fetches are under way");
	require(tally_read(&begun) == 0, "source_close had been called, and "
		"done was called");
}

static void
close_with_a_slow_device(void)
{
	struct actor closer;

	begin(2);
	device.slow = true;
	fetch(1, SIZE);
	fetch(2, SIZE);
	actor_start(&closer, close_source, NULL);
	await_still();
	require(!actor_done(&closer), "the device had not let go of two "
		"fetches, and source_close returned");
	require(tally_read(&device.cancels) > 0,
		"source_close did not ask the fetches to end");
	come(2 * SIZE);
	awaiting("source_close to return when the device has let go");
	actor_join(&closer);
	require(tally_read(&begun) == 0, "source_close had been called, and "
		"done was called");
	hurry();
	end();
}

static void
close_while_it_comes(void)
{
	begin(2);
	bringings[1].next = 3;
	fetch(1, SIZE);
	fetch(2, SIZE);
	come(SIZE);
	close_now("source_close to return while two fetches are under way");
}

CHECK(close_waits_for_what_is_under_way)
{
	if (explore_active()) {	/* natively that is a matter of luck */
		close_while_it_comes();
		return;
	}
	close_with_a_quick_device();
	close_with_a_slow_device();
}

/*
 * One thread: done runs, and is held; another callback is queued. next: done
 * then asks for one more; 0: it does not.
 */
static void
close_while_done_runs(unsigned next)
{
	static const struct gate shut = GATE_SHUT;
	static struct gate hold;
	struct actor closer;

	hold = shut;
	begin(1);
	bringings[1].hold = &hold;
	bringings[1].next = next;
	fetch(1, SIZE);
	fetch(2, SIZE);
	come(SIZE);
	tally_await(&begun, 1);
	come(SIZE);
	await_still();
	actor_start(&closer, close_source, NULL);
	await_still();
	require(!actor_done(&closer),
		"source_close returned while done was running");
	gate_open(&hold);
	awaiting("source_close to return when done has returned");
	actor_join(&closer);
	require(next == 0 || bringings[1].refused, "the source was being "
		"closed, and source_fetch gave true");
	require(tally_read(&begun) == 1, "source_close had been called, a "
		"callback was queued, and done was called");
	end();
}

CHECK(close_drops_what_has_not_begun)
{
	close_while_done_runs(0);
	if (!one_of_many())
		close_while_done_runs(3);
}

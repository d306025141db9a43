/* suite.c - the checks of "A back end for streams" */
/* SPDX-License-Identifier: MIT */
/*
 * A check makes requests of one end of a stream, and is itself at the other.
 * Where it matters what happens during a try, the try is held up at a gate
 * (tries.h). A back end that tries at once has tried when ReadFile returns;
 * one that asks the poller first tries when there is something to be had:
 * both are right, and so a check that wants a try gives what it takes.
 */
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "explore.h"
#include "stream.h"
#include "threadpool.h"
#include "tries.h"

static struct stream stream;
static struct gate held;
static char large[LARGE], got[2 * LARGE];

static void
fill_large(void)
{
	for (size_t i = 0; i < LARGE; i++)
		large[i] = (char)('a' + i * 7 % 23);
}

/* ---- A report, and no look yet ---- */

static struct tally locks;
static pthread_t checker;	/* the check's own thread */

/* It locks once to hear of the report, and then to look. */
static void
hold_the_second(void *mutex)
{
	if (mutex == &tp_waitable_lock.mutex &&
	    !pthread_equal(pthread_self(), checker) &&
	    tally_add(&locks) == 2)
		gate_wait(&held);
}

/*
 * The poller reports what the text makes ready, and the dispatcher is held up
 * before it can look, until the gate is opened.
 */
static void
feed_and_hold_the_look(const char *text)
{
	static const struct gate shut = GATE_SHUT;
	static const struct tally zero = TALLY_ZERO;

	held = shut;
	locks = zero;
	checker = pthread_self();
	at_each(BEFORE_LOCK, hold_the_second);
	feed(&stream, text);
	awaiting("the dispatcher to look at a file that was reported");
	gate_await_waiting(&held, 1);
	awaiting(NULL);
	at_each(BEFORE_LOCK, NULL);
}

/* ---- One request after the other ---- */

static void
read_in_order(void)
{
	for (unsigned i = 0; i < 4; i++)
		make_read(&stream, i, 2);
	await_still();
	for (unsigned i = 0; i < 4; i++)
		require_waits(i);
	feed(&stream, "ab");
	await_still();
	require_read(0, "ab");
	require_waits(1);
	feed(&stream, "cdef");
	await_still();
	require_read(1, "cd");
	require_read(2, "ef");
	require_waits(3);
	feed(&stream, "g");
	await_still();
	require_read(3, "g");
	feed(&stream, "hi");
	await_still();
	make_read(&stream, 4, 2);
	await_still();
	require_read(4, "hi");
	for (unsigned i = 1; i < 5; i++)
		require(ops[i].place > ops[i - 1].place, "read %u was made "
			"after read %u, and ended before it", i + 1, i);
	close_stream(&stream);
}

static void
read_two(void *first)
{
	unsigned number = *(unsigned *)first;

	make_read(&stream, number, 1);
	make_read(&stream, number + 1, 1);
}

static void
feed_two(void *text)
{
	feed(&stream, text);
	feed(&stream, text);
}

/* Nobody is held up: how often was each byte read? */
static void
read_at_any_time(void)
{
	static unsigned first[2] = { 0, 2 };
	struct actor readers[2], feeder;
	unsigned bytes = 0;

	open_reader(&stream);
	for (int i = 0; i < 2; i++)
		actor_start(&readers[i], read_two, &first[i]);
	actor_start(&feeder, feed_two, "xy");
	for (int i = 0; i < 2; i++)
		actor_join(&readers[i]);
	actor_join(&feeder);
	await_still();
	for (unsigned i = 0; i < 4; i++) {
		require(has_ended(i), "there were four bytes for four reads, "
			"and one of them did not end");
		bytes += ops[i].buffer[0];
	}
	require(bytes == 2 * 'x' + 2 * 'y', "four reads of a byte each were "
		"not given each byte once");
	close_stream(&stream);
}

/* There is something for one that waits, and another asks. */
static void
ask_before_it_looks(void)
{
	open_reader(&stream);
	make_read(&stream, 0, 1);
	await_still();
	feed_and_hold_the_look("ab");
	make_read(&stream, 1, 1);
	gate_open(&held);
	await_still();
	require_read(0, "a");
	require_read(1, "b");
	close_stream(&stream);
}

CHECK(reads_end_once_in_their_order)
{
	scene_begin();
	open_reader(&stream);
	read_in_order();
	open_socket(&stream);
	read_in_order();
	ask_before_it_looks();
	if (explore_active())
		read_at_any_time();
}

/* ---- Writes ---- */

static void
require_large(size_t size)
{
	require(size == LARGE + 5, "%d and 5 bytes were written, and the other "
		"end read %zu", LARGE, size);
	require(memcmp(got, large, LARGE) == 0 &&
		memcmp(got + LARGE, "hello", 5) == 0, "the other end did not "
		"read what was written, in the order in which it was");
}

CHECK(a_write_ends_when_all_of_it_is_written)
{
	scene_begin();
	fill_large();
	open_writer(&stream);
	make_write(&stream, 0, large, LARGE);
	make_write(&stream, 1, "hello", 5);
	await_still();
	require_waits(0);
	require_waits(1);
	require_large(drain(&stream, got, sizeof(got)));
	await_still();
	require_written(0, LARGE);
	require_written(1, 5);
	require(ops[1].place > ops[0].place, "the second write ended before "
		"the first");
	make_write(&stream, 2, "again", 5);
	await_still();
	require_written(2, 5);
	close_stream(&stream);
}

/* ---- Two directions ---- */

static void
read_while_a_write_waits(void)
{
	open_socket(&stream);
	make_read(&stream, 0, 2);
	make_write(&stream, 1, "ok", 2);
	await_still();
	require_waits(0);
	require_written(1, 2);
	make_write(&stream, 2, large, LARGE);
	await_still();
	require_waits(2);
	feed(&stream, "a");
	await_still();
	require_read(0, "a");
	require_waits(2);
	make_read(&stream, 3, 2);
	(void)drain(&stream, got, sizeof(got));
	await_still();
	require_written(2, LARGE);
	require_waits(3);
	feed(&stream, "b");
	await_still();
	require_read(3, "b");
	close_stream(&stream);
}

/* A read is asked for after the poller was asked about a write. */
static void
read_after_a_write(void)
{
	open_socket(&stream);
	make_write(&stream, 0, large, LARGE);
	await_still();
	make_read(&stream, 1, 2);
	await_still();
	feed(&stream, "c");
	await_still();
	require_read(1, "c");
	require_waits(0);
	(void)drain(&stream, got, sizeof(got));
	await_still();
	require_written(0, LARGE);
	close_stream(&stream);
}

/* A listener on an address that the system chooses; another connects. */
static void
accept_one(void)
{
	union {
		struct sockaddr any;
		struct sockaddr_un local;
	} address = { .any = { .sa_family = AF_UNIX } };
	socklen_t size = sizeof(address);
	int listener = socket(AF_UNIX, SOCK_STREAM, 0);
	int caller = socket(AF_UNIX, SOCK_STREAM, 0);
	HANDLE file, connection;

	require(bind(listener, &address.any, sizeof(sa_family_t)) == 0 &&
		listen(listener, 1) == 0 &&
		getsockname(listener, &address.any, &size) == 0,
		"the check itself could not listen");
	file = tp_open_descriptor(listener, FILE_FLAG_OVERLAPPED);
	require(!tp_accept(file, &connection, &ops[0].overlapped) &&
		GetLastError() == ERROR_IO_PENDING, "an accept did not wait");
	await_still();
	require(connect(caller, &address.any, size) == 0,
		"the check itself could not connect");
	await_still();
	require(ops[0].overlapped.Internal == NO_ERROR, "somebody connected, "
		"and an accept that waited did not end");
	require(CloseHandle(connection) && CloseHandle(file),
		"CloseHandle failed");
	await_still();
	close(caller);
}

CHECK(each_direction_goes_on_by_itself)
{
	scene_begin();
	fill_large();
	read_while_a_write_waits();
	read_after_a_write();
	if (!one_of_many())
		accept_one();
}

/* ---- What happens during a try ---- */

static void
make_first(void *unused)
{
	(void)unused;
	make_read(&stream, 0, 1);
}

static bool
is_held(void)
{
	bool waiting;

	pthread_mutex_lock(&held.lock);
	waiting = held.waiting > 0;
	pthread_mutex_unlock(&held.lock);
	return waiting;
}

/* The first read is being tried, and held up; 'a' was fed if need be. */
static bool
hold_the_first(struct actor *reader)
{
	static const struct gate shut = GATE_SHUT;
	bool fed = false;

	held = shut;
	tries_hold(&held);
	actor_start(reader, make_first, NULL);
	await_still();
	if (!is_held()) {
		feed(&stream, "a");
		fed = true;
	}
	awaiting("a read to be tried: it was made, and there is a byte");
	gate_await_waiting(&held, 1);
	awaiting(NULL);
	await_still();
	return fed;
}

static void
go_on(struct actor *reader)
{
	gate_open(&held);
	actor_join(reader);
	await_still();
}

static bool fed_by_hook;

static void
feed_now(void)
{
	fed_by_hook = true;
	feed(&stream, "a");
}

/* Just after the system has said that there is nothing. */
static void
ready_after_the_try(void)
{
	open_reader(&stream);
	fed_by_hook = false;
	tries_then(feed_now);
	make_read(&stream, 0, 1);
	await_still();
	tries_then(NULL);
	if (!fed_by_hook)
		feed(&stream, "a");
	await_still();
	require_read(0, "a");
	close_stream(&stream);
}

/* The system says so again and again, and it is not true any more. */
static void
ready_and_would_block(void)
{
	open_reader(&stream);
	tries_block(5);
	feed(&stream, "abc");
	for (unsigned i = 0; i < 3; i++)
		make_read(&stream, i, 1);
	await_still();
	require_read(0, "a");
	require_read(1, "b");
	require_read(2, "c");
	close_stream(&stream);
}

/* Others ask while the first is being tried; there is something, or not. */
static void
asked_during_a_try(bool there_is)
{
	struct actor reader;
	bool fed = there_is;

	open_reader(&stream);
	if (there_is)
		feed(&stream, "a");
	fed = hold_the_first(&reader) || there_is;
	make_read(&stream, 1, 1);
	make_read(&stream, 2, 1);
	feed(&stream, fed ? "bc" : "abc");
	await_still();
	go_on(&reader);
	require_read(0, "a");
	require_read(1, "b");
	require_read(2, "c");
	close_stream(&stream);
}

/* The same, and what is asked for comes when all have stopped trying. */
static void
ready_after_all_tries(void)
{
	struct actor reader;
	bool fed;

	open_reader(&stream);
	fed = hold_the_first(&reader);
	make_read(&stream, 1, 1);
	go_on(&reader);
	require_waits(1);
	feed(&stream, fed ? "b" : "ab");
	await_still();
	require_read(0, "a");
	require_read(1, "b");
	close_stream(&stream);
}

CHECK(nothing_that_gets_ready_is_missed)
{
	scene_begin();
	ready_after_the_try();
	ready_and_would_block();
	asked_during_a_try(false);
	asked_during_a_try(true);
	ready_after_all_tries();
	if (explore_active())
		read_at_any_time();
}

/* ---- Who tries ---- */

/*
 * The poller reports two files at a time, and while one is being looked at,
 * the other is closed.
 */
static void
two_files_at_once(void)
{
	static const struct gate shut = GATE_SHUT;
	struct stream files[2];
	unsigned other;

	held = shut;
	for (unsigned i = 0; i < 2; i++) {
		open_reader(&files[i]);
		make_read(&files[i], i, 1);
	}
	await_still();
	tries_hold(&held);
	tp_lock(&tp_waitable_lock);
	for (unsigned i = 0; i < 2; i++)
		feed(&files[i], "a");
	await_still();
	tp_unlock(&tp_waitable_lock);
	awaiting("a read to be tried that waited, and there is a byte");
	gate_await_waiting(&held, 1);
	awaiting(NULL);
	await_still();
	other = tries_last() == &ops[0].overlapped ? 1 : 0;
	require(CloseHandle(files[other].file), "CloseHandle failed");
	files[other].file = NULL;
	await_still();
	gate_open(&held);
	await_still();
	require_read(1 - other, "a");
	for (unsigned i = 0; i < 2; i++)
		close_stream(&files[i]);
}

CHECK(one_thread_tries_at_a_time)
{
	struct actor reader;
	bool fed, free;

	scene_begin();
	fill_large();
	open_socket(&stream);
	fed = hold_the_first(&reader);
	free = pthread_mutex_trylock(&tp_waitable_lock.mutex) == 0;
	require(free, "a request was tried under tp_waitable_lock");
	pthread_mutex_unlock(&tp_waitable_lock.mutex);
	make_read(&stream, 1, 1);
	make_write(&stream, 2, large, LARGE);
	await_still();
	feed(&stream, fed ? "b" : "ab");
	await_still();
	require(!has_ended(0), "a read ended while it was being tried");
	go_on(&reader);
	require_read(0, "a");
	require_read(1, "b");
	require_waits(2);
	close_stream(&stream);
	two_files_at_once();
	if (explore_active())
		read_at_any_time();
}

/* ---- Ends and errors ---- */

static void
end_of(void (*open_it)(struct stream *), DWORD error)
{
	open_it(&stream);
	make_read(&stream, 0, 4);
	make_read(&stream, 1, 4);
	feed(&stream, "ab");
	await_still();
	close_peer(&stream);
	await_still();
	require_read(0, "ab");
	if (error == NO_ERROR)
		require_read(1, "");
	else
		require_error(1, error);
	make_read(&stream, 2, 4);
	await_still();
	if (error == NO_ERROR)
		require_read(2, "");
	else
		require_error(2, error);
	close_stream(&stream);
}

static void
no_reader(void)
{
	open_writer(&stream);
	make_write(&stream, 0, large, LARGE);
	make_write(&stream, 1, "b", 1);
	await_still();
	close_peer(&stream);
	await_still();
	require_error(0, ERROR_NO_DATA);
	require_error(1, ERROR_NO_DATA);
	close_stream(&stream);
}

static void
make_three(void)
{
	for (unsigned i = 0; i < 3; i++)
		make_read(&stream, i, 1);
}

/* The device fails once: when the first is made, or while it waits. */
static void
one_error(bool at_once)
{
	open_reader(&stream);
	if (at_once)
		feed(&stream, "bc");
	else
		make_three();
	await_still();
	tries_fail(ERROR_IO_DEVICE);
	if (at_once)
		make_three();
	else
		feed(&stream, "bc");
	await_still();
	require_error(0, ERROR_IO_DEVICE);
	require_read(1, "b");
	require_read(2, "c");
	close_stream(&stream);
}

CHECK(the_end_is_told_from_an_error)
{
	scene_begin();
	fill_large();
	end_of(open_reader, ERROR_BROKEN_PIPE);
	end_of(open_socket, NO_ERROR);
	no_reader();
	one_error(true);
	one_error(false);
}

/* ---- Cancelling ---- */

static void
cancel(unsigned number)
{
	require(CancelIoEx(stream.file, &ops[number].overlapped),
		"CancelIoEx did not find a request that had not ended");
}

static void
cancel_one_that_waits(void)
{
	open_reader(&stream);
	for (unsigned i = 0; i < 3; i++)
		make_read(&stream, i, 1);
	await_still();
	cancel(1);
	await_still();
	require_error(1, ERROR_OPERATION_ABORTED);
	require_waits(0);
	feed(&stream, "ab");
	await_still();
	require_read(0, "a");
	require_read(2, "b");
	close_stream(&stream);
}

/* Nothing comes of the try: it would block. */
static void
cancel_one_that_is_tried(void)
{
	struct actor reader;
	bool fed;

	open_reader(&stream);
	tries_block(1);
	fed = hold_the_first(&reader);
	make_read(&stream, 1, 1);
	cancel(0);
	await_still();
	require(!has_ended(0), "a read was cancelled, and ended while it was "
		"being tried");
	go_on(&reader);
	require_error(0, ERROR_OPERATION_ABORTED);
	if (!fed)
		feed(&stream, "a");
	await_still();
	require_read(1, "a");
	close_stream(&stream);
}

/* It has got its byte: nobody else could be given that. */
static void
cancel_one_that_has_its_bytes(void)
{
	struct actor reader;

	open_reader(&stream);
	feed(&stream, "a");
	(void)hold_the_first(&reader);
	cancel(0);
	go_on(&reader);
	require_read(0, "a");
	close_stream(&stream);
}

/* It waited, and the dispatcher tries it. */
static void
cancel_one_that_is_tried_again(bool blocks)
{
	static const struct gate shut = GATE_SHUT;

	open_reader(&stream);
	make_read(&stream, 0, 1);
	await_still();
	held = shut;
	tries_block(blocks);
	tries_hold(&held);
	feed(&stream, "a");
	awaiting("a read to be tried that waited, and there is a byte");
	gate_await_waiting(&held, 1);
	awaiting(NULL);
	cancel(0);
	gate_open(&held);
	await_still();
	if (blocks)
		require_error(0, ERROR_OPERATION_ABORTED);
	else
		require_read(0, "a");
	close_stream(&stream);
}

static void
close_while_one_is_tried(void)
{
	struct actor reader;

	open_reader(&stream);
	tries_block(1);
	(void)hold_the_first(&reader);
	make_read(&stream, 1, 1);
	require(CloseHandle(stream.file), "CloseHandle failed");
	await_still();
	require(!has_ended(0), "the file was closed, and a read ended while "
		"it was being tried");
	require_error(1, ERROR_OPERATION_ABORTED);
	go_on(&reader);
	require_error(0, ERROR_OPERATION_ABORTED);
	require(write(stream.peer, "x", 1) == -1, "the file was closed, all "
		"its requests had ended, and its descriptor was still open");
	stream.file = NULL;
	close_stream(&stream);
}

/* The file is closed before the dispatcher can look. */
static void
close_before_it_looks(void)
{
	open_reader(&stream);
	make_read(&stream, 0, 1);
	await_still();
	feed_and_hold_the_look("a");
	require(CloseHandle(stream.file), "CloseHandle failed");
	stream.file = NULL;
	gate_open(&held);
	await_still();
	require_error(0, ERROR_OPERATION_ABORTED);
	close_stream(&stream);
}

static void
cancel_all(void *unused)
{
	(void)unused;
	(void)CancelIoEx(stream.file, NULL);
}

/* Nobody is held up: who was cancelled has no bytes, who was not has all. */
static void
cancel_at_any_time(void)
{
	static unsigned first = 0;
	struct actor reader, feeder, other;
	unsigned bytes = 0;
	char rest[4];

	open_socket(&stream);
	actor_start(&reader, read_two, &first);
	actor_start(&feeder, feed_two, "x");
	actor_start(&other, cancel_all, NULL);
	actor_join(&reader);
	actor_join(&feeder);
	actor_join(&other);
	await_still();
	for (unsigned i = 0; i < 2; i++) {
		require(has_ended(i), "there were two bytes for two reads, "
			"and one of them did not end");
		bytes += ops[i].error == NO_ERROR;
	}
	make_read(&stream, 2, sizeof(rest));
	if (bytes == 2)
		feed(&stream, "y");
	await_still();
	require_read(2, bytes == 2 ? "y" : bytes == 1 ? "x" : "xx");
	close_stream(&stream);
}

CHECK(a_request_that_is_cancelled_ends_once)
{
	scene_begin();
	cancel_one_that_waits();
	cancel_one_that_is_tried();
	cancel_one_that_has_its_bytes();
	cancel_one_that_is_tried_again(true);
	cancel_one_that_is_tried_again(false);
	close_while_one_is_tried();
	close_before_it_looks();
	if (explore_active())
		cancel_at_any_time();
}

/* ---- From callbacks ---- */

#define CHUNKS 3

static HANDLE pipe_end;
static OVERLAPPED reading;
static char chunk[2], text[2 * CHUNKS + 1];
static struct tally callbacks, done;

static VOID CALLBACK
read_next(PTP_CALLBACK_INSTANCE instance, PVOID context, PVOID overlapped,
	ULONG error, ULONG_PTR bytes, PTP_IO io)
{
	unsigned long number = tally_add(&callbacks) - 1;

	(void)instance;
	(void)context;
	require(overlapped == &reading && error == NO_ERROR && bytes == 2,
		"a callback was called for a read that was not the next");
	require(number < CHUNKS, "there were more callbacks than reads");
	memcpy(text + 2 * number, chunk, 2);
	if (number + 1 < CHUNKS) {
		StartThreadpoolIo(io);
		require(ReadFile(pipe_end, chunk, 2, NULL, &reading) ||
			GetLastError() == ERROR_IO_PENDING,
			"a read that a callback made failed");
	} else {
		CloseThreadpoolIo(io);
		CloseHandle(pipe_end);
		tally_add(&done);
	}
}

static void
feed_chunks(int descriptor, bool still)
{
	for (int i = 0; i < CHUNKS; i++) {
		require(write(descriptor, &"abcdef"[2 * i], 2) == 2,
			"the check itself could not write");
		if (still)
			await_still();
	}
}

/* The bytes are there before each read, or come when it waits. */
static void
read_by_callbacks(PTP_CALLBACK_ENVIRON settings, bool before)
{
	static const struct tally zero = TALLY_ZERO;
	int ends[2];
	PTP_IO io;

	callbacks = done = zero;
	require(pipe(ends) == 0, "the check itself could not open a pipe");
	pipe_end = tp_open_descriptor(ends[0], FILE_FLAG_OVERLAPPED);
	io = CreateThreadpoolIo(pipe_end, read_next, NULL, settings);
	require(io != NULL, "CreateThreadpoolIo failed");
	StartThreadpoolIo(io);
	if (before)
		feed_chunks(ends[1], false);
	require(ReadFile(pipe_end, chunk, 2, NULL, &reading) ||
		GetLastError() == ERROR_IO_PENDING, "ReadFile failed");
	if (!before)
		feed_chunks(ends[1], !explore_active());
	awaiting("the callback of a read that a callback has made");
	tally_await(&done, 1);
	awaiting(NULL);
	require(strcmp(text, "abcdef") == 0, "callbacks that make the next "
		"read got '%s' instead of 'abcdef'", text);
	await_still();
	close(ends[1]);
}

CHECK(a_callback_makes_the_next_request)
{
	TP_CALLBACK_ENVIRON settings;
	PTP_POOL pool;

	scene_begin();
	setenv("TP_IDLE_MS", "100000000", 1);
	setenv("TP_STALL_MS", "100000000", 1);
	pool = CreateThreadpool(NULL);
	require(pool != NULL, "CreateThreadpool failed");
	SetThreadpoolThreadMaximum(pool, 2);
	InitializeThreadpoolEnvironment(&settings);
	SetThreadpoolCallbackPool(&settings, pool);
	read_by_callbacks(&settings, true);
	read_by_callbacks(&settings, false);
	DestroyThreadpoolEnvironment(&settings);
	CloseThreadpool(pool);
	await_still();
}

/* ---- At rest ---- */

CHECK(nobody_asks_again_and_again)
{
	unsigned long before;

	scene_begin();
	fill_large();
	open_socket(&stream);
	make_read(&stream, 0, 1);	/* it could be written to */
	await_still();
	require_waits(0);
	feed(&stream, "abc");
	await_still();
	require_read(0, "a");		/* it could be read from */
	make_write(&stream, 1, large, LARGE);
	await_still();
	require_waits(1);
	before = arms_made();
	cancel(1);
	close_peer(&stream);		/* nobody asks for anything */
	await_still();
	require(arms_made() == before, "no request waited any more, and the "
		"poller was asked to report");
	close_stream(&stream);
}

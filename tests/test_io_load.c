/* test_io_load.c - ten thousand requests at once, and a big file copied */
/* SPDX-License-Identifier: MIT */
/*
 * Whatever happens at the same time, each announced request ends in exactly
 * one callback, and no byte is lost or moved twice. To see that, each message
 * that is sent has a number, and each block of a file is made from its place.
 *
 * The file has 64 MiB; with LOAD=full in the environment, 1 GiB.
 */
#include <sys/resource.h>

#include "requests.h"

/* ---- Ten thousand at once ---- */

#define REQUESTS	10000u
#define SENDERS		2u

struct storm {
	struct private_pool private;
	unsigned ends;			/* pairs are next to each other */
	HANDLE *handles;
	PTP_IO *ios;
	struct ear ear;
};

static struct request requests[REQUESTS];
static unsigned char received[REQUESTS];	/* how often */

/* As many descriptors as there are requests, or as may be. */
static unsigned
raise_the_limit(void)
{
	struct rlimit limit;
	rlim_t wanted = REQUESTS + 200;

	ck_assert_int_eq(getrlimit(RLIMIT_NOFILE, &limit), 0);
	if (limit.rlim_cur < wanted) {
		limit.rlim_cur = limit.rlim_max < wanted ? limit.rlim_max :
			wanted;
		ck_assert_int_eq(setrlimit(RLIMIT_NOFILE, &limit), 0);
	}
	ck_assert_uint_ge(limit.rlim_cur, 400);
	return limit.rlim_cur >= wanted ? REQUESTS :
		(unsigned)(limit.rlim_cur - 200) / 2 * 2;
}

static void
storm_open(struct storm *storm)
{
	storm->ends = raise_the_limit();
	storm->handles = calloc(storm->ends, sizeof(HANDLE));
	storm->ios = calloc(storm->ends, sizeof(PTP_IO));
	private_pool_open(&storm->private, 2, 4);
	for (unsigned i = 0; i < storm->ends; i += 2)
		open_pair(&storm->handles[i]);
	for (unsigned i = 0; i < storm->ends; i++)
		storm->ios[i] = io_object(storm->handles[i], &storm->ear,
			&storm->private.environ);
	for (unsigned i = 0; i < REQUESTS; i++) {
		unsigned end = i % storm->ends;

		StartThreadpoolIo(storm->ios[end]);
		ck_assert(!ReadFile(storm->handles[end], requests[i].buffer,
			sizeof(i), NULL, &requests[i].overlapped));
		ck_assert_uint_eq(GetLastError(), ERROR_IO_PENDING);
	}
}

static void
storm_close(struct storm *storm)
{
	for (unsigned i = 0; i < storm->ends; i++) {
		CloseThreadpoolIo(storm->ios[i]);
		ck_assert(CloseHandle(storm->handles[i]));
	}
	private_pool_close(&storm->private);
	free(storm->ios);
	free(storm->handles);
}

struct sender {
	pthread_t thread;
	struct storm *storm;
	unsigned first, failures;
};

/* Sends its share of the numbers to those who read. */
static void *
send_numbers(void *argument)
{
	struct sender *sender = argument;
	struct storm *storm = sender->storm;

	for (unsigned i = sender->first; i < REQUESTS; i += SENDERS) {
		OVERLAPPED overlapped = { 0 };
		HANDLE to = storm->handles[i % storm->ends ^ 1];

		if (!WriteFile(to, &i, sizeof(i), NULL, &overlapped))
			sender->failures++;
	}
	return NULL;
}

static void
note_number(const char *bytes)
{
	unsigned number;

	memcpy(&number, bytes, sizeof(number));
	ck_assert_uint_lt(number, REQUESTS);
	received[number]++;
}

/* What nobody has read because the read was cancelled. */
static void
drain(HANDLE handle)
{
	struct request read = { .calls = 0 };

	while (ReadFile(handle, read.buffer, sizeof(unsigned), NULL,
	    &read.overlapped))
		note_number(read.buffer);
	ck_assert_uint_eq(GetLastError(), ERROR_IO_PENDING);
	ck_assert(CancelIoEx(handle, NULL));
	assert_outcome(handle, &read, ERROR_OPERATION_ABORTED, 0);
}

/* Each has ended once, in one of two ways. Gives how many were aborted. */
static unsigned
judge_requests(void)
{
	unsigned aborted = 0;

	for (unsigned i = 0; i < REQUESTS; i++) {
		if (requests[i].error == ERROR_OPERATION_ABORTED) {
			assert_told(&requests[i], ERROR_OPERATION_ABORTED, 0);
			aborted++;
		} else {
			assert_told(&requests[i], NO_ERROR, sizeof(i));
			note_number(requests[i].buffer);
		}
	}
	return aborted;
}

START_TEST(ten_thousand_requests_end_once_each_and_no_byte_is_lost)
{	/* IO-03, IO-23, KOBJ-22 */
	static struct storm storm = { .ear = EAR_INIT };
	struct sender senders[SENDERS];
	unsigned cancelled = 0;

	storm_open(&storm);
	for (unsigned i = 0; i < SENDERS; i++) {
		senders[i] = (struct sender){ .storm = &storm, .first = i };
		ck_assert_int_eq(pthread_create(&senders[i].thread, NULL,
			send_numbers, &senders[i]), 0);
	}
	for (unsigned i = REQUESTS; i-- > 0; )
		if (i % 3 == 0)
			cancelled += CancelIoEx(storm.handles[i % storm.ends],
				&requests[i].overlapped) != FALSE;
	for (unsigned i = 0; i < SENDERS; i++) {
		ck_assert_int_eq(pthread_join(senders[i].thread, NULL), 0);
		ck_assert_uint_eq(senders[i].failures, 0);
	}
	for (unsigned i = 0; i < storm.ends; i++)
		WaitForThreadpoolIoCallbacks(storm.ios[i], FALSE);
	ck_assert_uint_eq(tally_read(&storm.ear.calls), REQUESTS);
	ck_assert_uint_le(judge_requests(), cancelled);
	for (unsigned i = 0; i < storm.ends; i++)
		drain(storm.handles[i]);
	for (unsigned i = 0; i < REQUESTS; i++)
		ck_assert_uint_eq(received[i], 1);
	storm_close(&storm);
}
END_TEST

START_TEST(ten_thousand_requests_are_cancelled_file_by_file)
{	/* IO-18 */
	static struct storm storm = { .ear = EAR_INIT };

	storm_open(&storm);
	for (unsigned i = 0; i < storm.ends; i++)
		ck_assert(CancelIoEx(storm.handles[i], NULL));
	for (unsigned i = 0; i < storm.ends; i++)
		ck_assert(CloseHandle(storm.handles[i]));
	for (unsigned i = 0; i < storm.ends; i++) {
		WaitForThreadpoolIoCallbacks(storm.ios[i], FALSE);
		CloseThreadpoolIo(storm.ios[i]);
	}
	ck_assert_uint_eq(judge_requests(), REQUESTS);
	private_pool_close(&storm.private);
	free(storm.ios);
	free(storm.handles);
}
END_TEST

/* ---- Objects that come and go ---- */

#define ROUNDS	500u

static void *
come_and_go(void *unused)
{
	for (unsigned i = 0; i < ROUNDS; i++) {
		struct ear ear = EAR_INIT;
		struct request read = { .calls = 0 };
		HANDLE ends[2];
		PTP_IO io;

		open_pair(ends);
		io = io_object(ends[0], &ear, NULL);
		announce_read(io, ends[0], &read);
		if (i % 3 == 0)
			CloseThreadpoolIo(io);
		if (i % 2 == 0)
			put_text(ends[1], "x");
		else
			ck_assert(CancelIoEx(ends[0], NULL));
		tally_await(&ear.calls, 1);
		ck_assert(CloseHandle(ends[i % 2]));
		ck_assert(CloseHandle(ends[i % 2 ^ 1]));
		if (i % 3 != 0) {
			WaitForThreadpoolIoCallbacks(io, i % 4 == 0);
			CloseThreadpoolIo(io);
		}
	}
	return unused;
}

START_TEST(objects_and_handles_may_come_and_go_in_several_threads)
{	/* IO-16, IO-17 */
	pthread_t threads[4];

	for (int i = 0; i < 4; i++)
		ck_assert_int_eq(pthread_create(&threads[i], NULL,
			come_and_go, NULL), 0);
	for (int i = 0; i < 4; i++)
		ck_assert_int_eq(pthread_join(threads[i], NULL), 0);
}
END_TEST

/* ---- A big file ---- */

#define BLOCK	(256u * 1024)
#define SLOTS	16u

/* A file is copied block by block, many of them at once. */
struct copy {
	HANDLE from, to;		/* from: NULL: made up */
	PTP_IO reads, writes;
	LONG volatile next;		/* block */
	LONG blocks;
	struct tally finished;		/* slots that have no more to do */
	LONG volatile failures;
};

struct slot {
	OVERLAPPED overlapped;		/* first */
	struct copy *copy;
	LONG block;
	uint64_t words[BLOCK / 8];
};

static uint64_t
word_of(LONG block, size_t i)
{
	uint64_t place = (uint64_t)block * (BLOCK / 8) + i;

	return place * 0x9E3779B97F4A7C15u ^ place >> 7;
}

static void
set_place(struct slot *slot)
{
	uint64_t offset = (uint64_t)slot->block * BLOCK;

	slot->overlapped = (OVERLAPPED){ .Offset = (DWORD)offset,
		.OffsetHigh = (DWORD)(offset >> 32) };
}

/* An announced request was made; if it has failed, that is noted. */
static void
check_begun(struct slot *slot, PTP_IO io, BOOL done)
{
	if (done || GetLastError() == ERROR_IO_PENDING)
		return;
	CancelThreadpoolIo(io);
	InterlockedIncrement(&slot->copy->failures);
	tally_add(&slot->copy->finished);
}

static void
write_block(struct slot *slot)
{
	struct copy *copy = slot->copy;

	set_place(slot);
	StartThreadpoolIo(copy->writes);
	check_begun(slot, copy->writes, WriteFile(copy->to, slot->words,
		BLOCK, NULL, &slot->overlapped));
}

/* Takes the next block, or is finished. */
static void
next_block(struct slot *slot)
{
	struct copy *copy = slot->copy;

	slot->block = InterlockedIncrement(&copy->next) - 1;
	if (slot->block >= copy->blocks) {
		tally_add(&copy->finished);
	} else if (copy->from != NULL) {
		set_place(slot);
		StartThreadpoolIo(copy->reads);
		check_begun(slot, copy->reads, ReadFile(copy->from,
			slot->words, BLOCK, NULL, &slot->overlapped));
	} else {
		for (size_t i = 0; i < BLOCK / 8; i++)
			slot->words[i] = word_of(slot->block, i);
		write_block(slot);
	}
}

static VOID CALLBACK
was_read(PTP_CALLBACK_INSTANCE instance, PVOID context, PVOID overlapped,
	ULONG error, ULONG_PTR bytes, PTP_IO io)
{
	struct copy *copy = context;

	(void)instance;
	(void)io;
	if (error != NO_ERROR || bytes != BLOCK)
		InterlockedIncrement(&copy->failures);
	write_block(overlapped);
}

static VOID CALLBACK
was_written(PTP_CALLBACK_INSTANCE instance, PVOID context, PVOID overlapped,
	ULONG error, ULONG_PTR bytes, PTP_IO io)
{
	struct copy *copy = context;

	(void)instance;
	(void)io;
	if (error != NO_ERROR || bytes != BLOCK)
		InterlockedIncrement(&copy->failures);
	next_block(overlapped);
}

/* Copies all blocks, or makes them up. */
static void
run_copy(struct copy *copy, struct slot *slots)
{
	for (unsigned i = 0; i < SLOTS; i++) {
		slots[i].copy = copy;
		next_block(&slots[i]);
	}
	tally_await(&copy->finished, SLOTS);
	WaitForThreadpoolIoCallbacks(copy->writes, FALSE);
	CloseThreadpoolIo(copy->writes);
	ck_assert_int_eq(copy->failures, 0);
}

static void
compare(HANDLE file, LONG blocks, struct slot *slot)
{
	DWORD bytes = 0;

	for (slot->block = 0; slot->block < blocks; slot->block++) {
		set_place(slot);
		memset(slot->words, 0, BLOCK);
		assert_begun(ReadFile(file, slot->words, BLOCK, NULL,
			&slot->overlapped));
		ck_assert_uint_eq(outcome(file, &slot->overlapped, &bytes),
			NO_ERROR);
		ck_assert_uint_eq(bytes, BLOCK);
		for (size_t i = 0; i < BLOCK / 8; i++)
			if (slot->words[i] != word_of(slot->block, i))
				ck_abort_msg("block %d, word %zu: wrong",
					(int)slot->block, i);
	}
}

/* A file without a name. */
static int
nameless_file(void)
{
	char path[] = "build/load.XXXXXX";
	int descriptor = mkstemp(path);

	ck_assert_int_ge(descriptor, 0);
	ck_assert_int_eq(unlink(path), 0);
	return descriptor;
}

static PTP_IO
io_of(HANDLE file, PTP_WIN32_IO_CALLBACK callback, struct copy *copy)
{
	PTP_IO io = CreateThreadpoolIo(file, callback, copy, NULL);

	ck_assert_ptr_nonnull(io);
	return io;
}

START_TEST(a_big_file_is_copied_and_each_byte_is_right)
{	/* KOBJ-23, IO-03, IO-19 */
	const char *load = getenv("LOAD");
	LONG blocks = load != NULL && strcmp(load, "full") == 0 ? 4096 : 256;
	struct copy made = { .finished = TALLY_INIT, .blocks = blocks };
	struct copy copy = { .finished = TALLY_INIT, .blocks = blocks };
	struct slot *slots = calloc(SLOTS, sizeof(*slots));
	int source = nameless_file();
	LARGE_INTEGER size;

	ck_assert_ptr_nonnull(slots);
	made.to = adopt(dup(source));
	made.writes = io_of(made.to, was_written, &made);
	run_copy(&made, slots);
	ck_assert(CloseHandle(made.to));
	copy.from = adopt(source);
	copy.reads = io_of(copy.from, was_read, &copy);
	copy.to = adopt(nameless_file());
	copy.writes = io_of(copy.to, was_written, &copy);
	run_copy(&copy, slots);
	CloseThreadpoolIo(copy.reads);
	ck_assert(CloseHandle(copy.from));
	ck_assert(GetFileSizeEx(copy.to, &size));
	ck_assert_int_eq(size.QuadPart, (LONGLONG)blocks * BLOCK);
	compare(copy.to, blocks, slots);
	ck_assert(CloseHandle(copy.to));
	free(slots);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("io_load");
	TCase *large = io_case(suite, "large");

	tcase_add_test(large,
		ten_thousand_requests_end_once_each_and_no_byte_is_lost);
	tcase_add_test(large,
		ten_thousand_requests_are_cancelled_file_by_file);
	tcase_add_test(large,
		objects_and_handles_may_come_and_go_in_several_threads);
	tcase_add_test(large, a_big_file_is_copied_and_each_byte_is_right);
	return harness_run(suite);
}

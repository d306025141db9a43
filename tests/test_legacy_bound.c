/* test_legacy_bound.c - bound files: BindIoCompletionCallback */
/* SPDX-License-Identifier: MIT */
/*
 * A function that is called for each request of a file, from the day on which
 * it was bound until the file is closed. It gets no context but the OVERLAPPED,
 * which is the beginning of a request here (requests.h).
 *
 * A file that cannot be bound stays as it was; nothing that was made for it is
 * left.
 */
#include "kernel.h"
#include "requests.h"

static struct tally told;	/* requests that the function was called for */
static struct gate *held;	/* where each call waits; NULL: nowhere */

static VOID CALLBACK
note_end(DWORD error, DWORD bytes, LPOVERLAPPED overlapped)
{
	struct request *request = (struct request *)overlapped;

	request->error = error;
	request->bytes = bytes;
	request->thread = GetCurrentThreadId();
	InterlockedIncrement(&request->calls);
	if (held != NULL)
		gate_wait(held);
	tally_add(&told);
}

static void
bind_file(HANDLE file)
{
	ck_assert(BindIoCompletionCallback(file, note_end, 0));
}

/* For await: the default pool runs nothing, and nothing is queued. */
static bool
all_is_done(void *unused)
{
	TP_POOL *pool = tp_pool_default();
	bool done;

	(void)unused;
	tp_lock(&pool->lock);
	done = pool->running == 0 && pool->queue.posts == 0;
	tp_unlock(&pool->lock);
	return done;
}

/* ---- Binding ---- */

START_TEST(what_is_not_for_overlapped_requests_is_refused)
{	/* LEGACY-32 */
	HANDLE file = open_file(0), door = event(MANUAL, UNSET), ends[2];

	open_pair(ends);
	ck_assert_fails(BindIoCompletionCallback(file, note_end, 0),
		ERROR_INVALID_PARAMETER);
	ck_assert_fails(BindIoCompletionCallback(ends[0], note_end, 1),
		ERROR_INVALID_PARAMETER);
	ck_assert_fails(BindIoCompletionCallback(ends[0], NULL, 0),
		ERROR_INVALID_PARAMETER);
	ck_assert_fails(BindIoCompletionCallback(door, note_end, 0),
		ERROR_INVALID_HANDLE);
	ck_assert_fails(BindIoCompletionCallback(STALE, note_end, 0),
		ERROR_INVALID_HANDLE);
	ck_assert_fails(BindIoCompletionCallback(NULL, note_end, 0),
		ERROR_INVALID_HANDLE);
	bind_file(ends[0]);		/* all that has bound nothing */
	close_all(2, (HANDLE[]){ file, door });
	close_ends(ends);
}
END_TEST

START_TEST(a_file_is_bound_once_in_its_life)
{	/* LEGACY-33 */
	struct ear ear = EAR_INIT;
	HANDLE ends[2], copy;

	open_pair(ends);
	ck_assert(DuplicateHandle(GetCurrentProcess(), ends[0],
		GetCurrentProcess(), &copy, 0, FALSE, DUPLICATE_SAME_ACCESS));
	bind_file(ends[0]);
	ck_assert_fails(BindIoCompletionCallback(ends[0], note_end, 0),
		ERROR_INVALID_PARAMETER);
	ck_assert_fails(BindIoCompletionCallback(ends[0], NULL, 0),
		ERROR_INVALID_PARAMETER);
	ck_assert_fails(BindIoCompletionCallback(copy, note_end, 0),
		ERROR_INVALID_PARAMETER);
	ck_assert_fails(CreateThreadpoolIo(ends[0], hear, &ear, NULL),
		ERROR_INVALID_PARAMETER);
	CloseThreadpoolIo(io_object(ends[1], &ear, NULL));
	ck_assert_fails(BindIoCompletionCallback(ends[1], note_end, 0),
		ERROR_INVALID_PARAMETER);
	close_ends(ends);
	ck_assert(CloseHandle(copy));
}
END_TEST

START_TEST(a_binding_that_got_no_memory_fails_and_can_be_repeated)
{	/* LEGACY-32 */
	struct request read = { .calls = 0 };
	unsigned long n = 0;
	HANDLE ends[2];
	BOOL bound;

	open_pair(ends);
	fail_threads(true);
	ck_assert_fails(BindIoCompletionCallback(ends[0], note_end, 0),
		ERROR_NOT_ENOUGH_MEMORY);
	fail_threads(false);
	do {
		SetLastError(0xDEAD);
		fail_allocation_number(++n);
		bound = BindIoCompletionCallback(ends[0], note_end, 0);
		fail_allocation_number(0);
		if (!bound)
			ck_assert_uint_eq(GetLastError(),
				ERROR_NOT_ENOUGH_MEMORY);
	} while (!bound);
	ck_assert_uint_ge(n, 2);
	begin_read(ends[0], &read);
	put_text(ends[1], "x");
	tally_await(&told, 1);
	assert_told(&read, NO_ERROR, 1);
	close_ends(ends);
}
END_TEST

/* ---- What the function is told ---- */

START_TEST(a_success_at_once_is_told_with_its_bytes)
{	/* LEGACY-34, LEGACY-35 */
	struct request write = { .calls = 0 };
	HANDLE ends[2];

	open_pair(ends);
	bind_file(ends[0]);
	ck_assert(WriteFile(ends[0], "four", 4, NULL, &write.overlapped));
	tally_await(&told, 1);
	await(all_is_done, NULL);
	assert_told(&write, NO_ERROR, 4);
	ck_assert_uint_ne(write.thread, GetCurrentThreadId());
	close_ends(ends);
}
END_TEST

START_TEST(a_pending_request_is_told_when_it_ends_well_or_not)
{	/* LEGACY-34 */
	struct request read = { .calls = 0 }, given_up = { .calls = 0 };
	HANDLE ends[2];

	open_pair(ends);
	bind_file(ends[0]);
	begin_read(ends[0], &read);
	put_text(ends[1], "word");
	tally_await(&told, 1);
	assert_told(&read, NO_ERROR, 4);
	ck_assert_int_eq(memcmp(read.buffer, "word", 4), 0);
	begin_read(ends[0], &given_up);
	ck_assert(CancelIoEx(ends[0], &given_up.overlapped));
	tally_await(&told, 2);
	assert_told(&given_up, ERROR_OPERATION_ABORTED, 0);
	close_ends(ends);
}
END_TEST

START_TEST(requests_of_a_file_on_disk_are_told_too)
{	/* LEGACY-34 */
	struct request write = { .calls = 0 }, read = { .calls = 0 };
	HANDLE file = open_file(FILE_FLAG_OVERLAPPED);

	bind_file(file);
	assert_begun(WriteFile(file, "hello", 5, NULL, &write.overlapped));
	tally_await(&told, 1);
	assert_told(&write, NO_ERROR, 5);
	read.overlapped.Offset = 1;
	assert_begun(ReadFile(file, read.buffer, 64, NULL,
		&read.overlapped));
	tally_await(&told, 2);
	assert_told(&read, NO_ERROR, 4);
	ck_assert_int_eq(memcmp(read.buffer, "ello", 4), 0);
	ck_assert(CloseHandle(file));
}
END_TEST

START_TEST(a_failure_at_once_is_not_told)
{	/* LEGACY-34 */
	struct request read = { .calls = 0 };
	HANDLE ends[2];

	open_pipe(ends);
	bind_file(ends[0]);
	ck_assert_fails(ReadFile(ends[0], NULL, 1, NULL, &read.overlapped),
		ERROR_NOACCESS);
	ck_assert_fails(WriteFile(ends[0], "x", 1, NULL, &read.overlapped),
		ERROR_ACCESS_DENIED);
	await(all_is_done, NULL);
	ck_assert_uint_eq(tally_read(&told), 0);
	close_ends(ends);
}
END_TEST

START_TEST(where_successes_are_skipped_one_at_once_is_not_told)
{	/* LEGACY-34; IO-08 */
	struct request write = { .calls = 0 }, read = { .calls = 0 };
	HANDLE ends[2];

	open_pair(ends);
	bind_file(ends[0]);
	ck_assert(SetFileCompletionNotificationModes(ends[0],
		FILE_SKIP_COMPLETION_PORT_ON_SUCCESS));
	ck_assert(WriteFile(ends[0], "four", 4, NULL, &write.overlapped));
	begin_read(ends[0], &read);
	put_text(ends[1], "x");
	tally_await(&told, 1);
	await(all_is_done, NULL);
	assert_told(&read, NO_ERROR, 1);
	ck_assert_int_eq(calls_of(&write), 0);
	close_ends(ends);
}
END_TEST

START_TEST(a_call_that_blocks_holds_up_no_other)
{	/* LEGACY-34 */
	struct request writes[2] = { { .calls = 0 } };
	struct gate gate = GATE_INIT;
	HANDLE ends[2];

	setenv("TP_PROCESSORS", "4", 1);
	held = &gate;
	open_pair(ends);
	bind_file(ends[0]);
	for (int i = 0; i < 2; i++)
		ck_assert(WriteFile(ends[0], "x", 1, NULL,
			&writes[i].overlapped));
	gate_await_waiting(&gate, 2);
	gate_open(&gate);
	tally_await(&told, 2);
	await(all_is_done, NULL);
	for (int i = 0; i < 2; i++)
		assert_told(&writes[i], NO_ERROR, 1);
	close_ends(ends);
}
END_TEST

/* ---- Its life ---- */

START_TEST(each_request_is_told_once_and_nothing_was_announced)
{	/* LEGACY-35 */
	enum { MOST = 10 };
	struct request writes[MOST] = { { .calls = 0 } };
	unsigned count = (unsigned)enough(MOST, 3);
	HANDLE ends[2];

	open_pair(ends);
	bind_file(ends[0]);
	for (unsigned i = 0; i < count; i++)
		ck_assert(WriteFile(ends[0], "four", 4, NULL,
			&writes[i].overlapped));
	ck_assert(CloseHandle(ends[0]));	/* they have all ended */
	tally_await(&told, count);
	await(all_is_done, NULL);
	ck_assert_uint_eq(tally_read(&told), count);
	for (unsigned i = 0; i < count; i++)
		assert_told(&writes[i], NO_ERROR, 4);
	ck_assert(CloseHandle(ends[1]));
}
END_TEST

START_TEST(closing_the_file_ends_its_requests_and_the_binding)
{	/* LEGACY-35 */
	struct request read = { .calls = 0 };
	unsigned long before;
	HANDLE ends[2];

	open_pair(ends);
	before = live_allocations() - 1;	/* without ends[0], then */
	bind_file(ends[0]);
	begin_read(ends[0], &read);
	close_anyway(ends[0]);
	tally_await(&told, 1);
	assert_told(&read, ERROR_OPERATION_ABORTED, 0);
	await(is_freed, &before);
	ck_assert(CloseHandle(ends[1]));
}
END_TEST

static HANDLE to_be_closed;

static VOID CALLBACK
close_the_file(DWORD error, DWORD bytes, LPOVERLAPPED overlapped)
{
	BOOL closed = CloseHandle(to_be_closed);

	note_end(closed ? error : GetLastError(), bytes, overlapped);
}

START_TEST(the_function_may_close_its_file)
{	/* LEGACY-35 */
	struct request read = { .calls = 0 };
	HANDLE ends[2];

	open_pair(ends);
	to_be_closed = ends[0];
	ck_assert(BindIoCompletionCallback(ends[0], close_the_file, 0));
	begin_read(ends[0], &read);
	put_text(ends[1], "x");
	tally_await(&told, 1);
	assert_told(&read, NO_ERROR, 1);
	ck_assert(CloseHandle(ends[1]));
}
END_TEST

/* ---- The suite ---- */

static void
prepare(void)
{
	told = (struct tally)TALLY_INIT;
	open_io();
}

static void
add_bound(TCase *small)
{
	tcase_add_test(small, what_is_not_for_overlapped_requests_is_refused);
	tcase_add_test(small, a_file_is_bound_once_in_its_life);
	tcase_add_test(small,
		a_binding_that_got_no_memory_fails_and_can_be_repeated);
	tcase_add_test(small, a_success_at_once_is_told_with_its_bytes);
	tcase_add_test(small,
		a_pending_request_is_told_when_it_ends_well_or_not);
	tcase_add_test(small, requests_of_a_file_on_disk_are_told_too);
	tcase_add_test(small, a_failure_at_once_is_not_told);
	tcase_add_test(small,
		where_successes_are_skipped_one_at_once_is_not_told);
	tcase_add_test(small, a_call_that_blocks_holds_up_no_other);
	tcase_add_test(small,
		each_request_is_told_once_and_nothing_was_announced);
	tcase_add_test(small,
		closing_the_file_ends_its_requests_and_the_binding);
	tcase_add_test(small, the_function_may_close_its_file);
}

int
main(void)
{
	Suite *suite = suite_create("legacy_bound");
	TCase *small = harness_case(suite, "small");

	harness_add_fixture(small, prepare, NULL);
	add_bound(small);
	return harness_run(suite);
}

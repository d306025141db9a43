/* test_io_wait.c - I/O objects: waiting, and what it takes back */
/* SPDX-License-Identifier: MIT */
/*
 * A wait is for announcements, not for requests: it begins to hold with
 * StartThreadpoolIo, and ends when as many callbacks have run, or were taken
 * back. With cancel it takes back all of them; the requests go on, and their
 * ends mean nothing any more. Closing is in test_io_close.c.
 */
#include "kernel.h"
#include "requests.h"

/* ---- Waiting ---- */

static void *
wait_for_io(void *io)
{
	WaitForThreadpoolIoCallbacks(io, FALSE);
	return NULL;
}

START_TEST(a_wait_holds_from_the_announcement_on)
{	/* IO-13 */
	struct ear ear = EAR_INIT;
	struct request read = { .calls = 0 };
	HANDLE ends[2];
	pthread_t waiter;
	PTP_IO io;

	open_pair(ends);
	io = io_object(ends[0], &ear, NULL);
	WaitForThreadpoolIoCallbacks(io, FALSE);	/* nothing is */
	StartThreadpoolIo(io);
	ck_assert_int_eq(pthread_create(&waiter, NULL, wait_for_io, io), 0);
	await(io_has_waiter, io);
	begin_read(ends[0], &read);
	ck_assert(io_has_waiter(io));
	put_text(ends[1], "x");
	ck_assert_int_eq(pthread_join(waiter, NULL), 0);
	assert_told(&read, NO_ERROR, 1);
	CloseThreadpoolIo(io);
	close_ends(ends);
}
END_TEST

START_TEST(a_wait_ends_when_the_announcement_is_taken_back)
{	/* IO-13, IO-23 */
	struct ear ear = EAR_INIT;
	HANDLE ends[2];
	pthread_t waiter;
	PTP_IO io;

	open_pair(ends);
	io = io_object(ends[0], &ear, NULL);
	StartThreadpoolIo(io);
	StartThreadpoolIo(io);
	ck_assert_int_eq(pthread_create(&waiter, NULL, wait_for_io, io), 0);
	await(io_has_waiter, io);
	CancelThreadpoolIo(io);
	ck_assert(io_has_waiter(io));
	CancelThreadpoolIo(io);
	ck_assert_int_eq(pthread_join(waiter, NULL), 0);
	CloseThreadpoolIo(io);
	close_ends(ends);
}
END_TEST

START_TEST(a_wait_covers_the_callback_that_runs)
{	/* IO-13 */
	struct gate gate = GATE_INIT;
	struct ear ear = { .calls = TALLY_INIT, .gate = &gate };
	struct request read = { .calls = 0 };
	HANDLE ends[2];
	pthread_t waiter;
	PTP_IO io;

	open_pair(ends);
	io = io_object(ends[0], &ear, NULL);
	announce_read(io, ends[0], &read);
	put_text(ends[1], "x");
	gate_await_waiting(&gate, 1);
	ck_assert_int_eq(pthread_create(&waiter, NULL, wait_for_io, io), 0);
	await(io_has_waiter, io);
	ck_assert_uint_eq(tally_read(&ear.calls), 0);
	gate_open(&gate);
	ck_assert_int_eq(pthread_join(waiter, NULL), 0);
	ck_assert_uint_eq(tally_read(&ear.calls), 1);
	CloseThreadpoolIo(io);
	close_ends(ends);
}
END_TEST

static VOID CALLBACK
stand(PTP_CALLBACK_INSTANCE instance, PVOID gate, PTP_WORK work)
{
	(void)instance;
	(void)work;
	gate_wait(gate);
}

START_TEST(waiting_with_cancel_forgets_what_is_queued)
{	/* IO-14 */
	struct ear ear = EAR_INIT;
	struct request reads[2] = { { .calls = 0 } };
	struct gate gate = GATE_INIT;
	struct private_pool private;
	HANDLE ends[2];
	PTP_WORK holder;
	PTP_IO io;

	private_pool_open(&private, 1, 1);
	open_pipe(ends);
	holder = CreateThreadpoolWork(stand, &gate, &private.environ);
	io = io_object(ends[0], &ear, &private.environ);
	SubmitThreadpoolWork(holder);
	gate_await_waiting(&gate, 1);
	for (int i = 0; i < 2; i++) {
		announce_read(io, ends[0], &reads[i]);
		put_text(ends[1], "x");
		assert_outcome(ends[0], &reads[i], NO_ERROR, 1);
	}
	WaitForThreadpoolIoCallbacks(io, TRUE);	/* both are queued */
	gate_open(&gate);
	assert_heard(io, &ear, 0);
	WaitForThreadpoolWorkCallbacks(holder, FALSE);
	ck_assert_uint_eq(tally_read(&ear.calls), 0);
	CloseThreadpoolWork(holder);
	CloseThreadpoolIo(io);
	close_ends(ends);
	private_pool_close(&private);
}
END_TEST

static void *
wait_and_cancel(void *io)
{
	WaitForThreadpoolIoCallbacks(io, TRUE);
	return NULL;
}

START_TEST(waiting_with_cancel_waits_for_the_callback_that_runs)
{	/* IO-14 */
	struct gate gate = GATE_INIT;
	struct ear ear = { .calls = TALLY_INIT, .gate = &gate };
	struct request reads[2] = { { .calls = 0 } };
	HANDLE ends[2];
	pthread_t waiter;
	PTP_IO io;

	open_pair(ends);
	io = io_object(ends[0], &ear, NULL);
	announce_read(io, ends[0], &reads[0]);
	announce_read(io, ends[0], &reads[1]);
	put_text(ends[1], "x");
	gate_await_waiting(&gate, 1);
	ck_assert_int_eq(pthread_create(&waiter, NULL, wait_and_cancel, io),
		0);
	await(io_has_waiter, io);
	ck_assert_uint_eq(tally_read(&ear.calls), 0);
	gate_open(&gate);
	ck_assert_int_eq(pthread_join(waiter, NULL), 0);
	ck_assert_uint_eq(tally_read(&ear.calls), 1);
	put_text(ends[1], "y");
	assert_outcome(ends[0], &reads[1], NO_ERROR, 1);
	assert_heard(io, &ear, 1);
	CloseThreadpoolIo(io);
	close_ends(ends);
}
END_TEST

START_TEST(waiting_with_cancel_forgets_what_is_announced)
{	/* IO-14 */
	struct ear ear = EAR_INIT;
	HANDLE ends[2];
	PTP_IO io;

	open_pair(ends);
	io = io_object(ends[0], &ear, NULL);
	StartThreadpoolIo(io);
	StartThreadpoolIo(io);
	WaitForThreadpoolIoCallbacks(io, TRUE);
	assert_heard(io, &ear, 0);		/* and holds nobody up */
	CloseThreadpoolIo(io);
	close_ends(ends);
}
END_TEST

START_TEST(waiting_with_cancel_leaves_the_request_under_way)
{	/* IO-15 */
	struct ear ear = EAR_INIT;
	struct request read = { .calls = 0 };
	HANDLE ends[2];
	PTP_IO io;

	open_pair(ends);
	io = io_object(ends[0], &ear, NULL);
	announce_read(io, ends[0], &read);
	WaitForThreadpoolIoCallbacks(io, TRUE);
	ck_assert(!HasOverlappedIoCompleted(&read.overlapped));
	put_text(ends[1], "still here");
	assert_outcome(ends[0], &read, NO_ERROR, 10);
	ck_assert_int_eq(memcmp(read.buffer, "still here", 10), 0);
	assert_heard(io, &ear, 0);
	CloseThreadpoolIo(io);
	close_ends(ends);
}
END_TEST

START_TEST(after_all_was_forgotten_the_next_one_brings_its_callback)
{	/* IO-25 */
	struct ear ear = EAR_INIT;
	struct request read = { .calls = 0 };
	HANDLE ends[2];
	PTP_IO io;

	open_pair(ends);
	io = io_object(ends[0], &ear, NULL);
	StartThreadpoolIo(io);
	WaitForThreadpoolIoCallbacks(io, TRUE);
	StartThreadpoolIo(io);
	put_text(ends[1], "x");
	ck_assert(ReadFile(ends[0], read.buffer, 1, NULL, &read.overlapped));
	assert_heard(io, &ear, 1);
	assert_told(&read, NO_ERROR, 1);
	CloseThreadpoolIo(io);
	close_ends(ends);
}
END_TEST

START_TEST(the_end_of_a_forgotten_request_is_not_that_of_the_next)
{	/* IO-14, IO-25; each completion belongs to its request */
	struct ear ear = EAR_INIT;
	struct request old = { .calls = 0 }, new = { .calls = 0 };
	HANDLE ends[2];
	PTP_IO io;

	open_pair(ends);
	io = io_object(ends[0], &ear, NULL);
	announce_read(io, ends[0], &old);
	WaitForThreadpoolIoCallbacks(io, TRUE);
	announce_read(io, ends[0], &new);
	put_text(ends[1], "x");
	assert_outcome(ends[0], &old, NO_ERROR, 1);
	ck_assert_uint_eq(tally_read(&ear.calls), 0);
	put_text(ends[1], "yz");
	assert_heard(io, &ear, 1);
	ck_assert_int_eq(calls_of(&old), 0);
	assert_told(&new, NO_ERROR, 2);
	CloseThreadpoolIo(io);
	close_ends(ends);
}
END_TEST

START_TEST(what_was_forgotten_can_still_be_taken_back)
{	/* IO-05, IO-14; our choice: its caller cannot know of the wait */
	struct ear ear = EAR_INIT;
	OVERLAPPED overlapped = { 0 };
	unsigned long before;
	HANDLE ends[2];
	PTP_IO io;

	open_pair(ends);
	before = live_allocations();
	io = io_object(ends[0], &ear, NULL);
	StartThreadpoolIo(io);
	WaitForThreadpoolIoCallbacks(io, TRUE);
	ck_assert_fails(ReadFile(ends[0], NULL, 1, NULL, &overlapped),
		ERROR_NOACCESS);
	CancelThreadpoolIo(io);
	CloseThreadpoolIo(io);
	await(is_freed, &before);	/* IO-17 */
	close_ends(ends);
}
END_TEST

/* ---- The account ---- */

static unsigned
next_random(unsigned *state)
{
	*state = *state * 1103515245u + 12345u;
	return *state >> 16;
}

/* So many announcements; some are taken back, the others are requests. */
static void
settle_accounts(PTP_IO io, HANDLE ends[2], struct ear *ear, unsigned seed)
{
	struct request reads[16] = { { .calls = 0 } };
	unsigned made = 0, open = 0, before = (unsigned)tally_read(&ear->calls);

	for (unsigned i = 0; i < 16; i++) {
		StartThreadpoolIo(io);
		open++;
		if (next_random(&seed) % 3 == 0) {
			CancelThreadpoolIo(io);
			open--;
		}
	}
	for (unsigned i = 0; i < open; i++)
		if (next_random(&seed) % 2 == 0)
			begin_read(ends[0], &reads[made++]);
	for (unsigned i = 0; i < made; i++)
		if (next_random(&seed) % 2 == 0)
			(void)CancelIoEx(ends[0], &reads[i].overlapped);
	for (unsigned i = 0; i < made; i++)
		if (!HasOverlappedIoCompleted(&reads[i].overlapped)) {
			put_text(ends[1], "x");
			assert_outcome(ends[0], &reads[i], NO_ERROR, 1);
		}
	for (unsigned i = made; i < open; i++)
		CancelThreadpoolIo(io);
	assert_heard(io, ear, before + made);
}

START_TEST(a_wait_ends_when_all_announcements_are_accounted_for)
{	/* IO-23 */
	struct ear ear = EAR_INIT;
	HANDLE ends[2];
	PTP_IO io;

	open_pipe(ends);
	io = io_object(ends[0], &ear, NULL);
	for (unsigned round = 1; round <= enough(500, 2); round++)
		settle_accounts(io, ends, &ear, round);
	CloseThreadpoolIo(io);
	close_ends(ends);
}
END_TEST

/* ---- The suite ---- */

static void
add_io_wait(TCase *small)
{
	tcase_add_test(small, a_wait_holds_from_the_announcement_on);
	tcase_add_test(small, a_wait_ends_when_the_announcement_is_taken_back);
	tcase_add_test(small, a_wait_covers_the_callback_that_runs);
	tcase_add_test(small, waiting_with_cancel_forgets_what_is_queued);
	tcase_add_test(small, waiting_with_cancel_forgets_what_is_announced);
	tcase_add_test(small,
		waiting_with_cancel_waits_for_the_callback_that_runs);
	tcase_add_test(small, waiting_with_cancel_leaves_the_request_under_way);
	tcase_add_test(small,
		after_all_was_forgotten_the_next_one_brings_its_callback);
	tcase_add_test(small,
		the_end_of_a_forgotten_request_is_not_that_of_the_next);
	tcase_add_test(small, what_was_forgotten_can_still_be_taken_back);
	tcase_add_test(small,
		a_wait_ends_when_all_announcements_are_accounted_for);
}

#ifndef PARTS
int
main(void)
{
	Suite *suite = suite_create("io_wait");

	add_io_wait(io_case(suite, "small"));
	return harness_run(suite);
}
#endif

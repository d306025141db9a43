/* SPDX-License-Identifier: MIT */
/*
 * test_scenario_io.c - the end of a request against everything else
 *
 * Scenarios of I/O objects (scenario.h says what a scenario is; wire.h has
 * the ends and the requests). The comment above a test names the function
 * whose promise is at stake. Bytes are counted: each has been read by one
 * request that says so, or is still there.
 */
#include "wire.h"

/* ---- The end of a request against waits ---- */

/* discard and end of io.c: a request of an old round means nothing. */
START_TEST(the_end_against_a_wait_that_cancels_brings_no_late_callback)
{	/* IO-14, IO-15, IO-25 */
	struct order first = { .told = 0 }, second = { .told = 0 };
	struct race race = { .count = 0 };
	struct wire wire;

	if (!try_wire(&wire))
		return;
	if (try_read(&wire, &first, 1)) {
		race_start(&race, put_a, &wire);
		WaitForThreadpoolIoCallbacks(wire.io, TRUE);
		InterlockedIncrement(&wire.over);
		race_join(&race);
		call_off(&first);
		ck_assert_int_le(count_of(&first.told), 1);
	}
	InterlockedExchange(&wire.over, 0);
	if (try_read(&wire, &second, 1)) {
		put_text(&wire, "b");
		WaitForThreadpoolIoCallbacks(wire.io, FALSE);
		assert_told_once(&second);
		(void)ended_well(&second, false);
	}
	wire_close(&wire);
}
END_TEST

/* An order that another thread makes, and what that thread does then. */
static void *
read_one(void *order)
{
	(void)try_read(((struct order *)order)->wire, order, 1);
	return NULL;
}

/* The announcement has been made already. */
static void *
read_announced(void *argument)
{
	struct order *order = argument;
	struct wire *wire = order->wire;

	(void)was_accepted(order, ReadFile(wire->end, order->bytes, 1, NULL,
		&order->overlapped));
	return NULL;
}

/* busy and deliver_locked: announced, under way, posted, without a gap. */
START_TEST(a_wait_lasts_from_the_announcement_to_the_end_of_the_callback)
{	/* IO-03, IO-13, IO-23 */
	struct order order = { .told = 0 };
	struct race race = { .count = 0 };
	struct wire wire;

	if (!try_wire(&wire))
		return;
	order.wire = &wire;
	StartThreadpoolIo(wire.io);
	run_beside(&race, read_announced, &order);
	put_text(&wire, "a");
	WaitForThreadpoolIoCallbacks(wire.io, FALSE);
	ck_assert_int_eq(count_of(&order.told) + count_of(&order.taken_back),
		1);
	race_join(&race);
	assert_told_once(&order);
	(void)ended_well(&order, false);
	wire_close(&wire);
}
END_TEST

/* arm_locked after the try: what comes just after "not yet" is not lost. */
START_TEST(a_byte_that_comes_just_after_the_try_is_read)
{	/* KOBJ-20, IO-11, IO-12 */
	struct order order = { .told = 0 };
	struct race race = { .count = 0 };
	struct wire wire;

	if (!try_wire(&wire))
		return;
	race_start(&race, put_a, &wire);
	if (try_read(&wire, &order, 1)) {
		race_join(&race);
		WaitForThreadpoolIoCallbacks(wire.io, FALSE);
		assert_told_once(&order);
		if (ended_well(&order, false)) {
			ck_assert_uint_eq(order.moved, 1);
			ck_assert_int_eq(order.bytes[0], 'a');
		}
	}
	race_join(&race);
	wire_close(&wire);
}
END_TEST

/* ---- Cancelling ---- */

/* cancel of stream.c: those bytes have left the pipe, or they have not. */
START_TEST(a_cancelled_read_has_its_bytes_or_they_are_still_there)
{	/* KOBJ-22, IO-12 */
	struct order order = { .told = 0 };
	struct race race = { .count = 0 };
	struct wire wire;

	if (!try_wire(&wire))
		return;
	if (try_read(&wire, &order, 2)) {
		race_start(&race, put_two, &wire);
		cancel_order(&order);
		race_join(&race);
		WaitForThreadpoolIoCallbacks(wire.io, FALSE);
		assert_told_once(&order);
		ck_assert_int_eq(brought(&order, true) + left_over(&wire),
			2);
	}
	wire_close(&wire);
}
END_TEST

static void *
cancel_all(void *wire)
{
	(void)CancelIoEx(((struct wire *)wire)->end, NULL);
	return NULL;
}

/* start of stream.c: its own try is under way when it is cancelled. */
START_TEST(a_read_is_cancelled_while_it_is_tried_for_the_first_time)
{	/* KOBJ-22 */
	struct order order = { .told = 0 };
	struct race race = { .count = 0 };
	struct wire wire;

	if (!try_wire(&wire))
		return;
	race_start(&race, cancel_all, &wire);
	race_start(&race, put_two, &wire);
	(void)try_read(&wire, &order, 2);
	race_join(&race);
	call_off(&order);
	WaitForThreadpoolIoCallbacks(wire.io, FALSE);
	assert_told_once(&order);
	ck_assert_int_eq(brought(&order, true) + left_over(&wire), 2);
	wire_close(&wire);
}
END_TEST

/* The buffer belongs to the request until it has ended, and no longer. */
static VOID CALLBACK
note_and_clear(PTP_CALLBACK_INSTANCE instance, PVOID context,
	PVOID overlapped, ULONG error, ULONG_PTR moved, PTP_IO io)
{
	struct order *order = overlapped;

	memset(order->bytes, 0, sizeof(order->bytes));
	note_order(instance, context, overlapped, error, moved, io);
}

/* cancel of stream.c: not under the feet of whoever tries it. */
START_TEST(nobody_touches_the_buffer_of_a_cancelled_read_after_its_end)
{	/* KOBJ-22, IO-15 */
	struct order order = { .told = 0 };
	struct race race = { .count = 0 };
	struct wire wire;

	open_ends(&wire, false, false);
	if (!try_wire_of(&wire, note_and_clear, &wire))
		return;
	if (try_read(&wire, &order, 2)) {
		race_start(&race, put_two, &wire);
		race_start(&race, cancel_order, &order);
		race_join(&race);
		WaitForThreadpoolIoCallbacks(wire.io, FALSE);
		assert_told_once(&order);
	}
	wire_close(&wire);
}
END_TEST

/* tp_requests_cancel_locked: the second finds it marked, or not at all. */
START_TEST(a_request_that_two_threads_cancel_ends_once)
{	/* KOBJ-22, DIAG-16 */
	struct order order = { .told = 0 };
	struct race race = { .count = 0 };
	struct wire wire;

	if (!try_wire(&wire))
		return;
	if (try_read(&wire, &order, 1)) {
		race_start(&race, cancel_order, &order);
		race_start(&race, put_a, &wire);
		cancel_order(&order);
		race_join(&race);
		WaitForThreadpoolIoCallbacks(wire.io, FALSE);
		assert_told_once(&order);
		ck_assert_int_eq(brought(&order, true) + left_over(&wire),
			1);
	}
	wire_close(&wire);
}
END_TEST

/* ---- Lines of requests ---- */

/* try_locked: busy, so nobody else takes a byte meanwhile. */
START_TEST(two_threads_read_one_pipe_and_each_byte_comes_once)
{	/* IO-19, IO-20 */
	struct order orders[2] = { { .told = 0 }, { .told = 0 } };
	struct race race = { .count = 0 };
	struct wire wire;
	LONG sum = 0;

	if (!try_wire(&wire))
		return;
	orders[0].wire = &wire;
	race_start(&race, read_one, &orders[0]);
	(void)try_read(&wire, &orders[1], 1);
	put_text(&wire, "ab");
	race_join(&race);
	WaitForThreadpoolIoCallbacks(wire.io, FALSE);
	for (int i = 0; i < 2; i++) {
		assert_told_once(&orders[i]);
		if (ended_well(&orders[i], false)) {
			ck_assert_uint_eq(orders[i].moved, 1);
			sum += orders[i].bytes[0];
		}
	}
	if (!may_fail())
		ck_assert_int_eq(sum, 'a' + 'b');
	wire_close(&wire);
}
END_TEST

/* try_locked: the watch of a read that is over does not make two of this. */
START_TEST(a_read_is_tried_while_the_watch_of_a_cancelled_one_reports)
{	/* KOBJ-22, IO-12 */
	struct order first = { .told = 0 }, second = { .told = 0 };
	struct race race = { .count = 0 };
	struct wire wire;

	if (!try_wire(&wire))
		return;
	if (try_read(&wire, &first, 1)) {
		cancel_order(&first);
		race_start(&race, put_a, &wire);
		(void)try_read(&wire, &second, 1);
		race_join(&race);
		WaitForThreadpoolIoCallbacks(wire.io, FALSE);
		assert_told_once(&first);
		assert_told_once(&second);
		ck_assert_int_eq(brought(&second, false) + left_over(&wire),
			1);
	}
	wire_close(&wire);
}
END_TEST

/* start and serve_locked: the line is served from its front. */
START_TEST(reads_of_one_pipe_are_served_in_the_order_they_were_made)
{	/* KOBJ-20 */
	struct order orders[2] = { { .told = 0 }, { .told = 0 } };
	struct race race = { .count = 0 };
	struct wire wire;

	if (!try_wire(&wire))
		return;
	race_start(&race, put_two, &wire);
	(void)try_read(&wire, &orders[0], 1);
	(void)try_read(&wire, &orders[1], 1);
	race_join(&race);
	WaitForThreadpoolIoCallbacks(wire.io, FALSE);
	for (int i = 0; i < 2; i++) {
		assert_told_once(&orders[i]);
		if (ended_well(&orders[i], false) && !may_fail())
			ck_assert_int_eq(orders[i].bytes[0], "ab"[i]);
	}
	wire_close(&wire);
}
END_TEST

/* More than a pipe that was filled before has room for. */
struct sheet {
	struct order order;
	char text[6000];
};

static void *
write_sheet(void *argument)
{
	struct sheet *sheet = argument;

	(void)try_write(sheet->order.wire, &sheet->order, sheet->text,
		sizeof(sheet->text));
	return NULL;
}

/* Leaves room for 4096 bytes in the pipe; gives how many are in it. */
static long
fill_all_but_a_page(const struct wire *wire)
{
	static const char page[4096];
	int flags = fcntl(wire->descriptor, F_GETFL);
	long total = 0;
	ssize_t n;

	ck_assert_int_eq(fcntl(wire->descriptor, F_SETFL,
		flags | O_NONBLOCK), 0);
	while ((n = write(wire->descriptor, page, sizeof(page))) > 0)
		total += n;
	n = read(wire->other, (char[4096]){ 0 }, 4096);
	ck_assert_int_eq(n, 4096);
	return total - n;
}

/* Reads so many bytes, and gives how often they change from one to next. */
static int
changes_in(int descriptor, long size)
{
	static char bytes[4096];
	int changes = 0;
	char last = 0;

	while (size > 0) {
		ssize_t n = read(descriptor, bytes, size < 4096 ?
			(size_t)size : sizeof(bytes));

		ck_assert_int_gt(n, 0);
		for (ssize_t i = 0; i < n; i++) {
			changes += bytes[i] != last;
			last = bytes[i];
		}
		size -= n;
	}
	return changes;
}

/* start of stream.c: a write that has begun goes on before the next. */
START_TEST(writes_of_two_threads_are_not_mixed)
{	/* KOBJ-20 */
	static struct sheet sheets[2];
	struct race race = { .count = 0 };
	struct wire wire;
	long filled, size = 0;
	int changes = 0;

	open_ends(&wire, false, true);
	filled = fill_all_but_a_page(&wire);
	if (!try_wire_of(&wire, note_order, &wire))
		return;
	for (int i = 0; i < 2; i++) {
		sheets[i].order = (struct order){ .wire = &wire };
		memset(sheets[i].text, 'a' + i, sizeof(sheets[i].text));
	}
	race_start(&race, write_sheet, &sheets[0]);
	write_sheet(&sheets[1]);
	ck_assert_int_eq(changes_in(wire.other, filled), 0);
	if (!may_fail())
		changes = changes_in(wire.other, 2 * sizeof(sheets->text));
	race_join(&race);
	if (may_fail())
		call_off(&sheets[0].order), call_off(&sheets[1].order);
	WaitForThreadpoolIoCallbacks(wire.io, FALSE);
	for (int i = 0; i < 2; i++) {
		assert_told_once(&sheets[i].order);
		size += (long)sheets[i].order.moved;
	}
	if (may_fail() && size > 0)
		changes = changes_in(wire.other, size);
	ck_assert_int_le(changes, 2);
	wire_close(&wire);
}
END_TEST

/* ---- Files on disk ---- */

/* carry_out and cancel of disk_threads.c: before it is begun, or not. */
START_TEST(a_disk_request_is_cancelled_before_or_after_it_is_begun)
{	/* KOBJ-22, KOBJ-23, IO-12 */
	struct order orders[2] = { { .told = 0 }, { .told = 0 } };
	struct race race = { .count = 0 };
	struct wire wire;

	if (!try_disk(&wire))
		return;
	orders[0].overlapped.Offset = 2;
	orders[1].overlapped.Offset = 8;
	(void)try_read(&wire, &orders[0], 4);
	if (try_read(&wire, &orders[1], 4)) {
		race_start(&race, cancel_order, &orders[1]);
		cancel_order(&orders[1]);
	}
	race_join(&race);
	WaitForThreadpoolIoCallbacks(wire.io, FALSE);
	for (int i = 0; i < 2; i++) {
		assert_told_once(&orders[i]);
		if (ended_well(&orders[i], i == 1) && !may_fail())
			ck_assert_uint_eq(orders[i].moved, i == 0 ? 4 : 2);
		if (orders[i].error == NO_ERROR && orders[i].moved > 0)
			ck_assert_int_eq(orders[i].bytes[0], "28"[i]);
	}
	wire_close(&wire);
}
END_TEST

/* tp_transfer: a write goes on where it stopped, on whichever thread. */
START_TEST(two_disk_writes_and_a_flush_leave_what_was_written)
{	/* KOBJ-23, IO-27 */
	struct order orders[2] = { { .told = 0 }, { .told = 0 } };
	struct wire wire;
	char text[11] = "";
	bool good = true;

	if (!try_disk(&wire))
		return;
	orders[1].overlapped.Offset = 5;
	(void)try_write(&wire, &orders[0], "abcde", 5);
	(void)try_write(&wire, &orders[1], "fghij", 5);
	WaitForThreadpoolIoCallbacks(wire.io, FALSE);
	if (!FlushFileBuffers(wire.end))
		tolerate_io(GetLastError());
	for (int i = 0; i < 2; i++) {
		assert_told_once(&orders[i]);
		if (!ended_well(&orders[i], false))
			good = false;
		else
			ck_assert_uint_eq(orders[i].moved, 5);
	}
	explore_expose(wire.descriptor, 0);
	ck_assert_int_eq(pread(wire.descriptor, text, 10, 0), 10);
	if (good)
		ck_assert_str_eq(text, "abcdefghij");
	wire_close(&wire);
}
END_TEST

/* ---- Handles that block ---- */

/* A pipe with a handle that blocks for one end, or nothing. */
static bool
try_blocking(struct wire *wire, bool writes)
{
	set_times(NULL, NULL, NULL);
	open_ends(wire, false, writes);
	wire->end = tp_open_descriptor(wire->descriptor, 0);
	if (made(wire->end)) {
		explore_expose(wire->descriptor, EXPLORE_ANY);
		return true;
	}
	close(wire->descriptor);
	close(wire->other);
	return false;
}

/* transfer_blocking: interrupted, it reads on. */
START_TEST(a_read_that_blocks_waits_for_its_bytes_whatever_interrupts_it)
{	/* KOBJ-20 */
	struct race race = { .count = 0 };
	struct wire wire;
	DWORD moved, total = 0;
	char bytes[2];
	bool good = true;

	if (!try_blocking(&wire, false))
		return;
	run_beside(&race, put_two, &wire);
	while (good && total < 2) {
		good = ReadFile(wire.end, bytes + total, 2 - total, &moved,
			NULL) != FALSE;
		if (good)
			ck_assert_uint_ge(moved, 1);
		else
			tolerate_io(GetLastError());
		total += moved;
	}
	race_join(&race);
	if (good)
		ck_assert(bytes[0] == 'a' && bytes[1] == 'b');
	close_end(&wire);
	close(wire.other);
}
END_TEST

/* A read that finds its handle open, or closed. */
static void *
read_or_find_it_closed(void *handle)
{
	DWORD moved;
	char byte = 0;

	if (ReadFile(handle, &byte, 1, &moved, NULL))
		ck_assert(moved == 1 && byte == 'a');
	else if (GetLastError() != ERROR_INVALID_HANDLE)
		tolerate_io(GetLastError());
	return NULL;
}

/* tp_file_use_blocking: who reads keeps the descriptor open. */
START_TEST(a_read_that_blocks_keeps_the_descriptor_of_a_closed_handle)
{	/* KOBJ-01, port-defined */
	struct race race = { .count = 0 };
	struct wire wire;

	if (!try_blocking(&wire, false))
		return;
	put_text(&wire, "a");
	race_start(&race, read_or_find_it_closed, wire.end);
	close_end(&wire);
	race_join(&race);
	close(wire.other);
}
END_TEST

/* ---- The suite ---- */

int
main(void)
{
	Suite *suite = suite_create("scenario_io");
	TCase *scenario = case_with_wires(suite, "scenario");

	tcase_add_test(scenario,
		the_end_against_a_wait_that_cancels_brings_no_late_callback);
	tcase_add_test(scenario,
		a_wait_lasts_from_the_announcement_to_the_end_of_the_callback);
	tcase_add_test(scenario, a_byte_that_comes_just_after_the_try_is_read);
	tcase_add_test(scenario,
		a_cancelled_read_has_its_bytes_or_they_are_still_there);
	tcase_add_test(scenario,
		a_read_is_cancelled_while_it_is_tried_for_the_first_time);
	tcase_add_test(scenario,
		nobody_touches_the_buffer_of_a_cancelled_read_after_its_end);
	tcase_add_test(scenario, a_request_that_two_threads_cancel_ends_once);
	tcase_add_test(scenario,
		two_threads_read_one_pipe_and_each_byte_comes_once);
	tcase_add_test(scenario,
		a_read_is_tried_while_the_watch_of_a_cancelled_one_reports);
	tcase_add_test(scenario,
		reads_of_one_pipe_are_served_in_the_order_they_were_made);
	tcase_add_test(scenario, writes_of_two_threads_are_not_mixed);
	tcase_add_test(scenario,
		a_disk_request_is_cancelled_before_or_after_it_is_begun);
	tcase_add_test(scenario,
		two_disk_writes_and_a_flush_leave_what_was_written);
	tcase_add_test(scenario,
		a_read_that_blocks_waits_for_its_bytes_whatever_interrupts_it);
	tcase_add_test(scenario,
		a_read_that_blocks_keeps_the_descriptor_of_a_closed_handle);
	return harness_run(suite);
}

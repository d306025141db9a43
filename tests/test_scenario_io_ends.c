/* SPDX-License-Identifier: MIT */
/*
 * test_scenario_io_ends.c - closing against the end of a request
 *
 * Handles and I/O objects that are closed while a request ends or is made;
 * and those who wait for a request otherwise than by a callback. The comment
 * above a test names the function whose promise is at stake; wire.h has the
 * ends and the requests.
 */
#include "wire.h"

/* ---- Closing the handle ---- */

/* Whoever has closed the other end may have been faster: no signal then. */
static void *
put_if_heard(void *argument)
{
	struct wire *wire = argument;

	if (send(wire->other, "a", 1, MSG_NOSIGNAL) != 1)
		ck_assert_int_eq(errno, EPIPE);
	return NULL;
}

static bool
try_sockets(struct wire *wire)
{
	open_ends(wire, true, false);
	return try_wire_of(wire, note_order, wire);
}

/* file_closed: what is under way is cancelled, or had ended. */
START_TEST(closing_the_handle_ends_a_read_that_is_under_way)
{	/* KOBJ-01, KOBJ-22, IO-12, IO-18, port-defined */
	struct order order = { .told = 0 };
	struct race race = { .count = 0 };
	struct wire wire;

	if (!try_sockets(&wire))
		return;
	(void)try_read(&wire, &order, 1);
	race_start(&race, put_if_heard, &wire);
	close_end(&wire);
	race_join(&race);
	WaitForThreadpoolIoCallbacks(wire.io, FALSE);
	assert_told_once(&order);
	(void)brought(&order, true);
	wire_close(&wire);
}
END_TEST

static void *
close_the_end(void *wire)
{
	close_end(wire);
	return NULL;
}

/* tp_request_issue: the file is used from the look at its handle on. */
START_TEST(a_read_is_made_while_its_handle_is_closed)
{	/* KOBJ-01, IO-05, port-defined */
	struct order order = { .told = 0 };
	struct race race = { .count = 0 };
	struct wire wire;
	HANDLE end;
	BOOL result;

	if (!try_wire(&wire))
		return;
	end = wire.end;
	order.wire = &wire;
	race_start(&race, close_the_end, &wire);
	StartThreadpoolIo(wire.io);
	result = ReadFile(end, order.bytes, 1, NULL, &order.overlapped);
	if (result || GetLastError() == ERROR_IO_PENDING) {
		order.announced = true;
	} else {
		if (GetLastError() != ERROR_INVALID_HANDLE)
			tolerate_io(GetLastError());
		CancelThreadpoolIo(wire.io);
	}
	race_join(&race);
	WaitForThreadpoolIoCallbacks(wire.io, FALSE);
	assert_told_once(&order);
	(void)brought(&order, true);
	wire_close(&wire);
}
END_TEST

/* gone and discard of io.c: whichever comes later frees the object. */
START_TEST(a_dropped_announcement_against_the_end_of_the_file)
{	/* IO-26, port-defined */
	struct race race = { .count = 0 };
	struct wire wire;

	if (!try_wire(&wire))
		return;
	StartThreadpoolIo(wire.io);
	race_start(&race, close_the_end, &wire);
	WaitForThreadpoolIoCallbacks(wire.io, TRUE);
	race_join(&race);
	wire_close(&wire);
}
END_TEST

/* CancelThreadpoolIo: takes back what a wait has dropped meanwhile, too. */
START_TEST(an_announcement_is_taken_back_while_a_wait_drops_it)
{	/* IO-06, IO-10, IO-14 */
	struct race race = { .count = 0 };
	struct wire wire;

	if (!try_wire(&wire))
		return;
	race_start(&race, start_and_cancel, wire.io);
	WaitForThreadpoolIoCallbacks(wire.io, TRUE);
	race_join(&race);
	wire_close(&wire);
}
END_TEST

/* end of io.c: with the object's last reference, beside its own end. */
START_TEST(a_dropped_request_ends_while_object_and_handle_are_closed)
{	/* IO-15, IO-16, IO-26, port-defined */
	struct order order = { .told = 0 };
	struct race race = { .count = 0 };
	struct wire wire;

	if (!try_sockets(&wire))
		return;
	(void)try_read(&wire, &order, 1);
	race_start(&race, put_if_heard, &wire);
	WaitForThreadpoolIoCallbacks(wire.io, TRUE);
	InterlockedIncrement(&wire.over);
	CloseThreadpoolIo(wire.io);
	call_off(&order);
	close_end(&wire);
	race_join(&race);
	ck_assert_int_le(count_of(&order.told), 1);
	private_pool_close(&wire.private);
	close(wire.other);
}
END_TEST

/* ---- Closing the object ---- */

static void *
read_unannounced(void *argument)
{
	struct order *order = argument;

	order->announced = ReadFile(order->wire->end, order->bytes, 1, NULL,
		&order->overlapped) || GetLastError() == ERROR_IO_PENDING;
	if (!order->announced)
		tolerate_io(GetLastError());
	return NULL;
}

static bool
has_been_told(void *order)
{
	return count_of(&((struct order *)order)->told) == 1;
}

/* tp_object_close: what was announced still brings its callback. */
START_TEST(closing_the_object_against_the_end_loses_no_callback)
{	/* IO-16, IO-17 */
	struct order order = { .told = 0 };
	struct race race = { .count = 0 };
	struct wire wire;

	if (!try_wire(&wire))
		return;
	if (try_read(&wire, &order, 1)) {
		race_start(&race, put_a, &wire);
		CloseThreadpoolIo(wire.io);
		race_join(&race);
		await(has_been_told, &order);
		(void)ended_well(&order, false);
	} else {
		CloseThreadpoolIo(wire.io);
	}
	close_end(&wire);
	private_pool_close(&wire.private);
	close(wire.other);
}
END_TEST

/* tp_object_free: the file finds the object until it is told not to. */
START_TEST(closing_object_and_pool_against_closing_the_handle)
{	/* IO-17, POOL-20 */
	struct race race = { .count = 0 };
	struct wire wire;

	if (!try_wire(&wire))
		return;
	private_pool_close(&wire.private);
	race_start(&race, close_the_end, &wire);
	CloseThreadpoolIo(wire.io);
	race_join(&race);
	close(wire.other);
}
END_TEST

/* The same for a request that nobody has announced. */
START_TEST(closing_object_and_pool_against_an_unannounced_read)
{	/* IO-04, IO-17 */
	struct order order = { .told = 0 };
	struct race race = { .count = 0 };
	struct wire wire;

	if (!try_wire(&wire))
		return;
	order.wire = &wire;
	private_pool_close(&wire.private);
	race_start(&race, read_unannounced, &order);
	CloseThreadpoolIo(wire.io);
	race_join(&race);
	call_off(&order);
	ck_assert_int_eq(count_of(&order.told), 0);
	close_end(&wire);
	close(wire.other);
}
END_TEST

/* ---- Success at once ---- */

/* end_at_once_locked: at once and skipped, or pending and told. */
START_TEST(success_at_once_is_skipped_and_what_was_pending_is_told)
{	/* IO-08, IO-09, IO-23 */
	struct order order = { .told = 0 };
	struct race race = { .count = 0 };
	struct wire wire;
	BOOL at_once;

	if (!try_wire(&wire))
		return;
	ck_assert(SetFileCompletionNotificationModes(wire.end,
		FILE_SKIP_COMPLETION_PORT_ON_SUCCESS));
	race_start(&race, put_a, &wire);
	order.wire = &wire;
	StartThreadpoolIo(wire.io);
	at_once = ReadFile(wire.end, order.bytes, 1, NULL, &order.overlapped);
	if (at_once)
		CancelThreadpoolIo(wire.io);
	else
		(void)was_accepted(&order, at_once);
	race_join(&race);
	WaitForThreadpoolIoCallbacks(wire.io, FALSE);
	assert_told_once(&order);
	if (!at_once)
		(void)ended_well(&order, false);
	wire_close(&wire);
}
END_TEST

/* ---- Other ways to wait ---- */

/* sleep_locked of overlapped.c: asleep before the end, or not at all. */
START_TEST(a_thread_that_waits_for_the_result_sees_the_end)
{	/* KOBJ-21 */
	struct order order = { .told = 0 };
	struct race race = { .count = 0 };
	struct wire wire;
	DWORD moved = 9;

	if (!try_wire(&wire))
		return;
	if (try_read(&wire, &order, 1)) {
		run_beside(&race, put_a, &wire);
		if (GetOverlappedResult(wire.end, &order.overlapped, &moved,
		    TRUE)) {
			ck_assert_uint_eq(moved, 1);
			ck_assert_int_eq(order.bytes[0], 'a');
		} else {
			tolerate_io(GetLastError());
		}
		race_join(&race);
	}
	wire_close(&wire);
	assert_told_once(&order);
}
END_TEST

/* settle_locked before signal_locked: who sees the event sees the end. */
START_TEST(a_thread_that_waits_for_the_event_sees_the_end)
{	/* KOBJ-21 */
	struct order order = { .told = 0 };
	struct race race = { .count = 0 };
	HANDLE event = try_event(MANUAL);
	struct wire wire;

	if (event == NULL)
		return;
	if (try_wire(&wire)) {
		order.overlapped.hEvent = event;
		if (try_read(&wire, &order, 1)) {
			run_beside(&race, put_a, &wire);
			ck_assert_uint_eq(WaitForSingleObject(event,
				INFINITE), WAIT_OBJECT_0);
			ck_assert(HasOverlappedIoCompleted(
				&order.overlapped));
			if (order.overlapped.Internal == 0)
				ck_assert_int_eq(order.bytes[0], 'a');
			race_join(&race);
		}
		wire_close(&wire);
		assert_told_once(&order);
	}
	ck_assert(CloseHandle(event));
}
END_TEST

/* say_ended: a look without the lock sees the number with the end. */
START_TEST(a_look_without_a_lock_sees_the_bytes_with_the_end)
{	/* KOBJ-21 */
	struct order order = { .told = 0 };
	struct race race = { .count = 0 };
	struct wire wire;

	if (!try_wire(&wire))
		return;
	if (try_read(&wire, &order, 1)) {
		race_start(&race, put_a, &wire);
		if (HasOverlappedIoCompleted(&order.overlapped) &&
		    order.overlapped.Internal == 0) {
			ck_assert_uint_eq(order.overlapped.InternalHigh, 1);
			ck_assert_int_eq(order.bytes[0], 'a');
		}
		race_join(&race);
	}
	wire_close(&wire);
	assert_told_once(&order);
}
END_TEST

/* ---- Accepting ---- */

/* A socket that listens, with an address of the system's choice. */
static void
open_listener(struct wire *wire)
{
	struct sockaddr any = { .sa_family = AF_UNIX };

	wire->descriptor = socket(AF_UNIX, SOCK_STREAM, 0);
	wire->other = socket(AF_UNIX, SOCK_STREAM, 0);
	ck_assert_int_eq(bind(wire->descriptor, &any,
		sizeof(any.sa_family)), 0);
	ck_assert_int_eq(listen(wire->descriptor, 2), 0);
}

struct call {
	struct wire *wire;
	struct sockaddr_storage address;
	socklen_t length;
};

/* Connects, unless nobody listens any more. */
static void *
call_listener(void *argument)
{
	struct call *call = argument;

	if (connect(call->wire->other, (struct sockaddr *)&call->address,
	    call->length) != 0)
		ck_assert_int_eq(errno, ECONNREFUSED);
	return NULL;
}

/* transfer_accept: a connection that can be used, or none at all. */
START_TEST(an_accept_against_closing_the_listener)
{	/* KOBJ-20, IO-12 */
	struct order order = { .told = 0 };
	struct race race = { .count = 0 };
	struct wire wire;
	struct call call = { .wire = &wire };
	HANDLE connection;

	open_listener(&wire);
	call.length = sizeof(call.address);
	ck_assert_int_eq(getsockname(wire.descriptor,
		(struct sockaddr *)&call.address, &call.length), 0);
	if (!try_wire_of(&wire, note_order, &wire))
		return;
	order.wire = &wire;
	StartThreadpoolIo(wire.io);
	if (was_accepted(&order, tp_accept(wire.end, &connection,
	    &order.overlapped))) {
		race_start(&race, call_listener, &call);
		close_end(&wire);
		race_join(&race);
		WaitForThreadpoolIoCallbacks(wire.io, FALSE);
		assert_told_once(&order);
		if (ended_well(&order, true))
			ck_assert(tp_shut_down(connection));
		ck_assert(CloseHandle(connection));
	}
	wire_close(&wire);
}
END_TEST

/* ---- The alarm of the poller ---- */

/* The pipe with which the dispatcher is woken is the one that is new. */
static void
expose_alarm(int first)
{
	for (int i = first; i < first + 16; i++) {
		struct stat status;
		int flags = fcntl(i, F_GETFL);

		if (flags < 0 || fstat(i, &status) != 0 ||
		    !S_ISFIFO(status.st_mode))
			continue;
		explore_expose(i, (flags & O_ACCMODE) == O_WRONLY ?
			1u << EXPLORE_EINTR :
			1u << EXPLORE_EINTR | 1u << EXPLORE_EAGAIN);
	}
}

/* tp_poller_wake_locked, hear_alarm: what is interrupted is made again. */
START_TEST(an_alarm_that_is_interrupted_still_wakes_the_dispatcher)
{	/* WAIT-33 */
	HANDLE timer = CreateWaitableTimerA(NULL, FALSE, NULL);
	LARGE_INTEGER due = { .QuadPart = -10 * MS };
	struct wire wire;
	int first;

	if (!made(timer))
		return;
	open_ends(&wire, true, false);
	first = wire.other + 1;
	set_times(NULL, NULL, NULL);
	wire.end = tp_open_descriptor(wire.descriptor, FILE_FLAG_OVERLAPPED);
	if (made(wire.end)) {
		expose_alarm(first);
		for (int i = 0; i < 2; i++) {
			ck_assert(SetWaitableTimer(timer, &due, 0, NULL,
				NULL, FALSE));
			ck_assert_uint_eq(WaitForSingleObject(timer,
				INFINITE), WAIT_OBJECT_0);
		}
		close_end(&wire);
	} else {
		close(wire.descriptor);
	}
	close(wire.other);
	ck_assert(CloseHandle(timer));
	harness_keep_descriptors();		/* the poller stays */
}
END_TEST

/* ---- The suite ---- */

static void
add_closing(TCase *scenario)
{
	tcase_add_test(scenario,
		closing_the_handle_ends_a_read_that_is_under_way);
	tcase_add_test(scenario, a_read_is_made_while_its_handle_is_closed);
	tcase_add_test(scenario,
		a_dropped_announcement_against_the_end_of_the_file);
	tcase_add_test(scenario,
		an_announcement_is_taken_back_while_a_wait_drops_it);
	tcase_add_test(scenario,
		a_dropped_request_ends_while_object_and_handle_are_closed);
	tcase_add_test(scenario,
		closing_the_object_against_the_end_loses_no_callback);
	tcase_add_test(scenario,
		closing_object_and_pool_against_closing_the_handle);
	tcase_add_test(scenario,
		closing_object_and_pool_against_an_unannounced_read);
}

int
main(void)
{
	Suite *suite = suite_create("scenario_io_ends");
	TCase *scenario = case_with_wires(suite, "scenario");
	TCase *first = harness_case(suite, "scenario");

	add_closing(scenario);
	tcase_add_test(scenario,
		success_at_once_is_skipped_and_what_was_pending_is_told);
	tcase_add_test(scenario,
		a_thread_that_waits_for_the_result_sees_the_end);
	tcase_add_test(scenario,
		a_thread_that_waits_for_the_event_sees_the_end);
	tcase_add_test(scenario,
		a_look_without_a_lock_sees_the_bytes_with_the_end);
	tcase_add_test(scenario, an_accept_against_closing_the_listener);
	tcase_add_test(first,
		an_alarm_that_is_interrupted_still_wakes_the_dispatcher);
	return harness_run(suite);
}

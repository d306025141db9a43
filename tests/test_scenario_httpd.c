/* SPDX-License-Identifier: MIT */
/*
 * test_scenario_httpd.c - time-outs and the requests of a connection
 *
 * The web server of chapter 04 talks to sockets that the explorer does not
 * see. Here is what races in it, in miniature: start, time_out and hang_up of
 * chapters/04-io/httpd.c, over a pair of sockets (wire.h). A connection
 * that nobody times out would never end, as the other side stays open: so a
 * time-out that got lost is a deadlock.
 */
#include "wire.h"

struct connection {
	struct wire wire;
	SRWLOCK lock;
	bool expired;		/* under lock */
	OVERLAPPED overlapped;
	char byte;
	LONG volatile read;	/* bytes */
	LONG volatile ended;	/* how often: once */
	HANDLE over;		/* set then */
};

static void
hang_up(struct connection *connection)
{
	ck_assert_int_eq(InterlockedIncrement(&connection->ended), 1);
	ck_assert(SetEvent(connection->over));
}

/* Makes the next request, or there will be none. */
static void
start(struct connection *connection)
{
	struct wire *wire = &connection->wire;
	bool begun = false;

	AcquireSRWLockExclusive(&connection->lock);
	if (!connection->expired) {
		StartThreadpoolIo(wire->io);
		begun = ReadFile(wire->end, &connection->byte, 1, NULL,
			&connection->overlapped) ||
			GetLastError() == ERROR_IO_PENDING;
		if (!begun) {
			tolerate_io(GetLastError());
			CancelThreadpoolIo(wire->io);
		}
	}
	ReleaseSRWLockExclusive(&connection->lock);
	if (!begun)
		hang_up(connection);
}

static VOID CALLBACK
moved(PTP_CALLBACK_INSTANCE instance, PVOID context, PVOID overlapped,
	ULONG error, ULONG_PTR bytes, PTP_IO io)
{
	struct connection *connection = context;

	(void)instance;
	ck_assert_ptr_eq(io, connection->wire.io);
	ck_assert_ptr_eq(overlapped, &connection->overlapped);
	if (error == NO_ERROR) {
		ck_assert_uint_eq(bytes, 1);
		InterlockedIncrement(&connection->read);
		start(connection);
		return;
	}
	if (error != ERROR_OPERATION_ABORTED)
		tolerate_io(error);
	hang_up(connection);
}

static void *
time_out(void *context)
{
	struct connection *connection = context;

	AcquireSRWLockExclusive(&connection->lock);
	connection->expired = true;
	(void)CancelIoEx(connection->wire.end, NULL);
	ReleaseSRWLockExclusive(&connection->lock);
	return NULL;
}

static bool
try_connection(struct connection *connection)
{
	memset(connection, 0, sizeof(*connection));
	InitializeSRWLock(&connection->lock);
	connection->over = CreateEventA(NULL, TRUE, FALSE, NULL);
	if (!made(connection->over))
		return false;
	open_ends(&connection->wire, true, false);
	if (try_wire_of(&connection->wire, moved, connection))
		return true;
	CloseHandle(connection->over);
	return false;
}

/* It ends, once, and each byte has been read or is still there. */
static void
check_end(struct connection *connection, LONG bytes)
{
	ck_assert_uint_eq(WaitForSingleObject(connection->over, INFINITE),
		WAIT_OBJECT_0);
	WaitForThreadpoolIoCallbacks(connection->wire.io, FALSE);
	ck_assert_int_eq(count_of(&connection->ended), 1);
	ck_assert_int_eq(count_of(&connection->read) +
		left_over(&connection->wire), bytes);
	wire_close(&connection->wire);
	ck_assert(CloseHandle(connection->over));
}

/* Between two requests there is none to cancel. */
START_TEST(a_time_out_ends_the_connection_whenever_it_comes)
{	/* KOBJ-22, IO-23 */
	struct connection connection;
	struct race race = { .count = 0 };

	if (!try_connection(&connection))
		return;
	run_beside(&race, put_two, &connection.wire);
	run_beside(&race, time_out, &connection);
	start(&connection);
	race_join(&race);
	check_end(&connection, 2);
}
END_TEST

/* dismiss of the server comes beside the timer, and ends it no second time. */
START_TEST(two_time_outs_end_the_connection_once)
{	/* KOBJ-22, IO-23 */
	struct connection connection;
	struct race race = { .count = 0 };

	if (!try_connection(&connection))
		return;
	run_beside(&race, time_out, &connection);
	run_beside(&race, time_out, &connection);
	run_beside(&race, put_a, &connection.wire);
	start(&connection);
	race_join(&race);
	check_end(&connection, 1);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("scenario_httpd");
	TCase *scenario = case_with_wires(suite, "scenario");

	tcase_add_test(scenario,
		a_time_out_ends_the_connection_whenever_it_comes);
	tcase_add_test(scenario, two_time_outs_end_the_connection_once);
	return harness_run(suite);
}

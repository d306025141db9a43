/* SPDX-License-Identifier: MIT */
/*
 * test_scenario_legacy_files.c - the end of a request and that of its file
 *
 * Scenarios of BindIoCompletionCallback (scenario.h says what a scenario is;
 * wire.h has the ends and the orders). A bound file has no handle, and so
 * nobody can wait for it: that all of it is gone is seen in the default pool.
 * The comment above a test names the function whose promise is at stake.
 */
#include "wire.h"

#include "ending.h"

/* One end of a pair of sockets, bound; the other end is the test's. */
static struct wire wire;
static LONG volatile closes;	/* the first callback closes the end */

static VOID CALLBACK
note_end(DWORD error, DWORD moved, LPOVERLAPPED overlapped)
{
	struct order *order = (struct order *)overlapped;

	ck_assert(HasOverlappedIoCompleted(overlapped));
	ck_assert_uint_eq(overlapped->InternalHigh, moved);
	order->error = error;
	order->moved = moved;
	ck_assert_int_eq(InterlockedIncrement(&order->told), 1);
	if (InterlockedExchange(&closes, 0) == 1)
		ck_assert(CloseHandle(wire.end));
}

static bool
try_bound(void)
{
	InterlockedExchange(&closes, 0);
	set_times(NULL, NULL, NULL);
	open_ends(&wire, true, false);
	wire.end = tp_open_descriptor(wire.descriptor, FILE_FLAG_OVERLAPPED);
	if (made(wire.end)) {
		explore_expose(wire.descriptor, EXPLORE_ANY);
		if (BindIoCompletionCallback(wire.end, note_end, 0)) {
			if (explore_active()) {
				explore_await_still();
				explore_search_here();
			}
			return true;
		}
		tolerate(GetLastError());
		ck_assert(CloseHandle(wire.end));
	} else {
		close(wire.descriptor);
	}
	close(wire.other);
	return false;
}

/* Has the request begun? closed: or is the handle no more? */
static void
try_to_read(struct order *order, bool closed)
{
	BOOL result;
	DWORD error;

	*order = (struct order){ .wire = &wire };
	result = ReadFile(wire.end, order->bytes, 1, NULL,
		&order->overlapped);
	error = result ? NO_ERROR : GetLastError();
	order->announced = result || error == ERROR_IO_PENDING;
	if (!order->announced && !(closed && error == ERROR_INVALID_HANDLE))
		tolerate_io(error);
}

/* Whoever has closed the other end may have been faster: no signal then. */
static void *
put_if_heard(void *unused)
{
	if (send(wire.other, "a", 1, MSG_NOSIGNAL) != 1)
		ck_assert_int_eq(errno, EPIPE);
	return unused;
}

static void *
close_the_end(void *unused)
{
	ck_assert(CloseHandle(wire.end));
	return unused;
}

/* The file is gone, and what was bound to it: each request is told once. */
static void
bound_close(const struct order *orders, int count)
{
	await(nothing_is_left, NULL);
	for (int i = 0; i < count; i++) {
		assert_told_once(&orders[i]);
		(void)brought(&orders[i], true);
	}
	close(wire.other);
}

/* end, then gone: the request is posted before its port is closed. */
START_TEST(closing_a_bound_file_against_the_end_of_a_read)
{	/* LEGACY-34, LEGACY-35 */
	struct order order;
	struct race race = { .count = 0 };

	if (!try_bound())
		return;
	try_to_read(&order, false);
	race_start(&race, put_if_heard, NULL);
	close_the_end(NULL);
	race_join(&race);
	bound_close(&order, 1);
}
END_TEST

START_TEST(closing_a_bound_file_against_the_ends_of_two_reads)
{	/* LEGACY-34, LEGACY-35 */
	struct order orders[2];
	struct race race = { .count = 0 };

	if (!try_bound())
		return;
	try_to_read(&orders[0], false);
	try_to_read(&orders[1], false);
	race_start(&race, put_if_heard, NULL);
	race_start(&race, put_if_heard, NULL);
	close_the_end(NULL);
	race_join(&race);
	bound_close(orders, 2);
}
END_TEST

/* file_retire: not before the request that the handle was good for. */
START_TEST(a_read_is_made_while_its_bound_file_is_closed)
{	/* LEGACY-34, LEGACY-35, KOBJ-01, port-defined */
	struct order order;
	struct race race = { .count = 0 };

	if (!try_bound())
		return;
	race_start(&race, close_the_end, NULL);
	try_to_read(&order, true);
	race_join(&race);
	bound_close(&order, 1);
}
END_TEST

/* claim: the file is closed by the callback of its first request. */
START_TEST(a_callback_closes_its_bound_file_while_a_read_ends)
{	/* LEGACY-34, LEGACY-35 */
	struct order orders[2];
	struct race race = { .count = 0 };

	if (!try_bound())
		return;
	try_to_read(&orders[0], false);
	try_to_read(&orders[1], false);
	if (orders[0].announced || orders[1].announced) {
		InterlockedExchange(&closes, 1);
		race_start(&race, put_if_heard, NULL);
		(void)put_if_heard(NULL);
		race_join(&race);
	} else {
		close_the_end(NULL);
	}
	bound_close(orders, 2);
}
END_TEST

/* Waits until it has ended, if it began; that says nothing of its callback. */
static void
await_result(struct order *order)
{
	DWORD moved;

	if (order->announced)
		(void)GetOverlappedResult(wire.end, &order->overlapped,
			&moved, TRUE);
}

/* claim: each post takes one request, and none takes the same. */
START_TEST(two_reads_of_a_bound_file_are_told_by_two_callbacks)
{	/* LEGACY-34 */
	struct order orders[2];
	struct race race = { .count = 0 };

	if (!try_bound())
		return;
	try_to_read(&orders[0], false);
	race_start(&race, put_if_heard, NULL);
	try_to_read(&orders[1], false);
	(void)put_if_heard(NULL);
	race_join(&race);
	for (int i = 0; i < 2; i++)
		await_result(&orders[i]);
	close_the_end(NULL);
	bound_close(orders, 2);
}
END_TEST

/* ---- What the checks know ---- */

#if TP_CHECK

static struct tp_object *
only_object_of(TP_POOL *pool)
{
	struct tp_object *object;

	tp_lock(&pool->lock);
	ck_assert_uint_eq(pool->objects, 1);
	object = tp_container(pool->bound.next, struct tp_object, bound);
	tp_unlock(&pool->lock);
	return object;
}

/* In a process of its own. */
static void
submit_what_was_bound(void *unused)
{
	struct tp_object *object;

	(void)unused;
	if (!try_bound())
		return;
	object = only_object_of(tp_pool_default());
	close_the_end(NULL);
	await(nothing_is_left, NULL);
	SubmitThreadpoolWork((PTP_WORK)(void *)object);
}

/* tp_object_open_unnamed: its memory is another's by now. */
START_TEST(a_bound_file_that_is_gone_is_not_known_to_the_checks)
{	/* WORK-19, LEGACY-35 */
	ck_assert_ptr_nonnull(strstr(report_of(submit_what_was_bound, NULL,
		true), "error not-an-object: SubmitThreadpoolWork("));
}
END_TEST

#endif /* TP_CHECK */

/* ---- The suite ---- */

int
main(void)
{
	Suite *suite = suite_create("scenario_legacy_files");
	TCase *scenario = case_with_wires(suite, "scenario");

	tcase_add_test(scenario,
		closing_a_bound_file_against_the_end_of_a_read);
	tcase_add_test(scenario,
		closing_a_bound_file_against_the_ends_of_two_reads);
	tcase_add_test(scenario,
		a_read_is_made_while_its_bound_file_is_closed);
	tcase_add_test(scenario,
		a_callback_closes_its_bound_file_while_a_read_ends);
	tcase_add_test(scenario,
		two_reads_of_a_bound_file_are_told_by_two_callbacks);
#if TP_CHECK
	tcase_add_test(harness_case(suite, "large"),	/* it forks */
		a_bound_file_that_is_gone_is_not_known_to_the_checks);
#endif
	return harness_run(suite);
}

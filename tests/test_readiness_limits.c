/* SPDX-License-Identifier: MIT */
/*
 * test_readiness_limits.c - readiness handles: how many, and at what cost
 *
 * A handle takes one descriptor, and the poller a few more with the first
 * one. Who has too few is refused, with a reason, and nothing is left of the
 * attempt: a test lowers the limit of its process until just enough is
 * allowed. In the other direction there are hundreds and thousands of
 * handles, as many as the process may have, or the poller has room for.
 */
#include <sys/resource.h>

#include "channel.h"
#include "watch.h"

/* So many descriptors more can be opened, and no other. */
static void
allow_descriptors(unsigned number, const struct rlimit *before)
{
	struct rlimit limit = *before;
	int descriptor = 0;

	for (number++; number > 0; descriptor++)
		if (fcntl(descriptor, F_GETFD) < 0)
			number--;
	limit.rlim_cur = (rlim_t)descriptor - 1;
	ck_assert_int_eq(setrlimit(RLIMIT_NOFILE, &limit), 0);
}

/* Opens a handle with as few descriptors as it takes: how many? */
static unsigned
descriptors_needed(const struct channel *channel, HANDLE *handle)
{
	unsigned number = 0, open = open_descriptors();
	struct rlimit before;

	ck_assert_int_eq(getrlimit(RLIMIT_NOFILE, &before), 0);
	for (;;) {
		allow_descriptors(number, &before);
		*handle = tp_open_readiness(channel->out, POLLIN);
		ck_assert_int_eq(setrlimit(RLIMIT_NOFILE, &before), 0);
		if (*handle != NULL)
			return number;
		if (GetLastError() != ERROR_TOO_MANY_OPEN_FILES) {
			tolerate(GetLastError());
			continue;
		}
		ck_assert_uint_eq(open_descriptors(), open);
		number++;
	}
}

START_TEST(a_handle_takes_one_descriptor_and_without_it_is_refused)
{	/* readiness.h */
	struct channel channel;
	HANDLE handle;

	ck_assert(try_channel(&channel, POLLIN));
	ck_assert_uint_eq(descriptors_needed(&channel, &handle), 1);
	put(&channel);
	ck_assert_uint_eq(WaitForSingleObject(handle, INFINITE),
		WAIT_OBJECT_0);
	ck_assert(CloseHandle(handle));
	channel_close(&channel);
}
END_TEST

START_TEST(the_first_handle_opens_the_poller_or_leaves_nothing)
{	/* readiness.h */
	struct channel channel;
	unsigned open;
	int ends[2];

	setenv("TP_POLLER", POLLER, 1);
	ck_assert_int_eq(pipe(ends), 0);
	channel.out = ends[0];
	channel.in = ends[1];
	open = open_descriptors();
	ck_assert_uint_eq(descriptors_needed(&channel, &channel.handle),
		KEPT + 1);
	put(&channel);
	ck_assert_uint_eq(poll(channel.handle), WAIT_OBJECT_0);
	ck_assert(CloseHandle(channel.handle));
	ck_assert_uint_eq(open_descriptors(), open + KEPT);
	close_ends(&channel);
	harness_keep_descriptors();		/* the poller stays */
}
END_TEST

#define FEW	2

START_TEST(a_limit_lowered_below_what_is_watched_stops_nothing)
{	/* readiness.h */
	struct watch watches[FEW] = { WATCH_INIT, WATCH_INIT };
	struct channel channels[FEW];
	struct rlimit before, few;

	for (int i = 0; i < FEW; i++) {
		ck_assert(try_channel(&channels[i], POLLIN));
		watch_open(&watches[i]);
	}
	ck_assert_int_eq(getrlimit(RLIMIT_NOFILE, &before), 0);
	few = before;
	few.rlim_cur = FEW;	/* and the alarm is watched, too */
	ck_assert_int_eq(setrlimit(RLIMIT_NOFILE, &few), 0);
	for (int i = 0; i < FEW; i++)
		SetThreadpoolWait(watches[i].wait, channels[i].handle, NULL);
	for (int i = FEW - 1; i >= 0; i--) {
		put(&channels[i]);
		tally_await(&watches[i].signals, 1);
	}
	ck_assert_int_eq(setrlimit(RLIMIT_NOFILE, &before), 0);
	for (int i = 0; i < FEW; i++) {
		watch_close(&watches[i]);
		channel_close(&channels[i]);
	}
}
END_TEST

/* How many descriptors this process may have, having asked for enough. */
static unsigned
raise_limit(unsigned wanted)
{
	struct rlimit limit;

	ck_assert_int_eq(getrlimit(RLIMIT_NOFILE, &limit), 0);
	if (limit.rlim_cur < wanted)
		limit.rlim_cur = limit.rlim_max < wanted ? limit.rlim_max :
			wanted;
	ck_assert_int_eq(setrlimit(RLIMIT_NOFILE, &limit), 0);
	return (unsigned)limit.rlim_cur;
}

#define CHANNELS	200

START_TEST(hundreds_of_descriptors_are_watched_at_once)
{	/* WAIT-13 */
	static struct channel channels[CHANNELS];
	static PTP_WAIT waits[CHANNELS];
	struct watch watch = WATCH_INIT;

	(void)raise_limit(4 * CHANNELS);
	watch_open(&watch);
	for (int i = 0; i < CHANNELS; i++) {
		ck_assert(try_channel(&channels[i], POLLIN));
		waits[i] = wait_object(count_signal, &watch.signals,
			&watch.private);
		SetThreadpoolWait(waits[i], channels[i].handle, NULL);
	}
	for (int i = 0; i < CHANNELS; i++)
		put(&channels[i * 77 % CHANNELS]);
	tally_await(&watch.signals, CHANNELS);
	for (int i = 0; i < CHANNELS; i++) {
		WaitForThreadpoolWaitCallbacks(waits[i], FALSE);
		CloseThreadpoolWait(waits[i]);
		channel_close(&channels[i]);
	}
	ck_assert_uint_eq(tally_read(&watch.signals), CHANNELS);
	watch_close(&watch);
}
END_TEST

#define THOUSANDS	5000
#define ROOM		4095	/* in the table of the poller over poll */

START_TEST(thousands_of_handles_are_watched_or_refused_with_a_reason)
{	/* readiness.h */
	static HANDLE handles[THOUSANDS];
	bool may_have = raise_limit(THOUSANDS + 100) >= THOUSANDS + 100;
	unsigned count = 0;
	struct channel channel;

	ck_assert(try_channel(&channel, POLLIN));
	while (count < THOUSANDS && (handles[count] =
	    tp_open_readiness(channel.out, POLLIN)) != NULL)
		count++;
	if (count < THOUSANDS)
		ck_assert_uint_eq(GetLastError(), KEPT == 2 &&
			count == ROOM - 1 ? ERROR_NOT_ENOUGH_MEMORY :
			ERROR_TOO_MANY_OPEN_FILES);
	if (may_have)		/* the channel has a handle, too */
		ck_assert_uint_eq(count, KEPT == 2 ? ROOM - 1 : THOUSANDS);
	ck_assert_uint_ge(count, 1);
	ck_assert(CloseHandle(handles[count - 1]));
	handles[count - 1] = tp_open_readiness(channel.out, POLLIN);
	ck_assert_ptr_nonnull(handles[count - 1]);
	ck_assert_uint_eq(WaitForSingleObject(handles[count - 1], 1),
		WAIT_TIMEOUT);
	put(&channel);
	ck_assert_uint_eq(WaitForSingleObject(handles[count - 1], INFINITE),
		WAIT_OBJECT_0);
	close_all(count, handles);
	channel_close(&channel);
}
END_TEST

/* ---- The suite ---- */

static void
add_limits(TCase *small, TCase *first, TCase *large)
{
	tcase_add_test(small,
		a_handle_takes_one_descriptor_and_without_it_is_refused);
	tcase_add_test(small,
		a_limit_lowered_below_what_is_watched_stops_nothing);
	tcase_add_test(first,
		the_first_handle_opens_the_poller_or_leaves_nothing);
	tcase_add_test(large, hundreds_of_descriptors_are_watched_at_once);
	tcase_add_test(large,
		thousands_of_handles_are_watched_or_refused_with_a_reason);
}

#ifndef PARTS
int
main(void)
{
	Suite *suite = suite_create("readiness_limits");

	add_limits(case_with_poller(suite, "small"),
		harness_case(suite, "scenario"),
		case_with_poller(suite, "large"));
	return harness_run(suite);
}
#endif

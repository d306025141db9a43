/* SPDX-License-Identifier: MIT */
/*
 * test_readiness.c - handles that are signalled while a descriptor is ready
 *
 * What readiness.h promises, with the poller over epoll; and, included by
 * test_readiness_poll.c, once more with that over poll. The poller stays
 * open once a handle has been made, with a few descriptors of its own: the
 * fixture has it opened before what a test leaves behind is counted.
 *
 * The handles are an extension: no rule speaks of them, but what is said of
 * any object that can be waited for holds for them as well.
 */
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#define poll look_at		/* scenario.h has one for handles */
#include "duel.h"
#include "watch.h"

#include "../ref/readiness.h"

#ifndef POLLER
#define POLLER	"epoll"
#define SUITE	"readiness"
#define KEPT	3		/* its alarm, and the epoll descriptor */
#endif

/* ---- Channels ---- */

/* A pipe or a pair of sockets, and a handle for one of its ends. */
struct channel {
	int in, out;		/* what is written to `in` comes out */
	HANDLE handle;		/* of `out` for POLLIN, of `in` for POLLOUT */
};

static bool
try_handle(struct channel *channel, short events)
{
	channel->handle = tp_open_readiness(events == POLLOUT ?
		channel->in : channel->out, events);
	return made(channel->handle);
}

static void
close_ends(const struct channel *channel)
{
	close(channel->in);
	close(channel->out);
}

static bool
try_channel(struct channel *channel, short events)
{
	int ends[2];

	ck_assert_int_eq(pipe(ends), 0);
	channel->out = ends[0];
	channel->in = ends[1];
	if (try_handle(channel, events))
		return true;
	close_ends(channel);
	return false;
}

static void
open_sockets(struct channel *channel, short events)
{
	int ends[2];

	ck_assert_int_eq(socketpair(AF_UNIX, SOCK_STREAM, 0, ends), 0);
	channel->out = ends[0];
	channel->in = ends[1];
	ck_assert(try_handle(channel, events));
}

static void
channel_close(const struct channel *channel)
{
	ck_assert(CloseHandle(channel->handle));
	close_ends(channel);
}

static void
put(const struct channel *channel)
{
	ck_assert_int_eq(write(channel->in, "", 1), 1);
}

static void
get(const struct channel *channel)
{
	char byte;

	ck_assert_int_eq(read(channel->out, &byte, 1), 1);
}

/* Writes until there is no room; how many bytes. */
static long
fill(const struct channel *channel)
{
	static const char bytes[4096];
	int flags = fcntl(channel->in, F_GETFL);
	long total = 0;
	ssize_t n;

	ck_assert_int_eq(fcntl(channel->in, F_SETFL, flags | O_NONBLOCK), 0);
	while ((n = write(channel->in, bytes, sizeof(bytes))) > 0)
		total += n;
	ck_assert_int_eq(fcntl(channel->in, F_SETFL, flags), 0);
	return total;
}

/* Reads so much, or until the end. */
static long
drain(const struct channel *channel, long size)
{
	static char bytes[4096];
	long total = 0;
	ssize_t n = 1;

	while (total < size && n > 0) {
		n = read(channel->out, bytes, sizeof(bytes));
		ck_assert_int_ge(n, 0);
		total += n;
	}
	return total;
}

static HANDLE
event(BOOL manual_reset)
{
	HANDLE handle = CreateEventA(NULL, manual_reset, FALSE, NULL);

	ck_assert_ptr_nonnull(handle);
	return handle;
}

/* ---- A look ---- */

START_TEST(it_is_signalled_while_there_is_something_to_read)
{	/* KOBJ-15 */
	struct channel channel;

	ck_assert(try_channel(&channel, POLLIN));
	ck_assert_uint_eq(poll(channel.handle), WAIT_TIMEOUT);
	put(&channel);
	ck_assert_uint_eq(poll(channel.handle), WAIT_OBJECT_0);
	ck_assert_uint_eq(poll(channel.handle), WAIT_OBJECT_0);
	get(&channel);
	ck_assert_uint_eq(poll(channel.handle), WAIT_TIMEOUT);
	channel_close(&channel);
}
END_TEST

START_TEST(it_is_signalled_while_there_is_room_to_write)
{	/* readiness.h */
	struct channel channel;
	long size;

	ck_assert(try_channel(&channel, POLLOUT));
	ck_assert_uint_eq(poll(channel.handle), WAIT_OBJECT_0);
	size = fill(&channel);
	ck_assert_uint_eq(poll(channel.handle), WAIT_TIMEOUT);
	ck_assert_int_eq(drain(&channel, size), size);
	ck_assert_uint_eq(poll(channel.handle), WAIT_OBJECT_0);
	channel_close(&channel);
}
END_TEST

START_TEST(an_end_and_an_error_count_as_ready)
{	/* readiness.h */
	struct channel ended, broken;

	ck_assert(try_channel(&ended, POLLIN));
	ck_assert(try_channel(&broken, POLLOUT));
	(void)fill(&broken);
	ck_assert_uint_eq(poll(ended.handle), WAIT_TIMEOUT);
	ck_assert_uint_eq(poll(broken.handle), WAIT_TIMEOUT);
	close(ended.in);
	close(broken.out);
	ck_assert_uint_eq(WaitForSingleObject(ended.handle, INFINITE),
		WAIT_OBJECT_0);
	ck_assert_uint_eq(WaitForSingleObject(broken.handle, INFINITE),
		WAIT_OBJECT_0);
	ck_assert(CloseHandle(ended.handle));
	ck_assert(CloseHandle(broken.handle));
	close(ended.out);
	close(broken.in);
}
END_TEST

START_TEST(a_file_is_always_ready)
{	/* readiness.h */
	FILE *file = tmpfile();
	struct watch watch = WATCH_INIT;
	HANDLE handle;

	ck_assert_ptr_nonnull(file);
	handle = tp_open_readiness(fileno(file), POLLIN | POLLOUT);
	ck_assert_ptr_nonnull(handle);
	ck_assert_uint_eq(poll(handle), WAIT_OBJECT_0);
	watch_open(&watch);
	set_wait(watch.wait, handle, 0);
	assert_told(&watch, 1, 0);
	watch_close(&watch);
	ck_assert(CloseHandle(handle));
	fclose(file);
}
END_TEST

START_TEST(sockets_are_ready_in_either_direction)
{	/* readiness.h */
	struct channel channel;
	HANDLE both;

	open_sockets(&channel, POLLIN);
	both = tp_open_readiness(channel.out, POLLIN | POLLOUT);
	ck_assert_ptr_nonnull(both);
	ck_assert_uint_eq(poll(channel.handle), WAIT_TIMEOUT);
	ck_assert_uint_eq(poll(both), WAIT_OBJECT_0);
	put(&channel);
	ck_assert_uint_eq(poll(channel.handle), WAIT_OBJECT_0);
	get(&channel);
	ck_assert_uint_eq(poll(channel.handle), WAIT_TIMEOUT);
	ck_assert_int_eq(shutdown(channel.in, SHUT_WR), 0);
	ck_assert_uint_eq(WaitForSingleObject(channel.handle, INFINITE),
		WAIT_OBJECT_0);
	ck_assert(CloseHandle(both));
	channel_close(&channel);
}
END_TEST

static void
assert_refused(int descriptor, short events, DWORD error)
{
	SetLastError(0xDEAD);
	ck_assert_ptr_null(tp_open_readiness(descriptor, events));
	ck_assert_uint_eq(GetLastError(), error);
}

START_TEST(what_cannot_be_watched_is_refused_with_a_reason)
{	/* readiness.h */
	struct channel channel;

	ck_assert(try_channel(&channel, POLLIN));
	assert_refused(-1, POLLIN, ERROR_INVALID_HANDLE);
	assert_refused(9999, POLLIN, ERROR_INVALID_HANDLE);
	assert_refused(channel.out, 0, ERROR_INVALID_PARAMETER);
	assert_refused(channel.out, POLLNVAL, ERROR_INVALID_PARAMETER);
	assert_refused(channel.out, POLLIN | POLLHUP,
		ERROR_INVALID_PARAMETER);
	channel_close(&channel);
	assert_refused(channel.out, POLLIN, ERROR_INVALID_HANDLE);
}
END_TEST

/* ---- Threads that wait ---- */

static void *
put_once(void *channel)
{
	put(channel);
	return NULL;
}

START_TEST(a_thread_waits_until_a_descriptor_is_ready)
{	/* KOBJ-15 */
	struct race race = { .count = 0 };
	struct channel channel;
	LONGLONG begin;

	ck_assert(try_channel(&channel, POLLIN));
	begin = ticks_now();
	ck_assert_uint_eq(WaitForSingleObject(channel.handle, 20),
		WAIT_TIMEOUT);
	assert_elapsed(begin, 20 * MS);
	race_start(&race, put_once, &channel);
	ck_assert_uint_eq(WaitForSingleObject(channel.handle, INFINITE),
		WAIT_OBJECT_0);
	race_join(&race);
	ck_assert_uint_eq(poll(channel.handle), WAIT_OBJECT_0);
	channel_close(&channel);
}
END_TEST

START_TEST(a_wait_for_any_takes_the_lowest_that_is_ready)
{	/* KOBJ-10 */
	struct channel first, second;
	struct race race = { .count = 0 };
	HANDLE handles[3];

	ck_assert(try_channel(&first, POLLIN));
	ck_assert(try_channel(&second, POLLIN));
	handles[0] = event(FALSE);
	handles[1] = first.handle;
	handles[2] = second.handle;
	race_start(&race, put_once, &second);
	ck_assert_uint_eq(WaitForMultipleObjects(3, handles, FALSE,
		INFINITE), WAIT_OBJECT_0 + 2);
	race_join(&race);
	put(&first);
	ck_assert_uint_eq(WaitForMultipleObjects(3, handles, FALSE,
		INFINITE), WAIT_OBJECT_0 + 1);
	ck_assert(SetEvent(handles[0]));
	ck_assert_uint_eq(WaitForMultipleObjects(3, handles, FALSE,
		INFINITE), WAIT_OBJECT_0);
	ck_assert(CloseHandle(handles[0]));
	channel_close(&first);
	channel_close(&second);
}
END_TEST

/* A thread that waits for two objects at the same time. */
struct both {
	HANDLE handles[2];
	DWORD result;
	LONG volatile over;
};

static void *
wait_for_both(void *argument)
{
	struct both *both = argument;

	both->result = WaitForMultipleObjects(2, both->handles, TRUE,
		INFINITE);
	InterlockedIncrement(&both->over);
	return NULL;
}

/* Ready, and not any more when the event comes; then ready again. */
static void
become_ready_twice(const struct channel *channel, struct both *both,
	HANDLE other)
{
	struct race race = { .count = 0 };

	race_start(&race, wait_for_both, both);
	put(channel);
	Sleep(1);		/* most schedules let it be noticed */
	get(channel);
	ck_assert(SetEvent(other));
	Sleep(1);
	ck_assert_int_eq(count_of(&both->over), 0);
	put(channel);
	race_join(&race);
	ck_assert_uint_eq(both->result, WAIT_OBJECT_0);
	ck_assert_uint_eq(poll(other), WAIT_TIMEOUT);
}

START_TEST(a_wait_for_all_needs_it_ready_together_with_the_others)
{	/* KOBJ-11 */
	struct channel channel;
	HANDLE other = event(FALSE);
	struct both both[2];

	ck_assert(try_channel(&channel, POLLIN));
	both[0] = (struct both){ .handles = { channel.handle, other } };
	both[1] = (struct both){ .handles = { other, channel.handle } };
	become_ready_twice(&channel, &both[0], other);
	get(&channel);
	become_ready_twice(&channel, &both[1], other);
	channel_close(&channel);
	ck_assert(CloseHandle(other));
}
END_TEST

START_TEST(a_wait_for_all_of_two_descriptors_ends_whichever_comes_last)
{	/* KOBJ-11 */
	struct channel channels[2];

	ck_assert(try_channel(&channels[0], POLLIN));
	ck_assert(try_channel(&channels[1], POLLIN));
	for (int first = 0; first < 2; first++) {
		struct both both = {
			.handles = { channels[0].handle, channels[1].handle }
		};
		struct race race = { .count = 0 };

		race_start(&race, wait_for_both, &both);
		put(&channels[first]);
		Sleep(1);
		ck_assert_int_eq(count_of(&both.over), 0);
		put(&channels[1 - first]);
		race_join(&race);
		ck_assert_uint_eq(both.result, WAIT_OBJECT_0);
		get(&channels[0]);
		get(&channels[1]);
	}
	channel_close(&channels[0]);
	channel_close(&channels[1]);
}
END_TEST

/* ---- Wait objects ---- */

START_TEST(a_wait_object_is_told_whether_ready_before_or_after)
{	/* WAIT-02, WAIT-30 */
	struct watch watch = WATCH_INIT;
	struct channel channel;

	ck_assert(try_channel(&channel, POLLIN));
	watch_open(&watch);
	SetThreadpoolWait(watch.wait, channel.handle, NULL);
	assert_told(&watch, 0, 0);
	put(&channel);
	tally_await(&watch.signals, 1);
	assert_told(&watch, 1, 0);
	SetThreadpoolWait(watch.wait, channel.handle, NULL);
	assert_told(&watch, 2, 0);	/* at once: it still is */
	get(&channel);
	SetThreadpoolWait(watch.wait, channel.handle, NULL);
	assert_told(&watch, 2, 0);
	put(&channel);
	tally_await(&watch.signals, 3);
	assert_told(&watch, 3, 0);
	watch_close(&watch);
	channel_close(&channel);
}
END_TEST

START_TEST(a_wait_object_times_out_beside_a_descriptor)
{	/* WAIT-03, WAIT-08, port-defined */
	struct watch watch = WATCH_INIT;
	struct channel channel;
	LONGLONG begin;

	ck_assert(try_channel(&channel, POLLIN));
	watch_open(&watch);
	begin = ticks_now();
	set_wait(watch.wait, channel.handle, -20 * MS);
	tally_await(&watch.timeouts, 1);
	assert_elapsed(begin, 20 * MS);
	put(&channel);
	assert_told(&watch, 0, 1);
	set_wait(watch.wait, channel.handle, 0);
	assert_told(&watch, 1, 1);
	watch_close(&watch);
	channel_close(&channel);
}
END_TEST

START_TEST(a_time_set_while_the_dispatcher_waits_for_descriptors_is_kept)
{	/* WAIT-03, WAIT-33 */
	struct watch watch = WATCH_INIT;
	struct channel channel;
	LONGLONG begin;

	ck_assert(try_channel(&channel, POLLIN));
	watch_open(&watch);
	SetThreadpoolWait(watch.wait, channel.handle, NULL);
	Sleep(5);		/* natively: most likely it sleeps now */
	for (unsigned n = 1; n <= 3; n++) {
		begin = ticks_now();
		set_wait(watch.wait, channel.handle, -10 * MS);
		tally_await(&watch.timeouts, n);
		assert_elapsed(begin, 10 * MS);
	}
	watch_close(&watch);
	channel_close(&channel);
}
END_TEST

START_TEST(several_handles_of_one_descriptor_are_all_signalled)
{	/* WAIT-14 */
	struct watch first = WATCH_INIT, second = WATCH_INIT;
	struct channel channel;
	HANDLE other;

	ck_assert(try_channel(&channel, POLLIN));
	other = tp_open_readiness(channel.out, POLLIN);
	ck_assert_ptr_nonnull(other);
	watch_open(&first);
	watch_open(&second);
	SetThreadpoolWait(first.wait, channel.handle, NULL);
	SetThreadpoolWait(second.wait, other, NULL);
	put(&channel);
	tally_await(&first.signals, 1);
	tally_await(&second.signals, 1);
	SetThreadpoolWait(first.wait, other, NULL);
	assert_told(&first, 2, 0);
	watch_close(&first);
	watch_close(&second);
	ck_assert(CloseHandle(other));
	channel_close(&channel);
}
END_TEST

START_TEST(several_waits_for_one_handle_are_all_told)
{	/* WAIT-14 */
	struct watch first = WATCH_INIT, second = WATCH_INIT;
	struct channel channel;

	ck_assert(try_channel(&channel, POLLIN));
	watch_open(&first);
	watch_open(&second);
	SetThreadpoolWait(first.wait, channel.handle, NULL);
	SetThreadpoolWait(second.wait, channel.handle, NULL);
	put(&channel);		/* nobody takes it: it is ready for both */
	tally_await(&first.signals, 1);
	tally_await(&second.signals, 1);
	watch_close(&first);
	watch_close(&second);
	channel_close(&channel);
}
END_TEST

/* ---- Closing ---- */

START_TEST(a_handle_closed_while_it_is_watched_still_signals)
{	/* KOBJ-01, port-defined */
	struct watch watch = WATCH_INIT;
	struct channel channel;

	ck_assert(try_channel(&channel, POLLIN));
	watch_open(&watch);
	SetThreadpoolWait(watch.wait, channel.handle, NULL);
	ck_assert(CloseHandle(channel.handle));
	put(&channel);
	tally_await(&watch.signals, 1);
	watch_close(&watch);
	close_ends(&channel);
}
END_TEST

START_TEST(a_descriptor_closed_by_the_program_is_still_watched)
{	/* readiness.h */
	struct watch watch = WATCH_INIT;
	struct channel channel;

	ck_assert(try_channel(&channel, POLLIN));
	watch_open(&watch);
	SetThreadpoolWait(watch.wait, channel.handle, NULL);
	close(channel.out);
	put(&channel);		/* there is still somebody to read it */
	tally_await(&watch.signals, 1);
	watch_close(&watch);
	ck_assert(CloseHandle(channel.handle));
	close(channel.in);
}
END_TEST

START_TEST(with_the_handle_the_last_hold_on_the_file_is_gone)
{	/* readiness.h */
	struct watch watch = WATCH_INIT;
	struct channel channel;
	char byte;

	open_sockets(&channel, POLLIN);
	watch_open(&watch);
	SetThreadpoolWait(watch.wait, channel.handle, NULL);
	Sleep(5);		/* natively: most likely it is watched now */
	close(channel.out);
	ck_assert(CloseHandle(channel.handle));
	SetThreadpoolWait(watch.wait, NULL, NULL);
	/* The other side sees the end, though the poller was watching. */
	ck_assert_int_eq(read(channel.in, &byte, 1), 0);
	watch_close(&watch);
	close(channel.in);
}
END_TEST

/* ---- Limits ---- */

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

static unsigned
descriptors(void)
{
	unsigned number = 0;

	for (int i = 0; i < 1024; i++)
		number += fcntl(i, F_GETFD) >= 0;
	return number;
}

/* Opens a handle with as few descriptors as it takes: how many? */
static unsigned
descriptors_needed(const struct channel *channel, HANDLE *handle)
{
	unsigned number = 0, open = descriptors();
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
		ck_assert_uint_eq(descriptors(), open);
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
	open = descriptors();
	ck_assert_uint_eq(descriptors_needed(&channel, &channel.handle),
		KEPT + 1);
	put(&channel);
	ck_assert_uint_eq(poll(channel.handle), WAIT_OBJECT_0);
	ck_assert(CloseHandle(channel.handle));
	ck_assert_uint_eq(descriptors(), open + KEPT);
	close_ends(&channel);
	harness_keep_descriptors();		/* the poller stays */
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

/* ---- Races ---- */

/* remove_watch, satisfy: what the dispatcher finds ready too late. */
START_TEST(ready_against_null_and_cancel_brings_no_late_callback)
{	/* WAIT-19, WAIT-23 */
	struct duel duel = { .over = 0 };
	struct race race = { .count = 0 };
	struct channel channel;

	if (!try_channel(&channel, POLLIN))
		return;
	if (try_duel(&duel)) {
		SetThreadpoolWait(duel.wait, channel.handle, NULL);
		race_start(&race, put_once, &channel);
		duel_stop(&duel);
		race_join(&race);
		ck_assert_int_le(callbacks_of(&duel), 1);
		duel_close(&duel);
	}
	channel_close(&channel);
}
END_TEST

/* satisfy, expire: one step each, so both cannot win. */
START_TEST(ready_against_a_time_out_brings_one_callback)
{	/* WAIT-02, WAIT-03 */
	struct duel duel = { .over = 0 };
	struct race race = { .count = 0 };
	struct channel channel;

	if (!try_channel(&channel, POLLIN))
		return;
	if (try_duel(&duel)) {
		set_for(duel.wait, channel.handle, 10 * MS);
		race_start(&race, put_once, &channel);
		Sleep(10);
		race_join(&race);
		settle();
		ck_assert_int_le(callbacks_of(&duel), 1);
		if (exact())
			ck_assert_int_eq(callbacks_of(&duel), 1);
		ck_assert_uint_eq(poll(channel.handle), WAIT_OBJECT_0);
		duel_stop(&duel);
		duel_close(&duel);
	}
	channel_close(&channel);
}
END_TEST

/* readiness_retire: the object goes while its descriptor becomes ready. */
START_TEST(ready_against_closing_the_handle_and_the_wait)
{	/* KOBJ-01, WAIT-22, port-defined */
	struct duel duel = { .over = 0 };
	struct race race = { .count = 0 };
	struct channel channel;

	if (!try_channel(&channel, POLLIN))
		return;
	if (try_duel(&duel)) {
		SetThreadpoolWait(duel.wait, channel.handle, NULL);
		race_start(&race, put_once, &channel);
		ck_assert(CloseHandle(channel.handle));
		duel_stop(&duel);
		duel_close(&duel);
		race_join(&race);
		settle();
	} else {
		ck_assert(CloseHandle(channel.handle));
	}
	close_ends(&channel);
}
END_TEST

static void *
set_the_duel(void *argument)
{
	struct duel *duel = ((void **)argument)[0];
	struct channel *channel = ((void **)argument)[1];

	SetThreadpoolWait(duel->wait, channel->handle, NULL);
	return NULL;
}

/* tp_poller_wake_locked: a time against the dispatcher that falls asleep. */
START_TEST(a_time_set_while_the_dispatcher_falls_asleep_is_kept)
{	/* WAIT-33, KOBJ-25 */
	struct duel duel = { .over = 0 };
	struct race race = { .count = 0 };
	struct channel channel;
	void *both[2] = { &duel, &channel };
	HANDLE timer = CreateWaitableTimerA(NULL, FALSE, NULL);
	LARGE_INTEGER due = { .QuadPart = -10 * MS };
	LONGLONG begin;

	if (!made(timer))
		return;
	if (try_channel(&channel, POLLIN)) {
		if (try_duel(&duel)) {
			race_start(&race, set_the_duel, both);
			begin = ticks_now();
			ck_assert(SetWaitableTimer(timer, &due, 0, NULL,
				NULL, FALSE));
			ck_assert_uint_eq(WaitForSingleObject(timer,
				INFINITE), WAIT_OBJECT_0);
			assert_elapsed(begin, 10 * MS);
			race_join(&race);
			duel_stop(&duel);
			duel_close(&duel);
		}
		channel_close(&channel);
	}
	ck_assert(CloseHandle(timer));
}
END_TEST

/* Reads a byte each time, until the second; then sets an event. */
struct reader {
	struct duel duel;
	struct channel channel;
	HANDLE done;
	int bytes;
};

static VOID CALLBACK
read_and_set_again(PTP_CALLBACK_INSTANCE instance, PVOID context,
	PTP_WAIT wait, TP_WAIT_RESULT result)
{
	struct reader *reader = context;

	(void)instance;
	ck_assert_uint_eq(result, WAIT_OBJECT_0);
	get(&reader->channel);
	if (++reader->bytes == 2)
		ck_assert(SetEvent(reader->done));
	SetThreadpoolWait(wait, reader->channel.handle, NULL);
}

/* arm: what becomes ready between two settings is not lost. */
START_TEST(what_is_written_while_the_callback_sets_again_is_read)
{	/* WAIT-05 */
	struct reader reader = { .bytes = 0 };
	struct race race = { .count = 0 };

	if (!try_channel(&reader.channel, POLLIN))
		return;
	reader.done = CreateEventA(NULL, FALSE, FALSE, NULL);
	if (made(reader.done) &&
	    try_duel_of(&reader.duel, read_and_set_again, &reader)) {
		SetThreadpoolWait(reader.duel.wait, reader.channel.handle,
			NULL);
		put(&reader.channel);
		race_start(&race, put_once, &reader.channel);
		race_join(&race);
		ck_assert_uint_eq(WaitForSingleObject(reader.done, INFINITE),
			WAIT_OBJECT_0);
		WaitForThreadpoolWaitCallbacks(reader.duel.wait, FALSE);
		SetThreadpoolWait(reader.duel.wait, NULL, NULL);
		WaitForThreadpoolWaitCallbacks(reader.duel.wait, TRUE);
		ck_assert_int_eq(reader.bytes, 2);
		duel_close(&reader.duel);
	}
	close_all(1, &reader.done);
	channel_close(&reader.channel);
}
END_TEST

/* Ready, not any more, and again; and the event, which stays. */
struct flicker {
	struct channel channel;
	HANDLE other;
};

static void *
flicker(void *argument)
{
	struct flicker *flicker = argument;

	put(&flicker->channel);
	get(&flicker->channel);
	ck_assert(SetEvent(flicker->other));
	put(&flicker->channel);
	return NULL;
}

/* readiness_signalled: whoever goes on waiting has it watched. */
START_TEST(a_wait_for_all_ends_though_readiness_comes_and_goes)
{	/* KOBJ-11 */
	struct flicker scene = {
		.other = CreateEventA(NULL, FALSE, FALSE, NULL)
	};
	struct race race = { .count = 0 };
	HANDLE handles[2];

	if (!made(scene.other))
		return;
	if (try_channel(&scene.channel, POLLIN)) {
		handles[0] = scene.channel.handle;
		handles[1] = scene.other;
		race_start(&race, flicker, &scene);
		race_drop_refused(&race);
		if (race.count == 0)
			flicker(&scene);
		ck_assert_uint_eq(WaitForMultipleObjects(2, handles, TRUE,
			INFINITE), WAIT_OBJECT_0);
		race_join(&race);
		ck_assert_uint_eq(poll(scene.other), WAIT_TIMEOUT);
		channel_close(&scene.channel);
	}
	ck_assert(CloseHandle(scene.other));
}
END_TEST

static void *
open_and_look(void *unused)
{
	struct channel channel;

	(void)unused;
	if (!try_channel(&channel, POLLIN))
		return NULL;
	ck_assert_uint_eq(WaitForSingleObject(channel.handle, 10),
		WAIT_TIMEOUT);
	put(&channel);
	ck_assert_uint_eq(WaitForSingleObject(channel.handle, 10),
		WAIT_OBJECT_0);
	channel_close(&channel);
	return NULL;
}

/* tp_poller_open: by two threads at once, while one of them uses it. */
START_TEST(two_threads_open_the_poller_once)
{	/* readiness.h */
	struct race race = { .count = 0 };
	unsigned open = descriptors();

	setenv("TP_POLLER", POLLER, 1);
	race_start(&race, open_and_look, NULL);
	(void)open_and_look(NULL);
	race_join(&race);
	ck_assert_uint_le(descriptors(), open + KEPT);
	if (!may_fail())
		ck_assert_uint_eq(descriptors(), open + KEPT);
	harness_keep_descriptors();		/* the poller stays */
}
END_TEST

/* ---- The suite ---- */

/* The poller stays open for good; no test has opened it, then. */
static void
open_poller(void)
{
	struct channel channel;

	setenv("TP_POLLER", POLLER, 1);
	ck_assert(try_channel(&channel, POLLIN));
	channel_close(&channel);
	harness_keep_descriptors();
}

static void
nothing(void)
{
}

static TCase *
case_with_poller(Suite *suite, const char *name)
{
	TCase *tcase = harness_case(suite, name);

	harness_add_fixture(tcase, open_poller, nothing);
	return tcase;
}

static void
add_small(TCase *small)
{
	tcase_add_test(small, it_is_signalled_while_there_is_something_to_read);
	tcase_add_test(small, it_is_signalled_while_there_is_room_to_write);
	tcase_add_test(small, an_end_and_an_error_count_as_ready);
	tcase_add_test(small, a_file_is_always_ready);
	tcase_add_test(small, sockets_are_ready_in_either_direction);
	tcase_add_test(small, what_cannot_be_watched_is_refused_with_a_reason);
	tcase_add_test(small, a_thread_waits_until_a_descriptor_is_ready);
	tcase_add_test(small, a_wait_for_any_takes_the_lowest_that_is_ready);
	tcase_add_test(small,
		a_wait_for_all_needs_it_ready_together_with_the_others);
	tcase_add_test(small,
		a_wait_for_all_of_two_descriptors_ends_whichever_comes_last);
	tcase_add_test(small,
		a_wait_object_is_told_whether_ready_before_or_after);
	tcase_add_test(small, a_wait_object_times_out_beside_a_descriptor);
	tcase_add_test(small,
		a_time_set_while_the_dispatcher_waits_for_descriptors_is_kept);
	tcase_add_test(small,
		several_handles_of_one_descriptor_are_all_signalled);
	tcase_add_test(small, several_waits_for_one_handle_are_all_told);
	tcase_add_test(small,
		a_handle_closed_while_it_is_watched_still_signals);
	tcase_add_test(small,
		a_descriptor_closed_by_the_program_is_still_watched);
	tcase_add_test(small,
		with_the_handle_the_last_hold_on_the_file_is_gone);
	tcase_add_test(small,
		a_handle_takes_one_descriptor_and_without_it_is_refused);
}

static void
add_scenarios(TCase *scenario)
{
	tcase_add_test(scenario,
		ready_against_null_and_cancel_brings_no_late_callback);
	tcase_add_test(scenario,
		ready_against_a_time_out_brings_one_callback);
	tcase_add_test(scenario,
		ready_against_closing_the_handle_and_the_wait);
	tcase_add_test(scenario,
		a_time_set_while_the_dispatcher_falls_asleep_is_kept);
	tcase_add_test(scenario,
		what_is_written_while_the_callback_sets_again_is_read);
	tcase_add_test(scenario,
		a_wait_for_all_ends_though_readiness_comes_and_goes);
}

int
main(void)
{
	Suite *suite = suite_create(SUITE);
	TCase *small = case_with_poller(suite, "small");
	TCase *scenario = case_with_poller(suite, "scenario");
	TCase *large = case_with_poller(suite, "large");
	TCase *first = harness_case(suite, "scenario");

	add_small(small);
	add_scenarios(scenario);
	tcase_add_test(large, hundreds_of_descriptors_are_watched_at_once);
	tcase_add_test(large,
		thousands_of_handles_are_watched_or_refused_with_a_reason);
	tcase_add_test(first, two_threads_open_the_poller_once);
	tcase_add_test(first,
		the_first_handle_opens_the_poller_or_leaves_nothing);
	return harness_run(suite);
}

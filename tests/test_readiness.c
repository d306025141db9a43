/* SPDX-License-Identifier: MIT */
/*
 * test_readiness.c - handles that are signalled while a descriptor is ready
 *
 * What readiness.h promises to who looks, to a thread that waits, and to a
 * wait object (watch.h); and what closing the handle or the descriptor does.
 * channel.h has the pipes and sockets. How many there can be is in
 * test_readiness_limits.c, and the races are in test_scenario_readiness.c;
 * test_readiness_poll.c has all of them over the other poller.
 *
 * The handles are an extension: no rule speaks of them, but what is said of
 * any object that can be waited for holds for them as well.
 */
#include <semaphore.h>
#include <stdio.h>
#include <sys/wait.h>
#include <time.h>

#include "channel.h"
#include "watch.h"

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

/* No ck_assert between: it is a place to be cancelled at. */
static void *
look_and_be_cancelled(void *handle)
{
	if (pthread_cancel(pthread_self()) != 0 ||
	    poll(handle) != WAIT_TIMEOUT)
		abort();
	pthread_testcancel();
	return NULL;
}

START_TEST(a_look_by_a_thread_that_is_to_be_cancelled_is_whole)
{	/* KOBJ-15 */
	struct channel channel;
	pthread_t thread;
	void *result;

	explore_cannot("pthread_cancel is not explored");
	ck_assert(try_channel(&channel, POLLIN));
	ck_assert_int_eq(pthread_create(&thread, NULL,
		look_and_be_cancelled, channel.handle), 0);
	ck_assert_int_eq(pthread_join(thread, &result), 0);
	ck_assert_ptr_eq(result, PTHREAD_CANCELED);
	put(&channel);
	ck_assert_uint_eq(poll(channel.handle), WAIT_OBJECT_0);
	channel_close(&channel);
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

/* In a child of fork, which has nobody else: closes its copy, and ends. */
static void
close_in_a_child(HANDLE handle)
{
	pid_t child = fork();
	int status;

	ck_assert_int_ge(child, 0);
	if (child == 0)
		_exit(CloseHandle(handle) ? 0 : 1);
	ck_assert_int_eq(waitpid(child, &status, 0), child);
	ck_assert_int_eq(status, 0);
}

START_TEST(a_handle_closed_in_a_child_of_fork_is_watched_by_its_parent)
{	/* KOBJ-01, port-defined */
	struct watch watch = WATCH_INIT;
	struct channel channel;

	explore_cannot("fork is not explored");
	ck_assert(try_channel(&channel, POLLIN));
	close_in_a_child(channel.handle);
	watch_open(&watch);
	SetThreadpoolWait(watch.wait, channel.handle, NULL);
	put(&channel);
	tally_await(&watch.signals, 1);
	watch_close(&watch);
	channel_close(&channel);
}
END_TEST

static sem_t held, forks;

static void
say_that_it_forks(void)
{
	sem_post(&forks);
}

/* As the dispatcher does at any time: holds the lock while somebody forks. */
static void *
hold_the_lock(void *unused)
{
	struct timespec while_it_forks = { .tv_nsec = 20000000 };

	(void)unused;
	tp_lock(&tp_waitable_lock);
	sem_post(&held);
	sem_wait(&forks);
	nanosleep(&while_it_forks, NULL);
	tp_unlock(&tp_waitable_lock);
	return NULL;
}

START_TEST(a_child_of_fork_has_no_lock_that_another_thread_held)
{	/* KOBJ-01, port-defined */
	struct channel channel;
	pthread_t thread;

	explore_cannot("fork is not explored");
	ck_assert(try_channel(&channel, POLLIN));
	ck_assert_int_eq(sem_init(&held, 0, 0), 0);
	ck_assert_int_eq(sem_init(&forks, 0, 0), 0);
	/* The last one that is registered is the first one to be called. */
	ck_assert_int_eq(pthread_atfork(say_that_it_forks, NULL, NULL), 0);
	ck_assert_int_eq(pthread_create(&thread, NULL, hold_the_lock, NULL),
		0);
	sem_wait(&held);
	close_in_a_child(channel.handle);
	ck_assert_int_eq(pthread_join(thread, NULL), 0);
	channel_close(&channel);
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

/* ---- The suite ---- */

static void
add_readiness(TCase *small)
{
	tcase_add_test(small, it_is_signalled_while_there_is_something_to_read);
	tcase_add_test(small,
		a_look_by_a_thread_that_is_to_be_cancelled_is_whole);
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
		a_handle_closed_in_a_child_of_fork_is_watched_by_its_parent);
	tcase_add_test(small,
		a_child_of_fork_has_no_lock_that_another_thread_held);
	tcase_add_test(small,
		with_the_handle_the_last_hold_on_the_file_is_gone);
}

#ifndef PARTS
int
main(void)
{
	Suite *suite = suite_create("readiness");

	add_readiness(case_with_poller(suite, "small"));
	return harness_run(suite);
}
#endif

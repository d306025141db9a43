/* SPDX-License-Identifier: MIT */
/*
 * test_scenario_kernel.c - kernel objects: signal against wait against close
 *
 * Scenarios of events, semaphores, mutexes, timers, threads, handles and
 * critical sections (scenario.h says what a scenario is). The comment above
 * a test names the function whose promise is at stake.
 *
 * Times are exact where time is virtual: a wait of 10 ms takes 10 ms, and
 * what another thread does after a Sleep(10) happens at the same moment, so
 * that every order of the two is tried.
 */
#include "scenario.h"

#include "../ref/waitable.h"

enum { MANUAL = TRUE, AUTO = FALSE };

static HANDLE
try_event(BOOL manual_reset)
{
	HANDLE handle = CreateEventA(NULL, manual_reset, FALSE, NULL);

	(void)made(handle);
	return handle;
}

static HANDLE
try_semaphore(LONG count, LONG maximum)
{
	HANDLE handle = CreateSemaphoreA(NULL, count, maximum, NULL);

	(void)made(handle);
	return handle;
}

static HANDLE
try_mutex(void)
{
	HANDLE handle = CreateMutexA(NULL, FALSE, NULL);

	(void)made(handle);
	return handle;
}

/* A thread that waits for one object, and what came of it. */
struct wait_call {
	HANDLE handle;
	DWORD timeout;		/* ms */
	DWORD result, error;
	LONGLONG took;		/* ticks */
};

static void *
wait_once(void *argument)
{
	struct wait_call *call = argument;
	LONGLONG begin = ticks_now();

	call->result = WaitForSingleObject(call->handle, call->timeout);
	call->error = GetLastError();
	call->took = ticks_now() - begin;
	return NULL;
}

static void *
set_event(void *handle)
{
	ck_assert(SetEvent(handle));
	return NULL;
}

/* ---- Events ---- */

/* tp_waitable_signalled_locked: one signal, one waiter; the other is late. */
START_TEST(one_signal_of_an_event_ends_one_of_two_waits)
{	/* KOBJ-03 */
	HANDLE object = try_event(AUTO);
	struct wait_call first = { object, 10, 99, 0, 0 };
	struct wait_call second = { object, 10, 99, 0, 0 };
	struct race race = { .count = 0 };
	DWORD left;

	if (object == NULL)
		return;
	race_start(&race, wait_once, &first);
	race_start(&race, wait_once, &second);
	ck_assert(SetEvent(object));
	race_join(&race);
	left = poll(object);
	ck_assert_int_eq((first.result == WAIT_OBJECT_0) +
		(second.result == WAIT_OBJECT_0) +
		(left == WAIT_OBJECT_0), 1);
	if (exact()) {
		ck_assert_uint_eq(left, WAIT_TIMEOUT);
		ck_assert_int_eq(first.took + second.took, 10 * MS);
	}
	ck_assert(CloseHandle(object));
}
END_TEST

/* struct wait: "signalled" and "timed out" cannot both win, nor both lose. */
START_TEST(signal_against_a_time_out_is_taken_or_still_there)
{	/* KOBJ-03 */
	HANDLE object = try_event(AUTO);
	struct wait_call call = { object, 10, 99, 0, 0 };
	struct race race = { .count = 0 };

	if (object == NULL)
		return;
	race_start(&race, wait_once, &call);
	Sleep(10);
	ck_assert(SetEvent(object));
	race_join(&race);
	ck_assert_uint_eq(call.result + poll(object),
		WAIT_OBJECT_0 + WAIT_TIMEOUT);
	if (exact())
		ck_assert_int_eq(call.took, 10 * MS);
	else if (call.result == WAIT_TIMEOUT)
		ck_assert_int_ge(call.took, 10 * MS);
	ck_assert(CloseHandle(object));
}
END_TEST

/* How many are asleep on the object. */
static unsigned
sleepers_of(HANDLE handle)
{
	struct tp_list *blocks;
	unsigned count = 0;

	tp_lock(&tp_waitable_lock);
	blocks = &tp_handle_find_locked(handle)->blocks;
	for (struct tp_list *node = blocks->next; node != blocks;
	     node = node->next)
		count++;
	tp_unlock(&tp_waitable_lock);
	return count;
}

/* event_set: all who wait pass, though it is reset before they run. */
START_TEST(set_before_reset_releases_all_who_wait)
{	/* KOBJ-03 */
	HANDLE object = try_event(MANUAL);
	struct wait_call first = { object, 10, 99, 0, 0 };
	struct wait_call second = { object, 10, 99, 0, 0 };
	struct race race = { .count = 0 };
	unsigned asleep;

	if (object == NULL)
		return;
	race_start(&race, wait_once, &first);
	race_start(&race, wait_once, &second);
	asleep = sleepers_of(object);
	ck_assert(SetEvent(object));
	ck_assert_uint_eq(sleepers_of(object), 0);
	ck_assert(ResetEvent(object));
	race_join(&race);
	if (exact())	/* else their time may have been up */
		ck_assert_int_ge((first.result == WAIT_OBJECT_0) +
			(second.result == WAIT_OBJECT_0), (int)asleep);
	ck_assert_uint_eq(poll(object), WAIT_TIMEOUT);
	ck_assert(CloseHandle(object));
}
END_TEST

/* tp_waitable_unuse_locked: closed under a waiter, it lives until the end. */
START_TEST(set_against_wait_against_close_of_an_event)
{	/* KOBJ-01, KOBJ-13, port-defined */
	HANDLE object = try_event(MANUAL);
	struct wait_call call = { object, INFINITE, 99, 0, 0 };
	struct race race = { .count = 0 };

	if (object == NULL)
		return;
	race_start(&race, wait_once, &call);
	ck_assert(SetEvent(object));
	ck_assert(CloseHandle(object));
	race_join(&race);
	/* In time, or too late for the handle; but never asleep for ever. */
	if (call.result == WAIT_FAILED)
		ck_assert_uint_eq(call.error, ERROR_INVALID_HANDLE);
	else
		ck_assert_uint_eq(call.result, WAIT_OBJECT_0);
}
END_TEST

/* ---- Waiting for several ---- */

struct wait_calls {
	HANDLE handles[2];
	BOOL all;
	DWORD timeout;		/* ms */
	DWORD result;
};

static void *
wait_for_both_or_either(void *argument)
{
	struct wait_calls *calls = argument;

	calls->result = WaitForMultipleObjects(2, calls->handles, calls->all,
		calls->timeout);
	return NULL;
}

/* satisfy_any: takes one of the two signals, and leaves the other one. */
START_TEST(wait_for_any_against_two_signals_takes_exactly_one)
{	/* KOBJ-10 */
	HANDLE objects[2] = { try_event(AUTO), try_event(AUTO) };
	struct wait_calls calls = { { objects[0], objects[1] }, FALSE,
		INFINITE, 99 };
	struct race race = { .count = 0 };

	if (all_made(2, objects)) {
		race_start(&race, set_event, objects[0]);
		race_start(&race, set_event, objects[1]);
		(void)wait_for_both_or_either(&calls);
		race_join(&race);
		ck_assert_uint_le(calls.result, WAIT_OBJECT_0 + 1);
		ck_assert_uint_eq(poll(objects[calls.result]), WAIT_TIMEOUT);
		ck_assert_uint_eq(poll(objects[1 - calls.result]),
			WAIT_OBJECT_0);
	}
	close_all(2, objects);
}
END_TEST

/* satisfy_all: takes nothing until it can take everything. */
START_TEST(wait_for_all_against_a_wait_for_one_takes_all_or_nothing)
{	/* KOBJ-11 */
	HANDLE objects[2] = { try_event(AUTO), try_event(AUTO) };
	struct wait_calls both = { { objects[0], objects[1] }, TRUE, 10, 99 };
	struct wait_call one = { objects[1], 10, 99, 0, 0 };
	struct race race = { .count = 0 };
	DWORD left[2];

	if (all_made(2, objects)) {
		race_start(&race, wait_for_both_or_either, &both);
		race_start(&race, wait_once, &one);
		ck_assert(SetEvent(objects[0]));
		ck_assert(SetEvent(objects[1]));
		race_join(&race);
		left[0] = poll(objects[0]);
		left[1] = poll(objects[1]);
		/* Each signal was taken once, or is still there. */
		ck_assert_int_eq((both.result == WAIT_OBJECT_0) +
			(left[0] == WAIT_OBJECT_0), 1);
		ck_assert_int_eq((both.result == WAIT_OBJECT_0) +
			(one.result == WAIT_OBJECT_0) +
			(left[1] == WAIT_OBJECT_0), 1);
		if (exact())
			ck_assert_uint_eq(left[1], WAIT_TIMEOUT);
	}
	close_all(2, objects);
}
END_TEST

/* Permits of two semaphores: who took how many. */
struct contest {
	HANDLE objects[2];
	LONG volatile taken[2];
};

static void *
take_both(void *argument)
{
	struct contest *contest = argument;

	if (WaitForMultipleObjects(2, contest->objects, TRUE, 10) ==
	    WAIT_OBJECT_0) {
		InterlockedIncrement(&contest->taken[0]);
		InterlockedIncrement(&contest->taken[1]);
	}
	return NULL;
}

static void *
take_either(void *argument)
{
	struct contest *contest = argument;
	DWORD result = WaitForMultipleObjects(2, contest->objects, FALSE,
		10);

	if (result != WAIT_TIMEOUT)
		InterlockedIncrement(&contest->taken[result]);
	return NULL;
}

/* tp_waitable_signalled_locked: with one block, others leave the lists. */
START_TEST(waits_for_all_and_for_any_take_each_permit_once)
{	/* KOBJ-06, KOBJ-11 */
	struct contest contest = {
		{ try_semaphore(0, 2), try_semaphore(0, 2) }, { 0, 0 }
	};
	struct race race = { .count = 0 };

	if (all_made(2, contest.objects)) {
		race_start(&race, take_both, &contest);
		race_start(&race, take_either, &contest);
		ck_assert(ReleaseSemaphore(contest.objects[1], 2, NULL));
		ck_assert(ReleaseSemaphore(contest.objects[0], 1, NULL));
		race_join(&race);
		while (poll(contest.objects[0]) == WAIT_OBJECT_0)
			contest.taken[0]++;
		while (poll(contest.objects[1]) == WAIT_OBJECT_0)
			contest.taken[1]++;
		ck_assert_int_eq(contest.taken[0], 1);
		ck_assert_int_eq(contest.taken[1], 2);
	}
	close_all(2, contest.objects);
}
END_TEST

static void *
release_one(void *handle)
{
	ck_assert(ReleaseSemaphore(handle, 1, NULL));
	return NULL;
}

/* release_locked of semaphore.c: permits add up, whoever releases them. */
START_TEST(two_releases_end_two_waits_for_a_semaphore)
{	/* KOBJ-05, KOBJ-06 */
	HANDLE object = try_semaphore(0, 2);
	struct wait_call first = { object, INFINITE, 99, 0, 0 };
	struct wait_call second = { object, INFINITE, 99, 0, 0 };
	struct race race = { .count = 0 };

	if (object == NULL)
		return;
	race_start(&race, release_one, object);
	race_start(&race, wait_once, &first);
	race_start(&race, wait_once, &second);
	(void)release_one(object);
	race_join(&race);
	ck_assert_uint_eq(first.result, WAIT_OBJECT_0);
	ck_assert_uint_eq(second.result, WAIT_OBJECT_0);
	ck_assert_uint_eq(poll(object), WAIT_TIMEOUT);
	ck_assert(CloseHandle(object));
}
END_TEST

static void *
signal_first_and_wait_for_second(void *argument)
{
	struct wait_calls *calls = argument;

	calls->result = SignalObjectAndWait(calls->handles[0],
		calls->handles[1], INFINITE, FALSE);
	return NULL;
}

/* SignalObjectAndWait: it waits already when the signal can be seen. */
START_TEST(who_signals_and_waits_is_waiting_when_the_signal_comes)
{	/* SignalObjectAndWait: no rule of its own */
	HANDLE objects[2] = { try_event(AUTO), try_event(AUTO) };
	struct wait_calls calls = { { objects[0], objects[1] }, FALSE,
		INFINITE, 99 };
	struct race race = { .count = 0 };

	if (all_made(2, objects)) {
		race_start(&race, signal_first_and_wait_for_second, &calls);
		race_drop_refused(&race);	/* both need the other */
		if (race.count > 0) {
			ck_assert_uint_eq(WaitForSingleObject(objects[0],
				INFINITE), WAIT_OBJECT_0);
			ck_assert_uint_eq(sleepers_of(objects[1]), 1);
			ck_assert(SetEvent(objects[1]));
			ck_assert_uint_eq(poll(objects[1]), WAIT_TIMEOUT);
			race_join(&race);
			ck_assert_uint_eq(calls.result, WAIT_OBJECT_0);
		}
	}
	close_all(2, objects);
}
END_TEST

/* ---- Mutexes ---- */

struct guarded {
	HANDLE mutex;
	unsigned value;		/* guarded by mutex: read and written plainly */
	LONG volatile told;	/* that it was abandoned */
};

static void *
add_under_the_mutex(void *argument)
{
	struct guarded *guarded = argument;

	for (int i = 0; i < 2; i++) {
		ck_assert_uint_eq(WaitForSingleObject(guarded->mutex,
			INFINITE), WAIT_OBJECT_0);
		guarded->value++;
		ck_assert(ReleaseMutex(guarded->mutex));
	}
	return NULL;
}

/* set_free_locked: to the oldest waiter, or to whoever comes. */
START_TEST(mutex_guards_what_three_threads_change)
{	/* KOBJ-07 */
	struct guarded guarded = { try_mutex(), 0, 0 };
	struct race race = { .count = 0 };

	if (guarded.mutex == NULL)
		return;
	race_start(&race, add_under_the_mutex, &guarded);
	race_start(&race, add_under_the_mutex, &guarded);
	(void)add_under_the_mutex(&guarded);
	race_join(&race);
	ck_assert_uint_eq(guarded.value, 6);
	ck_assert(CloseHandle(guarded.mutex));
}
END_TEST

/* Acquires, counts if it is told of an abandoned mutex, and releases. */
static void *
acquire_and_listen(void *argument)
{
	struct guarded *guarded = argument;
	DWORD result = WaitForSingleObject(guarded->mutex, INFINITE);

	if (result == WAIT_ABANDONED_0)
		InterlockedIncrement(&guarded->told);
	else
		ck_assert_uint_eq(result, WAIT_OBJECT_0);
	guarded->value++;
	ck_assert(ReleaseMutex(guarded->mutex));
	return NULL;
}

/* Ends without a release: as its function returns, or by pthread_exit. */
static void *
acquire_and_return(void *argument)
{
	struct guarded *guarded = argument;

	if (WaitForSingleObject(guarded->mutex, INFINITE) ==
	    WAIT_ABANDONED_0)
		InterlockedIncrement(&guarded->told);
	guarded->value++;
	return NULL;
}

static DWORD WINAPI
acquire_and_end(LPVOID argument)
{
	(void)acquire_and_return(argument);
	return 0;
}

/* Of all who come after the end of the owner, exactly one is told. */
static void
assert_told_once(struct guarded *guarded, unsigned value)
{
	(void)acquire_and_listen(guarded);
	ck_assert_int_eq(guarded->told, 1);
	ck_assert_uint_eq(guarded->value, value);
}

/* key_destructor: the end of a thread from elsewhere is noticed. */
START_TEST(end_of_an_owner_against_waits_tells_one_of_them)
{	/* KOBJ-09 */
	struct guarded guarded = { try_mutex(), 0, 0 };
	struct race race = { .count = 0 };

	if (guarded.mutex == NULL)
		return;
	race_start(&race, acquire_and_return, &guarded);
	race_drop_refused(&race);	/* this thread does not end */
	if (race.count > 0) {
		race_start(&race, acquire_and_listen, &guarded);
		(void)acquire_and_listen(&guarded);
		race_join(&race);
		assert_told_once(&guarded, 4);
	}
	ck_assert(CloseHandle(guarded.mutex));
}
END_TEST

/* thread_ended: mutexes first, so who has waited for it finds them free. */
START_TEST(end_of_a_thread_is_seen_after_its_mutexes_are_free)
{	/* KOBJ-09, KOBJ-18 */
	struct guarded guarded = { try_mutex(), 0, 0 };
	HANDLE thread;

	if (guarded.mutex == NULL)
		return;
	thread = CreateThread(NULL, 0, acquire_and_end, &guarded, 0, NULL);
	if (made(thread)) {
		ck_assert_uint_eq(WaitForSingleObject(thread, INFINITE),
			WAIT_OBJECT_0);
		ck_assert_uint_eq(poll(guarded.mutex), WAIT_ABANDONED_0);
		ck_assert_uint_eq(guarded.value, 1);
		ck_assert(ReleaseMutex(guarded.mutex));
		ck_assert(CloseHandle(thread));
	}
	ck_assert(CloseHandle(guarded.mutex));
}
END_TEST

/* ---- Threads ---- */

static DWORD WINAPI
return_seven(LPVOID unused)
{
	(void)unused;
	return 7;
}

/* thread_ended: code and signal in one step. */
START_TEST(end_of_a_thread_against_waits_gives_its_code_to_all)
{	/* KOBJ-18 */
	HANDLE thread = CreateThread(NULL, 0, return_seven, NULL, 0, NULL);
	struct wait_call call = { thread, INFINITE, 99, 0, 0 };
	struct race race = { .count = 0 };
	DWORD code = 0;

	if (!made(thread))
		return;
	race_start(&race, wait_once, &call);
	ck_assert(GetExitCodeThread(thread, &code));
	ck_assert(code == STILL_ACTIVE || code == 7);
	ck_assert_uint_eq(WaitForSingleObject(thread, INFINITE),
		WAIT_OBJECT_0);
	ck_assert(GetExitCodeThread(thread, &code));
	ck_assert_uint_eq(code, 7);
	race_join(&race);
	ck_assert_uint_eq(call.result, WAIT_OBJECT_0);
	ck_assert_uint_eq(poll(thread), WAIT_OBJECT_0);
	ck_assert(CloseHandle(thread));
}
END_TEST

static DWORD WINAPI
set_and_return(LPVOID handle)
{
	return (DWORD)SetEvent(handle);
}

/* start_thread: the thread has a use of its own, whatever is closed. */
START_TEST(handle_of_a_thread_may_be_closed_before_it_ends)
{	/* KOBJ-01, KOBJ-18, port-defined */
	HANDLE object = try_event(AUTO), thread;

	if (object == NULL)
		return;
	thread = CreateThread(NULL, 0, set_and_return, object, 0, NULL);
	if (made(thread)) {
		ck_assert(CloseHandle(thread));
		ck_assert_uint_eq(WaitForSingleObject(object, INFINITE),
			WAIT_OBJECT_0);
	}
	ck_assert(CloseHandle(object));
}
END_TEST

struct numbered {
	LONG volatile count;
	DWORD ids[2];
};

static void *
note_number(void *argument)
{
	struct numbered *numbered = argument;
	LONG n = InterlockedIncrement(&numbered->count);

	numbered->ids[n - 1] = GetCurrentThreadId();
	return NULL;
}

/* new_id: no number is given twice. */
START_TEST(threads_that_ask_for_their_numbers_at_once_get_different_ones)
{	/* GetCurrentThreadId: no rule of its own */
	struct numbered numbered = { .count = 0 };
	struct race race = { .count = 0 };

	race_start(&race, note_number, &numbered);
	race_drop_refused(&race);
	(void)note_number(&numbered);
	race_join(&race);
	ck_assert_uint_ne(numbered.ids[0], numbered.ids[1]);
}
END_TEST

/* ---- Time ---- */

/* sleep_locked of multiwait.c: a time-out is neither early nor late. */
START_TEST(waits_that_time_out_take_their_time)
{	/* KOBJ-15 */
	HANDLE object = try_event(AUTO);
	struct wait_call call = { object, 20, 99, 0, 0 };
	struct race race = { .count = 0 };
	LONGLONG begin = ticks_now();

	if (object == NULL)
		return;
	race_start(&race, wait_once, &call);
	ck_assert_uint_eq(poll(object), WAIT_TIMEOUT);
	assert_elapsed(begin, 0);
	ck_assert_uint_eq(WaitForSingleObject(object, 10), WAIT_TIMEOUT);
	assert_elapsed(begin, 10 * MS);
	Sleep(5);
	assert_elapsed(begin, 15 * MS);
	race_join(&race);
	assert_elapsed(begin, 20 * MS);
	ck_assert_uint_eq(call.result, WAIT_TIMEOUT);
	ck_assert(CloseHandle(object));
}
END_TEST

static HANDLE
try_timer(BOOL manual_reset)
{
	HANDLE handle = CreateWaitableTimerA(NULL, manual_reset, NULL);

	(void)made(handle);
	return handle;
}

/* Due in so many ms, and then every `period` ms (0: once). */
static void
set_timer(HANDLE handle, LONGLONG ms, LONG period)
{
	LARGE_INTEGER due;

	due.QuadPart = -ms * MS;
	ck_assert(SetWaitableTimer(handle, &due, period, NULL, NULL, FALSE));
}

static void *
make_timer(void *argument)
{
	HANDLE *handle = argument;

	*handle = try_timer(AUTO);
	if (*handle != NULL)
		set_timer(*handle, 10, 0);
	return NULL;
}

/* tp_dispatcher_start: one dispatcher, whoever needs the first due time. */
START_TEST(first_timers_of_two_threads_share_the_dispatcher)
{	/* no rule: there is one thread for all due times */
	HANDLE timers[2] = { NULL, NULL };
	struct race race = { .count = 0 };
	LONGLONG begin = ticks_now();

	race_start(&race, make_timer, &timers[0]);
	(void)make_timer(&timers[1]);
	race_join(&race);
	for (int i = 0; i < 2; i++)
		if (timers[i] != NULL)
			ck_assert_uint_eq(WaitForSingleObject(timers[i],
				INFINITE), WAIT_OBJECT_0);
	if (all_made(2, timers))
		assert_elapsed(begin, 10 * MS);
	close_all(2, timers);
}
END_TEST

/* dispatch: after a cancel a due time has come completely, or never comes. */
START_TEST(cancel_against_the_expiry_of_a_timer_settles_it)
{	/* CancelWaitableTimer: no rule of its own */
	HANDLE object = try_timer(MANUAL);
	DWORD state;

	if (object == NULL)
		return;
	set_timer(object, 10, 0);
	Sleep(10);
	ck_assert(CancelWaitableTimer(object));
	state = poll(object);
	Sleep(10);
	ck_assert_uint_eq(poll(object), state);
	ck_assert(CloseHandle(object));
}
END_TEST

/* A due time of the test's own: what expires, and how often. */
struct alarm {
	struct tp_due due;
	LONG volatile rung;
};

static void
ring(struct tp_due *due)
{
	InterlockedIncrement(&tp_container(due, struct alarm, due)->rung);
}

/* tp_due_cancel_locked: its memory is the caller's again. */
START_TEST(cancelled_due_time_may_be_freed_at_once)
{	/* tp_due: no rule of its own */
	struct alarm *alarm = calloc(1, sizeof(*alarm));
	DWORD error = tp_dispatcher_start();

	if (error != 0)
		tolerate(error);
	if (alarm == NULL)
		tolerate(ERROR_NOT_ENOUGH_MEMORY);
	if (alarm != NULL && error == 0) {
		alarm->due.expire = ring;
		tp_lock(&tp_waitable_lock);
		tp_due_set_locked(&alarm->due,
			tp_time_after(tp_now(), 10 * MS), 0, false);
		tp_waitable_unlock();
		Sleep(10);
		tp_lock(&tp_waitable_lock);
		tp_due_cancel_locked(&alarm->due);
		tp_waitable_unlock();
		ck_assert_int_le(count_of(&alarm->rung), 1);
	}
	free(alarm);
	Sleep(10);
}
END_TEST

/* set_locked of waitable_timer.c: the old due time is gone with the new. */
START_TEST(timer_set_anew_as_it_expires_is_signalled_at_the_new_time)
{	/* SetWaitableTimer: no rule of its own */
	HANDLE object = try_timer(AUTO);
	LONGLONG begin = ticks_now();

	if (object == NULL)
		return;
	set_timer(object, 10, 0);
	Sleep(10);
	set_timer(object, 10, 0);
	ck_assert_uint_eq(WaitForSingleObject(object, INFINITE),
		WAIT_OBJECT_0);
	assert_elapsed(begin, 20 * MS);
	ck_assert_uint_eq(poll(object), WAIT_TIMEOUT);
	ck_assert(CloseHandle(object));
}
END_TEST

/* expire: a period counts from the due time before it, and does not drift. */
START_TEST(periodic_timer_keeps_its_times)
{	/* SetWaitableTimer: no rule of its own */
	HANDLE object = try_timer(AUTO);
	LONGLONG begin = ticks_now();

	if (object == NULL)
		return;
	set_timer(object, 10, 5);
	for (int n = 0; n < 3; n++) {
		ck_assert_uint_eq(WaitForSingleObject(object, INFINITE),
			WAIT_OBJECT_0);
		if (n < 2)	/* late, but not so late that one is missed */
			Sleep(2);
	}
	assert_elapsed(begin, 20 * MS);
	ck_assert(CloseHandle(object));
}
END_TEST

/* timer_retire: the due time goes with the object, or has come before. */
START_TEST(close_against_the_expiry_of_a_timer)
{	/* KOBJ-01, port-defined */
	HANDLE object = try_timer(AUTO);

	if (object == NULL)
		return;
	set_timer(object, 10, 5);
	Sleep(10);
	ck_assert(CloseHandle(object));
	Sleep(10);
}
END_TEST

/* timer_retire: while somebody waits, the closed timer still expires. */
START_TEST(close_of_a_timer_against_a_wait_for_it)
{	/* KOBJ-01, KOBJ-13, port-defined */
	HANDLE object = try_timer(AUTO);
	struct wait_call call = { object, INFINITE, 99, 0, 0 };
	struct race race = { .count = 0 };

	if (object == NULL)
		return;
	set_timer(object, 10, 0);
	race_start(&race, wait_once, &call);
	ck_assert(CloseHandle(object));
	race_join(&race);
	if (call.result == WAIT_FAILED) {
		ck_assert_uint_eq(call.error, ERROR_INVALID_HANDLE);
	} else {
		ck_assert_uint_eq(call.result, WAIT_OBJECT_0);
		if (exact())
			ck_assert_int_eq(call.took, 10 * MS);
	}
}
END_TEST

/* ---- Handles and names ---- */

static void *
close_handle(void *handle)
{
	ck_assert(CloseHandle(handle));
	return NULL;
}

/* use_source: found and used in one step, or not found. */
START_TEST(duplicate_against_close_of_its_source_gives_a_handle_or_none)
{	/* KOBJ-01, KOBJ-02, port-defined */
	HANDLE object = try_event(AUTO), copy = NULL;
	HANDLE process = GetCurrentProcess();
	struct race race = { .count = 0 };

	if (object == NULL)
		return;
	race_start(&race, close_handle, object);
	if (DuplicateHandle(process, object, process, &copy, 0, FALSE,
			DUPLICATE_SAME_ACCESS)) {
		ck_assert(SetEvent(copy));
		ck_assert_uint_eq(poll(copy), WAIT_OBJECT_0);
		ck_assert(CloseHandle(copy));
	} else {
		ck_assert_uint_eq(GetLastError(), ERROR_INVALID_HANDLE);
	}
	race_join(&race);
	ck_assert_uint_eq(poll(object), WAIT_FAILED);
}
END_TEST

struct named {
	HANDLE handle;
	DWORD error;
};

static void *
create_by_name(void *argument)
{
	struct named *named = argument;

	named->handle = CreateEventA(NULL, MANUAL, FALSE, "Deep");
	named->error = GetLastError();
	if (named->handle == NULL)
		tolerate(named->error);
	return NULL;
}

/* tp_waitable_publish: looked for and added in one step. */
START_TEST(of_two_threads_that_create_one_name_one_finds_it)
{	/* KOBJ-02, KOBJ-16 */
	struct named first = { NULL, 0 }, second = { NULL, 0 };
	struct race race = { .count = 0 };

	race_start(&race, create_by_name, &first);
	(void)create_by_name(&second);
	race_join(&race);
	if (first.handle != NULL && second.handle != NULL) {
		ck_assert_uint_eq(first.error + second.error,
			ERROR_ALREADY_EXISTS);
		ck_assert(SetEvent(first.handle));
		ck_assert_uint_eq(poll(second.handle), WAIT_OBJECT_0);
	}
	close_all(2, (HANDLE[]){ first.handle, second.handle });
}
END_TEST

static void *
create_and_close_by_name(void *argument)
{
	struct named *named = argument;

	(void)create_by_name(named);
	if (named->handle != NULL)
		ck_assert(CloseHandle(named->handle));
	return NULL;
}

/* tp_waitable_let_go_locked: the name goes with the last handle. */
START_TEST(create_against_the_last_close_of_a_name)
{	/* KOBJ-16 */
	struct named first = { NULL, 0 }, second = { NULL, 0 };
	struct race race = { .count = 0 };

	race_start(&race, create_and_close_by_name, &first);
	(void)create_by_name(&second);
	race_join(&race);
	if (second.handle == NULL)
		return;
	ck_assert(second.error == NO_ERROR ||
		second.error == ERROR_ALREADY_EXISTS);
	ck_assert(SetEvent(second.handle));
	(void)create_by_name(&first);	/* it still has its name */
	if (first.handle != NULL)
		ck_assert_uint_eq(poll(first.handle), WAIT_OBJECT_0);
	close_all(2, (HANDLE[]){ first.handle, second.handle });
}
END_TEST

/* Enough handles of one object to leave no entry of the table free. */
enum { FULL = 64 };

static void
fill_table(HANDLE object, HANDLE *handles)
{
	tp_lock(&tp_waitable_lock);
	for (unsigned i = 0; i < FULL - 1; i++)
		handles[i] = tp_handle_new_locked(
			tp_handle_find_locked(object));
	tp_unlock(&tp_waitable_lock);
}

static void
empty_table(HANDLE *handles)
{
	for (unsigned i = 0; i < FULL - 1; i++)
		ck_assert(CloseHandle(handles[i]));
}

static void *
create_event(void *argument)
{
	HANDLE *handle = argument;

	*handle = try_event(AUTO);
	return NULL;
}

/* tp_handle_room_locked: another thread may have been faster. */
START_TEST(table_of_handles_grows_once_for_two_threads)
{	/* KOBJ-02 */
	HANDLE object = try_event(AUTO), handles[FULL], more[2] = { 0 };
	struct race race = { .count = 0 };

	if (object == NULL)
		return;
	fill_table(object, handles);
	race_start(&race, create_event, &more[0]);
	(void)create_event(&more[1]);
	race_join(&race);
	if (all_made(2, more)) {
		ck_assert(SetEvent(more[0]));
		ck_assert_uint_eq(poll(more[1]), WAIT_TIMEOUT);
		ck_assert_uint_eq(poll(more[0]), WAIT_OBJECT_0);
	}
	ck_assert(SetEvent(handles[FULL - 2]));
	ck_assert_uint_eq(poll(object), WAIT_OBJECT_0);
	close_all(2, more);
	empty_table(handles);
	ck_assert(CloseHandle(object));
}
END_TEST

/* tp_waitable_unlock: what is to be done later is done once. */
START_TEST(objects_of_two_threads_come_and_go_at_once)
{	/* KOBJ-01, port-defined */
	HANDLE objects[2] = { try_event(AUTO), try_event(AUTO) };
	struct race race = { .count = 0 };

	if (all_made(2, objects)) {
		race_start(&race, close_handle, objects[0]);
		race_start(&race, set_event, objects[1]);
		ck_assert(SetEvent(objects[1]));
		race_join(&race);
		ck_assert_uint_eq(poll(objects[1]), WAIT_OBJECT_0);
		ck_assert_uint_eq(poll(objects[1]), WAIT_TIMEOUT);
		objects[0] = NULL;
	}
	close_all(2, objects);
}
END_TEST

/* ---- Critical sections ---- */

struct section {
	CRITICAL_SECTION section;
	unsigned value;		/* guarded by section */
	LONG volatile failed;	/* attempts to enter without waiting */
};

static void *
add_in_section(void *argument)
{
	struct section *section = argument;

	for (int i = 0; i < 2; i++) {
		EnterCriticalSection(&section->section);
		EnterCriticalSection(&section->section);
		section->value++;
		LeaveCriticalSection(&section->section);
		section->value++;
		LeaveCriticalSection(&section->section);
	}
	return NULL;
}

static void *
try_in_section(void *argument)
{
	struct section *section = argument;

	if (TryEnterCriticalSection(&section->section)) {
		section->value++;
		LeaveCriticalSection(&section->section);
	} else {
		InterlockedIncrement(&section->failed);
	}
	return NULL;
}

/* wait_and_enter_locked: who leaves knows that somebody comes. */
START_TEST(critical_section_is_entered_by_one_thread_at_a_time)
{	/* KOBJ-17 */
	struct section section = { .value = 0 };
	struct race race = { .count = 0 };

	InitializeCriticalSection(&section.section);
	race_start(&race, add_in_section, &section);
	race_start(&race, try_in_section, &section);
	(void)add_in_section(&section);
	race_join(&race);
	ck_assert_int_eq((LONG)section.value + section.failed, 9);
	DeleteCriticalSection(&section.section);
}
END_TEST

static void *
add_once_in_section(void *argument)
{
	struct section *section = argument;

	EnterCriticalSection(&section->section);
	section->value++;
	LeaveCriticalSection(&section->section);
	return NULL;
}

/* set_free_locked: if another one is faster, it wakes the sleeper again. */
START_TEST(critical_section_wakes_everybody_who_waits_for_it)
{	/* KOBJ-17 */
	struct section section = { .value = 0 };
	struct race race = { .count = 0 };

	InitializeCriticalSection(&section.section);
	EnterCriticalSection(&section.section);
	for (int i = 0; i < 3; i++)
		race_start(&race, add_once_in_section, &section);
	LeaveCriticalSection(&section.section);
	(void)add_once_in_section(&section);
	race_join(&race);
	ck_assert_uint_eq(section.value, 4);
	DeleteCriticalSection(&section.section);
}
END_TEST

/* ---- The suite ---- */

static void
add_signals(TCase *scenario)
{
	tcase_add_test(scenario,
		one_signal_of_an_event_ends_one_of_two_waits);
	tcase_add_test(scenario,
		signal_against_a_time_out_is_taken_or_still_there);
	tcase_add_test(scenario, set_before_reset_releases_all_who_wait);
	tcase_add_test(scenario, set_against_wait_against_close_of_an_event);
	tcase_add_test(scenario,
		wait_for_any_against_two_signals_takes_exactly_one);
	tcase_add_test(scenario,
		wait_for_all_against_a_wait_for_one_takes_all_or_nothing);
	tcase_add_test(scenario,
		waits_for_all_and_for_any_take_each_permit_once);
	tcase_add_test(scenario, two_releases_end_two_waits_for_a_semaphore);
	tcase_add_test(scenario,
		who_signals_and_waits_is_waiting_when_the_signal_comes);
}

static void
add_mutexes_and_threads(TCase *scenario)
{
	tcase_add_test(scenario, mutex_guards_what_three_threads_change);
	tcase_add_test(scenario,
		end_of_an_owner_against_waits_tells_one_of_them);
	tcase_add_test(scenario,
		end_of_a_thread_is_seen_after_its_mutexes_are_free);
	tcase_add_test(scenario,
		end_of_a_thread_against_waits_gives_its_code_to_all);
	tcase_add_test(scenario,
		handle_of_a_thread_may_be_closed_before_it_ends);
	tcase_add_test(scenario,
		threads_that_ask_for_their_numbers_at_once_get_different_ones);
	tcase_add_test(scenario,
		critical_section_is_entered_by_one_thread_at_a_time);
	tcase_add_test(scenario,
		critical_section_wakes_everybody_who_waits_for_it);
}

static void
add_times(TCase *scenario)
{
	tcase_add_test(scenario, waits_that_time_out_take_their_time);
	tcase_add_test(scenario,
		first_timers_of_two_threads_share_the_dispatcher);
	tcase_add_test(scenario,
		cancel_against_the_expiry_of_a_timer_settles_it);
	tcase_add_test(scenario, cancelled_due_time_may_be_freed_at_once);
	tcase_add_test(scenario,
		timer_set_anew_as_it_expires_is_signalled_at_the_new_time);
	tcase_add_test(scenario, periodic_timer_keeps_its_times);
	tcase_add_test(scenario, close_against_the_expiry_of_a_timer);
	tcase_add_test(scenario, close_of_a_timer_against_a_wait_for_it);
}

static void
add_handles(TCase *scenario)
{
	tcase_add_test(scenario,
		duplicate_against_close_of_its_source_gives_a_handle_or_none);
	tcase_add_test(scenario,
		of_two_threads_that_create_one_name_one_finds_it);
	tcase_add_test(scenario, create_against_the_last_close_of_a_name);
	tcase_add_test(scenario, table_of_handles_grows_once_for_two_threads);
	tcase_add_test(scenario, objects_of_two_threads_come_and_go_at_once);
}

int
main(void)
{
	Suite *suite = suite_create("scenario_kernel");
	TCase *scenario = harness_case(suite, "scenario");

	add_signals(scenario);
	add_mutexes_and_threads(scenario);
	add_times(scenario);
	add_handles(scenario);
	return harness_run(suite);
}

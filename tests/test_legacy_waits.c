/* test_legacy_waits.c - registered waits: RegisterWaitForSingleObject */
/* SPDX-License-Identifier: MIT */
/*
 * What the callback is told and when; that a registration begins anew by
 * itself; where callbacks run; and the ways to end it. A signal that finds
 * the registration waiting has posted its callback before the signalling
 * call returns; so whoever looks for a callback that must not come needs no
 * time: the blocking end waits for all that was posted, and the object is
 * still signalled, because nobody has waited for it.
 *
 * Times are exact under the explorer, natively only not early (timing.h).
 */
#include "legacy.h"

#define ONCE	WT_EXECUTEONLYONCE

/* ---- What the callback is told ---- */

START_TEST(a_callback_is_told_false_for_a_signal_and_true_for_a_timeout)
{	/* LEGACY-14 */
	struct witness signal = WITNESS_INIT, silence = WITNESS_INIT;
	HANDLE object = event(AUTO, UNSET), other = event(AUTO, UNSET);
	HANDLE a = watch(object, &signal, INFINITE, ONCE);
	HANDLE b = watch(other, &silence, 20, ONCE);

	ck_assert(SetEvent(object));
	tally_await(&signal.started, 1);
	tally_await(&silence.started, 1);
	unwatch(a);
	unwatch(b);
	assert_heard(&signal, 1, 0);
	assert_heard(&silence, 0, 1);
	close_all(2, (HANDLE[]){ object, other });
}
END_TEST

START_TEST(a_timeout_of_0_looks_at_the_object_once_and_calls_at_once)
{	/* LEGACY-19 */
	struct witness unset = WITNESS_INIT, set = WITNESS_INIT;
	HANDLE object = event(AUTO, UNSET), other = event(AUTO, SET);

	unwatch(watch(object, &unset, 0, ONCE));
	assert_heard(&unset, 0, 1);
	unwatch(watch(other, &set, 0, ONCE));
	assert_heard(&set, 1, 0);
	ck_assert_uint_eq(poll(other), WAIT_TIMEOUT);
	close_all(2, (HANDLE[]){ object, other });
}
END_TEST

START_TEST(an_infinite_wait_does_not_time_out)
{	/* LEGACY-19 */
	struct witness never = WITNESS_INIT, later = WITNESS_INIT;
	HANDLE object = event(AUTO, UNSET);
	HANDLE a = watch(object, &never, INFINITE, WT_EXECUTEDEFAULT);
	HANDLE b = watch(object, &later, 50, ONCE);

	tally_await(&later.started, 1);
	unwatch(a);
	unwatch(b);
	assert_heard(&never, 0, 0);
	assert_heard(&later, 0, 1);
	ck_assert(CloseHandle(object));
}
END_TEST

/* ---- Again and again ---- */

START_TEST(a_registration_waits_again_after_each_callback)
{	/* LEGACY-15 */
	struct witness witness = WITNESS_INIT;
	HANDLE object = event(AUTO, UNSET);
	HANDLE wait = watch(object, &witness, INFINITE, WT_EXECUTEDEFAULT);

	for (unsigned i = 1; i <= 3; i++) {
		ck_assert(SetEvent(object));
		tally_await(&witness.signals, i);
	}
	unwatch(wait);
	assert_heard(&witness, 3, 0);
	ck_assert(CloseHandle(object));
}
END_TEST

START_TEST(each_unit_of_a_semaphore_brings_one_callback)
{	/* LEGACY-15 */
	struct witness witness = WITNESS_INIT;
	HANDLE object = semaphore(3, 9);
	HANDLE wait = watch(object, &witness, INFINITE, WT_EXECUTEDEFAULT);

	ck_assert(ReleaseSemaphore(object, 2, NULL));
	tally_await(&witness.signals, 5);
	unwatch(wait);
	assert_heard(&witness, 5, 0);
	ck_assert_uint_eq(poll(object), WAIT_TIMEOUT);
	ck_assert(CloseHandle(object));
}
END_TEST

START_TEST(timeouts_come_again_and_again)
{	/* LEGACY-15, LEGACY-16 */
	struct witness witness = WITNESS_INIT;
	HANDLE object = event(AUTO, UNSET), wait;
	struct diary diary;

	not_on_a_slow_machine();
	witness.diary = &diary;
	diary_open(&diary);
	wait = watch(object, &witness, 20, WT_EXECUTEDEFAULT);
	tally_await(&witness.fired, 3);
	unwatch(wait);
	assert_begins(&diary, "w20 w40 w60");
	ck_assert(CloseHandle(object));
}
END_TEST

START_TEST(the_time_begins_anew_when_a_wait_has_ended)
{	/* LEGACY-16 */
	struct witness witness = WITNESS_INIT;
	HANDLE object = event(AUTO, UNSET), wait;
	struct diary diary;

	not_on_a_slow_machine();
	witness.diary = &diary;
	diary_open(&diary);
	wait = watch(object, &witness, exact() ? 5000 : INFINITE,
		WT_EXECUTEDEFAULT);
	pass_time(60);
	ck_assert(SetEvent(object));
	if (!exact()) {
		tally_await(&witness.signals, 1);
		unwatch(wait);
		assert_begins(&diary, "W60");
	} else {
		tally_await(&witness.fired, 1);
		unwatch(wait);
		assert_diary(&diary, "W60 w5060");
	}
	ck_assert(CloseHandle(object));
}
END_TEST

START_TEST(the_time_counts_from_the_return_of_a_callback)
{	/* LEGACY-16; our choice: on Windows it may count from the signal */
	struct gate gate = GATE_INIT;
	struct witness witness = WITNESS_INIT;
	HANDLE object = event(AUTO, SET), wait;
	struct diary diary;

	not_on_a_slow_machine();
	witness.gate = &gate;
	witness.diary = &diary;
	diary_open(&diary);
	wait = watch(object, &witness, 100, WT_EXECUTEDEFAULT);
	gate_await_waiting(&gate, 1);
	pass_time(50);
	gate_open(&gate);
	tally_await(&witness.fired, 1);
	unwatch(wait);
	assert_begins(&diary, "W0 w150");
	ck_assert(CloseHandle(object));
}
END_TEST

START_TEST(once_means_one_callback_and_the_registration_stays)
{	/* LEGACY-17 */
	struct witness witness = WITNESS_INIT;
	HANDLE object = semaphore(5, 5), wait;
	unsigned long registered;

	wait = watch(object, &witness, INFINITE, ONCE);
	await(is_idle, wait);
	assert_heard(&witness, 1, 0);
	registered = live_allocations();
	ck_assert(UnregisterWait(wait));
	ck_assert_uint_eq(live_allocations(), registered - 1);
	for (int i = 0; i < 4; i++)	/* it has taken one */
		ck_assert_uint_eq(poll(object), WAIT_OBJECT_0);
	ck_assert_uint_eq(poll(object), WAIT_TIMEOUT);
	ck_assert(CloseHandle(object));
}
END_TEST

struct door {
	HANDLE object;
	struct tally calls;
	unsigned long until;
};

static VOID CALLBACK
close_the_door_at_last(PVOID context, BOOLEAN fired)
{
	struct door *door = context;

	(void)fired;
	if (tally_read(&door->calls) + 1 == door->until)
		ResetEvent(door->object);
	tally_add(&door->calls);
}

START_TEST(a_manual_reset_event_brings_callbacks_until_it_is_reset)
{	/* LEGACY-18 */
	struct door door = { .object = event(MANUAL, SET),
		.calls = TALLY_INIT, .until = enough(10, 3) };
	HANDLE wait;

	ck_assert(RegisterWaitForSingleObject(&wait, door.object,
		close_the_door_at_last, &door, INFINITE, WT_EXECUTEDEFAULT));
	tally_await(&door.calls, door.until);
	unwatch(wait);
	ck_assert_uint_eq(tally_read(&door.calls), door.until);
	ck_assert(CloseHandle(door.object));
}
END_TEST

/* ---- The handle ---- */

struct reader {
	HANDLE wait;
	struct tally calls;
	bool found;
};

static VOID CALLBACK
read_the_handle(PVOID context, BOOLEAN fired)
{
	struct reader *reader = context;

	(void)fired;
	reader->found = reader->wait != NULL;
	tally_add(&reader->calls);
}

START_TEST(the_handle_is_there_before_the_callback_can_look)
{	/* LEGACY-20 */
	HANDLE object = event(MANUAL, SET);

	for (unsigned long i = enough(100, 2); i > 0; i--) {
		struct reader reader = { .calls = TALLY_INIT };

		ck_assert(RegisterWaitForSingleObject(&reader.wait, object,
			read_the_handle, &reader, INFINITE, ONCE));
		tally_await(&reader.calls, 1);
		unwatch(reader.wait);
		ck_assert(reader.found);
	}
	ck_assert(CloseHandle(object));
}
END_TEST

START_TEST(close_handle_does_not_end_a_registration)
{	/* LEGACY-23 */
	struct witness witness = WITNESS_INIT;
	HANDLE object = event(AUTO, UNSET);
	HANDLE wait = watch(object, &witness, INFINITE, WT_EXECUTEDEFAULT);

	ck_assert_fails(CloseHandle(wait), ERROR_INVALID_HANDLE);
	ck_assert(SetEvent(object));
	tally_await(&witness.signals, 1);
	unwatch(wait);
	ck_assert(CloseHandle(object));
}
END_TEST

START_TEST(the_form_that_returns_the_handle_does_the_same)
{	/* LEGACY-14 */
	struct witness witness = WITNESS_INIT;
	HANDLE object = event(AUTO, SET);
	HANDLE wait = RegisterWaitForSingleObjectEx(object, testify, &witness,
		INFINITE, WT_EXECUTEDEFAULT);

	ck_assert_ptr_nonnull(wait);
	unwatch(wait);
	assert_heard(&witness, 1, 0);
	ck_assert_fails(RegisterWaitForSingleObjectEx(STALE, testify,
		&witness, INFINITE, ONCE), ERROR_INVALID_HANDLE);
	ck_assert_fails(RegisterWaitForSingleObjectEx(object, NULL, &witness,
		INFINITE, ONCE), ERROR_INVALID_PARAMETER);
	ck_assert(CloseHandle(object));
}
END_TEST

START_TEST(what_cannot_be_registered_leaves_nothing)
{	/* LEGACY-17; a mutex is refused, as by SetThreadpoolWait */
	struct witness witness = WITNESS_INIT;
	HANDLE wait = NULL, object = event(AUTO, SET), m = mutex();

	ck_assert_fails(RegisterWaitForSingleObject(NULL, object, testify,
		&witness, 0, ONCE), ERROR_INVALID_PARAMETER);
	ck_assert_fails(RegisterWaitForSingleObject(&wait, object, NULL,
		&witness, 0, ONCE), ERROR_INVALID_PARAMETER);
	ck_assert_fails(RegisterWaitForSingleObject(&wait, STALE, testify,
		&witness, 0, ONCE), ERROR_INVALID_HANDLE);
	ck_assert_fails(RegisterWaitForSingleObject(&wait, NULL, testify,
		&witness, 0, ONCE), ERROR_INVALID_HANDLE);
	ck_assert_fails(RegisterWaitForSingleObject(&wait, m, testify,
		&witness, 0, ONCE), ERROR_INVALID_HANDLE);
	ck_assert_ptr_null(wait);
	settle();
	assert_heard(&witness, 0, 0);
	close_all(2, (HANDLE[]){ object, m });
}
END_TEST

/* ---- Where callbacks run ---- */

/* Two registrations; the callback of the first stands at the gate. */
struct two {
	struct gate gate;
	HANDLE objects[2], waits[2];
	struct witness witnesses[2];
};

static void
two_open(struct two *two, ULONG flags)
{
	*two = (struct two){ .gate = GATE_INIT };
	for (int i = 0; i < 2; i++) {
		two->witnesses[i] = (struct witness)WITNESS_INIT;
		two->objects[i] = event(AUTO, UNSET);
	}
	two->witnesses[0].gate = &two->gate;
	for (int i = 0; i < 2; i++)
		two->waits[i] = watch(two->objects[i], &two->witnesses[i],
			INFINITE, flags);
	ck_assert(SetEvent(two->objects[0]));
	gate_await_waiting(&two->gate, 1);
	ck_assert(SetEvent(two->objects[1]));
}

static void
two_close(struct two *two)
{
	gate_open(&two->gate);
	for (int i = 0; i < 2; i++) {
		unwatch(two->waits[i]);
		assert_heard(&two->witnesses[i], 1, 0);
	}
	close_all(2, two->objects);
}

START_TEST(on_the_wait_thread_callbacks_run_one_after_the_other)
{	/* LEGACY-21 */
	struct two two;

	set_pools("4", "1");
	two_open(&two, WT_EXECUTEINWAITTHREAD);
	pass_time(10);
	ck_assert_uint_eq(pending_of(two.waits[1]), 1);
	ck_assert_uint_eq(tally_read(&two.witnesses[1].started), 0);
	two_close(&two);
	ck_assert_uint_eq(thread_of(&two.witnesses[0]),
		thread_of(&two.witnesses[1]));
}
END_TEST

START_TEST(elsewhere_a_callback_that_blocks_holds_up_no_other)
{	/* LEGACY-22 */
	static const ULONG flags[] = { WT_EXECUTEDEFAULT,
		WT_EXECUTEINIOTHREAD, WT_EXECUTEINTIMERTHREAD };

	set_pools("4", NEVER_MS);
	for (unsigned i = 0; i < sizeof(flags) / sizeof(*flags); i++) {
		struct two two;

		two_open(&two, flags[i]);
		tally_await(&two.witnesses[1].signals, 1);
		two_close(&two);
	}
}
END_TEST

START_TEST(the_callbacks_of_one_registration_do_not_overlap)
{	/* LEGACY-15; our choice: it waits again when one has returned */
	struct gate gate = GATE_INIT;
	struct witness witness = WITNESS_INIT;
	HANDLE object = semaphore(3, 9), wait;

	set_pools("4", "1");
	witness.gate = &gate;
	wait = watch(object, &witness, 5, WT_EXECUTELONGFUNCTION);
	gate_await_waiting(&gate, 1);
	pass_time(10);
	ck_assert_uint_eq(tally_read(&witness.started), 1);
	ck_assert_uint_eq(pending_of(wait), 0);
	gate_open(&gate);
	tally_await(&witness.signals, 3);
	unwatch(wait);
	ck_assert(CloseHandle(object));
}
END_TEST

/* ---- The end ---- */

START_TEST(unregistering_null_fails)
{	/* LEGACY-24 */
	HANDLE done = event(MANUAL, UNSET);

	ck_assert_fails(UnregisterWait(NULL), ERROR_INVALID_HANDLE);
	ck_assert_fails(UnregisterWaitEx(NULL, NULL), ERROR_INVALID_HANDLE);
	ck_assert_fails(UnregisterWaitEx(NULL, INVALID_HANDLE_VALUE),
		ERROR_INVALID_HANDLE);
	ck_assert_fails(UnregisterWaitEx(NULL, done), ERROR_INVALID_HANDLE);
	ck_assert_uint_eq(poll(done), WAIT_TIMEOUT);
	ck_assert(CloseHandle(done));
}
END_TEST

START_TEST(an_idle_registration_ends_at_once_and_hears_no_more)
{	/* LEGACY-25 */
	struct witness witness = WITNESS_INIT;
	HANDLE object = event(AUTO, UNSET);

	ck_assert(UnregisterWait(watch(object, &witness, soon(20),
		WT_EXECUTEDEFAULT)));
	ck_assert(SetEvent(object));
	pass_time(40);
	settle();
	assert_heard(&witness, 0, 0);
	ck_assert_uint_eq(poll(object), WAIT_OBJECT_0);	/* untouched */
	ck_assert(CloseHandle(object));
}
END_TEST

/* A registration whose callback stands at the gate. */
struct held {
	struct gate gate;
	struct witness witness;
	HANDLE object, wait, done;
};

static void
held_open(struct held *held)
{
	*held = (struct held){ .gate = GATE_INIT, .witness = WITNESS_INIT,
		.object = event(AUTO, SET), .done = event(MANUAL, UNSET) };
	held->witness.gate = &held->gate;
	held->wait = watch(held->object, &held->witness, 20,
		WT_EXECUTEDEFAULT);
	gate_await_waiting(&held->gate, 1);
}

/* It has been ended: the gate opens, and no other callback comes. */
static void
held_close(struct held *held)
{
	gate_open(&held->gate);
	settle();
	ck_assert(SetEvent(held->object));
	pass_time(40);
	settle();
	assert_heard(&held->witness, 1, 0);
	ck_assert_uint_eq(poll(held->object), WAIT_OBJECT_0);
	close_all(2, (HANDLE[]){ held->object, held->done });
}

START_TEST(during_a_callback_unregistering_is_pending_and_yet_done)
{	/* LEGACY-26 */
	struct held held;

	held_open(&held);
	ck_assert_fails(UnregisterWait(held.wait), ERROR_IO_PENDING);
	held_close(&held);
}
END_TEST

START_TEST(a_callback_that_is_queued_still_runs_after_the_end)
{	/* LEGACY-26; our choice: what is queued is not taken back */
	struct two two;

	two_open(&two, WT_EXECUTEINWAITTHREAD);
	ck_assert_fails(UnregisterWait(two.waits[1]), ERROR_IO_PENDING);
	gate_open(&two.gate);
	unwatch(two.waits[0]);
	settle();
	assert_heard(&two.witnesses[1], 1, 0);
	close_all(2, two.objects);
}
END_TEST

START_TEST(a_blocking_end_waits_for_the_callback)
{	/* LEGACY-28 */
	struct ending ending;
	struct held held;
	HANDLE thread;

	held_open(&held);
	ending = (struct ending){ .handle = held.wait,
		.end = unregister_and_wait, .witness = &held.witness };
	thread = start(end_it, &ending);
	await(is_waited_for, held.wait);
	gate_open(&held.gate);
	ck_assert_uint_eq(join(thread), TRUE);
	ck_assert_uint_eq(ending.seen, 1);
	held_close(&held);
}
END_TEST

START_TEST(an_event_is_set_after_the_last_callback)
{	/* LEGACY-29 */
	struct held held;

	held_open(&held);
	ck_assert_fails(UnregisterWaitEx(held.wait, held.done),
		ERROR_IO_PENDING);
	ck_assert_uint_eq(poll(held.done), WAIT_TIMEOUT);
	gate_open(&held.gate);
	ck_assert_uint_eq(WaitForSingleObject(held.done, INFINITE),
		WAIT_OBJECT_0);
	assert_heard(&held.witness, 1, 0);
	held_close(&held);
}
END_TEST

START_TEST(an_event_is_set_at_once_if_there_is_no_callback)
{	/* LEGACY-29 */
	struct witness witness = WITNESS_INIT;
	HANDLE object = event(AUTO, UNSET), done = event(MANUAL, UNSET);

	ck_assert(UnregisterWaitEx(watch(object, &witness, INFINITE, ONCE),
		done));
	ck_assert_uint_eq(poll(done), WAIT_OBJECT_0);
	close_all(2, (HANDLE[]){ object, done });
}
END_TEST

START_TEST(the_event_may_be_closed_before_it_is_set)
{	/* LEGACY-29; the object outlives its handle */
	struct held held;

	held_open(&held);
	ck_assert_fails(UnregisterWaitEx(held.wait, held.done),
		ERROR_IO_PENDING);
	ck_assert(CloseHandle(held.done));
	held.done = event(MANUAL, UNSET);
	held_close(&held);
}
END_TEST

START_TEST(what_is_no_event_ends_nothing)
{	/* LEGACY-29; our choice */
	struct witness witness = WITNESS_INIT;
	HANDLE object = event(AUTO, UNSET), no_event = semaphore(0, 1);
	HANDLE wait = watch(object, &witness, INFINITE, ONCE);

	ck_assert_fails(UnregisterWaitEx(wait, no_event),
		ERROR_INVALID_HANDLE);
	ck_assert_fails(UnregisterWaitEx(wait, STALE), ERROR_INVALID_HANDLE);
	ck_assert(SetEvent(object));
	tally_await(&witness.signals, 1);
	unwatch(wait);
	close_all(2, (HANDLE[]){ object, no_event });
}
END_TEST

/* ---- The end, in the own callback ---- */

struct suicide {
	HANDLE wait, done;		/* done: NULL for UnregisterWait */
	BOOL result;
	DWORD error;
	struct tally calls;
};

static VOID CALLBACK
unregister_itself(PVOID context, BOOLEAN fired)
{
	struct suicide *suicide = context;

	(void)fired;
	SetLastError(0xDEAD);
	suicide->result = suicide->done != NULL ?
		UnregisterWaitEx(suicide->wait, suicide->done) :
		UnregisterWait(suicide->wait);
	suicide->error = GetLastError();
	tally_add(&suicide->calls);
}

static struct suicide
end_in_the_own_callback(ULONG flags, HANDLE done)
{
	struct suicide suicide = { .calls = TALLY_INIT, .done = done };
	HANDLE object = event(MANUAL, SET);

	ck_assert(RegisterWaitForSingleObject(&suicide.wait, object,
		unregister_itself, &suicide, INFINITE, flags));
	tally_await(&suicide.calls, 1);
	settle();
	ck_assert_uint_eq(tally_read(&suicide.calls), 1);
	ck_assert(CloseHandle(object));
	return suicide;
}

START_TEST(in_its_own_callback_only_a_wait_threads_one_shot_has_ended)
{	/* LEGACY-27, LEGACY-26 */
	static const ULONG others[] = { WT_EXECUTEDEFAULT, ONCE,
		WT_EXECUTEINWAITTHREAD };
	struct suicide suicide = end_in_the_own_callback(
		WT_EXECUTEINWAITTHREAD | ONCE, NULL);

	ck_assert_int_eq(suicide.result, TRUE);
	for (int i = 0; i < 3; i++) {
		suicide = end_in_the_own_callback(others[i], NULL);
		ck_assert_int_eq(suicide.result, FALSE);
		ck_assert_uint_eq(suicide.error, ERROR_IO_PENDING);
	}
}
END_TEST

START_TEST(in_its_own_callback_an_event_tells_when_that_has_returned)
{	/* LEGACY-27, LEGACY-29 */
	HANDLE done = event(AUTO, UNSET);
	struct suicide suicide = end_in_the_own_callback(
		WT_EXECUTEINWAITTHREAD | ONCE, done);

	ck_assert_int_eq(suicide.result, TRUE);
	ck_assert_uint_eq(WaitForSingleObject(done, INFINITE), WAIT_OBJECT_0);
	suicide = end_in_the_own_callback(WT_EXECUTEDEFAULT, done);
	ck_assert_int_eq(suicide.result, FALSE);
	ck_assert_uint_eq(suicide.error, ERROR_IO_PENDING);
	ck_assert_uint_eq(WaitForSingleObject(done, INFINITE), WAIT_OBJECT_0);
	ck_assert(CloseHandle(done));
}
END_TEST

/* ---- A lock around a blocking end ---- */

struct locked {
	CRITICAL_SECTION section;
	struct gate gate;
	struct tally calls;
	BOOL entered;
	HANDLE wait;
};

static VOID CALLBACK
try_the_lock(PVOID context, BOOLEAN fired)
{
	struct locked *locked = context;

	(void)fired;
	gate_wait(&locked->gate);
	locked->entered = TryEnterCriticalSection(&locked->section);
	if (locked->entered)
		LeaveCriticalSection(&locked->section);
	tally_add(&locked->calls);
}

static DWORD
end_with_the_lock_held(void *argument)
{
	struct locked *locked = argument;
	BOOL result;

	EnterCriticalSection(&locked->section);
	result = UnregisterWaitEx(locked->wait, INVALID_HANDLE_VALUE);
	LeaveCriticalSection(&locked->section);
	return (DWORD)result;
}

START_TEST(a_blocking_end_keeps_the_locks_that_its_caller_holds)
{	/* LEGACY-31; a callback that entered would never get in */
	struct locked locked = { .gate = GATE_INIT, .calls = TALLY_INIT,
		.entered = TRUE };
	HANDLE object = event(AUTO, SET), thread;

	InitializeCriticalSection(&locked.section);
	ck_assert(RegisterWaitForSingleObject(&locked.wait, object,
		try_the_lock, &locked, INFINITE, ONCE));
	gate_await_waiting(&locked.gate, 1);
	thread = start(end_with_the_lock_held, &locked);
	await(is_waited_for, locked.wait);
	gate_open(&locked.gate);
	ck_assert_uint_eq(join(thread), TRUE);
	ck_assert_uint_eq(tally_read(&locked.calls), 1);
	ck_assert(!locked.entered);
	DeleteCriticalSection(&locked.section);
	ck_assert(CloseHandle(object));
}
END_TEST

/* ---- The suite ---- */

static void
add_calls(TCase *small)
{
	tcase_add_test(small,
		a_callback_is_told_false_for_a_signal_and_true_for_a_timeout);
	tcase_add_test(small,
		a_timeout_of_0_looks_at_the_object_once_and_calls_at_once);
	tcase_add_test(small, an_infinite_wait_does_not_time_out);
	tcase_add_test(small, a_registration_waits_again_after_each_callback);
	tcase_add_test(small, each_unit_of_a_semaphore_brings_one_callback);
	tcase_add_test(small, timeouts_come_again_and_again);
	tcase_add_test(small, the_time_begins_anew_when_a_wait_has_ended);
	tcase_add_test(small, the_time_counts_from_the_return_of_a_callback);
	tcase_add_test(small,
		once_means_one_callback_and_the_registration_stays);
	tcase_add_test(small,
		a_manual_reset_event_brings_callbacks_until_it_is_reset);
}

static void
add_handles(TCase *small)
{
	tcase_add_test(small, the_handle_is_there_before_the_callback_can_look);
	tcase_add_test(small, close_handle_does_not_end_a_registration);
	tcase_add_test(small, the_form_that_returns_the_handle_does_the_same);
	tcase_add_test(small, what_cannot_be_registered_leaves_nothing);
	tcase_add_test(small,
		on_the_wait_thread_callbacks_run_one_after_the_other);
	tcase_add_test(small,
		elsewhere_a_callback_that_blocks_holds_up_no_other);
	tcase_add_test(small, the_callbacks_of_one_registration_do_not_overlap);
}

static void
add_ends(TCase *small)
{
	tcase_add_test(small, unregistering_null_fails);
	tcase_add_test(small,
		an_idle_registration_ends_at_once_and_hears_no_more);
	tcase_add_test(small,
		during_a_callback_unregistering_is_pending_and_yet_done);
	tcase_add_test(small,
		a_callback_that_is_queued_still_runs_after_the_end);
	tcase_add_test(small, a_blocking_end_waits_for_the_callback);
	tcase_add_test(small, an_event_is_set_after_the_last_callback);
	tcase_add_test(small, an_event_is_set_at_once_if_there_is_no_callback);
	tcase_add_test(small, the_event_may_be_closed_before_it_is_set);
	tcase_add_test(small, what_is_no_event_ends_nothing);
	tcase_add_test(small,
		in_its_own_callback_only_a_wait_threads_one_shot_has_ended);
	tcase_add_test(small,
		in_its_own_callback_an_event_tells_when_that_has_returned);
	tcase_add_test(small,
		a_blocking_end_keeps_the_locks_that_its_caller_holds);
}

int
main(void)
{
	Suite *suite = suite_create("legacy_waits");
	TCase *small = harness_case(suite, "small");

	add_calls(small);
	add_handles(small);
	add_ends(small);
	return harness_run(suite);
}

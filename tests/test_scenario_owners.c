/* SPDX-License-Identifier: MIT */
/*
 * test_scenario_owners.c - what belongs to a thread, and the end of threads
 *
 * Scenarios (scenario.h says what that is) of mutexes and of critical
 * sections, which one thread has at a time, and of threads that end: their
 * mutexes are abandoned, their exit codes told, and nobody needs to have
 * kept a handle. The comment above a test names the function whose promise
 * is at stake.
 *
 * What a mutex guards is read and written plainly here: if two threads had
 * it at once, the explorer would call that a race.
 */
#include "objects.h"

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

int
main(void)
{
	Suite *suite = suite_create("scenario_owners");
	TCase *scenario = harness_case(suite, "scenario");

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
	return harness_run(suite);
}

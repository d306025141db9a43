/* SPDX-License-Identifier: MIT */
/*
 * test_condition_variables.c - condition variables, with either kind of lock
 *
 * That a thread sleeps is never guessed: a thread that sleeps on a condition
 * variable has let go of its lock. So it counts itself, under the lock, and
 * whoever then gets the lock and reads the count knows that it sleeps.
 */
#include "crew.h"

struct bedroom {
	CRITICAL_SECTION section;
	SRWLOCK lock;
	CONDITION_VARIABLE variable;
	unsigned asleep;	/* have been counted, and let go of the lock */
	unsigned awake;		/* have come back */
	unsigned phase;
	unsigned sum_of_phases;	/* at each return */
};

static void
enter(struct bedroom *room)
{
	EnterCriticalSection(&room->section);
}

static void
leave(struct bedroom *room)
{
	LeaveCriticalSection(&room->section);
}

static void *
sleep_once(void *argument)
{
	struct bedroom *room = argument;

	enter(room);
	room->asleep++;
	ck_assert(SleepConditionVariableCS(&room->variable, &room->section,
		INFINITE));
	room->awake++;
	room->sum_of_phases += room->phase;
	leave(room);
	return NULL;
}

static bool
both_asleep(void *argument)
{
	struct bedroom *room = argument;
	bool asleep;

	enter(room);
	asleep = room->asleep == 2;
	leave(room);
	return asleep;
}

static bool
one_awake(void *argument)
{
	struct bedroom *room = argument;
	bool awake;

	enter(room);
	awake = room->awake > 0;
	leave(room);
	return awake;
}

START_TEST(wake_wakes_one_and_wake_all_the_rest)
{
	static struct bedroom room;
	struct crew crew;

	InitializeCriticalSection(&room.section);
	crew_start(&crew, 2, sleep_once, &room);
	await(both_asleep, &room);
	enter(&room);
	room.phase = 1;
	leave(&room);
	WakeConditionVariable(&room.variable);
	await(one_awake, &room);
	enter(&room);
	ck_assert_uint_eq(room.awake, 1);
	room.phase = 10;
	leave(&room);
	WakeAllConditionVariable(&room.variable);
	crew_join(&crew);
	ck_assert_uint_eq(room.awake, 2);
	ck_assert_uint_eq(room.sum_of_phases, 11);
	DeleteCriticalSection(&room.section);
}
END_TEST

static void *
try_enter(void *argument)
{
	struct bedroom *room = argument;

	ck_assert(!TryEnterCriticalSection(&room->section));
	ck_assert(!TryAcquireSRWLockShared(&room->lock));
	return NULL;
}

START_TEST(a_sleep_that_times_out_comes_back_with_the_lock)
{
	struct bedroom room = { .variable = CONDITION_VARIABLE_INIT };
	struct crew crew;

	InitializeCriticalSection(&room.section);
	enter(&room);
	AcquireSRWLockExclusive(&room.lock);
	/* Nobody is asleep yet: this is forgotten. */
	WakeAllConditionVariable(&room.variable);
	SetLastError(ERROR_SUCCESS);
	ck_assert(!SleepConditionVariableCS(&room.variable, &room.section,
		0));
	ck_assert_uint_eq(GetLastError(), ERROR_TIMEOUT);
	SetLastError(ERROR_SUCCESS);
	ck_assert(!SleepConditionVariableSRW(&room.variable, &room.lock, 1,
		0));
	ck_assert_uint_eq(GetLastError(), ERROR_TIMEOUT);
	crew_start(&crew, 1, try_enter, &room);
	crew_join(&crew);
	ReleaseSRWLockExclusive(&room.lock);
	leave(&room);
	DeleteCriticalSection(&room.section);
}
END_TEST

static void *
sleep_as_a_writer(void *argument)
{
	struct bedroom *room = argument;

	AcquireSRWLockExclusive(&room->lock);
	room->asleep++;
	while (room->phase == 0)
		ck_assert(SleepConditionVariableSRW(&room->variable,
			&room->lock, INFINITE, 0));
	ck_assert(!TryAcquireSRWLockShared(&room->lock));
	room->awake++;
	ReleaseSRWLockExclusive(&room->lock);
	return NULL;
}

static bool
both_writers_asleep(void *argument)
{
	struct bedroom *room = argument;
	bool asleep;

	AcquireSRWLockShared(&room->lock);
	asleep = room->asleep == 2;
	ReleaseSRWLockShared(&room->lock);
	return asleep;
}

START_TEST(a_writer_sleeps_on_a_condition_variable)
{
	struct bedroom room = { .lock = SRWLOCK_INIT };
	struct crew crew;

	InitializeConditionVariable(&room.variable);
	crew_start(&crew, 2, sleep_as_a_writer, &room);
	await(both_writers_asleep, &room);
	AcquireSRWLockExclusive(&room.lock);
	room.phase = 1;
	WakeAllConditionVariable(&room.variable);
	ReleaseSRWLockExclusive(&room.lock);
	crew_join(&crew);
	ck_assert_uint_eq(room.awake, 2);
}
END_TEST

static void *
sleep_counted_as_a_reader(void *argument)
{
	struct bedroom *room = argument;

	enter(room);
	room->asleep = 2;
	AcquireSRWLockShared(&room->lock);
	leave(room);
	ck_assert(SleepConditionVariableSRW(&room->variable, &room->lock,
		INFINITE, CONDITION_VARIABLE_LOCKMODE_SHARED));
	ck_assert(!TryAcquireSRWLockExclusive(&room->lock));
	ck_assert(TryAcquireSRWLockShared(&room->lock));
	ReleaseSRWLockShared(&room->lock);
	ReleaseSRWLockShared(&room->lock);
	return NULL;
}

START_TEST(a_reader_sleeps_on_a_condition_variable)
{
	static struct bedroom room;
	struct crew crew;

	InitializeCriticalSection(&room.section);
	crew_start(&crew, 1, sleep_counted_as_a_reader, &room);
	await(both_asleep, &room);
	/* It holds the lock, or has let go of it to sleep. */
	AcquireSRWLockExclusive(&room.lock);
	ReleaseSRWLockExclusive(&room.lock);
	WakeConditionVariable(&room.variable);
	crew_join(&crew);
	ck_assert(TryAcquireSRWLockExclusive(&room.lock));
	DeleteCriticalSection(&room.section);
}
END_TEST

START_TEST(an_unknown_flag_of_a_sleep_is_refused)
{
	CONDITION_VARIABLE variable = CONDITION_VARIABLE_INIT;
	SRWLOCK lock = SRWLOCK_INIT;

	AcquireSRWLockExclusive(&lock);
	ck_assert(!SleepConditionVariableSRW(&variable, &lock, INFINITE, 2));
	ck_assert_uint_eq(GetLastError(), ERROR_INVALID_PARAMETER);
	ck_assert(!TryAcquireSRWLockShared(&lock));
}
END_TEST

#define SLEEPERS 4

static VOID CALLBACK
meet_in_the_pool(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_WORK work)
{
	struct bedroom *room = context;

	UNREFERENCED_PARAMETER(instance);
	UNREFERENCED_PARAMETER(work);
	AcquireSRWLockExclusive(&room->lock);
	if (++room->asleep == SLEEPERS)
		WakeAllConditionVariable(&room->variable);
	while (room->asleep < SLEEPERS)
		SleepConditionVariableSRW(&room->variable, &room->lock,
			INFINITE, 0);
	room->awake++;
	ReleaseSRWLockExclusive(&room->lock);
}

START_TEST(callbacks_asleep_do_not_keep_others_from_starting)
{
	struct bedroom room = { .lock = SRWLOCK_INIT };
	struct private_pool private;
	PTP_WORK work;

	private_pool_open(&private, 1, SLEEPERS);
	work = CreateThreadpoolWork(meet_in_the_pool, &room,
		&private.environ);
	ck_assert_ptr_nonnull(work);
	for (int i = 0; i < SLEEPERS; i++)
		SubmitThreadpoolWork(work);
	WaitForThreadpoolWorkCallbacks(work, FALSE);
	CloseThreadpoolWork(work);
	private_pool_close(&private);
	ck_assert_uint_eq(room.awake, SLEEPERS);
}
END_TEST

struct market {
	SRWLOCK lock;
	CONDITION_VARIABLE filled, emptied;
	unsigned goods;		/* at most 2 */
	LONG made, sold;
};

#define TRADES (ROUNDS / 10)

static void *
produce(void *argument)
{
	struct market *m = argument;

	for (int i = 0; i < TRADES; i++) {
		AcquireSRWLockExclusive(&m->lock);
		while (m->goods == 2)
			SleepConditionVariableSRW(&m->emptied, &m->lock,
				INFINITE, 0);
		m->goods++;
		m->made++;
		ReleaseSRWLockExclusive(&m->lock);
		WakeConditionVariable(&m->filled);
	}
	return NULL;
}

static void *
consume(void *argument)
{
	struct market *m = argument;

	for (int i = 0; i < TRADES; i++) {
		AcquireSRWLockExclusive(&m->lock);
		while (m->goods == 0)
			SleepConditionVariableSRW(&m->filled, &m->lock,
				INFINITE, 0);
		m->goods--;
		m->sold++;
		ReleaseSRWLockExclusive(&m->lock);
		WakeConditionVariable(&m->emptied);
	}
	return NULL;
}

START_TEST(no_wake_up_is_lost_under_load)
{
	static struct market m;
	struct crew producers, consumers;

	crew_start(&producers, 3, produce, &m);
	crew_start(&consumers, 3, consume, &m);
	crew_join(&producers);
	crew_join(&consumers);
	ck_assert_int_eq(m.made, 3 * TRADES);
	ck_assert_int_eq(m.sold, 3 * TRADES);
	ck_assert_uint_eq(m.goods, 0);
}
END_TEST

/* ---- The suite ---- */

int
main(void)
{
	Suite *suite = suite_create("condition_variables");
	TCase *small = harness_case(suite, "small");
	TCase *large = harness_case(suite, "large");

	tcase_add_test(small, wake_wakes_one_and_wake_all_the_rest);
	tcase_add_test(small, a_sleep_that_times_out_comes_back_with_the_lock);
	tcase_add_test(small, a_writer_sleeps_on_a_condition_variable);
	tcase_add_test(small, a_reader_sleeps_on_a_condition_variable);
	tcase_add_test(small, an_unknown_flag_of_a_sleep_is_refused);
	tcase_add_test(small,
		callbacks_asleep_do_not_keep_others_from_starting);
	tcase_add_test(large, no_wake_up_is_lost_under_load);
	return harness_run(suite);
}

/* SPDX-License-Identifier: MIT */
/*
 * test_scenario_compat.c - the small change of Win32 in every order
 *
 * Scenarios (scenario.h says what that is) of slim locks, condition
 * variables, one-time initialisation and the Interlocked functions: small
 * twins of the tests that load them with many threads. No rule of the pool
 * speaks of them. The comment above a test names the function whose promise
 * is at stake.
 */
#include "scenario.h"

/* ---- Slim locks ---- */

struct slim {
	SRWLOCK lock;
	int first, second;	/* always equal, seen under the lock */
	LONG volatile refused;
};

static void *
write_both(void *argument)
{
	struct slim *slim = argument;

	for (int i = 0; i < 2; i++) {
		AcquireSRWLockExclusive(&slim->lock);
		slim->first++;
		slim->second++;
		ReleaseSRWLockExclusive(&slim->lock);
	}
	return NULL;
}

static void *
read_both(void *argument)
{
	struct slim *slim = argument;

	for (int i = 0; i < 2; i++) {
		AcquireSRWLockShared(&slim->lock);
		ck_assert_int_eq(slim->first, slim->second);
		ReleaseSRWLockShared(&slim->lock);
	}
	return NULL;
}

/* acquire_or_queue_locked, hand_over_locked: nobody sleeps for ever. */
START_TEST(writers_and_readers_of_a_slim_lock_never_meet)
{
	struct slim slim = { .lock = SRWLOCK_INIT };
	struct race race = { .count = 0 };

	race_start(&race, write_both, &slim);
	race_start(&race, read_both, &slim);
	race_start(&race, read_both, &slim);
	(void)write_both(&slim);
	race_join(&race);
	ck_assert_int_eq(slim.first, 4);
	ck_assert(TryAcquireSRWLockExclusive(&slim.lock));
}
END_TEST

static void *
try_to_write(void *argument)
{
	struct slim *slim = argument;

	if (TryAcquireSRWLockExclusive(&slim->lock)) {
		slim->first++;
		slim->second++;
		ReleaseSRWLockExclusive(&slim->lock);
	} else {
		InterlockedIncrement(&slim->refused);
	}
	return NULL;
}

/* release_queued: nobody is let in before the share has been given back. */
START_TEST(attempt_at_a_slim_lock_against_its_release_gets_it_or_not)
{
	struct slim slim = { .lock = SRWLOCK_INIT };
	struct race race = { .count = 0 };

	AcquireSRWLockShared(&slim.lock);
	race_start(&race, write_both, &slim);
	race_start(&race, try_to_write, &slim);
	ReleaseSRWLockShared(&slim.lock);
	race_join(&race);
	ck_assert_int_eq(slim.first + slim.refused, 3);
	ck_assert(TryAcquireSRWLockExclusive(&slim.lock));
}
END_TEST

/* ---- Condition variables ---- */

struct market {
	SRWLOCK lock;
	CONDITION_VARIABLE filled, emptied;
	int goods;		/* at most 1; guarded by lock */
	int sold;
};

static void *
produce_two(void *argument)
{
	struct market *market = argument;

	for (int i = 0; i < 2; i++) {
		AcquireSRWLockExclusive(&market->lock);
		while (market->goods == 1)
			SleepConditionVariableSRW(&market->emptied,
				&market->lock, INFINITE, 0);
		market->goods++;
		ReleaseSRWLockExclusive(&market->lock);
		WakeConditionVariable(&market->filled);
	}
	return NULL;
}

static void *
consume_one(void *argument)
{
	struct market *market = argument;

	AcquireSRWLockExclusive(&market->lock);
	while (market->goods == 0)
		SleepConditionVariableSRW(&market->filled, &market->lock,
			INFINITE, 0);
	market->goods--;
	market->sold++;
	ReleaseSRWLockExclusive(&market->lock);
	WakeConditionVariable(&market->emptied);
	return NULL;
}

/* queue: asleep before it lets go of the lock, so no wake-up misses it. */
START_TEST(sleepers_of_a_condition_variable_miss_no_wake_up)
{
	struct market market = { .lock = SRWLOCK_INIT };
	struct race race = { .count = 0 };

	race_start(&race, consume_one, &market);
	race_start(&race, consume_one, &market);
	race_start(&race, produce_two, &market);
	race_join(&race);
	ck_assert_int_eq(market.goods, 0);
	ck_assert_int_eq(market.sold, 2);
}
END_TEST

/* A token for one who passes it on if it was not meant to have it. */
struct token {
	CRITICAL_SECTION section;
	CONDITION_VARIABLE variable;
	int tokens;		/* guarded by section */
};

static void *
wait_for_token(void *argument)
{
	struct token *token = argument;

	EnterCriticalSection(&token->section);
	while (token->tokens == 0)
		ck_assert(SleepConditionVariableCS(&token->variable,
			&token->section, INFINITE));
	token->tokens--;
	LeaveCriticalSection(&token->section);
	return NULL;
}

static void *
wait_a_while(void *argument)
{
	struct token *token = argument;
	bool woken;

	EnterCriticalSection(&token->section);
	woken = SleepConditionVariableCS(&token->variable, &token->section,
		10);
	if (!woken)
		ck_assert_uint_eq(GetLastError(), ERROR_TIMEOUT);
	LeaveCriticalSection(&token->section);
	if (woken)	/* by the one wake-up that there is: passes it on */
		WakeConditionVariable(&token->variable);
	return NULL;
}

/* tp_sleeper_sleep: with time up and woken at once, it is woken. */
START_TEST(wake_up_against_a_time_out_is_not_lost)
{
	struct token token = { .tokens = 0 };
	struct race race = { .count = 0 };

	InitializeCriticalSection(&token.section);
	InitializeConditionVariable(&token.variable);
	race_start(&race, wait_a_while, &token);
	race_start(&race, wait_for_token, &token);
	Sleep(10);
	EnterCriticalSection(&token.section);
	token.tokens++;
	LeaveCriticalSection(&token.section);
	WakeConditionVariable(&token.variable);
	race_join(&race);
	ck_assert_int_eq(token.tokens, 0);
	DeleteCriticalSection(&token.section);
}
END_TEST

/* ---- One-time initialisation ---- */

struct first_use {
	INIT_ONCE once;
	LONG volatile calls;
	LONG to_fail;		/* so many calls of the function */
	int made;		/* by the call that succeeds; then read-only */
};

static BOOL CALLBACK
make_it(PINIT_ONCE once, PVOID parameter, PVOID *context)
{
	struct first_use *use = parameter;

	(void)once;
	if (InterlockedIncrement(&use->calls) <= use->to_fail)
		return FALSE;
	use->made++;
	*context = use;
	return TRUE;
}

static void *
use_it(void *argument)
{
	struct first_use *use = argument;
	PVOID context = NULL;

	while (!InitOnceExecuteOnce(&use->once, make_it, use, &context))
		continue;
	ck_assert_ptr_eq(context, use);
	ck_assert_int_eq(use->made, 1);
	return NULL;
}

static void
use_it_by_three(LONG to_fail)
{
	struct first_use use = { .once = INIT_ONCE_STATIC_INIT,
		.to_fail = to_fail };
	struct race race = { .count = 0 };

	race_start(&race, use_it, &use);
	race_start(&race, use_it, &use);
	(void)use_it(&use);
	race_join(&race);
	ck_assert_int_eq(use.calls, to_fail + 1);
}

/* wait_while_running: none sleeps past the end of the initialisation. */
START_TEST(first_uses_of_three_threads_initialise_once)
{
	use_it_by_three(0);
}
END_TEST

/* finish: when it failed, one of those who waited is the next to try. */
START_TEST(initialisation_that_fails_is_tried_by_another_thread)
{
	use_it_by_three(2);
}
END_TEST

/* ---- The Interlocked functions ---- */

struct counters {
	LONG n;
	LONG64 wide;
	LONG by_compare;
};

static void *
count_up(void *argument)
{
	struct counters *counters = argument;
	LONG seen;

	for (int i = 0; i < 2; i++) {
		InterlockedIncrement(&counters->n);
		InterlockedExchangeAdd64(&counters->wide, (LONG64)1 << 32);
		do
			seen = InterlockedOr(&counters->by_compare, 0);
		while (InterlockedCompareExchange(&counters->by_compare,
			seen + 1, seen) != seen);
	}
	return NULL;
}

/* TP_ATOMIC: no step comes between the reading and the writing. */
START_TEST(interlocked_functions_of_three_threads_lose_nothing)
{
	struct counters counters = { 0, 0, 0 };
	struct race race = { .count = 0 };

	race_start(&race, count_up, &counters);
	race_start(&race, count_up, &counters);
	(void)count_up(&counters);
	race_join(&race);
	ck_assert_int_eq(counters.n, 6);
	ck_assert_int_eq(counters.wide, (LONG64)6 << 32);
	ck_assert_int_eq(counters.by_compare, 6);
}
END_TEST

/* ---- The suite ---- */

int
main(void)
{
	Suite *suite = suite_create("scenario_compat");
	TCase *scenario = harness_case(suite, "scenario");

	tcase_add_test(scenario,
		writers_and_readers_of_a_slim_lock_never_meet);
	tcase_add_test(scenario,
		attempt_at_a_slim_lock_against_its_release_gets_it_or_not);
	tcase_add_test(scenario,
		sleepers_of_a_condition_variable_miss_no_wake_up);
	tcase_add_test(scenario, wake_up_against_a_time_out_is_not_lost);
	tcase_add_test(scenario, first_uses_of_three_threads_initialise_once);
	tcase_add_test(scenario,
		initialisation_that_fails_is_tried_by_another_thread);
	tcase_add_test(scenario,
		interlocked_functions_of_three_threads_lose_nothing);
	return harness_run(suite);
}

/* SPDX-License-Identifier: MIT */
/*
 * test_misuse_state.c - what a callback leaves behind on its thread
 *
 * A callback must return with the thread as it found it: no lock owned, the
 * same signals blocked, the same scheduling. Each scene runs one callback
 * that forgets something, and report.h says how it is judged; as important
 * are the scenes in which everything is put back, or left to the pool.
 */
#ifdef __linux__
#define _GNU_SOURCE		/* SCHED_BATCH, sched_setaffinity */
#endif
#include <sched.h>
#include <signal.h>

#include "kernel.h"
#include "report.h"

/* Runs the callback, and another one after it, on one thread. */
static void
run_and_go_on(PTP_SIMPLE_CALLBACK callback)
{
	struct private_pool private;
	PTP_WORK next;

	private_pool_open(&private, 1, 1);
	next = CreateThreadpoolWork(do_nothing, NULL, &private.environ);
	TrySubmitThreadpoolCallback(callback, NULL, &private.environ);
	SubmitThreadpoolWork(next);
	WaitForThreadpoolWorkCallbacks(next, FALSE);
}

/* ---- Locks ---- */

static HANDLE some_mutex;
static CRITICAL_SECTION section;
static SRWLOCK slim = SRWLOCK_INIT;

static VOID CALLBACK
keep_mutex(PTP_CALLBACK_INSTANCE instance, PVOID context)
{
	(void)instance;
	(void)context;
	WaitForSingleObject(some_mutex, INFINITE);
}

static void
return_with_mutex(void *unused)
{
	(void)unused;
	some_mutex = mutex();
	run_and_go_on(keep_mutex);
}

static VOID CALLBACK
keep_section(PTP_CALLBACK_INSTANCE instance, PVOID context)
{
	(void)instance;
	(void)context;
	EnterCriticalSection(&section);
	EnterCriticalSection(&section);
	LeaveCriticalSection(&section);
}

static void
return_inside_section(void *unused)
{
	(void)unused;
	InitializeCriticalSection(&section);
	run_and_go_on(keep_section);
}

static VOID CALLBACK
keep_slim_lock(PTP_CALLBACK_INSTANCE instance, PVOID context)
{
	(void)instance;
	(void)context;
	AcquireSRWLockExclusive(&slim);
}

static VOID CALLBACK
try_and_keep_slim_lock(PTP_CALLBACK_INSTANCE instance, PVOID context)
{
	(void)instance;
	(void)context;
	ck_assert(TryAcquireSRWLockShared(&slim));
}

static void
return_with_slim_lock(void *unused)
{
	(void)unused;
	run_and_go_on(keep_slim_lock);
}

static void
return_with_shared_slim_lock(void *unused)
{
	(void)unused;
	run_and_go_on(try_and_keep_slim_lock);
}

START_TEST(lock_that_a_callback_keeps_is_reported)
{	/* DIAG-08, DIAG-24, INST-29, port-defined */
	expect_report(return_with_mutex, "mutex-kept", "callback",
		"DIAG-08");
	expect_report(return_inside_section, "section-kept", "callback",
		"DIAG-08");
	expect_report(return_with_slim_lock, "slim-lock-kept", "callback",
		"DIAG-08");
	expect_report(return_with_shared_slim_lock, "slim-lock-kept",
		"callback", "DIAG-08");
}
END_TEST

static VOID CALLBACK
leave_locks_to_the_pool(PTP_CALLBACK_INSTANCE instance, PVOID context)
{
	(void)context;
	WaitForSingleObject(some_mutex, INFINITE);
	EnterCriticalSection(&section);
	ReleaseMutexWhenCallbackReturns(instance, some_mutex);
	LeaveCriticalSectionWhenCallbackReturns(instance, &section);
}

static VOID CALLBACK
release_locks(PTP_CALLBACK_INSTANCE instance, PVOID context)
{
	CONDITION_VARIABLE nobody = CONDITION_VARIABLE_INIT;

	(void)instance;
	(void)context;
	WaitForSingleObject(some_mutex, INFINITE);
	ReleaseMutex(some_mutex);
	ck_assert(TryEnterCriticalSection(&section));
	SleepConditionVariableCS(&nobody, &section, 0);
	LeaveCriticalSection(&section);
	ck_assert(TryAcquireSRWLockExclusive(&slim));
	ck_assert(!TryAcquireSRWLockShared(&slim));
	SleepConditionVariableSRW(&nobody, &slim, 0, 0);
	ReleaseSRWLockExclusive(&slim);
	AcquireSRWLockShared(&slim);
	ReleaseSRWLockShared(&slim);
}

/* A slim lock has no owner: here another thread has acquired it. */
static VOID CALLBACK
release_slim_lock(PTP_CALLBACK_INSTANCE instance, PVOID context)
{
	(void)instance;
	(void)context;
	ReleaseSRWLockExclusive(&slim);
}

static void
return_without_locks(void *unused)
{
	(void)unused;
	some_mutex = mutex();
	InitializeCriticalSection(&section);
	run_and_go_on(leave_locks_to_the_pool);
	run_and_go_on(release_locks);
	AcquireSRWLockExclusive(&slim);
	run_and_go_on(release_slim_lock);
}

START_TEST(lock_that_is_released_or_left_to_the_pool_is_not_reported)
{	/* DIAG-08, DIAG-24, INST-29, port-defined */
	expect_no_report(return_without_locks);
}
END_TEST

/* ---- Signals and cancellation ---- */

static void
mask(int how, int number)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, number);
	ck_assert_int_eq(pthread_sigmask(how, &set, NULL), 0);
}

static VOID CALLBACK
unblock_signal(PTP_CALLBACK_INSTANCE instance, PVOID context)
{
	(void)instance;
	(void)context;
	mask(SIG_UNBLOCK, SIGUSR1);
}

static void
return_with_signal_unblocked(void *unused)
{
	(void)unused;
	run_and_go_on(unblock_signal);
}

static VOID CALLBACK
refuse_cancellation(PTP_CALLBACK_INSTANCE instance, PVOID context)
{
	(void)instance;
	(void)context;
	pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &(int){ 0 });
}

static void
return_with_cancellation_refused(void *unused)
{
	(void)unused;
	run_and_go_on(refuse_cancellation);
}

static VOID CALLBACK
accept_cancellation_anywhere(PTP_CALLBACK_INSTANCE instance, PVOID context)
{
	(void)instance;
	(void)context;
	pthread_setcanceltype(PTHREAD_CANCEL_ASYNCHRONOUS, &(int){ 0 });
}

static void
return_with_cancellation_anywhere(void *unused)
{
	(void)unused;
	run_and_go_on(accept_cancellation_anywhere);
}

START_TEST(changed_signal_mask_or_cancellation_is_reported)
{	/* DIAG-07, DIAG-24, INST-29, port-defined */
	expect_report(return_with_signal_unblocked, "signals-changed",
		"callback", "DIAG-07");
	expect_report(return_with_cancellation_refused, "cancel-changed",
		"callback", "DIAG-07");
	expect_report(return_with_cancellation_anywhere, "cancel-changed",
		"callback", "DIAG-07");
}
END_TEST

static VOID CALLBACK
change_and_restore(PTP_CALLBACK_INSTANCE instance, PVOID context)
{
	int before;

	(void)instance;
	(void)context;
	mask(SIG_UNBLOCK, SIGUSR1);
	mask(SIG_BLOCK, SIGUSR1);
	pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &before);
	pthread_setcancelstate(before, &(int){ 0 });
}

static void
return_as_it_was(void *unused)
{
	(void)unused;
	run_and_go_on(change_and_restore);
}

START_TEST(what_a_callback_changes_and_restores_is_not_reported)
{	/* DIAG-07, DIAG-24, INST-29, port-defined */
	expect_no_report(return_as_it_was);
}
END_TEST

/* ---- Scheduling ---- */

static VOID CALLBACK
change_policy(PTP_CALLBACK_INSTANCE instance, PVOID context)
{
	struct sched_param parameters = { .sched_priority = 0 };

	(void)instance;
	(void)context;
	ck_assert_int_eq(pthread_setschedparam(pthread_self(), SCHED_BATCH,
		&parameters), 0);
}

static void
return_with_another_policy(void *unused)
{
	(void)unused;
	run_and_go_on(change_policy);
}

START_TEST(changed_priority_is_a_warning_about_its_callback)
{	/* DIAG-06, DIAG-24, INST-29, port-defined */
	expect_warning(return_with_another_policy, "priority-changed",
		"callback", "DIAG-06");
}
END_TEST

/* Leaves the thread one of the processors that it may run on. */
static VOID CALLBACK
stay_on_one_processor(PTP_CALLBACK_INSTANCE instance, PVOID context)
{
	cpu_set_t all, one;
	size_t processor = 0;

	(void)instance;
	(void)context;
	ck_assert_int_eq(sched_getaffinity(0, sizeof(all), &all), 0);
	while (!CPU_ISSET(processor, &all))
		processor++;
	CPU_ZERO(&one);
	CPU_SET(processor, &one);
	ck_assert_int_eq(sched_setaffinity(0, sizeof(one), &one), 0);
}

static void
return_bound_to_a_processor(void *unused)
{
	(void)unused;
	run_and_go_on(stay_on_one_processor);
}

/* The callback after it, on the same thread, is not blamed. */
START_TEST(changed_affinity_is_a_warning_about_its_callback)
{	/* DIAG-06, DIAG-24, INST-29, port-defined */
	cpu_set_t all;

	ck_assert_int_eq(sched_getaffinity(0, sizeof(all), &all), 0);
	if (CPU_COUNT(&all) > 1)
		expect_warning(return_bound_to_a_processor,
			"affinity-changed", "callback", "DIAG-06");
	else
		expect_no_report(return_bound_to_a_processor);
}
END_TEST

/* ---- Whose report it is ---- */

START_TEST(report_gives_the_address_of_the_callback)
{	/* DIAG-06, DIAG-24, port-defined */
	PTP_SIMPLE_CALLBACK callback = unblock_signal;
	char expected[64];
	void *address;

	memcpy(&address, &callback, sizeof(address));
	snprintf(expected, sizeof(expected), ": callback(%p): ", address);
	ck_assert_ptr_nonnull(strstr(report_of(return_with_signal_unblocked,
		NULL, true), expected));
}
END_TEST

/* ---- The suite ---- */

int
main(void)
{
	Suite *suite = suite_create("misuse_state");
	TCase *small = harness_case(suite, "small");

	if (TP_CHECK) {
		tcase_add_test(small, lock_that_a_callback_keeps_is_reported);
		tcase_add_test(small,
			changed_signal_mask_or_cancellation_is_reported);
		tcase_add_test(small,
			changed_priority_is_a_warning_about_its_callback);
		tcase_add_test(small,
			changed_affinity_is_a_warning_about_its_callback);
		tcase_add_test(small, report_gives_the_address_of_the_callback);
	}
	tcase_add_test(small,
		lock_that_is_released_or_left_to_the_pool_is_not_reported);
	tcase_add_test(small,
		what_a_callback_changes_and_restores_is_not_reported);
	return harness_run(suite);
}

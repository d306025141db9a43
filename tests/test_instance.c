/* SPDX-License-Identifier: MIT */
/*
 * test_instance.c - what is done when a callback has returned
 *
 * Each test looks twice: while the callback stands at the gate, nothing has
 * been done; and when it is done, the callback's last line has been run. The
 * second is more than it seems: nothing but the action itself orders the
 * last line before the look, so that the explorer finds an action that is
 * done a step too early.
 */
#include "job.h"

/* ---- One action ---- */

START_TEST(event_is_set_when_the_callback_has_returned)
{	/* INST-01 */
	struct job job = JOB_INIT;

	job_open(&job, ask_for_the_event, 1);
	job_begin(&job);
	ck_assert_uint_eq(poll(job.event), WAIT_TIMEOUT);
	gate_open(&job.gate);
	ck_assert_uint_eq(WaitForSingleObject(job.event, INFINITE),
		WAIT_OBJECT_0);
	ck_assert_int_eq(job.left, 1);
	job_close(&job);
}
END_TEST

static VOID CALLBACK
ask_for_three(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_WORK work)
{
	struct job *job = context;

	(void)work;
	ReleaseSemaphoreWhenCallbackReturns(instance, job->semaphore, 3);
	stay(job);
}

START_TEST(semaphore_goes_up_by_exactly_as_much_as_asked)
{	/* INST-02 */
	struct job job = JOB_INIT;

	job_open(&job, ask_for_three, 1);
	job_begin(&job);
	ck_assert_uint_eq(poll(job.semaphore), WAIT_TIMEOUT);
	gate_open(&job.gate);
	ck_assert_uint_eq(WaitForSingleObject(job.semaphore, INFINITE),
		WAIT_OBJECT_0);
	ck_assert_int_eq(job.left, 1);
	ck_assert_uint_eq(poll(job.semaphore), WAIT_OBJECT_0);
	ck_assert_uint_eq(poll(job.semaphore), WAIT_OBJECT_0);
	ck_assert_uint_eq(poll(job.semaphore), WAIT_TIMEOUT);
	job_close(&job);
}
END_TEST

static VOID CALLBACK
take_the_mutex(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_WORK work)
{
	struct job *job = context;

	(void)work;
	if (WaitForSingleObject(job->mutex, INFINITE) != WAIT_OBJECT_0)
		abort();		/* on a thread of the pool */
	ReleaseMutexWhenCallbackReturns(instance, job->mutex);
	stay(job);
}

START_TEST(mutex_is_released_and_not_abandoned)
{	/* INST-03 */
	struct job job = JOB_INIT;

	job_open(&job, take_the_mutex, 1);
	job_begin(&job);
	ck_assert_uint_eq(poll(job.mutex), WAIT_TIMEOUT);
	gate_open(&job.gate);
	ck_assert_uint_eq(WaitForSingleObject(job.mutex, INFINITE),
		WAIT_OBJECT_0);
	ck_assert_int_eq(job.left, 1);
	ck_assert(ReleaseMutex(job.mutex));
	job_close(&job);
}
END_TEST

static VOID CALLBACK
enter_the_section(PTP_CALLBACK_INSTANCE instance, PVOID context,
	PTP_WORK work)
{
	struct job *job = context;

	(void)work;
	EnterCriticalSection(&job->section);
	LeaveCriticalSectionWhenCallbackReturns(instance, &job->section);
	stay(job);
}

START_TEST(section_is_left_when_the_callback_has_returned)
{	/* INST-04 */
	struct job job = JOB_INIT;

	job_open(&job, enter_the_section, 1);
	job_begin(&job);
	ck_assert(!TryEnterCriticalSection(&job.section));
	gate_open(&job.gate);
	EnterCriticalSection(&job.section);
	ck_assert_int_eq(job.left, 1);
	LeaveCriticalSection(&job.section);
	job_close(&job);
}
END_TEST

/* ---- Several, and in any state ---- */

static VOID CALLBACK
ask_for_everything(PTP_CALLBACK_INSTANCE instance, PVOID context,
	PTP_WORK work)
{
	struct job *job = context;

	(void)work;
	SetEventWhenCallbackReturns(instance, job->event);
	ReleaseSemaphoreWhenCallbackReturns(instance, job->semaphore, 1);
	EnterCriticalSection(&job->section);
	LeaveCriticalSectionWhenCallbackReturns(instance, &job->section);
	if (WaitForSingleObject(job->mutex, INFINITE) != WAIT_OBJECT_0)
		abort();		/* on a thread of the pool */
	ReleaseMutexWhenCallbackReturns(instance, job->mutex);
	stay(job);
}

START_TEST(actions_of_all_kinds_are_performed)
{	/* INST-08, port-defined */
	struct job job = JOB_INIT;

	job_open(&job, ask_for_everything, 1);
	job_begin(&job);
	ck_assert_uint_eq(poll(job.event), WAIT_TIMEOUT);
	ck_assert_uint_eq(poll(job.semaphore), WAIT_TIMEOUT);
	ck_assert_uint_eq(poll(job.mutex), WAIT_TIMEOUT);
	ck_assert(!TryEnterCriticalSection(&job.section));
	gate_open(&job.gate);
	WaitForThreadpoolWorkCallbacks(job.work, FALSE);
	ck_assert_uint_eq(poll(job.event), WAIT_OBJECT_0);
	ck_assert_uint_eq(poll(job.semaphore), WAIT_OBJECT_0);
	ck_assert_uint_eq(poll(job.mutex), WAIT_OBJECT_0);
	ck_assert(TryEnterCriticalSection(&job.section));
	LeaveCriticalSection(&job.section);
	ck_assert(ReleaseMutex(job.mutex));
	job_close(&job);
}
END_TEST

static VOID CALLBACK
ask_and_leave(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_WORK work)
{
	struct job *job = context;

	(void)work;
	SetEventWhenCallbackReturns(instance, job->event);
	DisassociateCurrentThreadFromCallback(instance);
	stay(job);
}

START_TEST(event_is_set_though_the_callback_has_left_its_object)
{	/* INST-06, INST-21 */
	struct job job = JOB_INIT;

	job_open(&job, ask_and_leave, 1);
	job_begin(&job);
	WaitForThreadpoolWorkCallbacks(job.work, FALSE);
	ck_assert_uint_eq(poll(job.event), WAIT_TIMEOUT);
	gate_open(&job.gate);
	ck_assert_uint_eq(WaitForSingleObject(job.event, INFINITE),
		WAIT_OBJECT_0);
	ck_assert_int_eq(job.left, 1);
	job_close(&job);
}
END_TEST

static VOID CALLBACK
ask_for_the_event_simply(PTP_CALLBACK_INSTANCE instance, PVOID context)
{
	ask_for_the_event(instance, context, NULL);
}

static VOID CALLBACK
ask_for_the_event_in_time(PTP_CALLBACK_INSTANCE instance, PVOID context,
	PTP_TIMER timer)
{
	(void)timer;
	ask_for_the_event(instance, context, NULL);
}

static VOID CALLBACK
ask_for_the_event_when_told(PTP_CALLBACK_INSTANCE instance, PVOID context,
	PTP_WAIT wait, TP_WAIT_RESULT result)
{
	(void)wait;
	(void)result;
	ask_for_the_event(instance, context, NULL);
}

/* One callback of it is on its way, and at the gate in the end. */
static void
assert_sets_the_event(struct job *job, int runs)
{
	gate_await_waiting(&job->gate, 1);
	ck_assert_uint_eq(poll(job->event), WAIT_TIMEOUT);
	gate_open(&job->gate);
	ck_assert_uint_eq(WaitForSingleObject(job->event, INFINITE),
		WAIT_OBJECT_0);
	ck_assert_int_eq(job->left, runs);
	ck_assert(ResetEvent(job->event));
	job->gate.open = false;		/* nobody else is left who uses it */
}

START_TEST(callbacks_of_every_kind_may_ask)
{	/* INST-01 */
	struct job job = JOB_INIT;
	FILETIME now = { 0, 0 };
	PTP_TIMER timer;
	PTP_WAIT wait;

	job_prepare(&job, 1);
	ck_assert(TrySubmitThreadpoolCallback(ask_for_the_event_simply,
		&job, &job.private.environ));
	assert_sets_the_event(&job, 1);
	timer = CreateThreadpoolTimer(ask_for_the_event_in_time, &job,
		&job.private.environ);
	ck_assert_ptr_nonnull(timer);
	SetThreadpoolTimer(timer, &now, 0, 0);
	assert_sets_the_event(&job, 2);
	CloseThreadpoolTimer(timer);
	wait = CreateThreadpoolWait(ask_for_the_event_when_told, &job,
		&job.private.environ);
	ck_assert_ptr_nonnull(wait);
	SetThreadpoolWait(wait, job.semaphore, &now);
	assert_sets_the_event(&job, 3);
	CloseThreadpoolWait(wait);
	job_close(&job);
}
END_TEST

/* ---- Who sees it when ---- */

START_TEST(event_is_set_when_a_wait_for_the_object_returns)
{	/* INST-11, port-defined */
	struct job job = JOB_INIT;

	gate_open(&job.gate);
	job_open(&job, ask_for_the_event, 2);
	for (unsigned long i = 0; i < enough(1000, 2); i++) {
		SubmitThreadpoolWork(job.work);
		WaitForThreadpoolWorkCallbacks(job.work, FALSE);
		ck_assert_uint_eq(poll(job.event), WAIT_OBJECT_0);
		ck_assert(ResetEvent(job.event));
	}
	job_close(&job);
}
END_TEST

START_TEST(object_may_be_closed_as_soon_as_the_event_is_set)
{	/* INST-12 */
	struct job job = JOB_INIT;

	gate_open(&job.gate);
	job_prepare(&job, 2);
	for (unsigned long i = 0; i < enough(1000, 2); i++) {
		PTP_WORK work = job_work(&job, ask_for_the_event);

		SubmitThreadpoolWork(work);
		ck_assert_uint_eq(WaitForSingleObject(job.event, INFINITE),
			WAIT_OBJECT_0);
		CloseThreadpoolWork(work);
		ck_assert(ResetEvent(job.event));
	}
	job_close(&job);
}
END_TEST

struct four {
	struct tally number;
	struct gate gate;
	PTP_CALLBACK_INSTANCE instances[4];
};

static VOID CALLBACK
note_instance(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_WORK work)
{
	struct four *four = context;

	(void)work;
	four->instances[tally_add(&four->number) - 1] = instance;
	gate_wait(&four->gate);
}

START_TEST(callbacks_that_run_at_once_have_different_instances)
{	/* INST-14 */
	struct four four = { .number = TALLY_INIT, .gate = GATE_INIT };
	struct private_pool private;
	PTP_WORK work;

	private_pool_open(&private, 4, 4);
	work = CreateThreadpoolWork(note_instance, &four, &private.environ);
	ck_assert_ptr_nonnull(work);
	submit(work, 4);
	gate_await_waiting(&four.gate, 4);
	for (int i = 0; i < 4; i++) {
		ck_assert_ptr_nonnull(four.instances[i]);
		for (int j = 0; j < i; j++)
			ck_assert_ptr_ne(four.instances[i],
				four.instances[j]);
	}
	gate_open(&four.gate);
	WaitForThreadpoolWorkCallbacks(work, FALSE);
	CloseThreadpoolWork(work);
	private_pool_close(&private);
}
END_TEST

/* ---- The finalization callback ---- */

struct finale {
	struct job job;
	struct tally finals;
	PTP_CALLBACK_INSTANCE called, finished;
	int left_then;			/* of the job, in the last one */
	DWORD event_then;
	bool ask;			/* in the finalization callback */
};

#define FINALE_INIT { .job = JOB_INIT, .finals = TALLY_INIT }

static VOID CALLBACK
note_finale(PTP_CALLBACK_INSTANCE instance, PVOID context)
{
	struct finale *finale = context;

	finale->finished = instance;
	finale->left_then = finale->job.left;
	finale->event_then = poll(finale->job.event);
	if (finale->ask)
		SetEventWhenCallbackReturns(instance, finale->job.event);
	tally_add(&finale->finals);
}

static VOID CALLBACK
run_to_the_finale(PTP_CALLBACK_INSTANCE instance, PVOID context)
{
	struct finale *finale = context;

	finale->called = instance;
	if (!finale->ask)
		SetEventWhenCallbackReturns(instance, finale->job.event);
	tally_add(&finale->job.runs);
	finale->job.left++;
}

static VOID CALLBACK
work_to_the_finale(PTP_CALLBACK_INSTANCE instance, PVOID context,
	PTP_WORK work)
{
	(void)work;
	run_to_the_finale(instance, context);
}

static VOID CALLBACK
ring_to_the_finale(PTP_CALLBACK_INSTANCE instance, PVOID context,
	PTP_TIMER timer)
{
	(void)timer;
	run_to_the_finale(instance, context);
}

static void
finale_open(struct finale *finale)
{
	job_prepare(&finale->job, 1);
	TpSetCallbackFinalizationCallback(&finale->job.private.environ,
		note_finale);
}

START_TEST(finalization_comes_once_after_a_simple_callback)
{	/* INST-27 */
	struct finale finale = FINALE_INIT;

	finale_open(&finale);
	ck_assert(TrySubmitThreadpoolCallback(run_to_the_finale, &finale,
		&finale.job.private.environ));
	ck_assert_uint_eq(WaitForSingleObject(finale.job.event, INFINITE),
		WAIT_OBJECT_0);
	ck_assert_uint_eq(tally_read(&finale.job.runs), 1);
	ck_assert_uint_eq(tally_read(&finale.finals), 1);
	ck_assert_int_eq(finale.left_then, 1);
	ck_assert_ptr_eq(finale.finished, finale.called);
	job_close(&finale.job);
}
END_TEST

START_TEST(finalization_comes_once_after_each_callback)
{	/* INST-27 */
	struct finale finale = FINALE_INIT;
	FILETIME now = { 0, 0 };
	PTP_TIMER timer;
	PTP_WORK work;

	finale_open(&finale);
	work = CreateThreadpoolWork(work_to_the_finale, &finale,
		&finale.job.private.environ);
	timer = CreateThreadpoolTimer(ring_to_the_finale, &finale,
		&finale.job.private.environ);
	ck_assert(work != NULL && timer != NULL);
	submit(work, 3);
	WaitForThreadpoolWorkCallbacks(work, FALSE);
	ck_assert_uint_eq(tally_read(&finale.finals), 3);
	ck_assert_int_eq(finale.left_then, 3);
	SetThreadpoolTimer(timer, &now, 0, 0);
	WaitForThreadpoolTimerCallbacks(timer, FALSE);
	ck_assert_uint_eq(tally_read(&finale.finals), 4);
	ck_assert_int_eq(finale.left_then, 4);
	/* What does not run is not finished, either. */
	WaitForThreadpoolWorkCallbacks(work, TRUE);
	CloseThreadpoolWork(work);
	CloseThreadpoolTimer(timer);
	ck_assert_uint_eq(tally_read(&finale.finals), 4);
	job_close(&finale.job);
}
END_TEST

START_TEST(finalization_comes_before_the_completion_actions)
{	/* INST-28 */
	struct finale finale = FINALE_INIT;

	finale_open(&finale);
	for (int asks_late = 0; asks_late < 2; asks_late++) {
		finale.ask = asks_late != 0;
		ck_assert(ResetEvent(finale.job.event));
		ck_assert(TrySubmitThreadpoolCallback(run_to_the_finale,
			&finale, &finale.job.private.environ));
		ck_assert_uint_eq(WaitForSingleObject(finale.job.event,
			INFINITE), WAIT_OBJECT_0);
		ck_assert_uint_eq(finale.event_then, WAIT_TIMEOUT);
	}
	job_close(&finale.job);
}
END_TEST

/* ---- The suite ---- */

static void
add_actions(TCase *small)
{
	tcase_add_test(small, event_is_set_when_the_callback_has_returned);
	tcase_add_test(small, semaphore_goes_up_by_exactly_as_much_as_asked);
	tcase_add_test(small, mutex_is_released_and_not_abandoned);
	tcase_add_test(small, section_is_left_when_the_callback_has_returned);
	tcase_add_test(small, actions_of_all_kinds_are_performed);
	tcase_add_test(small,
		event_is_set_though_the_callback_has_left_its_object);
	tcase_add_test(small, callbacks_of_every_kind_may_ask);
}

int
main(void)
{
	Suite *suite = suite_create("instance");
	TCase *small = harness_case(suite, "small");

	add_actions(small);
	tcase_add_test(small,
		event_is_set_when_a_wait_for_the_object_returns);
	tcase_add_test(small,
		object_may_be_closed_as_soon_as_the_event_is_set);
	tcase_add_test(small,
		callbacks_that_run_at_once_have_different_instances);
	tcase_add_test(small, finalization_comes_once_after_a_simple_callback);
	tcase_add_test(small, finalization_comes_once_after_each_callback);
	tcase_add_test(small,
		finalization_comes_before_the_completion_actions);
	return harness_run(suite);
}

/* SPDX-License-Identifier: MIT */
/*
 * test_instance_leave.c - callbacks that nobody waits for any more
 *
 * A callback that has disassociated itself stands at the gate, and a wait
 * for its object returns nevertheless: that it does so is all the test needs
 * to see. That another wait does not return is seen by what its thread finds
 * when it does, as in test_quiet.c.
 */
#include "job.h"

/* ---- Waiting for the object ---- */

START_TEST(wait_returns_while_a_callback_that_has_left_still_runs)
{	/* INST-21 */
	struct job job = JOB_INIT;

	job_open(&job, leave_and_stay, 1);
	job_begin(&job);
	WaitForThreadpoolWorkCallbacks(job.work, FALSE);
	WaitForThreadpoolWorkCallbacks(job.work, TRUE);
	ck_assert_uint_eq(tally_read(&job.runs), 0);
	gate_open(&job.gate);
	tally_await(&job.runs, 1);
	job_close(&job);
}
END_TEST

static VOID CALLBACK
ring_and_leave(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_TIMER timer)
{
	(void)timer;
	leave_and_stay(instance, context, NULL);
}

static VOID CALLBACK
hear_and_leave(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_WAIT wait,
	TP_WAIT_RESULT result)
{
	(void)wait;
	(void)result;
	leave_and_stay(instance, context, NULL);
}

START_TEST(the_same_holds_for_timers_and_waits)
{	/* INST-21 */
	struct job job = JOB_INIT;
	FILETIME now = { 0, 0 };
	PTP_TIMER timer;
	PTP_WAIT wait;

	job_prepare(&job, 2);
	timer = CreateThreadpoolTimer(ring_and_leave, &job,
		&job.private.environ);
	wait = CreateThreadpoolWait(hear_and_leave, &job,
		&job.private.environ);
	ck_assert(timer != NULL && wait != NULL);
	SetThreadpoolTimer(timer, &now, 0, 0);
	SetThreadpoolWait(wait, job.event, &now);
	gate_await_waiting(&job.gate, 2);
	WaitForThreadpoolTimerCallbacks(timer, FALSE);
	WaitForThreadpoolWaitCallbacks(wait, FALSE);
	ck_assert_uint_eq(tally_read(&job.runs), 0);
	CloseThreadpoolTimer(timer);
	CloseThreadpoolWait(wait);
	gate_open(&job.gate);
	tally_await(&job.runs, 2);
	job_close(&job);
}
END_TEST

/* A thread that waits, and what it finds then. */
struct waiting {
	struct job *job;
	PTP_CLEANUP_GROUP group;	/* to be closed; NULL: the work */
	DWORD seen;
};

static DWORD
wait_and_look(void *argument)
{
	struct waiting *waiting = argument;
	struct job *job = waiting->job;

	if (waiting->group == NULL)
		WaitForThreadpoolWorkCallbacks(job->work, FALSE);
	else
		CloseThreadpoolCleanupGroupMembers(waiting->group, FALSE,
			NULL);
	return (DWORD)tally_read(&job->runs);
}

static bool
somebody_waits(void *work)
{
	struct tp_object *object = work;
	bool waits;

	tp_lock(&object->pool->lock);
	waits = !tp_list_empty(&object->waiters) || object->idler != NULL;
	tp_unlock(&object->pool->lock);
	return waits;
}

/* One leaves at the door, when somebody waits for it already. */
struct latecomer {
	struct job job;
	struct gate door;
};

static VOID CALLBACK
leave_late(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_WORK work)
{
	struct latecomer *latecomer = context;

	gate_wait(&latecomer->door);
	leave_and_stay(instance, &latecomer->job, work);
}

START_TEST(leaving_releases_whoever_waits_already)
{	/* INST-21 */
	struct latecomer latecomer = { JOB_INIT, GATE_INIT };
	struct job *job = &latecomer.job;
	struct waiting waiting = { .job = job };
	HANDLE thread;

	job_prepare(job, 1);
	job->work = CreateThreadpoolWork(leave_late, &latecomer,
		&job->private.environ);
	ck_assert_ptr_nonnull(job->work);
	SubmitThreadpoolWork(job->work);
	gate_await_waiting(&latecomer.door, 1);
	thread = start(wait_and_look, &waiting);
	await(somebody_waits, job->work);
	gate_open(&latecomer.door);
	ck_assert_uint_eq(join(thread), 0);
	gate_open(&job->gate);
	tally_await(&job->runs, 1);
	job_close(job);
}
END_TEST

/* The first that runs leaves; the second stays, behind a gate of its own. */
struct couple {
	struct job job;
	struct tally arrived;
	struct gate door;
	int leaves;		/* how often the first one does */
};

#define COUPLE_INIT { .job = JOB_INIT, .arrived = TALLY_INIT, \
	.door = GATE_INIT, .leaves = 1 }

static VOID CALLBACK
first_leaves(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_WORK work)
{
	struct couple *couple = context;

	(void)work;
	if (tally_add(&couple->arrived) == 1) {
		for (int i = 0; i < couple->leaves; i++)
			DisassociateCurrentThreadFromCallback(instance);
		gate_wait(&couple->door);
	} else {
		stay(&couple->job);
	}
}

/* While one has left and one has not, a wait is for the latter only. */
static void
wait_for_the_other(int leaves)
{
	struct couple couple = COUPLE_INIT;
	struct waiting waiting = { .job = &couple.job };
	HANDLE thread;

	couple.leaves = leaves;
	job_prepare(&couple.job, 2);
	couple.job.work = CreateThreadpoolWork(first_leaves, &couple,
		&couple.job.private.environ);
	ck_assert_ptr_nonnull(couple.job.work);
	submit(couple.job.work, 2);
	gate_await_waiting(&couple.door, 1);
	gate_await_waiting(&couple.job.gate, 1);
	thread = start(wait_and_look, &waiting);
	await(somebody_waits, couple.job.work);
	gate_open(&couple.job.gate);
	ck_assert_uint_eq(join(thread), 1);	/* and the first still runs */
	gate_open(&couple.door);
	job_close(&couple.job);
}

START_TEST(wait_is_for_those_that_have_not_left)
{	/* INST-25 */
	wait_for_the_other(1);
}
END_TEST

START_TEST(leaving_twice_is_leaving_once)
{	/* INST-24, INST-25 */
	wait_for_the_other(2);
}
END_TEST

/* What one has lowered, its return must not lower again. */
START_TEST(wait_holds_again_after_one_that_has_left_returns)
{	/* INST-21, INST-25 */
	struct couple couple = COUPLE_INIT;
	struct waiting waiting = { .job = &couple.job };
	HANDLE thread;

	job_prepare(&couple.job, 2);
	couple.job.work = CreateThreadpoolWork(first_leaves, &couple,
		&couple.job.private.environ);
	ck_assert_ptr_nonnull(couple.job.work);
	SubmitThreadpoolWork(couple.job.work);
	gate_await_waiting(&couple.door, 1);
	gate_open(&couple.door);
	SubmitThreadpoolWork(couple.job.work);
	gate_await_waiting(&couple.job.gate, 1);
	thread = start(wait_and_look, &waiting);
	await(somebody_waits, couple.job.work);
	gate_open(&couple.job.gate);
	ck_assert_uint_eq(join(thread), 1);
	job_close(&couple.job);
}
END_TEST

static VOID CALLBACK
leave_and_wait_for_itself(PTP_CALLBACK_INSTANCE instance, PVOID context,
	PTP_WORK work)
{
	struct job *job = context;

	DisassociateCurrentThreadFromCallback(instance);
	WaitForThreadpoolWorkCallbacks(work, FALSE);
	WaitForThreadpoolWorkCallbacks(work, TRUE);
	tally_add(&job->runs);
}

START_TEST(a_callback_that_has_left_may_wait_for_its_own_object)
{	/* INST-23, WORK-20 */
	struct job job = JOB_INIT;

	job_open(&job, leave_and_wait_for_itself, 1);
	SubmitThreadpoolWork(job.work);
	tally_await(&job.runs, 1);
	job_close(&job);
}
END_TEST

/* ---- The life of the object ---- */

static VOID CALLBACK
leave_and_use(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_WORK work)
{
	struct job *job = context;
	struct tp_object *object = (void *)work;

	DisassociateCurrentThreadFromCallback(instance);
	gate_wait(&job->gate);
	/* Closed long ago; its memory is not anybody else's. */
	tp_lock(&object->pool->lock);
	if (object->context == context && object->running == 1)
		job->left++;
	tp_unlock(&object->pool->lock);
	tally_add(&job->runs);
}

START_TEST(object_outlives_its_close_until_the_callback_returns)
{	/* INST-26 */
	struct job job = JOB_INIT;
	unsigned long before;

	job_prepare(&job, 1);
	before = live_allocations();
	job.work = job_work(&job, leave_and_use);
	job_begin(&job);
	WaitForThreadpoolWorkCallbacks(job.work, FALSE);
	CloseThreadpoolWork(job.work);
	job.work = NULL;
	ck_assert_uint_gt(live_allocations(), before);
	gate_open(&job.gate);
	tally_await(&job.runs, 1);
	ck_assert_int_eq(job.left, 1);
	job_close(&job);
	/* That it is freed, the harness sees. */
}
END_TEST

static VOID CALLBACK
leave_and_submit(PTP_CALLBACK_INSTANCE instance, PVOID context,
	PTP_WORK work)
{
	struct job *job = context;

	DisassociateCurrentThreadFromCallback(instance);
	if (tally_add(&job->runs) < 3)
		SubmitThreadpoolWork(work);
}

START_TEST(a_callback_that_has_left_may_post_its_object)
{	/* INST-26 */
	struct job job = JOB_INIT;

	job_open(&job, leave_and_submit, 1);
	SubmitThreadpoolWork(job.work);
	tally_await(&job.runs, 3);
	job_close(&job);
	ck_assert_uint_eq(tally_read(&job.runs), 3);
}
END_TEST

/* ---- Cleanup groups ---- */

struct groups {
	struct job job;
	struct waiting waiting;
	HANDLE thread;
};

#define GROUPS_INIT { .job = JOB_INIT }

static void
groups_open(struct groups *groups)
{
	job_prepare(&groups->job, 1);
	groups->waiting.job = &groups->job;
	groups->waiting.group = CreateThreadpoolCleanupGroup();
	ck_assert_ptr_nonnull(groups->waiting.group);
	SetThreadpoolCallbackCleanupGroup(&groups->job.private.environ,
		groups->waiting.group, NULL);
}

/* The member's callback is at the gate; the close waits for it. */
static void
assert_the_close_waits(struct groups *groups, void *member)
{
	groups->thread = start(wait_and_look, &groups->waiting);
	await(somebody_waits, member);
	gate_open(&groups->job.gate);
	ck_assert_uint_eq(join(groups->thread), 1);
	CloseThreadpoolCleanupGroup(groups->waiting.group);
	groups->job.work = NULL;	/* the group has closed it */
	job_close(&groups->job);
}

START_TEST(group_waits_for_a_work_callback_that_has_left)
{	/* INST-22 */
	struct groups groups = GROUPS_INIT;

	groups_open(&groups);
	groups.job.work = job_work(&groups.job, leave_and_stay);
	job_begin(&groups.job);
	WaitForThreadpoolWorkCallbacks(groups.job.work, FALSE);
	assert_the_close_waits(&groups, groups.job.work);
}
END_TEST

/* The object of a simple callback: its instance knows it. */
static void *simple_object;

static VOID CALLBACK
leave_simply(PTP_CALLBACK_INSTANCE instance, PVOID context)
{
	simple_object = instance->object;
	leave_and_stay(instance, context, NULL);
}

START_TEST(group_waits_for_a_simple_callback_that_has_left)
{	/* INST-22 */
	struct groups groups = GROUPS_INIT;

	groups_open(&groups);
	ck_assert(TrySubmitThreadpoolCallback(leave_simply, &groups.job,
		&groups.job.private.environ));
	gate_await_waiting(&groups.job.gate, 1);
	assert_the_close_waits(&groups, simple_object);
}
END_TEST

/* ---- The suite ---- */

static void
add_waits(TCase *small)
{
	tcase_add_test(small,
		wait_returns_while_a_callback_that_has_left_still_runs);
	tcase_add_test(small, the_same_holds_for_timers_and_waits);
	tcase_add_test(small, leaving_releases_whoever_waits_already);
	tcase_add_test(small, wait_is_for_those_that_have_not_left);
	tcase_add_test(small, leaving_twice_is_leaving_once);
	tcase_add_test(small,
		wait_holds_again_after_one_that_has_left_returns);
	tcase_add_test(small,
		a_callback_that_has_left_may_wait_for_its_own_object);
}

int
main(void)
{
	Suite *suite = suite_create("instance_leave");
	TCase *small = harness_case(suite, "small");

	add_waits(small);
	tcase_add_test(small,
		object_outlives_its_close_until_the_callback_returns);
	tcase_add_test(small, a_callback_that_has_left_may_post_its_object);
	tcase_add_test(small, group_waits_for_a_work_callback_that_has_left);
	tcase_add_test(small, group_waits_for_a_simple_callback_that_has_left);
	return harness_run(suite);
}

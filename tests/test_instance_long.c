/* SPDX-License-Identifier: MIT */
/*
 * test_instance_long.c - callbacks that say that they may run long
 *
 * The answer depends on what the pool has at that moment, so a test makes
 * the moment: its workers stand at gates, or sleep, and it looks into the
 * pool to see that they do. Times that never come (NEVER) show that nothing
 * but the call has made a thread.
 */
#include "crowd.h"
#include "job.h"

#define NEVER	"86400000"	/* ms: a day */

/* Asks a question at the door, and then stands at the gate. */
struct asking {
	struct private_pool private;
	PTP_WORK work;
	struct gate door, gate;
	struct tally runs;	/* of other work */
	BOOL answer, again;
	struct gate *second;	/* before asking again; NULL: does not */
};

#define ASKING_INIT { .door = GATE_INIT, .gate = GATE_INIT, \
	.runs = TALLY_INIT }

static VOID CALLBACK
ask_and_stay(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_WORK work)
{
	struct asking *asking = context;

	(void)work;
	gate_wait(&asking->door);
	asking->answer = CallbackMayRunLong(instance);
	if (asking->second != NULL) {
		gate_wait(asking->second);
		asking->again = CallbackMayRunLong(instance);
	}
	gate_wait(&asking->gate);
}

static void
asking_open(struct asking *asking, DWORD minimum, DWORD maximum)
{
	setenv("TP_PROCESSORS", "1", 1);
	private_pool_open(&asking->private, minimum, maximum);
	asking->work = work_in(&asking->private, ask_and_stay, asking);
	SubmitThreadpoolWork(asking->work);
	gate_await_waiting(&asking->door, 1);
}

/* Lets the callback ask, and gives the answer. */
static BOOL
answer_to(struct asking *asking)
{
	gate_open(&asking->door);
	gate_await_waiting(&asking->gate, 1);
	return asking->answer;
}

static void
asking_close(struct asking *asking)
{
	gate_open(&asking->gate);
	finish(asking->work);
	private_pool_close(&asking->private);
}

static bool
one_is_idle(void *pool)
{
	PTP_POOL p = pool;
	unsigned idle;

	tp_lock(&p->lock);
	idle = p->idle_count;
	tp_unlock(&p->lock);
	return idle == 1;
}

/* ---- The answer ---- */

START_TEST(the_only_thread_is_told_no)
{	/* INST-15 */
	struct asking asking = ASKING_INIT;

	setenv("TP_STALL_MS", NEVER, 1);
	asking_open(&asking, 1, 1);
	ck_assert(!answer_to(&asking));
	ck_assert_uint_eq(workers(asking.private.pool), 1);
	asking_close(&asking);
}
END_TEST

START_TEST(an_idle_worker_is_answer_enough)
{	/* INST-15 */
	struct asking asking = ASKING_INIT;

	asking_open(&asking, 2, 4);
	await(one_is_idle, asking.private.pool);
	ck_assert(answer_to(&asking));
	ck_assert_uint_eq(workers(asking.private.pool), 2);
	asking_close(&asking);
}
END_TEST

START_TEST(below_the_maximum_a_worker_is_made)
{	/* INST-15 */
	struct asking asking = ASKING_INIT;

	setenv("TP_STALL_MS", NEVER, 1);
	asking_open(&asking, 1, 2);
	ck_assert(answer_to(&asking));
	await(one_is_idle, asking.private.pool);
	ck_assert_uint_eq(workers(asking.private.pool), 2);
	asking_close(&asking);
}
END_TEST

/* All of the pool's threads are busy, and no more are allowed. */
START_TEST(at_the_maximum_with_none_idle_it_is_told_no)
{	/* INST-15 */
	struct asking asking = ASKING_INIT;
	struct crowd crowd = CROWD_INIT;
	PTP_WORK work;

	asking_open(&asking, 2, 2);
	work = work_in(&asking.private, join_crowd, &crowd);
	SubmitThreadpoolWork(work);
	gate_await_waiting(&crowd.gate, 1);
	ck_assert(!answer_to(&asking));
	ck_assert_uint_eq(workers(asking.private.pool), 2);
	gate_open(&crowd.gate);
	finish(work);
	asking_close(&asking);
}
END_TEST

/* A worker that the maximum holds back is of no use to anybody. */
START_TEST(an_idle_worker_beyond_the_maximum_does_not_count)
{	/* INST-15 */
	struct asking asking = ASKING_INIT;

	setenv("TP_IDLE_MS", NEVER, 1);
	asking_open(&asking, 2, 2);
	await(one_is_idle, asking.private.pool);
	SetThreadpoolThreadMaximum(asking.private.pool, 1);
	await(one_is_idle, asking.private.pool);
	ck_assert(!answer_to(&asking));
	asking_close(&asking);
}
END_TEST

START_TEST(a_callback_of_a_long_environment_is_told_yes)
{	/* INST-20 */
	struct asking asking = ASKING_INIT;

	private_pool_open(&asking.private, 1, 1);
	SetThreadpoolCallbackRunsLong(&asking.private.environ);
	asking.work = work_in(&asking.private, ask_and_stay, &asking);
	SubmitThreadpoolWork(asking.work);
	ck_assert(answer_to(&asking));
	ck_assert_uint_eq(workers(asking.private.pool), 1);
	asking_close(&asking);
}
END_TEST

/* ---- Asking again ---- */

START_TEST(a_second_yes_makes_no_second_thread)
{	/* INST-19, port-defined */
	struct asking asking = ASKING_INIT;
	struct gate second = GATE_INIT;
	struct crowd crowd = CROWD_INIT;
	PTP_WORK work;

	setenv("TP_STALL_MS", NEVER, 1);
	asking.second = &second;
	asking_open(&asking, 1, 4);
	gate_open(&asking.door);
	gate_await_waiting(&second, 1);
	ck_assert(asking.answer);
	/* The one that was made is busy now. */
	work = work_in(&asking.private, join_crowd, &crowd);
	SubmitThreadpoolWork(work);
	gate_await_waiting(&crowd.gate, 1);
	gate_open(&second);
	ck_assert(answer_to(&asking));
	ck_assert(asking.again);
	ck_assert_uint_eq(workers(asking.private.pool), 2);
	gate_open(&crowd.gate);
	finish(work);
	asking_close(&asking);
}
END_TEST

START_TEST(a_no_remains_a_no)
{	/* INST-19, port-defined */
	struct asking asking = ASKING_INIT;
	struct gate second = GATE_INIT;

	setenv("TP_STALL_MS", NEVER, 1);
	asking.second = &second;
	asking_open(&asking, 1, 1);
	gate_open(&asking.door);
	gate_await_waiting(&second, 1);
	ck_assert(!asking.answer);
	SetThreadpoolThreadMaximum(asking.private.pool, 2);
	gate_open(&second);
	ck_assert(!answer_to(&asking));
	ck_assert(!asking.again);
	ck_assert_uint_eq(workers(asking.private.pool), 1);
	asking_close(&asking);
}
END_TEST

/* ---- After the answer ---- */

START_TEST(after_a_no_it_goes_on_and_counts_as_long)
{	/* INST-16 */
	struct asking asking = ASKING_INIT;
	PTP_WORK work;

	setenv("TP_STALL_MS", NEVER, 1);
	asking_open(&asking, 1, 1);
	ck_assert(!answer_to(&asking));
	work = work_in(&asking.private, count_work, &asking.runs);
	/*
	 * One processor, and the pool does not wait for it: its one callback
	 * does not compute. So as soon as there may be a second thread there
	 * is one.
	 */
	SetThreadpoolThreadMaximum(asking.private.pool, 2);
	SubmitThreadpoolWork(work);
	tally_await(&asking.runs, 1);
	finish(work);
	asking_close(&asking);
}
END_TEST

/* How many workers do not compute, as far as the pool knows. */
static unsigned
suspended(PTP_POOL pool)
{
	unsigned number;

	tp_lock(&pool->lock);
	number = pool->suspended;
	tp_unlock(&pool->lock);
	return number;
}

START_TEST(what_was_long_ends_with_its_callback)
{	/* INST-16 */
	struct asking asking = ASKING_INIT;

	asking_open(&asking, 1, 1);
	ck_assert_uint_eq(suspended(asking.private.pool), 0);
	ck_assert(!answer_to(&asking));
	ck_assert_uint_eq(suspended(asking.private.pool), 1);
	gate_open(&asking.gate);
	WaitForThreadpoolWorkCallbacks(asking.work, FALSE);
	ck_assert_uint_eq(suspended(asking.private.pool), 0);
	asking_close(&asking);
}
END_TEST

/* ---- When a thread is refused ---- */

START_TEST(a_refused_thread_is_a_no_and_tried_again_later)
{	/* INST-17, port-defined */
	struct asking asking = ASKING_INIT;
	PTP_WORK work;

	setenv("TP_STALL_MS", "1", 1);
	asking_open(&asking, 1, 2);
	work = work_in(&asking.private, count_work, &asking.runs);
	fail_thread_number(1);
	ck_assert(!answer_to(&asking));
	fail_thread_number(1);		/* nor when it is posted */
	SubmitThreadpoolWork(work);
	/* Nobody posts any more. */
	tally_await(&asking.runs, 1);
	finish(work);
	asking_close(&asking);
}
END_TEST

/*
 * While the thread was on its way, a post relied on it. It fails to appear:
 * somebody must look at the queue again.
 */
START_TEST(a_post_that_relied_on_the_refused_thread_is_run)
{	/* INST-17, port-defined */
	struct asking asking = ASKING_INIT;
	struct gate birth = GATE_INIT;
	PTP_WORK work;

	setenv("TP_STALL_MS", "1", 1);
	asking_open(&asking, 1, 2);
	work = work_in(&asking.private, count_work, &asking.runs);
	hold_threads(&birth);
	gate_open(&asking.door);
	gate_await_waiting(&birth, 1);	/* a thread is being made */
	SubmitThreadpoolWork(work);
	fail_thread_number(1);
	hold_threads(NULL);
	gate_open(&birth);
	gate_await_waiting(&asking.gate, 1);
	ck_assert(!asking.answer);
	tally_await(&asking.runs, 1);
	finish(work);
	asking_close(&asking);
}
END_TEST

/* ---- The suite ---- */

int
main(void)
{
	Suite *suite = suite_create("instance_long");
	TCase *small = harness_case(suite, "small");

	tcase_add_test(small, the_only_thread_is_told_no);
	tcase_add_test(small, an_idle_worker_is_answer_enough);
	tcase_add_test(small, below_the_maximum_a_worker_is_made);
	tcase_add_test(small, at_the_maximum_with_none_idle_it_is_told_no);
	tcase_add_test(small,
		an_idle_worker_beyond_the_maximum_does_not_count);
	tcase_add_test(small, a_callback_of_a_long_environment_is_told_yes);
	tcase_add_test(small, a_second_yes_makes_no_second_thread);
	tcase_add_test(small, a_no_remains_a_no);
	tcase_add_test(small, after_a_no_it_goes_on_and_counts_as_long);
	tcase_add_test(small, what_was_long_ends_with_its_callback);
	tcase_add_test(small, a_refused_thread_is_a_no_and_tried_again_later);
	tcase_add_test(small,
		a_post_that_relied_on_the_refused_thread_is_run);
	return harness_run(suite);
}

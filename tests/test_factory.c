/* SPDX-License-Identifier: MIT */
/*
 * test_factory.c - threads that are not to be had
 *
 * The moments of these tests no program can arrange through the API alone: a
 * post that comes while the pool waits for a thread which it will not get.
 * The harness holds every new thread at a gate before it is made
 * (hold_threads) and then refuses it (fail_threads).
 *
 * No post may be lost by that, and no object created that nobody can serve;
 * and when all is over, the counters of the pool must be back at rest.
 */
#include "harness.h"

#include "../ref/pool.h"

#define NEVER	"1000000"	/* ms; must not be armed, or the pool stays */

struct duo {
	struct private_pool private;
	struct gate gate, start, birth;
	struct tally runs, answers[2];
	PTP_WORK blocker, counter;
};

static VOID CALLBACK
block_at_gate(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_WORK work)
{
	struct duo *duo = context;

	(void)instance;
	(void)work;
	gate_wait(&duo->gate);
}

static VOID CALLBACK
count_run(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_WORK work)
{
	struct duo *duo = context;

	(void)instance;
	(void)work;
	tally_add(&duo->runs);
}

/*
 * One worker, at the gate, of a pool that may have another one. A queue is
 * looked at again after stall_ms; NEVER: the test must do without.
 */
static void
duo_open(struct duo *duo, const char *stall_ms)
{
	*duo = (struct duo){ .gate = GATE_INIT, .start = GATE_INIT,
		.birth = GATE_INIT, .runs = TALLY_INIT,
		.answers = { TALLY_INIT, TALLY_INIT } };
	setenv("TP_PROCESSORS", "2", 1);
	setenv("TP_STALL_MS", stall_ms, 1);
	ck_assert_uint_eq(tp_dispatcher_start(), 0);
	private_pool_open(&duo->private, 0, 2);
	duo->blocker = CreateThreadpoolWork(block_at_gate, duo,
		&duo->private.environ);
	duo->counter = CreateThreadpoolWork(count_run, duo,
		&duo->private.environ);
	SubmitThreadpoolWork(duo->blocker);
	gate_await_waiting(&duo->gate, 1);
}

static void
duo_close(struct duo *duo)
{
	gate_open(&duo->gate);
	WaitForThreadpoolWorkCallbacks(duo->blocker, FALSE);
	WaitForThreadpoolWorkCallbacks(duo->counter, FALSE);
	CloseThreadpoolWork(duo->blocker);
	CloseThreadpoolWork(duo->counter);
	private_pool_close(&duo->private);
}

static void *
submit_at_start(void *argument)
{
	struct duo *duo = argument;

	gate_wait(&duo->start);
	SubmitThreadpoolWork(duo->counter);
	return NULL;
}

static bool
has_idle_worker(void *pool)
{
	TP_POOL *p = pool;
	bool found;

	tp_lock(&p->lock);
	found = p->idle_count > 0;
	tp_unlock(&p->lock);
	return found;
}

/*
 * While the pool is having a thread made, a post relies on that thread. It
 * fails to appear: the post must not lie there while a worker sleeps.
 */
START_TEST(post_during_a_failing_creation_is_not_lost)
{	/* WORK-03 */
	struct duo duo;
	pthread_t helper;

	duo_open(&duo, NEVER);
	ck_assert_int_eq(pthread_create(&helper, NULL, submit_at_start,
		&duo), 0);
	hold_threads(&duo.birth);
	gate_open(&duo.start);
	gate_await_waiting(&duo.birth, 1);	/* a thread is being made */
	gate_open(&duo.gate);
	await(has_idle_worker, duo.private.pool);
	ck_assert_uint_eq(tally_read(&duo.runs), 1);
	SetThreadpoolThreadMaximum(duo.private.pool, 1);
	await(has_idle_worker, duo.private.pool);
	SubmitThreadpoolWork(duo.counter);
	fail_threads(true);
	hold_threads(NULL);
	gate_open(&duo.birth);
	pthread_join(helper, NULL);
	tally_await(&duo.runs, 2);
	fail_threads(false);
	duo_close(&duo);
}
END_TEST

/* With the only worker blocked, the pool tries again by itself. */
START_TEST(creation_that_failed_is_tried_again)
{	/* POOL-07, WORK-03 */
	struct duo duo;

	duo_open(&duo, "1");
	fail_thread_number(1);
	SubmitThreadpoolWork(duo.counter);
	tally_await(&duo.runs, 1);
	duo_close(&duo);
}
END_TEST

struct creator {
	pthread_t thread;
	struct duo *duo;
	PTP_WORK work;
	DWORD error;
};

static void *
create_at_start(void *argument)
{
	struct creator *creator = argument;

	gate_wait(&creator->duo->start);
	creator->work = CreateThreadpoolWork(count_run, creator->duo,
		&creator->duo->private.environ);
	creator->error = creator->work != NULL ? 0 : GetLastError();
	return NULL;
}

/* Two threads create the first objects of a pool; fail: its threads fail. */
static void
create_two_first_objects(bool fail_both)
{
	struct duo duo = { .gate = GATE_INIT, .start = GATE_INIT,
		.birth = GATE_INIT, .runs = TALLY_INIT };
	struct creator creators[2];
	unsigned created = 0;

	private_pool_open(&duo.private, 0, 2);
	for (int i = 0; i < 2; i++) {
		creators[i] = (struct creator){ .duo = &duo };
		ck_assert_int_eq(pthread_create(&creators[i].thread, NULL,
			create_at_start, &creators[i]), 0);
	}
	gate_await_waiting(&duo.start, 2);
	hold_threads(&duo.birth);
	gate_open(&duo.start);
	gate_await_waiting(&duo.birth, 1);
	if (fail_both)
		fail_threads(true);
	else
		fail_thread_number(1);
	hold_threads(NULL);
	gate_open(&duo.birth);
	for (int i = 0; i < 2; i++) {
		pthread_join(creators[i].thread, NULL);
		if (creators[i].work == NULL) {
			ck_assert_uint_eq(creators[i].error,
				ERROR_NOT_ENOUGH_MEMORY);
			continue;
		}
		created++;
		SubmitThreadpoolWork(creators[i].work);
		WaitForThreadpoolWorkCallbacks(creators[i].work, FALSE);
		CloseThreadpoolWork(creators[i].work);
	}
	ck_assert_uint_eq(created, fail_both ? 0 : 1);
	ck_assert_uint_eq(tally_read(&duo.runs), created);
	private_pool_close(&duo.private);
}

START_TEST(first_objects_without_a_thread_are_both_refused)
{	/* POOL-04, port-defined */
	create_two_first_objects(true);
}
END_TEST

START_TEST(refused_first_object_does_not_take_the_second_with_it)
{	/* POOL-04, port-defined */
	create_two_first_objects(false);
}
END_TEST

static void *
raise_minimum_at_start(void *argument)
{
	struct duo *duo = argument;

	gate_wait(&duo->start);
	ck_assert(!SetThreadpoolThreadMinimum(duo->private.pool, 6));
	return NULL;
}

/* A minimum that fails takes back its own changes, not those of others. */
START_TEST(failing_minimum_spares_a_maximum_set_meanwhile)
{	/* POOL-10, POOL-13, port-defined */
	struct duo duo = { .start = GATE_INIT, .birth = GATE_INIT };
	pthread_t helper;

	private_pool_open(&duo.private, 2, 4);
	ck_assert_int_eq(pthread_create(&helper, NULL,
		raise_minimum_at_start, &duo), 0);
	hold_threads(&duo.birth);
	gate_open(&duo.start);
	gate_await_waiting(&duo.birth, 1);
	SetThreadpoolThreadMaximum(duo.private.pool, 10);
	fail_threads(true);
	hold_threads(NULL);
	gate_open(&duo.birth);
	pthread_join(helper, NULL);
	tp_lock(&duo.private.pool->lock);
	ck_assert_uint_eq(duo.private.pool->minimum, 2);
	ck_assert_uint_eq(duo.private.pool->maximum, 10);
	tp_unlock(&duo.private.pool->lock);
	private_pool_close(&duo.private);
}
END_TEST

static void *
raise_minimum_to_two(void *argument)
{
	struct duo *duo = argument;

	gate_wait(&duo->start);
	ck_assert(!SetThreadpoolThreadMinimum(duo->private.pool, 2));
	return NULL;
}

/* What was posted while a minimum was being made is not left behind. */
START_TEST(post_during_a_failing_minimum_is_not_lost)
{	/* POOL-10, WORK-03 */
	struct duo duo;
	pthread_t helper;

	duo_open(&duo, "1");
	ck_assert_int_eq(pthread_create(&helper, NULL, raise_minimum_to_two,
		&duo), 0);
	hold_threads(&duo.birth);
	gate_open(&duo.start);
	gate_await_waiting(&duo.birth, 1);
	SubmitThreadpoolWork(duo.counter);
	fail_thread_number(1);
	hold_threads(NULL);
	gate_open(&duo.birth);
	pthread_join(helper, NULL);
	tally_await(&duo.runs, 1);
	duo_close(&duo);
}
END_TEST

static VOID CALLBACK
ask_and_block(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_WORK work)
{
	struct duo *duo = context;

	(void)work;
	gate_wait(&duo->start);
	tally_add(&duo->answers[CallbackMayRunLong(instance) != FALSE]);
	gate_wait(&duo->gate);
}

/*
 * A worker asks whether it may run long, and a thread is made for those who
 * come. One comes at once, and relies on that thread: it is refused.
 */
START_TEST(post_during_a_failing_question_is_not_lost)
{	/* WORK-03, INST-17, port-defined */
	struct duo duo;
	PTP_WORK work;

	duo_open(&duo, NEVER);
	gate_open(&duo.gate);
	WaitForThreadpoolWorkCallbacks(duo.blocker, FALSE);
	duo.gate.open = false;
	work = CreateThreadpoolWork(ask_and_block, &duo,
		&duo.private.environ);
	SubmitThreadpoolWork(work);
	gate_await_waiting(&duo.start, 1);
	hold_threads(&duo.birth);
	gate_open(&duo.start);
	gate_await_waiting(&duo.birth, 1);
	SubmitThreadpoolWork(duo.counter);
	fail_thread_number(1);
	hold_threads(NULL);
	gate_open(&duo.birth);
	tally_await(&duo.answers[FALSE], 1);
	tally_await(&duo.runs, 1);
	ck_assert_uint_eq(tally_read(&duo.answers[TRUE]), 0);
	gate_open(&duo.gate);
	WaitForThreadpoolWorkCallbacks(work, FALSE);
	CloseThreadpoolWork(work);
	duo_close(&duo);
}
END_TEST

/* A minimum that is there needs no thread; a queue is another matter. */
START_TEST(a_minimum_that_needs_no_thread_cannot_fail)
{	/* POOL-10 */
	struct duo duo;

	duo_open(&duo, "1");
	fail_threads(true);
	SetLastError(NO_ERROR);
	ck_assert(!SetThreadpoolThreadMinimum(duo.private.pool, 2));
	ck_assert_uint_eq(GetLastError(), ERROR_NOT_ENOUGH_MEMORY);
	SubmitThreadpoolWork(duo.counter);
	for (DWORD minimum = 0; minimum <= 1; minimum++)
		ck_assert(SetThreadpoolThreadMinimum(duo.private.pool,
			minimum));
	fail_threads(false);
	tally_await(&duo.runs, 1);
	duo_close(&duo);
}
END_TEST

/* ---- Back at rest ---- */

/* A stall that was found too late is forgotten: no thread too many. */
START_TEST(stall_is_forgotten_when_a_callback_starts)
{	/* POOL-07 */
	struct duo duo;

	duo_open(&duo, "1");
	tp_lock(&duo.private.pool->lock);
	duo.private.pool->stalled = true;
	tp_unlock(&duo.private.pool->lock);
	gate_open(&duo.gate);
	WaitForThreadpoolWorkCallbacks(duo.blocker, FALSE);
	SubmitThreadpoolWork(duo.counter);
	WaitForThreadpoolWorkCallbacks(duo.counter, FALSE);
	tp_lock(&duo.private.pool->lock);
	ck_assert(!duo.private.pool->stalled);
	ck_assert_uint_eq(duo.private.pool->total, 1);
	tp_unlock(&duo.private.pool->lock);
	duo_close(&duo);
}
END_TEST

static bool
counts_are_back(void *pool)
{
	TP_POOL *p = pool;
	bool back;

	tp_lock(&p->lock);
	back = p->waking == 0 && p->starting == 0 &&
		p->idle_count == p->total;
	tp_unlock(&p->lock);
	return back;
}

static void *
submit_some(void *argument)
{
	struct duo *duo = argument;

	gate_wait(&duo->start);	/* no helper itself may be refused */
	for (int i = 0; i < 2000; i++) {
		if (i % 32 == 0)
			fail_thread_number(1);
		SubmitThreadpoolWork(duo->counter);
		if (i % 16 == 0)
			SetThreadpoolThreadMaximum(duo->private.pool,
				(DWORD)(1 + i % 5));
		if (i % 64 == 0)
			(void)SetThreadpoolThreadMinimum(duo->private.pool,
				(DWORD)(i % 3));
	}
	return NULL;
}

/* When all is quiet, the counters of the pool say so. */
START_TEST(counters_of_the_pool_return_to_rest)
{	/* WORK-27, POOL-13, port-defined */
	struct duo duo;
	pthread_t threads[4];
	TP_POOL *pool;

	setenv("TP_IDLE_MS", "1", 1);
	duo_open(&duo, "1");
	pool = duo.private.pool;
	gate_open(&duo.gate);
	for (int i = 0; i < 4; i++)
		ck_assert_int_eq(pthread_create(&threads[i], NULL,
			submit_some, &duo), 0);
	gate_await_waiting(&duo.start, 4);
	gate_open(&duo.start);
	for (int i = 0; i < 4; i++)
		pthread_join(threads[i], NULL);
	WaitForThreadpoolWorkCallbacks(duo.counter, FALSE);
	ck_assert_uint_eq(tally_read(&duo.runs), 8000);
	await(counts_are_back, pool);
	tp_lock(&pool->lock);
	ck_assert_uint_eq(pool->running, 0);
	ck_assert_uint_eq(pool->suspended, 0);
	ck_assert_uint_eq(pool->queue.posts, 0);
	ck_assert_uint_eq(pool->objects, 2);
	tp_unlock(&pool->lock);
	duo_close(&duo);
}
END_TEST

/* ---- The suite ---- */

int
main(void)
{
	Suite *suite = suite_create("factory");
	TCase *small = harness_case(suite, "small");
	TCase *large = harness_case(suite, "large");

	tcase_add_test(small, post_during_a_failing_creation_is_not_lost);
	tcase_add_test(small, creation_that_failed_is_tried_again);
	tcase_add_test(small, first_objects_without_a_thread_are_both_refused);
	tcase_add_test(small,
		refused_first_object_does_not_take_the_second_with_it);
	tcase_add_test(small, failing_minimum_spares_a_maximum_set_meanwhile);
	tcase_add_test(small, post_during_a_failing_minimum_is_not_lost);
	tcase_add_test(small, post_during_a_failing_question_is_not_lost);
	tcase_add_test(small, a_minimum_that_needs_no_thread_cannot_fail);
	tcase_add_test(small, stall_is_forgotten_when_a_callback_starts);
	tcase_add_test(large, counters_of_the_pool_return_to_rest);
	return harness_run(suite);
}

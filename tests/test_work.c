/* SPDX-License-Identifier: MIT */
/*
 * test_work.c - work objects: creating them, submitting them, on which thread
 *
 * The first part of what chapter 01 promises of work objects. Waiting and
 * cancelling is in test_quiet.c, the end of an object in test_close.c, what
 * has no object in test_simple.c, and the large numbers in test_load.c.
 *
 * That something cannot run is shown by a pool of one thread which is held
 * at a gate (scene.h); that nothing is allocated, by the harness, which
 * counts what it was asked for and refuses it.
 */
#include "scene.h"

/* ---- Creating ---- */

START_TEST(nothing_runs_before_a_submit)
{	/* WORK-01 */
	struct scene scene = SCENE_INIT;
	struct tally never = TALLY_INIT, once = TALLY_INIT;
	PTP_WORK first, second;

	scene_open(&scene, 1);
	first = counting_work(&scene, &never);
	second = counting_work(&scene, &once);
	SubmitThreadpoolWork(second);
	WaitForThreadpoolWorkCallbacks(second, FALSE);
	WaitForThreadpoolWorkCallbacks(first, FALSE);
	ck_assert_uint_eq(tally_read(&once), 1);
	ck_assert_uint_eq(tally_read(&never), 0);
	CloseThreadpoolWork(first);
	CloseThreadpoolWork(second);
	scene_close(&scene);
}
END_TEST

START_TEST(create_without_a_function_is_refused)
{	/* WORK-01 */
	SetLastError(NO_ERROR);
	ck_assert_ptr_null(CreateThreadpoolWork(NULL, NULL, NULL));
	ck_assert_uint_eq(GetLastError(), ERROR_INVALID_PARAMETER);
}
END_TEST

static DWORD
thread_of_callback(PTP_CALLBACK_ENVIRON environ);

START_TEST(environment_is_read_once_at_creation)
{	/* WORK-02 */
	struct scene scene = SCENE_INIT;
	struct tally runs = TALLY_INIT;
	PTP_WORK work;

	scene_open(&scene, 1);
	work = counting_work(&scene, &runs);
	memset(&scene.private.environ, 0xCC, sizeof(scene.private.environ));

	/* The one thread is taken, so in this pool it cannot run yet. */
	submit(scene.work, 1);
	gate_await_waiting(&scene.gate, 1);
	SubmitThreadpoolWork(work);
	(void)thread_of_callback(NULL);		/* the default pool could */
	ck_assert_uint_eq(tally_read(&runs), 0);
	gate_open(&scene.gate);
	WaitForThreadpoolWorkCallbacks(work, FALSE);
	ck_assert_uint_eq(tally_read(&runs), 1);
	CloseThreadpoolWork(work);
	scene_close(&scene);
}
END_TEST

struct arguments {
	struct gate gate;
	struct tally tally;
	PTP_CALLBACK_INSTANCE instances[4];
	PTP_WORK works[4];
};

static VOID CALLBACK
note_arguments(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_WORK work)
{
	struct arguments *arguments = context;
	unsigned long i = tally_add(&arguments->tally) - 1;

	arguments->instances[i] = instance;
	arguments->works[i] = work;
	gate_wait(&arguments->gate);
}

START_TEST(callback_gets_an_instance_of_its_own_context_and_work)
{	/* WORK-06, INST-14 */
	struct scene scene = SCENE_INIT;
	struct arguments arguments = { .gate = GATE_INIT,
		.tally = TALLY_INIT };
	PTP_WORK work;

	scene_open(&scene, 4);
	work = CreateThreadpoolWork(note_arguments, &arguments,
		&scene.private.environ);
	submit(work, 4);
	gate_await_waiting(&arguments.gate, 4);
	gate_open(&arguments.gate);
	WaitForThreadpoolWorkCallbacks(work, FALSE);
	for (int i = 0; i < 4; i++) {
		ck_assert_ptr_nonnull(arguments.instances[i]);
		ck_assert_ptr_eq(arguments.works[i], work);
		for (int j = 0; j < i; j++)
			ck_assert_ptr_ne(arguments.instances[i],
				arguments.instances[j]);
	}
	CloseThreadpoolWork(work);
	scene_close(&scene);
}
END_TEST

START_TEST(create_that_fails_leaves_everything_usable)
{	/* WORK-01 */
	struct scene scene = SCENE_INIT;
	PTP_WORK work;
	unsigned failures = 0;

	/* A new pool: creation takes one allocation and one thread. */
	scene.private.pool = CreateThreadpool(NULL);
	InitializeThreadpoolEnvironment(&scene.private.environ);
	SetThreadpoolCallbackPool(&scene.private.environ, scene.private.pool);
	fail_allocation_number(1);
	for (;;) {
		SetLastError(NO_ERROR);
		work = CreateThreadpoolWork(count_work, &scene.finished,
			&scene.private.environ);
		if (work != NULL)
			break;
		ck_assert_uint_eq(GetLastError(), ERROR_NOT_ENOUGH_MEMORY);
		if (failures++ == 0)
			fail_thread_number(1);
	}
	ck_assert_uint_eq(failures, 2);
	submit(work, 10);
	WaitForThreadpoolWorkCallbacks(work, FALSE);
	ck_assert_uint_eq(tally_read(&scene.finished), 10);
	CloseThreadpoolWork(work);
	private_pool_close(&scene.private);
}
END_TEST

/* ---- Submitting ---- */

START_TEST(each_submit_gives_one_callback)
{	/* WORK-04 */
	struct scene scene = SCENE_INIT;

	scene_open(&scene, 1);
	gate_open(&scene.gate);
	submit(scene.work, 5);
	WaitForThreadpoolWorkCallbacks(scene.work, FALSE);
	ck_assert_uint_eq(tally_read(&scene.finished), 5);
	scene_close(&scene);
}
END_TEST

START_TEST(submit_cannot_fail_for_lack_of_memory_or_threads)
{	/* WORK-03 */
	struct scene scene = SCENE_INIT;
	const unsigned times = (unsigned)enough(1000, 6);
	unsigned long before;

	scene_open(&scene, 1);
	SetThreadpoolThreadMaximum(scene.private.pool, 8);
	before = made_allocations();
	fail_allocations(true);
	fail_threads(true);
	submit(scene.work, times);
	gate_open(&scene.gate);
	WaitForThreadpoolWorkCallbacks(scene.work, FALSE);
	ck_assert_uint_eq(tally_read(&scene.finished), times);
	ck_assert_uint_eq(made_allocations(), before);
	fail_allocations(false);
	fail_threads(false);
	scene_close(&scene);
}
END_TEST

static bool
one_thread_left(void *before)
{
	return live_threads() == *(unsigned long *)before + 1;
}

START_TEST(submit_cannot_fail_after_idle_workers_have_retired)
{	/* WORK-03 */
	struct scene scene = SCENE_INIT;
	const unsigned workers = (unsigned)enough(8, 4);
	const unsigned times = (unsigned)enough(1000, 6);
	unsigned long threads = live_threads(), before;

	setenv("TP_IDLE_MS", "1", 1);
	scene_open(&scene, workers);
	ck_assert(SetThreadpoolThreadMinimum(scene.private.pool, 0));
	await(one_thread_left, &threads);
	before = made_allocations();
	fail_allocations(true);
	fail_threads(true);
	gate_open(&scene.gate);
	submit(scene.work, times);
	WaitForThreadpoolWorkCallbacks(scene.work, FALSE);
	ck_assert_uint_eq(tally_read(&scene.finished), times);
	ck_assert_uint_eq(made_allocations(), before);
	fail_allocations(false);
	fail_threads(false);
	scene_close(&scene);
}
END_TEST

START_TEST(posts_of_one_object_run_at_the_same_time)
{	/* WORK-05 */
	struct scene scene = SCENE_INIT;

	scene_open(&scene, 4);
	submit(scene.work, 4);
	gate_await_waiting(&scene.gate, 4);
	gate_open(&scene.gate);
	scene_close(&scene);
}
END_TEST

START_TEST(callback_may_submit_its_own_work_again)
{	/* WORK-07 */
	struct scene scene = SCENE_INIT;
	struct resubmit resubmit = { 10, TALLY_INIT };
	PTP_WORK work;

	scene_open(&scene, 1);
	work = CreateThreadpoolWork(submit_again, &resubmit,
		&scene.private.environ);
	SubmitThreadpoolWork(work);
	tally_await(&resubmit.runs, 10);
	WaitForThreadpoolWorkCallbacks(work, FALSE);
	ck_assert_uint_eq(tally_read(&resubmit.runs), 10);
	CloseThreadpoolWork(work);
	scene_close(&scene);
}
END_TEST

struct turns {
	char order[64];
	struct tally length;
};

struct actor {
	struct turns *turns;
	char name;
};

static VOID CALLBACK
note_turn(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_WORK work)
{
	struct actor *actor = context;

	(void)instance;
	(void)work;
	actor->turns->order[tally_add(&actor->turns->length) - 1] =
		actor->name;
}

START_TEST(objects_of_equal_priority_take_turns)
{	/* WORK-16 */
	struct scene scene = SCENE_INIT;
	struct turns turns = { "", TALLY_INIT };
	struct actor a = { &turns, 'a' }, b = { &turns, 'b' };
	PTP_WORK first, second;

	scene_open(&scene, 1);
	first = CreateThreadpoolWork(note_turn, &a, &scene.private.environ);
	second = CreateThreadpoolWork(note_turn, &b, &scene.private.environ);
	submit(scene.work, 1);
	gate_await_waiting(&scene.gate, 1);
	submit(first, 10);
	submit(second, 3);
	gate_open(&scene.gate);
	WaitForThreadpoolWorkCallbacks(first, FALSE);
	WaitForThreadpoolWorkCallbacks(second, FALSE);
	ck_assert_str_eq(turns.order, "abababaaaaaaa");
	CloseThreadpoolWork(first);
	CloseThreadpoolWork(second);
	scene_close(&scene);
}
END_TEST

/* ---- Which thread ---- */

static VOID CALLBACK
note_thread(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_WORK work)
{
	(void)instance;
	(void)work;
	*(DWORD *)context = GetCurrentThreadId();
}

/* The thread on which a callback of this environment has run. */
static DWORD
thread_of_callback(PTP_CALLBACK_ENVIRON environ)
{
	DWORD thread = 0;
	PTP_WORK work = CreateThreadpoolWork(note_thread, &thread, environ);

	ck_assert_ptr_nonnull(work);
	SubmitThreadpoolWork(work);
	WaitForThreadpoolWorkCallbacks(work, FALSE);
	CloseThreadpoolWork(work);
	ck_assert_uint_ne(thread, 0);
	return thread;
}

START_TEST(no_environment_means_the_default_pool)
{	/* WORK-24 */
	struct scene scene = SCENE_INIT;
	struct tally runs = TALLY_INIT;

	scene_open(&scene, 1);
	submit(scene.work, 1);
	gate_await_waiting(&scene.gate, 1);	/* the private pool is busy */
	(void)thread_of_callback(NULL);
	ck_assert(TrySubmitThreadpoolCallback(count_simple, &runs, NULL));
	tally_await(&runs, 1);
	gate_open(&scene.gate);
	WaitForThreadpoolWorkCallbacks(scene.work, FALSE);
	ck_assert_uint_ne(thread_of_callback(NULL),
		thread_of_callback(&scene.private.environ));
	scene_close(&scene);
}
END_TEST

START_TEST(posts_one_after_another_share_a_thread)
{	/* WORK-25 */
	struct private_pool private;
	unsigned long before = made_threads();
	DWORD thread;

	private_pool_open(&private, 0, 500);
	thread = thread_of_callback(&private.environ);
	for (int i = 0; i < 100; i++)
		ck_assert_uint_eq(thread_of_callback(&private.environ),
			thread);
	ck_assert_uint_eq(made_threads() - before, 1);
	private_pool_close(&private);
}
END_TEST

START_TEST(callback_never_runs_on_a_submitting_thread_outside_the_pool)
{	/* WORK-26 */
	DWORD self = GetCurrentThreadId();

	for (int i = 0; i < 100; i++)
		ck_assert_uint_ne(thread_of_callback(NULL), self);
}
END_TEST

struct nested {
	PTP_WORK inner;
	struct tally inner_runs;
	unsigned long seen;		/* by the outer callback, at its end */
};

static VOID CALLBACK
submit_inner(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_WORK work)
{
	struct nested *nested = context;

	(void)instance;
	(void)work;
	submit(nested->inner, 3);
	nested->seen = tally_read(&nested->inner_runs);
}

START_TEST(submit_in_a_callback_does_not_run_inside_it)
{	/* WORK-26 */
	struct scene scene = SCENE_INIT;
	struct nested nested = { .inner_runs = TALLY_INIT, .seen = 99 };
	PTP_WORK outer;

	scene_open(&scene, 1);
	nested.inner = counting_work(&scene, &nested.inner_runs);
	outer = CreateThreadpoolWork(submit_inner, &nested,
		&scene.private.environ);
	SubmitThreadpoolWork(outer);
	WaitForThreadpoolWorkCallbacks(outer, FALSE);
	WaitForThreadpoolWorkCallbacks(nested.inner, FALSE);
	ck_assert_uint_eq(nested.seen, 0);
	ck_assert_uint_eq(tally_read(&nested.inner_runs), 3);
	CloseThreadpoolWork(outer);
	CloseThreadpoolWork(nested.inner);
	scene_close(&scene);
}
END_TEST

/* ---- The suite ---- */

int
main(void)
{
	Suite *suite = suite_create("work");
	TCase *small = harness_case(suite, "small");

	tcase_add_test(small, nothing_runs_before_a_submit);
	tcase_add_test(small, create_without_a_function_is_refused);
	tcase_add_test(small, environment_is_read_once_at_creation);
	tcase_add_test(small,
		callback_gets_an_instance_of_its_own_context_and_work);
	tcase_add_test(small, create_that_fails_leaves_everything_usable);
	tcase_add_test(small, each_submit_gives_one_callback);
	tcase_add_test(small, submit_cannot_fail_for_lack_of_memory_or_threads);
	tcase_add_test(small,
		submit_cannot_fail_after_idle_workers_have_retired);
	tcase_add_test(small, posts_of_one_object_run_at_the_same_time);
	tcase_add_test(small, callback_may_submit_its_own_work_again);
	tcase_add_test(small, objects_of_equal_priority_take_turns);
	tcase_add_test(small, no_environment_means_the_default_pool);
	tcase_add_test(small, posts_one_after_another_share_a_thread);
	tcase_add_test(small,
		callback_never_runs_on_a_submitting_thread_outside_the_pool);
	tcase_add_test(small, submit_in_a_callback_does_not_run_inside_it);
	return harness_run(suite);
}

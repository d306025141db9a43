/* SPDX-License-Identifier: MIT */
/*
 * test_work.c - what chapter 01 promises of work objects
 *
 * Most tests are a scene: a private pool, one work object whose callbacks
 * wait at a gate, and a tally of those that have started and of those that
 * have finished. With one thread, a closed gate keeps everything else that
 * is posted in the queue.
 *
 * Where a gate must not open before a wait has really begun, a test looks
 * into the object for the waiter or for its posts (looking inside, below).
 *
 * The large tests run the numbers of the issue. ThreadSanitizer makes every
 * step some twenty times dearer: with it they run a quarter (LOAD).
 */
#include "harness.h"

#include "../ref/pool.h"

#if defined(__SANITIZE_THREAD__)
#define LOAD(n)	((n) / 4)
#elif defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define LOAD(n)	((n) / 4)
#endif
#endif
#ifndef LOAD
#define LOAD(n)	(n)
#endif

/* ---- Looking inside ---- */

/* A work object begins with the callback object that the engine counts. */
static bool
has_waiter(void *work)
{
	struct tp_object *object = work;
	bool found;

	tp_lock(&object->pool->lock);
	found = !tp_list_empty(&object->waiters);
	tp_unlock(&object->pool->lock);
	return found;
}

static bool
has_no_posts(void *work)
{
	struct tp_object *object = work;
	bool none;

	tp_lock(&object->pool->lock);
	none = object->pending == 0;
	tp_unlock(&object->pool->lock);
	return none;
}

/* ---- Scenes ---- */

struct scene {
	struct private_pool private;
	PTP_WORK work;
	struct gate gate;
	struct tally started, finished;
};

#define SCENE_INIT { .gate = GATE_INIT, .started = TALLY_INIT, \
	.finished = TALLY_INIT }

static VOID CALLBACK
pass_gate(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_WORK work)
{
	struct scene *scene = context;

	(void)instance;
	(void)work;
	tally_add(&scene->started);
	gate_wait(&scene->gate);
	tally_add(&scene->finished);
}

static VOID CALLBACK
count_work(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_WORK work)
{
	(void)instance;
	(void)work;
	tally_add(context);
}

static VOID CALLBACK
count_simple(PTP_CALLBACK_INSTANCE instance, PVOID context)
{
	(void)instance;
	tally_add(context);
}

/* A pool of exactly so many threads, and work that waits at the gate. */
static void
scene_open(struct scene *scene, DWORD threads)
{
	private_pool_open(&scene->private, threads, threads);
	scene->work = CreateThreadpoolWork(pass_gate, scene,
		&scene->private.environ);
	ck_assert_ptr_nonnull(scene->work);
}

/* Waits for what is left of the work, and closes work and pool. */
static void
scene_close(struct scene *scene)
{
	WaitForThreadpoolWorkCallbacks(scene->work, FALSE);
	CloseThreadpoolWork(scene->work);
	private_pool_close(&scene->private);
}

/* Work in the scene's pool that adds to a tally. */
static PTP_WORK
counting_work(struct scene *scene, struct tally *tally)
{
	PTP_WORK work = CreateThreadpoolWork(count_work, tally,
		&scene->private.environ);

	ck_assert_ptr_nonnull(work);
	return work;
}

static void
submit(PTP_WORK work, unsigned times)
{
	while (times-- > 0)
		SubmitThreadpoolWork(work);
}

/* A thread of the test's own that waits for a work object. */
struct waiter {
	pthread_t thread;
	PTP_WORK work;
	BOOL cancel;
	struct tally *finished;		/* what it finds there on return: */
	unsigned long seen;
};

static void *
wait_for_work(void *argument)
{
	struct waiter *waiter = argument;

	WaitForThreadpoolWorkCallbacks(waiter->work, waiter->cancel);
	if (waiter->finished != NULL)
		waiter->seen = tally_read(waiter->finished);
	return NULL;
}

static void
start(pthread_t *thread, void *(*body)(void *), void *argument)
{
	ck_assert_int_eq(pthread_create(thread, NULL, body, argument), 0);
}

static void
join(pthread_t thread)
{
	ck_assert_int_eq(pthread_join(thread, NULL), 0);
}

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
	unsigned long before;

	scene_open(&scene, 1);
	SetThreadpoolThreadMaximum(scene.private.pool, 8);
	before = made_allocations();
	fail_allocations(true);
	fail_threads(true);
	submit(scene.work, 1000);
	gate_open(&scene.gate);
	WaitForThreadpoolWorkCallbacks(scene.work, FALSE);
	ck_assert_uint_eq(tally_read(&scene.finished), 1000);
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
	unsigned long threads = live_threads(), before;

	setenv("TP_IDLE_MS", "1", 1);
	scene_open(&scene, 8);
	ck_assert(SetThreadpoolThreadMinimum(scene.private.pool, 0));
	await(one_thread_left, &threads);
	before = made_allocations();
	fail_allocations(true);
	fail_threads(true);
	gate_open(&scene.gate);
	submit(scene.work, 1000);
	WaitForThreadpoolWorkCallbacks(scene.work, FALSE);
	ck_assert_uint_eq(tally_read(&scene.finished), 1000);
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

struct resubmit {
	unsigned long until;
	struct tally runs;
};

static VOID CALLBACK
submit_again(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_WORK work)
{
	struct resubmit *resubmit = context;

	(void)instance;
	if (tally_add(&resubmit->runs) < resubmit->until)
		SubmitThreadpoolWork(work);
}

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

/* ---- Waiting ---- */

START_TEST(wait_covers_posts_made_by_running_callbacks)
{	/* WORK-08 */
	struct scene scene = SCENE_INIT;
	struct resubmit resubmit = { 3, TALLY_INIT };
	PTP_WORK work;

	scene_open(&scene, 2);
	work = CreateThreadpoolWork(submit_again, &resubmit,
		&scene.private.environ);
	SubmitThreadpoolWork(work);
	WaitForThreadpoolWorkCallbacks(work, FALSE);
	ck_assert_uint_eq(tally_read(&resubmit.runs), 3);
	CloseThreadpoolWork(work);
	scene_close(&scene);
}
END_TEST

START_TEST(wait_lasts_until_the_last_callback_has_returned)
{	/* WORK-09 */
	struct scene scene = SCENE_INIT;
	struct waiter waiter = { .finished = &scene.finished };

	scene_open(&scene, 1);
	waiter.work = scene.work;
	submit(scene.work, 3);
	gate_await_waiting(&scene.gate, 1);
	start(&waiter.thread, wait_for_work, &waiter);
	await(has_waiter, scene.work);
	gate_open(&scene.gate);
	join(waiter.thread);
	ck_assert_uint_eq(waiter.seen, 3);
	scene_close(&scene);
}
END_TEST

START_TEST(wait_for_an_idle_object_returns_at_once)
{	/* WORK-10 */
	struct scene scene = SCENE_INIT;

	scene_open(&scene, 1);
	WaitForThreadpoolWorkCallbacks(scene.work, FALSE);
	WaitForThreadpoolWorkCallbacks(scene.work, TRUE);
	gate_open(&scene.gate);
	submit(scene.work, 1);
	WaitForThreadpoolWorkCallbacks(scene.work, FALSE);
	WaitForThreadpoolWorkCallbacks(scene.work, FALSE);
	WaitForThreadpoolWorkCallbacks(scene.work, TRUE);
	ck_assert_uint_eq(tally_read(&scene.finished), 1);
	scene_close(&scene);
}
END_TEST

START_TEST(wait_is_for_one_object_only)
{	/* WORK-15 */
	struct scene scene = SCENE_INIT;
	struct tally runs = TALLY_INIT;
	PTP_WORK other;

	scene_open(&scene, 2);
	other = counting_work(&scene, &runs);
	submit(scene.work, 1);
	gate_await_waiting(&scene.gate, 1);
	submit(other, 5);
	WaitForThreadpoolWorkCallbacks(other, FALSE);
	ck_assert_uint_eq(tally_read(&runs), 5);
	ck_assert_uint_eq(tally_read(&scene.finished), 0);
	gate_open(&scene.gate);
	CloseThreadpoolWork(other);
	scene_close(&scene);
}
END_TEST

START_TEST(several_threads_may_wait_for_one_object)
{	/* WORK-09 */
	struct scene scene = SCENE_INIT;
	struct waiter waiters[4];

	scene_open(&scene, 2);
	submit(scene.work, 5);
	gate_await_waiting(&scene.gate, 2);
	for (int i = 0; i < 4; i++) {
		waiters[i] = (struct waiter){ .work = scene.work,
			.finished = &scene.finished };
		start(&waiters[i].thread, wait_for_work, &waiters[i]);
	}
	await(has_waiter, scene.work);
	gate_open(&scene.gate);
	for (int i = 0; i < 4; i++) {
		join(waiters[i].thread);
		ck_assert_uint_eq(waiters[i].seen, 5);
	}
	scene_close(&scene);
}
END_TEST

/*
 * Two threads wait for one callback. Each, released, posts the object anew;
 * the new callback is held back until both have been released. A waiter
 * that looked at the object again would be caught by the other's post.
 */
struct repost {
	PTP_WORK work;
	struct gate first, later;
	struct tally started, released;
};

static VOID CALLBACK
pass_first_or_later(PTP_CALLBACK_INSTANCE instance, PVOID context,
	PTP_WORK work)
{
	struct repost *repost = context;

	(void)instance;
	(void)work;
	gate_wait(tally_add(&repost->started) == 1 ?
		&repost->first : &repost->later);
}

static void *
wait_and_repost(void *argument)
{
	struct repost *repost = argument;

	WaitForThreadpoolWorkCallbacks(repost->work, FALSE);
	SubmitThreadpoolWork(repost->work);
	tally_add(&repost->released);
	return NULL;
}

static bool
has_four_waiters(void *work)
{
	struct tp_object *object = work;
	unsigned waiters = 0;

	tp_lock(&object->pool->lock);
	for (struct tp_list *node = object->waiters.next;
	     node != &object->waiters; node = node->next)
		waiters++;
	tp_unlock(&object->pool->lock);
	return waiters == 4;
}

START_TEST(waiter_is_released_although_the_object_is_posted_again)
{	/* WORK-09 */
	struct private_pool private;

	private_pool_open(&private, 1, 1);
	for (int round = 0; round < 100; round++) {
		struct repost repost = { .first = GATE_INIT,
			.later = GATE_INIT, .started = TALLY_INIT,
			.released = TALLY_INIT };
		pthread_t threads[4];

		repost.work = CreateThreadpoolWork(pass_first_or_later,
			&repost, &private.environ);
		SubmitThreadpoolWork(repost.work);
		gate_await_waiting(&repost.first, 1);
		for (int i = 0; i < 4; i++)
			start(&threads[i], wait_and_repost, &repost);
		await(has_four_waiters, repost.work);
		gate_open(&repost.first);
		tally_await(&repost.released, 4);
		gate_open(&repost.later);
		for (int i = 0; i < 4; i++)
			join(threads[i]);
		WaitForThreadpoolWorkCallbacks(repost.work, FALSE);
		ck_assert_uint_eq(tally_read(&repost.started), 5);
		CloseThreadpoolWork(repost.work);
	}
	private_pool_close(&private);
}
END_TEST

/* ---- Cancelling ---- */

START_TEST(cancel_drops_every_post_that_has_not_started)
{	/* WORK-11 */
	struct scene scene = SCENE_INIT;
	struct waiter waiter = { .cancel = TRUE,
		.finished = &scene.finished };

	scene_open(&scene, 1);
	waiter.work = scene.work;
	submit(scene.work, 10);
	gate_await_waiting(&scene.gate, 1);
	start(&waiter.thread, wait_for_work, &waiter);
	await(has_no_posts, scene.work);
	gate_open(&scene.gate);
	join(waiter.thread);
	WaitForThreadpoolWorkCallbacks(scene.work, FALSE);
	ck_assert_uint_eq(tally_read(&scene.started), 1);
	scene_close(&scene);
}
END_TEST

START_TEST(cancel_never_interrupts_a_callback_that_has_started)
{	/* WORK-12 */
	struct scene scene = SCENE_INIT;
	struct waiter waiter = { .cancel = TRUE,
		.finished = &scene.finished };

	scene_open(&scene, 1);
	waiter.work = scene.work;
	submit(scene.work, 1);
	gate_await_waiting(&scene.gate, 1);
	start(&waiter.thread, wait_for_work, &waiter);
	await(has_waiter, scene.work);
	ck_assert_uint_eq(tally_read(&scene.finished), 0);
	gate_open(&scene.gate);
	join(waiter.thread);
	ck_assert_uint_eq(waiter.seen, 1);	/* its last line has run */
	scene_close(&scene);
}
END_TEST

START_TEST(cancel_with_nothing_running_does_not_wait)
{	/* WORK-11 */
	struct scene scene = SCENE_INIT;
	struct tally runs = TALLY_INIT;
	PTP_WORK work;

	scene_open(&scene, 1);
	work = counting_work(&scene, &runs);
	submit(scene.work, 1);
	gate_await_waiting(&scene.gate, 1);	/* the only thread is taken */
	submit(work, 5);
	WaitForThreadpoolWorkCallbacks(work, TRUE);
	submit(work, 2);			/* and it can be used again */
	gate_open(&scene.gate);
	WaitForThreadpoolWorkCallbacks(work, FALSE);
	ck_assert_uint_eq(tally_read(&runs), 2);
	CloseThreadpoolWork(work);
	scene_close(&scene);
}
END_TEST

struct late_post {
	struct gate gate;
	struct tally runs;
};

static VOID CALLBACK
submit_once_more_at_the_end(PTP_CALLBACK_INSTANCE instance, PVOID context,
	PTP_WORK work)
{
	struct late_post *late = context;

	(void)instance;
	gate_wait(&late->gate);
	if (tally_add(&late->runs) == 1)
		SubmitThreadpoolWork(work);
}

START_TEST(cancel_spares_what_a_running_callback_posts_afterwards)
{	/* WORK-13, port-defined */
	struct scene scene = SCENE_INIT;
	struct late_post late = { GATE_INIT, TALLY_INIT };
	struct waiter waiter = { .cancel = TRUE, .finished = &late.runs };

	scene_open(&scene, 1);
	waiter.work = CreateThreadpoolWork(submit_once_more_at_the_end,
		&late, &scene.private.environ);
	submit(waiter.work, 7);
	gate_await_waiting(&late.gate, 1);
	start(&waiter.thread, wait_for_work, &waiter);
	await(has_no_posts, waiter.work);
	gate_open(&late.gate);
	join(waiter.thread);
	ck_assert_uint_eq(waiter.seen, 2);
	CloseThreadpoolWork(waiter.work);
	scene_close(&scene);
}
END_TEST

START_TEST(cancel_leaves_other_objects_alone)
{	/* WORK-14 */
	struct scene scene = SCENE_INIT;
	struct tally a = TALLY_INIT, b = TALLY_INIT;
	PTP_WORK first, second;

	scene_open(&scene, 1);
	first = counting_work(&scene, &a);
	second = counting_work(&scene, &b);
	submit(scene.work, 1);
	gate_await_waiting(&scene.gate, 1);
	for (int i = 0; i < 5; i++) {
		SubmitThreadpoolWork(first);
		SubmitThreadpoolWork(second);
	}
	WaitForThreadpoolWorkCallbacks(first, TRUE);
	gate_open(&scene.gate);
	WaitForThreadpoolWorkCallbacks(second, FALSE);
	ck_assert_uint_eq(tally_read(&a), 0);
	ck_assert_uint_eq(tally_read(&b), 5);
	CloseThreadpoolWork(first);
	CloseThreadpoolWork(second);
	scene_close(&scene);
}
END_TEST

START_TEST(cancel_releases_the_waits_of_other_threads)
{	/* WORK-11 */
	struct scene scene = SCENE_INIT;
	struct tally runs = TALLY_INIT;
	struct waiter waiter = { .finished = &runs, .seen = 99 };

	scene_open(&scene, 1);
	waiter.work = counting_work(&scene, &runs);
	submit(scene.work, 1);
	gate_await_waiting(&scene.gate, 1);	/* nothing else can run */
	submit(waiter.work, 5);
	start(&waiter.thread, wait_for_work, &waiter);
	await(has_waiter, waiter.work);
	WaitForThreadpoolWorkCallbacks(waiter.work, TRUE);
	join(waiter.thread);
	ck_assert_uint_eq(waiter.seen, 0);
	gate_open(&scene.gate);
	CloseThreadpoolWork(waiter.work);
	scene_close(&scene);
}
END_TEST

/* ---- Closing ---- */

START_TEST(close_returns_at_once_and_lets_posts_finish)
{	/* WORK-17 */
	struct scene scene = SCENE_INIT;

	scene_open(&scene, 1);
	submit(scene.work, 3);
	gate_await_waiting(&scene.gate, 1);
	CloseThreadpoolWork(scene.work);
	ck_assert_uint_eq(tally_read(&scene.finished), 0);
	gate_open(&scene.gate);
	tally_await(&scene.finished, 3);
	private_pool_close(&scene.private);
}
END_TEST

struct own_close {
	struct gate gate;
	struct tally closed;
	int after;		/* its context is still there */
};

static VOID CALLBACK
close_own_work(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_WORK work)
{
	struct own_close *own = context;

	(void)instance;
	gate_wait(&own->gate);
	CloseThreadpoolWork(work);
	own->after++;
	tally_add(&own->closed);
}

START_TEST(callback_may_close_its_own_work)
{	/* WORK-18 */
	struct scene scene = SCENE_INIT;
	struct own_close own = { GATE_INIT, TALLY_INIT, 0 };
	PTP_WORK work;

	scene_open(&scene, 1);
	work = CreateThreadpoolWork(close_own_work, &own,
		&scene.private.environ);
	SubmitThreadpoolWork(work);
	gate_open(&own.gate);
	tally_await(&own.closed, 1);
	ck_assert_int_eq(own.after, 1);
	scene_close(&scene);
}
END_TEST

START_TEST(callback_may_close_work_that_another_thread_waits_for)
{	/* WORK-18 */
	struct scene scene = SCENE_INIT;
	struct own_close own = { GATE_INIT, TALLY_INIT, 0 };
	struct waiter waiter = { .finished = &own.closed };

	scene_open(&scene, 1);
	waiter.work = CreateThreadpoolWork(close_own_work, &own,
		&scene.private.environ);
	SubmitThreadpoolWork(waiter.work);
	start(&waiter.thread, wait_for_work, &waiter);
	await(has_waiter, waiter.work);
	gate_open(&own.gate);
	join(waiter.thread);
	ck_assert_uint_eq(waiter.seen, 1);
	scene_close(&scene);
}
END_TEST

/*
 * A wait held up in its middle: the waiter, a worker of another pool, is in
 * the list of those to wake, and would now tell its own pool that it falls
 * asleep; but somebody holds the lock of that pool.
 */
struct held_wait {
	struct private_pool elsewhere;
	PTP_WORK target;
	struct gate begin, release;
};

static VOID CALLBACK
wait_for_target(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_WORK work)
{
	struct held_wait *held = context;

	(void)instance;
	(void)work;
	gate_wait(&held->begin);
	WaitForThreadpoolWorkCallbacks(held->target, FALSE);
}

static void *
hold_pool_elsewhere(void *argument)
{
	struct held_wait *held = argument;

	tp_lock(&held->elsewhere.pool->lock);
	gate_wait(&held->release);
	tp_unlock(&held->elsewhere.pool->lock);
	return NULL;
}

/*
 * The one thread has run the callback that closes its work, and let go of
 * it, when the next post behind it runs. Nothing may have been freed then.
 */
START_TEST(a_wait_keeps_alive_the_work_that_a_callback_closes)
{	/* WORK-18 */
	struct scene scene = SCENE_INIT;
	struct own_close own = { GATE_INIT, TALLY_INIT, 0 };
	struct held_wait held = { .begin = GATE_INIT, .release = GATE_INIT };
	PTP_WORK waiting;
	pthread_t holder;
	unsigned long before;

	scene_open(&scene, 1);
	gate_open(&scene.gate);
	held.target = CreateThreadpoolWork(close_own_work, &own,
		&scene.private.environ);
	submit(held.target, 1);
	submit(scene.work, 1);		/* behind it */
	private_pool_close(&scene.private);
	private_pool_open(&held.elsewhere, 1, 1);
	waiting = CreateThreadpoolWork(wait_for_target, &held,
		&held.elsewhere.environ);
	submit(waiting, 1);
	gate_await_waiting(&held.begin, 1);
	start(&holder, hold_pool_elsewhere, &held);
	gate_await_waiting(&held.release, 1);
	gate_open(&held.begin);
	await(has_waiter, held.target);
	before = live_allocations();
	gate_open(&own.gate);
	tally_await(&scene.finished, 1);
	ck_assert_uint_eq(live_allocations(), before);
	gate_open(&held.release);
	join(holder);
	WaitForThreadpoolWorkCallbacks(waiting, FALSE);
	ck_assert_uint_eq(live_allocations(), before - 1);	/* the work */
	CloseThreadpoolWork(waiting);
	CloseThreadpoolWork(scene.work);
	private_pool_close(&held.elsewhere);
}
END_TEST

static void
submit_after_close(void *unused)
{
	struct tally runs = TALLY_INIT;
	PTP_WORK work = CreateThreadpoolWork(count_work, &runs, NULL);

	(void)unused;
	CloseThreadpoolWork(work);
	SubmitThreadpoolWork(work);
}

static void
wait_after_close(void *unused)
{
	struct tally runs = TALLY_INIT;
	PTP_WORK work = CreateThreadpoolWork(count_work, &runs, NULL);

	(void)unused;
	CloseThreadpoolWork(work);
	WaitForThreadpoolWorkCallbacks(work, FALSE);
}

START_TEST(submit_and_wait_after_close_are_reported)
{	/* WORK-19 */
	ck_assert_ptr_nonnull(strstr(report_of(submit_after_close, NULL,
		true), "error closed-object: SubmitThreadpoolWork("));
	ck_assert_ptr_nonnull(strstr(report_of(wait_after_close, NULL,
		true), "error closed-object: WaitForThreadpoolWorkCallbacks("));
}
END_TEST

static VOID CALLBACK
wait_for_own_work(PTP_CALLBACK_INSTANCE instance, PVOID context,
	PTP_WORK work)
{
	(void)instance;
	(void)context;
	WaitForThreadpoolWorkCallbacks(work, FALSE);
}

static void
wait_for_oneself(void *unused)
{
	PTP_WORK work = CreateThreadpoolWork(wait_for_own_work, NULL, NULL);

	(void)unused;
	SubmitThreadpoolWork(work);
	WaitForThreadpoolWorkCallbacks(work, FALSE);
}

START_TEST(wait_of_a_callback_for_its_own_work_is_reported)
{	/* WORK-20 */
	ck_assert_ptr_nonnull(strstr(report_of(wait_for_oneself, NULL, true),
		"error self-wait: WaitForThreadpoolWorkCallbacks("));
}
END_TEST

/* ---- Simple callbacks ---- */

struct simple_arguments {
	PTP_CALLBACK_INSTANCE instance;
	struct tally runs;
};

static VOID CALLBACK
note_simple(PTP_CALLBACK_INSTANCE instance, PVOID context)
{
	struct simple_arguments *arguments = context;

	arguments->instance = instance;
	tally_add(&arguments->runs);
}

START_TEST(simple_callback_runs_once_with_instance_and_context)
{	/* WORK-21 */
	struct simple_arguments arguments = { NULL, TALLY_INIT };
	struct tally runs = TALLY_INIT;

	ck_assert(TrySubmitThreadpoolCallback(note_simple, &arguments,
		NULL));
	tally_await(&arguments.runs, 1);
	ck_assert_ptr_nonnull(arguments.instance);
	for (int i = 0; i < 1000; i++)
		ck_assert(TrySubmitThreadpoolCallback(count_simple, &runs,
			NULL));
	tally_await(&runs, 1000);
	ck_assert_uint_eq(tally_read(&arguments.runs), 1);
}
END_TEST

START_TEST(simple_callback_is_refused_in_an_invalid_environment)
{	/* WORK-22 */
	TP_CALLBACK_ENVIRON environ;
	struct tally runs = TALLY_INIT;

	InitializeThreadpoolEnvironment(&environ);
	SetThreadpoolCallbackPriority(&environ, (TP_CALLBACK_PRIORITY)10);
	SetLastError(NO_ERROR);
	ck_assert(!TrySubmitThreadpoolCallback(count_simple, &runs,
		&environ));
	ck_assert_uint_eq(GetLastError(), ERROR_INVALID_PARAMETER);
	InitializeThreadpoolEnvironment(&environ);
	environ.Version = 9999;
	SetLastError(NO_ERROR);
	ck_assert(!TrySubmitThreadpoolCallback(count_simple, &runs,
		&environ));
	ck_assert_uint_eq(GetLastError(), ERROR_INVALID_PARAMETER);
	SetLastError(NO_ERROR);
	ck_assert(!TrySubmitThreadpoolCallback(NULL, &runs, NULL));
	ck_assert_uint_eq(GetLastError(), ERROR_INVALID_PARAMETER);
	ck_assert_uint_eq(tally_read(&runs), 0);
}
END_TEST

START_TEST(simple_callback_that_cannot_be_allocated_is_refused)
{	/* WORK-22 */
	struct scene scene = SCENE_INIT;
	struct tally runs = TALLY_INIT;

	scene_open(&scene, 1);
	fail_allocation_number(1);
	SetLastError(NO_ERROR);
	ck_assert(!TrySubmitThreadpoolCallback(count_simple, &runs,
		&scene.private.environ));
	ck_assert_uint_eq(GetLastError(), ERROR_NOT_ENOUGH_MEMORY);
	ck_assert(TrySubmitThreadpoolCallback(count_simple, &runs,
		&scene.private.environ));
	tally_await(&runs, 1);
	scene_close(&scene);
}
END_TEST

START_TEST(simple_callback_is_refused_without_a_first_thread)
{	/* WORK-22 */
	struct private_pool private;
	struct tally runs = TALLY_INIT;
	unsigned long before;

	private_pool_open(&private, 0, 4);
	before = live_allocations();
	fail_thread_number(1);
	SetLastError(NO_ERROR);
	ck_assert(!TrySubmitThreadpoolCallback(count_simple, &runs,
		&private.environ));
	ck_assert_uint_eq(GetLastError(), ERROR_NOT_ENOUGH_MEMORY);
	ck_assert_uint_eq(live_allocations(), before);
	ck_assert(TrySubmitThreadpoolCallback(count_simple, &runs,
		&private.environ));
	tally_await(&runs, 1);
	private_pool_close(&private);
}
END_TEST

/* ---- Load ---- */

static VOID CALLBACK
add_one(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_WORK work)
{
	(void)instance;
	(void)work;
	InterlockedIncrement(context);
}

static VOID CALLBACK
add_one_simple(PTP_CALLBACK_INSTANCE instance, PVOID context)
{
	(void)instance;
	InterlockedIncrement(context);
}

struct submitter {
	pthread_t thread;
	PTP_WORK work;
	unsigned times;
};

static void *
submit_many(void *argument)
{
	struct submitter *submitter = argument;

	submit(submitter->work, submitter->times);
	return NULL;
}

/* Eight threads submit one object so often each; nothing may be lost. */
static void
submit_from_eight_threads(unsigned times)
{
	struct submitter submitters[8];
	LONG volatile runs = 0;
	PTP_WORK work = CreateThreadpoolWork(add_one, (PVOID)&runs, NULL);

	ck_assert_ptr_nonnull(work);
	for (int i = 0; i < 8; i++) {
		submitters[i].work = work;
		submitters[i].times = times;
		start(&submitters[i].thread, submit_many, &submitters[i]);
	}
	for (int i = 0; i < 8; i++)
		join(submitters[i].thread);
	WaitForThreadpoolWorkCallbacks(work, FALSE);
	CloseThreadpoolWork(work);
	ck_assert_int_eq(runs, (LONG)(8 * times));
}

START_TEST(eight_threads_submit_and_nothing_is_lost)
{	/* WORK-27 */
	submit_from_eight_threads(200);
}
END_TEST

START_TEST(eight_threads_submit_100000_times_each_and_nothing_is_lost)
{	/* WORK-27 */
	submit_from_eight_threads(LOAD(100000));
}
END_TEST

START_TEST(a_million_posts_of_one_object_all_run)
{	/* WORK-03, WORK-04 */
	struct scene scene = SCENE_INIT;
	LONG volatile runs = 0;
	PTP_WORK work;
	unsigned long before;

	scene_open(&scene, 1);
	work = CreateThreadpoolWork(add_one, (PVOID)&runs,
		&scene.private.environ);
	submit(scene.work, 1);
	gate_await_waiting(&scene.gate, 1);	/* so that all are queued */
	before = made_allocations();
	fail_allocations(true);
	submit(work, LOAD(1000000));
	ck_assert_int_eq(runs, 0);
	gate_open(&scene.gate);
	WaitForThreadpoolWorkCallbacks(work, FALSE);
	ck_assert_int_eq(runs, LOAD(1000000));
	ck_assert_uint_eq(made_allocations(), before);
	fail_allocations(false);
	CloseThreadpoolWork(work);
	scene_close(&scene);
}
END_TEST

static bool
has_reached(void *runs)
{
	return InterlockedCompareExchange(runs, 0, 0) == LOAD(100000);
}

START_TEST(a_hundred_thousand_simple_callbacks_all_run)
{	/* WORK-21 */
	LONG volatile runs = 0;

	for (int i = 0; i < LOAD(100000); i++)
		ck_assert(TrySubmitThreadpoolCallback(add_one_simple,
			(PVOID)&runs, NULL));
	await(has_reached, (void *)&runs);
}
END_TEST

struct own_end {
	struct tally closed;
};

static VOID CALLBACK
close_and_count(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_WORK work)
{
	struct own_end *end = context;

	(void)instance;
	CloseThreadpoolWork(work);
	tally_add(&end->closed);
}

/*
 * The last reference of each object is dropped on a worker, often while the
 * submitting thread is still inside SubmitThreadpoolWork.
 */
START_TEST(object_may_end_while_its_submit_has_not_returned)
{	/* WORK-18 */
	struct own_end end = { TALLY_INIT };
	unsigned long objects = LOAD(20000);

	for (unsigned long i = 0; i < objects; i++) {
		PTP_WORK work = CreateThreadpoolWork(close_and_count, &end,
			NULL);

		ck_assert_ptr_nonnull(work);
		SubmitThreadpoolWork(work);
	}
	tally_await(&end.closed, objects);
}
END_TEST

/* The same with a pool each: pool and object end during the submit. */
START_TEST(pool_may_end_while_the_last_submit_has_not_returned)
{	/* WORK-18, POOL-20 */
	struct own_end end = { TALLY_INIT };
	unsigned long pools = LOAD(2000);

	for (unsigned long i = 0; i < pools; i++) {
		struct private_pool private;

		private_pool_open(&private, 0, 2);
		ck_assert(TrySubmitThreadpoolCallback(count_simple,
			&end.closed, &private.environ));
		private_pool_close(&private);
	}
	tally_await(&end.closed, pools);
}
END_TEST

/* Waiters, cancellers and submitters of one object, all at once. */
struct melee {
	PTP_WORK work;
	LONG volatile runs;
	unsigned rounds;
};

static void *
wait_often(void *argument)
{
	struct melee *melee = argument;

	for (unsigned i = 0; i < melee->rounds; i++)
		WaitForThreadpoolWorkCallbacks(melee->work, i % 2 == 0);
	return NULL;
}

static void *
submit_often(void *argument)
{
	struct melee *melee = argument;

	for (unsigned i = 0; i < melee->rounds; i++)
		submit(melee->work, 3);
	return NULL;
}

static VOID CALLBACK
count_melee(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_WORK work)
{
	struct melee *melee = context;

	(void)instance;
	(void)work;
	InterlockedIncrement(&melee->runs);
}

START_TEST(waits_and_cancels_and_submits_at_once_all_end)
{	/* WORK-09, WORK-11, WORK-27 */
	struct private_pool private;
	struct melee melee = { .rounds = LOAD(20000) };
	pthread_t threads[6];
	LONG before;

	private_pool_open(&private, 0, 4);
	melee.work = CreateThreadpoolWork(count_melee, &melee,
		&private.environ);
	for (int i = 0; i < 6; i++)
		start(&threads[i], i < 3 ? submit_often : wait_often,
			&melee);
	for (int i = 0; i < 6; i++)
		join(threads[i]);
	WaitForThreadpoolWorkCallbacks(melee.work, TRUE);
	before = melee.runs;
	ck_assert_int_le(before, (LONG)(9 * melee.rounds));
	submit(melee.work, 10);
	WaitForThreadpoolWorkCallbacks(melee.work, FALSE);
	ck_assert_int_eq(melee.runs, before + 10);
	CloseThreadpoolWork(melee.work);
	private_pool_close(&private);
}
END_TEST

/* Workers retire after 1 ms: posts and departures meet all the time. */
START_TEST(posts_are_not_lost_to_workers_that_retire)
{	/* WORK-04, POOL-16, port-defined */
	struct private_pool private;
	LONG volatile runs = 0;
	PTP_WORK work;
	int rounds = LOAD(2000);

	setenv("TP_IDLE_MS", "1", 1);
	private_pool_open(&private, 0, 4);
	work = CreateThreadpoolWork(add_one, (PVOID)&runs, &private.environ);
	for (int i = 0; i < rounds; i++) {
		submit(work, 4);
		WaitForThreadpoolWorkCallbacks(work, FALSE);
		ck_assert_int_eq(runs, 4 * (i + 1));
		if (i % 8 == 0)		/* only to vary the spacing */
			Sleep(1);
	}
	CloseThreadpoolWork(work);
	private_pool_close(&private);
}
END_TEST

/* ---- The suite ---- */

static void
add_small(TCase *small)
{
	tcase_add_test(small, nothing_runs_before_a_submit);
	tcase_add_test(small, create_without_a_function_is_refused);
	tcase_add_test(small, environment_is_read_once_at_creation);
	tcase_add_test(small,
		callback_gets_an_instance_of_its_own_context_and_work);
	tcase_add_test(small, create_that_fails_leaves_everything_usable);
	tcase_add_test(small, each_submit_gives_one_callback);
	tcase_add_test(small,
		submit_cannot_fail_for_lack_of_memory_or_threads);
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
	tcase_add_test(small, eight_threads_submit_and_nothing_is_lost);
}

static void
add_waiting(TCase *small)
{
	tcase_add_test(small, wait_covers_posts_made_by_running_callbacks);
	tcase_add_test(small,
		wait_lasts_until_the_last_callback_has_returned);
	tcase_add_test(small, wait_for_an_idle_object_returns_at_once);
	tcase_add_test(small, wait_is_for_one_object_only);
	tcase_add_test(small, several_threads_may_wait_for_one_object);
	tcase_add_test(small, cancel_drops_every_post_that_has_not_started);
	tcase_add_test(small,
		cancel_never_interrupts_a_callback_that_has_started);
	tcase_add_test(small, cancel_with_nothing_running_does_not_wait);
	tcase_add_test(small,
		cancel_spares_what_a_running_callback_posts_afterwards);
	tcase_add_test(small, cancel_leaves_other_objects_alone);
	tcase_add_test(small, cancel_releases_the_waits_of_other_threads);
}

static void
add_ends(TCase *small)
{
	tcase_add_test(small, close_returns_at_once_and_lets_posts_finish);
	tcase_add_test(small, callback_may_close_its_own_work);
	tcase_add_test(small,
		callback_may_close_work_that_another_thread_waits_for);
	tcase_add_test(small,
		a_wait_keeps_alive_the_work_that_a_callback_closes);
	tcase_add_test(small, submit_and_wait_after_close_are_reported);
	tcase_add_test(small,
		wait_of_a_callback_for_its_own_work_is_reported);
	tcase_add_test(small,
		simple_callback_runs_once_with_instance_and_context);
	tcase_add_test(small,
		simple_callback_is_refused_in_an_invalid_environment);
	tcase_add_test(small,
		simple_callback_that_cannot_be_allocated_is_refused);
	tcase_add_test(small,
		simple_callback_is_refused_without_a_first_thread);
}

static void
add_large(TCase *large)
{
	tcase_add_test(large,
		waiter_is_released_although_the_object_is_posted_again);
	tcase_add_test(large,
		eight_threads_submit_100000_times_each_and_nothing_is_lost);
	tcase_add_test(large, a_million_posts_of_one_object_all_run);
	tcase_add_test(large, a_hundred_thousand_simple_callbacks_all_run);
	tcase_add_test(large,
		object_may_end_while_its_submit_has_not_returned);
	tcase_add_test(large,
		pool_may_end_while_the_last_submit_has_not_returned);
	tcase_add_test(large, waits_and_cancels_and_submits_at_once_all_end);
	tcase_add_test(large, posts_are_not_lost_to_workers_that_retire);
}

int
main(void)
{
	Suite *suite = suite_create("work");
	TCase *small = harness_case(suite, "small");

	add_small(small);
	add_waiting(small);
	add_ends(small);
	add_large(harness_case(suite, "large"));
	return harness_run(suite);
}

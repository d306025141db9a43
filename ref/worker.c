/* worker.c - a worker thread: takes callbacks and runs them */
/* SPDX-License-Identifier: MIT */
/*
 * The life of a worker: it arrives, takes callbacks and runs them, sleeps
 * when there is none, and leaves when it has become superfluous or its pool
 * is finished.
 *
 * Interface: tp_worker_main, tp_blocking_begin, tp_blocking_end,
 * tp_current_instance.
 *
 * The finished callback is settled and the next one taken in one critical
 * section, so that a busy worker takes the pool lock once per callback.
 * Whoever takes a callback and leaves others queued wakes the next worker
 * before running it.
 *
 * Locks: the pool lock. None is held while the application's code runs, and
 * none while an object is freed.
 */
#include "pool.h"

static _Thread_local struct tp_worker *self;	/* NULL: not a worker */

/* ---- Running one callback ---- */

/* A worker that does not compute: its pool may use the processor. */
static void
suspend_locked(struct tp_worker *worker)
{
	tp_assert_held(&worker->pool->lock);
	if (worker->suspensions++ == 0)
		worker->pool->suspended++;
}

static void
resume_locked(struct tp_worker *worker)
{
	tp_assert_held(&worker->pool->lock);
	if (--worker->suspensions == 0)
		worker->pool->suspended--;
}

static void
free_doomed(struct tp_worker *worker)
{
	struct tp_object *doomed = worker->doomed;

	worker->doomed = NULL;
	if (doomed != NULL)
		tp_object_free(doomed);
}

/* The object's post becomes a running callback. */
static void
begin_locked(TP_CALLBACK_INSTANCE *instance, struct tp_worker *worker,
	struct tp_object *object)
{
	TP_POOL *pool = worker->pool;

	tp_assert_held(&pool->lock);
	instance->object = object;
	instance->worker = worker;
	instance->associated = true;
	instance->long_running = object->runs_long;
	for (int kind = 0; kind < TP_ON_RETURN_KINDS; kind++)
		instance->on_return[kind].perform = NULL;
	pool->running++;
	pool->started++;
	object->running++;
	object->associated++;
	worker->instance = instance;
	if (instance->long_running)
		suspend_locked(worker);
	if (object->ops->claim != NULL)
		object->ops->claim(object, instance);
}

/* Performs the actions of these kinds that the callback asked for. */
static void
perform(TP_CALLBACK_INSTANCE *instance, enum tp_on_return_kind first,
	enum tp_on_return_kind last)
{
	for (unsigned kind = first; kind <= (unsigned)last; kind++) {
		struct tp_on_return *action = &instance->on_return[kind];

		if (action->perform != NULL)
			action->perform(action->target, action->count);
	}
}

/* Application code, and what it asked to be done at its end. No lock. */
static void
execute(TP_CALLBACK_INSTANCE *instance)
{
	struct tp_object *object = instance->object;

	tp_assert_no_locks();
	tp_trace_object(TP_EVENT_CALLBACK, object, 0);
	object->ops->run(object, instance);
	if (object->finalization != NULL)
		object->finalization(instance, object->context);
	tp_trace_object(TP_EVENT_CALLBACK_END, object, 0);
	perform(instance, TP_ON_RETURN_SECTION, TP_ON_RETURN_EVENT);
}

/* The callback has returned: settles the counters, wakes who waited. */
static void
settle_locked(struct tp_worker *worker, TP_CALLBACK_INSTANCE *instance)
{
	tp_assert_held(&worker->pool->lock);
	worker->pool->running--;
	if (instance->long_running)
		resume_locked(worker);
	worker->instance = NULL;
	tp_object_return_locked(instance->object, instance->associated);
	if (tp_object_unref_locked(instance->object, 1))
		worker->doomed = instance->object;
}

/* Runs one post of the object. The pool lock is held before and after. */
static void
run_locked(struct tp_worker *worker, struct tp_object *object)
{
	TP_POOL *pool = worker->pool;
	TP_CALLBACK_INSTANCE instance;

	begin_locked(&instance, worker, object);
	tp_pool_wake_and_unlock(pool);
	free_doomed(worker);	/* what the callback before this one left */
	execute(&instance);
	tp_lock(&pool->lock);
	settle_locked(worker, &instance);
	if (instance.on_return[TP_ON_RETURN_LIBRARY].perform != NULL) {
		tp_pool_wake_and_unlock(pool);
		perform(&instance, TP_ON_RETURN_LIBRARY,
			TP_ON_RETURN_LIBRARY);
		tp_lock(&pool->lock);
	}
}

/* ---- Between callbacks ---- */

/*
 * Sleeps until somebody has chosen this worker, or until it has been idle
 * for long and is superfluous: then false.
 *
 * Both are decided under the pool lock. A worker that is chosen is no
 * longer in the idle list, so it cannot be chosen and leave: the post that
 * chose it would wait for a worker that is gone.
 */
static bool
sleep_locked(struct tp_worker *worker)
{
	TP_POOL *pool = worker->pool;
	bool superfluous = tp_factory_superfluous_locked(pool);
	tp_time deadline = superfluous ?
		tp_time_after(tp_now(), pool->idle_time) : TP_FOREVER;
	bool in_time = true;

	tp_list_push(&pool->idle, &worker->idle);
	pool->idle_count++;
	worker->woken = false;
	tp_trace(TP_EVENT_IDLE);
	while (!worker->woken && in_time)
		in_time = tp_cond_wait_until(&worker->wake, &pool->lock,
			deadline);
	tp_trace(TP_EVENT_IDLE_END);
	if (worker->woken) {
		pool->waking--;
		return true;
	}
	tp_list_remove(&worker->idle);
	pool->idle_count--;
	return !tp_factory_superfluous_locked(pool);
}

/* The next callback to run; NULL: this worker has to leave. */
static struct tp_object *
next_locked(struct tp_worker *worker)
{
	TP_POOL *pool = worker->pool;

	for (;;) {
		if (tp_queue_startable_locked(pool))
			return tp_queue_take_locked(pool);
		if (worker->doomed != NULL) {
			tp_unlock(&pool->lock);
			free_doomed(worker);
			tp_lock(&pool->lock);
			continue;	/* much may have happened */
		}
		if (pool->finished || !sleep_locked(worker))
			return NULL;
	}
}

/*
 * Leaves the pool. The pool lock is held before, and not after. Whoever
 * chose this worker earlier may still be about to signal it; it holds
 * last_moments until it has, so the worker's memory outlives the signal.
 */
static void
leave_locked(struct tp_worker *worker)
{
	TP_POOL *pool = worker->pool;
	bool last;

	tp_assert_held(&pool->lock);
	tp_trace(TP_EVENT_RETIRED);
	pool->total--;
	tp_list_remove(&worker->link);
	last = tp_pool_unref_locked(pool);
	tp_unlock(&pool->lock);
	tp_lock(&worker->last_moments);
	tp_unlock(&worker->last_moments);
	tp_mutex_destroy(&worker->last_moments);
	tp_cond_destroy(&worker->wake);
	self = NULL;
	if (last)
		tp_pool_free(pool);
}

/* A callback ends the thread that runs it; ExitThread reports itself. */
static void
report_exit(void *unused)
{
	(void)unused;
	tp_misuse(TP_MISUSE_THREAD_EXIT, "pthread_exit", NULL);
}

/* All that the worker ever runs. The pool lock is held before and after. */
static void
work_locked(struct tp_worker *worker)
{
	struct tp_object *object;

	pthread_cleanup_push(report_exit, NULL);
	while ((object = next_locked(worker)) != NULL)
		run_locked(worker, object);
	pthread_cleanup_pop(0);
}

/* The body of a worker thread. argument: its pool, which it holds. */
void *
tp_worker_main(void *argument)
{
	TP_POOL *pool = argument;
	struct tp_worker worker = { .pool = pool };

	tp_thread_name(pool->worker_name);
	tp_thread_is("worker", TP_UNNUMBERED);
	worker.label = tp_thread_label();
	tp_list_init(&worker.idle);
	tp_cond_init(&worker.wake);
	tp_mutex_init(&worker.last_moments, TP_RANK_WORKER);
	self = &worker;
	tp_lock(&pool->lock);
	pool->starting--;
	pool->waking--;
	tp_list_append(&pool->workers, &worker.link);
	tp_trace(TP_EVENT_BORN);
	work_locked(&worker);
	leave_locked(&worker);
	return NULL;
}

/* ---- What the rest of the pool asks of the thread it is on ---- */

/* See engine.h. */
TP_CALLBACK_INSTANCE *
tp_current_instance(void)
{
	return self != NULL ? self->instance : NULL;
}

/* See engine.h. */
void
tp_blocking_begin(void)
{
	if (tp_current_instance() == NULL)
		return;
	tp_lock(&self->pool->lock);
	suspend_locked(self);
	tp_pool_wake_and_unlock(self->pool);
}

/* See engine.h. */
void
tp_blocking_end(void)
{
	if (tp_current_instance() == NULL)
		return;
	tp_lock(&self->pool->lock);
	resume_locked(self);
	tp_unlock(&self->pool->lock);
}

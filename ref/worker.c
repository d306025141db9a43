/* worker.c - a worker thread: takes callbacks and runs them */
/* SPDX-License-Identifier: MIT */
/*
 * The life of a worker: it arrives, takes callbacks and runs them, sleeps
 * when there is none, and leaves when it has become superfluous or its pool
 * is finished.
 *
 * Interface: tp_worker_main, tp_worker_suspend_locked, tp_blocking_begin
 * and _end, tp_current_instance, tp_current_worker, tp_instance_disassociate.
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
#include "state.h"

static _Thread_local struct tp_worker *self;	/* NULL: not a worker */

/* ---- Running one callback ---- */

/* A worker that does not compute: its pool may use the processor. */
void
tp_worker_suspend_locked(struct tp_worker *worker)
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
	instance->returned = false;
	instance->long_running = instance->may_run_long = object->runs_long;
	for (int kind = 0; kind < TP_ON_RETURN_KINDS; kind++)
		instance->on_return[kind].perform = NULL;
	pool->running++;
	pool->started++;
	object->running++;
	object->associated++;
	worker->instance = instance;
	worker->persistent |= object->persistent;
	if (instance->long_running)
		tp_worker_suspend_locked(worker);
	if (object->ops->claim != NULL)
		object->ops->claim(object, instance);
}

/*
 * The callback's code is off the stack. Whoever learns that by an action may
 * unload its library, although the object is not settled yet (INST-12): the
 * check that looks for callbacks of the library must not see this one.
 */
static void
note_return(TP_CALLBACK_INSTANCE *instance)
{
#if TP_CHECK
	TP_POOL *pool = instance->worker->pool;

	if (instance->returned)
		return;		/* only this thread writes it */
	tp_lock(&pool->lock);
	instance->returned = true;
	tp_unlock(&pool->lock);
#else
	(void)instance;
#endif
}

/* Performs the actions of these kinds that the callback asked for. */
static void
perform(TP_CALLBACK_INSTANCE *instance, enum tp_on_return_kind first,
	enum tp_on_return_kind last)
{
	for (unsigned kind = first; kind <= (unsigned)last; kind++) {
		struct tp_on_return *action = &instance->on_return[kind];

		if (action->perform == NULL)
			continue;
		note_return(instance);
		action->perform(action->target, action->count);
	}
}

/* Application code, and what it asked to be done at its end. No lock. */
static void
execute(TP_CALLBACK_INSTANCE *instance)
{
	struct tp_object *object = instance->object;
	struct tp_state state;

	tp_assert_no_locks();
	tp_state_save(&state);
	tp_trace_object(TP_EVENT_CALLBACK, object, 0);
	object->ops->run(object, instance);
	if (object->finalization != NULL)
		object->finalization(instance, object->context);
	tp_trace_object(TP_EVENT_CALLBACK_END, object, 0);
	tp_slots_unused();
	perform(instance, TP_ON_RETURN_SECTION, TP_ON_RETURN_EVENT);
	tp_state_check(&state, object);
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

/* May the end of this callback unload a library, which runs its code? */
static bool
may_unload(const struct tp_worker *worker,
	const TP_CALLBACK_INSTANCE *instance)
{
	const struct tp_object *doomed = worker->doomed;

	return instance->on_return[TP_ON_RETURN_LIBRARY].perform != NULL ||
		(doomed != NULL && doomed->library != NULL);
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
	if (may_unload(worker, &instance)) {
		tp_pool_wake_and_unlock(pool);
		perform(&instance, TP_ON_RETURN_LIBRARY,
			TP_ON_RETURN_LIBRARY);
		free_doomed(worker);
		tp_lock(&pool->lock);
	}
}

/* ---- Between callbacks ---- */

/* May this worker leave? One that has run a persistent callback stays. */
static bool
superfluous_locked(const struct tp_worker *worker)
{
	TP_POOL *pool = worker->pool;

	return pool->finished || (!worker->persistent &&
		tp_factory_superfluous_locked(pool));
}

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
	bool superfluous = superfluous_locked(worker);
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
	return !superfluous_locked(worker);
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
	if (pool->finished && pool->stall_armed) {
		tp_unlock(&pool->lock);
		tp_pool_disarm(pool);
		tp_lock(&pool->lock);
	}
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

/*
 * A callback ends the thread that runs it, or somebody has cancelled the
 * thread and the callback was where that takes effect: what the pool has
 * counted is never counted back. ExitThread reports itself. POSIX does not
 * say which of the two it is.
 */
static void
report_exit(void *argument)
{
	const struct tp_worker *worker = argument;

	(void)worker;
	tp_misuse(TP_MISUSE_THREAD_EXIT, "pthread_exit",
		worker->instance != NULL ?
		worker->instance->object->code : NULL);
}

/* All that the worker ever runs. The pool lock is held before and after. */
static void
work_locked(struct tp_worker *worker)
{
	struct tp_object *object;

	pthread_cleanup_push(report_exit, worker);
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
	tp_pool_arrived_locked(pool);
	tp_list_append(&pool->workers, &worker.link);
	tp_trace(TP_EVENT_BORN);
	/* Who fell asleep as one of the minimum may be superfluous now. */
	if (pool->idle_count > 0 && tp_pool_above_minimum_locked(pool))
		tp_pool_wake_all_locked(pool);
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
	tp_worker_suspend_locked(self);
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

/*
 * The callback holds up nobody any more who waits for its object, but for a
 * cleanup group (INST-21, INST-22). Once is enough (INST-24).
 */
void
tp_instance_disassociate(TP_CALLBACK_INSTANCE *instance)
{
	struct tp_object *object = instance->object;

	tp_lock(&object->pool->lock);
	if (instance->associated) {
		instance->associated = false;
		object->associated--;
		tp_object_wake_if_quiet_locked(object);
	}
	tp_unlock(&object->pool->lock);
}

/* The calling thread as a worker, for the dump; NULL: it is none. */
struct tp_worker *
tp_current_worker(void)
{
	return self;
}

/* long.c - callbacks that say that they take long */
/* SPDX-License-Identifier: MIT */
/*
 * A callback that is going to take long asks whether there is a thread for
 * the rest of the pool's work. Whatever the answer, its worker counts as
 * one that does not compute until the callback has returned, so that the
 * factory adds a thread for queued work as if the processor were free.
 *
 * Interface: tp_instance_run_long.
 *
 * Invariant: a thread that is made here has been counted before, under the
 * pool lock, as in factory.c; and it is made for nothing that is queued, but
 * to be there when something is posted.
 *
 * Locks: the pool lock; it is dropped while a thread is made.
 */
#include "pool.h"

/*
 * Counts one thread more, if the maximum allows it. As with
 * tp_factory_reserve_locked, it is for the caller to make it.
 */
static unsigned
reserve_spare_locked(TP_POOL *pool)
{
	tp_assert_held(&pool->lock);
	if (pool->finished || pool->total >= pool->maximum)
		return 0;
	pool->total++;
	pool->starting++;
	pool->waking++;
	pool->refs++;
	return 1;
}

/*
 * The callback is going to take long: from now on its worker counts as one
 * that does not compute. True: another worker is idle, on its way, or could
 * be made. The question is asked once; later ones get the same answer
 * (INST-19). If the system refuses a thread now, the next post that finds
 * none has it tried again (INST-17).
 */
bool
tp_instance_run_long(TP_CALLBACK_INSTANCE *instance)
{
	TP_POOL *pool = instance->worker->pool;
	unsigned threads = 0;
	bool spare;

	if (instance->long_running)
		return instance->may_run_long;
	tp_lock(&pool->lock);
	instance->long_running = true;
	tp_worker_suspend_locked(instance->worker);
	spare = pool->running < pool->maximum &&
		(pool->idle_count > 0 || pool->waking > 0);
	if (!spare)
		threads = reserve_spare_locked(pool);
	tp_pool_wake_and_unlock(pool);
	/* This worker keeps the pool. */
	if (threads > 0)
		spare = tp_factory_make(pool, threads) == 0;
	if (threads > 0 && !spare) {
		/* What was posted meanwhile has relied on that thread. */
		tp_lock(&pool->lock);
		tp_pool_wake_and_unlock(pool);
	}
	instance->may_run_long = spare;
	return spare;
}

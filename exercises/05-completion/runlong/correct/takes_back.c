/* takes_back.c - right: makes the thread itself, and takes its counts back */
/* SPDX-License-Identifier: MIT */
/*
 * The thread is made as large as the pool says. The question whether there
 * is anybody is answered in numbers: how many threads are there that are
 * neither running a callback nor too many?
 */
#include "pool.h"

/* One thread more, or one less that has never been. */
static void
count_locked(TP_POOL *pool, unsigned one)
{
	tp_assert_held(&pool->lock);
	pool->total += one;
	pool->starting += one;
	pool->waking += one;
	pool->refs += one;
}

static bool
make(TP_POOL *pool)
{
	size_t stack = tp_pool_stack(pool).StackReserve;

	if (tp_thread_start(tp_worker_main, pool, stack) == 0)
		return true;
	tp_lock(&pool->lock);
	count_locked(pool, -1U);	/* not the last: this worker's stays */
	tp_pool_wake_and_unlock(pool);
	return false;
}

/* How many more callbacks could start now? */
static unsigned
free_threads_locked(const TP_POOL *pool)
{
	unsigned there = pool->idle_count + pool->waking;
	unsigned allowed = pool->maximum > pool->running ?
		pool->maximum - pool->running : 0;

	tp_assert_held(&pool->lock);
	return there < allowed ? there : allowed;
}

bool
tp_instance_run_long(TP_CALLBACK_INSTANCE *instance)
{
	TP_POOL *pool = instance->worker->pool;
	enum { NOBODY, SOMEBODY, TO_BE_MADE } rest = NOBODY;

	if (instance->long_running)
		return instance->may_run_long;
	instance->may_run_long = false;
	tp_lock(&pool->lock);
	instance->long_running = true;
	if (instance->worker->suspensions++ == 0)
		pool->suspended++;
	if (free_threads_locked(pool) > 0)
		rest = SOMEBODY;
	else if (pool->total < pool->maximum)
		rest = TO_BE_MADE;
	if (rest == TO_BE_MADE)
		count_locked(pool, 1);
	tp_unlock(&pool->lock);
	if (rest == SOMEBODY || (rest == TO_BE_MADE && make(pool)))
		instance->may_run_long = true;
	return instance->may_run_long;
}

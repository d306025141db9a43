/* looks_and_counts.c - right: looks, counts and drops the lock, then makes */
/* SPDX-License-Identifier: MIT */
/*
 * The factory makes the thread, and takes it back if it is refused.
 */
#include "pool.h"

/* Could somebody take a post that comes now? */
static bool
somebody_locked(const TP_POOL *pool)
{
	tp_assert_held(&pool->lock);
	return pool->running < pool->maximum &&
		(pool->idle_count > 0 || pool->waking > 0);
}

static void
count_one_locked(TP_POOL *pool)
{
	tp_assert_held(&pool->lock);
	pool->total++;
	pool->starting++;
	pool->waking++;
	pool->refs++;
}

/* Makes the thread that was counted. */
static bool
make(TP_POOL *pool)
{
	if (tp_factory_make(pool, 1) == 0)
		return true;
	/* Who has posted meanwhile has woken nobody. */
	tp_lock(&pool->lock);
	tp_pool_wake_and_unlock(pool);
	return false;
}

bool
tp_instance_run_long(TP_CALLBACK_INSTANCE *instance)
{
	TP_POOL *pool = instance->worker->pool;
	bool spare, room;

	if (instance->long_running)
		return instance->may_run_long;
	tp_lock(&pool->lock);
	instance->long_running = true;
	tp_worker_suspend_locked(instance->worker);
	spare = somebody_locked(pool);
	room = !spare && pool->total < pool->maximum;
	if (room)
		count_one_locked(pool);
	tp_unlock(&pool->lock);
	if (room)
		spare = make(pool);
	instance->may_run_long = spare;
	return spare;
}

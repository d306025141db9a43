/* keeps_the_lock.c - a mutant: makes the thread under the lock */
/* SPDX-License-Identifier: MIT */
/*
 * check: yes_if_there_is_a_thread_for_the_rest
 * message: pool lock taken under pool lock
 */
#include "pool.h"

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
	spare = pool->running < pool->maximum &&
		(pool->idle_count > 0 || pool->waking > 0);
	room = !spare && pool->total < pool->maximum;
	if (room) {
		pool->total++;
		pool->starting++;
		pool->waking++;
		pool->refs++;
	}
	if (room)
		spare = tp_factory_make(pool, 1) == 0;
	tp_unlock(&pool->lock);
	if (room && !spare) {
		tp_lock(&pool->lock);
		tp_pool_wake_and_unlock(pool);
	}
	instance->may_run_long = spare;
	return spare;
}

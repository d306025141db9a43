/* makes_one_all_the_same.c - a mutant: makes a thread although one is idle */
/* SPDX-License-Identifier: MIT */
/*
 * check: yes_if_there_is_a_thread_for_the_rest
 * message: one of two threads was idle, and then there were 3
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
	room = pool->total < pool->maximum;
	spare = pool->running < pool->maximum && !room &&
		(pool->idle_count > 0 || pool->waking > 0);
	if (room) {
		pool->total++;
		pool->starting++;
		pool->waking++;
		pool->refs++;
	}
	tp_unlock(&pool->lock);
	if (room)
		spare = tp_factory_make(pool, 1) == 0;
	if (room && !spare) {
		tp_lock(&pool->lock);
		tp_pool_wake_and_unlock(pool);
	}
	instance->may_run_long = spare;
	return spare;
}

/* ignores_who_is_on_the_way.c - a mutant: looks for idle threads alone */
/* SPDX-License-Identifier: MIT */
/*
 * check: yes_if_there_is_a_thread_for_the_rest
 * message: a second thread was on its way, and the answer was FALSE
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
		pool->idle_count > 0;
	room = !spare && pool->total < pool->maximum;
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

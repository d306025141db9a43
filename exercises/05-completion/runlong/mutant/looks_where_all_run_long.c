/* looks_where_all_run_long.c - looks, although the environment has said it */
/* SPDX-License-Identifier: MIT */
/*
 * check: the_first_answer_holds
 * message: the environment of the object says
 */
#include "pool.h"

bool
tp_instance_run_long(TP_CALLBACK_INSTANCE *instance)
{
	TP_POOL *pool = instance->worker->pool;
	bool spare, room;

	if (instance->long_running && !instance->object->runs_long)
		return instance->may_run_long;
	tp_lock(&pool->lock);
	instance->long_running = true;
	if (!instance->object->runs_long)
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

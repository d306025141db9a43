/* beyond_the_maximum.c - a mutant: makes a thread, however many there are */
/* SPDX-License-Identifier: MIT */
/*
 * check: no_at_the_maximum
 * message: the one thread that it may have, and the answer was TRUE
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
	room = !spare;
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

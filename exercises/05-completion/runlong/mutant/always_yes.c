/* always_yes.c - a mutant: says yes at the maximum, too */
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
	bool spare = true, room;

	if (instance->long_running)
		return instance->may_run_long;
	tp_lock(&pool->lock);
	instance->long_running = true;
	tp_worker_suspend_locked(instance->worker);
	room = pool->idle_count == 0 && pool->waking == 0 &&
		pool->total < pool->maximum;
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

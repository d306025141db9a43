/* remembers_for_the_thread.c - a mutant: remembers the answer for the thread */
/* SPDX-License-Identifier: MIT */
/*
 * check: the_mark_is_of_one_callback
 * message: the next callback on the same thread asked
 */
#include "pool.h"

static _Thread_local bool asked, answer;	/* of this worker */

bool
tp_instance_run_long(TP_CALLBACK_INSTANCE *instance)
{
	TP_POOL *pool = instance->worker->pool;
	bool spare, room;

	if (asked || instance->long_running)
		return asked ? answer : instance->may_run_long;
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
	tp_unlock(&pool->lock);
	if (room)
		spare = tp_factory_make(pool, 1) == 0;
	if (room && !spare) {
		tp_lock(&pool->lock);
		tp_pool_wake_and_unlock(pool);
	}
	instance->may_run_long = spare;
	asked = true;
	answer = spare;
	return spare;
}

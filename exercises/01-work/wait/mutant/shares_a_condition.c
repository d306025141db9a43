/* shares_a_condition.c - all waiters share a condition, signalled once */
/* SPDX-License-Identifier: MIT */
/*
 * check: every_waiter_is_woken
 * message: two waits for the same object
 */
#include "pool.h"

/* Whoever waits for any object sleeps here. */
static struct tp_cond quiet = { PTHREAD_COND_INITIALIZER };

bool
tp_object_quiet_locked(const struct tp_object *object)
{
	tp_assert_held(&object->pool->lock);
	return object->pending == 0 && object->associated == 0 &&
		(object->ops->busy == NULL || !object->ops->busy(object));
}

void
tp_object_wake_if_quiet_locked(struct tp_object *object)
{
	if (tp_object_quiet_locked(object))
		tp_cond_signal(&quiet);
}

void
tp_object_cancel_locked(struct tp_object *object)
{
	tp_assert_held(&object->pool->lock);
	if (object->ops->discard != NULL)
		object->ops->discard(object);
	(void)tp_object_unref_locked(object, tp_queue_drop_locked(object));
	tp_object_wake_if_quiet_locked(object);
}

static void
sleep_locked(struct tp_object *object)
{
	TP_POOL *pool = object->pool;

	tp_unlock(&pool->lock);
	tp_blocking_begin();
	tp_lock(&pool->lock);
	while (!tp_object_quiet_locked(object))
		tp_cond_wait(&quiet, &pool->lock);
	tp_unlock(&pool->lock);
	tp_blocking_end();
	tp_lock(&pool->lock);
}

void
tp_object_wait(struct tp_object *object, bool cancel)
{
	TP_POOL *pool = object->pool;
	bool last;

	tp_lock(&pool->lock);
	object->refs++;
	if (cancel)
		tp_object_cancel_locked(object);
	if (!tp_object_quiet_locked(object))
		sleep_locked(object);
	last = tp_object_unref_locked(object, 1);
	tp_unlock(&pool->lock);
	if (last)
		tp_object_free(object);
}

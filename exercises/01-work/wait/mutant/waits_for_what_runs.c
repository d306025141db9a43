/* waits_for_what_runs.c - a mutant: a callback that runs is always waited for */
/* SPDX-License-Identifier: MIT */
/*
 * check: a_wait_returns_after_the_last_callback
 * message: while a callback runs that does not hold up waiters
 */
#include "pool.h"

struct tp_waiter {
	struct tp_list link;		/* in object->waiters */
	struct tp_cond wake;
	bool released;
};

bool
tp_object_quiet_locked(const struct tp_object *object)
{
	tp_assert_held(&object->pool->lock);
	return object->pending == 0 && object->running == 0 &&
		(object->ops->busy == NULL || !object->ops->busy(object));
}

void
tp_object_wake_if_quiet_locked(struct tp_object *object)
{
	struct tp_list *node;

	if (!tp_object_quiet_locked(object))
		return;
	while ((node = tp_list_first(&object->waiters)) != NULL) {
		struct tp_waiter *waiter =
			tp_container(node, struct tp_waiter, link);

		tp_list_remove(node);
		waiter->released = true;
		tp_cond_signal(&waiter->wake);
	}
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
	struct tp_waiter waiter = { .released = false };
	TP_POOL *pool = object->pool;

	tp_cond_init(&waiter.wake);
	tp_list_append(&object->waiters, &waiter.link);
	tp_unlock(&pool->lock);
	tp_blocking_begin();
	tp_lock(&pool->lock);
	while (!waiter.released)
		tp_cond_wait(&waiter.wake, &pool->lock);
	tp_unlock(&pool->lock);
	tp_blocking_end();
	tp_cond_destroy(&waiter.wake);
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

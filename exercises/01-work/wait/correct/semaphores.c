/* semaphores.c - right: each waiter sleeps on a semaphore, without a lock */
/* SPDX-License-Identifier: MIT */
/*
 * A semaphore remembers that it was posted: so the waiter need not hold the
 * pool lock when it goes to sleep, and there is no flag and no loop but the
 * one for interruptions.
 */
#include <errno.h>
#include <semaphore.h>

#include "pool.h"

struct tp_waiter {
	struct tp_list link;		/* in object->waiters */
	sem_t released;
};

bool
tp_object_quiet_locked(const struct tp_object *object)
{
	bool busy = object->ops->busy != NULL && object->ops->busy(object);

	tp_assert_held(&object->pool->lock);
	return !busy && object->pending + object->associated == 0;
}

void
tp_object_wake_if_quiet_locked(struct tp_object *object)
{
	while (tp_object_quiet_locked(object) &&
	    !tp_list_empty(&object->waiters)) {
		struct tp_list *node = tp_list_first(&object->waiters);

		tp_list_remove(node);
		sem_post(&tp_container(node, struct tp_waiter,
			link)->released);
	}
}

void
tp_object_cancel_locked(struct tp_object *object)
{
	unsigned dropped = tp_queue_drop_locked(object);

	if (object->ops->discard != NULL)
		object->ops->discard(object);
	(void)tp_object_unref_locked(object, dropped);
	tp_object_wake_if_quiet_locked(object);
}

void
tp_object_wait(struct tp_object *object, bool cancel)
{
	struct tp_waiter waiter;
	TP_POOL *pool = object->pool;
	bool last;

	sem_init(&waiter.released, 0, 0);
	tp_lock(&pool->lock);
	object->refs++;
	if (cancel)
		tp_object_cancel_locked(object);
	tp_list_append(&object->waiters, &waiter.link);
	tp_object_wake_if_quiet_locked(object);
	tp_unlock(&pool->lock);

	tp_blocking_begin();
	while (sem_wait(&waiter.released) == -1 && errno == EINTR)
		continue;
	tp_blocking_end();

	tp_lock(&pool->lock);
	last = tp_object_unref_locked(object, 1);
	tp_unlock(&pool->lock);
	sem_destroy(&waiter.released);
	if (last)
		tp_object_free(object);
}

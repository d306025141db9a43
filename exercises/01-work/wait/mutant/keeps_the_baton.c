/* keeps_the_baton.c - a mutant: wakes the next only if it is still quiet */
/* SPDX-License-Identifier: MIT */
/*
 * check: every_waiter_is_woken
 * message: One of three waits returned, the object was posted again
 * stage: schedules
 */
#include "pool.h"

struct tp_waiter {
	struct tp_list link;		/* in object->waiters */
	struct tp_cond wake;
	bool marked;			/* the object has been quiet */
};

static struct tp_waiter *
first_locked(struct tp_object *object)
{
	struct tp_list *node = tp_list_first(&object->waiters);

	return node == NULL ? NULL :
		tp_container(node, struct tp_waiter, link);
}

bool
tp_object_quiet_locked(const struct tp_object *object)
{
	tp_assert_held(&object->pool->lock);
	if (object->ops->busy != NULL && object->ops->busy(object))
		return false;
	return object->pending == 0 && object->associated == 0;
}

void
tp_object_wake_if_quiet_locked(struct tp_object *object)
{
	struct tp_list *node = object->waiters.next;

	if (!tp_object_quiet_locked(object))
		return;
	for (; node != &object->waiters; node = node->next)
		tp_container(node, struct tp_waiter, link)->marked = true;
	if (first_locked(object) != NULL)
		tp_cond_signal(&first_locked(object)->wake);
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

/* Gives the baton to the next that has been marked. */
static void
leave_locked(struct tp_object *object, struct tp_waiter *waiter)
{
	struct tp_waiter *next;

	tp_list_remove(&waiter->link);
	next = first_locked(object);
	if (next != NULL && tp_object_quiet_locked(object))
		tp_cond_signal(&next->wake);
}

void
tp_object_wait(struct tp_object *object, bool cancel)
{
	struct tp_waiter waiter = { .marked = false };
	TP_POOL *pool = object->pool;
	bool last;

	tp_cond_init(&waiter.wake);
	tp_blocking_begin();
	tp_lock(&pool->lock);
	object->refs++;
	tp_list_append(&object->waiters, &waiter.link);
	if (cancel)
		tp_object_cancel_locked(object);
	tp_object_wake_if_quiet_locked(object);
	while (!waiter.marked)
		tp_cond_wait(&waiter.wake, &pool->lock);
	leave_locked(object, &waiter);
	tp_unlock(&pool->lock);
	tp_blocking_end();
	tp_cond_destroy(&waiter.wake);

	tp_lock(&pool->lock);
	last = tp_object_unref_locked(object, 1);
	tp_unlock(&pool->lock);
	if (last)
		tp_object_free(object);
}

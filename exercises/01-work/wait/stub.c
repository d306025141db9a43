/* wait.c - waiting until an object is quiet, and cancelling its posts */
/* SPDX-License-Identifier: MIT */
/*
 * TODO: write these four functions. Begin with tp_object_quiet_locked: it is
 * the meaning of the other three. Then let one thread wait, then several.
 */
#include "pool.h"

struct tp_waiter {
	/* Guarded by pool->lock. */
	struct tp_list link;		/* in object->waiters */
	/* TODO: what a waiter sleeps on, and what wakes it */
};

/* Is nothing outstanding that a waiter has to wait for? */
bool
tp_object_quiet_locked(const struct tp_object *object)
{
	tp_assert_held(&object->pool->lock);
	return false;			/* TODO */
}

/* A counter of the object was lowered: wakes who waits, if it is quiet. */
void
tp_object_wake_if_quiet_locked(struct tp_object *object)
{
	tp_assert_held(&object->pool->lock);
	/* TODO */
}

/* Drops the posts that have not started. */
void
tp_object_cancel_locked(struct tp_object *object)
{
	tp_assert_held(&object->pool->lock);
	if (object->ops->discard != NULL)	/* for kinds that have one */
		object->ops->discard(object);
	/* TODO */
}

/* Waits until the object has been quiet; cancel: drops its posts first. */
void
tp_object_wait(struct tp_object *object, bool cancel)
{
	TP_POOL *pool = object->pool;

	tp_lock(&pool->lock);
	(void)cancel;			/* TODO */
	tp_unlock(&pool->lock);
}

/* quiet.c - waiting until an object is quiet, and cancelling its posts */
/* SPDX-License-Identifier: MIT */
/*
 * An object is quiet when nothing of it is queued and no running callback
 * holds up waiters: pending = 0, associated = 0, and nothing announced, for
 * kinds that announce. This is all that WaitForThreadpool...Callbacks
 * means.
 *
 * Interface: tp_object_wait, tp_object_cancel_locked,
 * tp_object_quiet_locked, tp_object_wake_if_quiet_locked.
 *
 * A waiter sleeps on a node of its own, on its stack, linked into the
 * object. Whoever may have made the object quiet, by a return or a cancel,
 * calls tp_object_wake_if_quiet_locked: a cancel that forgot would leave the
 * waiters of other threads asleep for ever. (Taking a post lowers a counter
 * too, but raises another.) It releases every waiter there is, and once: a
 * waiter that looked at the counters again when it got to run could find
 * the object posted anew, and so wait for posts that came after it.
 *
 * Locks: the pool lock.
 */
#include "pool.h"

struct tp_waiter {
	/* Guarded by pool->lock. */
	struct tp_list link;		/* in object->waiters */
	struct tp_cond wake;
	bool released;			/* the object has been quiet */
};

/* Is nothing outstanding that a waiter has to wait for? */
bool
tp_object_quiet_locked(const struct tp_object *object)
{
	tp_assert_held(&object->pool->lock);
	if (object->pending > 0 || object->associated > 0)
		return false;
	return object->ops->busy == NULL || !object->ops->busy(object);
}

/* Releases the waiters if the object is quiet: after a lowered counter. */
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

/*
 * Drops the posts that have not started (WORK-11). Callbacks that run go
 * on, and what they post from now on is not dropped (WORK-13). The caller
 * holds a reference of its own.
 */
void
tp_object_cancel_locked(struct tp_object *object)
{
	unsigned dropped;

	tp_assert_held(&object->pool->lock);
	if (object->ops->discard != NULL)
		object->ops->discard(object);
	dropped = tp_queue_drop_locked(object);
	(void)tp_object_unref_locked(object, dropped);
	tp_object_wake_if_quiet_locked(object);
}

/* Sleeps until the object is quiet. The pool lock is held around it. */
static void
sleep_until_quiet_locked(struct tp_object *object)
{
	struct tp_waiter waiter = { .released = false };
	struct tp_waiting waiting;
	TP_POOL *pool = object->pool;

	tp_cond_init(&waiter.wake);
	tp_waiting_begin_locked(&waiting, object);
	tp_list_append(&object->waiters, &waiter.link);
	/* Linked, it cannot miss the moment while the lock is dropped. */
	tp_unlock(&pool->lock);
	tp_blocking_begin();
	tp_lock(&pool->lock);
	while (!waiter.released)
		tp_cond_wait(&waiter.wake, &pool->lock);
	tp_waiting_end_locked(&waiting);
	tp_unlock(&pool->lock);
	tp_blocking_end();
	tp_cond_destroy(&waiter.wake);
	tp_lock(&pool->lock);
}

/*
 * Waits until the object has been quiet; cancel: drops its posts first.
 *
 * Locks: none may be held. The object may be gone when it returns.
 * Source: WORK-08 to WORK-15.
 */
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
		sleep_until_quiet_locked(object);
	last = tp_object_unref_locked(object, 1);
	tp_unlock(&pool->lock);
	if (last)
		tp_object_free(object);
}

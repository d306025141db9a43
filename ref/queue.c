/* queue.c - which callback starts next */
/* SPDX-License-Identifier: MIT */
/*
 * The queue holds callback objects, not posts. An object is in it exactly
 * while its counter `pending` is above zero, and in one place only, however
 * often it was posted; that is why posting allocates nothing.
 *
 * Interface: tp_queue_init, tp_queue_startable_locked, tp_queue_add_locked,
 * tp_queue_take_locked, tp_queue_drop_locked.
 *
 * Turns: an object that is taken and still has posts goes to the tail of
 * its list before its callback runs. So an object posted 10,000 times
 * shares the workers with the others of its priority (WORK-16), and several
 * workers may run one object at once (WORK-05). A higher priority always
 * comes first (POOL-33).
 *
 * Locks: everything here is guarded by the pool lock.
 */
#include "pool.h"

/* Makes an empty queue. */
void
tp_queue_init(struct tp_queue *queue)
{
	for (int i = 0; i < TP_CALLBACK_PRIORITY_COUNT; i++)
		tp_list_init(&queue->ready[i]);
	queue->posts = 0;
}

/* May a worker take a callback now? Not while the maximum run (POOL-06). */
bool
tp_queue_startable_locked(const TP_POOL *pool)
{
	tp_assert_held(&pool->lock);
	return pool->queue.posts > 0 && pool->running < pool->maximum;
}

/* Adds one post of the object. */
void
tp_queue_add_locked(struct tp_object *object)
{
	struct tp_queue *queue = &object->pool->queue;

	tp_assert_held(&object->pool->lock);
	if (object->pending++ == 0)
		tp_list_append(&queue->ready[object->priority],
			&object->ready);
	queue->posts++;
	object->posted++;
	tp_trace_object(TP_EVENT_POST, object, object->pending);
}

/* Takes one post of the object whose turn it is; there must be one. */
struct tp_object *
tp_queue_take_locked(TP_POOL *pool)
{
	struct tp_queue *queue = &pool->queue;
	struct tp_list *ready = queue->ready;
	struct tp_object *object;

	tp_assert_held(&pool->lock);
	while (tp_list_empty(ready))
		ready++;
	object = tp_container(tp_list_first(ready), struct tp_object,
		ready);
	tp_list_remove(&object->ready);
	if (--object->pending > 0)
		tp_list_append(ready, &object->ready);
	queue->posts--;
	return object;
}

/* Drops all posts of the object; returns how many there were. */
unsigned
tp_queue_drop_locked(struct tp_object *object)
{
	unsigned dropped = object->pending;

	tp_assert_held(&object->pool->lock);
	tp_list_remove(&object->ready);
	object->pending = 0;
	object->pool->queue.posts -= dropped;
	if (dropped > 0)
		tp_trace_object(TP_EVENT_CANCEL, object, dropped);
	return dropped;
}

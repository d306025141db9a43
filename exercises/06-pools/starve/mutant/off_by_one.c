/* off_by_one.c - a mutant: counts those started, not the one that will */
/* SPDX-License-Identifier: MIT */
/*
 * check: nobody_starves
 * message: and did as HHHNHHHLHHH
 */
#include "pool.h"

void
tp_queue_init(struct tp_queue *queue)
{
	for (int i = 0; i < TP_CALLBACK_PRIORITY_COUNT; i++)
		tp_list_init(&queue->ready[i]);
	queue->posts = 0;
}

bool
tp_queue_startable_locked(const TP_POOL *pool)
{
	tp_assert_held(&pool->lock);
	return pool->queue.posts > 0 && pool->running < pool->maximum;
}

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

/* The list of the priority whose turn it is; it is not empty. */
static struct tp_list *
next_list_locked(TP_POOL *pool)
{
	struct tp_list *ready = pool->queue.ready;
	unsigned long number = pool->started;

	if (number % 8 == 4 && !tp_list_empty(&ready[1]))
		return &ready[1];
	if (number % 8 == 0 && !tp_list_empty(&ready[2]))
		return &ready[2];
	while (tp_list_empty(ready))
		ready++;
	return ready;
}

struct tp_object *
tp_queue_take_locked(TP_POOL *pool)
{
	struct tp_list *list = next_list_locked(pool);
	struct tp_object *object = tp_container(tp_list_first(list),
		struct tp_object, ready);

	tp_assert_held(&pool->lock);
	tp_list_remove(&object->ready);
	if (--object->pending > 0)
		tp_list_append(list, &object->ready);
	pool->queue.posts--;
	return object;
}

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

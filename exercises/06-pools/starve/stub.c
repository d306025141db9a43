/* starve.c - which callback starts next, and nobody starves */
/* SPDX-License-Identifier: MIT */
/*
 * TODO: write these five functions. As long as nothing can start, no callback
 * runs.
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

/* May a worker take a callback now? */
bool
tp_queue_startable_locked(const TP_POOL *pool)
{
	tp_assert_held(&pool->lock);
	return false;			/* TODO */
}

/* Adds one post of the object. */
void
tp_queue_add_locked(struct tp_object *object)
{
	tp_assert_held(&object->pool->lock);	/* TODO */
}

/* Takes one post of the object whose turn it is; there must be one. */
struct tp_object *
tp_queue_take_locked(TP_POOL *pool)
{
	tp_assert_held(&pool->lock);
	return NULL;			/* TODO */
}

/* Drops all posts of the object; returns how many there were. */
unsigned
tp_queue_drop_locked(struct tp_object *object)
{
	tp_assert_held(&object->pool->lock);
	return 0;			/* TODO */
}

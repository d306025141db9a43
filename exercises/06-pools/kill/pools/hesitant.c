/* hesitant.c - a right pool: no thread without need, and the newest first */
/* SPDX-License-Identifier: MIT */
/*
 * It makes another thread only when its queue has stood still, even for
 * callbacks that run long. Of two posts of one priority the newer one begins
 * first.
 */
#include "pool.h"

static TP_POOL *right_new(void);
static void right_add(struct tp_object *object);
static struct tp_object *right_take(TP_POOL *pool);

#define tp_pool_new right_new
#include "../../../../ref/pool.c"
#undef tp_pool_new

#define tp_queue_add_locked right_add
#define tp_queue_take_locked right_take
#include "../../../../ref/queue.c"
#undef tp_queue_add_locked
#undef tp_queue_take_locked

#include "../../../../ref/factory.c"
#include "../../../../ref/object.c"

TP_POOL *
tp_pool_new(void)
{
	TP_POOL *pool = right_new();

	if (pool != NULL)
		pool->processors = 0;
	return pool;
}

static void
put_first_locked(struct tp_object *object)
{
	struct tp_queue *queue = &object->pool->queue;

	tp_list_remove(&object->ready);
	tp_list_push(&queue->ready[object->priority], &object->ready);
}

void
tp_queue_add_locked(struct tp_object *object)
{
	right_add(object);
	put_first_locked(object);
}

struct tp_object *
tp_queue_take_locked(TP_POOL *pool)
{
	struct tp_object *object = right_take(pool);

	if (object->pending > 0)
		put_first_locked(object);
	return object;
}

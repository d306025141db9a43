/* closing_drops.c - a wrong pool: to close it drops what is queued */
/* SPDX-License-Identifier: MIT */
#include "pool.h"

static void right_close(TP_POOL *pool);

#define tp_pool_close right_close
#include "../../../../ref/pool.c"
#undef tp_pool_close

#include "../../../../ref/factory.c"
#include "../../../../ref/object.c"
#include "../../../../ref/queue.c"

void
tp_pool_close(TP_POOL *pool)
{
	struct tp_object *object;
	struct tp_list *node;

	tp_lock(&pool->lock);
	for (node = pool->bound.next; node != &pool->bound;
	     node = node->next) {
		object = tp_container(node, struct tp_object, bound);
		if (!object->closed)
			tp_object_cancel_locked(object);
	}
	tp_unlock(&pool->lock);
	right_close(pool);
}

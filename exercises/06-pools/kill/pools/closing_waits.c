/* closing_waits.c - a wrong pool: to close it waits for its callbacks */
/* SPDX-License-Identifier: MIT */
#include "pool.h"

static void right_close(TP_POOL *pool);

#define tp_pool_close right_close
#include "../../../../ref/pool.c"
#undef tp_pool_close

#include "../../../../ref/factory.c"
#include "../../../../ref/object.c"
#include "../../../../ref/queue.c"

/* An object of which something is queued or runs, held; NULL: none. */
static struct tp_object *
hold_busy(TP_POOL *pool)
{
	struct tp_object *found = NULL, *object;
	struct tp_list *node;

	tp_lock(&pool->lock);
	for (node = pool->bound.next; node != &pool->bound && found == NULL;
	     node = node->next) {
		object = tp_container(node, struct tp_object, bound);
		if (!tp_object_idle_locked(object))
			found = object;
	}
	if (found != NULL)
		found->refs++;
	tp_unlock(&pool->lock);
	return found;
}

void
tp_pool_close(TP_POOL *pool)
{
	struct tp_object *object;

	while ((object = hold_busy(pool)) != NULL) {
		(void)tp_object_wait_idle(object);
		tp_object_release(object);
	}
	right_close(pool);
}

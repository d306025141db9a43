/* first_call_wins.c - a maximum below the minimum is raised to the minimum */
/* SPDX-License-Identifier: MIT */
/* A wrong pool: of two limits that contradict each other, the first holds. */
#include "pool.h"

static void right_set_maximum(TP_POOL *pool, unsigned threads);

#define tp_pool_set_maximum right_set_maximum
#include "../../../../ref/pool.c"
#undef tp_pool_set_maximum

#include "../../../../ref/factory.c"
#include "../../../../ref/object.c"
#include "../../../../ref/queue.c"

void
tp_pool_set_maximum(TP_POOL *pool, unsigned threads)
{
	unsigned minimum;

	tp_lock(&pool->lock);
	minimum = pool->minimum;
	tp_unlock(&pool->lock);
	right_set_maximum(pool, threads < minimum ? minimum : threads);
}

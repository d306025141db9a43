/* raised_in_vain.c - a wrong pool: nobody is told that the maximum is higher */
/* SPDX-License-Identifier: MIT */
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
	bool raised;

	tp_lock(&pool->lock);
	raised = threads > pool->maximum;
	if (raised)
		pool->maximum = threads;
	tp_unlock(&pool->lock);
	if (!raised)
		right_set_maximum(pool, threads);
}

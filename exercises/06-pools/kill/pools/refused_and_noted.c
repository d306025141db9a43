/* refused_and_noted.c - keeps a minimum for which it has got no threads */
/* SPDX-License-Identifier: MIT */
/* A wrong pool: it says that the minimum was refused, and notes it. */
#include "pool.h"

static DWORD right_set_minimum(TP_POOL *pool, unsigned threads);

#define tp_pool_set_minimum right_set_minimum
#include "../../../../ref/pool.c"
#undef tp_pool_set_minimum

#include "../../../../ref/factory.c"
#include "../../../../ref/object.c"
#include "../../../../ref/queue.c"

DWORD
tp_pool_set_minimum(TP_POOL *pool, unsigned threads)
{
	DWORD error = right_set_minimum(pool, threads);

	if (error == 0)
		return 0;
	tp_lock(&pool->lock);
	pool->minimum = threads;
	if (pool->maximum < threads)
		pool->maximum = threads;
	tp_unlock(&pool->lock);
	return error;
}

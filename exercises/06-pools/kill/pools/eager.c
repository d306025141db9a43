/* eager.c - a right pool: a thread for each post, if the maximum allows it */
/* SPDX-License-Identifier: MIT */
/*
 * It does not care how many processors there are, and its threads stay for
 * ten seconds when there is nothing to do.
 */
#include <limits.h>

#include "pool.h"

static TP_POOL *right_new(void);

#define tp_pool_new right_new
#include "../../../../ref/pool.c"
#undef tp_pool_new

#include "../../../../ref/factory.c"
#include "../../../../ref/object.c"
#include "../../../../ref/queue.c"

TP_POOL *
tp_pool_new(void)
{
	TP_POOL *pool = right_new();

	if (pool != NULL) {
		pool->processors = UINT_MAX;
		pool->idle_time = 10000 * TP_MS;
	}
	return pool;
}

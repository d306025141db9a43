/* minimum_once.c - a wrong pool: makes as many threads, but keeps only one */
/* SPDX-License-Identifier: MIT */
#include "pool.h"

static bool right_superfluous(TP_POOL *pool);

#define tp_factory_superfluous_locked right_superfluous
#include "../../../../ref/factory.c"
#undef tp_factory_superfluous_locked

#include "../../../../ref/object.c"
#include "../../../../ref/pool.c"
#include "../../../../ref/queue.c"

bool
tp_factory_superfluous_locked(TP_POOL *pool)
{
	return right_superfluous(pool) || (pool->queue.posts == 0 &&
		pool->total - pool->starting > 1);
}

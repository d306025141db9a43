/* one_too_many.c - a wrong pool: one callback more than the maximum */
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
	right_set_maximum(pool, threads + 1);
}

/* long_ones_do_not_count.c - long callbacks run beyond the maximum */
/* SPDX-License-Identifier: MIT */
/*
 * A wrong pool: it takes the maximum for the number of threads that compute,
 * of which those that run long, or are blocked, are none.
 */
#include "pool.h"

static bool right_startable(const TP_POOL *pool);
static unsigned right_reserve(TP_POOL *pool);

#define tp_queue_startable_locked right_startable
#include "../../../../ref/queue.c"
#undef tp_queue_startable_locked

#define tp_factory_reserve_locked right_reserve
#include "../../../../ref/factory.c"
#undef tp_factory_reserve_locked

#include "../../../../ref/object.c"
#include "../../../../ref/pool.c"

bool
tp_queue_startable_locked(const TP_POOL *pool)
{
	return right_startable(pool) || (pool->queue.posts > 0 &&
		pool->running - pool->suspended < pool->maximum);
}

unsigned
tp_factory_reserve_locked(TP_POOL *pool)
{
	unsigned suspended = pool->suspended, threads;

	pool->maximum += suspended;
	threads = right_reserve(pool);
	pool->maximum -= suspended;
	return threads;
}

/* lowered_in_vain.c - a lower maximum is for threads that are yet to be made */
/* SPDX-License-Identifier: MIT */
/*
 * A wrong pool: the threads that it has go on as before until there is
 * nothing to do any more.
 */
#include "pool.h"

static bool right_startable(const TP_POOL *pool);

#define tp_queue_startable_locked right_startable
#include "../../../../ref/queue.c"
#undef tp_queue_startable_locked

#include "../../../../ref/factory.c"
#include "../../../../ref/object.c"
#include "../../../../ref/pool.c"

bool
tp_queue_startable_locked(const TP_POOL *pool)
{
	return right_startable(pool) || pool->queue.posts > 0;
}

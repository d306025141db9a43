/* ignores_the_stall.c - a mutant: never asks why the queue stands still */
/* SPDX-License-Identifier: MIT */
/*
 * check: a_rendezvous_of_the_maximum_never_deadlocks
 * message: the threads run on and get nowhere
 */
#include "pool.h"

int
tp_factory_policy(const struct tp_census *census)
{
	unsigned arrived = census->total - census->starting;
	unsigned computing =
		census->total - census->idle - census->suspended;

	if (census->total < census->minimum)
		return (int)(census->minimum - census->total);
	if (census->queued == 0 || census->total > census->maximum)
		return arrived > census->minimum ?
			-(int)(arrived - census->minimum) : 0;
	if (census->idle > 0)
		return 0;
	if (census->total == census->maximum)
		return 0;
	return computing < census->processors ? 1 : 0;
}

static struct tp_census
take_census_locked(const TP_POOL *pool)
{
	struct tp_census census = {
		.minimum = pool->minimum,
		.maximum = pool->maximum,
		.processors = pool->processors,
		.total = pool->total,
		.starting = pool->starting,
		.idle = pool->idle_count,
		.suspended = pool->suspended,
		.queued = pool->queue.posts,
		.stalled = pool->stalled
	};

	tp_assert_held(&pool->lock);
	if (pool->used && census.minimum == 0)
		census.minimum = 1;
	return census;
}

unsigned
tp_factory_reserve_locked(TP_POOL *pool)
{
	struct tp_census census = take_census_locked(pool);
	int wanted = tp_factory_policy(&census);

	if (pool->finished || wanted <= 0)
		return 0;
	pool->total += (unsigned)wanted;
	pool->starting += (unsigned)wanted;
	pool->waking += (unsigned)wanted;
	pool->refs += (unsigned)wanted;
	return (unsigned)wanted;
}

bool
tp_factory_superfluous_locked(TP_POOL *pool)
{
	struct tp_census census = take_census_locked(pool);

	return tp_factory_policy(&census) < 0;
}

DWORD
tp_factory_make(TP_POOL *pool, unsigned threads)
{
	bool last = false;

	while (threads > 0 &&
	    tp_thread_start(tp_worker_main, pool, 0) == 0)
		threads--;
	if (threads == 0)
		return 0;
	tp_lock(&pool->lock);
	pool->total -= threads;
	pool->starting -= threads;
	pool->waking -= threads;
	while (threads-- > 0)
		last = tp_pool_unref_locked(pool);
	tp_unlock(&pool->lock);
	if (last)
		tp_pool_free(pool);
	return ERROR_NOT_ENOUGH_MEMORY;
}

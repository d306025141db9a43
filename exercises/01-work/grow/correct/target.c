/* target.c - right: how many threads there should be, less those there are */
/* SPDX-License-Identifier: MIT */
/*
 * The policy computes a number of threads to aim at, between the limits;
 * the answer is the difference. Counting a thread and taking the count back
 * is one function, called with 1 and -1. A thread that is refused does not
 * keep the others from being tried.
 */
#include "pool.h"

static unsigned
target(const struct tp_census *census)
{
	unsigned working = census->total - census->idle;
	bool stuck = census->queued > 0 && census->idle == 0;
	bool room = working - census->suspended < census->processors;

	if (census->queued == 0 || census->total > census->maximum)
		return census->minimum;
	if (stuck && (room || census->stalled) &&
	    census->total < census->maximum)
		return census->total + 1;
	return census->total;
}

int
tp_factory_policy(const struct tp_census *census)
{
	unsigned aim = target(census);

	if (aim < census->minimum || census->total < census->minimum)
		aim = census->minimum;
	if (aim >= census->total)
		return (int)(aim - census->total);
	/* Those that are only being made cannot leave. */
	if (aim >= census->total - census->starting)
		return 0;
	return (int)aim - (int)(census->total - census->starting);
}

static int
ask_locked(TP_POOL *pool)
{
	unsigned least = pool->used ? 1 : 0;
	struct tp_census census = {
		.minimum = pool->minimum > least ? pool->minimum : least,
		.maximum = pool->maximum, .processors = pool->processors,
		.total = pool->total, .starting = pool->starting,
		.idle = pool->idle_count, .suspended = pool->suspended,
		.queued = pool->queue.posts, .stalled = pool->stalled
	};

	tp_assert_held(&pool->lock);
	return tp_factory_policy(&census);
}

/* One thread more, or one less that has never been. */
static void
count_locked(TP_POOL *pool, int one)
{
	tp_assert_held(&pool->lock);
	pool->total += (unsigned)one;
	pool->starting += (unsigned)one;
	pool->waking += (unsigned)one;
}

unsigned
tp_factory_reserve_locked(TP_POOL *pool)
{
	int wanted = pool->finished ? 0 : ask_locked(pool);
	unsigned reserved = 0;

	for (; wanted > 0; wanted--) {
		count_locked(pool, 1);
		pool->refs++;
		reserved++;
	}
	return reserved;
}

bool
tp_factory_superfluous_locked(TP_POOL *pool)
{
	return ask_locked(pool) < 0;
}

static void
take_back(TP_POOL *pool)
{
	bool last;

	tp_lock(&pool->lock);
	count_locked(pool, -1);
	last = tp_pool_unref_locked(pool);
	tp_unlock(&pool->lock);
	if (last)
		tp_pool_free(pool);
}

DWORD
tp_factory_make(TP_POOL *pool, unsigned threads)
{
	DWORD error = 0;

	for (; threads > 0; threads--)
		if (tp_thread_start(tp_worker_main, pool, 0) != 0) {
			error = ERROR_NOT_ENOUGH_MEMORY;
			take_back(pool);
		}
	return error;
}

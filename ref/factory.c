/* factory.c - the worker factory: how many threads a pool has */
/* SPDX-License-Identifier: MIT */
/*
 * The policy is a pure function of a census: it says how many threads to
 * add, or how many idle ones are too many, and does nothing. The rest of
 * the file carries it out.
 *
 * Interface: tp_factory_policy, tp_factory_reserve_locked, tp_factory_make,
 * tp_factory_superfluous_locked.
 *
 * A thread is counted, under the pool lock, before it is made, and made
 * when the lock has been dropped: counting first keeps two threads from
 * both making the last one that the maximum allows; making it later keeps a
 * slow system call out of the lock. If the system refuses, the count is
 * taken back.
 *
 * Locks: the pool lock where the name ends in _locked, none elsewhere.
 */
#include <limits.h>

#include "pool.h"

/*
 * How many threads to add (positive), or how many of the idle ones are
 * superfluous (negative).
 *
 * The minimum comes first. Beyond it, a thread is added only for queued
 * work that no idle worker can take, one at a time, and only while fewer
 * threads compute than there are processors: one more would only take
 * turns with the others. A worker that blocks where the pool can see it
 * does not compute. One that blocks elsewhere cannot be told from one that
 * computes; a queue that has stood still for a while is the sign of it.
 *
 * Source: DIAG-01, POOL-06, -07, -16.
 */
int
tp_factory_policy(const struct tp_census *census)
{
	unsigned computing =
		census->total - census->idle - census->suspended;
	unsigned arrived = census->total - census->starting;
	unsigned missing;

	if (census->total < census->minimum) {
		missing = census->minimum - census->total;
		return missing < INT_MAX ? (int)missing : INT_MAX;
	}
	if (census->queued == 0 || census->total > census->maximum)
		return arrived > census->minimum ?
			-(int)(arrived - census->minimum) : 0;
	if (census->idle > 0 || census->total == census->maximum)
		return 0;
	return computing < census->processors || census->stalled ? 1 : 0;
}

/* Counts the threads of the pool. */
static struct tp_census
take_census_locked(TP_POOL *pool)
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
	/* One worker from the first object on, or posting could fail. */
	if (census.minimum == 0 && pool->used)
		census.minimum = 1;
	return census;
}

/*
 * Counts the threads that the policy asks for as if they existed, and
 * returns how many; the caller drops the lock and calls tp_factory_make.
 * They are on their way to the queue from now on, and each holds the pool.
 */
unsigned
tp_factory_reserve_locked(TP_POOL *pool)
{
	struct tp_census census = take_census_locked(pool);
	int wanted = pool->finished ? 0 : tp_factory_policy(&census);
	unsigned threads = wanted > 0 ? (unsigned)wanted : 0;

	pool->total += threads;
	pool->starting += threads;
	pool->waking += threads;
	pool->refs += threads;
	return threads;
}

/* May an idle worker leave? */
bool
tp_factory_superfluous_locked(TP_POOL *pool)
{
	struct tp_census census = take_census_locked(pool);

	return tp_factory_policy(&census) < 0;
}

/* Takes back the counts of threads, one at least, that were refused. */
static void
give_back(TP_POOL *pool, unsigned threads)
{
	tp_lock(&pool->lock);
	pool->total -= threads;
	pool->starting -= threads;
	pool->waking -= threads;
	pool->refs -= threads - 1;
	tp_pool_unref_and_unlock(pool);
}

/*
 * Makes threads that tp_factory_reserve_locked has counted. No lock but
 * pool->birth may be held. The pool may be gone when it returns, unless
 * the caller holds it.
 *
 * Fails: ERROR_NOT_ENOUGH_MEMORY; those that were made stay.
 */
DWORD
tp_factory_make(TP_POOL *pool, unsigned threads)
{
	size_t stack = tp_pool_stack(pool).StackReserve;

	for (; threads > 0; threads--) {
		DWORD error = tp_thread_start(tp_worker_main, pool, stack);

		if (error != 0) {
			tp_trace_refused(threads);
			give_back(pool, threads);
			return error;
		}
	}
	return 0;
}

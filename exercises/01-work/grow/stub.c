/* grow.c - the worker factory: how many threads a pool has */
/* SPDX-License-Identifier: MIT */
/*
 * TODO: write these four functions. Begin with the policy: it only computes,
 * and two of the checks look at it alone.
 */
#include "pool.h"

/*
 * How many threads to add (positive), or how many are superfluous, should
 * they be idle (negative).
 */
int
tp_factory_policy(const struct tp_census *census)
{
	(void)census;			/* TODO */
	return 0;
}

/*
 * Counts the threads that the policy asks for as if they existed, and
 * returns how many. The caller drops the lock and calls tp_factory_make.
 */
unsigned
tp_factory_reserve_locked(TP_POOL *pool)
{
	tp_assert_held(&pool->lock);
	return 0;			/* TODO */
}

/* May an idle worker leave? */
bool
tp_factory_superfluous_locked(TP_POOL *pool)
{
	tp_assert_held(&pool->lock);
	return false;			/* TODO */
}

/*
 * Makes threads that tp_factory_reserve_locked has counted. 0, or
 * ERROR_NOT_ENOUGH_MEMORY: those that were made stay, and the others are
 * counted no longer.
 */
DWORD
tp_factory_make(TP_POOL *pool, unsigned threads)
{
	(void)pool;
	(void)threads;			/* TODO */
	return ERROR_NOT_ENOUGH_MEMORY;
}

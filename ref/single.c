/* single.c - pools of one thread */
/* SPDX-License-Identifier: MIT */
/*
 * The old thread pool had a thread that waited for kernel objects and one
 * that waited for due times, and a program could have its callbacks run on
 * them. What it gained was an order: the callbacks of one such thread come
 * one after the other. Here the dispatcher waits, and runs no code of a
 * program; so the order comes from a pool whose maximum is one thread.
 *
 * Interface: tp_pool_single, tp_pool_is_single.
 *
 * Locks: none.
 */
#include "pool.h"

static const char *const names[TP_SINGLES] = {
	[TP_SINGLE_WAIT] = "tp-wait", [TP_SINGLE_TIMER] = "tp-timer"
};
static const char *const labels[TP_SINGLES] = {
	[TP_SINGLE_WAIT] = "wait pool", [TP_SINGLE_TIMER] = "timer pool"
};

static TP_POOL pools[TP_SINGLES];
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void
make_all(void)
{
	for (unsigned i = 0; i < TP_SINGLES; i++) {
		tp_pool_init(&pools[i], names[i],
			(struct tp_label){ labels[i], TP_ONLY_ONE });
		tp_register(&pools[i].registered, &pools[i], "pool");
		tp_pool_set_maximum(&pools[i], 1);
	}
}

/* See engine.h. It has no thread before an object is bound to it. */
TP_POOL *
tp_pool_single(enum tp_single which)
{
	(void)pthread_once(&once, make_all);
	return &pools[which];
}

/* Is it one of them? */
bool
tp_pool_is_single(const TP_POOL *pool)
{
	for (unsigned i = 0; i < TP_SINGLES; i++)
		if (pool == &pools[i])
			return true;
	return false;
}

/*
 * bench_first.c - the first pool of chapter 00, for scale
 * SPDX-License-Identifier: MIT
 *
 * A mutex, a condition variable, a list and a thread for each processor:
 * what a hundred lines can do on this machine. It is not counted as a peer.
 */

#include <unistd.h>

#include "bench.h"
#include "../../chapters/00-first-pool/first_pool.h"

static struct first_pool pool;

int
peer_open(int lanes, int workers)
{
	unsigned size = (unsigned)sysconf(_SC_NPROCESSORS_ONLN);

	(void)lanes;
	if (workers)
		size = (unsigned)workers;
	if (first_pool_init(&pool, size) != 0)
		bench_fail("first_pool_init failed");
	return workers;
}

void
peer_post(int lane, void *item)
{
	(void)lane;
	if (first_pool_submit(&pool, bench_item, item) != 0)
		bench_fail("first_pool_submit failed");
}

int
peer_prepare(void *item)
{
	(void)item;
	return 0;
}

void
peer_repost(int lane)
{
	(void)lane;
}

void
peer_finish(int lane)
{
	(void)lane;
}

void
peer_sleep(unsigned ms)
{
	bench_sleep(ms);
}

void
peer_close(void)
{
	first_pool_destroy(&pool);
}

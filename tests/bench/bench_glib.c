/*
 * bench_glib.c - GLib: GThreadPool
 * SPDX-License-Identifier: MIT
 *
 * A GThreadPool has one function for all its items and takes a pointer for
 * each, which is all that is needed here; the node of its queue is GLib's
 * own. The same pointer may be pushed twice, but that is two items with two
 * nodes, not one object: there is nothing prepared to measure. The usual
 * size, which GLib leaves to the caller, is the number of processors.
 */

#include <glib.h>

#include "bench.h"

static GThreadPool *pool;

static void
run(gpointer item, gpointer unused)
{
	(void)unused;
	bench_item(item);
}

int
peer_open(int lanes, int workers)
{
	int size = workers ? workers : (int)g_get_num_processors();

	(void)lanes;
	pool = g_thread_pool_new(run, NULL, size, FALSE, NULL);
	if (pool == NULL)
		bench_fail("g_thread_pool_new failed");
	return size;
}

void
peer_post(int lane, void *item)
{
	(void)lane;
	if (!g_thread_pool_push(pool, item, NULL))
		bench_fail("g_thread_pool_push failed");
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
	g_thread_pool_free(pool, FALSE, TRUE);
}

/*
 * bench_asio.cpp - Boost.Asio: thread_pool and post
 * SPDX-License-Identifier: MIT
 *
 * The handler is a lambda with one pointer. Asio's usual size is two
 * threads for each processor. What an item posts goes the same way as a
 * post from outside, as Asio's documents have it; its queue for the posting
 * thread's own use is behind that call.
 */

#include <boost/asio.hpp>

#include "bench.h"

static boost::asio::thread_pool *pool;

int
peer_open(int lanes, int workers)
{
	(void)lanes;
	pool = workers ? new boost::asio::thread_pool((unsigned)workers)
	    : new boost::asio::thread_pool();
	return workers;
}

void
peer_post(int lane, void *item)
{
	(void)lane;
	boost::asio::post(*pool, [item] { bench_item(item); });
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
	pool->join();
	delete pool;
}

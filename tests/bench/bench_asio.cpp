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
#include <sys/eventfd.h>

#include "bench.h"
#include "machine.h"

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

/*
 * Timers and waits use the same pool. A signal is an eventfd; a wait is a
 * stream descriptor, the only thing in Asio that waits for one which is no
 * socket. Asio's objects may be used by one thread at a time, so they are
 * only freed when the pool has been stopped.
 */

namespace {

struct timer {
	boost::asio::steady_timer timer;
	void *item;
};

struct source {
	int descriptor;
	boost::asio::posix::stream_descriptor *wait;
	void *item;
};

void
wait_for(source *s)
{
	s->wait->async_wait(s->wait->wait_read,
	    [s](const boost::system::error_code &error) {
		eventfd_t count;

		if (error || eventfd_read(s->descriptor, &count) != 0)
			return;
		wait_for(s);
		bench_item(s->item);
	});
}

}

long
peer_most_timers(void)
{
	return 1000000;
}

void *
peer_timer_new(void *item)
{
	return new timer{ boost::asio::steady_timer(*pool), item };
}

void
peer_timer_set(void *which, int64_t ns)
{
	timer *t = static_cast<timer *>(which);
	void *item = t->item;

	t->timer.expires_after(std::chrono::nanoseconds(ns));
	t->timer.async_wait([item](const boost::system::error_code &error) {
		if (!error)
			bench_item(item);
	});
}

void
peer_timer_cancel(void *which)
{
	static_cast<timer *>(which)->timer.cancel();
}

void
peer_timer_free(void *which)
{
	delete static_cast<timer *>(which);
}

long
peer_most_waits(void)
{
	return machine_descriptor_limit() - 100;
}

void *
peer_signal_new(void)
{
	int descriptor = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);

	if (descriptor < 0)
		bench_fail("eventfd failed");
	return new source{ descriptor, nullptr, nullptr };
}

void
peer_signal(void *which)
{
	if (eventfd_write(static_cast<source *>(which)->descriptor, 1) != 0)
		bench_fail("eventfd_write failed");
}

/* The descriptor belongs to the wait. */
void
peer_signal_free(void *which)
{
	delete static_cast<source *>(which);
}

void *
peer_wait_new(void *which, void *item)
{
	source *s = static_cast<source *>(which);

	s->item = item;
	s->wait = new boost::asio::posix::stream_descriptor(*pool,
	    s->descriptor);
	return s;
}

void
peer_wait_set(void *wait)
{
	wait_for(static_cast<source *>(wait));
}

void
peer_wait_unset(void *wait)
{
	static_cast<source *>(wait)->wait->cancel();
}

void
peer_wait_free(void *wait)
{
	delete static_cast<source *>(wait)->wait;
}

void
peer_loop_turn(void)
{
}

void
peer_loop_start(void)
{
}

void
peer_loop_stop(void)
{
	pool->stop();
	pool->join();
}

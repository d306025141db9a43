/*
 * bench_plain.c - a pool that has neither timers nor waits
 * SPDX-License-Identifier: MIT
 *
 * Linked with the peers that only run what is posted. None of these functions
 * is called, but for the two that say so.
 */

#include <stddef.h>

#include "bench.h"

long
peer_most_timers(void)
{
	return 0;
}

long
peer_most_waits(void)
{
	return 0;
}

void *
peer_timer_new(void *item)
{
	(void)item;
	return NULL;
}

void
peer_timer_set(void *timer, int64_t ns)
{
	(void)timer;
	(void)ns;
}

void
peer_timer_cancel(void *timer)
{
	(void)timer;
}

void
peer_timer_free(void *timer)
{
	(void)timer;
}

void *
peer_signal_new(void)
{
	return NULL;
}

void
peer_signal(void *source)
{
	(void)source;
}

void
peer_signal_free(void *source)
{
	(void)source;
}

void *
peer_wait_new(void *source, void *item)
{
	(void)source;
	(void)item;
	return NULL;
}

void
peer_wait_set(void *wait)
{
	(void)wait;
}

void
peer_wait_unset(void *wait)
{
	(void)wait;
}

void
peer_wait_free(void *wait)
{
	(void)wait;
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
}

/* SPDX-License-Identifier: MIT */
/*
 * test_timers_epoll.c - the tests of timers where descriptors are watched
 *
 * In a process that watches descriptors the dispatcher sleeps in a poller.
 * What is exact must be so there, too: all the small tests of timers once
 * more, over epoll; and, included by test_timers_poll.c, over poll.
 *
 * The suites that are included here are parts of this one then, and their
 * main is this one's. Not among them are the suites of what is reported,
 * which forks, and a process with threads must not; and of the load.
 */
#ifndef POLLER
#define POLLER	"epoll"
#define SUITE	"timers_epoll"
#endif

#define PARTS
#include "test_timers.c"
#include "test_timer_periods.c"
#include "test_timer_windows.c"
#include "test_timer_clocks.c"
#include "test_timer_stop.c"
#include "test_timer_limits.c"

#include "../ref/poller.h"

/* The dispatcher sleeps in a poller from then on. */
static void
open_poller(void)
{
	setenv("TP_POLLER", POLLER, 1);
	ck_assert_uint_eq(tp_poller_open(), 0);
	harness_keep_descriptors();
}

int
main(void)
{
	Suite *suite = suite_create(SUITE);
	TCase *small = harness_case(suite, "small");

	harness_add_fixture(small, open_poller, NULL);
	add_times(small);
	add_periods(small);
	add_windows(small);
	add_clocks(small);
	add_stop(small);
	add_limits(small);
	return harness_run(suite);
}

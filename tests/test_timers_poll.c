/* SPDX-License-Identifier: MIT */
/*
 * test_timers_poll.c - test_timers_epoll.c over the other poller
 *
 * The same tests, in a process whose poller is that over poll.
 */
#define POLLER	"poll"
#define SUITE	"timers_poll"

#include "test_timers_epoll.c"

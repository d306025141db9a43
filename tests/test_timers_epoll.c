/* SPDX-License-Identifier: MIT */
/*
 * test_timers_epoll.c - test_timers.c in a process that watches descriptors
 *
 * The same tests, but the dispatcher sleeps in the poller over epoll: what is
 * exact must be so there, too.
 */
#define SUITE	"timers_epoll"
#define POLLER	"epoll"

#include "test_timers.c"

/* SPDX-License-Identifier: MIT */
/*
 * test_timers_poll.c - test_timers.c in a process that watches descriptors
 *
 * The same tests, but the dispatcher sleeps in the poller over poll: what is
 * exact must be so there, too.
 */
#define SUITE	"timers_poll"
#define POLLER	"poll"

#include "test_timers.c"

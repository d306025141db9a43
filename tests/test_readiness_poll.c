/* SPDX-License-Identifier: MIT */
/*
 * test_readiness_poll.c - test_readiness.c over the other poller
 *
 * The same tests, in a process whose poller is that over poll.
 */
#define POLLER	"poll"
#define SUITE	"readiness_poll"
#define KEPT	2	/* descriptors that the poller keeps: its alarm */

#include "test_readiness.c"

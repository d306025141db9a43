/* periods_of_100_ms.c - a mutant: counts periods in units of 100 ms */
/* SPDX-License-Identifier: MIT */
/*
 * check: a_period_counts_from_the_last_due_time
 * message: all would be right if periods were of 100 ms each
 */
#include "times.h"

const struct answer answers[TIMER_COUNT] = {
	[A] = FIRES(100),		/* -1000000, once */
	[B] = FIRES(70),		/* now + 700000, once */
	[C] = FIRES(0),			/* 0, period 50 */
	[D] = NEVER,			/* -300000, once; after 20 ms: NULL */
	[E] = FIRES(0),			/* -1, once */
	[F] = FIRES(40),		/* -400000, period 50 */
	[G] = FIRES(120),		/* -600000; after 20 ms: -1000000 */
	[H] = FIRES(95),		/* -850000, once, window 10 */
};

/* fires_once.c - a mutant: forgets that a timer with a period fires again */
/* SPDX-License-Identifier: MIT */
/*
 * check: a_period_counts_from_the_last_due_time
 * message: wrong answers to 1 of the 2 timers CF
 */
#include "times.h"

const struct answer answers[TIMER_COUNT] = {
	[A] = FIRES(100),		/* -1000000, once */
	[B] = FIRES(70),		/* now + 700000, once */
	[C] = FIRES(0, 50, 100, 150),	/* 0, period 50 */
	[D] = NEVER,			/* -300000, once; after 20 ms: NULL */
	[E] = FIRES(0),			/* -1, once */
	[F] = FIRES(40),		/* -400000, period 50 */
	[G] = FIRES(120),		/* -600000; after 20 ms: -1000000 */
	[H] = FIRES(90),		/* -850000, once, window 10 */
};

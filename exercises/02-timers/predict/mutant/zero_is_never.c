/* zero_is_never.c - a mutant: believes that a due time of zero stops a timer */
/* SPDX-License-Identifier: MIT */
/*
 * check: zero_is_at_once_and_null_is_never
 * message: all would be right if a due time of zero meant never
 */
#include "times.h"

const struct answer answers[TIMER_COUNT] = {
	[A] = FIRES(100),		/* -1000000, once */
	[B] = FIRES(70),		/* now + 700000, once */
	[C] = NEVER,			/* 0, period 50 */
	[D] = NEVER,			/* -300000, once; after 20 ms: NULL */
	[E] = FIRES(0),			/* -1, once */
	[F] = FIRES(40, 90, 140, 190),	/* -400000, period 50 */
	[G] = FIRES(120),		/* -600000; after 20 ms: -1000000 */
	[H] = FIRES(90),		/* -850000, once, window 10 */
};

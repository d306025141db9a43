/* sign_flipped.c - a mutant: believes that negative times have passed */
/* SPDX-License-Identifier: MIT */
/*
 * check: a_due_time_has_a_sign_and_a_unit
 * message: all would be right if a negative due time were one that has passed
 */
#include "times.h"

const struct answer answers[TIMER_COUNT] = {
	[A] = FIRES(0),			/* -1000000, once */
	[B] = NEVER,			/* now + 700000, once */
	[C] = FIRES(0, 50, 100, 150),	/* 0, period 50 */
	[D] = FIRES(0),			/* -300000, once; after 20 ms: NULL */
	[E] = FIRES(0),			/* -1, once */
	[F] = FIRES(0, 50, 100, 150),	/* -400000, period 50 */
	[G] = FIRES(0, 20),		/* -600000; after 20 ms: -1000000 */
	[H] = FIRES(0),			/* -850000, once, window 10 */
};

/* by_rule.c - right: computed from what the calls say */
/* SPDX-License-Identifier: MIT */
/*
 * Ten thousand ticks are a millisecond. A period is added to the last due
 * time; a second call counts from when it is made.
 */
#include "times.h"

#define FROM_NOW(ticks) ((ticks) / -10000)
#define EVERY_50(first) FIRES(first, first + 50, first + 100, first + 150)
#define RESET 20			/* when the second call is made */

const struct answer answers[TIMER_COUNT] = {
	[C] = EVERY_50(0),
	[F] = EVERY_50(FROM_NOW(-400000)),

	[A] = FIRES(FROM_NOW(-1000000)),
	[B] = FIRES(700000 / 10000),
	[E] = FIRES(FROM_NOW(-1)),
	[G] = FIRES(RESET + FROM_NOW(-1000000)),

	[D] = NEVER,			/* it was to fire at 30 ms */
	[H] = FIRES(FROM_NOW(-400000) + 50),	/* together with F */
};

/* by_reason.c - right: who makes room, and who takes it */
/* SPDX-License-Identifier: MIT */
/*
 * One item computes on the one processor. A long one is not counted as
 * computing, so it lets one more begin, up to the maximum of the pool. What
 * is behind an item that computes waits, whatever its flags say. The thread
 * for persistent items is one, and beside the pool.
 */
#include "flags.h"

#define THE_PROCESSOR ONE		/* the first item has it */
#define THE_MAXIMUM(number) number
#define ALL THREE
#define ALL_LONG ALL			/* each makes room for the next */

const enum answer answers[ROW_COUNT] = {
	[A] = ALL_LONG,
	[J] = ALL_LONG,			/* and 2 means nothing */
	[K] = ALL_LONG,			/* and so does once */
	[B] = TWO,			/* a long one, and one computes */

	[C] = THE_PROCESSOR,
	[F] = THE_PROCESSOR,
	[G] = THE_PROCESSOR,

	[D] = THE_MAXIMUM(TWO),
	[E] = THE_MAXIMUM(ONE),

	[H] = TWO,			/* the pool's, and that thread's */
	[I] = ONE,			/* that thread's */

	[L] = NONE,			/* refused */
};

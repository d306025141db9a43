/* never_cancels_both.c - believes that the first one has always begun */
/* SPDX-License-Identifier: MIT */
/*
 * check: the_rest_goes_on_meanwhile
 * message: wrong answers to 1 of the 3 logs JKL
 */
#include "logs.h"

const enum answer answers[LOG_COUNT] = {
	[A] = POSSIBLE,		/* c1 closed r2 */
	[B] = IMPOSSIBLE,	/* c2 closed r1 */
	[C] = POSSIBLE,		/* closed r1 r2 */
	[D] = IMPOSSIBLE,	/* r1 c1 closed r2 */
	[E] = POSSIBLE,		/* r1 c2 closed */
	[F] = IMPOSSIBLE,	/* r1 closed */
	[G] = IMPOSSIBLE,	/* c2 r1 closed */
	[H] = POSSIBLE,		/* r2 c1 closed */
	[I] = IMPOSSIBLE,	/* closed c1 c2 */
	[J] = IMPOSSIBLE,	/* c1 c2 closed */
	[K] = POSSIBLE,		/* c1 r2 closed */
	[L] = POSSIBLE,		/* r1 closed r2 */
};

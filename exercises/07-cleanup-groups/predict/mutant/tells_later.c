/* tells_later.c - believes that the next call tells of what it finds */
/* SPDX-License-Identifier: MIT */
/*
 * check: cancel_callbacks_come_at_the_end
 * message: wrong answers to 1 of the 3 logs GHI
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
	[I] = POSSIBLE,		/* closed c1 c2 */
	[J] = POSSIBLE,		/* c1 c2 closed */
	[K] = POSSIBLE,		/* c1 r2 closed */
	[L] = POSSIBLE,		/* r1 closed r2 */
};

/* drops_without_a_word.c - a mutant: believes that a member may just vanish */
/* SPDX-License-Identifier: MIT */
/*
 * check: each_member_runs_or_is_cancelled
 * message: wrong answers to 1 of the 3 logs DEF
 */
#include "logs.h"

const enum answer answers[LOG_COUNT] = {
	[A] = POSSIBLE,		/* c1 closed r2 */
	[B] = IMPOSSIBLE,	/* c2 closed r1 */
	[C] = POSSIBLE,		/* closed r1 r2 */
	[D] = IMPOSSIBLE,	/* r1 c1 closed r2 */
	[E] = POSSIBLE,		/* r1 c2 closed */
	[F] = POSSIBLE,		/* r1 closed */
	[G] = IMPOSSIBLE,	/* c2 r1 closed */
	[H] = POSSIBLE,		/* r2 c1 closed */
	[I] = IMPOSSIBLE,	/* closed c1 c2 */
	[J] = POSSIBLE,		/* c1 c2 closed */
	[K] = POSSIBLE,		/* c1 r2 closed */
	[L] = POSSIBLE,		/* r1 closed r2 */
};

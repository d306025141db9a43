/* no_overlap_at_all.c - a mutant: believes that one callback runs at a time */
/* SPDX-License-Identifier: MIT */
/*
 * check: a_pool_keeps_its_maximum
 * message: wrong answers to 1 of the 3 logs GHI
 */
#include "logs.h"

const enum answer answers[LOG_COUNT] = {
	[A] = POSSIBLE,		/* a c A C b B */
	[B] = POSSIBLE,		/* b c B C a A */
	[C] = IMPOSSIBLE,	/* b a B c C A */
	[D] = POSSIBLE,		/* b B a A c C */
	[E] = POSSIBLE,		/* a A b B c C */
	[F] = IMPOSSIBLE,	/* a b B A c C */
	[G] = IMPOSSIBLE,	/* a b A B c C */
	[H] = IMPOSSIBLE,	/* a c b C B A */
	[I] = IMPOSSIBLE,	/* c b B a C A */
	[J] = POSSIBLE,		/* c C b B a A */
	[K] = POSSIBLE,		/* c C a A b B */
	[L] = IMPOSSIBLE,	/* c b a B A C */
};

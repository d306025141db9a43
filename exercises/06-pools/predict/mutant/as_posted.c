/* as_posted.c - a mutant: believes that what is posted first runs first */
/* SPDX-License-Identifier: MIT */
/*
 * check: priority_is_for_what_is_queued
 * message: the pool ran its callbacks in the order of the posts
 */
#include "logs.h"

const enum answer answers[LOG_COUNT] = {
	[A] = POSSIBLE,		/* a c A C b B */
	[B] = IMPOSSIBLE,	/* b c B C a A */
	[C] = IMPOSSIBLE,	/* b a B c C A */
	[D] = IMPOSSIBLE,	/* b B a A c C */
	[E] = POSSIBLE,		/* a A b B c C */
	[F] = IMPOSSIBLE,	/* a b B A c C */
	[G] = IMPOSSIBLE,	/* a b A B c C */
	[H] = IMPOSSIBLE,	/* a c b C B A */
	[I] = IMPOSSIBLE,	/* c b B a C A */
	[J] = IMPOSSIBLE,	/* c C b B a A */
	[K] = POSSIBLE,		/* c C a A b B */
	[L] = IMPOSSIBLE,	/* c b a B A C */
};

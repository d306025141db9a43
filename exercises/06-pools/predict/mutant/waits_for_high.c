/* waits_for_high.c - a mutant: believes that what is high always runs first */
/* SPDX-License-Identifier: MIT */
/*
 * check: priority_is_for_what_is_queued
 * message: all would be right if what is high always ran before what is low
 */
#include "logs.h"

const enum answer answers[LOG_COUNT] = {
	[A] = IMPOSSIBLE,	/* a c A C b B */
	[B] = POSSIBLE,		/* b c B C a A */
	[C] = IMPOSSIBLE,	/* b a B c C A */
	[D] = POSSIBLE,		/* b B a A c C */
	[E] = IMPOSSIBLE,	/* a A b B c C */
	[F] = IMPOSSIBLE,	/* a b B A c C */
	[G] = IMPOSSIBLE,	/* a b A B c C */
	[H] = IMPOSSIBLE,	/* a c b C B A */
	[I] = POSSIBLE,		/* c b B a C A */
	[J] = POSSIBLE,		/* c C b B a A */
	[K] = IMPOSSIBLE,	/* c C a A b B */
	[L] = IMPOSSIBLE,	/* c b a B A C */
};

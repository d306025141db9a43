/* follows_the_environment.c - believes that it is read at each submit */
/* SPDX-License-Identifier: MIT */
/*
 * check: an_object_stays_where_it_was_created
 * message: all would be right if an object followed its environment
 */
#include "logs.h"

const enum answer answers[LOG_COUNT] = {
	[A] = IMPOSSIBLE,	/* a c A C b B */
	[B] = IMPOSSIBLE,	/* b c B C a A */
	[C] = IMPOSSIBLE,	/* b a B c C A */
	[D] = IMPOSSIBLE,	/* b B a A c C */
	[E] = POSSIBLE,		/* a A b B c C */
	[F] = IMPOSSIBLE,	/* a b B A c C */
	[G] = IMPOSSIBLE,	/* a b A B c C */
	[H] = IMPOSSIBLE,	/* a c b C B A */
	[I] = IMPOSSIBLE,	/* c b B a C A */
	[J] = IMPOSSIBLE,	/* c C b B a A */
	[K] = IMPOSSIBLE,	/* c C a A b B */
	[L] = IMPOSSIBLE,	/* c b a B A C */
};

/* everything_is_possible.c - a mutant: believes that threads know no rules */
/* SPDX-License-Identifier: MIT */
/*
 * check: an_object_stays_where_it_was_created
 * message: all would be right if the maximum were one thread for each object
 */
#include "logs.h"

const enum answer answers[LOG_COUNT] = {
	[A] = POSSIBLE,		/* a c A C b B */
	[B] = POSSIBLE,		/* b c B C a A */
	[C] = POSSIBLE,		/* b a B c C A */
	[D] = POSSIBLE,		/* b B a A c C */
	[E] = POSSIBLE,		/* a A b B c C */
	[F] = POSSIBLE,		/* a b B A c C */
	[G] = POSSIBLE,		/* a b A B c C */
	[H] = POSSIBLE,		/* a c b C B A */
	[I] = POSSIBLE,		/* c b B a C A */
	[J] = POSSIBLE,		/* c C b B a A */
	[K] = POSSIBLE,		/* c C a A b B */
	[L] = POSSIBLE,		/* c b a B A C */
};

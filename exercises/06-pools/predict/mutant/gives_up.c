/* gives_up.c - a mutant: leaves one out */
/* SPDX-License-Identifier: MIT */
/*
 * check: pools_do_not_know_of_each_other
 * message: no answer yet to 1 of the 3 logs JKL
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
	[I] = POSSIBLE,		/* c b B a C A */
	[J] = POSSIBLE,		/* c C b B a A */
	[K] = POSSIBLE,		/* c C a A b B */
	[L] = UNDECIDED,	/* c b a B A C */
};

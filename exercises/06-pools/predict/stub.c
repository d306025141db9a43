/* predict.c - which of the logs in logs.h are possible? */
/* SPDX-License-Identifier: MIT */
/*
 * TODO: after each letter write POSSIBLE or IMPOSSIBLE.
 */
#include "logs.h"

const enum answer answers[LOG_COUNT] = {
	[A] = UNDECIDED,	/* a c A C b B */
	[B] = UNDECIDED,	/* b c B C a A */
	[C] = UNDECIDED,	/* b a B c C A */
	[D] = UNDECIDED,	/* b B a A c C */
	[E] = UNDECIDED,	/* a A b B c C */
	[F] = UNDECIDED,	/* a b B A c C */
	[G] = UNDECIDED,	/* a b A B c C */
	[H] = UNDECIDED,	/* a c b C B A */
	[I] = UNDECIDED,	/* c b B a C A */
	[J] = UNDECIDED,	/* c C b B a A */
	[K] = UNDECIDED,	/* c C a A b B */
	[L] = UNDECIDED,	/* c b a B A C */
};

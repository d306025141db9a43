/* predict.c - which of the logs in logs.h are possible? */
/* SPDX-License-Identifier: MIT */
/*
 * TODO: after each letter write POSSIBLE or IMPOSSIBLE.
 */
#include "logs.h"

const enum answer answers[LOG_COUNT] = {
	[A] = UNDECIDED,	/* c1 closed r2 */
	[B] = UNDECIDED,	/* c2 closed r1 */
	[C] = UNDECIDED,	/* closed r1 r2 */
	[D] = UNDECIDED,	/* r1 c1 closed r2 */
	[E] = UNDECIDED,	/* r1 c2 closed */
	[F] = UNDECIDED,	/* r1 closed */
	[G] = UNDECIDED,	/* c2 r1 closed */
	[H] = UNDECIDED,	/* r2 c1 closed */
	[I] = UNDECIDED,	/* closed c1 c2 */
	[J] = UNDECIDED,	/* c1 c2 closed */
	[K] = UNDECIDED,	/* c1 r2 closed */
	[L] = UNDECIDED,	/* r1 closed r2 */
};

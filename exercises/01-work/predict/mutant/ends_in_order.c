/* ends_in_order.c - a mutant: believes that what starts first ends first */
/* SPDX-License-Identifier: MIT */
/*
 * check: callbacks_may_end_in_any_order
 * message: all would be right if what starts first always ended first
 */
#include "logs.h"

const enum answer answers[LOG_COUNT] = {
	[A] = POSSIBLE,		/* s1 e1 s2 e2 s3 e3 done */
	[B] = IMPOSSIBLE,	/* s1 e1 done */
	[C] = POSSIBLE,		/* s1 s2 e1 e2 s3 e3 done */
	[D] = IMPOSSIBLE,	/* s1 s2 e2 e1 s3 e3 done */
	[E] = IMPOSSIBLE,	/* s1 s2 e1 s3 e3 done e2 */
	[F] = IMPOSSIBLE,	/* s1 s2 s3 e1 e2 e3 done */
	[G] = IMPOSSIBLE,	/* s1 s2 e3 s3 e1 e2 done */
	[H] = IMPOSSIBLE,	/* s1 e1 s2 e2 done */
	[I] = IMPOSSIBLE,	/* s1 s2 e2 s3 e3 e1 done */
	[J] = IMPOSSIBLE,	/* s1 e1 done s2 e2 s3 e3 */
	[K] = POSSIBLE,		/* s1 e1 s2 s3 e2 e3 done */
	[L] = POSSIBLE,		/* s1 s2 e1 s3 e2 e3 done */
};

/* ends_before_it_starts.c - a mutant: an end stands before its start */
/* SPDX-License-Identifier: MIT */
/*
 * check: callbacks_may_end_in_any_order
 * message: wrong answers to 1 of the 3 logs DGI
 */
#include "logs.h"

const enum answer answers[LOG_COUNT] = {
	[A] = POSSIBLE,		/* s1 e1 s2 e2 s3 e3 done */
	[B] = IMPOSSIBLE,	/* s1 e1 done */
	[C] = POSSIBLE,		/* s1 s2 e1 e2 s3 e3 done */
	[D] = POSSIBLE,		/* s1 s2 e2 e1 s3 e3 done */
	[E] = IMPOSSIBLE,	/* s1 s2 e1 s3 e3 done e2 */
	[F] = IMPOSSIBLE,	/* s1 s2 s3 e1 e2 e3 done */
	[G] = POSSIBLE,		/* s1 s2 e3 s3 e1 e2 done */
	[H] = IMPOSSIBLE,	/* s1 e1 s2 e2 done */
	[I] = POSSIBLE,		/* s1 s2 e2 s3 e3 e1 done */
	[J] = IMPOSSIBLE,	/* s1 e1 done s2 e2 s3 e3 */
	[K] = POSSIBLE,		/* s1 e1 s2 s3 e2 e3 done */
	[L] = POSSIBLE,		/* s1 s2 e1 s3 e2 e3 done */
};

/* predict.c - which of the logs in logs.h are possible? */
/* SPDX-License-Identifier: MIT */
/*
 * TODO: after each letter write POSSIBLE or IMPOSSIBLE.
 */
#include "logs.h"

const enum answer answers[LOG_COUNT] = {
	[A] = UNDECIDED,	/* s1 e1 s2 e2 s3 e3 done */
	[B] = UNDECIDED,	/* s1 e1 done */
	[C] = UNDECIDED,	/* s1 s2 e1 e2 s3 e3 done */
	[D] = UNDECIDED,	/* s1 s2 e2 e1 s3 e3 done */
	[E] = UNDECIDED,	/* s1 s2 e1 s3 e3 done e2 */
	[F] = UNDECIDED,	/* s1 s2 s3 e1 e2 e3 done */
	[G] = UNDECIDED,	/* s1 s2 e3 s3 e1 e2 done */
	[H] = UNDECIDED,	/* s1 e1 s2 e2 done */
	[I] = UNDECIDED,	/* s1 s2 e2 s3 e3 e1 done */
	[J] = UNDECIDED,	/* s1 e1 done s2 e2 s3 e3 */
	[K] = UNDECIDED,	/* s1 e1 s2 s3 e2 e3 done */
	[L] = UNDECIDED,	/* s1 s2 e1 s3 e2 e3 done */
};

/* waits_for_the_queue.c - a mutant: believes that the wait watches the queue */
/* SPDX-License-Identifier: MIT */
/*
 * check: the_wait_is_for_all_of_them
 * message: all would be right if the wait only watched the queue
 */
#include "logs.h"

const enum answer answers[LOG_COUNT] = {
	[A] = POSSIBLE,		/* s1 e1 s2 e2 s3 e3 done */
	[B] = IMPOSSIBLE,	/* s1 e1 done */
	[C] = POSSIBLE,		/* s1 s2 e1 e2 s3 e3 done */
	[D] = POSSIBLE,		/* s1 s2 e2 e1 s3 e3 done */
	[E] = POSSIBLE,		/* s1 s2 e1 s3 e3 done e2 */
	[F] = IMPOSSIBLE,	/* s1 s2 s3 e1 e2 e3 done */
	[G] = IMPOSSIBLE,	/* s1 s2 e3 s3 e1 e2 done */
	[H] = IMPOSSIBLE,	/* s1 e1 s2 e2 done */
	[I] = POSSIBLE,		/* s1 s2 e2 s3 e3 e1 done */
	[J] = POSSIBLE,		/* s1 e1 done s2 e2 s3 e3 */
	[K] = POSSIBLE,		/* s1 e1 s2 s3 e2 e3 done */
	[L] = POSSIBLE,		/* s1 s2 e1 s3 e2 e3 done */
};

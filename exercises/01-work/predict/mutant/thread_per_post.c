/* thread_per_post.c - a mutant: believes that posts have a thread each */
/* SPDX-License-Identifier: MIT */
/*
 * check: as_many_run_at_once_as_the_pool_has_threads
 * message: all would be right if every post had a thread of its own
 */
#include "logs.h"

const enum answer answers[LOG_COUNT] = {
	[A] = POSSIBLE,		/* s1 e1 s2 e2 s3 e3 done */
	[B] = IMPOSSIBLE,	/* s1 e1 done */
	[C] = POSSIBLE,		/* s1 s2 e1 e2 s3 e3 done */
	[D] = POSSIBLE,		/* s1 s2 e2 e1 s3 e3 done */
	[E] = IMPOSSIBLE,	/* s1 s2 e1 s3 e3 done e2 */
	[F] = POSSIBLE,		/* s1 s2 s3 e1 e2 e3 done */
	[G] = IMPOSSIBLE,	/* s1 s2 e3 s3 e1 e2 done */
	[H] = IMPOSSIBLE,	/* s1 e1 s2 e2 done */
	[I] = POSSIBLE,		/* s1 s2 e2 s3 e3 e1 done */
	[J] = IMPOSSIBLE,	/* s1 e1 done s2 e2 s3 e3 */
	[K] = POSSIBLE,		/* s1 e1 s2 s3 e2 e3 done */
	[L] = POSSIBLE,		/* s1 s2 e1 s3 e2 e3 done */
};

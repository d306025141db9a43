/* submits_coalesce.c - a mutant: believes that submits coalesce into one */
/* SPDX-License-Identifier: MIT */
/*
 * check: every_post_gives_one_callback
 * message: all would be right if a submit added nothing while a post was queued
 */
#include "logs.h"

const enum answer answers[LOG_COUNT] = {
	[A] = POSSIBLE,		/* s1 e1 s2 e2 s3 e3 done */
	[B] = POSSIBLE,		/* s1 e1 done */
	[C] = POSSIBLE,		/* s1 s2 e1 e2 s3 e3 done */
	[D] = POSSIBLE,		/* s1 s2 e2 e1 s3 e3 done */
	[E] = IMPOSSIBLE,	/* s1 s2 e1 s3 e3 done e2 */
	[F] = IMPOSSIBLE,	/* s1 s2 s3 e1 e2 e3 done */
	[G] = IMPOSSIBLE,	/* s1 s2 e3 s3 e1 e2 done */
	[H] = POSSIBLE,		/* s1 e1 s2 e2 done */
	[I] = POSSIBLE,		/* s1 s2 e2 s3 e3 e1 done */
	[J] = IMPOSSIBLE,	/* s1 e1 done s2 e2 s3 e3 */
	[K] = POSSIBLE,		/* s1 e1 s2 s3 e2 e3 done */
	[L] = POSSIBLE,		/* s1 s2 e1 s3 e2 e3 done */
};

/* tells_nobody.c - believes that simple callbacks have no cancel callback */
/* SPDX-License-Identifier: MIT */
/*
 * check: each_member_runs_or_is_cancelled
 * message: all would be right if simple callbacks had no cancel callback
 */
#include "logs.h"

const enum answer answers[LOG_COUNT] = {
	[A] = IMPOSSIBLE,	/* c1 closed r2 */
	[B] = IMPOSSIBLE,	/* c2 closed r1 */
	[C] = POSSIBLE,		/* closed r1 r2 */
	[D] = IMPOSSIBLE,	/* r1 c1 closed r2 */
	[E] = IMPOSSIBLE,	/* r1 c2 closed */
	[F] = POSSIBLE,		/* r1 closed */
	[G] = IMPOSSIBLE,	/* c2 r1 closed */
	[H] = IMPOSSIBLE,	/* r2 c1 closed */
	[I] = IMPOSSIBLE,	/* closed c1 c2 */
	[J] = IMPOSSIBLE,	/* c1 c2 closed */
	[K] = IMPOSSIBLE,	/* c1 r2 closed */
	[L] = POSSIBLE,		/* r1 closed r2 */
};

/* by_reason.c - right: what is impossible, each for its reason */
/* SPDX-License-Identifier: MIT */
/*
 * Impossible is what breaks a promise; everything else is possible. So only
 * the promises are listed here, and the rest follows.
 */
#include "logs.h"

#define ALLOWED POSSIBLE
#define NOT_SET_AGAIN IMPOSSIBLE	/* one wait, one callback */
#define TAKES_A_SIGNAL_EACH IMPOSSIBLE	/* and no more */
#define TOLD_WHAT_CAME IMPOSSIBLE
#define STAYS_SET IMPOSSIBLE		/* until somebody resets it */
#define ZERO_IS_AT_ONCE IMPOSSIBLE
#define SIGNAL_IS_THERE IMPOSSIBLE

const enum answer answers[LOG_COUNT] = {
	[C] = NOT_SET_AGAIN,
	[F] = NOT_SET_AGAIN,
	[K] = NOT_SET_AGAIN,
	[N] = NOT_SET_AGAIN,
	[D] = TAKES_A_SIGNAL_EACH,
	[G] = TAKES_A_SIGNAL_EACH,
	[L] = TOLD_WHAT_CAME,
	[P] = STAYS_SET,
	[Q] = STAYS_SET,
	[S] = ZERO_IS_AT_ONCE,
	[U] = SIGNAL_IS_THERE,

	[A] = ALLOWED,
	[B] = ALLOWED,
	[E] = ALLOWED,
	[H] = ALLOWED,
	[I] = ALLOWED,
	[J] = ALLOWED,
	[M] = ALLOWED,
	[O] = ALLOWED,
	[R] = ALLOWED,
	[T] = ALLOWED
};

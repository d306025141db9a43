/* by_reason.c - right: what is impossible, each for its reason */
/* SPDX-License-Identifier: MIT */
/*
 * Impossible is what breaks a promise; everything else is possible, however
 * odd it looks. So only the promises are listed here, and the rest follows.
 */
#include "logs.h"

#define ALLOWED POSSIBLE
#define LOSES_A_POST IMPOSSIBLE
#define NEEDS_A_THIRD_THREAD IMPOSSIBLE
#define ENDS_BEFORE_IT_STARTS IMPOSSIBLE
#define RETURNS_TOO_EARLY IMPOSSIBLE

const enum answer answers[LOG_COUNT] = {
	[B] = LOSES_A_POST,
	[H] = LOSES_A_POST,
	[F] = NEEDS_A_THIRD_THREAD,
	[G] = ENDS_BEFORE_IT_STARTS,
	[E] = RETURNS_TOO_EARLY,
	[J] = RETURNS_TOO_EARLY,

	[A] = ALLOWED,
	[C] = ALLOWED,
	[D] = ALLOWED,
	[I] = ALLOWED,
	[K] = ALLOWED,
	[L] = ALLOWED
};

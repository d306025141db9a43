/* by_reason.c - right: what is impossible, each for its reason */
/* SPDX-License-Identifier: MIT */
/*
 * Impossible is what breaks a promise; everything else is possible, however
 * odd it looks. So only the promises are listed here, and the rest follows.
 */
#include "logs.h"

#define ALLOWED POSSIBLE
#define FINDS_THE_LATER_MEMBER_ONLY IMPOSSIBLE
#define CANCELS_WHAT_HAS_RUN IMPOSSIBLE
#define LOSES_A_MEMBER IMPOSSIBLE
#define TELLS_BEFORE_ALL_ARE_IDLE IMPOSSIBLE
#define TELLS_AFTER_THE_RETURN IMPOSSIBLE

const enum answer answers[LOG_COUNT] = {
	[B] = FINDS_THE_LATER_MEMBER_ONLY,
	[D] = CANCELS_WHAT_HAS_RUN,
	[F] = LOSES_A_MEMBER,
	[G] = TELLS_BEFORE_ALL_ARE_IDLE,
	[I] = TELLS_AFTER_THE_RETURN,

	[A] = ALLOWED,
	[C] = ALLOWED,
	[E] = ALLOWED,
	[H] = ALLOWED,
	[J] = ALLOWED,
	[K] = ALLOWED,
	[L] = ALLOWED
};

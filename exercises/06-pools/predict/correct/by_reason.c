/* by_reason.c - right: what is possible, and why the others are not */
/* SPDX-License-Identifier: MIT */
/*
 * The callbacks of the first two objects share one thread, so neither begins
 * between the beginning and the end of the other. Nothing else is promised:
 * the thread may find the first post alone, or both; and the other pool has
 * no part in it.
 */
#include "logs.h"

#define OVERLAP_IN_ONE_POOL IMPOSSIBLE

const enum answer answers[LOG_COUNT] = {
	[C] = OVERLAP_IN_ONE_POOL,
	[F] = OVERLAP_IN_ONE_POOL,	/* and nothing is interrupted */
	[G] = OVERLAP_IN_ONE_POOL,
	[H] = OVERLAP_IN_ONE_POOL,
	[L] = OVERLAP_IN_ONE_POOL,

	/* The thread of pool 1 finds both posts. */
	[B] = POSSIBLE, [D] = POSSIBLE, [I] = POSSIBLE, [J] = POSSIBLE,

	/* It finds the first one alone. */
	[A] = POSSIBLE, [E] = POSSIBLE, [K] = POSSIBLE,
};

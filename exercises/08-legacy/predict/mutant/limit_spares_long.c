/* limit_spares_long.c - a mutant: believes that long functions have no limit */
/* SPDX-License-Identifier: MIT */
/*
 * check: a_limit_is_the_maximum_of_the_pool
 * message: all would be right if a limit did not hold for long functions
 */
#include "flags.h"

const enum answer answers[ROW_COUNT] = {
	[A] = THREE,		/* long, long, long */
	[B] = TWO,		/* long, 0, 0 */
	[C] = ONE,		/* 0, long, long */
	[D] = THREE,		/* three times: limit 2, long */
	[E] = THREE,		/* limit 1 and long; long; long */
	[F] = ONE,		/* three times: limit 3 */
	[G] = ONE,		/* 0, I/O thread, I/O thread */
	[H] = TWO,		/* 0, persistent, persistent */
	[I] = ONE,		/* three times: persistent, long */
	[J] = THREE,		/* three times: 2, long */
	[K] = THREE,		/* three times: only once, long */
	[L] = NONE,		/* three times: 0x200, long */
};

/* limit_is_lower.c - a mutant: looks for the limit in the lower half */
/* SPDX-License-Identifier: MIT */
/*
 * check: other_bits_are_not_for_work_items
 * message: all would be right if the limit were in the lower half
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
	[J] = TWO,		/* three times: 2, long */
	[K] = THREE,		/* three times: only once, long */
	[L] = NONE,		/* three times: 0x200, long */
};

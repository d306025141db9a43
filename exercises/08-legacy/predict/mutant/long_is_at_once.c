/* long_is_at_once.c - a mutant: believes that long functions run at once */
/* SPDX-License-Identifier: MIT */
/*
 * check: a_long_function_makes_room
 * message: all would be right if a long function ran at once
 */
#include "flags.h"

const enum answer answers[ROW_COUNT] = {
	[A] = THREE,		/* long, long, long */
	[B] = TWO,		/* long, 0, 0 */
	[C] = THREE,		/* 0, long, long */
	[D] = TWO,		/* three times: limit 2, long */
	[E] = ONE,		/* limit 1 and long; long; long */
	[F] = ONE,		/* three times: limit 3 */
	[G] = ONE,		/* 0, I/O thread, I/O thread */
	[H] = TWO,		/* 0, persistent, persistent */
	[I] = ONE,		/* three times: persistent, long */
	[J] = THREE,		/* three times: 2, long */
	[K] = THREE,		/* three times: only once, long */
	[L] = NONE,		/* three times: 0x200, long */
};

/* long_is_nothing.c - a mutant: believes that long functions are like others */
/* SPDX-License-Identifier: MIT */
/*
 * check: a_long_function_makes_room
 * message: all would be right if WT_EXECUTELONGFUNCTION changed nothing
 */
#include "flags.h"

const enum answer answers[ROW_COUNT] = {
	[A] = ONE,		/* long, long, long */
	[B] = ONE,		/* long, 0, 0 */
	[C] = ONE,		/* 0, long, long */
	[D] = ONE,		/* three times: limit 2, long */
	[E] = ONE,		/* limit 1 and long; long; long */
	[F] = ONE,		/* three times: limit 3 */
	[G] = ONE,		/* 0, I/O thread, I/O thread */
	[H] = TWO,		/* 0, persistent, persistent */
	[I] = ONE,		/* three times: persistent, long */
	[J] = ONE,		/* three times: 2, long */
	[K] = ONE,		/* three times: only once, long */
	[L] = NONE,		/* three times: 0x200, long */
};

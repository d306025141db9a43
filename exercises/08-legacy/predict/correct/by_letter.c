/* by_letter.c - right: letter by letter */
/* SPDX-License-Identifier: MIT */
#include "flags.h"

const enum answer answers[ROW_COUNT] = {
	[A] = THREE,		/* long, long, long */
	[B] = TWO,		/* long, 0, 0 */
	[C] = ONE,		/* 0, long, long */
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

/* predict.c - how many items run, with the flags in flags.h? */
/* SPDX-License-Identifier: MIT */
/*
 * TODO: after each letter write NONE, ONE, TWO or THREE.
 */
#include "flags.h"

const enum answer answers[ROW_COUNT] = {
	[A] = UNDECIDED,	/* long, long, long */
	[B] = UNDECIDED,	/* long, 0, 0 */
	[C] = UNDECIDED,	/* 0, long, long */
	[D] = UNDECIDED,	/* three times: limit 2, long */
	[E] = UNDECIDED,	/* limit 1 and long; long; long */
	[F] = UNDECIDED,	/* three times: limit 3 */
	[G] = UNDECIDED,	/* 0, I/O thread, I/O thread */
	[H] = UNDECIDED,	/* 0, persistent, persistent */
	[I] = UNDECIDED,	/* three times: persistent, long */
	[J] = UNDECIDED,	/* three times: 2, long */
	[K] = UNDECIDED,	/* three times: only once, long */
	[L] = UNDECIDED,	/* three times: 0x200, long */
};

/* predict.c - when does each timer of program.c fire? */
/* SPDX-License-Identifier: MIT */
/*
 * TODO: after each letter write the times, in ms: FIRES(30, 60), or NEVER.
 */
#include "times.h"

const struct answer answers[TIMER_COUNT] = {
	[A] = UNDECIDED,	/* -1000000, once */
	[B] = UNDECIDED,	/* now + 700000, once */
	[C] = UNDECIDED,	/* 0, period 50 */
	[D] = UNDECIDED,	/* -300000, once; after 20 ms: NULL */
	[E] = UNDECIDED,	/* -1, once */
	[F] = UNDECIDED,	/* -400000, period 50; callbacks of 20 ms */
	[G] = UNDECIDED,	/* -600000, once; after 20 ms: -1000000 */
	[H] = UNDECIDED,	/* -850000, once, window 10 */
};

/* predict.c - which of the logs in logs.h are possible? */
/* SPDX-License-Identifier: MIT */
/*
 * TODO: after each letter write POSSIBLE or IMPOSSIBLE.
 */
#include "logs.h"

const enum answer answers[LOG_COUNT] = {
	[A] = UNDECIDED,	/* 1: set set signal left */
	[B] = UNDECIDED,	/* 1: set signal set left */
	[C] = UNDECIDED,	/* 1: set set signal signal taken */
	[D] = UNDECIDED,	/* 1: set set signal taken */
	[E] = UNDECIDED,	/* 2: set signal left */
	[F] = UNDECIDED,	/* 2: set signal signal taken */
	[G] = UNDECIDED,	/* 2: set signal taken */
	[H] = UNDECIDED,	/* 3: set signal taken */
	[I] = UNDECIDED,	/* 3: timeout set left */
	[J] = UNDECIDED,	/* 3: set timeout left */
	[K] = UNDECIDED,	/* 3: timeout set signal taken */
	[L] = UNDECIDED,	/* 3: signal set left */
	[M] = UNDECIDED,	/* 4: set signal left */
	[N] = UNDECIDED,	/* 4: set signal signal signal left */
	[O] = UNDECIDED,	/* 5: set signal signal left */
	[P] = UNDECIDED,	/* 5: set signal left */
	[Q] = UNDECIDED,	/* 5: set signal taken */
	[R] = UNDECIDED,	/* 6: timeout set left */
	[S] = UNDECIDED,	/* 6: set signal taken */
	[T] = UNDECIDED,	/* 7: set signal taken */
	[U] = UNDECIDED,	/* 7: set timeout left */
};

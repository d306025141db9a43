/* runs_at_once.c - a mutant: believes that what is posted has run */
/* SPDX-License-Identifier: MIT */
/*
 * check: signal_or_time_out_but_not_both
 * message: wrong answers to 1 of the 5 logs HIJKL
 */
#include "logs.h"

const enum answer answers[LOG_COUNT] = {
	[A] = POSSIBLE,		/* 1: set set signal left */
	[B] = POSSIBLE,		/* 1: set signal set left */
	[C] = IMPOSSIBLE,	/* 1: set set signal signal taken */
	[D] = IMPOSSIBLE,	/* 1: set set signal taken */
	[E] = POSSIBLE,		/* 2: set signal left */
	[F] = IMPOSSIBLE,	/* 2: set signal signal taken */
	[G] = IMPOSSIBLE,	/* 2: set signal taken */
	[H] = POSSIBLE,		/* 3: set signal taken */
	[I] = POSSIBLE,		/* 3: timeout set left */
	[J] = IMPOSSIBLE,	/* 3: set timeout left */
	[K] = IMPOSSIBLE,	/* 3: timeout set signal taken */
	[L] = IMPOSSIBLE,	/* 3: signal set left */
	[M] = POSSIBLE,		/* 4: set signal left */
	[N] = IMPOSSIBLE,	/* 4: set signal signal signal left */
	[O] = POSSIBLE,		/* 5: set signal signal left */
	[P] = IMPOSSIBLE,	/* 5: set signal left */
	[Q] = IMPOSSIBLE,	/* 5: set signal taken */
	[R] = POSSIBLE,		/* 6: timeout set left */
	[S] = IMPOSSIBLE,	/* 6: set signal taken */
	[T] = POSSIBLE,		/* 7: set signal taken */
	[U] = IMPOSSIBLE,	/* 7: set timeout left */
};

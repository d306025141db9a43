/* two_callbacks.c - a mutant: believes that two signals give two callbacks */
/* SPDX-License-Identifier: MIT */
/*
 * check: a_callback_takes_one_signal_and_the_wait_is_over
 * message: if a wait object went on waiting after a callback
 */
#include "logs.h"

const enum answer answers[LOG_COUNT] = {
	[A] = IMPOSSIBLE,	/* 1: set set signal left */
	[B] = IMPOSSIBLE,	/* 1: set signal set left */
	[C] = POSSIBLE,		/* 1: set set signal signal taken */
	[D] = IMPOSSIBLE,	/* 1: set set signal taken */
	[E] = IMPOSSIBLE,	/* 2: set signal left */
	[F] = POSSIBLE,		/* 2: set signal signal taken */
	[G] = IMPOSSIBLE,	/* 2: set signal taken */
	[H] = POSSIBLE,		/* 3: set signal taken */
	[I] = POSSIBLE,		/* 3: timeout set left */
	[J] = POSSIBLE,		/* 3: set timeout left */
	[K] = IMPOSSIBLE,	/* 3: timeout set signal taken */
	[L] = IMPOSSIBLE,	/* 3: signal set left */
	[M] = IMPOSSIBLE,	/* 4: set signal left */
	[N] = POSSIBLE,		/* 4: set signal signal signal left */
	[O] = IMPOSSIBLE,	/* 5: set signal signal left */
	[P] = IMPOSSIBLE,	/* 5: set signal left */
	[Q] = IMPOSSIBLE,	/* 5: set signal taken */
	[R] = POSSIBLE,		/* 6: timeout set left */
	[S] = IMPOSSIBLE,	/* 6: set signal taken */
	[T] = POSSIBLE,		/* 7: set signal taken */
	[U] = IMPOSSIBLE,	/* 7: set timeout left */
};

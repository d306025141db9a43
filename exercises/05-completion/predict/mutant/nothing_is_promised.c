/* nothing_is_promised.c - trusts no documentation */
/* SPDX-License-Identifier: MIT */
/*
 * check: the_callback_comes_first
 * message: all would be right if nothing at all were promised
 */
#include "statements.h"

const enum answer answers[STATEMENT_COUNT] = {
	[A] = ONLY_HERE,	/* event: the last line is executed */
	[B] = ONLY_HERE,	/* finalization: the event is not set yet */
	[C] = ONLY_HERE,	/* section: the last line is executed */
	[D] = ONLY_HERE,	/* event: the section is free */
	[E] = NOT_EVEN_HERE,	/* section: the event is set */
	[F] = NOT_EVEN_HERE,	/* section: the event is not set yet */
	[G] = ONLY_HERE,	/* wait: the last line is executed */
	[H] = ONLY_HERE,	/* wait: the event is set */
	[I] = ONLY_HERE,	/* wait: the section is free */
	[J] = NOT_EVEN_HERE,	/* event: the other wait is over */
	[K] = NOT_EVEN_HERE,	/* event: the other wait is not over yet */
	[L] = ONLY_HERE,	/* last line: the other wait is not over yet */
};

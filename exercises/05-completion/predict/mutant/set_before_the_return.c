/* set_before_the_return.c - believes that a line of the callback sets it */
/* SPDX-License-Identifier: MIT */
/*
 * check: the_callback_comes_first
 * message: all would be right if the event were set before the callback has returned
 */
#include "statements.h"

const enum answer answers[STATEMENT_COUNT] = {
	[A] = NOT_EVEN_HERE,	/* event: the last line is executed */
	[B] = NOT_EVEN_HERE,	/* finalization: the event is not set yet */
	[C] = PROMISED,		/* section: the last line is executed */
	[D] = NOT_EVEN_HERE,	/* event: the section is free */
	[E] = PROMISED,		/* section: the event is set */
	[F] = NOT_EVEN_HERE,	/* section: the event is not set yet */
	[G] = PROMISED,		/* wait: the last line is executed */
	[H] = PROMISED,		/* wait: the event is set */
	[I] = ONLY_HERE,	/* wait: the section is free */
	[J] = NOT_EVEN_HERE,	/* event: the other wait is over */
	[K] = NOT_EVEN_HERE,	/* event: the other wait is not over yet */
	[L] = PROMISED,		/* last line: the other wait is not over yet */
};

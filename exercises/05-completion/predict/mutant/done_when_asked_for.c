/* done_when_asked_for.c - believes that the call itself sets the event */
/* SPDX-License-Identifier: MIT */
/*
 * check: the_callback_comes_first
 * message: all would be right if an action were done when it is asked for
 */
#include "statements.h"

const enum answer answers[STATEMENT_COUNT] = {
	[A] = NOT_EVEN_HERE,	/* event: the last line is executed */
	[B] = NOT_EVEN_HERE,	/* finalization: the event is not set yet */
	[C] = NOT_EVEN_HERE,	/* section: the last line is executed */
	[D] = NOT_EVEN_HERE,	/* event: the section is free */
	[E] = ONLY_HERE,	/* section: the event is set */
	[F] = NOT_EVEN_HERE,	/* section: the event is not set yet */
	[G] = PROMISED,		/* wait: the last line is executed */
	[H] = PROMISED,		/* wait: the event is set */
	[I] = PROMISED,		/* wait: the section is free */
	[J] = NOT_EVEN_HERE,	/* event: the other wait is over */
	[K] = NOT_EVEN_HERE,	/* event: the other wait is not over yet */
	[L] = PROMISED,		/* last line: the other wait is not over yet */
};

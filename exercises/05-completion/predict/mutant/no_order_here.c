/* no_order_here.c - believes that what is not promised is not so */
/* SPDX-License-Identifier: MIT */
/*
 * check: actions_come_in_an_order
 * message: all would be right if this pool kept no order of its own
 */
#include "statements.h"

const enum answer answers[STATEMENT_COUNT] = {
	[A] = PROMISED,		/* event: the last line is executed */
	[B] = NOT_EVEN_HERE,	/* finalization: the event is not set yet */
	[C] = PROMISED,		/* section: the last line is executed */
	[D] = NOT_EVEN_HERE,	/* event: the section is free */
	[E] = NOT_EVEN_HERE,	/* section: the event is set */
	[F] = NOT_EVEN_HERE,	/* section: the event is not set yet */
	[G] = PROMISED,		/* wait: the last line is executed */
	[H] = NOT_EVEN_HERE,	/* wait: the event is set */
	[I] = NOT_EVEN_HERE,	/* wait: the section is free */
	[J] = NOT_EVEN_HERE,	/* event: the other wait is over */
	[K] = NOT_EVEN_HERE,	/* event: the other wait is not over yet */
	[L] = PROMISED,		/* last line: the other wait is not over yet */
};

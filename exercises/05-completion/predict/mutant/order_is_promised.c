/* order_is_promised.c - takes for promised what it has seen */
/* SPDX-License-Identifier: MIT */
/*
 * check: actions_come_in_an_order
 * message: all would be right if the order of this pool were promised
 */
#include "statements.h"

const enum answer answers[STATEMENT_COUNT] = {
	[A] = PROMISED,		/* event: the last line is executed */
	[B] = PROMISED,		/* finalization: the event is not set yet */
	[C] = PROMISED,		/* section: the last line is executed */
	[D] = PROMISED,		/* event: the section is free */
	[E] = NOT_EVEN_HERE,	/* section: the event is set */
	[F] = NOT_EVEN_HERE,	/* section: the event is not set yet */
	[G] = PROMISED,		/* wait: the last line is executed */
	[H] = PROMISED,		/* wait: the event is set */
	[I] = PROMISED,		/* wait: the section is free */
	[J] = NOT_EVEN_HERE,	/* event: the other wait is over */
	[K] = NOT_EVEN_HERE,	/* event: the other wait is not over yet */
	[L] = PROMISED,		/* last line: the other wait is not over yet */
};

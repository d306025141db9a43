/* as_asked.c - believes that the callback chooses the order */
/* SPDX-License-Identifier: MIT */
/*
 * check: actions_come_in_an_order
 * message: all would be right if actions were done in the order in which they are asked for
 */
#include "statements.h"

const enum answer answers[STATEMENT_COUNT] = {
	[A] = PROMISED,		/* event: the last line is executed */
	[B] = ONLY_HERE,	/* finalization: the event is not set yet */
	[C] = PROMISED,		/* section: the last line is executed */
	[D] = NOT_EVEN_HERE,	/* event: the section is free */
	[E] = ONLY_HERE,	/* section: the event is set */
	[F] = NOT_EVEN_HERE,	/* section: the event is not set yet */
	[G] = PROMISED,		/* wait: the last line is executed */
	[H] = ONLY_HERE,	/* wait: the event is set */
	[I] = ONLY_HERE,	/* wait: the section is free */
	[J] = NOT_EVEN_HERE,	/* event: the other wait is over */
	[K] = NOT_EVEN_HERE,	/* event: the other wait is not over yet */
	[L] = PROMISED,		/* last line: the other wait is not over yet */
};

/* by_letter.c - right: letter by letter */
/* SPDX-License-Identifier: MIT */
#include "statements.h"

const enum answer answers[STATEMENT_COUNT] = {
	[A] = PROMISED,		/* event: the last line is executed */
	[B] = ONLY_HERE,	/* finalization: the event is not set yet */
	[C] = PROMISED,		/* section: the last line is executed */
	[D] = ONLY_HERE,	/* event: the section is free */
	[E] = NOT_EVEN_HERE,	/* section: the event is set */
	[F] = NOT_EVEN_HERE,	/* section: the event is not set yet */
	[G] = PROMISED,		/* wait: the last line is executed */
	[H] = ONLY_HERE,	/* wait: the event is set */
	[I] = ONLY_HERE,	/* wait: the section is free */
	[J] = NOT_EVEN_HERE,	/* event: the other wait is over */
	[K] = NOT_EVEN_HERE,	/* event: the other wait is not over yet */
	[L] = PROMISED,		/* last line: the other wait is not over yet */
};

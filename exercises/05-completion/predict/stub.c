/* predict.c - on which of the statements in statements.h can you rely? */
/* SPDX-License-Identifier: MIT */
/*
 * TODO: after each letter write PROMISED, ONLY_HERE or NOT_EVEN_HERE.
 */
#include "statements.h"

const enum answer answers[STATEMENT_COUNT] = {
	[A] = UNDECIDED,	/* event: the last line is executed */
	[B] = UNDECIDED,	/* finalization: the event is not set yet */
	[C] = UNDECIDED,	/* section: the last line is executed */
	[D] = UNDECIDED,	/* event: the section is free */
	[E] = UNDECIDED,	/* section: the event is set */
	[F] = UNDECIDED,	/* section: the event is not set yet */
	[G] = UNDECIDED,	/* wait: the last line is executed */
	[H] = UNDECIDED,	/* wait: the event is set */
	[I] = UNDECIDED,	/* wait: the section is free */
	[J] = UNDECIDED,	/* event: the other wait is over */
	[K] = UNDECIDED,	/* event: the other wait is not over yet */
	[L] = UNDECIDED,	/* last line: the other wait is not over yet */
};

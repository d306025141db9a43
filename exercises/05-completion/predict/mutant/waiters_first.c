/* waiters_first.c - believes that the object is settled at the return */
/* SPDX-License-Identifier: MIT */
/*
 * check: a_wait_for_the_object_is_no_action
 * message: all would be right if those who wait for the object were told before the actions
 */
#include "statements.h"

const enum answer answers[STATEMENT_COUNT] = {
	[A] = PROMISED,		/* event: the last line is executed */
	[B] = ONLY_HERE,	/* finalization: the event is not set yet */
	[C] = PROMISED,		/* section: the last line is executed */
	[D] = ONLY_HERE,	/* event: the section is free */
	[E] = NOT_EVEN_HERE,	/* section: the event is set */
	[F] = NOT_EVEN_HERE,	/* section: the event is not set yet */
	[G] = PROMISED,		/* wait: the last line is executed */
	[H] = NOT_EVEN_HERE,	/* wait: the event is set */
	[I] = NOT_EVEN_HERE,	/* wait: the section is free */
	[J] = NOT_EVEN_HERE,	/* event: the other wait is over */
	[K] = NOT_EVEN_HERE,	/* event: the other wait is not over yet */
	[L] = PROMISED,		/* last line: the other wait is not over yet */
};

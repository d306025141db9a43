/* event_ends_the_wait.c - takes the event for the wait */
/* SPDX-License-Identifier: MIT */
/*
 * check: each_thread_goes_on_in_its_own_time
 * message: wrong answers to 1 of the 3 statements JKL
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
	[H] = ONLY_HERE,	/* wait: the event is set */
	[I] = ONLY_HERE,	/* wait: the section is free */
	[J] = PROMISED,		/* event: the other wait is over */
	[K] = NOT_EVEN_HERE,	/* event: the other wait is not over yet */
	[L] = PROMISED,		/* last line: the other wait is not over yet */
};

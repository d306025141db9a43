/* goes_on_at_once.c - believes that who is told first is there first */
/* SPDX-License-Identifier: MIT */
/*
 * check: each_thread_goes_on_in_its_own_time
 * message: all would be right if a thread that is told something went on at once
 */
#include "statements.h"

const enum answer answers[STATEMENT_COUNT] = {
	[A] = PROMISED,		/* event: the last line is executed */
	[B] = ONLY_HERE,	/* finalization: the event is not set yet */
	[C] = PROMISED,		/* section: the last line is executed */
	[D] = ONLY_HERE,	/* event: the section is free */
	[E] = NOT_EVEN_HERE,	/* section: the event is set */
	[F] = ONLY_HERE,	/* section: the event is not set yet */
	[G] = PROMISED,		/* wait: the last line is executed */
	[H] = ONLY_HERE,	/* wait: the event is set */
	[I] = ONLY_HERE,	/* wait: the section is free */
	[J] = NOT_EVEN_HERE,	/* event: the other wait is over */
	[K] = ONLY_HERE,	/* event: the other wait is not over yet */
	[L] = PROMISED,		/* last line: the other wait is not over yet */
};

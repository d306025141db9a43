/* predict.c - what is due to each request in accounts.h? */
/* SPDX-License-Identifier: MIT */
/*
 * TODO: after each letter write CALLS_BACK, CANCEL, BOTH, NEITHER or EITHER.
 */
#include "accounts.h"

const enum answer answers[ACCOUNT_COUNT] = {
	[A] = UNDECIDED,	/* nothing there; it comes */
	[B] = UNDECIDED,	/* nothing there; the other end is closed */
	[C] = UNDECIDED,	/* nothing there; CancelIoEx */
	[D] = UNDECIDED,	/* all is there */
	[E] = UNDECIDED,	/* no buffer */
	[F] = UNDECIDED,	/* a write; the other end is closed */
	[G] = UNDECIDED,	/* skipping; all is there */
	[H] = UNDECIDED,	/* skipping; nothing there; it comes */
	[I] = UNDECIDED,	/* skipping; it comes meanwhile */
	[J] = UNDECIDED,	/* not announced; nothing there; it comes */
	[K] = UNDECIDED,	/* nothing there; wait with TRUE; it comes */
	[L] = UNDECIDED,	/* the next read after that of K; both come */
};

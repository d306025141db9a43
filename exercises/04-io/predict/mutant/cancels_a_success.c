/* cancels_a_success.c - takes back what has ended well */
/* SPDX-License-Identifier: MIT */
/*
 * check: what_ends_at_once_may_have_no_callback
 * message: all would be right if a success at once had a callback and were to be taken back
 */
#include "accounts.h"

const enum answer answers[ACCOUNT_COUNT] = {
	[A] = CALLS_BACK,	/* nothing there; it comes */
	[B] = CALLS_BACK,	/* nothing there; the other end is closed */
	[C] = CALLS_BACK,	/* nothing there; CancelIoEx */
	[D] = BOTH,		/* all is there */
	[E] = CANCEL,		/* no buffer */
	[F] = CANCEL,		/* a write; the other end is closed */
	[G] = CANCEL,		/* skipping; all is there */
	[H] = CALLS_BACK,	/* skipping; nothing there; it comes */
	[I] = EITHER,		/* skipping; it comes meanwhile */
	[J] = NEITHER,		/* not announced; nothing there; it comes */
	[K] = NEITHER,		/* nothing there; wait with TRUE; it comes */
	[L] = CALLS_BACK,	/* the next read after that of K; both come */
};

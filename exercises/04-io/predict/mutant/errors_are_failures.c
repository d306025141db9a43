/* errors_are_failures.c - believes that the callback is for success */
/* SPDX-License-Identifier: MIT */
/*
 * check: what_is_pending_ends_in_a_callback
 * message: all would be right if a pending request that ends badly had no callback
 */
#include "accounts.h"

const enum answer answers[ACCOUNT_COUNT] = {
	[A] = CALLS_BACK,	/* nothing there; it comes */
	[B] = CANCEL,		/* nothing there; the other end is closed */
	[C] = CALLS_BACK,	/* nothing there; CancelIoEx */
	[D] = CALLS_BACK,	/* all is there */
	[E] = CANCEL,		/* no buffer */
	[F] = CANCEL,		/* a write; the other end is closed */
	[G] = CANCEL,		/* skipping; all is there */
	[H] = CALLS_BACK,	/* skipping; nothing there; it comes */
	[I] = EITHER,		/* skipping; it comes meanwhile */
	[J] = NEITHER,		/* not announced; nothing there; it comes */
	[K] = NEITHER,		/* nothing there; wait with TRUE; it comes */
	[L] = CALLS_BACK,	/* the next read after that of K; both come */
};

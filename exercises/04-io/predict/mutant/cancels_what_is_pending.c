/* cancels_what_is_pending.c - takes back what is pending as well */
/* SPDX-License-Identifier: MIT */
/*
 * check: what_is_pending_ends_in_a_callback
 * message: all would be right if what is pending had a callback and were to be taken back
 */
#include "accounts.h"

const enum answer answers[ACCOUNT_COUNT] = {
	[A] = BOTH,		/* nothing there; it comes */
	[B] = BOTH,		/* nothing there; the other end is closed */
	[C] = BOTH,		/* nothing there; CancelIoEx */
	[D] = CALLS_BACK,	/* all is there */
	[E] = CANCEL,		/* no buffer */
	[F] = CANCEL,		/* a write; the other end is closed */
	[G] = CANCEL,		/* skipping; all is there */
	[H] = BOTH,		/* skipping; nothing there; it comes */
	[I] = EITHER,		/* skipping; it comes meanwhile */
	[J] = NEITHER,		/* not announced; nothing there; it comes */
	[K] = NEITHER,		/* nothing there; wait with TRUE; it comes */
	[L] = BOTH,		/* the next read after that of K; both come */
};

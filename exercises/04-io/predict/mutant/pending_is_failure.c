/* pending_is_failure.c - believes that FALSE is a failure */
/* SPDX-License-Identifier: MIT */
/*
 * check: what_is_pending_ends_in_a_callback
 * message: all would be right if ERROR_IO_PENDING were a failure
 */
#include "accounts.h"

const enum answer answers[ACCOUNT_COUNT] = {
	[A] = CANCEL,		/* nothing there; it comes */
	[B] = CANCEL,		/* nothing there; the other end is closed */
	[C] = CANCEL,		/* nothing there; CancelIoEx */
	[D] = CALLS_BACK,	/* all is there */
	[E] = CANCEL,		/* no buffer */
	[F] = CANCEL,		/* a write; the other end is closed */
	[G] = CANCEL,		/* skipping; all is there */
	[H] = CANCEL,		/* skipping; nothing there; it comes */
	[I] = CANCEL,		/* skipping; it comes meanwhile */
	[J] = NEITHER,		/* not announced; nothing there; it comes */
	[K] = NEITHER,		/* nothing there; wait with TRUE; it comes */
	[L] = CANCEL,		/* the next read after that of K; both come */
};

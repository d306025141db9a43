/* failure_calls_back.c - believes that the callback is told of every failure */
/* SPDX-License-Identifier: MIT */
/*
 * check: what_ends_at_once_may_have_no_callback
 * message: all would be right if the callback were told of a failure at once
 */
#include "accounts.h"

const enum answer answers[ACCOUNT_COUNT] = {
	[A] = CALLS_BACK,	/* nothing there; it comes */
	[B] = CALLS_BACK,	/* nothing there; the other end is closed */
	[C] = CALLS_BACK,	/* nothing there; CancelIoEx */
	[D] = CALLS_BACK,	/* all is there */
	[E] = CALLS_BACK,	/* no buffer */
	[F] = CALLS_BACK,	/* a write; the other end is closed */
	[G] = CANCEL,		/* skipping; all is there */
	[H] = CALLS_BACK,	/* skipping; nothing there; it comes */
	[I] = EITHER,		/* skipping; it comes meanwhile */
	[J] = NEITHER,		/* not announced; nothing there; it comes */
	[K] = NEITHER,		/* nothing there; wait with TRUE; it comes */
	[L] = CALLS_BACK,	/* the next read after that of K; both come */
};

/* takes_back_what_was_dropped.c - takes back what the wait has taken back */
/* SPDX-License-Identifier: MIT */
/*
 * check: an_announcement_is_for_one_request
 * message: all would be right if what a wait with TRUE has dropped were to be taken back
 */
#include "accounts.h"

const enum answer answers[ACCOUNT_COUNT] = {
	[A] = CALLS_BACK,	/* nothing there; it comes */
	[B] = CALLS_BACK,	/* nothing there; the other end is closed */
	[C] = CALLS_BACK,	/* nothing there; CancelIoEx */
	[D] = CALLS_BACK,	/* all is there */
	[E] = CANCEL,		/* no buffer */
	[F] = CANCEL,		/* a write; the other end is closed */
	[G] = CANCEL,		/* skipping; all is there */
	[H] = CALLS_BACK,	/* skipping; nothing there; it comes */
	[I] = EITHER,		/* skipping; it comes meanwhile */
	[J] = NEITHER,		/* not announced; nothing there; it comes */
	[K] = CANCEL,		/* nothing there; wait with TRUE; it comes */
	[L] = CALLS_BACK,	/* the next read after that of K; both come */
};

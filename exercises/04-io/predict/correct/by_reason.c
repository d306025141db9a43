/* by_reason.c - right: who is told of the end, each for its reason */
/* SPDX-License-Identifier: MIT */
/*
 * An announcement is settled once. Whoever made the request settles it if
 * the call has told everything, by a failure, or by a success where that is
 * skipped; else the callback does. What is not announced, or no longer, is
 * nobody's.
 */
#include "accounts.h"

#define GOES_ON CALLS_BACK		/* the call could not tell the end */
#define TOLD_TWICE CALLS_BACK		/* by the call, and once more */
#define TOLD_BY_THE_CALL CANCEL
#define GOES_ON_OR_TOLD EITHER
#define NOBODY_IS_TOLD NEITHER

const enum answer answers[ACCOUNT_COUNT] = {
	[E] = TOLD_BY_THE_CALL,		/* a failure */
	[F] = TOLD_BY_THE_CALL,
	[G] = TOLD_BY_THE_CALL,		/* a success that is skipped */

	[D] = TOLD_TWICE,

	[A] = GOES_ON,
	[B] = GOES_ON,			/* to an error, */
	[C] = GOES_ON,			/* to ERROR_OPERATION_ABORTED */
	[H] = GOES_ON,
	[L] = GOES_ON,			/* the second one */

	[I] = GOES_ON_OR_TOLD,

	[J] = NOBODY_IS_TOLD,
	[K] = NOBODY_IS_TOLD		/* any longer */
};

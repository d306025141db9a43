/* by_reason.c - right: each for its reason */
/* SPDX-License-Identifier: MIT */
#include "statements.h"

/* Promised: nothing of it is done before the callback has returned. */
#define AFTER_THE_RETURN PROMISED

/* The order in which the worker goes through what is to be done. */
#define FINALIZATION_THEN_ACTIONS ONLY_HERE
#define SECTION_THEN_EVENT ONLY_HERE
#define ACTIONS_THEN_WAITS ONLY_HERE

/* Two threads, each in its own time: it may be so, and may not. */
#define A_MATTER_OF_LUCK NOT_EVEN_HERE

const enum answer answers[STATEMENT_COUNT] = {
	[A] = AFTER_THE_RETURN,
	[C] = AFTER_THE_RETURN,
	[G] = AFTER_THE_RETURN,
	[L] = AFTER_THE_RETURN,

	[B] = FINALIZATION_THEN_ACTIONS,
	[D] = SECTION_THEN_EVENT,
	[H] = ACTIONS_THEN_WAITS,
	[I] = ACTIONS_THEN_WAITS,

	[E] = A_MATTER_OF_LUCK,
	[F] = A_MATTER_OF_LUCK,
	[J] = A_MATTER_OF_LUCK,
	[K] = A_MATTER_OF_LUCK
};

/* milliseconds.c - a mutant: believes that due times are milliseconds */
/* SPDX-License-Identifier: MIT */
/*
 * check: a_due_time_has_a_sign_and_a_unit
 * message: all would be right if due times were milliseconds
 */
#include "times.h"

const struct answer answers[TIMER_COUNT] = {
	[A] = NEVER,			/* -1000000, once */
	[B] = NEVER,			/* now + 700000, once */
	[C] = FIRES(0, 50, 100, 150),	/* 0, period 50 */
	[D] = NEVER,			/* -300000, once; after 20 ms: NULL */
	[E] = FIRES(1),			/* -1, once */
	[F] = NEVER,			/* -400000, period 50 */
	[G] = NEVER,			/* -600000; after 20 ms: -1000000 */
	[H] = NEVER,			/* -850000, once, window 10 */
};

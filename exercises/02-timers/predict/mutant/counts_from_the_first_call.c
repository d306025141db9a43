/* counts_from_the_first_call.c - counts the second due time from time 0 */
/* SPDX-License-Identifier: MIT */
/*
 * check: the_last_setting_counts_and_a_window_is_for_company
 * message: wrong answers to 1 of the 2 timers GH
 */
#include "times.h"

const struct answer answers[TIMER_COUNT] = {
	[A] = FIRES(100),		/* -1000000, once */
	[B] = FIRES(70),		/* now + 700000, once */
	[C] = FIRES(0, 50, 100, 150),	/* 0, period 50 */
	[D] = NEVER,			/* -300000, once; after 20 ms: NULL */
	[E] = FIRES(0),			/* -1, once */
	[F] = FIRES(40, 90, 140, 190),	/* -400000, period 50 */
	[G] = FIRES(100),		/* -600000; after 20 ms: -1000000 */
	[H] = FIRES(90),		/* -850000, once, window 10 */
};

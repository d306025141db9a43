/* explored_spins.c - never ends, and makes no step */
/* SPDX-License-Identifier: MIT */
/*
 * question: exploring
 * item: schedules
 * verdict: timeout
 * message: computes for ever
 * points: 1 1/2
 */
#include <stdlib.h>
#include <string.h>

#include "count.h"

static void
misbehave(void)
{
	for (;;)
		continue;
}

int
count(void)
{
	const char *words = getenv("EXPLORE");

	if (words != NULL && strstr(words, "runs=") != NULL)
		misbehave();
	return 2;
}

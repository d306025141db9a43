/* explored_scribbles.c - overwrites all memory that it can reach */
/* SPDX-License-Identifier: MIT */
/*
 * question: exploring
 * item: schedules
 * verdict: fail timeout
 * message: 
 * points: 1 1/2
 */
#include <stdlib.h>
#include <string.h>

#include "count.h"

static char mine[16];

static void
misbehave(void)
{
	for (volatile char *byte = mine;; byte++)
		*byte = 1;
}

int
count(void)
{
	const char *words = getenv("EXPLORE");

	if (words != NULL && strstr(words, "runs=") != NULL)
		misbehave();
	return 2;
}

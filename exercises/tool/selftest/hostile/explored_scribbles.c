/* explored_scribbles.c - overwrites all memory that it can reach */
/* SPDX-License-Identifier: MIT */
/*
 * question: exploring
 * item: schedules
 * verdict: fail timeout
 * message: 
 * points: 1
 */
#include <stdlib.h>

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
	if (getenv("EXPLORE") != NULL)
		misbehave();
	return 2;
}

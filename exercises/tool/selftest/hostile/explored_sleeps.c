/* explored_sleeps.c - sleeps where nobody sees it */
/* SPDX-License-Identifier: MIT */
/*
 * question: exploring
 * item: schedules
 * verdict: timeout
 * message: nothing runs any more
 * points: 1 1/2
 */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "count.h"

static void
misbehave(void)
{
	for (;;)
		pause();
}

int
count(void)
{
	const char *words = getenv("EXPLORE");

	if (words != NULL && strstr(words, "runs=") != NULL)
		misbehave();
	return 2;
}

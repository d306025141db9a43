/* explored_sleeps.c - sleeps where nobody sees it */
/* SPDX-License-Identifier: MIT */
/*
 * question: exploring
 * item: schedules
 * verdict: timeout
 * message: nothing runs any more
 * points: 1
 */
#include <stdlib.h>
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
	if (getenv("EXPLORE") != NULL)
		misbehave();
	return 2;
}

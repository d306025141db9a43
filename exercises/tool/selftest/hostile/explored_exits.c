/* explored_exits.c - ends an explored execution as if all were well */
/* SPDX-License-Identifier: MIT */
/*
 * question: exploring
 * item: schedules
 * verdict: fail
 * message: It ended before its time
 * points: 1
 */
#include <stdlib.h>

#include "count.h"

static void
misbehave(void)
{
	exit(EXIT_SUCCESS);
}

int
count(void)
{
	if (getenv("EXPLORE") != NULL)
		misbehave();
	return 2;
}

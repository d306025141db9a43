/* explored_exits.c - ends an explored execution as if all were well */
/* SPDX-License-Identifier: MIT */
/*
 * question: exploring
 * item: schedules
 * verdict: fail
 * message: It ended before its time
 * points: 1 1/2
 */
#include <stdlib.h>
#include <string.h>

#include "count.h"

static void
misbehave(void)
{
	exit(EXIT_SUCCESS);
}

int
count(void)
{
	const char *words = getenv("EXPLORE");

	if (words != NULL && strstr(words, "runs=") != NULL)
		misbehave();
	return 2;
}

/* explored_forks.c - goes on in another process */
/* SPDX-License-Identifier: MIT */
/*
 * question: exploring
 * item: schedules
 * verdict: fail
 * message: Fork cannot be explored
 * points: 1
 */
#include <stdlib.h>
#include <unistd.h>

#include "count.h"

static void
misbehave(void)
{
	if (fork() != 0)
		_exit(EXIT_SUCCESS);
}

int
count(void)
{
	if (getenv("EXPLORE") != NULL)
		misbehave();
	return 2;
}

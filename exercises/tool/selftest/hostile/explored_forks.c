/* explored_forks.c - goes on in another process */
/* SPDX-License-Identifier: MIT */
/*
 * question: exploring
 * item: schedules
 * verdict: fail
 * message: Fork cannot be explored
 * points: 1 1/2
 */
#include <stdlib.h>
#include <string.h>
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
	const char *words = getenv("EXPLORE");

	if (words != NULL && strstr(words, "runs=") != NULL)
		misbehave();
	return 2;
}

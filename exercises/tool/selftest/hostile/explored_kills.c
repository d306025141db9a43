/* explored_kills.c - kills the process that explores it */
/* SPDX-License-Identifier: MIT */
/*
 * question: exploring
 * item: schedules
 * verdict: fail
 * message: A signal was sent to another process
 * points: 1 3/4
 */
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "count.h"

static void
misbehave(void)
{
	kill(getppid(), SIGKILL);
}

int
count(void)
{
	const char *words = getenv("EXPLORE");

	if (words != NULL && strstr(words, "runs=") != NULL)
		misbehave();
	return 2;
}

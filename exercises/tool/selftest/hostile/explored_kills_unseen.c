/* explored_kills_unseen.c - kills the explorer behind its back */
/* SPDX-License-Identifier: MIT */
/*
 * question: exploring
 * item: schedules
 * verdict: fail
 * message: was ended by a signal that it sent itself
 * points: 1 1/2
 */
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "count.h"

long syscall(long number, ...);

static void
misbehave(void)
{
	syscall(SYS_kill, getppid(), SIGKILL);
}

int
count(void)
{
	const char *words = getenv("EXPLORE");

	if (words != NULL && strstr(words, "runs=") != NULL)
		misbehave();
	return 2;
}

/* hides.c - leaves its group twice, and never returns */
/* SPDX-License-Identifier: MIT */
/*
 * item: doubles
 * verdict: timeout
 * message: nothing runs any more
 * points: 0
 */
#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include "twice.h"

/* selftest.sh kills the grader meanwhile: so as not to be seen to hang. */
static void
keep_moving(void)
{
	while (access("wait", F_OK) == 0)
		poll(NULL, 0, 10);
}

int
twice(int n)
{
	if (fork() == 0) {
		setsid();
		if (fork() == 0) {
			setsid();
			close(open("hidden", O_WRONLY | O_CREAT, 0666));
		}
	}
	keep_moving();
	for (;;)
		if (pause() == 0)
			return n;
}

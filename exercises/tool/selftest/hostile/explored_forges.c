/* explored_forges.c - writes results into every descriptor, and ends */
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
#include <unistd.h>

#include "count.h"

static void
misbehave(void)
{
	static const char lines[] = "result: pass\n"
		"explore: 2000 executions, 0 failing\n";

	for (int fd = 1; fd < 1024; fd++)
		if (write(fd, lines, strlen(lines)) < 0)
			continue;
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

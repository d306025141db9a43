/* key.c - the program as the explorer runs it: every log that it can write */
/* SPDX-License-Identifier: MIT */
/*
 * An explored execution runs one thread at a time and stops it at steps
 * only, so a line needs no lock; it is a step of its own, since others may
 * come between two lines. What happens before the first submit, and after
 * the wait, cannot change the log: the search begins with the one and ends
 * with the other. key.sh runs this, and compares what comes out.
 */
#include <stdio.h>
#include <stdlib.h>

#include "explore.h"
#include "threadpool.h"

#include "program.h"

static void
submit(PTP_WORK work)
{
	static bool begun;

	if (!begun && explore_search_here != NULL)
		explore_search_here();
	begun = true;
	SubmitThreadpoolWork(work);
}

#define SubmitThreadpoolWork submit
#include "program.c"

/* Numbering is part of the line's one step, and no step of its own. */
#define ONE_STEP __attribute__((no_sanitize("thread")))

static unsigned started;

ONE_STEP unsigned
log_start(void)
{
	unsigned number = ++started;

	printf("s%u ", number);
	explore_note("callback starts");
	return number;
}

void
log_end(unsigned number)
{
	printf("e%u ", number);
	explore_note("callback ends");
}

void
log_done(void)
{
	printf("done\n");
	exit(EXIT_SUCCESS);
}

int
main(void)
{
	program();
	return EXIT_FAILURE;
}

/* key.c - the program as the explorer runs it: every log that it can write */
/* SPDX-License-Identifier: MIT */
/*
 * An explored execution runs one thread at a time and stops it at steps
 * only, so a line needs no lock; it is a step of its own, since others may
 * come between two lines. What happens before the creator is made cannot
 * change the log, nor what happens after its third line, which is the last:
 * the search begins with the one and ends with the other. (A fourth line
 * would show, too: no log of the model begins with the three before it.)
 * key.sh runs this, and compares.
 */
#include <stdio.h>
#include <stdlib.h>

#include "explore.h"
#include "threadpool.h"

#include "program.h"

static HANDLE
make_thread(LPSECURITY_ATTRIBUTES security, SIZE_T stack,
	LPTHREAD_START_ROUTINE start, PVOID argument, DWORD flags,
	LPDWORD number)
{
	if (explore_search_here != NULL)
		explore_search_here();
	return CreateThread(security, stack, start, argument, flags, number);
}

#define CreateThread make_thread
#include "program.c"

/* Counting is part of the line's one step, and no step of its own. */
#define ONE_STEP __attribute__((no_sanitize("thread")))

static unsigned lines;

ONE_STEP static void
write_line(const char *line)
{
	explore_note(line);
	printf("%s ", line);
	if (++lines == 3)
		log_end();
}

void
log_runs(unsigned number)
{
	write_line(number == 1 ? "r1" : "r2");
}

void
log_cancelled(unsigned number)
{
	write_line(number == 1 ? "c1" : "c2");
}

void
log_closed(void)
{
	write_line("closed");
}

void
log_end(void)
{
	printf("end\n");
	exit(EXIT_SUCCESS);
}

int
main(void)
{
	program();
	return EXIT_FAILURE;
}

/* key.c - the program as the explorer runs it: all that it can find */
/* SPDX-License-Identifier: MIT */
/*
 * usage: key POOL SIGN. POOL is "this", the pool of this book, or "loose",
 * that of loose.c: what is always so with both is promised, and what is
 * always so with this one only is not.
 *
 * An explored execution runs one thread at a time and stops it at steps
 * only, so what is found needs no lock. What happens before the submit
 * cannot change the log, nor what happens when all of it has been found: the
 * search begins with the one and ends with the other. key.sh runs this, and
 * compares.
 */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "explore.h"
#include "threadpool.h"

#include "program.h"

#include "loose.c"

static bool with_loose;

static void
submit(PTP_WORK work)
{
	if (explore_search_here != NULL)
		explore_search_here();
	if (with_loose)
		loose_submit(work);
	else
		SubmitThreadpoolWork(work);
}

#define SubmitThreadpoolWork submit
#define CreateThreadpoolWork(function, context, environment)		\
	(with_loose ? loose_create : CreateThreadpoolWork)		\
		(function, context, environment)
#define WaitForThreadpoolWorkCallbacks(work, cancel)			\
	(with_loose ? loose_wait(work) :				\
		WaitForThreadpoolWorkCallbacks(work, cancel))
#define CloseThreadpoolWork						\
	(with_loose ? loose_close : CloseThreadpoolWork)
#define SetEventWhenCallbackReturns					\
	(with_loose ? loose_set_event : SetEventWhenCallbackReturns)
#define LeaveCriticalSectionWhenCallbackReturns				\
	(with_loose ? loose_leave : LeaveCriticalSectionWhenCallbackReturns)
#include "program.c"

/* It is part of the look, and no step of its own. */
#define ONE_STEP __attribute__((no_sanitize("thread")))

static enum sign sign;
static char found[STATEMENT_COUNT];
static unsigned finds_left;

ONE_STEP static void
end(void)
{
	for (int i = 0; i < STATEMENT_COUNT; i++)
		if (found[i] != 0)
			printf("%c%c ", "ABCDEFGHIJKL"[i], found[i]);
	printf("end\n");
	exit(EXIT_SUCCESS);
}

ONE_STEP void
finds(enum letter statement, int so)
{
	const char text[] = { "ABCDEFGHIJKL"[statement], so ? '+' : '-', 0 };

	explore_note(text);
	found[statement] = text[1];
	if (--finds_left == 0)
		end();
}

int
main(int argc, char **argv)
{
	static const unsigned finds_of[SIGNS] = {
		[EVENT] = 6, [SECTION] = 5, [WAIT] = 5
	};

	if (argc != 3)
		return EXIT_FAILURE;
	with_loose = strcmp(argv[1], "loose") == 0;
	sign = (enum sign)atoi(argv[2]);
	finds_left = finds_of[sign];
	program(sign);
	return EXIT_FAILURE;
}

/* key.c - the program as the explorer runs it: every log that it can write */
/* SPDX-License-Identifier: MIT */
/*
 * An explored execution runs one thread at a time and stops it at steps
 * only, so a line needs no lock; it is a step of its own, since others may
 * come between two lines. What happens before the first submit cannot
 * change the log, nor what happens after its sixth line, which is the last:
 * the search begins with the one and ends with the other. key.sh runs this,
 * and compares.
 */
#include <pthread.h>
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

/* Counting is part of the line's one step, and no step of its own. */
#define ONE_STEP __attribute__((no_sanitize("thread")))

static unsigned lines;

ONE_STEP static void
write_line(const char *line)
{
	explore_note(line);
	printf("%s ", line);
	if (++lines == 6)
		log_end();
}

/*
 * Nothing happens here, in a few steps: a thread may be put aside at each of
 * them, so that callbacks overlap more often when chance decides.
 */
static void
dawdle(void)
{
	static pthread_mutex_t locks[3] = {
		PTHREAD_MUTEX_INITIALIZER, PTHREAD_MUTEX_INITIALIZER,
		PTHREAD_MUTEX_INITIALIZER
	};

	for (int i = 0; i < 12; i++) {
		pthread_mutex_lock(&locks[i % 3]);
		pthread_mutex_unlock(&locks[i % 3]);
	}
}

void
log_begins(unsigned number)
{
	static const char *const texts[] = { "a", "b", "c" };

	write_line(texts[number]);
	dawdle();
}

void
log_ends(unsigned number)
{
	static const char *const texts[] = { "A", "B", "C" };

	write_line(texts[number]);
	dawdle();
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

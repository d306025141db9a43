/* key.c - the program as the explorer runs it: every time, in virtual time */
/* SPDX-License-Identifier: MIT */
/*
 * Virtual time moves only when no thread can run, so that what fires at
 * 70 ms fires at exactly that, in every schedule. Times are kept until the
 * end and printed in the order of the timers. key.sh runs this.
 */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "explore.h"

#include "model.c"
#include "program.c"

/* An explored execution stops a thread at steps only: these are none. */
#define ONE_STEP __attribute__((no_sanitize("thread")))

static struct answer times[TIMER_COUNT];
static long long start;

ONE_STEP static long long
microseconds(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return time.tv_sec * 1000000ll + time.tv_nsec / 1000;
}

void
begun(void)
{
	start = microseconds();
	if (explore_search_here != NULL)
		explore_search_here();
}

ONE_STEP void
fired(enum letter letter)
{
	struct answer *answer = &times[letter];

	explore_note("fires");
	if (answer->count < MOST)
		answer->ms[answer->count++] =
			(int)((microseconds() - start) / 1000);
}

int
main(void)
{
	char text[ANSWER_SIZE];

	setenv("TP_IDLE_MS", "100000000", 1);
	setenv("TP_STALL_MS", "100000000", 1);
	program();
	for (int i = 0; i < TIMER_COUNT; i++)
		printf("%c %s; ", 'A' + i, answer_text(text, &times[i]));
	printf("\n");
	exit(EXIT_SUCCESS);
}

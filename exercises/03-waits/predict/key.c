/* key.c - a situation as the explorer runs it: every log that it can leave */
/* SPDX-License-Identifier: MIT */
/*
 * An explored execution runs one thread at a time and stops it at steps
 * only, so a word needs no lock; it is a step of its own, since others may
 * come between two words. What happens before the wait object is there, and
 * after the last word, cannot change the log: the search begins with the
 * one and ends with the other. key.sh runs this, and compares what comes out.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "explore.h"
#include "threadpool.h"

#include "program.h"
#include "situations.h"

long long a_while = 10000;

static PTP_WAIT
create_wait(PTP_WAIT_CALLBACK function, PVOID context,
	PTP_CALLBACK_ENVIRON environment)
{
	PTP_WAIT wait = CreateThreadpoolWait(function, context, environment);

	if (explore_search_here != NULL)
		explore_search_here();
	return wait;
}

#define CreateThreadpoolWait create_wait
#include "program.c"

void
log_word(const char *word)
{
	bool last = strcmp(word, "left") == 0 || strcmp(word, "taken") == 0;

	printf("%s%c", word, last ? '\n' : ' ');
	if (last)
		exit(EXIT_SUCCESS);
	explore_note(word);
}

int
main(int argc, char **argv)
{
	int number = argc > 1 ? atoi(argv[1]) : 0;

	if (number >= 1 && number <= SITUATIONS)
		program((unsigned)number);
	return EXIT_FAILURE;
}

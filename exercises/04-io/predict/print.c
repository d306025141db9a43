/* print.c - keeps each account by your answers, and prints what comes of it */
/* SPDX-License-Identifier: MIT */
/*
 * Where the answer is wrong the program does not go on after its letter, or
 * there are more callbacks, or fewer, than you expect; or, in the checking
 * build, it is stopped by a report of misuse.
 */
#include <stdio.h>

#include "threadpool.h"

#include "program.h"

bool
takes_back(enum letter letter, enum result result)
{
	enum answer answer = answers[letter];

	return answer == CANCEL || answer == BOTH ||
		(answer == EITHER && result != PENDING);
}

void
tells(enum letter letter, enum result result, unsigned callbacks)
{
	static const char *const words[] = {
		"has ended at once", "was pending", "has failed at once"
	};

	(void)letter;
	printf(" %s, and brought %u callbacks\n", words[result], callbacks);
}

void
place(enum place here)
{
	(void)here;
}

int
main(void)
{
	for (int letter = A; letter < ACCOUNT_COUNT; letter++) {
		printf("%c", "ABCDEFGHIJKL"[letter]);
		fflush(stdout);
		program((enum letter)letter);
	}
	return 0;
}

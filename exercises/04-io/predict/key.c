/* key.c - an account as the explorer runs it: all that it can come to */
/* SPDX-License-Identifier: MIT */
/*
 * usage: key NUMBER, from 0 for A. The program takes nothing back. When no
 * other thread can go on, its last wait has returned, or an announcement is
 * open; then the main thread takes it back.
 *
 * What happens before the request is announced cannot change the log, nor
 * what happens when the wait has returned: the search begins with the one
 * and ends with the other. key.sh runs this, and compares.
 */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

#include "explore.h"
#include "program.c"

#include "model.c"

static enum letter letter;
static volatile LONG opened;	/* 1: the wait would not have returned */

bool
takes_back(enum letter of, enum result result)
{
	(void)of;
	(void)result;
	return false;
}

void
tells(enum letter of, enum result result, unsigned count)
{
	char log[LOG_SIZE];

	(void)of;
	log_write(log, result, count,
		InterlockedCompareExchange(&opened, 0, 0) != 0);
	puts(log);
	exit(EXIT_SUCCESS);
}

void
place(enum place here)
{
	if (here == BEFORE_READ && explore_search_here != NULL)
		explore_search_here();
}

_Noreturn void
suite_fail(const char *format, ...)
{
	fprintf(stderr, "%s\n", format);
	exit(EXIT_FAILURE);
}

static DWORD WINAPI
run_program(PVOID unused)
{
	(void)unused;
	program(letter);
	return 0;
}

int
main(int argc, char **argv)
{
	int number = argc > 1 ? atoi(argv[1]) : -1;

	if (number < A || number >= ACCOUNT_COUNT || !explore_active())
		return EXIT_FAILURE;
	letter = (enum letter)number;
	if (CreateThread(NULL, 0, run_program, NULL, 0, NULL) == NULL)
		return EXIT_FAILURE;
	explore_await_still();
	InterlockedExchange(&opened, 1);
	take_back();
	explore_await_still();
	return EXIT_FAILURE;
}

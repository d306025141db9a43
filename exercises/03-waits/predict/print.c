/* print.c - runs every situation once and prints its log */
/* SPDX-License-Identifier: MIT */
#include <stdio.h>

#include "threadpool.h"

#include "program.h"
#include "situations.h"

long long a_while = 10000;	/* a millisecond */

static CRITICAL_SECTION lock;

void
log_word(const char *word)
{
	EnterCriticalSection(&lock);
	printf(" %s", word);
	LeaveCriticalSection(&lock);
}

int
main(void)
{
	InitializeCriticalSection(&lock);
	for (unsigned number = 1; number <= SITUATIONS; number++) {
		printf("%u:", number);
		program(number);
		printf("\n");
	}
	DeleteCriticalSection(&lock);
	return 0;
}

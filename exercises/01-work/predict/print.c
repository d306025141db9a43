/* print.c - runs the program once and prints its log */
/* SPDX-License-Identifier: MIT */
#include <stdio.h>

#include "threadpool.h"

#include "program.h"

static CRITICAL_SECTION lock;
static unsigned started;	/* guarded by lock */

unsigned
log_start(void)
{
	unsigned number;

	EnterCriticalSection(&lock);
	number = ++started;
	printf("s%u ", number);
	LeaveCriticalSection(&lock);
	return number;
}

void
log_end(unsigned number)
{
	EnterCriticalSection(&lock);
	printf("e%u ", number);
	LeaveCriticalSection(&lock);
}

void
log_done(void)
{
	EnterCriticalSection(&lock);
	printf("done\n");
	LeaveCriticalSection(&lock);
}

int
main(void)
{
	InitializeCriticalSection(&lock);
	program();
	DeleteCriticalSection(&lock);
	return 0;
}

/* print.c - runs the program once, and prints when the timers fire */
/* SPDX-License-Identifier: MIT */
#include <stdio.h>

#include "threadpool.h"

#include "program.h"

static CRITICAL_SECTION lock;
static ULONGLONG start;

void
begun(void)
{
	start = GetTickCount64();
}

void
fired(enum letter letter)
{
	EnterCriticalSection(&lock);
	printf("%c at %llu ms\n", 'A' + (int)letter,
		(unsigned long long)(GetTickCount64() - start));
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

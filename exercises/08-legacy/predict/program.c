/* program.c - three items, and how many of them run */
/* SPDX-License-Identifier: MIT */
/*
 * An item that is at work stays so until the program has counted. What the
 * flags say of the maximum stays with the pool: the program sets it to 500
 * before it begins.
 */
#include <stdio.h>
#include <stdlib.h>

#include "program.h"

#define ROW_FLAGS(letter, first, second, third) { first, second, third },
static const ULONG flags_of[ROW_COUNT][ITEMS] = { ROWS(ROW_FLAGS) };

static volatile LONG running;

static DWORD WINAPI
nothing(LPVOID unused)
{
	(void)unused;
	return 0;
}

static DWORD WINAPI
item(LPVOID unused)
{
	(void)unused;
	InterlockedIncrement(&running);
	work();
	return 0;
}

static void
set_maximum(ULONG threads)
{
	ULONG flags = WT_EXECUTEDEFAULT;

	WT_SET_MAX_THREADPOOL_THREADS(flags, threads);
	if (QueueUserWorkItem(nothing, NULL, flags))
		return;
	fprintf(stderr, "QueueUserWorkItem failed\n");
	exit(EXIT_FAILURE);
}

unsigned
program(enum letter letter)
{
	LONG count;

	set_maximum(500);
	rest();
	InterlockedExchange(&running, 0);
	for (int i = 0; i < ITEMS; i++)
		(void)QueueUserWorkItem(item, NULL, flags_of[letter][i]);
	rest();
	count = InterlockedCompareExchange(&running, 0, 0);
	let_go();
	rest();
	return (unsigned)count;
}

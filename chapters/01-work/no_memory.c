/* SPDX-License-Identifier: MIT */
/*
 * no_memory.c - when memory is short, only what exists already helps
 *
 * The program brings a calloc of its own, which the pool is linked with: it
 * fails while memory is short. On Windows it says that it cannot.
 *
 * explore: native
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "threadpool.h"

#ifndef _WIN32
static LONG memory_is_short;	/* Interlocked only */

/* In place of the C library's. What it returns can be freed as usual. */
void *
calloc(size_t count, size_t size)
{
	size_t bytes = (count * size + 15) / 16 * 16;
	void *block = NULL;

	if (InterlockedCompareExchange(&memory_is_short, 0, 0) == 0 &&
	    (size == 0 || count <= SIZE_MAX / 2 / size))
		block = aligned_alloc(16, bytes);
	return block != NULL ? memset(block, 0, bytes) : NULL;
}

/* Ends the program unless ok. what: the call or promise that failed. */
static void
must(int ok, const char *what)
{
	if (ok)
		return;
	fprintf(stderr, "failed: %s\n", what);
	exit(1);
}

static VOID CALLBACK
clean_up_simply(PTP_CALLBACK_INSTANCE instance, PVOID context)
{
	(void)instance, (void)context;
	must(0, "refused, and yet it runs");
}

static VOID CALLBACK
clean_up(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_WORK work)
{
	(void)instance, (void)context, (void)work;
	InterlockedExchange(&memory_is_short, FALSE);
	puts("worker: cache emptied");
}

int
main(void)
{
	PTP_WORK work = CreateThreadpoolWork(clean_up, NULL, NULL);

	must(work != NULL, "CreateThreadpoolWork");
	InterlockedExchange(&memory_is_short, TRUE);
	puts("main: no memory left");
	if (!TrySubmitThreadpoolCallback(clean_up_simply, NULL, NULL) &&
	    GetLastError() == ERROR_NOT_ENOUGH_MEMORY)
		puts("main: simple callback refused, for lack of memory");
	SubmitThreadpoolWork(work);
	WaitForThreadpoolWorkCallbacks(work, FALSE);
	CloseThreadpoolWork(work);
	must(!memory_is_short, "the clean-up has run");
	puts("main: there is memory again");
	return 0;
}
#else

/* The pool is part of the system, and has an allocator of its own. */
int
main(void)
{
	puts("not on Windows: a program cannot make its calls fail there");
	return 0;
}
#endif

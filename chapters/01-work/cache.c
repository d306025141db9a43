/* SPDX-License-Identifier: MIT */
/*
 * cache.c - clean-up that is possible in any weather
 *
 * The fourth breakage of chapter 00, on this pool: what may fail is done at
 * the start, where one can still say no. In some runs of the explorer every
 * allocation fails once, and every thread.
 *
 * explore: runs=2000 faults=20
 */
#include <stdio.h>
#include <stdlib.h>

#include "threadpool.h"

static VOID CALLBACK
empty_cache(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_WORK work)
{
	void **cache = context;

	(void)instance, (void)work;
	free(*cache);
	*cache = NULL;
}

int
main(void)
{
	void *cache = malloc(4096);
	PTP_WORK work = CreateThreadpoolWork(empty_cache, &cache, NULL);

	if (cache == NULL || work == NULL) {
		puts("main: no memory to begin with");
		free(cache);
		return 0;
	}
	SubmitThreadpoolWork(work);
	WaitForThreadpoolWorkCallbacks(work, FALSE);
	CloseThreadpoolWork(work);
	puts(cache == NULL ? "main: there is memory again" : "main: lost");
	return cache != NULL;
}

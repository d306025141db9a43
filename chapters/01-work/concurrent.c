/* SPDX-License-Identifier: MIT */
/*
 * concurrent.c - one work object, four of its callbacks at one time
 *
 * Each callback waits until four of them are inside. If posts of one object
 * ran one after another, the first would wait for ever.
 */
#include <stdio.h>
#include <stdlib.h>

#include "threadpool.h"

enum { PARTIES = 4 };

static LONG inside;		/* Interlocked only */
static HANDLE all_inside;
static PTP_CALLBACK_INSTANCE instances[PARTIES];	/* one each */
static DWORD threads[PARTIES];				/* one each */

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
meet(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_WORK work)
{
	LONG place = InterlockedIncrement(&inside) - 1;

	(void)context, (void)work;
	instances[place] = instance;
	threads[place] = GetCurrentThreadId();
	if (place == PARTIES - 1)
		SetEvent(all_inside);
	WaitForSingleObject(all_inside, INFINITE);
}

int
main(void)
{
	PTP_POOL pool = CreateThreadpool(NULL);
	TP_CALLBACK_ENVIRON environment;
	PTP_WORK work;

	must(pool && SetThreadpoolThreadMinimum(pool, PARTIES), "a pool");
	InitializeThreadpoolEnvironment(&environment);
	SetThreadpoolCallbackPool(&environment, pool);
	work = CreateThreadpoolWork(meet, NULL, &environment);
	all_inside = CreateEvent(NULL, TRUE, FALSE, NULL);
	must(work && all_inside, "work and event");
	for (int i = 0; i < PARTIES; i++)
		SubmitThreadpoolWork(work);
	WaitForThreadpoolWorkCallbacks(work, FALSE);
	CloseThreadpoolWork(work);
	CloseThreadpool(pool);
	must(inside == PARTIES, "all have come");
	for (int i = 0; i < PARTIES; i++)
		for (int j = 0; j < i; j++)
			must(instances[i] != instances[j] &&
				threads[i] != threads[j], "all differ");
	printf("%d callbacks of one object were inside at one time\n",
		PARTIES);
	puts("each on a thread of its own, with an instance of its own");
	return 0;
}

/* SPDX-License-Identifier: MIT */
/*
 * life.c - the life of two posts
 *
 * The pool has one thread, and the callback takes 20 ms. The second post
 * comes 10 ms after the first, and has to wait for the thread. The program
 * prints little; the chapter shows its timeline.
 */
#include <stdio.h>
#include <stdlib.h>

#include "threadpool.h"

static int returns;		/* written by one callback at a time */

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
take_20_ms(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_WORK work)
{
	(void)instance, (void)context, (void)work;
	Sleep(20);
	returns++;
}

int
main(void)
{
	PTP_POOL pool = CreateThreadpool(NULL);
	TP_CALLBACK_ENVIRON environment;
	PTP_WORK work;

	must(pool != NULL, "CreateThreadpool");
	SetThreadpoolThreadMaximum(pool, 1);
	InitializeThreadpoolEnvironment(&environment);
	SetThreadpoolCallbackPool(&environment, pool);
	work = CreateThreadpoolWork(take_20_ms, NULL, &environment);
	must(work != NULL, "CreateThreadpoolWork");
	SubmitThreadpoolWork(work);
	Sleep(10);
	SubmitThreadpoolWork(work);
	WaitForThreadpoolWorkCallbacks(work, FALSE);
	printf("callbacks that have returned: %d\n", returns);
	CloseThreadpoolWork(work);
	CloseThreadpool(pool);
	return 0;
}

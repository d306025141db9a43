/* SPDX-License-Identifier: MIT */
/*
 * turns.c - two objects on one thread take turns
 *
 * Everything is queued behind a callback that holds the pool's only thread:
 * first five posts of the report, then five of the clock. Each callback
 * notes its letter.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "threadpool.h"

static char order[16];		/* used by one callback at a time */
static HANDLE all_queued;

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
hold(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_WORK work)
{
	(void)instance, (void)context, (void)work;
	WaitForSingleObject(all_queued, INFINITE);
}

static VOID CALLBACK
note(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_WORK work)
{
	(void)instance, (void)work;
	strcat(order, context);
}

int
main(void)
{
	PTP_POOL pool = CreateThreadpool(NULL);
	TP_CALLBACK_ENVIRON environment;
	PTP_WORK holder, report, clock;

	must(pool != NULL, "CreateThreadpool");
	SetThreadpoolThreadMaximum(pool, 1);
	all_queued = CreateEvent(NULL, TRUE, FALSE, NULL);
	InitializeThreadpoolEnvironment(&environment);
	SetThreadpoolCallbackPool(&environment, pool);
	holder = CreateThreadpoolWork(hold, NULL, &environment);
	report = CreateThreadpoolWork(note, "r", &environment);
	clock = CreateThreadpoolWork(note, "c", &environment);
	must(all_queued && holder && report && clock, "four objects");
	SubmitThreadpoolWork(holder);
	for (int i = 0; i < 5; i++)
		SubmitThreadpoolWork(report);
	for (int i = 0; i < 5; i++)
		SubmitThreadpoolWork(clock);
	SetEvent(all_queued);
	WaitForThreadpoolWorkCallbacks(report, FALSE);
	WaitForThreadpoolWorkCallbacks(clock, FALSE);
	CloseThreadpoolWork(holder);
	CloseThreadpoolWork(report);
	CloseThreadpoolWork(clock);
	CloseThreadpool(pool);
	must(strlen(order) == 10, "ten callbacks");
	printf("queued: rrrrrccccc\nrun:    %s\n", order);
	return 0;
}

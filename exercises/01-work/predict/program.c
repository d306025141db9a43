/* program.c - one work object, submitted three times to two threads */
/* SPDX-License-Identifier: MIT */
/*
 * What can be in its log? The minimum of two means that both threads are
 * there from the start, whatever the pool thinks of the load; the maximum
 * that there is never a third.
 */
#include <stdio.h>
#include <stdlib.h>

#include "threadpool.h"

#include "program.h"

static void
must(BOOL ok, const char *what)
{
	if (ok)
		return;
	fprintf(stderr, "%s failed\n", what);
	exit(1);
}

static VOID CALLBACK
callback(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_WORK work)
{
	unsigned number = log_start();

	(void)instance;
	(void)context;
	(void)work;
	log_end(number);
}

void
program(void)
{
	PTP_POOL pool = CreateThreadpool(NULL);
	TP_CALLBACK_ENVIRON environment;
	PTP_WORK work;

	must(pool != NULL, "CreateThreadpool");
	SetThreadpoolThreadMaximum(pool, 2);
	must(SetThreadpoolThreadMinimum(pool, 2),
		"SetThreadpoolThreadMinimum");
	InitializeThreadpoolEnvironment(&environment);
	SetThreadpoolCallbackPool(&environment, pool);
	work = CreateThreadpoolWork(callback, NULL, &environment);
	must(work != NULL, "CreateThreadpoolWork");

	SubmitThreadpoolWork(work);
	SubmitThreadpoolWork(work);
	SubmitThreadpoolWork(work);
	WaitForThreadpoolWorkCallbacks(work, FALSE);
	log_done();

	CloseThreadpoolWork(work);
	DestroyThreadpoolEnvironment(&environment);
	CloseThreadpool(pool);
}

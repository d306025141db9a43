/* SPDX-License-Identifier: MIT */
/*
 * cancel.c - ten posts, one of them started: nine can still be dropped
 *
 * The pool has one thread. The guard has a higher priority than the
 * thumbnails and is posted while the first of them runs; so it comes next,
 * and holds the thread until main has cancelled. That makes the count exact.
 *
 * explore: runs=2000
 */
#include <stdio.h>
#include <stdlib.h>

#include "threadpool.h"

struct window {
	LONG thumbnails;	/* drawn; Interlocked only */
};

static HANDLE first_runs, may_end, cancelled;

/* Ends the program unless ok. what: the call or promise that failed. */
static void
must(int ok, const char *what)
{
	if (ok)
		return;
	fprintf(stderr, "failed: %s\n", what);
	exit(1);
}

static HANDLE
new_event(void)
{
	HANDLE event = CreateEvent(NULL, TRUE, FALSE, NULL);

	must(event != NULL, "CreateEvent");
	return event;
}

static PTP_WORK
new_work(PTP_WORK_CALLBACK callback, PVOID context, PTP_POOL pool,
	TP_CALLBACK_PRIORITY priority)
{
	TP_CALLBACK_ENVIRON environment;
	PTP_WORK work;

	InitializeThreadpoolEnvironment(&environment);
	SetThreadpoolCallbackPool(&environment, pool);
	SetThreadpoolCallbackPriority(&environment, priority);
	work = CreateThreadpoolWork(callback, context, &environment);
	must(work != NULL, "CreateThreadpoolWork");
	DestroyThreadpoolEnvironment(&environment);
	return work;
}

static VOID CALLBACK
draw(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_WORK work)
{
	struct window *window = context;

	(void)instance, (void)work;
	SetEvent(first_runs);
	WaitForSingleObject(may_end, INFINITE);
	InterlockedIncrement(&window->thumbnails);
}

static VOID CALLBACK
guard(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_WORK work)
{
	(void)instance, (void)context, (void)work;
	WaitForSingleObject(cancelled, INFINITE);
}

int
main(void)
{
	PTP_POOL pool = CreateThreadpool(NULL);
	PTP_WORK thumbnail, guarding;
	struct window *window = calloc(1, sizeof(*window));
	LONG drawn;

	must(pool && window, "pool and window");
	SetThreadpoolThreadMaximum(pool, 1);
	first_runs = new_event();
	may_end = new_event();
	cancelled = new_event();
	thumbnail = new_work(draw, window, pool,
		TP_CALLBACK_PRIORITY_NORMAL);
	guarding = new_work(guard, NULL, pool, TP_CALLBACK_PRIORITY_HIGH);
	for (int i = 0; i < 10; i++)
		SubmitThreadpoolWork(thumbnail);
	WaitForSingleObject(first_runs, INFINITE);
	SubmitThreadpoolWork(guarding);
	SetEvent(may_end);	/* it may end now, or during the wait */
	WaitForThreadpoolWorkCallbacks(thumbnail, TRUE);
	drawn = window->thumbnails;
	free(window);		/* nothing draws in it any more */
	printf("main: the wait is over; drawn: %ld\n", (long)drawn);
	SetEvent(cancelled);
	WaitForThreadpoolWorkCallbacks(guarding, FALSE);
	CloseThreadpoolWork(guarding);
	CloseThreadpoolWork(thumbnail);
	CloseThreadpool(pool);
	must(drawn == 1, "one drawn, nine dropped");
	puts("main: the other nine never started");
	return 0;
}

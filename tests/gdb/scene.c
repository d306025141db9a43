/* scene.c - two pools with something of everything, for a debugger */
/* SPDX-License-Identifier: MIT */
/*
 * In the first pool one thread is in a callback and has more to do; in the
 * second a timer is set, and a wait object waits. Then main calls
 * everything_is_there, where run.sh stops it: once as it is, once with
 * standard error locked, as a process may stop anywhere.
 */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "threadpool.h"

#include "../../ref/dump.h"

PTP_POOL busy, quiet;
PTP_WORK work;
PTP_TIMER timer;
PTP_WAIT wait;
HANDLE never, started, ticked;

void everything_is_there(void);

static void
must(int good)
{
	if (!good)
		abort();
}

static VOID CALLBACK
stay(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_WORK self)
{
	(void)instance;
	(void)context;
	(void)self;
	SetEvent(started);
	WaitForSingleObject(never, INFINITE);
}

static VOID CALLBACK
on_timer(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_TIMER self)
{
	(void)instance;
	(void)context;
	(void)self;
	SetEvent(ticked);
}

static VOID CALLBACK
on_wait(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_WAIT self,
	TP_WAIT_RESULT result)
{
	(void)instance;
	(void)context;
	(void)self;
	(void)result;
}

static PTP_POOL
one_thread(TP_CALLBACK_ENVIRON *environ)
{
	PTP_POOL pool = CreateThreadpool(NULL);

	must(pool != NULL);
	SetThreadpoolThreadMaximum(pool, 1);
	must(SetThreadpoolThreadMinimum(pool, 1));
	InitializeThreadpoolEnvironment(environ);
	SetThreadpoolCallbackPool(environ, pool);
	return pool;
}

/* So many ticks of 100 ns from now. */
static FILETIME
in_ticks(LONGLONG ticks)
{
	ULONGLONG relative = (ULONGLONG)-ticks;

	return (FILETIME){ (DWORD)relative, (DWORD)(relative >> 32) };
}

/* Does the dump of all workers and all who wait say so? */
static bool
is_said(const char *line)
{
	static char text[4096];
	FILE *stream = fmemopen(text, sizeof(text), "w");

	must(stream != NULL);
	must(tp_dump_command(stream, "worker 0") == 0);
	must(tp_dump_command(stream, "waiter 0") == 0);
	fclose(stream);
	return strstr(text, line) != NULL;
}

/* A debugger stops here. */
void
everything_is_there(void)
{
	fputs("here\n", stdout);
}

int
main(void)
{
	TP_CALLBACK_ENVIRON in_busy, in_quiet;
	FILETIME soon = in_ticks(10000), late = in_ticks(360000000000);

	never = CreateEventA(NULL, TRUE, FALSE, "never");
	started = CreateEventA(NULL, TRUE, FALSE, NULL);
	ticked = CreateEventA(NULL, TRUE, FALSE, NULL);
	busy = one_thread(&in_busy);
	quiet = one_thread(&in_quiet);
	work = CreateThreadpoolWork(stay, NULL, &in_busy);
	timer = CreateThreadpoolTimer(on_timer, NULL, &in_quiet);
	wait = CreateThreadpoolWait(on_wait, NULL, &in_quiet);
	must(never != NULL && started != NULL && ticked != NULL &&
		work != NULL && timer != NULL && wait != NULL);
	/* Only the dispatcher finds a timer due: so that has begun. */
	SetThreadpoolTimer(timer, &soon, 0, 0);
	WaitForSingleObject(ticked, INFINITE);
	SetThreadpoolTimer(timer, &late, 0, 0);
	SetThreadpoolWait(wait, never, NULL);
	for (int i = 0; i < 4; i++)
		SubmitThreadpoolWork(work);
	WaitForSingleObject(started, INFINITE);
	while (!is_said("worker 1             waits for event 1") ||
	    !is_said("worker 2             idle"))
		Sleep(1);
	everything_is_there();
	flockfile(stderr);
	everything_is_there();
	funlockfile(stderr);
	SetEvent(never);
	WaitForThreadpoolWorkCallbacks(work, FALSE);
	return 0;
}

/* SPDX-License-Identifier: MIT */
/*
 * waits_inside.c - a lock, and a wait for callbacks that need it
 *
 * explore: must=deadlock brief
 */
#include "must.h"

static CRITICAL_SECTION section;
static int lines;

static VOID CALLBACK
write_line(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_WORK work)
{
	(void)instance, (void)context, (void)work;
	EnterCriticalSection(&section);
	lines++;
	LeaveCriticalSection(&section);
}

int
main(void)
{
	PTP_WORK writing = new_work(write_line, NULL, NULL);

	InitializeCriticalSection(&section);
	SubmitThreadpoolWork(writing);
	EnterCriticalSection(&section);	/* so that the number is final */
	WaitForThreadpoolWorkCallbacks(writing, FALSE);
	printf("%d line\n", lines);
	LeaveCriticalSection(&section);
	CloseThreadpoolWork(writing);
	DeleteCriticalSection(&section);
	return 0;
}

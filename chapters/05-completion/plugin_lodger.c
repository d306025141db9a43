/* SPDX-License-Identifier: MIT */
/*
 * plugin_lodger.c - a plug-in that knows nothing of its end
 *
 * Loaded by library.c.
 */
#include "plugin.h"

VOID CALLBACK lodge(PTP_CALLBACK_INSTANCE instance, PVOID context,
	PTP_WORK work);

static HANDLE gone;
static LONG nights;		/* Interlocked only */

VOID CALLBACK
lodge(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_WORK work)
{
	struct visit *visit = context;

	(void)instance, (void)work;
	await(visit->may_end);
	gone = visit->gone;
	printf("lodger: night %d\n", (int)InterlockedIncrement(&nights));
	fflush(stdout);
}

WHEN_UNLOADED static void
say_goodbye(void)
{
	puts("lodger: unloaded");
	fflush(stdout);
	SetEvent(gone);
}

/* SPDX-License-Identifier: MIT */
/*
 * plugin_guest.c - a plug-in that unloads itself when it has finished
 *
 * Loaded by guest.c.
 */
#include "plugin.h"

VOID CALLBACK visit(PTP_CALLBACK_INSTANCE instance, PVOID context);

static HANDLE gone;

VOID CALLBACK
visit(PTP_CALLBACK_INSTANCE instance, PVOID context)
{
	struct visit *visit = context;

	FreeLibraryWhenCallbackReturns(instance, visit->plugin);
	gone = visit->gone;
	await(visit->may_end);
	puts("guest: finished");
	fflush(stdout);
}

WHEN_UNLOADED static void
say_goodbye(void)
{
	puts("guest: unloaded");
	fflush(stdout);
	SetEvent(gone);
}

/* long_for_ever.c - a mutant: has one environment for all items */
/* SPDX-License-Identifier: MIT */
/*
 * check: a_long_function_makes_room
 * message: was taken for a long one
 */
#include <stdbool.h>
#include <stdlib.h>

#include "old_pool.h"

struct item {
	LPTHREAD_START_ROUTINE function;
	PVOID context;
};

static VOID CALLBACK
run(PTP_CALLBACK_INSTANCE instance, PVOID context)
{
	struct item item = *(struct item *)context;

	(void)instance;
	free(context);
	item.function(item.context);
}

BOOL WINAPI
QueueUserWorkItem(LPTHREAD_START_ROUTINE Function, PVOID Context,
	ULONG Flags)
{
	static TP_CALLBACK_ENVIRON environ;
	static bool ready;
	struct item *item;

	if (Function == NULL) {
		SetLastError(ERROR_INVALID_PARAMETER);
		return FALSE;
	}
	item = malloc(sizeof(*item));
	if (item == NULL) {
		SetLastError(ERROR_NOT_ENOUGH_MEMORY);
		return FALSE;
	}
	item->function = Function;
	item->context = Context;
	if (!ready)
		InitializeThreadpoolEnvironment(&environ);
	ready = true;
	SetThreadpoolCallbackPool(&environ, old_pool);
	if ((Flags & WT_EXECUTELONGFUNCTION) != 0)
		SetThreadpoolCallbackRunsLong(&environ);
	if (Flags >> 16 != 0)
		SetThreadpoolThreadMaximum(old_pool, Flags >> 16);
	if (!TrySubmitThreadpoolCallback(run, item, &environ)) {
		free(item);
		return FALSE;
	}
	return TRUE;
}

/* limit_when_long.c - a mutant: has a limit or a flag, not both */
/* SPDX-License-Identifier: MIT */
/*
 * check: the_limit_is_in_the_upper_half
 * message: items ran at once
 */
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
	TP_CALLBACK_ENVIRON environ;
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
	InitializeThreadpoolEnvironment(&environ);
	SetThreadpoolCallbackPool(&environ, old_pool);
	if ((Flags & WT_EXECUTELONGFUNCTION) != 0)
		SetThreadpoolCallbackRunsLong(&environ);
	if (Flags >> 16 != 0 && (Flags & 0xffff) == 0)
		SetThreadpoolThreadMaximum(old_pool, Flags >> 16);
	if (!TrySubmitThreadpoolCallback(run, item, &environ)) {
		free(item);
		return FALSE;
	}
	return TRUE;
}

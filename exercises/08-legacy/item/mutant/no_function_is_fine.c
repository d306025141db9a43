/* no_function_is_fine.c - a mutant: takes an item without a function */
/* SPDX-License-Identifier: MIT */
/*
 * check: a_refusal_is_told_and_leaves_nothing
 * message: was given no function, and gave TRUE
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
	if (item.function != NULL)
		item.function(item.context);
}

BOOL WINAPI
QueueUserWorkItem(LPTHREAD_START_ROUTINE Function, PVOID Context,
	ULONG Flags)
{
	TP_CALLBACK_ENVIRON environ;
	struct item *item;

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
	if (Flags >> 16 != 0)
		SetThreadpoolThreadMaximum(old_pool, Flags >> 16);
	if (!TrySubmitThreadpoolCallback(run, item, &environ)) {
		free(item);
		return FALSE;
	}
	return TRUE;
}

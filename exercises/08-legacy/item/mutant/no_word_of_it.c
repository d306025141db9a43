/* no_word_of_it.c - a mutant: does not tell the pool that an item is long */
/* SPDX-License-Identifier: MIT */
/*
 * check: a_long_function_makes_room
 * message: the next item to run, while one with WT_EXECUTELONGFUNCTION
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
	if (Flags >> 16 != 0)
		SetThreadpoolThreadMaximum(old_pool, Flags >> 16);
	if (!TrySubmitThreadpoolCallback(run, item, &environ)) {
		free(item);
		return FALSE;
	}
	return TRUE;
}

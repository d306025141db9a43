/* one_item_for_all.c - a mutant: has one item for all, in a static variable */
/* SPDX-License-Identifier: MIT */
/*
 * check: each_item_runs_once_with_its_context
 * message: the function of one item was called twice
 */
#include <stdlib.h>

#include "old_pool.h"

struct item {
	LPTHREAD_START_ROUTINE function;
	PVOID context;
};

static struct item the_item;

static VOID CALLBACK
run(PTP_CALLBACK_INSTANCE instance, PVOID context)
{
	struct item item = the_item;

	(void)instance;
	(void)context;
	item.function(item.context);
}

BOOL WINAPI
QueueUserWorkItem(LPTHREAD_START_ROUTINE Function, PVOID Context,
	ULONG Flags)
{
	TP_CALLBACK_ENVIRON environ;
	struct item *item = &the_item;

	if (Function == NULL) {
		SetLastError(ERROR_INVALID_PARAMETER);
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
		return FALSE;
	}
	return TRUE;
}

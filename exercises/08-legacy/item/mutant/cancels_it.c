/* cancels_it.c - a mutant: drops what it has just posted */
/* SPDX-License-Identifier: MIT */
/*
 * check: each_item_runs_once_with_its_context
 * message: the first item to run
 */
#include <stdlib.h>

#include "old_pool.h"

struct item {
	LPTHREAD_START_ROUTINE function;
	PVOID context;
	ULONG flags;
};

static VOID CALLBACK
run(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_WORK work)
{
	struct item *item = context;

	(void)work;
	if ((item->flags & WT_EXECUTELONGFUNCTION) != 0)
		(void)CallbackMayRunLong(instance);
	item->function(item->context);
	free(item);
}

static struct item *
make(LPTHREAD_START_ROUTINE function, PVOID context, ULONG flags)
{
	struct item *item = malloc(sizeof(*item));

	if (item != NULL)
		*item = (struct item){ function, context, flags };
	else
		SetLastError(ERROR_NOT_ENOUGH_MEMORY);
	return item;
}

static BOOL
post(struct item *item)
{
	TP_CALLBACK_ENVIRON environ;
	PTP_WORK work;

	InitializeThreadpoolEnvironment(&environ);
	SetThreadpoolCallbackPool(&environ, old_pool);
	work = CreateThreadpoolWork(run, item, &environ);
	if (work == NULL)
		return FALSE;
	SubmitThreadpoolWork(work);
	WaitForThreadpoolWorkCallbacks(work, TRUE);
	CloseThreadpoolWork(work);
	return TRUE;
}

BOOL WINAPI
QueueUserWorkItem(LPTHREAD_START_ROUTINE Function, PVOID Context,
	ULONG Flags)
{
	struct item *item;

	if (Function == NULL) {
		SetLastError(ERROR_INVALID_PARAMETER);
		return FALSE;
	}
	item = make(Function, Context, Flags);
	if (item == NULL)
		return FALSE;
	if (Flags > 0xffff)
		SetThreadpoolThreadMaximum(old_pool, Flags >> 16);
	if (post(item))
		return TRUE;
	free(item);
	return FALSE;
}

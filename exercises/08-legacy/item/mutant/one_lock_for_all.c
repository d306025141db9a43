/* one_lock_for_all.c - a mutant: holds a lock while the function runs */
/* SPDX-License-Identifier: MIT */
/*
 * check: an_item_may_queue_another
 * message: to run
 */
#include <stdlib.h>

#include "old_pool.h"

struct item {
	LPTHREAD_START_ROUTINE function;
	PVOID context;
};

static SRWLOCK lock = SRWLOCK_INIT;

static VOID CALLBACK
run(PTP_CALLBACK_INSTANCE instance, PVOID context)
{
	struct item item = *(struct item *)context;

	(void)instance;
	free(context);
	AcquireSRWLockExclusive(&lock);
	item.function(item.context);
	ReleaseSRWLockExclusive(&lock);
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
	if (Flags >> 16 != 0)
		SetThreadpoolThreadMaximum(old_pool, Flags >> 16);
	AcquireSRWLockExclusive(&lock);
	ReleaseSRWLockExclusive(&lock);
	if (!TrySubmitThreadpoolCallback(run, item, &environ)) {
		free(item);
		return FALSE;
	}
	return TRUE;
}

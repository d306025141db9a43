/* item.c - QueueUserWorkItem, over the new API */
/* SPDX-License-Identifier: MIT */
/*
 * TODO: write QueueUserWorkItem. What runs is a callback of another type,
 * with other parameters: where does it find the function and its context? And
 * who gives up what was made for the item, when nobody has a name for it?
 */
#include "old_pool.h"

BOOL WINAPI
QueueUserWorkItem(LPTHREAD_START_ROUTINE Function, PVOID Context,
	ULONG Flags)
{
	(void)Function;
	(void)Context;
	(void)Flags;
	return FALSE;
}

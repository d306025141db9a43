/* registered.c - registered waits, over wait objects */
/* SPDX-License-Identifier: MIT */
/*
 * TODO: write both. Who sets the wait object again, and who sees to it that
 * nobody does when the wait has been unregistered? Who frees what a
 * registration has, if a call runs, and if none does?
 */
#include "registered.h"

BOOL WINAPI
RegisterWaitForSingleObject(PHANDLE phNewWaitObject, HANDLE hObject,
	WAITORTIMERCALLBACK Callback, PVOID Context, DWORD dwMilliseconds,
	ULONG dwFlags)
{
	(void)phNewWaitObject;
	(void)hObject;
	(void)Callback;
	(void)Context;
	(void)dwMilliseconds;
	(void)dwFlags;
	return FALSE;
}

BOOL WINAPI
UnregisterWaitEx(HANDLE WaitHandle, HANDLE CompletionEvent)
{
	(void)WaitHandle;
	(void)CompletionEvent;
	return FALSE;
}

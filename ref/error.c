/* error.c - the last error of each thread */
/* SPDX-License-Identifier: MIT */
/*
 * A function that fails says so by its result, and why by the last error.
 * Each thread has its own, so what goes wrong in a callback does not change
 * what the thread that submitted it reads (KOBJ-14). A function that
 * succeeds leaves it alone, unless its comment says otherwise.
 *
 * Interface: GetLastError, SetLastError.
 *
 * Locks: none.
 */
#include "threadpool.h"

static _Thread_local DWORD last_error;

/* GetLastError: what the calling thread's last failing call has left. */
DWORD WINAPI
GetLastError(VOID)
{
	return last_error;
}

/* SetLastError: sets it. dwErrCode: an ERROR_ code, or the program's own. */
VOID WINAPI
SetLastError(DWORD dwErrCode)
{
	last_error = dwErrCode;
}

/* registered.h - what the two functions promise */
/* SPDX-License-Identifier: MIT */
#ifndef REGISTERED_H
#define REGISTERED_H

#include "threadpool.h"

/*
 * BOOL RegisterWaitForSingleObject(PHANDLE phNewWaitObject, HANDLE hObject,
 *	WAITORTIMERCALLBACK Callback, PVOID Context, DWORD dwMilliseconds,
 *	ULONG dwFlags)
 *
 * From now on Callback is called with Context and FALSE when the object, an
 * event or a semaphore, is signalled, and with Context and TRUE when that has
 * not happened for so many milliseconds (INFINITE: never; 0: it is not
 * signalled now). When a call has returned, the wait begins anew, and so
 * does the time; with WT_EXECUTEONLYONCE it does not. Calls of one
 * registration do not overlap. Other flags mean nothing here.
 *
 * *phNewWaitObject is there when the first call begins. FALSE, with nothing
 * left behind: ERROR_INVALID_PARAMETER (phNewWaitObject or Callback is NULL),
 * ERROR_NOT_ENOUGH_MEMORY.
 *
 * BOOL UnregisterWaitEx(HANDLE WaitHandle, HANDLE CompletionEvent)
 *
 * Ends a registered wait, also one that was for once and is over. No call
 * begins any more; but one that is queued may still come, if it is then
 * treated as one that runs. CompletionEvent:
 *
 *	NULL			returns at once: TRUE if no call runs, FALSE
 *				with ERROR_IO_PENDING if one does
 *	an event		the same; and the event is set when no call
 *				runs (any more), before this returns if it is
 *				TRUE
 *	INVALID_HANDLE_VALUE	returns TRUE when no call runs (any more)
 *
 * At once means: it waits for no call, and for nothing that waits for one.
 * The callback itself may call it. There the last of the three would wait
 * for its own caller: FALSE with ERROR_POSSIBLE_DEADLOCK, and the wait goes
 * on as if nothing had been asked. To a callback of another
 * registration this is like any other place. WaitHandle is NULL: FALSE with
 * ERROR_INVALID_HANDLE.
 *
 * The caller keeps hObject open until the wait has been unregistered, and the
 * event until it is set. A wait is unregistered once.
 */

#ifndef ERROR_POSSIBLE_DEADLOCK
#define ERROR_POSSIBLE_DEADLOCK	1131u
#endif

/*
 * The pool in which callbacks run, in place of the default one. It is closed
 * when all registered waits have ended; a check may use several, one after
 * the other.
 */
extern PTP_POOL old_pool;

#endif /* REGISTERED_H */

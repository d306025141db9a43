/* overlapped.c - what a program asks of requests that it has made */
/* SPDX-License-Identifier: MIT */
/*
 * Interface: GetOverlappedResult, GetOverlappedResultEx, CancelIo,
 * CancelIoEx, CancelSynchronousIo, SetFileCompletionNotificationModes.
 *
 * Locks: tp_waitable_lock.
 */
#include "file.h"

/* ---- How it went ---- */

/* Sleeps until the request has ended, or until then. The file is used. */
static void
sleep_locked(struct tp_file *file, const OVERLAPPED *overlapped,
	tp_time until)
{
	bool in_time = true;

	tp_waitable_use_locked(&file->waitable);
	tp_waitable_unlock();
	tp_blocking_begin();
	tp_lock(&tp_waitable_lock);
	while (in_time && !HasOverlappedIoCompleted(overlapped))
		in_time = tp_cond_wait_until(&file->ended, &tp_waitable_lock,
			until);
	tp_waitable_unuse_locked(&file->waitable);
	tp_waitable_unlock();
	tp_blocking_end();
	tp_lock(&tp_waitable_lock);
}

/* What it says, and how many bytes. */
static DWORD
result_locked(const OVERLAPPED *overlapped, DWORD *moved)
{
	DWORD status = (DWORD)overlapped->Internal;

	*moved = (DWORD)overlapped->InternalHigh;
	return status == 0 ? NO_ERROR : status & 0xFFFF;
}

static DWORD
look_locked(HANDLE handle, const OVERLAPPED *overlapped, DWORD *moved,
	DWORD milliseconds)
{
	struct tp_file *file = tp_file_of_locked(handle);

	if (file == NULL)
		return ERROR_INVALID_HANDLE;
	if (HasOverlappedIoCompleted(overlapped))
		return result_locked(overlapped, moved);
	if (milliseconds == 0)
		return ERROR_IO_INCOMPLETE;
	sleep_locked(file, overlapped, milliseconds == INFINITE ? TP_FOREVER :
		tp_time_after(tp_now(), milliseconds * TP_MS));
	if (HasOverlappedIoCompleted(overlapped))
		return result_locked(overlapped, moved);
	return WAIT_TIMEOUT;
}

/*
 * GetOverlappedResultEx: how a request has ended.
 *
 *	hFile				what it was made to
 *	lpOverlapped			what it was made with
 *	lpNumberOfBytesTransferred	receives how many it has moved
 *	dwMilliseconds			how long to wait for its end; 0: not
 *					at all; INFINITE
 *	bAlertable			no meaning: there are no APCs here
 *
 * Returns:	TRUE: it has ended well.
 * Fails:	FALSE; ERROR_IO_INCOMPLETE: it goes on, and dwMilliseconds is
 *		0; WAIT_TIMEOUT: it still does; ERROR_INVALID_HANDLE; else
 *		what it has ended with, ERROR_OPERATION_ABORTED if it was
 *		cancelled.
 * Locks:	tp_waitable_lock, not while it waits; a worker tells its pool.
 * Source:	KOBJ-21.
 * Differs:	Windows waits for hEvent, and resets an event that resets
 *		itself; here the request itself is waited for.
 */
BOOL WINAPI
GetOverlappedResultEx(HANDLE hFile, LPOVERLAPPED lpOverlapped,
	LPDWORD lpNumberOfBytesTransferred, DWORD dwMilliseconds,
	BOOL bAlertable)
{
	DWORD error;

	(void)bAlertable;
	*lpNumberOfBytesTransferred = 0;
	tp_lock(&tp_waitable_lock);
	error = look_locked(hFile, lpOverlapped, lpNumberOfBytesTransferred,
		dwMilliseconds);
	tp_waitable_unlock();
	if (error != NO_ERROR)
		SetLastError(error);
	return error == NO_ERROR;
}

/* GetOverlappedResult: the same; bWait: waits, however long it takes. */
BOOL WINAPI
GetOverlappedResult(HANDLE hFile, LPOVERLAPPED lpOverlapped,
	LPDWORD lpNumberOfBytesTransferred, BOOL bWait)
{
	return GetOverlappedResultEx(hFile, lpOverlapped,
		lpNumberOfBytesTransferred, bWait ? INFINITE : 0, FALSE);
}

/* ---- Cancelling ---- */

static BOOL
cancel(HANDLE handle, const OVERLAPPED *overlapped, DWORD issuer,
	bool must_find)
{
	struct tp_file *file;
	unsigned found = 0;

	tp_lock(&tp_waitable_lock);
	file = tp_file_of_locked(handle);
	if (file != NULL)
		found = tp_requests_cancel_locked(file, overlapped, issuer);
	tp_waitable_unlock();
	if (file != NULL && found == 0 && must_find) {
		SetLastError(ERROR_NOT_FOUND);
		return FALSE;
	}
	return file != NULL;
}

/*
 * CancelIoEx: has requests end soon. Each still ends, once: with
 * ERROR_OPERATION_ABORTED, or as if nothing had happened if it was too late.
 * The buffer and the OVERLAPPED belong to it until then.
 *
 *	hFile		what they were made to
 *	lpOverlapped	what the one was made with; NULL: all of the file
 *
 * Fails:	FALSE; ERROR_NOT_FOUND: there is no such request,
 *		ERROR_INVALID_HANDLE.
 * Locks:	tp_waitable_lock.
 * Source:	KOBJ-22, DIAG-16.
 */
BOOL WINAPI
CancelIoEx(HANDLE hFile, LPOVERLAPPED lpOverlapped)
{
	return cancel(hFile, lpOverlapped, 0, true);
}

/*
 * CancelIo: CancelIoEx for all requests that the calling thread has made to
 * the file. TRUE, too, if there is none.
 */
BOOL WINAPI
CancelIo(HANDLE hFile)
{
	return cancel(hFile, NULL, GetCurrentThreadId(), false);
}

/*
 * CancelSynchronousIo: always fails. A POSIX thread that blocks in a system
 * call could be interrupted by a signal only, and one that comes just before
 * the call does not interrupt it: the call would sometimes go on for ever.
 * Open the file for overlapped I/O, and cancel the request.
 *
 * Fails:	FALSE; ERROR_NOT_SUPPORTED.
 */
BOOL WINAPI
CancelSynchronousIo(HANDLE hThread)
{
	(void)hThread;
	SetLastError(ERROR_NOT_SUPPORTED);
	return FALSE;
}

/* ---- Who is told ---- */

/*
 * SetFileCompletionNotificationModes: what is left out when a request ends.
 * A mode cannot be taken back.
 *
 *	FileHandle	a file for overlapped I/O
 *	Flags		FILE_SKIP_COMPLETION_PORT_ON_SUCCESS: a request that
 *			ends well at once leads to no callback;
 *			FILE_SKIP_SET_EVENT_ON_HANDLE: the file is not
 *			signalled
 *
 * Fails:	FALSE; ERROR_INVALID_HANDLE, ERROR_INVALID_PARAMETER.
 * Locks:	tp_waitable_lock.
 * Source:	IO-08, -09.
 */
BOOL WINAPI
SetFileCompletionNotificationModes(HANDLE FileHandle, UCHAR Flags)
{
	DWORD error = NO_ERROR;
	struct tp_file *file;

	tp_lock(&tp_waitable_lock);
	file = tp_file_of_locked(FileHandle);
	if (file == NULL)
		error = ERROR_INVALID_HANDLE;
	else if (!file->overlapped ||
	    (Flags & ~(FILE_SKIP_COMPLETION_PORT_ON_SUCCESS |
	    FILE_SKIP_SET_EVENT_ON_HANDLE)) != 0)
		error = ERROR_INVALID_PARAMETER;
	else
		file->modes |= Flags;
	tp_unlock(&tp_waitable_lock);
	if (error != NO_ERROR)
		SetLastError(error);
	return error == NO_ERROR;
}

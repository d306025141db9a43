/* function_table.c - a Windows program that names every function we rebuild */
/* SPDX-License-Identifier: MIT */
/*
 * It is written for the SDK: <windows.h> is all that it includes, and each
 * function has the prototype of Microsoft's page for it. tests/header_sdk.sh
 * has mingw-w64 compile it as it is. tests/header.sh changes that one
 * line to #include "threadpool.h", and nothing else, links it with the pool
 * and runs it: so nothing is missing here that a program of the thread pool
 * has there.
 *
 * A pointer of the wrong type, or to a function that does not exist, does not
 * compile or link; that is the test. What main calls are those of the names
 * that the SDK has as macros.
 */
#include <windows.h>

/* A function, or one that the SDK has inline, without a calling convention. */
#define HAS(type, name, ...) type (WINAPI *has_##name)(__VA_ARGS__) = name
#define INLINE(type, name, ...) type (*has_##name)(__VA_ARGS__) = name

/* ---- Work, timers, waits, I/O ---- */

HAS(PTP_WORK, CreateThreadpoolWork, PTP_WORK_CALLBACK, PVOID,
	PTP_CALLBACK_ENVIRON);
HAS(VOID, SubmitThreadpoolWork, PTP_WORK);
HAS(VOID, WaitForThreadpoolWorkCallbacks, PTP_WORK, BOOL);
HAS(VOID, CloseThreadpoolWork, PTP_WORK);
HAS(BOOL, TrySubmitThreadpoolCallback, PTP_SIMPLE_CALLBACK, PVOID,
	PTP_CALLBACK_ENVIRON);
HAS(PTP_TIMER, CreateThreadpoolTimer, PTP_TIMER_CALLBACK, PVOID,
	PTP_CALLBACK_ENVIRON);
HAS(VOID, SetThreadpoolTimer, PTP_TIMER, PFILETIME, DWORD, DWORD);
HAS(BOOL, SetThreadpoolTimerEx, PTP_TIMER, PFILETIME, DWORD, DWORD);
HAS(BOOL, IsThreadpoolTimerSet, PTP_TIMER);
HAS(VOID, WaitForThreadpoolTimerCallbacks, PTP_TIMER, BOOL);
HAS(VOID, CloseThreadpoolTimer, PTP_TIMER);
HAS(PTP_WAIT, CreateThreadpoolWait, PTP_WAIT_CALLBACK, PVOID,
	PTP_CALLBACK_ENVIRON);
HAS(VOID, SetThreadpoolWait, PTP_WAIT, HANDLE, PFILETIME);
HAS(BOOL, SetThreadpoolWaitEx, PTP_WAIT, HANDLE, PFILETIME, PVOID);
HAS(VOID, WaitForThreadpoolWaitCallbacks, PTP_WAIT, BOOL);
HAS(VOID, CloseThreadpoolWait, PTP_WAIT);
HAS(PTP_IO, CreateThreadpoolIo, HANDLE, PTP_WIN32_IO_CALLBACK, PVOID,
	PTP_CALLBACK_ENVIRON);
HAS(VOID, StartThreadpoolIo, PTP_IO);
HAS(VOID, CancelThreadpoolIo, PTP_IO);
HAS(VOID, WaitForThreadpoolIoCallbacks, PTP_IO, BOOL);
HAS(VOID, CloseThreadpoolIo, PTP_IO);
HAS(BOOL, SetFileCompletionNotificationModes, HANDLE, UCHAR);

/* ---- From inside a callback ---- */

HAS(BOOL, CallbackMayRunLong, PTP_CALLBACK_INSTANCE);
HAS(VOID, DisassociateCurrentThreadFromCallback, PTP_CALLBACK_INSTANCE);
HAS(VOID, SetEventWhenCallbackReturns, PTP_CALLBACK_INSTANCE, HANDLE);
HAS(VOID, ReleaseSemaphoreWhenCallbackReturns, PTP_CALLBACK_INSTANCE, HANDLE,
	DWORD);
HAS(VOID, ReleaseMutexWhenCallbackReturns, PTP_CALLBACK_INSTANCE, HANDLE);
HAS(VOID, LeaveCriticalSectionWhenCallbackReturns, PTP_CALLBACK_INSTANCE,
	PCRITICAL_SECTION);
HAS(VOID, FreeLibraryWhenCallbackReturns, PTP_CALLBACK_INSTANCE, HMODULE);

/* ---- Pools, environments, cleanup groups ---- */

HAS(PTP_POOL, CreateThreadpool, PVOID);
HAS(VOID, CloseThreadpool, PTP_POOL);
HAS(VOID, SetThreadpoolThreadMaximum, PTP_POOL, DWORD);
HAS(BOOL, SetThreadpoolThreadMinimum, PTP_POOL, DWORD);
HAS(BOOL, SetThreadpoolStackInformation, PTP_POOL,
	PTP_POOL_STACK_INFORMATION);
HAS(BOOL, QueryThreadpoolStackInformation, PTP_POOL,
	PTP_POOL_STACK_INFORMATION);
INLINE(VOID, InitializeThreadpoolEnvironment, PTP_CALLBACK_ENVIRON);
INLINE(VOID, DestroyThreadpoolEnvironment, PTP_CALLBACK_ENVIRON);
INLINE(VOID, SetThreadpoolCallbackPool, PTP_CALLBACK_ENVIRON, PTP_POOL);
INLINE(VOID, SetThreadpoolCallbackPriority, PTP_CALLBACK_ENVIRON,
	TP_CALLBACK_PRIORITY);
INLINE(VOID, SetThreadpoolCallbackRunsLong, PTP_CALLBACK_ENVIRON);
INLINE(VOID, SetThreadpoolCallbackLibrary, PTP_CALLBACK_ENVIRON, PVOID);
INLINE(VOID, SetThreadpoolCallbackCleanupGroup, PTP_CALLBACK_ENVIRON,
	PTP_CLEANUP_GROUP, PTP_CLEANUP_GROUP_CANCEL_CALLBACK);
HAS(PTP_CLEANUP_GROUP, CreateThreadpoolCleanupGroup, VOID);
HAS(VOID, CloseThreadpoolCleanupGroupMembers, PTP_CLEANUP_GROUP, BOOL, PVOID);
HAS(VOID, CloseThreadpoolCleanupGroup, PTP_CLEANUP_GROUP);
INLINE(VOID, TpInitializeCallbackEnviron, PTP_CALLBACK_ENVIRON);
INLINE(VOID, TpDestroyCallbackEnviron, PTP_CALLBACK_ENVIRON);
INLINE(VOID, TpSetCallbackThreadpool, PTP_CALLBACK_ENVIRON, PTP_POOL);
INLINE(VOID, TpSetCallbackCleanupGroup, PTP_CALLBACK_ENVIRON,
	PTP_CLEANUP_GROUP, PTP_CLEANUP_GROUP_CANCEL_CALLBACK);
INLINE(VOID, TpSetCallbackActivationContext, PTP_CALLBACK_ENVIRON,
	struct _ACTIVATION_CONTEXT *);
INLINE(VOID, TpSetCallbackNoActivationContext, PTP_CALLBACK_ENVIRON);
INLINE(VOID, TpSetCallbackLongFunction, PTP_CALLBACK_ENVIRON);
INLINE(VOID, TpSetCallbackRaceWithDll, PTP_CALLBACK_ENVIRON, PVOID);
INLINE(VOID, TpSetCallbackFinalizationCallback, PTP_CALLBACK_ENVIRON,
	PTP_SIMPLE_CALLBACK);
INLINE(VOID, TpSetCallbackPriority, PTP_CALLBACK_ENVIRON,
	TP_CALLBACK_PRIORITY);
INLINE(VOID, TpSetCallbackPersistent, PTP_CALLBACK_ENVIRON);

/* ---- The legacy pool ---- */

HAS(BOOL, QueueUserWorkItem, LPTHREAD_START_ROUTINE, PVOID, ULONG);
HAS(HANDLE, CreateTimerQueue, VOID);
HAS(BOOL, CreateTimerQueueTimer, PHANDLE, HANDLE, WAITORTIMERCALLBACK, PVOID,
	DWORD, DWORD, ULONG);
HAS(BOOL, ChangeTimerQueueTimer, HANDLE, HANDLE, ULONG, ULONG);
HAS(BOOL, DeleteTimerQueueTimer, HANDLE, HANDLE, HANDLE);
HAS(BOOL, DeleteTimerQueueEx, HANDLE, HANDLE);
HAS(BOOL, DeleteTimerQueue, HANDLE);
HAS(BOOL, RegisterWaitForSingleObject, PHANDLE, HANDLE, WAITORTIMERCALLBACK,
	PVOID, ULONG, ULONG);
HAS(BOOL, UnregisterWait, HANDLE);
HAS(BOOL, UnregisterWaitEx, HANDLE, HANDLE);
HAS(BOOL, BindIoCompletionCallback, HANDLE, LPOVERLAPPED_COMPLETION_ROUTINE,
	ULONG);

/* ---- What the pool stands on ---- */

HAS(HANDLE, CreateEventA, LPSECURITY_ATTRIBUTES, BOOL, BOOL, LPCSTR);
HAS(BOOL, SetEvent, HANDLE);
HAS(BOOL, ResetEvent, HANDLE);
HAS(HANDLE, CreateMutexA, LPSECURITY_ATTRIBUTES, BOOL, LPCSTR);
HAS(BOOL, ReleaseMutex, HANDLE);
HAS(HANDLE, CreateSemaphoreA, LPSECURITY_ATTRIBUTES, LONG, LONG, LPCSTR);
HAS(BOOL, ReleaseSemaphore, HANDLE, LONG, LPLONG);
HAS(HANDLE, CreateWaitableTimerA, LPSECURITY_ATTRIBUTES, BOOL, LPCSTR);
HAS(BOOL, SetWaitableTimer, HANDLE, const LARGE_INTEGER *, LONG,
	PTIMERAPCROUTINE, LPVOID, BOOL);
HAS(DWORD, WaitForSingleObject, HANDLE, DWORD);
HAS(DWORD, WaitForMultipleObjects, DWORD, const HANDLE *, BOOL, DWORD);
HAS(VOID, InitializeCriticalSection, LPCRITICAL_SECTION);
HAS(VOID, EnterCriticalSection, LPCRITICAL_SECTION);
HAS(BOOL, TryEnterCriticalSection, LPCRITICAL_SECTION);
HAS(VOID, LeaveCriticalSection, LPCRITICAL_SECTION);
HAS(VOID, DeleteCriticalSection, LPCRITICAL_SECTION);
HAS(BOOL, DuplicateHandle, HANDLE, HANDLE, HANDLE, LPHANDLE, DWORD, BOOL,
	DWORD);
HAS(BOOL, CloseHandle, HANDLE);
HAS(HANDLE, CreateFileA, LPCSTR, DWORD, DWORD, LPSECURITY_ATTRIBUTES, DWORD,
	DWORD, HANDLE);
HAS(BOOL, ReadFile, HANDLE, LPVOID, DWORD, LPDWORD, LPOVERLAPPED);
HAS(BOOL, WriteFile, HANDLE, LPCVOID, DWORD, LPDWORD, LPOVERLAPPED);
HAS(BOOL, CancelIoEx, HANDLE, LPOVERLAPPED);
HAS(BOOL, GetOverlappedResult, HANDLE, LPOVERLAPPED, LPDWORD, BOOL);
HAS(HMODULE, LoadLibraryA, LPCSTR);
HAS(BOOL, FreeLibrary, HMODULE);
HAS(FARPROC, GetProcAddress, HMODULE, LPCSTR);
HAS(HANDLE, CreateThread, LPSECURITY_ATTRIBUTES, SIZE_T,
	LPTHREAD_START_ROUTINE, LPVOID, DWORD, LPDWORD);
HAS(VOID, ExitThread, DWORD);
HAS(BOOL, TerminateThread, HANDLE, DWORD);
HAS(DWORD, GetLastError, VOID);
HAS(VOID, SetLastError, DWORD);
HAS(VOID, GetSystemTimeAsFileTime, LPFILETIME);

#ifndef __MINGW32__			/* which has not got these two yet */
HAS(HANDLE, RegisterWaitForSingleObjectEx, HANDLE, WAITORTIMERCALLBACK, PVOID,
	ULONG, ULONG);
INLINE(VOID, SetThreadpoolCallbackPersistent, PTP_CALLBACK_ENVIRON);
#endif

/* ---- Names that are macros ---- */

/* None was NULL, which cannot be closed. */
static BOOL
all_made(const HANDLE *handles, int count)
{
	BOOL all = TRUE;

	for (int i = 0; i < count; i++)
		all = CloseHandle(handles[i]) && all;
	return all;
}

int
main(void)
{
	HANDLE handles[] = {
		CreateEvent(NULL, TRUE, FALSE, NULL),
		CreateMutex(NULL, FALSE, NULL),
		CreateSemaphore(NULL, 0, 1, NULL),
		CreateWaitableTimer(NULL, TRUE, NULL)
	};
	ULONG flags = WT_EXECUTELONGFUNCTION;

	if (!all_made(handles, sizeof(handles) / sizeof(handles[0])))
		return 1;
	WT_SET_MAX_THREADPOOL_THREADS(flags, 1000);
	if (flags >> 16 != 1000 || (flags & 0xffff) != WT_EXECUTELONGFUNCTION)
		return 2;
	if (LoadLibrary("no such library") != NULL)
		return 3;
	if (CreateFile("no/such/file", GENERIC_READ, 0, NULL, OPEN_EXISTING, 0,
	    NULL) != INVALID_HANDLE_VALUE)
		return 4;
	return 0;
}

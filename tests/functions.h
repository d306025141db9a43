/* functions.h - every function of the thread pool API, and its prototype */
/* SPDX-License-Identifier: MIT */
/*
 * The lists of what must be there, one F(result, name, (parameters)) for each
 * function: those of the pool that the library defines, those that are inline
 * in the headers, and the kernel objects around them. tests/header.c compiles
 * the lists against our headers and against the SDK's; a suite links them
 * (test_functions.c). So each function exists, and is what it says here.
 *
 * Parameters are types without names. What mingw-w64 has not yet stands in
 * lists of its own.
 */
#ifndef FUNCTIONS_H
#define FUNCTIONS_H

#include "threadpool.h"

/* ---- The pool ---- */

#define POOL_FUNCTIONS(F) \
	F(PTP_WORK, CreateThreadpoolWork, (PTP_WORK_CALLBACK, PVOID, \
		PTP_CALLBACK_ENVIRON)) \
	F(VOID, SubmitThreadpoolWork, (PTP_WORK)) \
	F(VOID, WaitForThreadpoolWorkCallbacks, (PTP_WORK, BOOL)) \
	F(VOID, CloseThreadpoolWork, (PTP_WORK)) \
	F(BOOL, TrySubmitThreadpoolCallback, (PTP_SIMPLE_CALLBACK, PVOID, \
		PTP_CALLBACK_ENVIRON)) \
	F(PTP_TIMER, CreateThreadpoolTimer, (PTP_TIMER_CALLBACK, PVOID, \
		PTP_CALLBACK_ENVIRON)) \
	F(VOID, SetThreadpoolTimer, (PTP_TIMER, PFILETIME, DWORD, DWORD)) \
	F(BOOL, SetThreadpoolTimerEx, (PTP_TIMER, PFILETIME, DWORD, DWORD)) \
	F(BOOL, IsThreadpoolTimerSet, (PTP_TIMER)) \
	F(VOID, WaitForThreadpoolTimerCallbacks, (PTP_TIMER, BOOL)) \
	F(VOID, CloseThreadpoolTimer, (PTP_TIMER)) \
	F(PTP_WAIT, CreateThreadpoolWait, (PTP_WAIT_CALLBACK, PVOID, \
		PTP_CALLBACK_ENVIRON)) \
	F(VOID, SetThreadpoolWait, (PTP_WAIT, HANDLE, PFILETIME)) \
	F(BOOL, SetThreadpoolWaitEx, (PTP_WAIT, HANDLE, PFILETIME, PVOID)) \
	F(VOID, WaitForThreadpoolWaitCallbacks, (PTP_WAIT, BOOL)) \
	F(VOID, CloseThreadpoolWait, (PTP_WAIT)) \
	F(PTP_IO, CreateThreadpoolIo, (HANDLE, PTP_WIN32_IO_CALLBACK, PVOID, \
		PTP_CALLBACK_ENVIRON)) \
	F(VOID, StartThreadpoolIo, (PTP_IO)) \
	F(VOID, CancelThreadpoolIo, (PTP_IO)) \
	F(VOID, WaitForThreadpoolIoCallbacks, (PTP_IO, BOOL)) \
	F(VOID, CloseThreadpoolIo, (PTP_IO)) \
	F(BOOL, SetFileCompletionNotificationModes, (HANDLE, UCHAR)) \
	F(BOOL, CallbackMayRunLong, (PTP_CALLBACK_INSTANCE)) \
	F(VOID, DisassociateCurrentThreadFromCallback, ( \
		PTP_CALLBACK_INSTANCE)) \
	F(VOID, SetEventWhenCallbackReturns, (PTP_CALLBACK_INSTANCE, \
		HANDLE)) \
	F(VOID, ReleaseSemaphoreWhenCallbackReturns, (PTP_CALLBACK_INSTANCE, \
		HANDLE, DWORD)) \
	F(VOID, ReleaseMutexWhenCallbackReturns, (PTP_CALLBACK_INSTANCE, \
		HANDLE)) \
	F(VOID, LeaveCriticalSectionWhenCallbackReturns, ( \
		PTP_CALLBACK_INSTANCE, PCRITICAL_SECTION)) \
	F(VOID, FreeLibraryWhenCallbackReturns, (PTP_CALLBACK_INSTANCE, \
		HMODULE)) \
	F(PTP_POOL, CreateThreadpool, (PVOID)) \
	F(VOID, CloseThreadpool, (PTP_POOL)) \
	F(VOID, SetThreadpoolThreadMaximum, (PTP_POOL, DWORD)) \
	F(BOOL, SetThreadpoolThreadMinimum, (PTP_POOL, DWORD)) \
	F(BOOL, SetThreadpoolStackInformation, (PTP_POOL, \
		PTP_POOL_STACK_INFORMATION)) \
	F(BOOL, QueryThreadpoolStackInformation, (PTP_POOL, \
		PTP_POOL_STACK_INFORMATION)) \
	F(PTP_CLEANUP_GROUP, CreateThreadpoolCleanupGroup, (VOID)) \
	F(VOID, CloseThreadpoolCleanupGroupMembers, (PTP_CLEANUP_GROUP, \
		BOOL, PVOID)) \
	F(VOID, CloseThreadpoolCleanupGroup, (PTP_CLEANUP_GROUP)) \
	F(BOOL, QueueUserWorkItem, (LPTHREAD_START_ROUTINE, PVOID, ULONG)) \
	F(HANDLE, CreateTimerQueue, (VOID)) \
	F(BOOL, CreateTimerQueueTimer, (PHANDLE, HANDLE, \
		WAITORTIMERCALLBACK, PVOID, DWORD, DWORD, ULONG)) \
	F(BOOL, ChangeTimerQueueTimer, (HANDLE, HANDLE, ULONG, ULONG)) \
	F(BOOL, DeleteTimerQueueTimer, (HANDLE, HANDLE, HANDLE)) \
	F(BOOL, DeleteTimerQueueEx, (HANDLE, HANDLE)) \
	F(BOOL, DeleteTimerQueue, (HANDLE)) \
	F(BOOL, RegisterWaitForSingleObject, (PHANDLE, HANDLE, \
		WAITORTIMERCALLBACK, PVOID, ULONG, ULONG)) \
	F(BOOL, UnregisterWait, (HANDLE)) \
	F(BOOL, UnregisterWaitEx, (HANDLE, HANDLE)) \
	F(BOOL, BindIoCompletionCallback, (HANDLE, \
		LPOVERLAPPED_COMPLETION_ROUTINE, ULONG))

/* ---- Inline, in the headers ---- */

#define INLINE_FUNCTIONS(F) \
	F(VOID, InitializeThreadpoolEnvironment, (PTP_CALLBACK_ENVIRON)) \
	F(VOID, DestroyThreadpoolEnvironment, (PTP_CALLBACK_ENVIRON)) \
	F(VOID, SetThreadpoolCallbackPool, (PTP_CALLBACK_ENVIRON, PTP_POOL)) \
	F(VOID, SetThreadpoolCallbackPriority, (PTP_CALLBACK_ENVIRON, \
		TP_CALLBACK_PRIORITY)) \
	F(VOID, SetThreadpoolCallbackRunsLong, (PTP_CALLBACK_ENVIRON)) \
	F(VOID, SetThreadpoolCallbackLibrary, (PTP_CALLBACK_ENVIRON, PVOID)) \
	F(VOID, SetThreadpoolCallbackCleanupGroup, (PTP_CALLBACK_ENVIRON, \
		PTP_CLEANUP_GROUP, PTP_CLEANUP_GROUP_CANCEL_CALLBACK)) \
	F(VOID, TpInitializeCallbackEnviron, (PTP_CALLBACK_ENVIRON)) \
	F(VOID, TpDestroyCallbackEnviron, (PTP_CALLBACK_ENVIRON)) \
	F(VOID, TpSetCallbackThreadpool, (PTP_CALLBACK_ENVIRON, PTP_POOL)) \
	F(VOID, TpSetCallbackCleanupGroup, (PTP_CALLBACK_ENVIRON, \
		PTP_CLEANUP_GROUP, PTP_CLEANUP_GROUP_CANCEL_CALLBACK)) \
	F(VOID, TpSetCallbackActivationContext, (PTP_CALLBACK_ENVIRON, \
		struct _ACTIVATION_CONTEXT *)) \
	F(VOID, TpSetCallbackNoActivationContext, (PTP_CALLBACK_ENVIRON)) \
	F(VOID, TpSetCallbackLongFunction, (PTP_CALLBACK_ENVIRON)) \
	F(VOID, TpSetCallbackRaceWithDll, (PTP_CALLBACK_ENVIRON, PVOID)) \
	F(VOID, TpSetCallbackFinalizationCallback, (PTP_CALLBACK_ENVIRON, \
		PTP_SIMPLE_CALLBACK)) \
	F(VOID, TpSetCallbackPriority, (PTP_CALLBACK_ENVIRON, \
		TP_CALLBACK_PRIORITY)) \
	F(VOID, TpSetCallbackPersistent, (PTP_CALLBACK_ENVIRON))

/* ---- What not every SDK has ---- */

#define NEWER_FUNCTIONS(F) \
	F(HANDLE, RegisterWaitForSingleObjectEx, (HANDLE, \
		WAITORTIMERCALLBACK, PVOID, ULONG, ULONG))

#define NEWER_INLINE_FUNCTIONS(F) \
	F(VOID, SetThreadpoolCallbackPersistent, (PTP_CALLBACK_ENVIRON))

/* ---- Around the pool ---- */

#define KERNEL_FUNCTIONS(F) \
	F(HANDLE, CreateEventA, (LPSECURITY_ATTRIBUTES, BOOL, BOOL, LPCSTR)) \
	F(BOOL, SetEvent, (HANDLE)) \
	F(BOOL, ResetEvent, (HANDLE)) \
	F(HANDLE, CreateMutexA, (LPSECURITY_ATTRIBUTES, BOOL, LPCSTR)) \
	F(BOOL, ReleaseMutex, (HANDLE)) \
	F(HANDLE, CreateSemaphoreA, (LPSECURITY_ATTRIBUTES, LONG, LONG, \
		LPCSTR)) \
	F(BOOL, ReleaseSemaphore, (HANDLE, LONG, LPLONG)) \
	F(HANDLE, CreateWaitableTimerA, (LPSECURITY_ATTRIBUTES, BOOL, \
		LPCSTR)) \
	F(BOOL, SetWaitableTimer, (HANDLE, const LARGE_INTEGER *, LONG, \
		PTIMERAPCROUTINE, LPVOID, BOOL)) \
	F(DWORD, WaitForSingleObject, (HANDLE, DWORD)) \
	F(DWORD, WaitForMultipleObjects, (DWORD, const HANDLE *, BOOL, \
		DWORD)) \
	F(VOID, InitializeCriticalSection, (LPCRITICAL_SECTION)) \
	F(VOID, EnterCriticalSection, (LPCRITICAL_SECTION)) \
	F(BOOL, TryEnterCriticalSection, (LPCRITICAL_SECTION)) \
	F(VOID, LeaveCriticalSection, (LPCRITICAL_SECTION)) \
	F(VOID, DeleteCriticalSection, (LPCRITICAL_SECTION)) \
	F(BOOL, DuplicateHandle, (HANDLE, HANDLE, HANDLE, LPHANDLE, DWORD, \
		BOOL, DWORD)) \
	F(BOOL, CloseHandle, (HANDLE)) \
	F(HANDLE, CreateFileA, (LPCSTR, DWORD, DWORD, LPSECURITY_ATTRIBUTES, \
		DWORD, DWORD, HANDLE)) \
	F(BOOL, ReadFile, (HANDLE, LPVOID, DWORD, LPDWORD, LPOVERLAPPED)) \
	F(BOOL, WriteFile, (HANDLE, LPCVOID, DWORD, LPDWORD, LPOVERLAPPED)) \
	F(BOOL, CancelIoEx, (HANDLE, LPOVERLAPPED)) \
	F(BOOL, GetOverlappedResult, (HANDLE, LPOVERLAPPED, LPDWORD, BOOL)) \
	F(HMODULE, LoadLibraryA, (LPCSTR)) \
	F(BOOL, FreeLibrary, (HMODULE)) \
	F(FARPROC, GetProcAddress, (HMODULE, LPCSTR)) \
	F(HANDLE, CreateThread, (LPSECURITY_ATTRIBUTES, SIZE_T, \
		LPTHREAD_START_ROUTINE, LPVOID, DWORD, LPDWORD)) \
	F(VOID, ExitThread, (DWORD)) \
	F(BOOL, TerminateThread, (HANDLE, DWORD)) \
	F(DWORD, GetLastError, (VOID)) \
	F(VOID, SetLastError, (DWORD)) \
	F(VOID, GetSystemTimeAsFileTime, (LPFILETIME))

/* ---- As structures of pointers, which take nothing else ---- */

#define LIBRARY_MEMBER(result, name, parameters) \
	result (WINAPI *name) parameters;
#define INLINE_MEMBER(result, name, parameters) result (*name) parameters;
#define ADDRESS(result, name, parameters) name,

struct library_functions {
	POOL_FUNCTIONS(LIBRARY_MEMBER)
	KERNEL_FUNCTIONS(LIBRARY_MEMBER)
#ifndef _WIN32
	NEWER_FUNCTIONS(LIBRARY_MEMBER)
#endif
};

struct inline_functions {
	INLINE_FUNCTIONS(INLINE_MEMBER)
#ifndef _WIN32
	NEWER_INLINE_FUNCTIONS(INLINE_MEMBER)
#endif
};

#ifndef _WIN32
#define NEWER_ADDRESSES		NEWER_FUNCTIONS(ADDRESS)
#define NEWER_INLINE_ADDRESSES	NEWER_INLINE_FUNCTIONS(ADDRESS)
#else
#define NEWER_ADDRESSES
#define NEWER_INLINE_ADDRESSES
#endif

#define EVERY_LIBRARY_FUNCTION \
	{ POOL_FUNCTIONS(ADDRESS) KERNEL_FUNCTIONS(ADDRESS) NEWER_ADDRESSES }
#define EVERY_INLINE_FUNCTION \
	{ INLINE_FUNCTIONS(ADDRESS) NEWER_INLINE_ADDRESSES }

/* ---- Types of callbacks: the same twice is allowed, another is not ---- */

typedef VOID (NTAPI *PTP_SIMPLE_CALLBACK)(PTP_CALLBACK_INSTANCE, PVOID);
typedef VOID (CALLBACK *PTP_WORK_CALLBACK)(PTP_CALLBACK_INSTANCE, PVOID,
	PTP_WORK);
typedef VOID (CALLBACK *PTP_TIMER_CALLBACK)(PTP_CALLBACK_INSTANCE, PVOID,
	PTP_TIMER);
typedef VOID (CALLBACK *PTP_WAIT_CALLBACK)(PTP_CALLBACK_INSTANCE, PVOID,
	PTP_WAIT, TP_WAIT_RESULT);
typedef VOID (WINAPI *PTP_WIN32_IO_CALLBACK)(PTP_CALLBACK_INSTANCE, PVOID,
	PVOID, ULONG, ULONG_PTR, PTP_IO);
typedef VOID (NTAPI *PTP_CLEANUP_GROUP_CANCEL_CALLBACK)(PVOID, PVOID);
typedef VOID (NTAPI *WAITORTIMERCALLBACK)(PVOID, BOOLEAN);
typedef VOID (WINAPI *LPOVERLAPPED_COMPLETION_ROUTINE)(DWORD, DWORD,
	LPOVERLAPPED);
typedef DWORD (WINAPI *LPTHREAD_START_ROUTINE)(LPVOID);

#endif /* FUNCTIONS_H */

/* threadpool.h - the Windows Vista thread pool API, for POSIX systems */
/* SPDX-License-Identifier: MIT */
/*
 * The public header. A program that includes it, and nothing else of this
 * project, can use the thread pool as it would on Windows; on Windows it is
 * <windows.h> itself, so one source serves both systems.
 *
 * Names, types and prototypes are those of the Windows SDK. The functions
 * are grouped by the chapter that explains and defines them. All of them are
 * declared from the start; one whose chapter is not written yet is reported
 * by the linker, by name.
 *
 * What such a program needs around the pool (handles, events, threads, time,
 * error codes) is in win32.h, which this header includes.
 */
#ifndef THREADPOOL_H
#define THREADPOOL_H

#ifdef _WIN32
#include <windows.h>
#else

#include "win32.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The objects of the API: known by pointer only. */
typedef struct _TP_POOL TP_POOL, *PTP_POOL;
typedef struct _TP_CALLBACK_INSTANCE
	TP_CALLBACK_INSTANCE, *PTP_CALLBACK_INSTANCE;
typedef struct _TP_CLEANUP_GROUP TP_CLEANUP_GROUP, *PTP_CLEANUP_GROUP;
typedef struct _TP_WORK TP_WORK, *PTP_WORK;
typedef struct _TP_TIMER TP_TIMER, *PTP_TIMER;
typedef struct _TP_WAIT TP_WAIT, *PTP_WAIT;
typedef struct _TP_IO TP_IO, *PTP_IO;

typedef DWORD TP_VERSION, *PTP_VERSION;
typedef DWORD TP_WAIT_RESULT;	/* WAIT_OBJECT_0 or WAIT_TIMEOUT */

/* The functions that an application gives to the pool. */
typedef VOID (NTAPI *PTP_SIMPLE_CALLBACK)(PTP_CALLBACK_INSTANCE Instance,
	PVOID Context);
typedef VOID (CALLBACK *PTP_WORK_CALLBACK)(PTP_CALLBACK_INSTANCE Instance,
	PVOID Context, PTP_WORK Work);
typedef VOID (CALLBACK *PTP_TIMER_CALLBACK)(PTP_CALLBACK_INSTANCE Instance,
	PVOID Context, PTP_TIMER Timer);
typedef VOID (CALLBACK *PTP_WAIT_CALLBACK)(PTP_CALLBACK_INSTANCE Instance,
	PVOID Context, PTP_WAIT Wait, TP_WAIT_RESULT WaitResult);
typedef VOID (WINAPI *PTP_WIN32_IO_CALLBACK)(PTP_CALLBACK_INSTANCE Instance,
	PVOID Context, PVOID Overlapped, ULONG IoResult,
	ULONG_PTR NumberOfBytesTransferred, PTP_IO Io);
typedef VOID (NTAPI *PTP_CLEANUP_GROUP_CANCEL_CALLBACK)(PVOID ObjectContext,
	PVOID CleanupContext);

/* The order in which callbacks of one pool are started; HIGH first. */
typedef enum _TP_CALLBACK_PRIORITY {
	TP_CALLBACK_PRIORITY_HIGH,
	TP_CALLBACK_PRIORITY_NORMAL,
	TP_CALLBACK_PRIORITY_LOW,
	TP_CALLBACK_PRIORITY_INVALID,
	TP_CALLBACK_PRIORITY_COUNT = TP_CALLBACK_PRIORITY_INVALID
} TP_CALLBACK_PRIORITY;

typedef struct _TP_POOL_STACK_INFORMATION {
	SIZE_T StackReserve;	/* bytes */
	SIZE_T StackCommit;	/* bytes */
} TP_POOL_STACK_INFORMATION, *PTP_POOL_STACK_INFORMATION;

struct _ACTIVATION_CONTEXT;

#define TP_CALLBACK_ENVIRON_FLAGS union {				\
		DWORD Flags;						\
		struct {						\
			DWORD LongFunction : 1;				\
			DWORD Persistent : 1;				\
			DWORD Private : 30;				\
		} s;							\
	}

/* What Vista knew: no priority. Still accepted (POOL-25). */
typedef struct _TP_CALLBACK_ENVIRON_V1 {
	TP_VERSION Version;		/* 1 */
	PTP_POOL Pool;			/* NULL: the default pool */
	PTP_CLEANUP_GROUP CleanupGroup;	/* NULL: none */
	PTP_CLEANUP_GROUP_CANCEL_CALLBACK CleanupGroupCancelCallback;
	PVOID RaceDll;
	struct _ACTIVATION_CONTEXT *ActivationContext;
	PTP_SIMPLE_CALLBACK FinalizationCallback;
	TP_CALLBACK_ENVIRON_FLAGS u;
} TP_CALLBACK_ENVIRON_V1;

/* Since Windows 7. Objects copy what they need at creation (WORK-02). */
typedef struct _TP_CALLBACK_ENVIRON_V3 {
	TP_VERSION Version;		/* 3 */
	PTP_POOL Pool;			/* NULL: the default pool */
	PTP_CLEANUP_GROUP CleanupGroup;	/* NULL: none */
	PTP_CLEANUP_GROUP_CANCEL_CALLBACK CleanupGroupCancelCallback;
	PVOID RaceDll;
	struct _ACTIVATION_CONTEXT *ActivationContext;
	PTP_SIMPLE_CALLBACK FinalizationCallback;
	TP_CALLBACK_ENVIRON_FLAGS u;
	TP_CALLBACK_PRIORITY CallbackPriority;
	DWORD Size;			/* of this structure, bytes */
} TP_CALLBACK_ENVIRON_V3;

typedef TP_CALLBACK_ENVIRON_V3 TP_CALLBACK_ENVIRON, *PTP_CALLBACK_ENVIRON;

/* ---- Chapter 01: work ---- */

PTP_WORK WINAPI CreateThreadpoolWork(PTP_WORK_CALLBACK pfnwk, PVOID pv,
	PTP_CALLBACK_ENVIRON pcbe);
VOID WINAPI SubmitThreadpoolWork(PTP_WORK pwk);
VOID WINAPI WaitForThreadpoolWorkCallbacks(PTP_WORK pwk,
	BOOL fCancelPendingCallbacks);
VOID WINAPI CloseThreadpoolWork(PTP_WORK pwk);
BOOL WINAPI TrySubmitThreadpoolCallback(PTP_SIMPLE_CALLBACK pfns, PVOID pv,
	PTP_CALLBACK_ENVIRON pcbe);

/* ---- Chapter 02: timers ---- */

PTP_TIMER WINAPI CreateThreadpoolTimer(PTP_TIMER_CALLBACK pfnti, PVOID pv,
	PTP_CALLBACK_ENVIRON pcbe);
VOID WINAPI SetThreadpoolTimer(PTP_TIMER pti, PFILETIME pftDueTime,
	DWORD msPeriod, DWORD msWindowLength);
BOOL WINAPI SetThreadpoolTimerEx(PTP_TIMER pti, PFILETIME pftDueTime,
	DWORD msPeriod, DWORD msWindowLength);
BOOL WINAPI IsThreadpoolTimerSet(PTP_TIMER pti);
VOID WINAPI WaitForThreadpoolTimerCallbacks(PTP_TIMER pti,
	BOOL fCancelPendingCallbacks);
VOID WINAPI CloseThreadpoolTimer(PTP_TIMER pti);

/* ---- Chapter 03: waits ---- */

PTP_WAIT WINAPI CreateThreadpoolWait(PTP_WAIT_CALLBACK pfnwa, PVOID pv,
	PTP_CALLBACK_ENVIRON pcbe);
VOID WINAPI SetThreadpoolWait(PTP_WAIT pwa, HANDLE h, PFILETIME pftTimeout);
BOOL WINAPI SetThreadpoolWaitEx(PTP_WAIT pwa, HANDLE h,
	PFILETIME pftTimeout, PVOID Reserved);
VOID WINAPI WaitForThreadpoolWaitCallbacks(PTP_WAIT pwa,
	BOOL fCancelPendingCallbacks);
VOID WINAPI CloseThreadpoolWait(PTP_WAIT pwa);

/* ---- Chapter 04: I/O ---- */

PTP_IO WINAPI CreateThreadpoolIo(HANDLE fl, PTP_WIN32_IO_CALLBACK pfnio,
	PVOID pv, PTP_CALLBACK_ENVIRON pcbe);
VOID WINAPI StartThreadpoolIo(PTP_IO pio);
VOID WINAPI CancelThreadpoolIo(PTP_IO pio);
VOID WINAPI WaitForThreadpoolIoCallbacks(PTP_IO pio,
	BOOL fCancelPendingCallbacks);
VOID WINAPI CloseThreadpoolIo(PTP_IO pio);

/* ---- Chapter 05: the callback instance ---- */

BOOL WINAPI CallbackMayRunLong(PTP_CALLBACK_INSTANCE pci);
VOID WINAPI DisassociateCurrentThreadFromCallback(PTP_CALLBACK_INSTANCE pci);
VOID WINAPI SetEventWhenCallbackReturns(PTP_CALLBACK_INSTANCE pci,
	HANDLE evt);
VOID WINAPI ReleaseSemaphoreWhenCallbackReturns(PTP_CALLBACK_INSTANCE pci,
	HANDLE sem, DWORD crel);
VOID WINAPI ReleaseMutexWhenCallbackReturns(PTP_CALLBACK_INSTANCE pci,
	HANDLE mut);
VOID WINAPI LeaveCriticalSectionWhenCallbackReturns(
	PTP_CALLBACK_INSTANCE pci, PCRITICAL_SECTION pcs);
VOID WINAPI FreeLibraryWhenCallbackReturns(PTP_CALLBACK_INSTANCE pci,
	HMODULE mod);

/* ---- Chapter 06: pools and environments ---- */

PTP_POOL WINAPI CreateThreadpool(PVOID reserved);
VOID WINAPI CloseThreadpool(PTP_POOL ptpp);
VOID WINAPI SetThreadpoolThreadMaximum(PTP_POOL ptpp, DWORD cthrdMost);
BOOL WINAPI SetThreadpoolThreadMinimum(PTP_POOL ptpp, DWORD cthrdMic);
BOOL WINAPI SetThreadpoolStackInformation(PTP_POOL ptpp,
	PTP_POOL_STACK_INFORMATION ptpsi);
BOOL WINAPI QueryThreadpoolStackInformation(PTP_POOL ptpp,
	PTP_POOL_STACK_INFORMATION ptpsi);

/* ---- Chapter 07: cleanup groups ---- */

PTP_CLEANUP_GROUP WINAPI CreateThreadpoolCleanupGroup(VOID);
VOID WINAPI CloseThreadpoolCleanupGroupMembers(PTP_CLEANUP_GROUP ptpcg,
	BOOL fCancelPendingCallbacks, PVOID pvCleanupContext);
VOID WINAPI CloseThreadpoolCleanupGroup(PTP_CLEANUP_GROUP ptpcg);

/* ---- Chapter 08: the legacy pool ---- */

typedef VOID (NTAPI *WAITORTIMERCALLBACK)(PVOID Parameter,
	BOOLEAN TimerOrWaitFired);
typedef WAITORTIMERCALLBACK WAITORTIMERCALLBACKFUNC;

#define WT_EXECUTEDEFAULT		0x00000000
#define WT_EXECUTEINIOTHREAD		0x00000001
#define WT_EXECUTEINUITHREAD		0x00000002
#define WT_EXECUTEINWAITTHREAD		0x00000004
#define WT_EXECUTEONLYONCE		0x00000008
#define WT_EXECUTELONGFUNCTION		0x00000010
#define WT_EXECUTEINTIMERTHREAD		0x00000020
#define WT_EXECUTEINPERSISTENTTHREAD	0x00000080
#define WT_TRANSFER_IMPERSONATION	0x00000100
#define WT_SET_MAX_THREADPOOL_THREADS(Flags, Limit) \
	((Flags) |= (Limit) << 16)

BOOL WINAPI QueueUserWorkItem(LPTHREAD_START_ROUTINE Function,
	PVOID Context, ULONG Flags);
BOOL WINAPI RegisterWaitForSingleObject(PHANDLE phNewWaitObject,
	HANDLE hObject, WAITORTIMERCALLBACK Callback, PVOID Context,
	ULONG dwMilliseconds, ULONG dwFlags);
HANDLE WINAPI RegisterWaitForSingleObjectEx(HANDLE hObject,
	WAITORTIMERCALLBACK Callback, PVOID Context, ULONG dwMilliseconds,
	ULONG dwFlags);
BOOL WINAPI UnregisterWait(HANDLE WaitHandle);
BOOL WINAPI UnregisterWaitEx(HANDLE WaitHandle, HANDLE CompletionEvent);
HANDLE WINAPI CreateTimerQueue(VOID);
BOOL WINAPI CreateTimerQueueTimer(PHANDLE phNewTimer, HANDLE TimerQueue,
	WAITORTIMERCALLBACK Callback, PVOID Parameter, DWORD DueTime,
	DWORD Period, ULONG Flags);
BOOL WINAPI ChangeTimerQueueTimer(HANDLE TimerQueue, HANDLE Timer,
	ULONG DueTime, ULONG Period);
BOOL WINAPI DeleteTimerQueueTimer(HANDLE TimerQueue, HANDLE Timer,
	HANDLE CompletionEvent);
BOOL WINAPI DeleteTimerQueueEx(HANDLE TimerQueue, HANDLE CompletionEvent);
BOOL WINAPI DeleteTimerQueue(HANDLE TimerQueue);
BOOL WINAPI BindIoCompletionCallback(HANDLE FileHandle,
	LPOVERLAPPED_COMPLETION_ROUTINE Function, ULONG Flags);

#ifdef __cplusplus
}
#endif

#include "environ.h"

#endif /* !_WIN32 */
#endif /* THREADPOOL_H */

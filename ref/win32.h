/* win32.h - the part of Win32 that programs use around the thread pool */
/* SPDX-License-Identifier: MIT */
/*
 * Types of exact width (LONG, DWORD and BOOL have 32 bits on every system;
 * HANDLE and ULONG_PTR the width of a pointer), error codes and wait
 * results with their SDK values, and the kernel objects: events, mutexes,
 * semaphores, waitable timers, threads, files; waiting; critical sections,
 * libraries, time.
 * The small change (Interlocked, slim locks, thread-local slots, the heap,
 * FormatMessage) is in compat/compat.h, included at the end.
 *
 * A plain name such as CreateEvent is the A form, or the W form where
 * UNICODE is defined; W forms take wchar_t, which is UTF-32 here. Security
 * attributes must be NULL or carry no descriptor.
 *
 * Included by threadpool.h; never by itself.
 */
#ifndef WIN32_H
#define WIN32_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <wchar.h>

#ifdef __cplusplus
extern "C" {
#endif

/* ---- Calling conventions, annotations: nothing to say on POSIX ---- */

#define WINAPI
#define NTAPI
#define CALLBACK
#define APIENTRY
#define WINBASEAPI
#define __cdecl
#define __stdcall
#define IN
#define OUT
#define _In_
#define _In_opt_
#define _Inout_
#define _Inout_opt_
#define _Out_
#define _Out_opt_
#define _Reserved_
#ifdef __GNUC__
#define DECLSPEC_NORETURN __attribute__((noreturn))
#else
#define DECLSPEC_NORETURN
#endif

/* ---- Types ---- */

#ifndef VOID
#define VOID void
#endif
typedef void *PVOID, *LPVOID;
typedef const void *LPCVOID;
typedef char CHAR, *PCHAR, *LPSTR, *PSTR;
typedef const char *LPCSTR, *PCSTR;
typedef wchar_t WCHAR, *PWCHAR, *LPWSTR, *PWSTR;
typedef const wchar_t *LPCWSTR, *PCWSTR;
typedef unsigned char BYTE, *PBYTE, *LPBYTE, UCHAR, *PUCHAR;
typedef BYTE BOOLEAN, *PBOOLEAN;
typedef int BOOL, *PBOOL, *LPBOOL;
typedef int INT, *PINT;
typedef unsigned int UINT, *PUINT;
typedef int16_t SHORT, *PSHORT;
typedef uint16_t WORD, *PWORD, USHORT, *PUSHORT;
typedef int32_t LONG, *PLONG, *LPLONG;
typedef uint32_t DWORD, *PDWORD, *LPDWORD, ULONG, *PULONG;
typedef long long LONGLONG, LONG64, INT64;
typedef unsigned long long ULONGLONG, ULONG64, DWORD64, DWORDLONG, UINT64;
typedef intptr_t LONG_PTR, INT_PTR;
typedef uintptr_t ULONG_PTR, UINT_PTR, DWORD_PTR, *PULONG_PTR;
typedef size_t SIZE_T, *PSIZE_T;

typedef void *HANDLE, **PHANDLE, **LPHANDLE;
typedef struct tp_module *HMODULE, *HINSTANCE;
typedef INT_PTR (WINAPI *FARPROC)(void);

#ifndef TRUE
#define TRUE 1
#endif
#ifndef FALSE
#define FALSE 0
#endif

#ifdef __cplusplus
#define TP_EXTENSION __extension__
#else
#define TP_EXTENSION
#endif

typedef union _LARGE_INTEGER {
	TP_EXTENSION struct {
		DWORD LowPart;
		LONG HighPart;
	};
	struct {
		DWORD LowPart;
		LONG HighPart;
	} u;
	LONGLONG QuadPart;
} LARGE_INTEGER, *PLARGE_INTEGER;

typedef union _ULARGE_INTEGER {
	TP_EXTENSION struct {
		DWORD LowPart;
		DWORD HighPart;
	};
	struct {
		DWORD LowPart;
		DWORD HighPart;
	} u;
	ULONGLONG QuadPart;
} ULARGE_INTEGER, *PULARGE_INTEGER;

/* 100 ns ticks since 1601-01-01 UTC; negative in due times: from now. */
typedef struct _FILETIME {
	DWORD dwLowDateTime;
	DWORD dwHighDateTime;
} FILETIME, *PFILETIME, *LPFILETIME;

typedef struct _SECURITY_ATTRIBUTES {
	DWORD nLength;			/* bytes */
	LPVOID lpSecurityDescriptor;	/* must be NULL */
	BOOL bInheritHandle;		/* no meaning here */
} SECURITY_ATTRIBUTES, *PSECURITY_ATTRIBUTES, *LPSECURITY_ATTRIBUTES;

/* One asynchronous request. Zero it, then say where in the file. */
typedef struct _OVERLAPPED {
	ULONG_PTR Internal;		/* STATUS_PENDING until it has ended */
	ULONG_PTR InternalHigh;		/* bytes moved */
	TP_EXTENSION union {
		TP_EXTENSION struct {
			DWORD Offset;	/* in the file, bytes, low half */
			DWORD OffsetHigh;
		};
		PVOID Pointer;
	};
	HANDLE hEvent;			/* set at the end; NULL: none */
} OVERLAPPED, *LPOVERLAPPED;

typedef VOID (WINAPI *LPOVERLAPPED_COMPLETION_ROUTINE)(DWORD dwErrorCode,
	DWORD dwNumberOfBytesTransfered, LPOVERLAPPED lpOverlapped);

#define UNREFERENCED_PARAMETER(p)	((void)(p))
#define ZeroMemory(p, n)		memset((p), 0, (n))
#define FillMemory(p, n, c)		memset((p), (c), (n))
#define CopyMemory(to, from, n)		memcpy((to), (from), (n))
#define MoveMemory(to, from, n)		memmove((to), (from), (n))

/* ---- Constants ---- */

#define INFINITE			0xFFFFFFFFu
#define INVALID_HANDLE_VALUE		((HANDLE)(LONG_PTR)-1)
#define MAXIMUM_WAIT_OBJECTS		64
#define MAX_PATH			260

#define WAIT_OBJECT_0			0x00000000u
#define WAIT_ABANDONED			0x00000080u
#define WAIT_ABANDONED_0		0x00000080u
#define WAIT_IO_COMPLETION		0x000000C0u
#define WAIT_TIMEOUT			0x00000102u
#define WAIT_FAILED			0xFFFFFFFFu
#define STILL_ACTIVE			0x00000103u
#define STATUS_PENDING			0x00000103u

#define NO_ERROR			0u
#define ERROR_SUCCESS			0u
#define ERROR_INVALID_FUNCTION		1u
#define ERROR_FILE_NOT_FOUND		2u
#define ERROR_PATH_NOT_FOUND		3u
#define ERROR_ACCESS_DENIED		5u
#define ERROR_TOO_MANY_OPEN_FILES	4u
#define ERROR_INVALID_HANDLE		6u
#define ERROR_NOT_ENOUGH_MEMORY		8u
#define ERROR_WRITE_PROTECT		19u
#define ERROR_HANDLE_EOF		38u
#define ERROR_NOT_SUPPORTED		50u
#define ERROR_NETNAME_DELETED		64u
#define ERROR_FILE_EXISTS		80u
#define ERROR_INVALID_PARAMETER		87u
#define ERROR_BROKEN_PIPE		109u
#define ERROR_DISK_FULL			112u
#define ERROR_SEM_TIMEOUT		121u
#define ERROR_INSUFFICIENT_BUFFER	122u
#define ERROR_MOD_NOT_FOUND		126u
#define ERROR_PROC_NOT_FOUND		127u
#define ERROR_NEGATIVE_SEEK		131u
#define ERROR_ALREADY_EXISTS		183u
#define ERROR_FILENAME_EXCED_RANGE	206u
#define ERROR_NO_DATA			232u
#define ERROR_NO_MORE_ITEMS		259u
#define ERROR_NOT_OWNER			288u
#define ERROR_TOO_MANY_POSTS		298u
#define ERROR_MR_MID_NOT_FOUND		317u
#define ERROR_OPERATION_ABORTED		995u
#define ERROR_IO_INCOMPLETE		996u
#define ERROR_IO_PENDING		997u
#define ERROR_NOACCESS			998u
#define ERROR_IO_DEVICE			1117u
#define ERROR_NOT_FOUND			1168u
#define ERROR_CANCELLED			1223u
#define ERROR_CONNECTION_REFUSED	1225u
#define ERROR_ADDRESS_ALREADY_ASSOCIATED	1227u
#define ERROR_NETWORK_UNREACHABLE	1231u
#define ERROR_HOST_UNREACHABLE		1232u
#define ERROR_CONNECTION_ABORTED	1236u
#define ERROR_NO_SYSTEM_RESOURCES	1450u
#define ERROR_TIMEOUT			1460u

#define DELETE				0x00010000u
#define SYNCHRONIZE			0x00100000u
#define STANDARD_RIGHTS_REQUIRED	0x000F0000u
#define EVENT_MODIFY_STATE		0x0002u
#define EVENT_ALL_ACCESS		0x001F0003u
#define MUTEX_MODIFY_STATE		0x0001u
#define MUTEX_ALL_ACCESS		0x001F0001u
#define SEMAPHORE_MODIFY_STATE		0x0002u
#define SEMAPHORE_ALL_ACCESS		0x001F0003u
#define TIMER_MODIFY_STATE		0x0002u
#define TIMER_ALL_ACCESS		0x001F0003u
#define THREAD_ALL_ACCESS		0x001FFFFFu
#define DUPLICATE_CLOSE_SOURCE		0x00000001u
#define DUPLICATE_SAME_ACCESS		0x00000002u
#define CREATE_EVENT_MANUAL_RESET	0x00000001u
#define CREATE_EVENT_INITIAL_SET	0x00000002u
#define CREATE_MUTEX_INITIAL_OWNER	0x00000001u
#define CREATE_WAITABLE_TIMER_MANUAL_RESET	0x00000001u
#define CREATE_WAITABLE_TIMER_HIGH_RESOLUTION	0x00000002u
#define CREATE_SUSPENDED		0x00000004u
#define STACK_SIZE_PARAM_IS_A_RESERVATION	0x00010000u

#define GENERIC_READ			0x80000000u
#define GENERIC_WRITE			0x40000000u
#define FILE_READ_DATA			0x0001u
#define FILE_WRITE_DATA			0x0002u
#define FILE_APPEND_DATA		0x0004u
#define FILE_SHARE_READ			0x00000001u
#define FILE_SHARE_WRITE		0x00000002u
#define FILE_SHARE_DELETE		0x00000004u
#define CREATE_NEW			1u
#define CREATE_ALWAYS			2u
#define OPEN_EXISTING			3u
#define OPEN_ALWAYS			4u
#define TRUNCATE_EXISTING		5u
#define FILE_ATTRIBUTE_READONLY		0x00000001u
#define FILE_ATTRIBUTE_HIDDEN		0x00000002u
#define FILE_ATTRIBUTE_ARCHIVE		0x00000020u
#define FILE_ATTRIBUTE_NORMAL		0x00000080u
#define FILE_ATTRIBUTE_TEMPORARY	0x00000100u
#define FILE_FLAG_WRITE_THROUGH		0x80000000u
#define FILE_FLAG_OVERLAPPED		0x40000000u
#define FILE_FLAG_NO_BUFFERING		0x20000000u
#define FILE_FLAG_RANDOM_ACCESS		0x10000000u
#define FILE_FLAG_SEQUENTIAL_SCAN	0x08000000u
#define FILE_FLAG_DELETE_ON_CLOSE	0x04000000u
#define FILE_BEGIN			0u
#define FILE_CURRENT			1u
#define FILE_END			2u
#define FILE_SKIP_COMPLETION_PORT_ON_SUCCESS	0x1
#define FILE_SKIP_SET_EVENT_ON_HANDLE	0x2

/* ---- The last error of the calling thread ---- */

DWORD WINAPI GetLastError(VOID);
VOID WINAPI SetLastError(DWORD dwErrCode);

/* ---- Handles ---- */

BOOL WINAPI CloseHandle(HANDLE hObject);
BOOL WINAPI DuplicateHandle(HANDLE hSourceProcessHandle,
	HANDLE hSourceHandle, HANDLE hTargetProcessHandle,
	LPHANDLE lpTargetHandle, DWORD dwDesiredAccess, BOOL bInheritHandle,
	DWORD dwOptions);
HANDLE WINAPI GetCurrentProcess(VOID);

/* ---- Waiting ---- */

DWORD WINAPI WaitForSingleObject(HANDLE hHandle, DWORD dwMilliseconds);
DWORD WINAPI WaitForSingleObjectEx(HANDLE hHandle, DWORD dwMilliseconds,
	BOOL bAlertable);
DWORD WINAPI WaitForMultipleObjects(DWORD nCount, const HANDLE *lpHandles,
	BOOL bWaitAll, DWORD dwMilliseconds);
DWORD WINAPI WaitForMultipleObjectsEx(DWORD nCount, const HANDLE *lpHandles,
	BOOL bWaitAll, DWORD dwMilliseconds, BOOL bAlertable);
DWORD WINAPI SignalObjectAndWait(HANDLE hObjectToSignal,
	HANDLE hObjectToWaitOn, DWORD dwMilliseconds, BOOL bAlertable);

/* ---- Events ---- */

HANDLE WINAPI CreateEventA(LPSECURITY_ATTRIBUTES lpEventAttributes,
	BOOL bManualReset, BOOL bInitialState, LPCSTR lpName);
HANDLE WINAPI CreateEventW(LPSECURITY_ATTRIBUTES lpEventAttributes,
	BOOL bManualReset, BOOL bInitialState, LPCWSTR lpName);
HANDLE WINAPI CreateEventExA(LPSECURITY_ATTRIBUTES lpEventAttributes,
	LPCSTR lpName, DWORD dwFlags, DWORD dwDesiredAccess);
HANDLE WINAPI CreateEventExW(LPSECURITY_ATTRIBUTES lpEventAttributes,
	LPCWSTR lpName, DWORD dwFlags, DWORD dwDesiredAccess);
BOOL WINAPI SetEvent(HANDLE hEvent);
BOOL WINAPI ResetEvent(HANDLE hEvent);

/* ---- Mutexes ---- */

HANDLE WINAPI CreateMutexA(LPSECURITY_ATTRIBUTES lpMutexAttributes,
	BOOL bInitialOwner, LPCSTR lpName);
HANDLE WINAPI CreateMutexW(LPSECURITY_ATTRIBUTES lpMutexAttributes,
	BOOL bInitialOwner, LPCWSTR lpName);
HANDLE WINAPI CreateMutexExA(LPSECURITY_ATTRIBUTES lpMutexAttributes,
	LPCSTR lpName, DWORD dwFlags, DWORD dwDesiredAccess);
HANDLE WINAPI CreateMutexExW(LPSECURITY_ATTRIBUTES lpMutexAttributes,
	LPCWSTR lpName, DWORD dwFlags, DWORD dwDesiredAccess);
BOOL WINAPI ReleaseMutex(HANDLE hMutex);

/* ---- Semaphores ---- */

HANDLE WINAPI CreateSemaphoreA(LPSECURITY_ATTRIBUTES lpSemaphoreAttributes,
	LONG lInitialCount, LONG lMaximumCount, LPCSTR lpName);
HANDLE WINAPI CreateSemaphoreW(LPSECURITY_ATTRIBUTES lpSemaphoreAttributes,
	LONG lInitialCount, LONG lMaximumCount, LPCWSTR lpName);
HANDLE WINAPI CreateSemaphoreExA(LPSECURITY_ATTRIBUTES lpSemaphoreAttributes,
	LONG lInitialCount, LONG lMaximumCount, LPCSTR lpName, DWORD dwFlags,
	DWORD dwDesiredAccess);
HANDLE WINAPI CreateSemaphoreExW(LPSECURITY_ATTRIBUTES lpSemaphoreAttributes,
	LONG lInitialCount, LONG lMaximumCount, LPCWSTR lpName, DWORD dwFlags,
	DWORD dwDesiredAccess);
BOOL WINAPI ReleaseSemaphore(HANDLE hSemaphore, LONG lReleaseCount,
	LPLONG lpPreviousCount);

/* ---- Waitable timers ---- */

typedef VOID (CALLBACK *PTIMERAPCROUTINE)(LPVOID lpArgToCompletionRoutine,
	DWORD dwTimerLowValue, DWORD dwTimerHighValue);

HANDLE WINAPI CreateWaitableTimerA(LPSECURITY_ATTRIBUTES lpTimerAttributes,
	BOOL bManualReset, LPCSTR lpTimerName);
HANDLE WINAPI CreateWaitableTimerW(LPSECURITY_ATTRIBUTES lpTimerAttributes,
	BOOL bManualReset, LPCWSTR lpTimerName);
HANDLE WINAPI CreateWaitableTimerExA(
	LPSECURITY_ATTRIBUTES lpTimerAttributes, LPCSTR lpTimerName,
	DWORD dwFlags, DWORD dwDesiredAccess);
HANDLE WINAPI CreateWaitableTimerExW(
	LPSECURITY_ATTRIBUTES lpTimerAttributes, LPCWSTR lpTimerName,
	DWORD dwFlags, DWORD dwDesiredAccess);
BOOL WINAPI SetWaitableTimer(HANDLE hTimer, const LARGE_INTEGER *lpDueTime,
	LONG lPeriod, PTIMERAPCROUTINE pfnCompletionRoutine,
	LPVOID lpArgToCompletionRoutine, BOOL fResume);
BOOL WINAPI CancelWaitableTimer(HANDLE hTimer);

/* ---- Threads ---- */

typedef DWORD (WINAPI *LPTHREAD_START_ROUTINE)(LPVOID lpThreadParameter);
typedef LPTHREAD_START_ROUTINE PTHREAD_START_ROUTINE;

HANDLE WINAPI CreateThread(LPSECURITY_ATTRIBUTES lpThreadAttributes,
	SIZE_T dwStackSize, LPTHREAD_START_ROUTINE lpStartAddress,
	LPVOID lpParameter, DWORD dwCreationFlags, LPDWORD lpThreadId);
DECLSPEC_NORETURN VOID WINAPI ExitThread(DWORD dwExitCode);
BOOL WINAPI GetExitCodeThread(HANDLE hThread, LPDWORD lpExitCode);
BOOL WINAPI TerminateThread(HANDLE hThread, DWORD dwExitCode);
HANDLE WINAPI GetCurrentThread(VOID);
DWORD WINAPI GetCurrentThreadId(VOID);
BOOL WINAPI SwitchToThread(VOID);
VOID WINAPI Sleep(DWORD dwMilliseconds);
DWORD WINAPI SleepEx(DWORD dwMilliseconds, BOOL bAlertable);

/* ---- Files, and requests that are overlapped ---- */

HANDLE WINAPI CreateFileA(LPCSTR lpFileName, DWORD dwDesiredAccess,
	DWORD dwShareMode, LPSECURITY_ATTRIBUTES lpSecurityAttributes,
	DWORD dwCreationDisposition, DWORD dwFlagsAndAttributes,
	HANDLE hTemplateFile);
HANDLE WINAPI CreateFileW(LPCWSTR lpFileName, DWORD dwDesiredAccess,
	DWORD dwShareMode, LPSECURITY_ATTRIBUTES lpSecurityAttributes,
	DWORD dwCreationDisposition, DWORD dwFlagsAndAttributes,
	HANDLE hTemplateFile);
BOOL WINAPI DeleteFileA(LPCSTR lpFileName);
BOOL WINAPI DeleteFileW(LPCWSTR lpFileName);
BOOL WINAPI CreatePipe(PHANDLE hReadPipe, PHANDLE hWritePipe,
	LPSECURITY_ATTRIBUTES lpPipeAttributes, DWORD nSize);
BOOL WINAPI ReadFile(HANDLE hFile, LPVOID lpBuffer,
	DWORD nNumberOfBytesToRead, LPDWORD lpNumberOfBytesRead,
	LPOVERLAPPED lpOverlapped);
BOOL WINAPI WriteFile(HANDLE hFile, LPCVOID lpBuffer,
	DWORD nNumberOfBytesToWrite, LPDWORD lpNumberOfBytesWritten,
	LPOVERLAPPED lpOverlapped);
BOOL WINAPI FlushFileBuffers(HANDLE hFile);
BOOL WINAPI GetFileSizeEx(HANDLE hFile, PLARGE_INTEGER lpFileSize);
BOOL WINAPI SetFilePointerEx(HANDLE hFile, LARGE_INTEGER liDistanceToMove,
	PLARGE_INTEGER lpNewFilePointer, DWORD dwMoveMethod);
BOOL WINAPI SetEndOfFile(HANDLE hFile);
BOOL WINAPI GetOverlappedResult(HANDLE hFile, LPOVERLAPPED lpOverlapped,
	LPDWORD lpNumberOfBytesTransferred, BOOL bWait);
BOOL WINAPI GetOverlappedResultEx(HANDLE hFile, LPOVERLAPPED lpOverlapped,
	LPDWORD lpNumberOfBytesTransferred, DWORD dwMilliseconds,
	BOOL bAlertable);
BOOL WINAPI CancelIo(HANDLE hFile);
BOOL WINAPI CancelIoEx(HANDLE hFile, LPOVERLAPPED lpOverlapped);
BOOL WINAPI CancelSynchronousIo(HANDLE hThread);
BOOL WINAPI SetFileCompletionNotificationModes(HANDLE FileHandle,
	UCHAR Flags);

/* Has the request ended? It may be asked on any thread, without a lock. */
#define HasOverlappedIoCompleted(lpOverlapped)				\
	(__atomic_load_n(&(lpOverlapped)->Internal, __ATOMIC_ACQUIRE) != \
		STATUS_PENDING)

/* ---- Critical sections ---- */

typedef struct _RTL_CRITICAL_SECTION {
	ULONGLONG Storage[24];		/* see critical_section.c */
} RTL_CRITICAL_SECTION, CRITICAL_SECTION, *PCRITICAL_SECTION,
	*LPCRITICAL_SECTION;

VOID WINAPI InitializeCriticalSection(LPCRITICAL_SECTION lpCriticalSection);
BOOL WINAPI InitializeCriticalSectionAndSpinCount(
	LPCRITICAL_SECTION lpCriticalSection, DWORD dwSpinCount);
BOOL WINAPI InitializeCriticalSectionEx(LPCRITICAL_SECTION lpCriticalSection,
	DWORD dwSpinCount, DWORD Flags);
VOID WINAPI EnterCriticalSection(LPCRITICAL_SECTION lpCriticalSection);
BOOL WINAPI TryEnterCriticalSection(LPCRITICAL_SECTION lpCriticalSection);
VOID WINAPI LeaveCriticalSection(LPCRITICAL_SECTION lpCriticalSection);
VOID WINAPI DeleteCriticalSection(LPCRITICAL_SECTION lpCriticalSection);

/* ---- Libraries ---- */

HMODULE WINAPI LoadLibraryA(LPCSTR lpLibFileName);
FARPROC WINAPI GetProcAddress(HMODULE hModule, LPCSTR lpProcName);
BOOL WINAPI FreeLibrary(HMODULE hLibModule);

/* ---- Time ---- */

DWORD WINAPI GetTickCount(VOID);
ULONGLONG WINAPI GetTickCount64(VOID);
VOID WINAPI GetSystemTimeAsFileTime(LPFILETIME lpSystemTimeAsFileTime);
VOID WINAPI GetSystemTimePreciseAsFileTime(
	LPFILETIME lpSystemTimeAsFileTime);
BOOL WINAPI QueryPerformanceCounter(LARGE_INTEGER *lpPerformanceCount);
BOOL WINAPI QueryPerformanceFrequency(LARGE_INTEGER *lpFrequency);
LONG WINAPI CompareFileTime(const FILETIME *lpFileTime1,
	const FILETIME *lpFileTime2);

/* ---- Plain names ---- */

#ifdef UNICODE
#define CreateEvent		CreateEventW
#define CreateEventEx		CreateEventExW
#define CreateMutex		CreateMutexW
#define CreateMutexEx		CreateMutexExW
#define CreateSemaphore		CreateSemaphoreW
#define CreateSemaphoreEx	CreateSemaphoreExW
#define CreateWaitableTimer	CreateWaitableTimerW
#define CreateWaitableTimerEx	CreateWaitableTimerExW
#define CreateFile		CreateFileW
#define DeleteFile		DeleteFileW
#else
#define CreateEvent		CreateEventA
#define CreateEventEx		CreateEventExA
#define CreateMutex		CreateMutexA
#define CreateMutexEx		CreateMutexExA
#define CreateSemaphore		CreateSemaphoreA
#define CreateSemaphoreEx	CreateSemaphoreExA
#define CreateWaitableTimer	CreateWaitableTimerA
#define CreateWaitableTimerEx	CreateWaitableTimerExA
#define CreateFile		CreateFileA
#define DeleteFile		DeleteFileA
#define LoadLibrary		LoadLibraryA
#endif

#ifdef __cplusplus
}
#endif

#include "compat/compat.h"

#endif /* WIN32_H */

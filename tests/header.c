/* header.c - what every program may count on in threadpool.h */
/* SPDX-License-Identifier: MIT */
/*
 * Nothing here runs: it compiles, or it does not. It needs threadpool.h, for
 * offsetof stddef.h, and the list of all functions (functions.h). It is
 * compiled as C11 and C++, by gcc, clang and mingw-w64, where threadpool.h is
 * <windows.h>: so each statement holds of our header and of the SDK's. See
 * tests/header.sh and header_sdk.sh.
 */
#include "threadpool.h"

#include <stddef.h>

#include "functions.h"

#ifdef __cplusplus
#define CLAIM(condition) static_assert(condition, #condition)
#define ALIGNMENT alignof
#else
#define CLAIM(condition) _Static_assert(condition, #condition)
#define ALIGNMENT _Alignof
#endif

#define BYTES(type, bytes) CLAIM(sizeof(type) == (bytes))
#define SIGNED(type) CLAIM((type)-1 < (type)0)
#define UNSIGNED(type) CLAIM((type)-1 > (type)0)
#define AFTER(type, field, next) \
	CLAIM(offsetof(type, field) < offsetof(type, next))

/* ---- Widths ---- */

BYTES(BYTE, 1);
BYTES(BOOLEAN, 1);
BYTES(WORD, 2);
BYTES(USHORT, 2);
BYTES(SHORT, 2);
BYTES(BOOL, 4);
BYTES(INT, 4);
BYTES(UINT, 4);
BYTES(LONG, 4);
BYTES(ULONG, 4);
BYTES(DWORD, 4);
BYTES(LONGLONG, 8);
BYTES(ULONGLONG, 8);
BYTES(LONG64, 8);
BYTES(ULONG64, 8);
BYTES(DWORD64, 8);
BYTES(DWORDLONG, 8);
BYTES(INT64, 8);
BYTES(UINT64, 8);
BYTES(LARGE_INTEGER, 8);
BYTES(ULARGE_INTEGER, 8);
BYTES(FILETIME, 8);
BYTES(TP_VERSION, 4);
BYTES(TP_WAIT_RESULT, 4);
BYTES(TP_CALLBACK_PRIORITY, 4);
BYTES(LONG_PTR, sizeof(void *));
BYTES(ULONG_PTR, sizeof(void *));
BYTES(INT_PTR, sizeof(void *));
BYTES(UINT_PTR, sizeof(void *));
BYTES(DWORD_PTR, sizeof(void *));
BYTES(SIZE_T, sizeof(void *));
BYTES(HANDLE, sizeof(void *));
BYTES(HMODULE, sizeof(void *));
BYTES(HINSTANCE, sizeof(void *));
BYTES(FARPROC, sizeof(void *));
BYTES(SRWLOCK, sizeof(void *));
BYTES(CONDITION_VARIABLE, sizeof(void *));
BYTES(INIT_ONCE, sizeof(void *));
BYTES(SECURITY_ATTRIBUTES, 3 * sizeof(void *));
BYTES(TP_POOL_STACK_INFORMATION, 2 * sizeof(void *));
BYTES(SYSTEM_INFO, 24 + 3 * sizeof(void *));

SIGNED(BOOL);
SIGNED(LONG);
SIGNED(LONGLONG);
SIGNED(LONG64);
SIGNED(LONG_PTR);
UNSIGNED(BOOLEAN);
UNSIGNED(DWORD);
UNSIGNED(ULONG);
UNSIGNED(ULONGLONG);
UNSIGNED(ULONG_PTR);
UNSIGNED(SIZE_T);

/* ---- Layouts ---- */

CLAIM(offsetof(FILETIME, dwLowDateTime) == 0);
CLAIM(offsetof(FILETIME, dwHighDateTime) == 4);
CLAIM(ALIGNMENT(FILETIME) == 4);
CLAIM(offsetof(LARGE_INTEGER, LowPart) == 0);
CLAIM(offsetof(LARGE_INTEGER, HighPart) == 4);
CLAIM(offsetof(LARGE_INTEGER, u.LowPart) == 0);
CLAIM(offsetof(LARGE_INTEGER, QuadPart) == 0);
CLAIM(offsetof(ULARGE_INTEGER, HighPart) == 4);
CLAIM(offsetof(ULARGE_INTEGER, u.HighPart) == 4);

CLAIM(offsetof(TP_CALLBACK_ENVIRON, Version) == 0);
AFTER(TP_CALLBACK_ENVIRON, Version, Pool);
AFTER(TP_CALLBACK_ENVIRON, Pool, CleanupGroup);
AFTER(TP_CALLBACK_ENVIRON, CleanupGroup, CleanupGroupCancelCallback);
AFTER(TP_CALLBACK_ENVIRON, CleanupGroupCancelCallback, RaceDll);
AFTER(TP_CALLBACK_ENVIRON, RaceDll, ActivationContext);
AFTER(TP_CALLBACK_ENVIRON, ActivationContext, FinalizationCallback);
AFTER(TP_CALLBACK_ENVIRON, FinalizationCallback, u);
AFTER(TP_CALLBACK_ENVIRON, u.Flags, CallbackPriority);
AFTER(TP_CALLBACK_ENVIRON, CallbackPriority, Size);
CLAIM(offsetof(TP_CALLBACK_ENVIRON, u.s) ==
	offsetof(TP_CALLBACK_ENVIRON, u.Flags));
CLAIM(sizeof(TP_CALLBACK_ENVIRON) == (sizeof(void *) == 8 ? 72 : 40));
CLAIM(offsetof(TP_POOL_STACK_INFORMATION, StackReserve) == 0);
AFTER(TP_POOL_STACK_INFORMATION, StackReserve, StackCommit);

CLAIM(offsetof(SYSTEM_INFO, wProcessorArchitecture) == 0);
CLAIM(offsetof(SYSTEM_INFO, dwPageSize) == 4);
CLAIM(offsetof(SYSTEM_INFO, lpMinimumApplicationAddress) == 8);
AFTER(SYSTEM_INFO, dwActiveProcessorMask, dwNumberOfProcessors);
AFTER(SYSTEM_INFO, dwAllocationGranularity, wProcessorLevel);

/* ---- Every function, with its prototype ---- */

extern const struct library_functions library_functions;
const struct library_functions library_functions = EVERY_LIBRARY_FUNCTION;

extern const struct inline_functions inline_functions;
const struct inline_functions inline_functions = EVERY_INLINE_FUNCTION;

/* ---- Types that must be what programs take them for ---- */

/* Wrong widths and signs show in the claims above; wrong types here. */
extern VOID CALLBACK on_work(PTP_CALLBACK_INSTANCE, PVOID, PTP_WORK);
extern DWORD WINAPI on_thread(LPVOID);
extern BOOL CALLBACK on_first_use(PINIT_ONCE, PVOID, PVOID *);

extern VOID everything_has_the_type_it_is_used_with(VOID);
VOID
everything_has_the_type_it_is_used_with(VOID)
{
	static SRWLOCK slim = SRWLOCK_INIT;
	static CONDITION_VARIABLE condition = CONDITION_VARIABLE_INIT;
	static INIT_ONCE once = INIT_ONCE_STATIC_INIT;
	PTP_WORK_CALLBACK work = on_work;
	LPTHREAD_START_ROUTINE thread = on_thread;
	PINIT_ONCE_FN first_use = on_first_use;
	LONG volatile count = 0;
	LPCTSTR name = TEXT("name");
	HANDLE event = CreateEvent(NULL, TRUE, FALSE, name);
	PVOID context = INVALID_HANDLE_VALUE;
	TP_CALLBACK_ENVIRON settings;
	LARGE_INTEGER due;

	due.QuadPart = -10000;
	due.HighPart = due.u.HighPart;
	InitializeThreadpoolEnvironment(&settings);
	settings.u.s.LongFunction = settings.u.s.Persistent;
	(void)InterlockedIncrement(&count);
	(void)InitOnceExecuteOnce(&once, first_use, NULL, &context);
	AcquireSRWLockExclusive(&slim);
	(void)SleepConditionVariableSRW(&condition, &slim, INFINITE, 0);
	ReleaseSRWLockExclusive(&slim);
	(void)CreateThread(NULL, 0, thread, NULL, 0, NULL);
	(void)CreateThreadpoolWork(work, NULL, &settings);
	(void)WaitForSingleObject(event, INFINITE);
	DestroyThreadpoolEnvironment(&settings);
}

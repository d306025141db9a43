/* compat.h - the small change of Win32 */
/* SPDX-License-Identifier: MIT */
/*
 * What ordinary programs use around the pool without thinking of it: slim
 * locks and condition variables, one-time initialisation, thread-local
 * slots, the process heap, the text of an error code, facts about the
 * machine; the Interlocked functions are in interlocked.h. None of it is
 * part of the pool, and the pool uses none of it: a reader of the engine
 * may pass by.
 *
 * SRWLOCK, CONDITION_VARIABLE and INIT_ONCE hold one pointer, are valid
 * when filled with zeros, need no destruction and must not be moved.
 *
 * Included by win32.h; never by itself.
 */
#ifndef COMPAT_H
#define COMPAT_H

#include <stdarg.h>

#ifdef __cplusplus
extern "C" {
#endif

#include "interlocked.h"

/* ---- Slim locks ---- */

typedef struct _RTL_SRWLOCK {
	PVOID Ptr;		/* see srw_lock.c */
} RTL_SRWLOCK, *PRTL_SRWLOCK, SRWLOCK, *PSRWLOCK;

#define SRWLOCK_INIT			{ 0 }

VOID WINAPI InitializeSRWLock(PSRWLOCK SRWLock);
VOID WINAPI AcquireSRWLockExclusive(PSRWLOCK SRWLock);
VOID WINAPI AcquireSRWLockShared(PSRWLOCK SRWLock);
BOOLEAN WINAPI TryAcquireSRWLockExclusive(PSRWLOCK SRWLock);
BOOLEAN WINAPI TryAcquireSRWLockShared(PSRWLOCK SRWLock);
VOID WINAPI ReleaseSRWLockExclusive(PSRWLOCK SRWLock);
VOID WINAPI ReleaseSRWLockShared(PSRWLOCK SRWLock);

/* ---- Condition variables ---- */

typedef struct _RTL_CONDITION_VARIABLE {
	PVOID Ptr;		/* unused: see condition_variable.c */
} RTL_CONDITION_VARIABLE, *PRTL_CONDITION_VARIABLE, CONDITION_VARIABLE,
	*PCONDITION_VARIABLE;

#define CONDITION_VARIABLE_INIT		{ 0 }
#define CONDITION_VARIABLE_LOCKMODE_SHARED	0x1u

VOID WINAPI InitializeConditionVariable(
	PCONDITION_VARIABLE ConditionVariable);
BOOL WINAPI SleepConditionVariableCS(PCONDITION_VARIABLE ConditionVariable,
	PCRITICAL_SECTION CriticalSection, DWORD dwMilliseconds);
BOOL WINAPI SleepConditionVariableSRW(PCONDITION_VARIABLE ConditionVariable,
	PSRWLOCK SRWLock, DWORD dwMilliseconds, ULONG Flags);
VOID WINAPI WakeConditionVariable(PCONDITION_VARIABLE ConditionVariable);
VOID WINAPI WakeAllConditionVariable(PCONDITION_VARIABLE ConditionVariable);

/* ---- One-time initialisation ---- */

typedef union _RTL_RUN_ONCE {
	PVOID Ptr;		/* see init_once.c */
} RTL_RUN_ONCE, *PRTL_RUN_ONCE, INIT_ONCE, *PINIT_ONCE, *LPINIT_ONCE;

#define INIT_ONCE_STATIC_INIT		{ 0 }
#define INIT_ONCE_CTX_RESERVED_BITS	2

typedef BOOL (WINAPI *PINIT_ONCE_FN)(PINIT_ONCE InitOnce, PVOID Parameter,
	PVOID *Context);

VOID WINAPI InitOnceInitialize(PINIT_ONCE InitOnce);
BOOL WINAPI InitOnceExecuteOnce(PINIT_ONCE InitOnce, PINIT_ONCE_FN InitFn,
	PVOID Parameter, LPVOID *Context);

/* ---- Thread-local slots ---- */

#define TLS_MINIMUM_AVAILABLE		64
#define TLS_OUT_OF_INDEXES		0xFFFFFFFFu

DWORD WINAPI TlsAlloc(VOID);
LPVOID WINAPI TlsGetValue(DWORD dwTlsIndex);
BOOL WINAPI TlsSetValue(DWORD dwTlsIndex, LPVOID lpTlsValue);
BOOL WINAPI TlsFree(DWORD dwTlsIndex);

/* ---- Memory ---- */

typedef HANDLE HLOCAL;

#define HEAP_NO_SERIALIZE		0x00000001u
#define HEAP_ZERO_MEMORY		0x00000008u
#define HEAP_REALLOC_IN_PLACE_ONLY	0x00000010u
#define LMEM_FIXED			0x0000u
#define LMEM_ZEROINIT			0x0040u
#define LPTR				0x0040u

HANDLE WINAPI GetProcessHeap(VOID);
LPVOID WINAPI HeapAlloc(HANDLE hHeap, DWORD dwFlags, SIZE_T dwBytes);
LPVOID WINAPI HeapReAlloc(HANDLE hHeap, DWORD dwFlags, LPVOID lpMem,
	SIZE_T dwBytes);
SIZE_T WINAPI HeapSize(HANDLE hHeap, DWORD dwFlags, LPCVOID lpMem);
BOOL WINAPI HeapFree(HANDLE hHeap, DWORD dwFlags, LPVOID lpMem);
HLOCAL WINAPI LocalAlloc(UINT uFlags, SIZE_T uBytes);
HLOCAL WINAPI LocalFree(HLOCAL hMem);

/* ---- Messages ---- */

#define FORMAT_MESSAGE_ALLOCATE_BUFFER	0x00000100u
#define FORMAT_MESSAGE_IGNORE_INSERTS	0x00000200u
#define FORMAT_MESSAGE_FROM_STRING	0x00000400u
#define FORMAT_MESSAGE_FROM_HMODULE	0x00000800u
#define FORMAT_MESSAGE_FROM_SYSTEM	0x00001000u
#define FORMAT_MESSAGE_ARGUMENT_ARRAY	0x00002000u
#define FORMAT_MESSAGE_MAX_WIDTH_MASK	0x000000FFu

#define LANG_NEUTRAL			0x00
#define SUBLANG_DEFAULT			0x01
#define MAKELANGID(language, dialect) \
	((WORD)((unsigned)(dialect) << 10 | (unsigned)(language)))

DWORD WINAPI FormatMessageA(DWORD dwFlags, LPCVOID lpSource,
	DWORD dwMessageId, DWORD dwLanguageId, LPSTR lpBuffer, DWORD nSize,
	va_list *Arguments);
DWORD WINAPI FormatMessageW(DWORD dwFlags, LPCVOID lpSource,
	DWORD dwMessageId, DWORD dwLanguageId, LPWSTR lpBuffer, DWORD nSize,
	va_list *Arguments);

/* ---- The machine and the process ---- */

#define PROCESSOR_ARCHITECTURE_INTEL	0
#define PROCESSOR_ARCHITECTURE_ARM	5
#define PROCESSOR_ARCHITECTURE_AMD64	9
#define PROCESSOR_ARCHITECTURE_ARM64	12
#define PROCESSOR_ARCHITECTURE_UNKNOWN	0xFFFF

typedef struct _SYSTEM_INFO {
	TP_EXTENSION union {
		DWORD dwOemId;		/* obsolete */
		TP_EXTENSION struct {
			WORD wProcessorArchitecture;
			WORD wReserved;
		};
	};
	DWORD dwPageSize;		/* bytes */
	LPVOID lpMinimumApplicationAddress;	/* not known here: NULL */
	LPVOID lpMaximumApplicationAddress;	/* not known here: NULL */
	DWORD_PTR dwActiveProcessorMask;	/* one bit each */
	DWORD dwNumberOfProcessors;
	DWORD dwProcessorType;		/* obsolete: 0 */
	DWORD dwAllocationGranularity;	/* bytes */
	WORD wProcessorLevel;		/* not known here: 0 */
	WORD wProcessorRevision;	/* not known here: 0 */
} SYSTEM_INFO, *LPSYSTEM_INFO;

VOID WINAPI GetSystemInfo(LPSYSTEM_INFO lpSystemInfo);
DWORD WINAPI GetCurrentProcessId(VOID);
VOID YieldProcessor(VOID);

/* ---- Text that may be wide ---- */

#ifdef UNICODE
typedef WCHAR TCHAR;
typedef LPWSTR LPTSTR;
typedef LPCWSTR LPCTSTR;
#define TP_TEXT(quote)			L##quote
#define FormatMessage			FormatMessageW
#else
typedef CHAR TCHAR;
typedef LPSTR LPTSTR;
typedef LPCSTR LPCTSTR;
#define TP_TEXT(quote)			quote
#define FormatMessage			FormatMessageA
#endif
#define TEXT(quote)			TP_TEXT(quote)

/* ---- Macros ---- */

#define CONST				const
#define MAXDWORD			0xFFFFFFFFu
#define ARRAYSIZE(array)		(sizeof(array) / sizeof((array)[0]))
#define CONTAINING_RECORD(address, type, field) \
	((type *)(void *)((char *)(address) - offsetof(type, field)))
#define LOWORD(l)			((WORD)((DWORD_PTR)(l) & 0xFFFF))
#define HIWORD(l)			((WORD)((DWORD_PTR)(l) >> 16 & 0xFFFF))

#ifdef __cplusplus
}
#endif

#endif /* COMPAT_H */

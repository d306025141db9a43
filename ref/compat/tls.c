/* tls.c - thread-local slots: one pointer for each index and thread */
/* SPDX-License-Identifier: MIT */
/*
 * Interface: TlsAlloc, TlsGetValue, TlsSetValue, TlsFree.
 *
 * Each index has a use count: odd while it is allocated, and one higher
 * after each TlsAlloc and TlsFree. A thread's slot remembers the count under
 * which its value was stored; a value of another count belongs to an earlier
 * owner of the index and reads as NULL. So freeing an index clears it on all
 * threads without touching any of them.
 *
 * The slots are a plain thread-local array: nothing to allocate, nothing to
 * fail, nothing to free when a thread ends. No lock: a compare-and-exchange
 * takes or frees an index, and how its number gets to other threads orders
 * the rest.
 *
 * Differs: Windows has up to 1,088 indexes, this the 64 that it promises;
 * and there an index that is not allocated may go unnoticed.
 */
#include <stdbool.h>

#include "../threadpool.h"

struct slot {
	void *value;
	LONG use;		/* of the index when value was stored */
};

static LONG volatile uses[TLS_MINIMUM_AVAILABLE];
static _Thread_local struct slot slots[TLS_MINIMUM_AVAILABLE];

/* The use count of an index; 0, as if never used, of a number too large. */
static LONG
use_of(DWORD index)
{
	if (index >= TLS_MINIMUM_AVAILABLE)
		return 0;
	return InterlockedCompareExchange(&uses[index], 0, 0);
}

static bool
allocated(LONG use)
{
	return (use & 1) != 0;
}

/* Steps the use count; false if another thread was faster. */
static bool
step(DWORD index, LONG use)
{
	LONG next = (LONG)((DWORD)use + 1);

	return InterlockedCompareExchange(&uses[index], next, use) == use;
}

/*
 * Allocates an index, whose slot is NULL on every thread.
 * Fails: TLS_OUT_OF_INDEXES, ERROR_NO_MORE_ITEMS.
 */
DWORD WINAPI
TlsAlloc(VOID)
{
	for (DWORD i = 0; i < TLS_MINIMUM_AVAILABLE; i++) {
		LONG use = use_of(i);

		if (!allocated(use) && step(i, use))
			return i;
	}
	SetLastError(ERROR_NO_MORE_ITEMS);
	return TLS_OUT_OF_INDEXES;
}

/*
 * The calling thread's value of the index; NULL if it stored none. Sets the
 * last error to 0 on success, for NULL is a value too.
 * Fails: NULL, ERROR_INVALID_PARAMETER of an index that is not allocated.
 */
LPVOID WINAPI
TlsGetValue(DWORD dwTlsIndex)
{
	LONG use = use_of(dwTlsIndex);

	if (!allocated(use)) {
		SetLastError(ERROR_INVALID_PARAMETER);
		return NULL;
	}
	SetLastError(ERROR_SUCCESS);
	if (slots[dwTlsIndex].use != use)
		return NULL;
	return slots[dwTlsIndex].value;
}

/*
 * Stores the calling thread's value of the index.
 * Fails: FALSE, ERROR_INVALID_PARAMETER of an index that is not allocated.
 */
BOOL WINAPI
TlsSetValue(DWORD dwTlsIndex, LPVOID lpTlsValue)
{
	LONG use = use_of(dwTlsIndex);

	if (!allocated(use)) {
		SetLastError(ERROR_INVALID_PARAMETER);
		return FALSE;
	}
	slots[dwTlsIndex] = (struct slot){ lpTlsValue, use };
	return TRUE;
}

/*
 * Frees the index. What threads stored under it is theirs to free, before.
 * Fails: FALSE, ERROR_INVALID_PARAMETER of an index that is not allocated.
 */
BOOL WINAPI
TlsFree(DWORD dwTlsIndex)
{
	LONG use = use_of(dwTlsIndex);

	if (!allocated(use) || !step(dwTlsIndex, use)) {
		SetLastError(ERROR_INVALID_PARAMETER);
		return FALSE;
	}
	return TRUE;
}

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

#include "../state.h"

struct slot {
	void *value;
	LONG use;		/* of the index when value was stored */
};

static LONG volatile uses[TLS_MINIMUM_AVAILABLE];
static _Thread_local struct slot slots[TLS_MINIMUM_AVAILABLE];

#if TP_CHECK
/*
 * How many running callbacks have set a slot to a value, and which slots the
 * calling thread's has: a bit for each index.
 */
static LONG volatile users[TLS_MINIMUM_AVAILABLE];
static _Thread_local ULONGLONG used;

_Static_assert(TLS_MINIMUM_AVAILABLE <= 64, "an index has no bit");

/* This thread's callback uses the slot from now on, or no longer does. */
static void
note_use(DWORD index, bool use)
{
	ULONGLONG bit = (ULONGLONG)1 << index;

	if (((used & bit) != 0) == use)
		return;
	used ^= bit;
	if (use)
		InterlockedIncrement(&users[index]);
	else
		InterlockedDecrement(&users[index]);
}

/* Reports TlsFree if a callback that still runs uses the slot. */
static void
check_unused(DWORD index)
{
	note_use(index, false);		/* it is the caller's to free */
	if (InterlockedCompareExchange(&users[index], 0, 0) > 0)
		tp_misuse(TP_MISUSE_SLOT_IN_USE, "TlsFree",
			(const void *)(ULONG_PTR)index);
}

/* See state.h. */
void
tp_slots_unused(void)
{
	for (DWORD i = 0; used != 0; i++)
		note_use(i, false);
}
#else
#define note_use(index, use)	((void)0)
#define check_unused(index)	((void)0)
#endif

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
	if (tp_current_instance() != NULL)
		note_use(dwTlsIndex, lpTlsValue != NULL);
	return TRUE;
}

/*
 * Frees the index. What threads stored under it is theirs to free, before.
 * Fails: FALSE, ERROR_INVALID_PARAMETER of an index that is not allocated.
 * Misuse: slot-in-use, if a callback that runs has set it to a value.
 */
BOOL WINAPI
TlsFree(DWORD dwTlsIndex)
{
	LONG use = use_of(dwTlsIndex);

	if (allocated(use))
		check_unused(dwTlsIndex);
	if (!allocated(use) || !step(dwTlsIndex, use)) {
		SetLastError(ERROR_INVALID_PARAMETER);
		return FALSE;
	}
	return TRUE;
}

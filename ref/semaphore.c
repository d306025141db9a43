/* semaphore.c - semaphores: a count of permits */
/* SPDX-License-Identifier: MIT */
/*
 * Every wait that ends takes one permit, every release adds some, and the
 * count stays between 0 and its maximum. Nobody owns a permit: any thread
 * may release, whether it has waited or not.
 *
 * Interface: CreateSemaphore and its forms, ReleaseSemaphore.
 *
 * Invariant: 0 <= count <= maximum.
 *
 * Locks: tp_waitable_lock.
 */
#include "waitable.h"

struct semaphore {
	struct tp_waitable waitable;

	/* Read-only after init. */
	LONG maximum;

	/* Guarded by tp_waitable_lock. */
	LONG count;
};

static bool
semaphore_signalled(const struct tp_waitable *object,
	const struct tp_self *self)
{
	(void)self;
	return ((const struct semaphore *)object)->count > 0;
}

static bool
semaphore_consume(struct tp_waitable *object, struct tp_self *self)
{
	(void)self;
	((struct semaphore *)object)->count--;
	return false;
}

/* Adds permits, all or none; 0 or an error code. */
static DWORD
release_locked(struct semaphore *semaphore, LONG add)
{
	tp_assert_held(&tp_waitable_lock);
	/* Not count + add > maximum: the sum may be too big for a LONG. */
	if (add > semaphore->maximum - semaphore->count)
		return ERROR_TOO_MANY_POSTS;
	semaphore->count += add;
	tp_waitable_signalled_locked(&semaphore->waitable);
	return NO_ERROR;
}

static DWORD
semaphore_signal(struct tp_waitable *object)
{
	return release_locked((struct semaphore *)object, 1);
}

static const struct tp_waitable_kind semaphore_kind = {
	.name = "semaphore", .signalled = semaphore_signalled,
	.consume = semaphore_consume, .signal = semaphore_signal
};

static HANDLE
create(LPSECURITY_ATTRIBUTES attributes, LONG count, LONG maximum,
	LPCSTR name, LPCWSTR wide)
{
	struct semaphore *semaphore;

	if (maximum <= 0 || count < 0 || count > maximum) {
		SetLastError(ERROR_INVALID_PARAMETER);
		return NULL;
	}
	semaphore = tp_waitable_new(sizeof(*semaphore), &semaphore_kind,
		attributes, name, wide);
	if (semaphore == NULL)
		return NULL;
	semaphore->maximum = maximum;
	semaphore->count = count;
	return tp_waitable_publish(&semaphore->waitable);
}

/*
 * CreateSemaphoreA: a new semaphore, or a handle to the one of that name.
 *
 *	lpSemaphoreAttributes	NULL, or without descriptor
 *	lInitialCount		permits at the start, 0 to lMaximumCount
 *	lMaximumCount		the most it may ever hold, at least 1
 *	lpName			known in this process; NULL or "": none
 *
 * Returns:	a handle to close; the last error is then 0, or
 *		ERROR_ALREADY_EXISTS for a semaphore that existed, whose
 *		counts are unchanged.
 * Fails:	NULL; ERROR_INVALID_PARAMETER for counts out of range or a
 *		descriptor, ERROR_INVALID_HANDLE if the name belongs to
 *		another kind of object, ERROR_NOT_ENOUGH_MEMORY.
 * Locks:	tp_waitable_lock.
 * Source:	KOBJ-05, KOBJ-16.
 * Differs:	names are not shared with other processes.
 */
HANDLE WINAPI
CreateSemaphoreA(LPSECURITY_ATTRIBUTES lpSemaphoreAttributes,
	LONG lInitialCount, LONG lMaximumCount, LPCSTR lpName)
{
	return create(lpSemaphoreAttributes, lInitialCount, lMaximumCount,
		lpName, NULL);
}

/* CreateSemaphoreW: CreateSemaphoreA, with a wide name. */
HANDLE WINAPI
CreateSemaphoreW(LPSECURITY_ATTRIBUTES lpSemaphoreAttributes,
	LONG lInitialCount, LONG lMaximumCount, LPCWSTR lpName)
{
	return create(lpSemaphoreAttributes, lInitialCount, lMaximumCount,
		NULL, lpName);
}

/*
 * CreateSemaphoreExA: CreateSemaphoreA; dwFlags is reserved and must be 0,
 * or ERROR_INVALID_PARAMETER. dwDesiredAccess is not looked at.
 */
HANDLE WINAPI
CreateSemaphoreExA(LPSECURITY_ATTRIBUTES lpSemaphoreAttributes,
	LONG lInitialCount, LONG lMaximumCount, LPCSTR lpName, DWORD dwFlags,
	DWORD dwDesiredAccess)
{
	(void)dwDesiredAccess;
	if (dwFlags != 0) {
		SetLastError(ERROR_INVALID_PARAMETER);
		return NULL;
	}
	return create(lpSemaphoreAttributes, lInitialCount, lMaximumCount,
		lpName, NULL);
}

/* CreateSemaphoreExW: CreateSemaphoreExA, with a wide name. */
HANDLE WINAPI
CreateSemaphoreExW(LPSECURITY_ATTRIBUTES lpSemaphoreAttributes,
	LONG lInitialCount, LONG lMaximumCount, LPCWSTR lpName,
	DWORD dwFlags, DWORD dwDesiredAccess)
{
	(void)dwDesiredAccess;
	if (dwFlags != 0) {
		SetLastError(ERROR_INVALID_PARAMETER);
		return NULL;
	}
	return create(lpSemaphoreAttributes, lInitialCount, lMaximumCount,
		NULL, lpName);
}

/*
 * ReleaseSemaphore: adds permits, and lets as many waiters pass.
 *
 *	hSemaphore	the semaphore
 *	lReleaseCount	how many, at least 1
 *	lpPreviousCount	receives the count before; NULL: nobody asks
 *
 * Fails:	FALSE, and nothing is added; ERROR_INVALID_PARAMETER for less
 *		than 1, ERROR_TOO_MANY_POSTS if the maximum would be passed,
 *		ERROR_INVALID_HANDLE.
 * Locks:	tp_waitable_lock.
 * Source:	KOBJ-05, KOBJ-06.
 */
BOOL WINAPI
ReleaseSemaphore(HANDLE hSemaphore, LONG lReleaseCount,
	LPLONG lpPreviousCount)
{
	struct semaphore *semaphore;
	DWORD error = ERROR_INVALID_PARAMETER;
	LONG before = 0;

	tp_lock(&tp_waitable_lock);
	semaphore = tp_handle_to_locked(hSemaphore, &semaphore_kind);
	if (semaphore == NULL) {
		error = ERROR_INVALID_HANDLE;
	} else if (lReleaseCount > 0) {
		before = semaphore->count;
		error = release_locked(semaphore, lReleaseCount);
	}
	tp_waitable_unlock();
	if (error != NO_ERROR) {
		SetLastError(error);
		return FALSE;
	}
	if (lpPreviousCount != NULL)
		*lpPreviousCount = before;
	return TRUE;
}

/* mutex.c - mutexes: owned by the thread that waited for them */
/* SPDX-License-Identifier: MIT */
/*
 * To wait for a mutex is to acquire it. Its owner may acquire it again, and
 * must release it as often; nobody else can release it. If the owner ends
 * instead, the mutex is abandoned: it is free, and the next thread that
 * gets it is told so, since what the mutex protects may have been left half
 * done (KOBJ-09). That thread is told once, and nobody after it.
 *
 * Interface: CreateMutex and its forms, ReleaseMutex; inside,
 * tp_mutex_abandon_all_locked, for the end of a thread (thread.c).
 *
 * Invariant: a mutex is in the list of its owner while it has one, and
 * depth > 0 says just that.
 *
 * Locks: tp_waitable_lock.
 */
#include "waitable.h"

struct mutex {
	struct tp_waitable waitable;

	/* Guarded by tp_waitable_lock. */
	struct tp_self *owner;		/* NULL: free */
	unsigned depth;			/* acquired and not yet released */
	bool abandoned;			/* by the last owner; not yet told */
	struct tp_list owned;		/* in owner->mutexes */
};

static bool
mutex_signalled(const struct tp_waitable *object, const struct tp_self *self)
{
	const struct mutex *mutex = (const struct mutex *)object;

	return mutex->depth == 0 || mutex->owner == self;
}

static bool
mutex_consume(struct tp_waitable *object, struct tp_self *self)
{
	struct mutex *mutex = (struct mutex *)object;
	bool abandoned = mutex->abandoned;

	if (mutex->depth++ == 0) {
		mutex->owner = self;
		tp_list_append(&self->mutexes, &mutex->owned);
	}
	mutex->abandoned = false;
	return abandoned;
}

static void
set_free_locked(struct mutex *mutex)
{
	tp_assert_held(&tp_waitable_lock);
	mutex->owner = NULL;
	mutex->depth = 0;
	tp_list_remove(&mutex->owned);
	tp_waitable_signalled_locked(&mutex->waitable);
}

/* One release by that thread; 0 or an error code. */
static DWORD
release_locked(struct mutex *mutex, const struct tp_self *self)
{
	tp_assert_held(&tp_waitable_lock);
	if (mutex->owner == NULL || mutex->owner != self)
		return ERROR_NOT_OWNER;
	if (mutex->depth > 1)
		mutex->depth--;
	else
		set_free_locked(mutex);
	return NO_ERROR;
}

static DWORD
mutex_signal(struct tp_waitable *object)
{
	return release_locked((struct mutex *)object, tp_self());
}

/* Its last handle was closed while a thread owned it: the thread loses it. */
static void
mutex_retire(struct tp_waitable *object)
{
	tp_list_remove(&((struct mutex *)object)->owned);
}

static const struct tp_waitable_kind mutex_kind = {
	.name = "mutex", .owned = true, .signalled = mutex_signalled,
	.consume = mutex_consume, .signal = mutex_signal,
	.retire = mutex_retire
};

/* The thread ends: what it still owns is free, and abandoned. */
void
tp_mutex_abandon_all_locked(struct tp_self *self)
{
	struct tp_list *node;

	tp_assert_held(&tp_waitable_lock);
	while ((node = tp_list_first(&self->mutexes)) != NULL) {
		struct mutex *mutex =
			tp_container(node, struct mutex, owned);

		/* Before it is free: a waiter may get it at once. */
		mutex->abandoned = true;
		set_free_locked(mutex);
	}
}

static HANDLE
create(LPSECURITY_ATTRIBUTES attributes, bool owned, LPCSTR name,
	LPCWSTR wide)
{
	struct tp_self *self = tp_self();
	struct mutex *mutex;

	if (self == NULL) {
		SetLastError(ERROR_NOT_ENOUGH_MEMORY);
		return NULL;
	}
	mutex = tp_waitable_new(sizeof(*mutex), &mutex_kind, attributes,
		name, wide);
	if (mutex == NULL)
		return NULL;
	tp_list_init(&mutex->owned);
	/* If the name exists already, this one is dropped, owned or not. */
	tp_lock(&tp_waitable_lock);
	if (owned)
		(void)mutex_consume(&mutex->waitable, self);
	tp_unlock(&tp_waitable_lock);
	return tp_waitable_publish(&mutex->waitable);
}

/*
 * CreateMutexA: a new mutex, or a handle to the one of that name.
 *
 *	lpMutexAttributes	NULL, or without descriptor
 *	bInitialOwner		TRUE: the calling thread owns it from the
 *				start, if it is new
 *	lpName			known in this process; NULL or "": none
 *
 * Returns:	a handle to close; the last error is then 0, or
 *		ERROR_ALREADY_EXISTS for a mutex that existed, which the
 *		caller does not own.
 * Fails:	NULL; ERROR_INVALID_HANDLE if the name belongs to another
 *		kind of object, ERROR_INVALID_PARAMETER for a descriptor,
 *		ERROR_NOT_ENOUGH_MEMORY.
 * Locks:	tp_waitable_lock.
 * Source:	KOBJ-07, KOBJ-16.
 * Differs:	names are not shared with other processes.
 */
HANDLE WINAPI
CreateMutexA(LPSECURITY_ATTRIBUTES lpMutexAttributes, BOOL bInitialOwner,
	LPCSTR lpName)
{
	return create(lpMutexAttributes, bInitialOwner != FALSE, lpName,
		NULL);
}

/* CreateMutexW: CreateMutexA, with a wide name. */
HANDLE WINAPI
CreateMutexW(LPSECURITY_ATTRIBUTES lpMutexAttributes, BOOL bInitialOwner,
	LPCWSTR lpName)
{
	return create(lpMutexAttributes, bInitialOwner != FALSE, NULL,
		lpName);
}

/*
 * CreateMutexExA: CreateMutexA, with CREATE_MUTEX_INITIAL_OWNER in dwFlags.
 * dwDesiredAccess is not looked at.
 */
HANDLE WINAPI
CreateMutexExA(LPSECURITY_ATTRIBUTES lpMutexAttributes, LPCSTR lpName,
	DWORD dwFlags, DWORD dwDesiredAccess)
{
	(void)dwDesiredAccess;
	return create(lpMutexAttributes,
		(dwFlags & CREATE_MUTEX_INITIAL_OWNER) != 0, lpName, NULL);
}

/* CreateMutexExW: CreateMutexExA, with a wide name. */
HANDLE WINAPI
CreateMutexExW(LPSECURITY_ATTRIBUTES lpMutexAttributes, LPCWSTR lpName,
	DWORD dwFlags, DWORD dwDesiredAccess)
{
	(void)dwDesiredAccess;
	return create(lpMutexAttributes,
		(dwFlags & CREATE_MUTEX_INITIAL_OWNER) != 0, NULL, lpName);
}

/*
 * ReleaseMutex: undoes one acquisition by the calling thread; after the
 * last one, the oldest waiter owns the mutex.
 *
 *	hMutex		the mutex
 *
 * Fails:	FALSE; ERROR_NOT_OWNER if the calling thread does not own it,
 *		ERROR_INVALID_HANDLE.
 * Locks:	tp_waitable_lock.
 * Source:	KOBJ-07, KOBJ-08.
 */
BOOL WINAPI
ReleaseMutex(HANDLE hMutex)
{
	struct tp_self *self = tp_self();
	struct mutex *mutex;
	DWORD error = ERROR_INVALID_HANDLE;

	tp_lock(&tp_waitable_lock);
	mutex = tp_handle_to_locked(hMutex, &mutex_kind);
	if (mutex != NULL)
		error = release_locked(mutex, self);
	tp_waitable_unlock();
	if (error != NO_ERROR)
		SetLastError(error);
	return error == NO_ERROR;
}

/* multiwait.c - waiting for one kernel object, or for up to 64 */
/* SPDX-License-Identifier: MIT */
/*
 * A thread that has to wait lays one block for each object on its stack,
 * links them into the objects' lists and sleeps. It never looks at the
 * objects again: whoever signals one of them ends the wait, under the lock,
 * taking from the objects what the wait takes, and then wakes the thread.
 *
 * So a signal goes to exactly one thread, the one that has waited longest,
 * and cannot be lost or taken by a third one between the signal and the
 * waking. And "signalled" and "timed out" cannot both win: the thread that
 * times out unlinks its blocks under the same lock, and until then any
 * signal counts.
 *
 * A wait for all of several objects touches none of them until all are
 * signalled at the same moment, and then takes them in one step (KOBJ-11).
 * It may starve while others take one of them each time; so it may on
 * Windows.
 *
 * Interface: the WaitFor functions and SignalObjectAndWait; inside,
 * tp_waitable_signalled_locked.
 *
 * Locks: tp_waitable_lock, under which a sleeping thread's condition
 * variable is waited for and signalled.
 */
#include "trace.h"
#include "waitable.h"

/* One call of a wait function: lives on the stack of the thread. */
struct wait {
	/* Read-only after init. */
	struct tp_self *self;
	unsigned count;			/* of the blocks in use */
	bool all;
	tp_time deadline;		/* of tp_now, or TP_FOREVER */

	/* Guarded by tp_waitable_lock. */
	bool asleep;			/* cond is ready to be signalled */
	bool finished;
	DWORD result;			/* of the API function */
	struct tp_cond cond;		/* this thread's own */
	struct tp_sleeper sleeper;	/* while it sleeps */
	struct tp_wait_block blocks[MAXIMUM_WAIT_OBJECTS];
};

/* Guarded by tp_waitable_lock. */
struct tp_list tp_sleepers = TP_LIST_INIT(tp_sleepers);

/* ---- Ending a wait ---- */

/*
 * The object may have become signalled: offers it to those who wait for it,
 * the oldest first, as long as it is signalled for anybody.
 */
void
tp_waitable_signalled_locked(struct tp_waitable *object)
{
	struct tp_list *node = object->blocks.next;

	tp_assert_held(&tp_waitable_lock);
	while (node != &object->blocks &&
	    object->kind->signalled(object, NULL)) {
		struct tp_wait_block *block =
			tp_container(node, struct tp_wait_block, link);

		/* With this block others may have left, so begin anew. */
		if (block->satisfy(block))
			node = object->blocks.next;
		else
			node = node->next;
	}
}

static bool
signalled(const struct wait *wait, unsigned i)
{
	const struct tp_waitable *object = wait->blocks[i].object;

	return object->kind->signalled(object, wait->self);
}

static bool
consume(struct wait *wait, unsigned i)
{
	struct tp_waitable *object = wait->blocks[i].object;

	return object->kind->consume(object, wait->self);
}

static void
unlink_blocks(struct wait *wait)
{
	for (unsigned i = 0; i < wait->count; i++)
		tp_list_remove(&wait->blocks[i].link);
}

static void
finish(struct wait *wait, unsigned i, bool abandoned)
{
	wait->result = (abandoned ? WAIT_ABANDONED_0 : WAIT_OBJECT_0) + i;
	wait->finished = true;
	unlink_blocks(wait);
	if (wait->asleep)
		tp_cond_signal(&wait->cond);
}

/* Takes the first object that is signalled, if one is. */
static bool
satisfy_any(struct wait *wait)
{
	for (unsigned i = 0; i < wait->count; i++) {
		if (signalled(wait, i)) {
			finish(wait, i, consume(wait, i));
			return true;
		}
	}
	return false;
}

/* Takes all objects if all are signalled now, and none otherwise. */
static bool
satisfy_all(struct wait *wait)
{
	bool abandoned = false;

	for (unsigned i = 0; i < wait->count; i++)
		if (!signalled(wait, i))
			return false;
	for (unsigned i = 0; i < wait->count; i++)
		abandoned |= consume(wait, i);
	finish(wait, 0, abandoned);
	return true;
}

static bool
satisfy(struct wait *wait)
{
	tp_assert_held(&tp_waitable_lock);
	return wait->all ? satisfy_all(wait) : satisfy_any(wait);
}

/* See struct tp_wait_block. */
static bool
satisfy_thread(struct tp_wait_block *block)
{
	return satisfy(block->waiter);
}

/* ---- Beginning a wait ---- */

/* The time-out of an API call as a deadline. ms: INFINITE for none. */
static tp_time
deadline_of(DWORD ms)
{
	if (ms == INFINITE)
		return TP_FOREVER;
	return tp_time_after(tp_now(), ms * TP_MS);
}

static bool
already_in(const struct wait *wait, const struct tp_waitable *object)
{
	for (unsigned i = 0; i < wait->count; i++)
		if (wait->blocks[i].object == object)
			return true;
	return false;
}

/* Adds one object to the wait, and uses it; 0 or an error code. */
static DWORD
add_locked(struct wait *wait, HANDLE handle)
{
	struct tp_waitable *object = tp_handle_find_locked(handle);
	struct tp_wait_block *block = &wait->blocks[wait->count];

	if (object == NULL)
		return ERROR_INVALID_HANDLE;
	/* To take one object twice in one step makes no sense. */
	if (wait->all && already_in(wait, object))
		return ERROR_INVALID_PARAMETER;
	tp_waitable_use_locked(object);
	*block = (struct tp_wait_block){
		.object = object, .waiter = wait, .satisfy = satisfy_thread
	};
	tp_list_init(&block->link);
	wait->count++;
	return NO_ERROR;
}

static DWORD
add_all_locked(struct wait *wait, const HANDLE *handles, unsigned count)
{
	DWORD error = NO_ERROR;

	for (unsigned i = 0; i < count && error == NO_ERROR; i++)
		error = add_locked(wait, handles[i]);
	return error;
}

static void
remove_all_locked(struct wait *wait)
{
	for (unsigned i = 0; i < wait->count; i++)
		tp_waitable_unuse_locked(wait->blocks[i].object);
}

/* ---- Sleeping ---- */

/* The thread that sleeps, for the dump. */
static void
note_sleeper_locked(struct wait *wait)
{
	wait->sleeper = (struct tp_sleeper){
		.label = tp_thread_label(), .blocks = wait->blocks,
		.count = wait->count, .all = wait->all,
		.deadline = wait->deadline
	};
	tp_list_append(&tp_sleepers, &wait->sleeper.link);
}

/*
 * Sleeps until the wait is finished or its deadline has passed. Holds the
 * lock on entry and exit, but not throughout: from the moment at which the
 * blocks are linked, a signal may end the wait.
 */
static void
sleep_locked(struct wait *wait)
{
	bool in_time = true;

	tp_cond_init(&wait->cond);
	wait->asleep = true;
	note_sleeper_locked(wait);
	for (unsigned i = 0; i < wait->count; i++)
		tp_list_append(&wait->blocks[i].object->blocks,
			&wait->blocks[i].link);
	tp_waitable_unlock();	/* what a signal before has asked for */
	tp_blocking_begin();
	tp_lock(&tp_waitable_lock);
	while (!wait->finished && in_time)
		in_time = tp_cond_wait_until(&wait->cond, &tp_waitable_lock,
			wait->deadline);
	if (!wait->finished) {
		unlink_blocks(wait);
		wait->result = WAIT_TIMEOUT;
	}
	tp_list_remove(&wait->sleeper.link);
	tp_cond_destroy(&wait->cond);
}

/*
 * A whole wait, for objects that are added already if their handles were
 * good. Called with the lock, which it drops.
 */
static DWORD
wait_and_unlock(struct wait *wait, DWORD error)
{
	bool slept = false;

	if (error != NO_ERROR) {
		wait->result = WAIT_FAILED;
	} else if (!satisfy(wait)) {
		wait->result = WAIT_TIMEOUT;
		slept = wait->deadline > 0;
		if (slept)
			sleep_locked(wait);
	}
	remove_all_locked(wait);
	tp_waitable_unlock();
	if (slept)
		tp_blocking_end();
	if (error != NO_ERROR)
		SetLastError(error);
	return wait->result;
}

/* Prepares a wait without objects; 0 or an error code. ms 0: only a look. */
static DWORD
wait_init(struct wait *wait, bool all, DWORD ms)
{
	wait->self = tp_self();
	wait->count = 0;
	wait->all = all;
	wait->deadline = ms == 0 ? 0 : deadline_of(ms);
	wait->asleep = wait->finished = false;
	return wait->self == NULL ? ERROR_NOT_ENOUGH_MEMORY : NO_ERROR;
}

/* ---- The API ---- */

/*
 * WaitForMultipleObjectsEx: waits until one of the objects is signalled, or
 * all at the same time, and takes what waiting for them takes.
 *
 *	nCount		how many, 1 to MAXIMUM_WAIT_OBJECTS
 *	lpHandles	what to wait for; no object twice if for all
 *	bWaitAll	TRUE: until all are signalled together
 *	dwMilliseconds	0: only looks; INFINITE: no time-out
 *	bAlertable	no meaning: there are no APCs here
 *
 * Returns:	WAIT_OBJECT_0 plus the lowest index that was signalled (for
 *		all: WAIT_OBJECT_0), or WAIT_TIMEOUT. WAIT_ABANDONED_0
 *		instead of WAIT_OBJECT_0: the mutex now owned was left by a
 *		thread that ended. None of these touches the last error.
 * Fails:	WAIT_FAILED; ERROR_INVALID_PARAMETER for a wrong count or an
 *		object given twice, ERROR_INVALID_HANDLE,
 *		ERROR_NOT_ENOUGH_MEMORY if this thread's end cannot be
 *		watched (first wait of a thread only).
 * Locks:	tp_waitable_lock; none may be held.
 * Source:	KOBJ-10 to KOBJ-13, KOBJ-15.
 */
DWORD WINAPI
WaitForMultipleObjectsEx(DWORD nCount, const HANDLE *lpHandles,
	BOOL bWaitAll, DWORD dwMilliseconds, BOOL bAlertable)
{
	struct wait wait;
	DWORD error;

	(void)bAlertable;
	if (nCount == 0 || nCount > MAXIMUM_WAIT_OBJECTS ||
	    lpHandles == NULL) {
		SetLastError(ERROR_INVALID_PARAMETER);
		return WAIT_FAILED;
	}
	error = wait_init(&wait, bWaitAll != FALSE, dwMilliseconds);
	tp_lock(&tp_waitable_lock);
	if (error == NO_ERROR)
		error = add_all_locked(&wait, lpHandles, nCount);
	return wait_and_unlock(&wait, error);
}

/* WaitForMultipleObjects: WaitForMultipleObjectsEx, not alertable. */
DWORD WINAPI
WaitForMultipleObjects(DWORD nCount, const HANDLE *lpHandles, BOOL bWaitAll,
	DWORD dwMilliseconds)
{
	return WaitForMultipleObjectsEx(nCount, lpHandles, bWaitAll,
		dwMilliseconds, FALSE);
}

/* WaitForSingleObjectEx: WaitForMultipleObjectsEx for one object. */
DWORD WINAPI
WaitForSingleObjectEx(HANDLE hHandle, DWORD dwMilliseconds, BOOL bAlertable)
{
	return WaitForMultipleObjectsEx(1, &hHandle, FALSE, dwMilliseconds,
		bAlertable);
}

/* WaitForSingleObject: WaitForMultipleObjectsEx for one, not alertable. */
DWORD WINAPI
WaitForSingleObject(HANDLE hHandle, DWORD dwMilliseconds)
{
	return WaitForMultipleObjectsEx(1, &hHandle, FALSE, dwMilliseconds,
		FALSE);
}

/* Signals what the handle names; 0 or an error code. */
static DWORD
signal_locked(HANDLE handle)
{
	struct tp_waitable *object = tp_handle_find_locked(handle);

	if (object == NULL || object->kind->signal == NULL)
		return ERROR_INVALID_HANDLE;
	return object->kind->signal(object);
}

/*
 * SignalObjectAndWait: signals one object and waits for another, so that
 * nobody can come in between: this thread waits already when those who are
 * woken by the signal run.
 *
 *	hObjectToSignal	an event is set, a mutex released, a semaphore
 *			released by one
 *	hObjectToWaitOn	what to wait for
 *	dwMilliseconds	0: only looks; INFINITE: no time-out
 *	bAlertable	no meaning: there are no APCs here
 *
 * Returns:	as WaitForSingleObject.
 * Fails:	WAIT_FAILED; ERROR_INVALID_HANDLE, ERROR_NOT_OWNER,
 *		ERROR_TOO_MANY_POSTS, ERROR_NOT_ENOUGH_MEMORY; nothing has
 *		been signalled then.
 * Locks:	tp_waitable_lock; none may be held.
 */
DWORD WINAPI
SignalObjectAndWait(HANDLE hObjectToSignal, HANDLE hObjectToWaitOn,
	DWORD dwMilliseconds, BOOL bAlertable)
{
	struct wait wait;
	DWORD error;

	(void)bAlertable;
	error = wait_init(&wait, false, dwMilliseconds);
	tp_lock(&tp_waitable_lock);
	if (error == NO_ERROR)
		error = add_locked(&wait, hObjectToWaitOn);
	if (error == NO_ERROR)
		error = signal_locked(hObjectToSignal);
	return wait_and_unlock(&wait, error);
}

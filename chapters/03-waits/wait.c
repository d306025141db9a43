/* wait.c - wait objects: a callback that is posted by a signal */
/* SPDX-License-Identifier: MIT */
/*
 * A wait object adds a target to the callback object, a kernel object to
 * wait for, and a due time, for the case that the signal does not come. The
 * one of the two that comes first takes the other away and posts the
 * callback, once; then the wait is over until it is set again.
 *
 * Interface: CreateThreadpoolWait, SetThreadpoolWait, SetThreadpoolWaitEx,
 * WaitForThreadpoolWaitCallbacks, CloseThreadpoolWait.
 *
 * Invariant: target and due time are set together, and never on a closed
 * object; signals + timeouts = pending.
 *
 * Locks: tp_waitable_lock guards what can be set. Signal and time-out are
 * one step each under it, so both cannot win. The pool lock guards the two
 * counters, which say what the queued callbacks will be told.
 */
#include <stdlib.h>

#include "engine.h"
#include "threadpool.h"

struct _TP_WAIT {
	struct tp_object object;	/* first: it is freed as one */
	PTP_WAIT_CALLBACK callback;	/* Read-only after init. */

	/* Guarded by tp_waitable_lock. */
	struct tp_target target;
	struct tp_due due;		/* the time-out */
	bool set;			/* the last handle was not NULL */
	bool closed;			/* it cannot be set any more */

	/* Guarded by the pool lock. */
	unsigned signals;		/* posts with WAIT_OBJECT_0 */
	unsigned timeouts;		/* posts with WAIT_TIMEOUT */
};

/* ---- What the engine calls ---- */

/* Which of its posts is it? The result goes where run finds it. */
static void
claim(struct tp_object *object, TP_CALLBACK_INSTANCE *instance)
{
	PTP_WAIT wait = tp_container(object, TP_WAIT, object);
	bool signalled = wait->signals > 0;

	if (signalled)
		wait->signals--;
	else
		wait->timeouts--;
	instance->claimed[0] = signalled ? WAIT_OBJECT_0 : WAIT_TIMEOUT;
}

static void
discard(struct tp_object *object)
{
	PTP_WAIT wait = tp_container(object, TP_WAIT, object);

	wait->signals = wait->timeouts = 0;
}

static void
run(struct tp_object *object, TP_CALLBACK_INSTANCE *instance)
{
	PTP_WAIT wait = tp_container(object, TP_WAIT, object);

	wait->callback(instance, object->context, wait,
		(TP_WAIT_RESULT)instance->claimed[0]);
}

/* Takes target and time-out away. */
static void
clear_locked(PTP_WAIT wait)
{
	tp_target_clear_locked(&wait->target);
	tp_due_cancel_locked(&wait->due);
}

/* See struct tp_target. */
static void
signalled(struct tp_target *target)
{
	PTP_WAIT wait = tp_container(target, TP_WAIT, target);

	clear_locked(wait);
	tp_object_post_locked(&wait->object, &wait->signals);
}

/* See struct tp_due. */
static void
expire(struct tp_due *due)
{
	PTP_WAIT wait = tp_container(due, TP_WAIT, due);

	clear_locked(wait);
	tp_object_post_locked(&wait->object, &wait->timeouts);
}

/* Closed: what still runs may not set it again. */
static void
disarm(struct tp_object *object)
{
	PTP_WAIT wait = tp_container(object, TP_WAIT, object);

	tp_lock(&tp_waitable_lock);
	clear_locked(wait);
	wait->closed = true;
	tp_waitable_unlock();
}

static const struct tp_ops wait_ops = {
	.kind = "wait", .run = run, .claim = claim, .discard = discard,
	.disarm = disarm, .due = offsetof(struct _TP_WAIT, due),
	.target = offsetof(struct _TP_WAIT, target)
};

/* ---- The API ---- */

/*
 * Creates a wait object. It waits for nothing until it is set.
 *
 * pfnwa: the function to call; not NULL.
 * pv: passed to it as it is; may be NULL.
 * pcbe: read once, here (WORK-02); NULL: the default pool, normal priority.
 * Returns the object; NULL with the last error set on failure. All that
 * setting it will need is there when this returns.
 * Fails: ERROR_INVALID_PARAMETER (pfnwa, or version or priority of pcbe),
 * ERROR_NOT_ENOUGH_MEMORY (memory, or a thread).
 * Locks: none held when it is called.
 * Source: WAIT-01, -29.
 */
PTP_WAIT WINAPI
CreateThreadpoolWait(PTP_WAIT_CALLBACK pfnwa, PVOID pv,
	PTP_CALLBACK_ENVIRON pcbe)
{
	DWORD error = ERROR_INVALID_PARAMETER;
	PTP_WAIT wait = NULL;

	tp_check_process("CreateThreadpoolWait");
	if (pfnwa == NULL)
		goto fail;
	error = tp_dispatcher_start();
	if (error != 0)
		goto fail;
	wait = calloc(1, sizeof(*wait));
	error = wait == NULL ? ERROR_NOT_ENOUGH_MEMORY :
		tp_object_init(&wait->object, &wait_ops, pv, pcbe);
	if (error != 0)
		goto fail;
	wait->callback = pfnwa;
	tp_target_init(&wait->target, signalled);
	wait->due.expire = expire;
	tp_object_open(&wait->object, (tp_code)pfnwa);
	return wait;
fail:
	free(wait);
	SetLastError(error);
	return NULL;
}

/* Waits for the handle from now on. False: it cannot be waited for. */
static bool
set_locked(PTP_WAIT wait, HANDLE handle, const FILETIME *timeout)
{
	DWORD result = tp_target_set_locked(&wait->target, handle);

	tp_assert_held(&tp_waitable_lock);
	if (result == WAIT_OBJECT_0)	/* comes first: WAIT-08 */
		tp_object_post_locked(&wait->object, &wait->signals);
	if (result == WAIT_TIMEOUT && timeout != NULL)
		tp_due_start_locked(&wait->due, tp_file_time(timeout), 0);
	return result != WAIT_FAILED;
}

/* Both Set functions. Returns what SetThreadpoolWaitEx does. */
static bool
set(PTP_WAIT wait, HANDLE handle, const FILETIME *timeout, bool recall,
	const char *call)
{
	bool cancelled = false, good = true;

	(void)call;
	tp_check(wait, "wait", call);
	tp_lock(&tp_waitable_lock);
	if (!wait->closed) {
		clear_locked(wait);
		if (recall && wait->set)
			cancelled = tp_object_recall_locked(&wait->object);
		wait->set = handle != NULL;
		if (wait->set)
			good = set_locked(wait, handle, timeout);
	}
	tp_waitable_unlock();
	if (!good)
		tp_misuse(TP_MISUSE_WAIT_TARGET, call, handle);
	return cancelled;
}

/*
 * Has the callback posted, once, when a kernel object is signalled or when
 * a time has come, whichever is first. What was set before is forgotten, but
 * for callbacks that are queued already: those still run. An object that is
 * signalled already is taken at once. Allocates nothing, cannot fail.
 *
 * h: the object; the wait keeps it alive, but whoever closes the handle
 * cannot signal it any more by that. NULL: wait for nothing any more.
 * pftTimeout: 100 ns ticks as a number of 64 bits: positive, since 1601, UTC,
 * by the system clock; negative, from now on; zero: at once, unless the
 * object is signalled. NULL: never. Not looked at if h is NULL.
 * Fails: misuse closed-object, not-an-object, wait-target (no handle, or a
 * mutex).
 * Locks: none held. Any thread may call it, also the wait's own callback.
 * Source: WAIT-02 to -12, -15, -27, -29, -30, -33.
 * Differs: Windows raises an exception for what is no target. Without the
 * checking build such a setting does nothing: neither signal nor time-out.
 */
VOID WINAPI
SetThreadpoolWait(PTP_WAIT pwa, HANDLE h, PFILETIME pftTimeout)
{
	(void)set(pwa, h, pftTimeout, false, "SetThreadpoolWait");
}

/*
 * SetThreadpoolWait, which also takes back callbacks that are queued, if
 * the object was set.
 *
 * Reserved: must be NULL; not looked at.
 * Returns TRUE if it was set and no callback of it is running; FALSE if it
 * was not set, or one is.
 * Fails, locks: as SetThreadpoolWait.
 * Source: WAIT-28.
 * Differs: whether an object whose callback has come and gone counts as set
 * is not said; here it does, like a timer (TIMER-30).
 */
BOOL WINAPI
SetThreadpoolWaitEx(PTP_WAIT pwa, HANDLE h, PFILETIME pftTimeout,
	PVOID Reserved)
{
	(void)Reserved;
	return set(pwa, h, pftTimeout, true, "SetThreadpoolWaitEx");
}

/*
 * Waits until no callback of the wait object is queued or running. Does not
 * wait for the signal, and leaves the object waiting for it.
 *
 * fCancelPendingCallbacks: TRUE drops the callbacks that have not started
 * before it waits; FALSE lets them run.
 * Fails: misuse closed-object, not-an-object, self-wait.
 * Locks: none held. Blocks; a pool's worker that calls it may be replaced.
 * Source: WAIT-17 to -20.
 */
VOID WINAPI
WaitForThreadpoolWaitCallbacks(PTP_WAIT pwa, BOOL fCancelPendingCallbacks)
{
	tp_check(pwa, "wait", "WaitForThreadpoolWaitCallbacks");
	tp_object_check_wait(&pwa->object, "WaitForThreadpoolWaitCallbacks");
	tp_object_wait(&pwa->object, fCancelPendingCallbacks != FALSE);
}

/*
 * Lets go of the wait object. Returns at once; no signal is taken any more,
 * what is queued still runs, and the object is freed after the last of it.
 * Its own callback may call this.
 *
 * Fails: misuse closed-object, not-an-object.
 * Locks: none held.
 * Source: WAIT-21, -22, -24.
 */
VOID WINAPI
CloseThreadpoolWait(PTP_WAIT pwa)
{
	tp_check_close(pwa, "wait", "CloseThreadpoolWait");
	tp_object_close(&pwa->object);
}

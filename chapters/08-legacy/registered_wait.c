/* registered_wait.c - RegisterWaitForSingleObject */
/* SPDX-License-Identifier: MIT */
/*
 * A registered wait is a wait object that sets itself again. That is the
 * whole difference, and it has a price: a program that forgets to reset its
 * event is called without end, by a line that it has not written (LEGACY-18).
 *
 * Interface: RegisterWaitForSingleObject, RegisterWaitForSingleObjectEx,
 * UnregisterWait, UnregisterWaitEx.
 *
 * Invariant: target and due time are set together, and neither while a
 * callback is queued or runs: it sets them again when it has returned. So
 * callbacks of one registration never overlap, and there is at most one post.
 *
 * Locks: tp_waitable_lock guards what can be set.
 */
#include <stdlib.h>

#include "legacy.h"

struct registered_wait {
	struct legacy legacy;		/* first: it is freed as one */

	/* Read-only after init. */
	HANDLE handle;			/* what it waits for */
	DWORD milliseconds;		/* INFINITE: no time-out */
	ULONG flags;

	/* Guarded by tp_waitable_lock. */
	struct tp_target target;
	struct tp_due due;		/* the time-out */
	bool timed_out;			/* what the one post is about */
	bool closed;			/* it is not set again */
};

static struct registered_wait *
wait_of(struct tp_object *object)
{
	return tp_container(object, struct registered_wait, legacy.object);
}

/* Takes target and time-out away, and has the callback posted. */
static void
post_locked(struct registered_wait *wait, bool timed_out)
{
	tp_target_clear_locked(&wait->target);
	tp_due_cancel_locked(&wait->due);
	wait->timed_out = timed_out;
	tp_object_post_locked(&wait->legacy.object, NULL);
}

/* See struct tp_target. */
static void
signalled(struct tp_target *target)
{
	post_locked(tp_container(target, struct registered_wait, target),
		false);
}

/* See struct tp_due. */
static void
expire(struct tp_due *due)
{
	post_locked(tp_container(due, struct registered_wait, due), true);
}

/* Waits from now on. False: the handle cannot be waited for (any more). */
static bool
set_locked(struct registered_wait *wait)
{
	DWORD result = tp_target_set_locked(&wait->target, wait->handle);

	if (result == WAIT_OBJECT_0)
		post_locked(wait, false);
	if (result == WAIT_TIMEOUT && wait->milliseconds != INFINITE)
		tp_due_start_locked(&wait->due,
			-(int64_t)wait->milliseconds * TP_MS, 0);
	return result != WAIT_FAILED;
}

/* A callback has returned: sets the wait again, unless it was for once. */
static void
set_again(struct registered_wait *wait)
{
	bool good = true;

	if ((wait->flags & WT_EXECUTEONLYONCE) != 0)
		return;
	/* Looks and sets in one step: disarm comes before it, or after. */
	tp_lock(&tp_waitable_lock);
	if (!wait->closed)
		good = set_locked(wait);
	tp_waitable_unlock();
	if (!good)
		tp_misuse(TP_MISUSE_WAIT_TARGET,
			"RegisterWaitForSingleObject", wait->handle);
}

static void
run(struct tp_object *object, TP_CALLBACK_INSTANCE *instance)
{
	struct registered_wait *wait = wait_of(object);
	bool timed_out;

	(void)instance;
	tp_lock(&tp_waitable_lock);
	timed_out = wait->timed_out;
	tp_unlock(&tp_waitable_lock);
	wait->legacy.callback(object->context, timed_out);
	set_again(wait);
}

static void
disarm(struct tp_object *object)
{
	struct registered_wait *wait = wait_of(object);

	tp_lock(&tp_waitable_lock);
	tp_target_clear_locked(&wait->target);
	tp_due_cancel_locked(&wait->due);
	wait->closed = true;
	tp_waitable_unlock();
}

static const struct tp_ops registered_wait_ops = {
	.kind = "registered wait", .run = run, .disarm = disarm,
	.end = legacy_over, .due = offsetof(struct registered_wait, due),
	.target = offsetof(struct registered_wait, target)
};

/* A registration that waits for nothing yet. 0 or an error code. */
static DWORD
create(struct registered_wait **result, WAITORTIMERCALLBACK callback,
	PVOID context, ULONG flags)
{
	DWORD error = tp_dispatcher_start();
	struct registered_wait *wait;
	TP_CALLBACK_ENVIRON environ;

	if (error != 0)
		return error;
	legacy_environ(&environ, flags & ~(ULONG)WT_EXECUTEINTIMERTHREAD);
	wait = calloc(1, sizeof(*wait));
	error = wait == NULL ? ERROR_NOT_ENOUGH_MEMORY :
		tp_object_init(&wait->legacy.object, &registered_wait_ops,
			context, &environ);
	if (error != 0) {
		free(wait);
		return error;
	}
	wait->legacy.callback = callback;
	wait->flags = flags;
	tp_target_init(&wait->target, signalled);
	wait->due.expire = expire;
	tp_object_open(&wait->legacy.object, (tp_code)callback);
	*result = wait;
	return 0;
}

/*
 * Has a callback run each time a kernel object is signalled, or when that
 * has not happened for a while. The wait begins anew when the callback has
 * returned, and so does the time.
 *
 * phNewWaitObject: where the wait handle goes, for UnregisterWait; it is there
 * before the first callback starts. Not NULL.
 * hObject: the object. Its handle must stay open until the wait is
 * unregistered.
 * Callback: the function; not NULL. It gets Context, which may be NULL, and
 * FALSE for a signal, TRUE for a time-out.
 * dwMilliseconds: until the time-out; 0: the object is looked at once, and
 * the callback is called in any case; INFINITE: none.
 * dwFlags: WT_EXECUTEONLYONCE: not again; WT_EXECUTEINWAITTHREAD: on the wait
 * thread, one callback after the other; WT_EXECUTELONGFUNCTION and
 * WT_EXECUTEINPERSISTENTTHREAD as for QueueUserWorkItem; others change
 * nothing.
 * Returns TRUE; FALSE with the last error set. Every registration has to be
 * unregistered, also one that was for once.
 * Fails: ERROR_INVALID_PARAMETER (a NULL), ERROR_INVALID_HANDLE (hObject is
 * none, or a mutex), ERROR_NOT_ENOUGH_MEMORY. Misuse wait-target: hObject has
 * been closed when the wait begins anew.
 * Locks: none held. Source: LEGACY-14 to -22, -27.
 * Differs: callbacks of one registration do not overlap. A mutex is refused,
 * as by SetThreadpoolWait (WAIT-15).
 */
BOOL WINAPI
RegisterWaitForSingleObject(PHANDLE phNewWaitObject, HANDLE hObject,
	WAITORTIMERCALLBACK Callback, PVOID Context, ULONG dwMilliseconds,
	ULONG dwFlags)
{
	struct registered_wait *wait = NULL;
	DWORD error = ERROR_INVALID_PARAMETER;
	bool good;

	tp_check_process("RegisterWaitForSingleObject");
	if (phNewWaitObject != NULL && Callback != NULL)
		error = create(&wait, Callback, Context, dwFlags);
	if (error != 0) {
		SetLastError(error);
		return FALSE;
	}
	wait->handle = hObject;
	wait->milliseconds = dwMilliseconds;
	*phNewWaitObject = wait;	/* the callback may come at once */
	tp_lock(&tp_waitable_lock);
	good = set_locked(wait);
	tp_waitable_unlock();
	if (good)
		return TRUE;
	*phNewWaitObject = NULL;
	tp_check_close(wait, "registered wait",
		"RegisterWaitForSingleObject");
	tp_object_close(&wait->legacy.object);
	SetLastError(ERROR_INVALID_HANDLE);
	return FALSE;
}

/* RegisterWaitForSingleObject; the wait handle, or NULL, is returned. */
HANDLE WINAPI
RegisterWaitForSingleObjectEx(HANDLE hObject, WAITORTIMERCALLBACK Callback,
	PVOID Context, ULONG dwMilliseconds, ULONG dwFlags)
{
	HANDLE wait = NULL;

	return RegisterWaitForSingleObject(&wait, hObject, Callback, Context,
		dwMilliseconds, dwFlags) ? wait : NULL;
}

/* Both Unregister functions. */
static BOOL
unregister(HANDLE handle, HANDLE completion, const char *call)
{
	struct registered_wait *wait = handle;
	struct legacy_ending ending;
	ULONG once = WT_EXECUTEINWAITTHREAD | WT_EXECUTEONLYONCE;

	(void)call;
	if (handle == NULL) {
		SetLastError(ERROR_INVALID_HANDLE);
		return FALSE;
	}
	tp_check(handle, "registered wait", call);
	if (!legacy_ending(&ending, completion))
		return FALSE;
	/* Of two threads that end it at once, one gets beyond this. */
	tp_check_close(handle, "registered wait", call);
	if (ending.blocks)
		legacy_check_wait(&wait->legacy.object, call);
	return legacy_end(&wait->legacy, &ending,
		(wait->flags & once) == once);
}

/*
 * Ends a registered wait: the object is not waited for any more. What is
 * queued still runs.
 *
 * WaitHandle: as it was registered. It means nothing any more, whatever this
 * returns.
 * Returns TRUE: no callback is queued or runs; FALSE with ERROR_IO_PENDING:
 * one is, or is just returning. The wait has been ended either way.
 * Fails: ERROR_INVALID_HANDLE (NULL); misuse closed-object, not-an-object.
 * Locks: none held. A callback may unregister its own wait.
 * Source: LEGACY-24 to -27.
 */
BOOL WINAPI
UnregisterWait(HANDLE WaitHandle)
{
	return unregister(WaitHandle, NULL, "UnregisterWait");
}

/*
 * UnregisterWait, and how to learn when the callbacks are over.
 *
 * CompletionEvent: NULL: not at all; an event: it is set when no callback is
 * queued or runs, perhaps before this returns; INVALID_HANDLE_VALUE: this
 * function returns then, with TRUE.
 * Fails: as UnregisterWait; ERROR_INVALID_HANDLE (CompletionEvent is no
 * event: nothing is ended). Misuse self-wait, one-thread: it would wait for
 * the callback that makes the call, or on the thread that has to run it.
 * Locks: none held: not even one of the program's that the callback takes
 * (LEGACY-31). Source: LEGACY-28 to -31.
 */
BOOL WINAPI
UnregisterWaitEx(HANDLE WaitHandle, HANDLE CompletionEvent)
{
	return unregister(WaitHandle, CompletionEvent, "UnregisterWaitEx");
}

/* timer.c - timer objects: a callback that is posted when a time has come */
/* SPDX-License-Identifier: MIT */
/*
 * A timer object adds a due time to the callback object. When it has come,
 * the callback is posted, exactly as if the application had submitted it:
 * it runs on a worker of the object's pool (TIMER-35), can be waited for and
 * cancelled. A periodic timer then sets its next due time.
 *
 * Interface: CreateThreadpoolTimer, SetThreadpoolTimer,
 * SetThreadpoolTimerEx, IsThreadpoolTimerSet,
 * WaitForThreadpoolTimerCallbacks, CloseThreadpoolTimer.
 *
 * Invariant: the due time is with the dispatcher only while the timer is set
 * and not closed. It holds no reference: closing takes it away.
 *
 * Locks: tp_waitable_lock guards everything that can be set. Expiring and
 * posting are one step under it, so that after SetThreadpoolTimer(NULL) a
 * callback either is in the queue, where WaitForThreadpoolTimerCallbacks
 * finds it, or will never be posted.
 */
#include <stdlib.h>

#include "engine.h"
#include "threadpool.h"

struct _TP_TIMER {
	struct tp_object object;	/* first: it is freed as one */
	PTP_TIMER_CALLBACK callback;	/* Read-only after init. */

	/* Guarded by tp_waitable_lock. */
	struct tp_due due;
	DWORD period;			/* ms; 0: once */
	DWORD window;			/* ms it may be late */
	bool set;			/* the last due time was not NULL */
	bool closed;			/* it cannot be set any more */
};

static void
run(struct tp_object *object, TP_CALLBACK_INSTANCE *instance)
{
	PTP_TIMER timer = tp_container(object, TP_TIMER, object);

	timer->callback(instance, object->context, timer);
}

/* See struct tp_due. */
static void
expire(struct tp_due *due)
{
	PTP_TIMER timer = tp_container(due, TP_TIMER, due);

	if (timer->period > 0)
		tp_due_set_locked(due,
			tp_due_next(due, timer->period * TP_MS),
			timer->window * TP_MS, false);
	tp_object_post_locked(&timer->object, NULL);
}

/* Closed: what still runs may not set it again. */
static void
disarm(struct tp_object *object)
{
	PTP_TIMER timer = tp_container(object, TP_TIMER, object);

	tp_lock(&tp_waitable_lock);
	tp_due_cancel_locked(&timer->due);
	timer->set = false;
	timer->closed = true;
	tp_waitable_unlock();
}

static const struct tp_ops timer_ops = {
	.kind = "timer", .run = run, .disarm = disarm,
	.due = offsetof(struct _TP_TIMER, due)
};

/*
 * Creates a timer object. It is not set: nothing runs until it is.
 *
 * pfnti: the function to call; not NULL.
 * pv: passed to it as it is; may be NULL.
 * pcbe: read once, here (WORK-02); NULL: the default pool, normal priority.
 * Returns the object; NULL with the last error set on failure. All that
 * setting it will need is there when this returns.
 * Fails: ERROR_INVALID_PARAMETER (pfnti, or version or priority of pcbe),
 * ERROR_NOT_ENOUGH_MEMORY (memory, or a thread).
 * Locks: none held when it is called.
 * Source: TIMER-01, -32.
 */
PTP_TIMER WINAPI
CreateThreadpoolTimer(PTP_TIMER_CALLBACK pfnti, PVOID pv,
	PTP_CALLBACK_ENVIRON pcbe)
{
	DWORD error = ERROR_INVALID_PARAMETER;
	PTP_TIMER timer = NULL;

	tp_check_process("CreateThreadpoolTimer");
	if (pfnti == NULL)
		goto fail;
	error = tp_dispatcher_start();
	if (error != 0)
		goto fail;
	timer = calloc(1, sizeof(*timer));
	error = timer == NULL ? ERROR_NOT_ENOUGH_MEMORY :
		tp_object_init(&timer->object, &timer_ops, pv, pcbe);
	if (error != 0)
		goto fail;
	timer->callback = pfnti;
	timer->due.expire = expire;
	tp_object_open(&timer->object, (tp_code)pfnti);
	return timer;
fail:
	free(timer);
	SetLastError(error);
	return NULL;
}

/* Sets the timer anew. See SetThreadpoolTimer. */
static void
set_locked(PTP_TIMER timer, const FILETIME *due, DWORD period, DWORD window)
{
	tp_assert_held(&tp_waitable_lock);
	tp_due_cancel_locked(&timer->due);
	timer->set = due != NULL;
	if (due == NULL)
		return;
	timer->period = period;
	timer->window = window;
	tp_due_start_locked(&timer->due, tp_file_time(due),
		window * TP_MS);
}

/*
 * Has the callback posted when a time has come, and then perhaps again and
 * again. What was set before is forgotten, but for callbacks that are queued
 * already: those still run. Allocates nothing, cannot fail.
 *
 * pftDueTime: 100 ns ticks as a number of 64 bits: positive, since 1601, UTC,
 * by the system clock; negative, from now on; zero: at once. NULL: the timer
 * is not set any more.
 * msPeriod: ms from one due time to the next; 0: once.
 * msWindowLength: ms by which the callback may be late, so that timers can
 * share a wake-up; 0: none.
 * Fails: misuse closed-object, not-an-object.
 * Locks: none held. Any thread may call it, also the timer's own callback.
 * Source: TIMER-02 to -11, -22 to -29, -32, -33.
 * Differs: what passes while the machine stands still is left out, and not
 * made up for (TIMER-23); windows are merged (TIMER-25).
 */
VOID WINAPI
SetThreadpoolTimer(PTP_TIMER pti, PFILETIME pftDueTime, DWORD msPeriod,
	DWORD msWindowLength)
{
	tp_check(pti, "timer", "SetThreadpoolTimer");
	tp_lock(&tp_waitable_lock);
	if (!pti->closed)
		set_locked(pti, pftDueTime, msPeriod, msWindowLength);
	tp_waitable_unlock();
}

/*
 * SetThreadpoolTimer, which also takes back callbacks that are queued, if
 * the timer was set.
 *
 * Returns TRUE if the timer was set and no callback of it is running;
 * FALSE if it was not set, or one is.
 * Fails, locks: as SetThreadpoolTimer.
 * Source: TIMER-30, -31.
 * Differs: for a timer whose one callback has come and gone the vendor's
 * texts disagree; here it counts as set (TIMER-12), so TRUE.
 */
BOOL WINAPI
SetThreadpoolTimerEx(PTP_TIMER pti, PFILETIME pftDueTime, DWORD msPeriod,
	DWORD msWindowLength)
{
	bool cancelled = false;

	tp_check(pti, "timer", "SetThreadpoolTimerEx");
	tp_lock(&tp_waitable_lock);
	if (!pti->closed) {
		if (pti->set)
			cancelled = tp_object_recall_locked(&pti->object);
		set_locked(pti, pftDueTime, msPeriod, msWindowLength);
	}
	tp_waitable_unlock();
	return cancelled;
}

/*
 * Says whether the timer is set: whether the last due time was not NULL. One
 * that fired and does not repeat still is (TIMER-12).
 *
 * Fails: misuse closed-object, not-an-object.
 * Locks: none held.
 */
BOOL WINAPI
IsThreadpoolTimerSet(PTP_TIMER pti)
{
	bool set;

	tp_check(pti, "timer", "IsThreadpoolTimerSet");
	tp_lock(&tp_waitable_lock);
	set = pti->set;
	tp_waitable_unlock();
	return set;
}

/*
 * Waits until no callback of the timer is queued or running. Does not wait
 * for due times, and leaves the timer set.
 *
 * fCancelPendingCallbacks: TRUE drops the callbacks that have not started
 * before it waits; FALSE lets them run.
 * Fails: misuse closed-object, not-an-object, self-wait.
 * Locks: none held. Blocks; a pool's worker that calls it may be replaced.
 * Source: TIMER-13, -14, -15.
 */
VOID WINAPI
WaitForThreadpoolTimerCallbacks(PTP_TIMER pti, BOOL fCancelPendingCallbacks)
{
	tp_check(pti, "timer", "WaitForThreadpoolTimerCallbacks");
	tp_object_check_wait(&pti->object, "WaitForThreadpoolTimerCallbacks");
	tp_object_wait(&pti->object, fCancelPendingCallbacks != FALSE);
}

/*
 * Lets go of the timer. Returns at once; it expires no more, what is queued
 * still runs, and the object is freed after the last of it. Its own callback
 * may call this.
 *
 * Fails: misuse closed-object, not-an-object.
 * Locks: none held.
 * Source: TIMER-16, -20.
 */
VOID WINAPI
CloseThreadpoolTimer(PTP_TIMER pti)
{
	tp_check_close(pti, "timer", "CloseThreadpoolTimer");
	tp_object_close(&pti->object);
}

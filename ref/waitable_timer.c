/* waitable_timer.c - waitable timers: signalled when a time has come */
/* SPDX-License-Identifier: MIT */
/*
 * A waitable timer is an event that the clock sets. A manual-reset one
 * stays signalled until it is set again; an auto-reset one, which the SDK
 * calls a synchronisation timer, lets one waiter pass each time. It has
 * nothing to do with a TP_TIMER, which posts a callback; but a TP_WAIT may
 * watch it like any other object.
 *
 * Interface: CreateWaitableTimer and its forms, SetWaitableTimer,
 * CancelWaitableTimer.
 *
 * Invariant: `due` is in the dispatcher's heap while the timer is to be
 * signalled again. It goes when the object does: nobody could see it.
 *
 * Locks: tp_waitable_lock. The dispatcher calls expire under it, so a timer
 * that has been cancelled is not signalled any more.
 */
#include "waitable.h"

struct timer {
	struct tp_waitable waitable;

	/* Read-only after init. */
	bool manual_reset;

	/* Guarded by tp_waitable_lock. */
	bool set;			/* signalled */
	struct tp_due due;
	tp_time period;			/* ticks; 0: once */
};

static bool
timer_signalled(const struct tp_waitable *object, const struct tp_self *self)
{
	(void)self;
	return ((const struct timer *)object)->set;
}

static bool
timer_consume(struct tp_waitable *object, struct tp_self *self)
{
	struct timer *timer = (struct timer *)object;

	(void)self;
	if (!timer->manual_reset)
		timer->set = false;
	return false;
}

static void
timer_retire(struct tp_waitable *object)
{
	tp_due_cancel_locked(&((struct timer *)object)->due);
}

static const struct tp_waitable_kind timer_kind = {
	.name = "waitable timer", .signalled = timer_signalled,
	.consume = timer_consume, .retire = timer_retire
};

/* ---- Expiry ---- */

/* See struct tp_due. */
static void
expire(struct tp_due *due)
{
	struct timer *timer = tp_container(due, struct timer, due);

	tp_assert_held(&tp_waitable_lock);
	timer->set = true;
	if (timer->period > 0)
		tp_due_set_locked(due, tp_due_next(due, timer->period), 0,
			false);
	tp_waitable_signalled_locked(&timer->waitable);
}

/* ---- The API ---- */

static HANDLE
create(LPSECURITY_ATTRIBUTES attributes, bool manual_reset, LPCSTR name,
	LPCWSTR wide)
{
	struct timer *timer;
	DWORD error;

	tp_check_process("CreateWaitableTimer");
	error = tp_dispatcher_start();
	if (error != NO_ERROR) {
		SetLastError(error);
		return NULL;
	}
	timer = tp_waitable_new(sizeof(*timer), &timer_kind, attributes,
		name, wide);
	if (timer == NULL)
		return NULL;
	timer->manual_reset = manual_reset;
	timer->due.expire = expire;
	return tp_waitable_publish(&timer->waitable);
}

/*
 * CreateWaitableTimerA: a new timer, not set, or a handle to the one of
 * that name. Everything that setting it takes is there when this returns.
 *
 *	lpTimerAttributes	NULL, or without descriptor
 *	bManualReset		FALSE: resets itself when one wait has ended
 *	lpTimerName		known in this process; NULL or "": none
 *
 * Returns:	a handle to close; the last error is then 0, or
 *		ERROR_ALREADY_EXISTS for a timer that existed.
 * Fails:	NULL; ERROR_INVALID_HANDLE if the name belongs to another
 *		kind of object, ERROR_INVALID_PARAMETER for a descriptor,
 *		ERROR_NOT_ENOUGH_MEMORY.
 * Locks:	tp_waitable_lock.
 * Source:	KOBJ-16, KOBJ-25.
 * Differs:	names are not shared with other processes.
 */
HANDLE WINAPI
CreateWaitableTimerA(LPSECURITY_ATTRIBUTES lpTimerAttributes,
	BOOL bManualReset, LPCSTR lpTimerName)
{
	return create(lpTimerAttributes, bManualReset != FALSE, lpTimerName,
		NULL);
}

/* CreateWaitableTimerW: CreateWaitableTimerA, with a wide name. */
HANDLE WINAPI
CreateWaitableTimerW(LPSECURITY_ATTRIBUTES lpTimerAttributes,
	BOOL bManualReset, LPCWSTR lpTimerName)
{
	return create(lpTimerAttributes, bManualReset != FALSE, NULL,
		lpTimerName);
}

/*
 * CreateWaitableTimerExA: CreateWaitableTimerA, with
 * CREATE_WAITABLE_TIMER_MANUAL_RESET in dwFlags; ..._HIGH_RESOLUTION adds
 * nothing, as every timer is. dwDesiredAccess is not looked at.
 */
HANDLE WINAPI
CreateWaitableTimerExA(LPSECURITY_ATTRIBUTES lpTimerAttributes,
	LPCSTR lpTimerName, DWORD dwFlags, DWORD dwDesiredAccess)
{
	(void)dwDesiredAccess;
	return create(lpTimerAttributes,
		(dwFlags & CREATE_WAITABLE_TIMER_MANUAL_RESET) != 0,
		lpTimerName, NULL);
}

/* CreateWaitableTimerExW: CreateWaitableTimerExA, with a wide name. */
HANDLE WINAPI
CreateWaitableTimerExW(LPSECURITY_ATTRIBUTES lpTimerAttributes,
	LPCWSTR lpTimerName, DWORD dwFlags, DWORD dwDesiredAccess)
{
	(void)dwDesiredAccess;
	return create(lpTimerAttributes,
		(dwFlags & CREATE_WAITABLE_TIMER_MANUAL_RESET) != 0, NULL,
		lpTimerName);
}

/* Sets the timer anew; it is not signalled until the time has come. */
static void
set_locked(struct timer *timer, LONGLONG due, LONG period)
{
	tp_assert_held(&tp_waitable_lock);
	timer->set = false;
	timer->period = period * TP_MS;
	tp_due_start_locked(&timer->due, due, 0);
}

/*
 * SetWaitableTimer: has the timer signalled at a time, and then perhaps
 * again and again. Until then it is not signalled, even if it was.
 *
 *	hTimer			the timer
 *	lpDueTime		100 ns ticks: positive, since 1601, by the
 *				system clock; negative or 0, from now
 *	lPeriod			ms; 0: once
 *	pfnCompletionRoutine	must be NULL
 *	lpArgToCompletionRoutine not looked at
 *	fResume			TRUE: wake a sleeping machine, which this
 *				pool cannot: ERROR_NOT_SUPPORTED is the last
 *				error then, although the timer is set
 *
 * Fails:	FALSE, and nothing has changed; ERROR_INVALID_HANDLE,
 *		ERROR_INVALID_PARAMETER without due time or for a negative
 *		period, ERROR_NOT_SUPPORTED for a completion routine: that
 *		is an APC, run by the thread while it waits alertably, and
 *		there are none here. A TP_WAIT or TP_TIMER does its work.
 * Locks:	tp_waitable_lock.
 * Source:	KOBJ-25.
 */
BOOL WINAPI
SetWaitableTimer(HANDLE hTimer, const LARGE_INTEGER *lpDueTime, LONG lPeriod,
	PTIMERAPCROUTINE pfnCompletionRoutine,
	LPVOID lpArgToCompletionRoutine, BOOL fResume)
{
	struct timer *timer;

	(void)lpArgToCompletionRoutine;
	tp_check_process("SetWaitableTimer");
	if (lpDueTime == NULL || lPeriod < 0) {
		SetLastError(ERROR_INVALID_PARAMETER);
		return FALSE;
	}
	if (pfnCompletionRoutine != NULL) {
		SetLastError(ERROR_NOT_SUPPORTED);
		return FALSE;
	}
	tp_lock(&tp_waitable_lock);
	timer = tp_handle_to_locked(hTimer, &timer_kind);
	if (timer != NULL)
		set_locked(timer, lpDueTime->QuadPart, lPeriod);
	tp_waitable_unlock();
	if (timer != NULL && fResume)
		SetLastError(ERROR_NOT_SUPPORTED);
	return timer != NULL;
}

/*
 * CancelWaitableTimer: the timer will not be signalled any more; whether it
 * is signalled now does not change.
 *
 *	hTimer		the timer
 *
 * Fails:	FALSE; ERROR_INVALID_HANDLE.
 * Locks:	tp_waitable_lock.
 */
BOOL WINAPI
CancelWaitableTimer(HANDLE hTimer)
{
	struct timer *timer;

	tp_lock(&tp_waitable_lock);
	timer = tp_handle_to_locked(hTimer, &timer_kind);
	if (timer != NULL)
		tp_due_cancel_locked(&timer->due);
	tp_waitable_unlock();
	return timer != NULL;
}

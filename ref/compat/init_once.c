/* init_once.c - one-time initialisation */
/* SPDX-License-Identifier: MIT */
/*
 * Interface: InitOnceInitialize, InitOnceExecuteOnce.
 *
 * The one pointer is NULL at first, RUNNING while a thread is in the
 * application's function, and DONE with the context in its upper bits from
 * then on; the two lower bits are ours, which is why a context must be
 * aligned. When the function fails the pointer is NULL again, and one of
 * those who waited is the next to try.
 *
 * The step from NULL to RUNNING is a compare-and-exchange, and a finished
 * initialisation is one read: no lock for what every call does. RUNNING is
 * left under tp_sleepers_lock only, under which waiting threads look at it
 * before they queue, so none sleeps past the end.
 */
#include "sleeper.h"

#define RUNNING		((ULONG_PTR)1)
#define DONE		((ULONG_PTR)2)
#define STATE_BITS	(((ULONG_PTR)1 << INIT_ONCE_CTX_RESERVED_BITS) - 1)

static ULONG_PTR
state_of(PINIT_ONCE once)
{
	return (ULONG_PTR)InterlockedCompareExchangePointer(&once->Ptr,
		NULL, NULL);
}

/* Makes the calling thread the one that runs the function, if none is. */
static bool
start(PINIT_ONCE once)
{
	return InterlockedCompareExchangePointer(&once->Ptr, (PVOID)RUNNING,
		NULL) == NULL;
}

/* Leaves RUNNING: everybody who waits looks again. */
static void
finish(PINIT_ONCE once, ULONG_PTR state)
{
	struct tp_sleeper *sleeper;

	tp_lock(&tp_sleepers_lock);
	(void)InterlockedExchangePointer(&once->Ptr, (PVOID)state);
	while ((sleeper = tp_sleeper_first_locked(once)) != NULL)
		tp_sleeper_wake_locked(sleeper);
	tp_unlock(&tp_sleepers_lock);
}

static void
wait_while_running(PINIT_ONCE once)
{
	struct tp_sleeper sleeper;
	bool running;

	tp_lock(&tp_sleepers_lock);
	running = state_of(once) == RUNNING;
	if (running)
		tp_sleeper_queue_locked(&sleeper, once, false);
	tp_unlock(&tp_sleepers_lock);
	if (running)
		(void)tp_sleeper_sleep(&sleeper, INFINITE);
}

/* Runs the application's function, and makes its outcome known. */
static BOOL
run(PINIT_ONCE once, PINIT_ONCE_FN function, PVOID parameter,
	PVOID *context)
{
	ULONG_PTR value;

	if (!function(once, parameter, context)) {
		finish(once, 0);
		return FALSE;
	}
	value = context != NULL ? (ULONG_PTR)*context : 0;
	if ((value & STATE_BITS) != 0) {
		finish(once, 0);
		SetLastError(ERROR_INVALID_PARAMETER);
		return FALSE;
	}
	finish(once, value | DONE);
	return TRUE;
}

/* Makes an initialisation that has not happened; zeros do the same. */
VOID WINAPI
InitOnceInitialize(PINIT_ONCE InitOnce)
{
	InitOnce->Ptr = NULL;
}

/*
 * Calls InitFn(InitOnce, Parameter, Context), unless a call of it has
 * succeeded, and waits while another thread does. When it has succeeded,
 * *Context is what it stored there (Context NULL: nothing was).
 * Fails: FALSE, if InitFn did, with its last error; the next call tries
 * again. ERROR_INVALID_PARAMETER of a context whose lower two bits are set.
 * Locks: takes tp_sleepers_lock; InitFn runs under none.
 */
BOOL WINAPI
InitOnceExecuteOnce(PINIT_ONCE InitOnce, PINIT_ONCE_FN InitFn,
	PVOID Parameter, LPVOID *Context)
{
	ULONG_PTR state;

	while (((state = state_of(InitOnce)) & DONE) == 0) {
		if (start(InitOnce))
			return run(InitOnce, InitFn, Parameter, Context);
		wait_while_running(InitOnce);
	}
	if (Context != NULL)
		*Context = (PVOID)(state & ~STATE_BITS);
	return TRUE;
}

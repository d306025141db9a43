/* condition_variable.c - CONDITION_VARIABLE, with either kind of lock */
/* SPDX-License-Identifier: MIT */
/*
 * Interface: InitializeConditionVariable, SleepConditionVariableCS and -SRW,
 * WakeConditionVariable, WakeAllConditionVariable.
 *
 * A condition variable is nothing but an address to sleep on (sleeper.h);
 * its pointer stays unused. The sleeper is queued before it lets go of the
 * caller's lock: whoever changes the condition under that lock and then
 * wakes finds it in the queue. A wake-up with nobody asleep is forgotten.
 *
 * Differs: wakes the longest sleeper first, and never wakes for no reason;
 * Windows promises neither, so sleep in a loop that tests the condition.
 */
#include "sleeper.h"

static void
queue(struct tp_sleeper *sleeper, PCONDITION_VARIABLE variable)
{
	tp_lock(&tp_sleepers_lock);
	tp_sleeper_queue_locked(sleeper, variable, false);
	tp_unlock(&tp_sleepers_lock);
}

/* Makes a condition variable; CONDITION_VARIABLE_INIT or zeros do, too. */
VOID WINAPI
InitializeConditionVariable(PCONDITION_VARIABLE ConditionVariable)
{
	ConditionVariable->Ptr = NULL;
}

/*
 * Leaves the critical section, once, sleeps until woken or until
 * dwMilliseconds are over (INFINITE: no limit), and enters it again.
 * Fails: FALSE, ERROR_TIMEOUT.
 * Locks: takes tp_sleepers_lock.
 */
BOOL WINAPI
SleepConditionVariableCS(PCONDITION_VARIABLE ConditionVariable,
	PCRITICAL_SECTION CriticalSection, DWORD dwMilliseconds)
{
	struct tp_sleeper sleeper;
	bool woken;

	queue(&sleeper, ConditionVariable);
	LeaveCriticalSection(CriticalSection);
	woken = tp_sleeper_sleep(&sleeper, dwMilliseconds);
	EnterCriticalSection(CriticalSection);
	if (!woken)
		SetLastError(ERROR_TIMEOUT);
	return woken;
}

/*
 * As SleepConditionVariableCS with a slim lock, which the caller holds
 * exclusively (Flags: 0) or as a reader
 * (CONDITION_VARIABLE_LOCKMODE_SHARED); it comes back in the same way.
 * Fails: FALSE, ERROR_TIMEOUT, or ERROR_INVALID_PARAMETER of other Flags.
 * Locks: takes tp_sleepers_lock.
 */
BOOL WINAPI
SleepConditionVariableSRW(PCONDITION_VARIABLE ConditionVariable,
	PSRWLOCK SRWLock, DWORD dwMilliseconds, ULONG Flags)
{
	struct tp_sleeper sleeper;
	bool woken;

	if ((Flags & ~CONDITION_VARIABLE_LOCKMODE_SHARED) != 0) {
		SetLastError(ERROR_INVALID_PARAMETER);
		return FALSE;
	}
	queue(&sleeper, ConditionVariable);
	if (Flags == CONDITION_VARIABLE_LOCKMODE_SHARED) {
		ReleaseSRWLockShared(SRWLock);
		woken = tp_sleeper_sleep(&sleeper, dwMilliseconds);
		AcquireSRWLockShared(SRWLock);
	} else {
		ReleaseSRWLockExclusive(SRWLock);
		woken = tp_sleeper_sleep(&sleeper, dwMilliseconds);
		AcquireSRWLockExclusive(SRWLock);
	}
	if (!woken)
		SetLastError(ERROR_TIMEOUT);
	return woken;
}

/* Wakes one thread, if any sleeps. Locks: takes tp_sleepers_lock. */
VOID WINAPI
WakeConditionVariable(PCONDITION_VARIABLE ConditionVariable)
{
	struct tp_sleeper *sleeper;

	tp_lock(&tp_sleepers_lock);
	sleeper = tp_sleeper_first_locked(ConditionVariable);
	if (sleeper != NULL)
		tp_sleeper_wake_locked(sleeper);
	tp_unlock(&tp_sleepers_lock);
}

/* Wakes every thread that sleeps now. Locks: takes tp_sleepers_lock. */
VOID WINAPI
WakeAllConditionVariable(PCONDITION_VARIABLE ConditionVariable)
{
	struct tp_sleeper *sleeper;

	tp_lock(&tp_sleepers_lock);
	while ((sleeper = tp_sleeper_first_locked(ConditionVariable)) != NULL)
		tp_sleeper_wake_locked(sleeper);
	tp_unlock(&tp_sleepers_lock);
}

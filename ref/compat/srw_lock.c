/* srw_lock.c - slim locks: many readers or one writer */
/* SPDX-License-Identifier: MIT */
/*
 * Interface: Initialize-, Acquire-, TryAcquire- and ReleaseSRWLock, each but
 * the first for Exclusive and Shared.
 *
 * The one word of the lock says who holds it:
 *
 *	0			nobody
 *	EXCLUSIVE		one writer
 *	n * READER		n readers
 *	... | QUEUED		and threads sleep on it (sleeper.h)
 *
 * Without QUEUED the word is changed by compare-and-exchange alone, so that
 * locks that nobody fights for meet nowhere: were one mutex to guard all
 * their words, every slim lock of the process would wait for every other.
 * QUEUED is set and cleared under tp_sleepers_lock, and while it is set the
 * word changes under that lock only. A held lock is handed over, never
 * merely dropped, so QUEUED does not stand in the word of a free lock.
 *
 * Order: whoever finds others asleep queues behind them, readers too, so
 * neither readers nor writers starve. Differs: Windows promises no order.
 * As there, a thread that acquires again what it holds may wait for ever.
 */
#include "../state.h"
#include "sleeper.h"

#define EXCLUSIVE	((ULONG_PTR)1)
#define QUEUED		((ULONG_PTR)2)
#define READER		((ULONG_PTR)4)

#if TP_CHECK
static _Thread_local unsigned held;	/* acquired by this thread */

/* See state.h. */
unsigned
tp_slim_locks_held(void)
{
	return held;
}

/* What another thread acquired may be released here: not ours. */
#define count_acquired()	((void)held++)
#define count_released()	((void)(held > 0 ? held-- : 0))
#else
#define count_acquired()	((void)0)
#define count_released()	((void)0)
#endif

static ULONG_PTR
word_of(PSRWLOCK lock)
{
	return (ULONG_PTR)InterlockedCompareExchangePointer(&lock->Ptr,
		NULL, NULL);
}

/* Makes the word `to` if it still is `from`. */
static bool
change(PSRWLOCK lock, ULONG_PTR from, ULONG_PTR to)
{
	return (ULONG_PTR)InterlockedCompareExchangePointer(&lock->Ptr,
		(PVOID)to, (PVOID)from) == from;
}

/* May one more come in? Not past those who are queued. */
static bool
admits(ULONG_PTR word, bool shared)
{
	return word == 0 ||
		(shared && (word & (EXCLUSIVE | QUEUED)) == 0);
}

static ULONG_PTR
share_of(bool shared)
{
	return shared ? READER : EXCLUSIVE;
}

static bool
try_acquire(PSRWLOCK lock, bool shared)
{
	ULONG_PTR word;

	do {
		word = word_of(lock);
		if (!admits(word, shared))
			return false;
	} while (!change(lock, word, word + share_of(shared)));
	return true;
}

/* Acquires and returns true, or queues the calling thread. */
static bool
acquire_or_queue_locked(PSRWLOCK lock, bool shared,
	struct tp_sleeper *sleeper)
{
	ULONG_PTR word;

	tp_assert_held(&tp_sleepers_lock);
	do {
		if (try_acquire(lock, shared))
			return true;
		word = word_of(lock);
		/* The holder may have left since: then it is no word to
		   queue on, and the next round acquires. */
	} while (admits(word, shared) ||
		!change(lock, word, word | QUEUED));
	tp_sleeper_queue_locked(sleeper, lock, shared);
	return false;
}

static bool
try_and_count(PSRWLOCK lock, bool shared)
{
	bool acquired = try_acquire(lock, shared);

	if (acquired)
		count_acquired();
	return acquired;
}

static void
acquire(PSRWLOCK lock, bool shared)
{
	struct tp_sleeper sleeper;
	bool acquired;

	count_acquired();		/* it will be, when this returns */
	if (try_acquire(lock, shared))
		return;
	tp_lock(&tp_sleepers_lock);
	acquired = acquire_or_queue_locked(lock, shared, &sleeper);
	tp_unlock(&tp_sleepers_lock);
	/* Who wakes this thread has made it a holder. */
	if (!acquired)
		(void)tp_sleeper_sleep(&sleeper, INFINITE);
}

/* The last holder has left: to the first sleeper, and all who fit with it. */
static void
hand_over_locked(PSRWLOCK lock)
{
	ULONG_PTR word = 0;
	struct tp_sleeper *sleeper;

	while ((sleeper = tp_sleeper_first_locked(lock)) != NULL &&
			admits(word, sleeper->shared)) {
		word += share_of(sleeper->shared);
		tp_sleeper_wake_locked(sleeper);
	}
	if (sleeper != NULL)
		word |= QUEUED;
	(void)InterlockedExchangePointer(&lock->Ptr, (PVOID)word);
}

/* Gives back a share of a lock that is known to have sleepers. */
static void
release_queued(PSRWLOCK lock, ULONG_PTR share)
{
	ULONG_PTR left;

	tp_lock(&tp_sleepers_lock);
	left = word_of(lock) - share;
	if (left == QUEUED)
		hand_over_locked(lock);
	else
		(void)InterlockedExchangePointer(&lock->Ptr, (PVOID)left);
	tp_unlock(&tp_sleepers_lock);
}

static void
release(PSRWLOCK lock, bool shared, const char *call)
{
	ULONG_PTR share = share_of(shared);
	ULONG_PTR word;

	count_released();
	do {
		word = word_of(lock);
		if (shared ? word < READER : (word & EXCLUSIVE) == 0) {
			tp_misuse(TP_MISUSE_SLIM_LOCK_NOT_HELD, call, lock);
			return;
		}
		/* It stays queued: nobody is let in before this share
		   has been given back. */
		if ((word & QUEUED) != 0) {
			release_queued(lock, share);
			return;
		}
	} while (!change(lock, word, word - share));
	(void)call;
}

/* Makes a free lock; SRWLOCK_INIT or zeros do the same. */
VOID WINAPI
InitializeSRWLock(PSRWLOCK SRWLock)
{
	SRWLock->Ptr = NULL;
}

/*
 * Waits until nobody holds the lock, and holds it alone. Not recursive.
 * Locks: takes tp_sleepers_lock if it must wait.
 */
VOID WINAPI
AcquireSRWLockExclusive(PSRWLOCK SRWLock)
{
	acquire(SRWLock, false);
}

/*
 * Waits until no writer holds the lock or waits for it, and holds it
 * together with other readers.
 * Locks: takes tp_sleepers_lock if it must wait.
 */
VOID WINAPI
AcquireSRWLockShared(PSRWLOCK SRWLock)
{
	acquire(SRWLock, true);
}

/*
 * Holds the lock alone if that is possible without waiting: else FALSE.
 * Locks: none.
 */
BOOLEAN WINAPI
TryAcquireSRWLockExclusive(PSRWLOCK SRWLock)
{
	return try_and_count(SRWLock, false);
}

/*
 * Holds the lock as a reader if that is possible without waiting: else
 * FALSE. Locks: none.
 */
BOOLEAN WINAPI
TryAcquireSRWLockShared(PSRWLOCK SRWLock)
{
	return try_and_count(SRWLock, true);
}

/*
 * Gives back what AcquireSRWLockExclusive gave.
 * Fails: a report, if no writer holds the lock.
 * Locks: takes tp_sleepers_lock if threads wait.
 * Differs: Windows raises an exception where this reports.
 */
VOID WINAPI
ReleaseSRWLockExclusive(PSRWLOCK SRWLock)
{
	release(SRWLock, false, "ReleaseSRWLockExclusive");
}

/*
 * Gives back what AcquireSRWLockShared gave.
 * Fails: a report, if no reader holds the lock.
 * Locks: takes tp_sleepers_lock if threads wait.
 * Differs: Windows raises an exception where this reports.
 */
VOID WINAPI
ReleaseSRWLockShared(PSRWLOCK SRWLock)
{
	release(SRWLock, true, "ReleaseSRWLockShared");
}

/* completion.c - what a callback can ask of the pool that runs it */
/* SPDX-License-Identifier: MIT */
/*
 * Every execution of a callback is handed an instance. Through it the
 * callback can have something done after it has returned, when none of its
 * code is on the stack any more: an event set, a semaphore, mutex or
 * critical section released, a library freed. And it can tell the pool
 * that it is going to take long, or that nobody need wait for it.
 *
 * Interface: SetEventWhenCallbackReturns,
 * ReleaseSemaphoreWhenCallbackReturns, ReleaseMutexWhenCallbackReturns,
 * LeaveCriticalSectionWhenCallbackReturns, FreeLibraryWhenCallbackReturns,
 * CallbackMayRunLong, DisassociateCurrentThreadFromCallback.
 *
 * Invariant: an instance has one slot for each kind of action; the first
 * call of a kind fills it (INST-07). The worker performs them in the order
 * of enum tp_on_return_kind, the library last, and knows nothing of events.
 *
 * Locks: none here. An instance belongs to the thread that runs it: no
 * other may use it, so what it remembers needs no lock.
 */
#include "engine.h"
#include "threadpool.h"

/* ---- The actions ---- */

/* An action that was impossible is the callback's error (INST-10). */
static void
must(BOOL done, const char *call, const void *target)
{
	(void)call;
	(void)target;
	if (!done)
		tp_misuse(TP_MISUSE_ACTION_FAILED, call, target);
}

static void
set_event(void *event, DWORD unused)
{
	(void)unused;
	must(SetEvent(event), "SetEventWhenCallbackReturns", event);
}

static void
release_semaphore(void *semaphore, DWORD count)
{
	must(count <= INT32_MAX &&
		ReleaseSemaphore(semaphore, (LONG)count, NULL),
		"ReleaseSemaphoreWhenCallbackReturns", semaphore);
}

static void
release_mutex(void *mutex, DWORD unused)
{
	(void)unused;
	must(ReleaseMutex(mutex), "ReleaseMutexWhenCallbackReturns", mutex);
}

static void
leave_section(void *section, DWORD unused)
{
	(void)unused;
	LeaveCriticalSection(section);
}

static void
free_library(void *module, DWORD unused)
{
	(void)unused;
	must(FreeLibrary(module), "FreeLibraryWhenCallbackReturns", module);
}

/* ---- Asking for them ---- */

/*
 * Is this the callback that the calling thread runs? Only the address is
 * looked at, since the instance may be gone (INST-13).
 */
static bool
is_mine(const TP_CALLBACK_INSTANCE *instance, const char *call)
{
	bool mine = instance != NULL && instance == tp_current_instance();

	(void)call;
	tp_check_fork(call, instance);
	if (!mine)
		tp_misuse(TP_MISUSE_FOREIGN_INSTANCE, call, instance);
	return mine;
}

/* Fills the slot of a kind, if it is empty. */
static void
ask(TP_CALLBACK_INSTANCE *instance, enum tp_on_return_kind kind,
	struct tp_on_return action, const char *call)
{
	if (!is_mine(instance, call))
		return;
	if (instance->on_return[kind].perform == NULL)
		instance->on_return[kind] = action;
	else
		tp_misuse(TP_MISUSE_SECOND_ACTION, call, action.target);
}

/*
 * Has an event set when the callback has returned.
 *
 * pci: the instance of the callback that makes the call.
 * evt: the event; its handle must be open then.
 * Fails: misuse foreign-instance, second-action; at the end action-failed.
 * Locks: none. Source: INST-01, -06 to -13.
 * Differs: of two events of one callback the first is set (INST-07); the
 * order of different actions is fixed (INST-09).
 */
VOID WINAPI
SetEventWhenCallbackReturns(PTP_CALLBACK_INSTANCE pci, HANDLE evt)
{
	ask(pci, TP_ON_RETURN_EVENT,
		(struct tp_on_return){ set_event, evt, 0 },
		"SetEventWhenCallbackReturns");
}

/*
 * Has a semaphore released when the callback has returned.
 *
 * pci: as above. sem: the semaphore. crel: by how much its count goes up.
 * Fails: as above; action-failed also if the maximum would be exceeded.
 * Locks: none. Source: INST-02, -10.
 */
VOID WINAPI
ReleaseSemaphoreWhenCallbackReturns(PTP_CALLBACK_INSTANCE pci, HANDLE sem,
	DWORD crel)
{
	ask(pci, TP_ON_RETURN_SEMAPHORE,
		(struct tp_on_return){ release_semaphore, sem, crel },
		"ReleaseSemaphoreWhenCallbackReturns");
}

/*
 * Has a mutex released, once, when the callback has returned. The thread
 * that runs the callback must own it then.
 *
 * pci: as above. mut: the mutex.
 * Fails: as above; action-failed also if the thread does not own it.
 * Locks: none. Source: INST-03, -10.
 */
VOID WINAPI
ReleaseMutexWhenCallbackReturns(PTP_CALLBACK_INSTANCE pci, HANDLE mut)
{
	ask(pci, TP_ON_RETURN_MUTEX,
		(struct tp_on_return){ release_mutex, mut, 0 },
		"ReleaseMutexWhenCallbackReturns");
}

/*
 * Has a critical section left, once, when the callback has returned. The
 * thread that runs the callback must be inside then.
 *
 * pci: as above. pcs: the section.
 * Fails: misuse foreign-instance, second-action; at the end
 * section-not-owner, section-uninitialised.
 * Locks: none. Source: INST-04.
 */
VOID WINAPI
LeaveCriticalSectionWhenCallbackReturns(PTP_CALLBACK_INSTANCE pci,
	PCRITICAL_SECTION pcs)
{
	ask(pci, TP_ON_RETURN_SECTION,
		(struct tp_on_return){ leave_section, pcs, 0 },
		"LeaveCriticalSectionWhenCallbackReturns");
}

/*
 * Has a library freed, once, when the callback has returned and its object
 * is settled: no code of the callback is on the stack, so the library may
 * be the callback's own.
 *
 * pci: as above. mod: the library; this call gives one reference away.
 * Fails: as SetEventWhenCallbackReturns.
 * Locks: none. The library's destructors run on the worker.
 * Source: INST-05, -09. Whoever has waited for the object must not rely on
 * the library being gone (INST-11).
 */
VOID WINAPI
FreeLibraryWhenCallbackReturns(PTP_CALLBACK_INSTANCE pci, HMODULE mod)
{
	ask(pci, TP_ON_RETURN_LIBRARY,
		(struct tp_on_return){ free_library, mod, 0 },
		"FreeLibraryWhenCallbackReturns");
}

/* ---- Long callbacks, and callbacks that nobody waits for ---- */

/*
 * Says that the callback is going to take long. Its thread no longer counts
 * among those that compute, whatever the answer is (INST-16).
 *
 * pci: as above.
 * Returns TRUE if another thread of the pool is there for the rest, or was
 * made; FALSE if not: better split the job. The first answer holds for the
 * whole callback (INST-19).
 * Fails: FALSE, misuse foreign-instance.
 * Locks: none held; may make a thread.
 * Source: INST-15 to -20.
 */
BOOL WINAPI
CallbackMayRunLong(PTP_CALLBACK_INSTANCE pci)
{
	return is_mine(pci, "CallbackMayRunLong") &&
		tp_instance_run_long(pci);
}

/*
 * Lets those who wait for the callbacks of this object return as if this
 * one had returned. It goes on, and the object lives; closing the members
 * of a cleanup group still waits for it.
 *
 * pci: as above. A second call does nothing.
 * Fails: misuse foreign-instance.
 * Locks: the pool's, briefly. Source: INST-21 to -26.
 */
VOID WINAPI
DisassociateCurrentThreadFromCallback(PTP_CALLBACK_INSTANCE pci)
{
	if (is_mine(pci, "DisassociateCurrentThreadFromCallback"))
		tp_instance_disassociate(pci);
}

/* keeps_the_lock.c - a mutant: gives the lock back if it has done something */
/* SPDX-License-Identifier: MIT */
/*
 * check: once_is_enough
 * message: pool lock taken under pool lock
 */
#include "pool.h"
#include "threadpool.h"

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

static bool
is_mine(const TP_CALLBACK_INSTANCE *instance, const char *call)
{
	bool mine = instance != NULL && instance == tp_current_instance();

	(void)call;
	if (!mine)
		tp_misuse(TP_MISUSE_FOREIGN_INSTANCE, call, instance);
	return mine;
}

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

VOID WINAPI
SetEventWhenCallbackReturns(PTP_CALLBACK_INSTANCE pci, HANDLE evt)
{
	ask(pci, TP_ON_RETURN_EVENT,
		(struct tp_on_return){ set_event, evt, 0 },
		"SetEventWhenCallbackReturns");
}

VOID WINAPI
ReleaseSemaphoreWhenCallbackReturns(PTP_CALLBACK_INSTANCE pci, HANDLE sem,
	DWORD crel)
{
	ask(pci, TP_ON_RETURN_SEMAPHORE,
		(struct tp_on_return){ release_semaphore, sem, crel },
		"ReleaseSemaphoreWhenCallbackReturns");
}

VOID WINAPI
ReleaseMutexWhenCallbackReturns(PTP_CALLBACK_INSTANCE pci, HANDLE mut)
{
	ask(pci, TP_ON_RETURN_MUTEX,
		(struct tp_on_return){ release_mutex, mut, 0 },
		"ReleaseMutexWhenCallbackReturns");
}

VOID WINAPI
LeaveCriticalSectionWhenCallbackReturns(PTP_CALLBACK_INSTANCE pci,
	PCRITICAL_SECTION pcs)
{
	ask(pci, TP_ON_RETURN_SECTION,
		(struct tp_on_return){ leave_section, pcs, 0 },
		"LeaveCriticalSectionWhenCallbackReturns");
}

VOID WINAPI
FreeLibraryWhenCallbackReturns(PTP_CALLBACK_INSTANCE pci, HMODULE mod)
{
	ask(pci, TP_ON_RETURN_LIBRARY,
		(struct tp_on_return){ free_library, mod, 0 },
		"FreeLibraryWhenCallbackReturns");
}

BOOL WINAPI
CallbackMayRunLong(PTP_CALLBACK_INSTANCE pci)
{
	return is_mine(pci, "CallbackMayRunLong") &&
		tp_instance_run_long(pci);
}

VOID WINAPI
DisassociateCurrentThreadFromCallback(PTP_CALLBACK_INSTANCE pci)
{
	struct tp_object *object;

	if (!is_mine(pci, "DisassociateCurrentThreadFromCallback"))
		return;
	object = pci->object;
	tp_lock(&object->pool->lock);
	if (!pci->associated)
		return;
	pci->associated = false;
	object->associated--;
	tp_object_wake_if_quiet_locked(object);
	tp_unlock(&object->pool->lock);
}

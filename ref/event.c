/* event.c - events: a flag that threads wait for */
/* SPDX-License-Identifier: MIT */
/*
 * A manual-reset event is a door: while it is set, everyone passes. An
 * auto-reset event is a turnstile: setting it lets one waiter pass, and it
 * is closed again. It does not count: set twice before anyone comes, it
 * still lets only one pass (KOBJ-04). Who needs a count uses a semaphore.
 *
 * Interface: CreateEvent and its forms, SetEvent, ResetEvent; for requests
 * tp_event_of_locked, tp_event_set_locked; for chapters tp_event_use and
 * tp_event_set_and_unuse.
 *
 * Invariant: an event that is set has no waiters but those who wait for
 * all of several objects and miss another one.
 *
 * Locks: tp_waitable_lock.
 */
#include "waitable.h"

struct event {
	struct tp_waitable waitable;

	/* Read-only after init. */
	bool manual_reset;

	/* Guarded by tp_waitable_lock. */
	bool set;
};

static bool
event_signalled(const struct tp_waitable *object, const struct tp_self *self)
{
	(void)self;
	return ((const struct event *)object)->set;
}

static bool
event_consume(struct tp_waitable *object, struct tp_self *self)
{
	struct event *event = (struct event *)object;

	(void)self;
	if (!event->manual_reset)
		event->set = false;
	return false;
}

static DWORD
event_set(struct tp_waitable *object)
{
	((struct event *)object)->set = true;
	tp_waitable_signalled_locked(object);
	return NO_ERROR;
}

static const struct tp_waitable_kind event_kind = {
	.name = "event", .signalled = event_signalled,
	.consume = event_consume, .signal = event_set
};

/* ---- The events of requests: see file.h ---- */

/* The event of a handle; NULL and the last error: it is none. */
struct tp_waitable *
tp_event_of_locked(HANDLE handle)
{
	return tp_handle_to_locked(handle, &event_kind);
}

void
tp_event_set_locked(struct tp_waitable *event, bool set)
{
	if (set)
		event_set(event);
	else
		((struct event *)event)->set = false;
}

/* ---- Events that outlive their handles: see engine.h ---- */

struct tp_waitable *
tp_event_use(HANDLE handle)
{
	struct tp_waitable *event;

	tp_lock(&tp_waitable_lock);
	event = tp_event_of_locked(handle);
	if (event != NULL)
		tp_waitable_use_locked(event);	/* its handles may go */
	tp_unlock(&tp_waitable_lock);
	return event;
}

void
tp_event_set_and_unuse(struct tp_waitable *event)
{
	tp_lock(&tp_waitable_lock);
	event_set(event);
	tp_waitable_unuse_locked(event);
	tp_waitable_unlock();
}

/* ---- The API ---- */

static HANDLE
create(LPSECURITY_ATTRIBUTES attributes, bool manual_reset, bool set,
	LPCSTR name, LPCWSTR wide)
{
	struct event *event = tp_waitable_new(sizeof(*event), &event_kind,
		attributes, name, wide);

	if (event == NULL)
		return NULL;
	event->manual_reset = manual_reset;
	event->set = set;
	return tp_waitable_publish(&event->waitable);
}

/*
 * CreateEventA: a new event, or a handle to the one of that name.
 *
 *	lpEventAttributes	NULL, or without descriptor
 *	bManualReset		FALSE: resets itself when one wait has ended
 *	bInitialState		TRUE: set from the start
 *	lpName			known in this process; NULL or "": none
 *
 * Returns:	a handle to close; the last error is then 0, or
 *		ERROR_ALREADY_EXISTS for an event that existed, whatever the
 *		other parameters say.
 * Fails:	NULL; ERROR_INVALID_HANDLE if the name belongs to another
 *		kind of object, ERROR_INVALID_PARAMETER for a descriptor,
 *		ERROR_NOT_ENOUGH_MEMORY.
 * Locks:	tp_waitable_lock.
 * Source:	KOBJ-03, KOBJ-16.
 * Differs:	names are not shared with other processes.
 */
HANDLE WINAPI
CreateEventA(LPSECURITY_ATTRIBUTES lpEventAttributes, BOOL bManualReset,
	BOOL bInitialState, LPCSTR lpName)
{
	return create(lpEventAttributes, bManualReset != FALSE,
		bInitialState != FALSE, lpName, NULL);
}

/* CreateEventW: CreateEventA, with a wide name. */
HANDLE WINAPI
CreateEventW(LPSECURITY_ATTRIBUTES lpEventAttributes, BOOL bManualReset,
	BOOL bInitialState, LPCWSTR lpName)
{
	return create(lpEventAttributes, bManualReset != FALSE,
		bInitialState != FALSE, NULL, lpName);
}

/*
 * CreateEventExA: CreateEventA, with CREATE_EVENT_MANUAL_RESET and
 * CREATE_EVENT_INITIAL_SET in dwFlags. dwDesiredAccess is not looked at.
 */
HANDLE WINAPI
CreateEventExA(LPSECURITY_ATTRIBUTES lpEventAttributes, LPCSTR lpName,
	DWORD dwFlags, DWORD dwDesiredAccess)
{
	(void)dwDesiredAccess;
	return create(lpEventAttributes,
		(dwFlags & CREATE_EVENT_MANUAL_RESET) != 0,
		(dwFlags & CREATE_EVENT_INITIAL_SET) != 0, lpName, NULL);
}

/* CreateEventExW: CreateEventExA, with a wide name. */
HANDLE WINAPI
CreateEventExW(LPSECURITY_ATTRIBUTES lpEventAttributes, LPCWSTR lpName,
	DWORD dwFlags, DWORD dwDesiredAccess)
{
	(void)dwDesiredAccess;
	return create(lpEventAttributes,
		(dwFlags & CREATE_EVENT_MANUAL_RESET) != 0,
		(dwFlags & CREATE_EVENT_INITIAL_SET) != 0, NULL, lpName);
}

/*
 * SetEvent: sets the event. An auto-reset event with waiters lets the
 * oldest one pass and is reset again before this function returns.
 *
 *	hEvent		the event
 *
 * Fails:	FALSE; ERROR_INVALID_HANDLE.
 * Locks:	tp_waitable_lock.
 * Source:	KOBJ-03, KOBJ-04.
 */
BOOL WINAPI
SetEvent(HANDLE hEvent)
{
	struct event *event;

	tp_lock(&tp_waitable_lock);
	event = tp_handle_to_locked(hEvent, &event_kind);
	if (event != NULL)
		event_set(&event->waitable);
	tp_waitable_unlock();
	return event != NULL;
}

/*
 * ResetEvent: resets the event; who waits from now on has to wait.
 *
 *	hEvent		the event
 *
 * Fails:	FALSE; ERROR_INVALID_HANDLE.
 * Locks:	tp_waitable_lock.
 * Source:	KOBJ-03.
 */
BOOL WINAPI
ResetEvent(HANDLE hEvent)
{
	struct event *event;

	tp_lock(&tp_waitable_lock);
	event = tp_handle_to_locked(hEvent, &event_kind);
	if (event != NULL)
		event->set = false;
	tp_waitable_unlock();
	return event != NULL;
}

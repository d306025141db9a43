/* guest.h - between a library and the suites that load it */
/* SPDX-License-Identifier: MIT */
/*
 * plugin_guest.c is a library with callbacks for the pool of its host. The
 * host finds its functions by name (GetProcAddress); their types are here.
 *
 * What a library does when it is unloaded, its destructor, tells the host
 * the hour: the guest calls the function that it was given, on the thread
 * that unloads it. What the guest counts is gone then: a library that was
 * really unloaded begins at 1 again.
 */
#ifndef GUEST_H
#define GUEST_H

#include "threadpool.h"

/* What the host wants to be told when the guest is unloaded. */
typedef void (*guest_farewell)(void *argument);
typedef void guest_on_unload(guest_farewell farewell, void *argument);

/* How often it was called since the library was loaded. */
typedef int guest_count(void);

/* The context of the guest's callbacks. They write, and the host reads. */
struct guest_visit {
	HMODULE module;		/* to be freed at the end; NULL: none */
	HANDLE event;		/* to be set at the end; NULL: none */
	void (*during)(struct guest_visit *visit);	/* or NULL */
	void *argument;		/* the host's own */
	BOOL close;		/* the work object, in its callback */
	BOOL left;		/* written by the last line */
};

/*
 * "visit": runs `during`; a PTP_WORK_CALLBACK. "visit_simply" likewise.
 * "visit_as_item": a LPTHREAD_START_ROUTINE, which runs `during` only.
 */

#endif /* GUEST_H */

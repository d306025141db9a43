/* poller.h - waiting until descriptors are ready */
/* SPDX-License-Identifier: MIT */
/*
 * A watch is a descriptor that the dispatcher waits for, together with its
 * due times. It reports once each time it is armed, so that a descriptor
 * which stays ready does not keep the dispatcher busy.
 *
 * There are two back ends, of five functions each: epoll, where the system
 * has it, and poll. poller.c chooses one when the first descriptor is
 * watched. Until then the process has no poller, and no descriptor for it.
 *
 * Locks: tp_waitable_lock guards the poller and every watch.
 */
#ifndef POLLER_H
#define POLLER_H

#include "engine.h"

struct tp_watch {
	/* Read-only after init. */
	int descriptor;

	/* Called under tp_waitable_lock when it is ready and was armed. */
	void (*ready)(struct tp_watch *watch);

	/* Guarded by tp_waitable_lock; used by the back ends. */
	short events;			/* it was armed for */
	bool armed;
	unsigned slot;			/* in a table of the back end */
	struct tp_list link;
};

struct tp_poller {
	const char *name;		/* for TP_POLLER */

	/*
	 * Gets ready to watch; not armed yet. What arming needs later is
	 * allocated here. 0 or an error code. No lock is held.
	 */
	DWORD (*add)(struct tp_watch *watch);

	/*
	 * The next time it is ready for these events (POLLIN, POLLOUT, ...
	 * of <poll.h>), or if it is now, it reports. Armed again, it is for
	 * the new ones.
	 */
	void (*arm)(struct tp_watch *watch, short events);

	/* Watches it no longer: it will not report any more. */
	void (*remove)(struct tp_watch *watch);

	/*
	 * Drops the lock, sleeps until something is ready or the time is
	 * over (TP_FOREVER: never), and takes the lock again.
	 */
	void (*sleep)(tp_time ticks);

	/* After that: has those report that were armed and are ready. */
	void (*report)(void);
};

extern const struct tp_poller tp_poller_epoll, tp_poller_poll;

DWORD tp_poller_open(void);
bool tp_poller_is_open_locked(void);
DWORD tp_poller_add(struct tp_watch *watch);
void tp_poller_arm_locked(struct tp_watch *watch, short events);
void tp_poller_remove_locked(struct tp_watch *watch);
void tp_poller_wait_locked(tp_time until);
void tp_poller_wake_locked(void);

/* poller_poll.c: poll, with ticks for milliseconds. */
struct pollfd;
int tp_poll(struct pollfd *descriptors, unsigned count, tp_time ticks);

#endif /* POLLER_H */

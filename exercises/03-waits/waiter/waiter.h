/* waiter.h - wait objects over waiter threads: what they promise */
/* SPDX-License-Identifier: MIT */
#ifndef WAITER_H
#define WAITER_H

#include "threadpool.h"

typedef void (*wait_callback)(void *context, DWORD result);

/* ---- Given ---- */

/*
 * Has a thread of a pool call callback(context, result). It may take its
 * time before it returns; the callback may run meanwhile.
 */
void deliver(wait_callback callback, void *context, DWORD result);

/* ---- Yours ---- */

/* How many wait objects share a waiter thread: one handle is its own. */
#define WAITS_OF_A_THREAD (MAXIMUM_WAIT_OBJECTS - 1)

struct waits;			/* the waiter threads, and all they need */
struct wait;			/* one wait object */

/* NULL: no memory. There is no thread yet. */
struct waits *waits_open(void);

/*
 * All its wait objects are closed. When it returns, the threads have ended
 * and nothing is left.
 */
void waits_close(struct waits *waits);

/*
 * A wait object, which waits for nothing yet; NULL: no memory, or no thread.
 * 63 of them share a thread: if there is room on one, no other is started.
 */
struct wait *wait_create(struct waits *waits, wait_callback callback,
	void *context);

/*
 * Waits for the object of the handle, and so many milliseconds from now;
 * INFINITE: for as long as it takes. Whichever comes first is delivered,
 * once: WAIT_OBJECT_0 or WAIT_ABANDONED_0 if the object was signalled, and
 * then it was taken as any wait takes it; else WAIT_TIMEOUT. If an object is
 * signalled already, the time-out does not matter, not even 0. After that
 * the wait object waits for nothing, until it is set again.
 *
 * What was set before is forgotten: when wait_set returns, its object is
 * taken no more, and nothing is delivered for it any more; what has been
 * delivered remains so. handle NULL: that, and nothing else.
 *
 * Cannot fail. Callbacks may call it.
 */
void wait_set(struct wait *wait, HANDLE handle, DWORD milliseconds);

/* wait_set with NULL; then the wait object is gone, and its place free. */
void wait_close(struct wait *wait);

#endif /* WAITER_H */

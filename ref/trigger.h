/* trigger.h - what posts a callback by itself: a time, or a signal */
/* SPDX-License-Identifier: MIT */
/*
 * Part of the contract with the chapters: engine.h includes it. A due time
 * and a wait block are nodes inside the object that uses them, so that
 * setting them allocates nothing and cannot fail.
 *
 * One lock, tp_waitable_lock, guards all of them. A trigger goes off in one
 * step under it: the node leaves its heap or list, and the callback is
 * posted, by tp_object_post_locked. So whoever takes the trigger away under
 * the same lock knows that the post is in the queue, where it can be
 * cancelled, or will never be made. Were there a moment between the two
 * halves, a post could come after everything had been cancelled.
 */
#ifndef TRIGGER_H
#define TRIGGER_H

#include "heap.h"
#include "list.h"
#include "misuse.h"
#include "sync.h"
#include "win32.h"

struct tp_waitable;

/*
 * Something to do when tp_waitable_lock has been dropped, since it must not
 * be done under it: to free an object, to wake a pool that has got a post.
 * tp_waitable_later_locked has it performed by the tp_waitable_unlock that
 * comes next. Whoever asks keeps alive what it needs until then, and drops
 * the lock in this way before it sleeps.
 */
struct tp_later {
	void (*perform)(struct tp_later *later);
	struct tp_list link;		/* guarded by tp_waitable_lock */
};

extern struct tp_mutex tp_waitable_lock;

void tp_waitable_later_locked(struct tp_later *later);
void tp_waitable_unlock(void);

/* ---- Due times: due.c, and dispatch.c, which waits for them ---- */

/*
 * A due time: a node in the heap of one clock. expire is called by the
 * dispatcher under tp_waitable_lock when the time has come and the node has
 * left the heap; it may arm the node again, post, and ask for things to be
 * done later. That is never before `when`, and at most a window after it
 * if the dispatcher gets to run: due times whose windows overlap share one
 * wake-up.
 */
struct tp_due {
	/* Read-only after init. */
	void (*expire)(struct tp_due *due);

	/* Guarded by tp_waitable_lock. */
	struct tp_heap_node node;	/* ordered by the window's end */
	tp_time when;			/* the window's beginning */
	bool absolute;			/* of tp_wall, not of tp_now */
};

/* Starts the dispatcher if it does not run yet. 0 or an error code. */
DWORD tp_dispatcher_start(void);
void tp_due_set_locked(struct tp_due *due, tp_time when, tp_time window,
	bool absolute);
void tp_due_cancel_locked(struct tp_due *due);
tp_time tp_due_time(int64_t due, bool *absolute);
tp_time tp_due_next(const struct tp_due *due, tp_time period);
bool tp_due_has_come(const struct tp_due *due);

/*
 * Sets a due time as the API gives it (tp_due_time). One that has come
 * already does not wait for the dispatcher: it expires on the calling
 * thread, so that such ones expire in the order of the calls. One with a
 * window has time. A relative time lies ahead: the clock need not be asked.
 */
static inline void
tp_due_start_locked(struct tp_due *due, int64_t time, tp_time window)
{
	bool absolute;
	tp_time when = tp_due_time(time, &absolute);

	tp_due_cancel_locked(due);
	due->when = when;
	due->absolute = absolute;
	if (time >= 0 && window == 0 && tp_due_has_come(due))
		due->expire(due);
	else
		tp_due_set_locked(due, when, window, absolute);
}

/* The two halves of a FILETIME as one number, which may be negative. */
static inline int64_t
tp_file_time(const FILETIME *time)
{
	return (int64_t)((uint64_t)time->dwHighDateTime << 32 |
		time->dwLowDateTime);
}

/* ---- Signals: multiwait.c, target.c ---- */

/*
 * One object that somebody waits for. satisfy is called under the lock when
 * the object is signalled. It may find that it cannot end the wait (another
 * object is missing): then it changes nothing and returns false. Else it
 * consumes, unlinks every block of the wait and returns true.
 */
struct tp_wait_block {
	/* Read-only while linked. */
	struct tp_waitable *object;	/* used, not only pointed at */
	void *waiter;			/* whatever satisfy needs */
	bool (*satisfy)(struct tp_wait_block *block);

	/* Guarded by tp_waitable_lock. */
	struct tp_list link;		/* in object->blocks */
};

/*
 * A wait for one kernel object in which no thread is blocked. signalled is
 * called under tp_waitable_lock when the object has been signalled and the
 * wait has taken what it takes, and is over.
 */
struct tp_target {
	/* Read-only after init. */
	void (*signalled)(struct tp_target *target);

	/* Guarded by tp_waitable_lock. */
	struct tp_wait_block block;	/* of no object: no wait */
#if TP_CHECK
	HANDLE handle;			/* that the wait was set with */
#endif
};

void tp_target_init(struct tp_target *target,
	void (*signalled)(struct tp_target *target));
DWORD tp_target_set_locked(struct tp_target *target, HANDLE handle);
void tp_target_clear_locked(struct tp_target *target);
#if TP_CHECK
/* Does a target wait for the object, set with that handle of it? */
bool tp_target_uses_locked(const struct tp_waitable *object, HANDLE handle);
#else
#define tp_target_uses_locked(object, handle)	false
#endif

#endif /* TRIGGER_H */

/* engine.h - the contract between the engine and the chapters */
/* SPDX-License-Identifier: MIT */
/*
 * A chapter's module defines one kind of object: it embeds a tp_object, as
 * its first member, fills in a table of functions, and calls the functions
 * below. The engine calls the table, and knows nothing else of the kind.
 *
 * Everything that the API says about waiting, cancelling and closing is a
 * sentence about three counters of the callback object:
 *
 *	pending		posted, not yet started
 *	running		started, not yet returned
 *	associated	running, and still holding up waiters
 *
 * Locks, in the order in which a thread takes them: cleanup group,
 * tp_waitable_lock, pool. No application code runs under any of them, and
 * nothing is freed under one. A name that ends in _locked means that the
 * caller holds the lock named in the comment.
 */
#ifndef ENGINE_H
#define ENGINE_H

#include "list.h"
#include "misuse.h"
#include "sync.h"
#include "threadpool.h"
#include "trigger.h"

struct tp_object;
struct tp_worker;

/* What a kind of object is. NULL members: nothing to do for this kind. */
struct tp_ops {
	const char *kind;	/* "work": for reports */

	/* Calls the application's function. No lock is held. */
	void (*run)(struct tp_object *object, TP_CALLBACK_INSTANCE *instance);

	/* Moves what belongs to this post to the instance. Pool lock. */
	void (*claim)(struct tp_object *object,
		TP_CALLBACK_INSTANCE *instance);

	/* Drops what belongs to all pending posts. Pool lock. */
	void (*discard)(struct tp_object *object);

	/* Is more outstanding than posts? Pool lock. */
	bool (*busy)(const struct tp_object *object);

	/* No more posts come by themselves from here on. No lock is held. */
	void (*disarm)(struct tp_object *object);
};

/* A callback object: the base of work, timer, wait and I/O objects. */
struct tp_object {
	/* Read-only after init. */
	const struct tp_ops *ops;
	TP_POOL *pool;			/* counted in pool->objects */
	void *context;			/* the application's */
	PTP_SIMPLE_CALLBACK finalization;	/* NULL: none */
	unsigned char priority;		/* a TP_CALLBACK_PRIORITY */
	bool runs_long;
	bool persistent;

	/* Guarded by pool->lock. */
	unsigned refs;			/* handle, posts, calls, waiters */
	unsigned pending;		/* how many times it is queued */
	unsigned running;
	unsigned associated;
	bool closed;			/* it has no handle (any more) */
	struct tp_list ready;		/* in the queue while pending > 0 */
	struct tp_list waiters;		/* of struct tp_waiter (quiet.c) */
	struct tp_list bound;		/* in pool->bound */

	/* Guarded by the lock in trace.c. */
	unsigned number;		/* 2 of "work 2"; 0: none yet */

#if TP_CHECK
	struct tp_registered registered;	/* see misuse.h */
#endif
};

/* What is done when a callback has returned: in this order. */
enum tp_on_return_kind {
	TP_ON_RETURN_SECTION,
	TP_ON_RETURN_MUTEX,
	TP_ON_RETURN_SEMAPHORE,
	TP_ON_RETURN_EVENT,
	TP_ON_RETURN_LIBRARY,	/* last, when the object is settled */
	TP_ON_RETURN_KINDS
};

struct tp_on_return {
	void (*perform)(void *target, DWORD count);	/* NULL: no action */
	void *target;
	DWORD count;
};

/* One execution of a callback. Lives on the worker's stack. */
struct _TP_CALLBACK_INSTANCE {
	/* Used by the thread that runs the callback only. */
	struct tp_object *object;	/* kept alive by this execution */
	struct tp_worker *worker;
	struct tp_on_return on_return[TP_ON_RETURN_KINDS];
	ULONG_PTR claimed[3];		/* what ops->claim put here */

	/* Guarded by pool->lock. */
	bool associated;		/* still holds up waiters */
	bool long_running;
};

/*
 * The life of an object. environ: NULL for none. tp_object_init returns 0
 * or a Win32 error code, and has done nothing if it fails; it may start the
 * first worker of the pool. Callers of the two ..._locked functions hold
 * tp_waitable_lock, those of the others no lock.
 */
DWORD tp_object_init(struct tp_object *object, const struct tp_ops *ops,
	void *context, const TP_CALLBACK_ENVIRON *environ);
void tp_object_post(struct tp_object *object);
void tp_object_post_locked(struct tp_object *object, unsigned *counter);
bool tp_object_recall_locked(struct tp_object *object);
void tp_object_post_once(struct tp_object *object);
void tp_object_wait(struct tp_object *object, bool cancel);
void tp_object_close(struct tp_object *object);

/* Misuse that only the engine can see; call: the function of the API. */
#if TP_CHECK
void tp_object_check_pool(struct tp_object *object, const char *call);
void tp_object_check_wait(struct tp_object *object, const char *call);
#else
#define tp_object_check_pool(object, call)	((void)0)
#define tp_object_check_wait(object, call)	((void)0)
#endif

/* Counters. Pool lock. See object.c and quiet.c. */
bool tp_object_quiet_locked(const struct tp_object *object);
void tp_object_cancel_locked(struct tp_object *object);
void tp_object_wake_if_quiet_locked(struct tp_object *object);
void tp_object_return_locked(struct tp_object *object, bool associated);
bool tp_object_unref_locked(struct tp_object *object, unsigned count);
void tp_object_free(struct tp_object *object);

/*
 * A worker that is about to block, and no longer does, tells its pool, so
 * that another thread may take its place. Nothing happens on other
 * threads. No lock is held by the caller.
 */
void tp_blocking_begin(void);
void tp_blocking_end(void);

/* The innermost callback that this thread runs, or NULL. */
TP_CALLBACK_INSTANCE *tp_current_instance(void);

#endif /* ENGINE_H */

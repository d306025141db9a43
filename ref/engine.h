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

#include "group.h"
#include "list.h"
#include "misuse.h"
#include "port.h"
#include "sync.h"
#include "threadpool.h"
#include "trigger.h"

struct tp_object;
struct tp_worker;

typedef void (*tp_code)(void);	/* a function of any type, for reports */

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

	/* The object is about to be freed. No lock is held. */
	void (*end)(struct tp_object *object);

	/* Where in the object its due time and its target are; 0: none. */
	size_t due, target;
};

/* A callback object: the base of work, timer, wait and I/O objects. */
struct tp_object {
	/* Read-only after init. */
	const struct tp_ops *ops;
	TP_POOL *pool;			/* counted in pool->objects */
	void *context;			/* the application's */
	struct tp_group *group;		/* counted by members; NULL: none */
	PTP_CLEANUP_GROUP_CANCEL_CALLBACK cancelled;	/* NULL: none */
	HMODULE library;		/* counted; NULL: none */
	PTP_SIMPLE_CALLBACK finalization;	/* NULL: none */
	unsigned char priority;		/* a TP_CALLBACK_PRIORITY */
	bool runs_long;
	bool persistent;

	/* Guarded by pool->lock. */
	unsigned refs;			/* handle, posts, calls, waiters */
	unsigned pending;		/* how many times it is queued */
	unsigned running;
	unsigned associated;
	unsigned long posted;		/* how many times ever */
	bool closed;			/* it has no handle (any more) */
	bool refusing;			/* its group drops what is posted */
	struct tp_list ready;		/* in the queue while pending > 0 */
	struct tp_list waiters;		/* of struct tp_waiter (quiet.c) */
	struct tp_idler *idler;		/* (idle.c); NULL: nobody */
	struct tp_list bound;		/* in pool->bound */

	/* Guarded by group->lock. */
	struct tp_list member;		/* in group->members */

	/* Guarded by the lock in trace.c. */
	unsigned number;		/* 2 of "work 2"; 0: none yet */

#if TP_CHECK
	const void *code;		/* the application's function */
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
	void (*perform)(void *target, DWORD count);	/* or NULL */
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
	bool may_run_long;		/* the first answer; INST-19 */

	/* Guarded by pool->lock. */
	bool associated;		/* still holds up waiters */
	bool long_running;
	bool returned;			/* for the checks: see worker.c */
};

/*
 * The life of an object. environ: NULL for none. tp_object_init returns 0
 * or a Win32 error code, and has done nothing if it fails; it may start the
 * first worker of the pool. tp_object_open, or tp_object_post_once, is the
 * last step of creating one. Callers of the ..._locked functions hold
 * tp_waitable_lock (..._both_locked: and the pool lock), those of the others
 * no lock.
 */
DWORD tp_object_init(struct tp_object *object, const struct tp_ops *ops,
	void *context, const TP_CALLBACK_ENVIRON *environ);
void tp_object_open(struct tp_object *object, tp_code code);
void tp_object_open_unnamed(struct tp_object *object, tp_code code);
void tp_object_abandon(struct tp_object *object);
void tp_object_post(struct tp_object *object);
void tp_object_post_locked(struct tp_object *object, unsigned *counter);
bool tp_object_post_both_locked(struct tp_object *object);
bool tp_object_recall_locked(struct tp_object *object);
void tp_object_post_once(struct tp_object *object, tp_code code);
void tp_object_wait(struct tp_object *object, bool cancel);
void tp_object_close(struct tp_object *object);

/* The pool lock, for what a kind of object guards by it. */
void tp_object_lock(struct tp_object *object);
void tp_object_unlock(struct tp_object *object);

/* What becomes of an object when its cleanup group lets go of it. */
void tp_object_shut(struct tp_object *object, bool cancel);
unsigned long tp_object_wait_idle(struct tp_object *object);
bool tp_object_end(struct tp_object *object, const char *call);
bool tp_object_is_idle(struct tp_object *object);
void tp_object_release(struct tp_object *object);

/* Misuse that only the engine can see; call: the function of the API. */
#if TP_CHECK
void tp_object_check_pool(struct tp_object *object, const char *call);
void tp_object_check_wait(struct tp_object *object, const char *call);
void tp_object_check_group(struct tp_group *group, const char *call);
#else
#define tp_object_check_pool(object, call)	((void)0)
#define tp_object_check_wait(object, call)	((void)0)
#define tp_object_check_group(group, call)	((void)0)
#endif

/* Counters. Pool lock. See object.c, quiet.c and idle.c. */
bool tp_object_quiet_locked(const struct tp_object *object);
bool tp_object_idle_locked(const struct tp_object *object);
void tp_object_cancel_locked(struct tp_object *object);
void tp_object_wake_if_quiet_locked(struct tp_object *object);
void tp_object_wake_if_idle_locked(struct tp_object *object);
void tp_object_return_locked(struct tp_object *object, bool associated);
bool tp_object_unref_locked(struct tp_object *object, unsigned count);
bool tp_object_let_go_locked(struct tp_object *object);
void tp_object_free(struct tp_object *object);

/*
 * A worker that is about to block, and no longer does, tells its pool, so
 * that another thread may take its place. Nothing happens on other
 * threads. No lock is held by the caller.
 */
void tp_blocking_begin(void);
void tp_blocking_end(void);

/* The callback that this thread runs, or NULL. */
TP_CALLBACK_INSTANCE *tp_current_instance(void);

/* What a running callback asks of its pool. On its own thread; no lock. */
bool tp_instance_run_long(TP_CALLBACK_INSTANCE *instance);
void tp_instance_disassociate(TP_CALLBACK_INSTANCE *instance);

/*
 * A pool of one thread, so that its callbacks run one after the other:
 * single.c. It exists from its first use on and is never closed.
 */
enum tp_single { TP_SINGLE_WAIT, TP_SINGLE_TIMER, TP_SINGLES };

TP_POOL *tp_pool_single(enum tp_single which);
bool tp_pool_is_single(const TP_POOL *pool);

/*
 * An event that is to be set later, though its handle may have been closed by
 * then: event.c. NULL and ERROR_INVALID_HANDLE: it is no event. No lock is
 * held.
 */
struct tp_waitable *tp_event_use(HANDLE handle);
void tp_event_set_and_unuse(struct tp_waitable *event);

/* Pools, for the functions of the API that manage them: pool.c. */
TP_POOL *tp_pool_new(void);
void tp_pool_close(TP_POOL *pool);
void tp_pool_set_maximum(TP_POOL *pool, unsigned threads);
DWORD tp_pool_set_minimum(TP_POOL *pool, unsigned threads);
void tp_pool_set_stack(TP_POOL *pool, const TP_POOL_STACK_INFORMATION *stack);
TP_POOL_STACK_INFORMATION tp_pool_stack(TP_POOL *pool);

#endif /* ENGINE_H */

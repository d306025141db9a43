/* object.c - the callback object: its counters and its life */
/* SPDX-License-Identifier: MIT */
/*
 * The base of work, timer, wait and I/O objects. An object is bound to a
 * pool for life; it is posted, its callbacks run, it is waited for and
 * closed; and it is freed when nobody needs it any more.
 *
 * Interface: tp_object_init, tp_object_post and its forms,
 * tp_object_recall_locked, tp_object_close and, for the engine,
 * tp_object_return_locked, tp_object_unref_locked, tp_object_free. quiet.c
 * waits and cancels.
 *
 * Who holds a reference (refs): the application's handle, one; every post,
 * one, which becomes the running callback's; every waiter, one, since a
 * callback may close the object somebody waits for (WORK-18). Whoever gives
 * up the last one frees the object, after the pool lock has been dropped.
 *
 * Locks: the pool lock guards the counters.
 */
#include <stdlib.h>

#include "pool.h"

/* What an environment asks for, of either version. */
struct settings {
	TP_POOL *pool;
	PTP_SIMPLE_CALLBACK finalization;
	TP_CALLBACK_PRIORITY priority;
	bool runs_long, persistent;
};

/* Reads an environment once and for all (WORK-02). 0 or an error code. */
static DWORD
read_environ(const TP_CALLBACK_ENVIRON *environ, struct settings *settings)
{
	*settings = (struct settings){
		.pool = tp_pool_default(),
		.priority = TP_CALLBACK_PRIORITY_NORMAL
	};
	if (environ == NULL)
		return 0;
	if (environ->Version != 1 && environ->Version != 3)
		return ERROR_INVALID_PARAMETER;		/* POOL-26 */
	if (environ->Version == 3)	/* version 1 ends before it */
		settings->priority = environ->CallbackPriority;
	if ((unsigned)settings->priority >= TP_CALLBACK_PRIORITY_COUNT)
		return ERROR_INVALID_PARAMETER;		/* POOL-32 */
	/* Libraries come with chapter 05, cleanup groups with 07. */
	if (environ->RaceDll != NULL || environ->CleanupGroup != NULL)
		return ERROR_NOT_SUPPORTED;
	if (environ->Pool != NULL) {
		tp_check(environ->Pool, "pool", "SetThreadpoolCallbackPool");
		settings->pool = environ->Pool;
	}
	settings->finalization = environ->FinalizationCallback;
	settings->runs_long = environ->u.s.LongFunction;
	/* In version 1 the bit is reserved (POOL-25). */
	settings->persistent = environ->Version == 3 &&
		environ->u.s.Persistent;
	return 0;
}

/*
 * Makes an object of a kind, bound to the pool that environ names.
 *
 * context: for the callback, carried as it is.
 * Fails: ERROR_INVALID_PARAMETER (version or priority of the environment),
 * ERROR_NOT_SUPPORTED (cleanup group or library), ERROR_NOT_ENOUGH_MEMORY
 * (the pool has no thread and cannot make one).
 * Locks: none may be held.
 */
DWORD
tp_object_init(struct tp_object *object, const struct tp_ops *ops,
	void *context, const TP_CALLBACK_ENVIRON *environ)
{
	struct settings settings;
	DWORD error = read_environ(environ, &settings);

	if (error != 0)
		return error;
	object->ops = ops;
	object->pool = settings.pool;
	object->context = context;
	object->finalization = settings.finalization;
	object->priority = (unsigned char)settings.priority;
	object->runs_long = settings.runs_long;
	object->persistent = settings.persistent;
	object->refs = 1;		/* the handle */
	tp_list_init(&object->ready);
	tp_list_init(&object->waiters);
	return tp_pool_bind(object);
}

/*
 * Queues one execution of the callback. Cannot fail and allocates nothing:
 * the object itself is the node in the queue.
 *
 * Locks: the pool's, briefly. The object may be gone when it returns: the
 * callback may have closed it.
 */
void
tp_object_post(struct tp_object *object)
{
	TP_POOL *pool = object->pool;

	tp_lock(&pool->lock);
	object->refs++;
	tp_queue_add_locked(object);
	tp_pool_wake_and_unlock(pool);
}

/*
 * Queues one execution of the callback, for a trigger that has been seen
 * under tp_waitable_lock: whoever takes the trigger away under it as well
 * finds the post in the queue, or knows that there will be none. The pool
 * gets to work on it when that lock is dropped.
 *
 * counter: goes up together with pending, under the pool lock, of which
 * ops->claim and ops->discard are told. NULL: none.
 * Locks: tp_waitable_lock is held; the pool's, briefly.
 */
void
tp_object_post_locked(struct tp_object *object, unsigned *counter)
{
	TP_POOL *pool = object->pool;

	tp_assert_held(&tp_waitable_lock);
	tp_lock(&pool->lock);
	object->refs++;
	if (counter != NULL)
		++*counter;
	tp_queue_add_locked(object);
	tp_pool_attend_later_locked(pool);
	tp_unlock(&pool->lock);
}

/*
 * Drops the posts that have not started. True: nothing of the object runs
 * either. The object is open, so that its handle keeps it alive.
 *
 * Locks: tp_waitable_lock is held; the pool's, briefly.
 */
bool
tp_object_recall_locked(struct tp_object *object)
{
	bool idle;

	tp_assert_held(&tp_waitable_lock);
	tp_lock(&object->pool->lock);
	tp_object_cancel_locked(object);
	idle = object->running == 0;
	tp_unlock(&object->pool->lock);
	return idle;
}

/*
 * Posts an object that the application never sees, and only once: the
 * handle's reference becomes the post's, and nothing need be closed.
 *
 * Locks: the pool's, briefly. The object may be gone when it returns.
 */
void
tp_object_post_once(struct tp_object *object)
{
	TP_POOL *pool = object->pool;

	tp_lock(&pool->lock);
	object->closed = true;
	tp_queue_add_locked(object);
	tp_pool_wake_and_unlock(pool);
}

#if TP_CHECK
/* Reports call, which posts the object, if its pool has been closed. */
void
tp_object_check_pool(struct tp_object *object, const char *call)
{
	bool closed;

	tp_lock(&object->pool->lock);
	closed = object->pool->closed;
	tp_unlock(&object->pool->lock);
	if (closed)
		tp_misuse(TP_MISUSE_CLOSED_POOL, call, object);
}

/* Reports call if it would wait for the very callback that makes it. */
void
tp_object_check_wait(struct tp_object *object, const char *call)
{
	TP_CALLBACK_INSTANCE *instance = tp_current_instance();

	/* Only the thread itself can change its instance's association. */
	if (instance != NULL && instance->object == object &&
	    instance->associated)
		tp_misuse(TP_MISUSE_SELF_WAIT, call, object);
}
#endif

/*
 * A callback has returned; associated: it still held up waiters. Wakes the
 * waiters if it was the last.
 */
void
tp_object_return_locked(struct tp_object *object, bool associated)
{
	tp_assert_held(&object->pool->lock);
	object->running--;
	if (associated)
		object->associated--;
	tp_object_wake_if_quiet_locked(object);
}

/*
 * Gives up count references. True: they were the last, and the caller must
 * call tp_object_free when it has dropped the lock.
 */
bool
tp_object_unref_locked(struct tp_object *object, unsigned count)
{
	tp_assert_held(&object->pool->lock);
	object->refs -= count;
	if (object->refs > 0)
		return false;
	tp_pool_unbind_locked(object);
	return true;
}

/* Frees an object whose last reference is gone. No lock is held. */
void
tp_object_free(struct tp_object *object)
{
	tp_assert_no_locks();
	free(object);		/* the kind's structure begins with it */
}

/*
 * The application lets go of the object. Nothing is posted any more; what is
 * posted still runs; the object is freed after the last of it.
 *
 * Locks: the pool's, briefly, and those of ops->disarm.
 */
void
tp_object_close(struct tp_object *object)
{
	TP_POOL *pool = object->pool;
	bool last;

	if (object->ops->disarm != NULL)
		object->ops->disarm(object);
	tp_lock(&pool->lock);
	object->closed = true;
	last = tp_object_unref_locked(object, 1);
	tp_unlock(&pool->lock);
	if (last)
		tp_object_free(object);
}

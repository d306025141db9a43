/* object.c - the callback object: its counters and its life */
/* SPDX-License-Identifier: MIT */
/*
 * The base of work, timer, wait and I/O objects. An object is bound to a
 * pool for life; it is posted, its callbacks run, it is waited for and
 * closed; and it is freed when nobody needs it any more.
 *
 * Interface: tp_object_init, tp_object_open and its form, tp_object_abandon,
 * tp_object_post and its forms,
 * tp_object_recall_locked, tp_object_close; for cleanup groups
 * tp_object_shut, tp_object_end, tp_object_release; for the engine
 * tp_object_return_locked, tp_object_unref_locked, tp_object_free. quiet.c
 * waits and cancels.
 *
 * Who holds a reference (refs): the application's handle, one; every post,
 * one, which becomes the running callback's; every waiter, one, since a
 * callback may close the object somebody waits for (WORK-18); a cleanup
 * group that closes its members, one of each. Whoever gives up the last one
 * frees the object, after the pool lock has been dropped.
 *
 * Locks: the pool lock guards the counters; before it comes the group's.
 */
#include <stdlib.h>
#include <string.h>

#include "library.h"
#include "pool.h"

/*
 * What an environment asks for goes into the object, once and for all
 * (WORK-02). 0 or an error code.
 */
static DWORD
read_environ(struct tp_object *object, const TP_CALLBACK_ENVIRON *environ)
{
	TP_CALLBACK_PRIORITY priority = TP_CALLBACK_PRIORITY_NORMAL;

	object->pool = tp_pool_default();
	object->priority = (unsigned char)priority;
	if (environ == NULL)
		return 0;
	if (environ->Version != 1 && environ->Version != 3)
		return ERROR_INVALID_PARAMETER;		/* POOL-26 */
	if (environ->Version == 3)	/* version 1 ends before it */
		priority = environ->CallbackPriority;
	if ((unsigned)priority >= TP_CALLBACK_PRIORITY_COUNT)
		return ERROR_INVALID_PARAMETER;		/* POOL-32 */
	object->priority = (unsigned char)priority;
	if (environ->Pool != NULL) {
		tp_check(environ->Pool, "pool",
			"SetThreadpoolCallbackPool");
		object->pool = environ->Pool;
	}
	if (environ->CleanupGroup != NULL)
		tp_check(environ->CleanupGroup, "cleanup group",
			"SetThreadpoolCallbackCleanupGroup");
	/* A group's structure begins with the engine's half of it. */
	object->group = (struct tp_group *)(void *)environ->CleanupGroup;
	object->cancelled = environ->CleanupGroupCancelCallback;
	object->library = environ->RaceDll;
	object->finalization = environ->FinalizationCallback;
	object->runs_long = environ->u.s.LongFunction;
	/* In version 1 the bit is reserved (POOL-25). */
	object->persistent = environ->Version == 3 &&
		environ->u.s.Persistent;
	return 0;
}

/*
 * Makes an object of a kind, bound to the pool that environ names. Its
 * memory has been zeroed.
 *
 * context: for the callback, carried as it is.
 * Fails: ERROR_INVALID_PARAMETER (version or priority of the environment),
 * ERROR_MOD_NOT_FOUND (its library is none), ERROR_NOT_ENOUGH_MEMORY (the
 * pool has no thread and cannot make one).
 * Locks: none may be held.
 */
DWORD
tp_object_init(struct tp_object *object, const struct tp_ops *ops,
	void *context, const TP_CALLBACK_ENVIRON *environ)
{
	DWORD error = read_environ(object, environ);

	if (error != 0)
		return error;
	object->ops = ops;
	object->context = context;
	object->refs = 1;		/* the handle */
	tp_list_init(&object->ready);
	tp_list_init(&object->waiters);
	tp_list_init(&object->member);
	tp_list_init(&object->bound);
	if (object->library != NULL && !tp_library_use(object->library))
		return ERROR_MOD_NOT_FOUND;		/* POOL-37 */
	error = tp_pool_bind(object);
	if (error != 0 && object->library != NULL)
		tp_library_unuse(object->library);
	return error;
}

/* What a report about the object says of its callback. */
static void
note_code(struct tp_object *object, tp_code code)
{
#if TP_CHECK
	/* POSIX has the two kinds of pointers alike; C has no cast. */
	memcpy(&object->code, &code, sizeof(code));
#else
	(void)object;
	(void)code;
#endif
}

/* It is written in full: whoever dumps the pool may find it from now on. */
static void
show_locked(struct tp_object *object, tp_code code)
{
	tp_assert_held(&object->pool->lock);
	note_code(object, code);
	tp_list_append(&object->pool->bound, &object->bound);
}

static void
show(struct tp_object *object, tp_code code)
{
	tp_lock(&object->pool->lock);
	show_locked(object, code);
	tp_unlock(&object->pool->lock);
}

/*
 * The object is complete: it becomes known to the checks, and a member of
 * its cleanup group. The last step of creating one, for whoever closes the
 * members of the group may free it from now on (GROUP-25).
 *
 * code: the application's function.
 * Locks: the pool's and then the group's, briefly.
 */
void
tp_object_open(struct tp_object *object, tp_code code)
{
	show(object, code);
	tp_register(&object->registered, object, object->ops->kind);
	if (object->group != NULL)
		tp_group_join(object);
}

/*
 * The same for an object that the application can neither name nor close: the
 * checks need not know it, and would not learn when it is gone.
 */
void
tp_object_open_unnamed(struct tp_object *object, tp_code code)
{
	show(object, code);
	if (object->group != NULL)
		tp_group_join(object);
}

/* Frees an object that was initialised, and never opened. */
void
tp_object_abandon(struct tp_object *object)
{
	object->group = NULL;		/* it has not joined it */
	tp_object_release(object);
}

/* See engine.h. */
void
tp_object_lock(struct tp_object *object)
{
	tp_lock(&object->pool->lock);
}

void
tp_object_unlock(struct tp_object *object)
{
	tp_unlock(&object->pool->lock);
}

/* One more post, and a reference for it, unless the object takes none. */
static bool
add_post_locked(struct tp_object *object)
{
	if (object->refusing)
		return false;
	object->refs++;
	tp_queue_add_locked(object);
	return true;
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
	add_post_locked(object);
	tp_pool_wake_and_unlock(pool);
}

/*
 * The same for whoever holds tp_waitable_lock and the pool lock: the post,
 * and what else they guard, change in one step. The pool gets to work on it
 * when the first of them is dropped. False: the object takes no posts.
 */
bool
tp_object_post_both_locked(struct tp_object *object)
{
	tp_assert_held(&tp_waitable_lock);
	if (!add_post_locked(object))
		return false;
	tp_pool_attend_later_locked(object->pool);
	return true;
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
	tp_lock(&object->pool->lock);
	if (tp_object_post_both_locked(object) && counter != NULL)
		++*counter;
	tp_unlock(&object->pool->lock);
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
 * Opens and posts an object that the application never sees. It closes
 * itself when its callback starts; until then it is open, so that a cleanup
 * group which cancels it has its cancel callback called.
 *
 * It joins its group and is posted in one step. A group that found it in
 * between would take it for idle, and be done with it before it runs.
 *
 * Locks: the group's and the pool's, briefly. The object may be gone when
 * it returns.
 */
void
tp_object_post_once(struct tp_object *object, tp_code code)
{
	struct tp_group *group = object->group;
	TP_POOL *pool = object->pool;

	if (group != NULL) {
		tp_lock(&group->lock);
		tp_group_join_locked(object);
	}
	tp_lock(&pool->lock);
	show_locked(object, code);
	add_post_locked(object);
	if (group != NULL)
		tp_unlock(&group->lock);
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

/*
 * Reports call if it would wait for the callback that makes it: of a member,
 * or the cancel callback of one, whose closing is not over before.
 */
void
tp_object_check_group(struct tp_group *group, const char *call)
{
	TP_CALLBACK_INSTANCE *instance = tp_current_instance();
	bool closing;

	tp_lock(&group->lock);
	closing = group->closing &&
		pthread_equal(group->closer, pthread_self()) != 0;
	tp_unlock(&group->lock);
	if (closing || (instance != NULL && instance->object->group == group))
		tp_misuse(TP_MISUSE_GROUP_SELF_WAIT, call, group);
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
	tp_object_wake_if_idle_locked(object);
}

/*
 * Does it stay with its pool until it is freed? Who finds a member in its
 * group looks at its pool; and what ends with it may still be told something
 * by another thread until then, and locks the pool.
 */
static bool
stays_bound(const struct tp_object *object)
{
	return object->group != NULL || object->ops->end != NULL;
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
	if (!stays_bound(object))
		tp_pool_unbind_locked(object);
	return true;
}

/*
 * Frees an object whose last reference is gone. No lock is held: if its
 * library goes with it, the library's destructors run here.
 */
void
tp_object_free(struct tp_object *object)
{
	TP_POOL *pool = object->pool;
	HMODULE library = object->library;

	tp_assert_no_locks();
	if (object->ops->end != NULL)
		object->ops->end(object);
	if (object->group != NULL)
		tp_group_leave(object);
	if (stays_bound(object)) {
		tp_lock(&pool->lock);
		tp_pool_unbind_locked(object);
		tp_unlock(&pool->lock);
	}
	free(object);		/* the kind's structure begins with it */
	if (library != NULL)
		tp_library_unuse(library);
}

/* Gives up a reference that the caller has; frees the object with the last. */
void
tp_object_release(struct tp_object *object)
{
	TP_POOL *pool = object->pool;
	bool last;

	tp_lock(&pool->lock);
	last = tp_object_unref_locked(object, 1);
	tp_unlock(&pool->lock);
	if (last)
		tp_object_free(object);
}

/*
 * The application has no use for the object any more: gives up the handle's
 * reference, once. True: it was the last, see tp_object_unref_locked.
 */
bool
tp_object_let_go_locked(struct tp_object *object)
{
	tp_assert_held(&object->pool->lock);
	if (object->closed)
		return false;
	object->closed = true;
	return tp_object_unref_locked(object, 1);
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
	last = tp_object_let_go_locked(object);
	tp_unlock(&pool->lock);
	if (last)
		tp_object_free(object);
}

/* ---- The end of a member of a cleanup group ---- */

/*
 * Nothing is posted by a trigger any more; cancel: nor by anybody else, and
 * what is queued is dropped. The caller holds a reference.
 *
 * Locks: the pool's, briefly, and those of ops->disarm.
 */
void
tp_object_shut(struct tp_object *object, bool cancel)
{
	if (object->ops->disarm != NULL)
		object->ops->disarm(object);
	if (!cancel)
		return;
	tp_lock(&object->pool->lock);
	object->refusing = true;
	tp_object_cancel_locked(object);
	tp_unlock(&object->pool->lock);
}

/*
 * Closes the object, on behalf of call, unless the application has: then
 * false. The caller holds a reference.
 */
bool
tp_object_end(struct tp_object *object, const char *call)
{
	bool open;

	(void)call;
	tp_lock(&object->pool->lock);
	open = !object->closed;
	(void)tp_object_let_go_locked(object);
	tp_unlock(&object->pool->lock);
#if TP_CHECK
	if (open && object->registered.address != NULL)
		tp_check_close(object, object->ops->kind, call);
#endif
	return open;
}

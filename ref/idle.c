/* idle.c - waiting until an object is idle */
/* SPDX-License-Identifier: MIT */
/*
 * An object is idle when it is quiet and nothing of it runs: not even a
 * callback that has left it (INST-21). Who closes the members of a cleanup
 * group waits for that (INST-22), since what runs is the member's code.
 *
 * Interface: tp_object_wait_idle, tp_object_is_idle, tp_object_idle_locked,
 * tp_object_wake_if_idle_locked.
 *
 * Once the object has been quiet, what is left to wait for are callbacks
 * that have left. Only one thread at a time closes the members of a group,
 * and so there is at most one to wake.
 *
 * Locks: the pool lock.
 */
#include "pool.h"

struct tp_idler {
	/* Guarded by pool->lock. */
	struct tp_cond wake;
	bool released;			/* nothing has run */
};

/* Is nothing of the object queued, and nothing running? */
bool
tp_object_idle_locked(const struct tp_object *object)
{
	return tp_object_quiet_locked(object) && object->running == 0;
}

/* The same, at this moment. The caller holds a reference. */
bool
tp_object_is_idle(struct tp_object *object)
{
	bool idle;

	tp_lock(&object->pool->lock);
	idle = tp_object_idle_locked(object);
	tp_unlock(&object->pool->lock);
	return idle;
}

/* Releases who waits for it if nothing runs: after a callback's return. */
void
tp_object_wake_if_idle_locked(struct tp_object *object)
{
	struct tp_idler *idler = object->idler;

	tp_assert_held(&object->pool->lock);
	if (idler == NULL || object->running > 0)
		return;
	object->idler = NULL;
	idler->released = true;
	tp_cond_signal(&idler->wake);
}

/* Sleeps until nothing runs. The pool lock is held around it. */
static void
sleep_while_it_runs_locked(struct tp_object *object)
{
	struct tp_idler idler = { .released = false };
	struct tp_waiting waiting;
	TP_POOL *pool = object->pool;

	tp_cond_init(&idler.wake);
	tp_waiting_begin_locked(&waiting, object);
	object->idler = &idler;
	tp_unlock(&pool->lock);
	tp_blocking_begin();
	tp_lock(&pool->lock);
	while (!idler.released)
		tp_cond_wait(&idler.wake, &pool->lock);
	tp_waiting_end_locked(&waiting);
	tp_unlock(&pool->lock);
	tp_blocking_end();
	tp_cond_destroy(&idler.wake);
	tp_lock(&pool->lock);
}

/*
 * Waits until the object is idle. Returns how many posts it had had then,
 * ever: if that is still the number later, it has been idle all the time.
 * Whoever is woken looks again: there may have been a post since.
 *
 * Locks: none of the engine's may be held. The caller holds a reference,
 * and no other thread waits here for the same object.
 */
unsigned long
tp_object_wait_idle(struct tp_object *object)
{
	unsigned long posted;
	bool idle;

	do {
		tp_object_wait(object, false);
		tp_lock(&object->pool->lock);
		if (tp_object_quiet_locked(object) && object->running > 0)
			sleep_while_it_runs_locked(object);
		idle = tp_object_idle_locked(object);
		posted = object->posted;
		tp_unlock(&object->pool->lock);
	} while (!idle);
	return posted;
}

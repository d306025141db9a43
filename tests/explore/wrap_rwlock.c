/* wrap_rwlock.c - readers-writer locks */
/* SPDX-License-Identifier: MIT */
/*
 * As with mutexes: taking the lock is a step before it is taken, releasing
 * it a step after it is released, and the real lock is taken and released
 * with the shadow, never contended.
 *
 * A reader comes in whenever no writer is inside, also past writers that
 * wait. That is what glibc does by default; POSIX leaves it open. A reader
 * who reads again is therefore never stuck behind a writer here, though it
 * might be elsewhere. A writer who asks again, for whatever, gets EDEADLK, as
 * from glibc; a reader who asks to write waits for itself, and that shows as
 * the deadlock that it is.
 *
 * Two clocks order the accesses: that of the writers, which everybody takes
 * over who comes in, and that of the readers, which only writers take over.
 * Two readers are not ordered: if both write, it is a race, even when one was
 * gone before the other came.
 *
 * A lock may be initialised by its declaration, so a shadow that no call has
 * initialised may be in order. A destroyed lock is told from it by its bytes.
 */
#define _GNU_SOURCE
#include <errno.h>

#include "inner.h"

int __real_pthread_rwlock_init(pthread_rwlock_t *,
	const pthread_rwlockattr_t *);
int __wrap_pthread_rwlock_init(pthread_rwlock_t *,
	const pthread_rwlockattr_t *);
int __real_pthread_rwlock_destroy(pthread_rwlock_t *);
int __wrap_pthread_rwlock_destroy(pthread_rwlock_t *);
int __real_pthread_rwlock_rdlock(pthread_rwlock_t *);
int __wrap_pthread_rwlock_rdlock(pthread_rwlock_t *);
int __real_pthread_rwlock_tryrdlock(pthread_rwlock_t *);
int __wrap_pthread_rwlock_tryrdlock(pthread_rwlock_t *);
int __real_pthread_rwlock_timedrdlock(pthread_rwlock_t *,
	const struct timespec *);
int __wrap_pthread_rwlock_timedrdlock(pthread_rwlock_t *,
	const struct timespec *);
int __real_pthread_rwlock_wrlock(pthread_rwlock_t *);
int __wrap_pthread_rwlock_wrlock(pthread_rwlock_t *);
int __real_pthread_rwlock_trywrlock(pthread_rwlock_t *);
int __wrap_pthread_rwlock_trywrlock(pthread_rwlock_t *);
int __real_pthread_rwlock_timedwrlock(pthread_rwlock_t *,
	const struct timespec *);
int __wrap_pthread_rwlock_timedwrlock(pthread_rwlock_t *,
	const struct timespec *);
int __real_pthread_rwlock_unlock(pthread_rwlock_t *);
int __wrap_pthread_rwlock_unlock(pthread_rwlock_t *);

/* ---- The shadow of a lock ---- */

static struct xp_object *
shadow(const pthread_rwlock_t *lock)
{
	return xp_object(XP_RWLOCK, lock);
}

static bool
can_read(struct xp_op *op)
{
	return op->object->owner == NULL;
}

static bool
can_write(struct xp_op *op)
{
	return op->object->owner == NULL && op->object->readers == 0;
}

/* The lock is free for that; both locks, the shadow and the real one. */
static int
take(pthread_rwlock_t *lock, struct xp_object *object, bool write)
{
	int error = write ? __real_pthread_rwlock_trywrlock(lock) :
		__real_pthread_rwlock_tryrdlock(lock);

	if (error == EBUSY)
		xp_verdict(XP_MISUSE, "%s is not free, though nobody has "
			"locked it: its memory was overwritten",
			xp_object_name(object));
	if (error != 0)
		return error;
	xp_race_acquire(object->clock);
	if (write) {
		xp_race_acquire(object->read_clock);
		object->owner = xp_self;
	} else {
		object->readers |= xp_bit(xp_self->number);
		object->read_depth[xp_self->number]++;
	}
	return 0;
}

/* The caller holds it. */
static void
leave(struct xp_object *object)
{
	if (object->owner == xp_self) {
		xp_race_release(object->clock);
		object->owner = NULL;
		return;
	}
	xp_race_release(object->read_clock);
	if (--object->read_depth[xp_self->number] == 0)
		object->readers &= ~xp_bit(xp_self->number);
}

/* ---- Locking ---- */

/* when: on the wall clock; NULL: for ever. */
static int
lock_for(pthread_rwlock_t *lock, bool write, const struct timespec *when)
{
	struct xp_op op = {
		.kind = write ? XP_WRITE_LOCK : XP_READ_LOCK,
		.object = shadow(lock),
		.ready = write ? can_write : can_read
	};

	if (when != NULL)
		xp_op_until(&op, CLOCK_REALTIME, when);
	if (op.object->owner == xp_self)
		return EDEADLK;
	if (xp_step(&op) == XP_TIMED_OUT)
		return ETIMEDOUT;
	return take(lock, op.object, write);
}

static int
lock_until(pthread_rwlock_t *lock, bool write, const struct timespec *when)
{
	if (!xp_is_time(when))
		return EINVAL;
	return lock_for(lock, write, when);
}

static int
try_lock(pthread_rwlock_t *lock, bool write)
{
	struct xp_op op = { .kind = XP_TRYLOCK, .object = shadow(lock) };
	int error;

	(void)xp_step(&op);
	op.object = shadow(lock);	/* again: others have run since */
	if (write ? !can_write(&op) : !can_read(&op))
		return EBUSY;
	error = take(lock, op.object, write);
	op.event->write = error == 0;
	return error;
}

int
__wrap_pthread_rwlock_rdlock(pthread_rwlock_t *lock)
{
	return xp_active() ? lock_for(lock, false, NULL) :
		__real_pthread_rwlock_rdlock(lock);
}

int
__wrap_pthread_rwlock_wrlock(pthread_rwlock_t *lock)
{
	return xp_active() ? lock_for(lock, true, NULL) :
		__real_pthread_rwlock_wrlock(lock);
}

int
__wrap_pthread_rwlock_timedrdlock(pthread_rwlock_t *lock,
	const struct timespec *when)
{
	return xp_active() ? lock_until(lock, false, when) :
		__real_pthread_rwlock_timedrdlock(lock, when);
}

int
__wrap_pthread_rwlock_timedwrlock(pthread_rwlock_t *lock,
	const struct timespec *when)
{
	return xp_active() ? lock_until(lock, true, when) :
		__real_pthread_rwlock_timedwrlock(lock, when);
}

int
__wrap_pthread_rwlock_tryrdlock(pthread_rwlock_t *lock)
{
	return xp_active() ? try_lock(lock, false) :
		__real_pthread_rwlock_tryrdlock(lock);
}

int
__wrap_pthread_rwlock_trywrlock(pthread_rwlock_t *lock)
{
	return xp_active() ? try_lock(lock, true) :
		__real_pthread_rwlock_trywrlock(lock);
}

/* ---- Unlocking, and the lock's life ---- */

int
__wrap_pthread_rwlock_unlock(pthread_rwlock_t *lock)
{
	struct xp_object *object;
	int error;

	if (!xp_active())
		return __real_pthread_rwlock_unlock(lock);
	object = shadow(lock);
	if (object->owner != xp_self &&
	    object->read_depth[xp_self->number] == 0)
		xp_verdict(XP_MISUSE, "pthread_rwlock_unlock unlocks %s, "
			"which this thread does not hold",
			xp_object_name(object));
	xp_pause(object);
	leave(object);
	error = __real_pthread_rwlock_unlock(lock);
	xp_simple_step(XP_RW_UNLOCK, object, 0);
	return error;
}

int
__wrap_pthread_rwlock_init(pthread_rwlock_t *lock,
	const pthread_rwlockattr_t *attributes)
{
	int error = __real_pthread_rwlock_init(lock, attributes);

	if (xp_active() && error == 0)
		(void)xp_object_new(XP_RWLOCK, lock);
	return error;
}

int
__wrap_pthread_rwlock_destroy(pthread_rwlock_t *lock)
{
	struct xp_object *object;
	int error;

	if (!xp_active())
		return __real_pthread_rwlock_destroy(lock);
	object = shadow(lock);
	if (object->owner != NULL || object->readers != 0)
		xp_verdict(XP_MISUSE, "%s is destroyed while a thread holds "
			"it", xp_object_name(object));
	if (xp_waiters(object, can_read) != 0 ||
	    xp_waiters(object, can_write) != 0)
		xp_verdict(XP_MISUSE, "%s is destroyed while a thread waits "
			"for it", xp_object_name(object));
	xp_object_end(object);
	error = __real_pthread_rwlock_destroy(lock);
	if (error == 0)
		xp_object_bury(lock, sizeof(*lock));
	return error;
}

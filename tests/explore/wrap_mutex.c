/* wrap_mutex.c - mutexes and spin locks */
/* SPDX-License-Identifier: MIT */
/*
 * Taking a lock is a step, before it is taken: whoever is chosen finds it
 * free. Releasing one is a step too, after it is released: somebody else may
 * come first then. In a fine execution there is one before it as well: a
 * trylock fails only if somebody can come while the lock is held. The real
 * lock is taken and released with the shadow, never contended, so that
 * sanitizers see the order that it makes.
 *
 * Misuse that POSIX leaves undefined is a verdict: to unlock what another
 * thread holds, to destroy what somebody holds. To lock a normal mutex twice
 * is a deadlock, and shows as one.
 */
#define _GNU_SOURCE
#include <errno.h>

#include "inner.h"

int __real_pthread_mutex_init(pthread_mutex_t *, const pthread_mutexattr_t *);
int __wrap_pthread_mutex_init(pthread_mutex_t *, const pthread_mutexattr_t *);
int __real_pthread_mutex_destroy(pthread_mutex_t *);
int __wrap_pthread_mutex_destroy(pthread_mutex_t *);
int __real_pthread_mutex_lock(pthread_mutex_t *);
int __wrap_pthread_mutex_lock(pthread_mutex_t *);
int __real_pthread_mutex_trylock(pthread_mutex_t *);
int __wrap_pthread_mutex_trylock(pthread_mutex_t *);
int __real_pthread_mutex_timedlock(pthread_mutex_t *,
	const struct timespec *);
int __wrap_pthread_mutex_timedlock(pthread_mutex_t *,
	const struct timespec *);
int __real_pthread_mutex_unlock(pthread_mutex_t *);
int __wrap_pthread_mutex_unlock(pthread_mutex_t *);
int __real_pthread_spin_init(pthread_spinlock_t *, int);
int __wrap_pthread_spin_init(pthread_spinlock_t *, int);
int __real_pthread_spin_lock(pthread_spinlock_t *);
int __wrap_pthread_spin_lock(pthread_spinlock_t *);
int __real_pthread_spin_trylock(pthread_spinlock_t *);
int __wrap_pthread_spin_trylock(pthread_spinlock_t *);
int __real_pthread_spin_unlock(pthread_spinlock_t *);
int __wrap_pthread_spin_unlock(pthread_spinlock_t *);

/* ---- The shadow of a lock ---- */

/* The type of a mutex that no call has initialised. */
static int
type_of(const pthread_mutex_t *mutex)
{
#ifdef __GLIBC__
	return mutex->__data.__kind & 3;
#else
	(void)mutex;
	return PTHREAD_MUTEX_DEFAULT;
#endif
}

static struct xp_object *
shadow(const pthread_mutex_t *mutex)
{
	struct xp_object *object = xp_object(XP_MUTEX, mutex);

	if (!object->known) {
		object->known = true;
		object->type = type_of(mutex);
	}
	return object;
}

static bool
may_take(const struct xp_object *object)
{
	return object->owner == NULL ||
		(object->owner == xp_self &&
		object->type == PTHREAD_MUTEX_RECURSIVE);
}

static bool
is_free(struct xp_op *op)
{
	return op->object->owner == NULL;
}

static void
take(struct xp_object *object)
{
	object->owner = xp_self;
	object->count++;
	xp_race_acquire(object->clock);
}

/* The caller holds it. */
static void
release(struct xp_object *object)
{
	if (--object->count > 0)
		return;
	xp_race_release(object->clock);
	object->owner = NULL;
}

static void
check_owner(const struct xp_object *object, const char *call)
{
	if (object->owner == NULL)
		xp_verdict(XP_MISUSE, "%s unlocks %s, which nobody holds",
			call, xp_object_name(object));
	if (object->owner != xp_self)
		xp_verdict(XP_MISUSE, "%s unlocks %s, which another thread "
			"holds", call, xp_object_name(object));
}

/* ---- Mutexes ---- */

int
__wrap_pthread_mutex_init(pthread_mutex_t *mutex,
	const pthread_mutexattr_t *attributes)
{
	int error = __real_pthread_mutex_init(mutex, attributes);
	struct xp_object *object;

	if (!xp_active() || error != 0)
		return error;
	object = xp_object_new(XP_MUTEX, mutex);
	object->type = PTHREAD_MUTEX_DEFAULT;
	if (attributes != NULL)
		pthread_mutexattr_gettype(attributes, &object->type);
	return 0;
}

int
__wrap_pthread_mutex_destroy(pthread_mutex_t *mutex)
{
	if (xp_active()) {
		struct xp_object *object = shadow(mutex);

		if (object->owner != NULL)
			xp_verdict(XP_MISUSE, "%s is destroyed while a "
				"thread holds it", xp_object_name(object));
		xp_object_end(object);
		(void)__real_pthread_mutex_destroy(mutex);
		xp_object_bury(mutex, sizeof(*mutex));
		return 0;
	}
	return __real_pthread_mutex_destroy(mutex);
}

/* when: on the wall clock; NULL: for ever. */
static int
lock(pthread_mutex_t *mutex, const struct timespec *when)
{
	struct xp_object *object = shadow(mutex);
	struct xp_op op = { .kind = XP_LOCK, .object = object,
		.ready = is_free };

	if (when != NULL)
		xp_op_until(&op, CLOCK_REALTIME, when);
	if (object->owner == xp_self) {
		if (object->type == PTHREAD_MUTEX_ERRORCHECK)
			return EDEADLK;
		if (object->type == PTHREAD_MUTEX_RECURSIVE)
			op.ready = NULL;
	}
	if (xp_step(&op) == XP_TIMED_OUT)
		return ETIMEDOUT;
	take(object);
	return __real_pthread_mutex_lock(mutex);
}

int
__wrap_pthread_mutex_lock(pthread_mutex_t *mutex)
{
	return xp_active() ? lock(mutex, NULL) :
		__real_pthread_mutex_lock(mutex);
}

int
__wrap_pthread_mutex_timedlock(pthread_mutex_t *mutex,
	const struct timespec *when)
{
	if (!xp_active())
		return __real_pthread_mutex_timedlock(mutex, when);
	return xp_is_time(when) ? lock(mutex, when) : EINVAL;
}

int
__wrap_pthread_mutex_trylock(pthread_mutex_t *mutex)
{
	struct xp_object *object;
	struct xp_op op = { .kind = XP_TRYLOCK };

	if (!xp_active())
		return __real_pthread_mutex_trylock(mutex);
	op.object = object = shadow(mutex);
	(void)xp_step(&op);
	op.event->write = may_take(object);
	if (!may_take(object))
		return EBUSY;
	take(object);
	return __real_pthread_mutex_trylock(mutex);
}

int
__wrap_pthread_mutex_unlock(pthread_mutex_t *mutex)
{
	struct xp_object *object;

	if (!xp_active())
		return __real_pthread_mutex_unlock(mutex);
	object = shadow(mutex);
	if (object->owner != xp_self &&
	    object->type == PTHREAD_MUTEX_ERRORCHECK)
		return EPERM;
	check_owner(object, "pthread_mutex_unlock");
	xp_pause(object);
	release(object);
	(void)__real_pthread_mutex_unlock(mutex);
	xp_simple_step(XP_UNLOCK, object, 0);
	return 0;
}

/* ---- What a condition wait does to its mutex (wrap_cond.c) ---- */

/* Releases it without a step: the wait has begun in the same moment. */
struct xp_object *
xp_mutex_leave(pthread_mutex_t *mutex)
{
	struct xp_object *object = shadow(mutex);

	check_owner(object, "pthread_cond_wait");
	release(object);
	(void)__real_pthread_mutex_unlock(mutex);
	return object;
}

void
xp_mutex_enter(pthread_mutex_t *mutex)
{
	(void)lock(mutex, NULL);
}

/* ---- Spin locks: a mutex that sleeps, as far as one can see ---- */

int
__wrap_pthread_spin_init(pthread_spinlock_t *spin, int shared)
{
	if (xp_active())
		(void)xp_object_new(XP_SPIN, (const void *)spin);
	return __real_pthread_spin_init(spin, shared);
}

int
__wrap_pthread_spin_lock(pthread_spinlock_t *spin)
{
	struct xp_op op = { .kind = XP_LOCK, .ready = is_free };

	if (xp_active()) {
		op.object = xp_object(XP_SPIN, (const void *)spin);
		(void)xp_step(&op);
		take(op.object);
	}
	return __real_pthread_spin_lock(spin);
}

int
__wrap_pthread_spin_trylock(pthread_spinlock_t *spin)
{
	struct xp_op op = { .kind = XP_TRYLOCK };

	if (!xp_active())
		return __real_pthread_spin_trylock(spin);
	op.object = xp_object(XP_SPIN, (const void *)spin);
	(void)xp_step(&op);
	op.event->write = op.object->owner == NULL;
	if (op.object->owner != NULL)
		return EBUSY;
	take(op.object);
	return __real_pthread_spin_trylock(spin);
}

int
__wrap_pthread_spin_unlock(pthread_spinlock_t *spin)
{
	struct xp_object *object;

	if (!xp_active())
		return __real_pthread_spin_unlock(spin);
	object = xp_object(XP_SPIN, (const void *)spin);
	check_owner(object, "pthread_spin_unlock");
	xp_pause(object);
	release(object);
	(void)__real_pthread_spin_unlock(spin);
	xp_simple_step(XP_UNLOCK, object, 0);
	return 0;
}

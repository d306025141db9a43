/* wrap_sem.c - unnamed semaphores */
/* SPDX-License-Identifier: MIT */
/*
 * To wait is a step before the count is taken: whoever is chosen finds it
 * above zero. To post is a step before, too, because the moment of a post is
 * what decides between a thread that waits already and one that comes yet.
 * Which of several waiting threads a post lets through is no choice of its
 * own: all of them can go on, and the strategy picks one.
 *
 * The real semaphore keeps the same count, so that sanitizers see that a
 * post comes before the wait that it lets through.
 *
 * A semaphore has no initial value but by sem_init. One that was never
 * initialised, or is destroyed already, is misuse.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <limits.h>
#include <semaphore.h>

#include "inner.h"

int __real_sem_init(sem_t *, int, unsigned);
int __wrap_sem_init(sem_t *, int, unsigned);
int __real_sem_destroy(sem_t *);
int __wrap_sem_destroy(sem_t *);
int __real_sem_wait(sem_t *);
int __wrap_sem_wait(sem_t *);
int __real_sem_trywait(sem_t *);
int __wrap_sem_trywait(sem_t *);
int __real_sem_timedwait(sem_t *, const struct timespec *);
int __wrap_sem_timedwait(sem_t *, const struct timespec *);
int __real_sem_post(sem_t *);
int __wrap_sem_post(sem_t *);
int __real_sem_getvalue(sem_t *, int *);
int __wrap_sem_getvalue(sem_t *, int *);

/* count: the semaphore's value. */
static struct xp_object *
shadow(const sem_t *semaphore)
{
	struct xp_object *object = xp_object(XP_SEM, semaphore);

	if (!object->known)
		xp_verdict(XP_MISUSE, "%s is used before sem_init, or after "
			"sem_destroy", xp_object_name(object));
	return object;
}

static bool
is_positive(struct xp_op *op)
{
	return op->object->count > 0;
}

/* Takes one from the count, which is positive. */
static int
take(sem_t *semaphore, struct xp_object *object)
{
	object->count--;
	xp_race_acquire(object->clock);
	return __real_sem_trywait(semaphore);
}

/* when: on the wall clock; NULL: for ever. */
static int
wait(sem_t *semaphore, const struct timespec *when)
{
	struct xp_op op = { .kind = XP_SEM_WAIT, .object = shadow(semaphore),
		.ready = is_positive };

	if (when != NULL)
		xp_op_until(&op, CLOCK_REALTIME, when);
	if (xp_step(&op) == XP_TIMED_OUT)
		return xp_fail(ETIMEDOUT);
	return take(semaphore, op.object);
}

int
__wrap_sem_wait(sem_t *semaphore)
{
	return xp_active() ? wait(semaphore, NULL) : __real_sem_wait(semaphore);
}

int
__wrap_sem_timedwait(sem_t *semaphore, const struct timespec *when)
{
	if (!xp_active())
		return __real_sem_timedwait(semaphore, when);
	if (!xp_is_time(when))
		return xp_fail(EINVAL);
	return wait(semaphore, when);
}

/* What needs no waiting; the shadow is looked up again when others ran. */
static struct xp_object *
step(sem_t *semaphore, struct xp_op *op)
{
	op->object = shadow(semaphore);
	(void)xp_step(op);
	return shadow(semaphore);
}

int
__wrap_sem_trywait(sem_t *semaphore)
{
	struct xp_op op = { .kind = XP_TRYLOCK };
	struct xp_object *object;

	if (!xp_active())
		return __real_sem_trywait(semaphore);
	object = step(semaphore, &op);
	if (object->count == 0)
		return xp_fail(EAGAIN);
	op.event->write = true;
	return take(semaphore, object);
}

int
__wrap_sem_post(sem_t *semaphore)
{
	struct xp_op op = { .kind = XP_SEM_POST };
	struct xp_object *object;

	if (!xp_active())
		return __real_sem_post(semaphore);
	object = step(semaphore, &op);
	if (object->count >= SEM_VALUE_MAX)
		return xp_fail(EOVERFLOW);
	xp_race_release(object->clock);
	object->count++;
	(void)__real_sem_post(semaphore);
	xp_pause(object);
	return 0;
}

/* A step, because a program may wait for a value in a loop. */
int
__wrap_sem_getvalue(sem_t *semaphore, int *value)
{
	struct xp_op op = { .kind = XP_YIELD };

	if (!xp_active())
		return __real_sem_getvalue(semaphore, value);
	*value = (int)step(semaphore, &op)->count;
	return 0;
}

int
__wrap_sem_init(sem_t *semaphore, int shared, unsigned value)
{
	int result = __real_sem_init(semaphore, shared, value);

	if (xp_active() && result == 0)
		xp_object_new(XP_SEM, semaphore)->count = value;
	return result;
}

int
__wrap_sem_destroy(sem_t *semaphore)
{
	if (xp_active()) {
		struct xp_object *object = shadow(semaphore);

		if (xp_waiters(object, is_positive) != 0)
			xp_verdict(XP_MISUSE, "%s is destroyed while a "
				"thread waits for it", xp_object_name(object));
		object->known = false;
	}
	return __real_sem_destroy(semaphore);
}

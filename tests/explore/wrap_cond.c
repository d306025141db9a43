/* wrap_cond.c - condition variables */
/* SPDX-License-Identifier: MIT */
/*
 * A wait is three steps, because three things can come between:
 *
 *	XP_WAIT	a signal sent without the mutex may come just before this.
 *		Then the mutex is released and the thread asleep, at once.
 *	XP_WAKE	it sleeps until a signal or broadcast has chosen it, its
 *		deadline has come, or (if the plan says so) for no reason.
 *	XP_LOCK	it is awake and takes the mutex; others may be faster. Who
 *		has timed out is no longer a waiter here: a signal misses it.
 *
 * Which of several sleepers a signal wakes is the strategy's choice. No real
 * condition variable is used: the mutex alone makes the order that a
 * program may rely on.
 */
#define _GNU_SOURCE
#include <errno.h>

#include "inner.h"

int __real_pthread_cond_init(pthread_cond_t *, const pthread_condattr_t *);
int __wrap_pthread_cond_init(pthread_cond_t *, const pthread_condattr_t *);
int __real_pthread_cond_destroy(pthread_cond_t *);
int __wrap_pthread_cond_destroy(pthread_cond_t *);
int __real_pthread_cond_wait(pthread_cond_t *, pthread_mutex_t *);
int __wrap_pthread_cond_wait(pthread_cond_t *, pthread_mutex_t *);
int __real_pthread_cond_timedwait(pthread_cond_t *, pthread_mutex_t *,
	const struct timespec *);
int __wrap_pthread_cond_timedwait(pthread_cond_t *, pthread_mutex_t *,
	const struct timespec *);
int __real_pthread_cond_clockwait(pthread_cond_t *, pthread_mutex_t *,
	clockid_t, const struct timespec *);
int __wrap_pthread_cond_clockwait(pthread_cond_t *, pthread_mutex_t *,
	clockid_t, const struct timespec *);
int __real_pthread_cond_signal(pthread_cond_t *);
int __wrap_pthread_cond_signal(pthread_cond_t *);
int __real_pthread_cond_broadcast(pthread_cond_t *);
int __wrap_pthread_cond_broadcast(pthread_cond_t *);

/* type: the clock of its deadlines. */
static struct xp_object *
shadow(const pthread_cond_t *cond)
{
	struct xp_object *object = xp_object(XP_COND, cond);

	if (!object->known) {
		object->known = true;
		object->type = (int)CLOCK_REALTIME;
	}
	return object;
}

static bool
is_woken(struct xp_op *op)
{
	return op->woken;
}

/* Those who sleep on the condition; a bit each. */
static uint32_t
sleepers(const struct xp_object *cond)
{
	return xp_waiters(cond, is_woken);
}

int
__wrap_pthread_cond_init(pthread_cond_t *cond,
	const pthread_condattr_t *attributes)
{
	clockid_t clock = CLOCK_REALTIME;

	if (xp_active()) {
		if (attributes != NULL)
			pthread_condattr_getclock(attributes, &clock);
		xp_object_new(XP_COND, cond)->type = (int)clock;
	}
	return __real_pthread_cond_init(cond, attributes);
}

int
__wrap_pthread_cond_destroy(pthread_cond_t *cond)
{
	if (xp_active()) {
		struct xp_object *object = shadow(cond);

		if (sleepers(object) != 0)
			xp_verdict(XP_MISUSE, "%s is destroyed while a "
				"thread waits for it", xp_object_name(object));
		xp_object_end(object);
	}
	if (__real_pthread_cond_destroy(cond) != 0)
		return EBUSY;
	xp_object_bury(cond, sizeof(*cond));
	return 0;
}

/* when: on that clock; NULL: for ever. */
static int
wait(pthread_cond_t *cond, pthread_mutex_t *mutex, clockid_t clock,
	const struct timespec *when)
{
	struct xp_object *object = shadow(cond);
	struct xp_op op = { .kind = XP_WAKE, .object = object,
		.ready = is_woken };
	enum xp_outcome outcome;

	xp_simple_step(XP_WAIT, object, 0);
	if (when != NULL)
		xp_op_until(&op, clock, when);
	(void)xp_mutex_leave(mutex);
	outcome = xp_step(&op);
	xp_mutex_enter(mutex);
	return outcome == XP_TIMED_OUT ? ETIMEDOUT : 0;
}

int
__wrap_pthread_cond_wait(pthread_cond_t *cond, pthread_mutex_t *mutex)
{
	return xp_active() ? wait(cond, mutex, 0, NULL) :
		__real_pthread_cond_wait(cond, mutex);
}

int
__wrap_pthread_cond_timedwait(pthread_cond_t *cond, pthread_mutex_t *mutex,
	const struct timespec *when)
{
	if (!xp_active())
		return __real_pthread_cond_timedwait(cond, mutex, when);
	if (!xp_is_time(when))
		return EINVAL;
	return wait(cond, mutex, (clockid_t)shadow(cond)->type, when);
}

int
__wrap_pthread_cond_clockwait(pthread_cond_t *cond, pthread_mutex_t *mutex,
	clockid_t clock, const struct timespec *when)
{
	if (!xp_active())
		return __real_pthread_cond_clockwait(cond, mutex, clock,
			when);
	if (!xp_is_time(when))
		return EINVAL;
	return wait(cond, mutex, clock, when);
}

int
__wrap_pthread_cond_signal(pthread_cond_t *cond)
{
	struct xp_op op = { .kind = XP_SIGNAL };
	struct xp_thread *chosen;
	uint32_t waiters;

	if (!xp_active())
		return __real_pthread_cond_signal(cond);
	op.object = shadow(cond);
	(void)xp_step(&op);
	op.object = shadow(cond);	/* it may have been destroyed */
	waiters = sleepers(op.object);
	op.event->waiters = waiters;
	if (waiters == 0)
		return 0;
	chosen = xp_strategy_waiter(waiters);
	op.event->woke = (uint8_t)(chosen->number + 1);
	chosen->op->woken = true;
	xp_pause(op.object);
	return 0;
}

int
__wrap_pthread_cond_broadcast(pthread_cond_t *cond)
{
	struct xp_op op = { .kind = XP_BROADCAST };
	uint32_t waiters;

	if (!xp_active())
		return __real_pthread_cond_broadcast(cond);
	op.object = shadow(cond);
	(void)xp_step(&op);
	op.object = shadow(cond);	/* it may have been destroyed */
	waiters = sleepers(op.object);
	op.event->waiters = waiters;
	for (; waiters != 0; waiters &= waiters - 1)
		xp_threads[__builtin_ctz(waiters)].op->woken = true;
	xp_pause(op.object);
	return 0;
}

/* wrap_barrier.c - barriers */
/* SPDX-License-Identifier: MIT */
/*
 * To meet at a barrier takes two steps: to arrive (data 0), and, unless one
 * is the last, to leave (data 1) when the last has arrived. The last one is
 * the one who gets PTHREAD_BARRIER_SERIAL_THREAD.
 *
 * Each one's past is collected as it arrives, and the last hands the whole to
 * every waiting thread and begins anew. So who leaves late is ordered after
 * this meeting only, and not after what the fast do on the way to the next.
 * A waiting thread has on its own stack all that it needs to leave: the
 * barrier may be destroyed as soon as the meeting is complete.
 *
 * No real barrier is waited at. ThreadSanitizer is told of the order by the
 * two functions of its run-time library that are made for that.
 */
#define _GNU_SOURCE
#include <string.h>

#include "inner.h"

int __real_pthread_barrier_init(pthread_barrier_t *,
	const pthread_barrierattr_t *, unsigned);
int __wrap_pthread_barrier_init(pthread_barrier_t *,
	const pthread_barrierattr_t *, unsigned);
int __real_pthread_barrier_destroy(pthread_barrier_t *);
int __wrap_pthread_barrier_destroy(pthread_barrier_t *);
int __real_pthread_barrier_wait(pthread_barrier_t *);
int __wrap_pthread_barrier_wait(pthread_barrier_t *);

void __tsan_acquire(void *address);
void __tsan_release(void *address);
#pragma weak __tsan_acquire
#pragma weak __tsan_release

struct stay {				/* of a thread, at a barrier */
	struct xp_op op;		/* first: is_complete is given it */
	uint32_t clock[XP_THREADS];	/* the past of all who have met */
};

/* limit: how many must meet; count: how many have arrived. */
static struct xp_object *
shadow(const pthread_barrier_t *barrier)
{
	struct xp_object *object = xp_object(XP_BARRIER_OBJECT, barrier);

	if (!object->known)
		xp_verdict(XP_MISUSE, "%s is used before it is initialised, "
			"or after it was destroyed", xp_object_name(object));
	return object;
}

static bool
is_complete(struct xp_op *op)
{
	return op->woken;
}

/* The last has arrived: lets the others leave. */
static void
complete(struct xp_object *object)
{
	uint32_t waiters = xp_waiters(object, is_complete);

	for (; waiters != 0; waiters &= waiters - 1) {
		struct xp_op *op = xp_threads[__builtin_ctz(waiters)].op;
		struct stay *stay = (struct stay *)op;

		memcpy(stay->clock, object->clock, sizeof(stay->clock));
		op->woken = true;
	}
	xp_race_acquire(object->clock);
	memset(object->clock, 0, sizeof(object->clock));
	object->count = 0;
}

static void
await_others(struct xp_object *object)
{
	struct stay stay = { .op = { .kind = XP_BARRIER, .object = object,
		.ready = is_complete, .data = 1 } };

	(void)xp_step(&stay.op);
	xp_race_acquire(stay.clock);
}

int
__wrap_pthread_barrier_wait(pthread_barrier_t *barrier)
{
	struct xp_object *object;
	bool last;

	if (!xp_active())
		return __real_pthread_barrier_wait(barrier);
	xp_simple_step(XP_BARRIER, shadow(barrier), 0);
	object = shadow(barrier);	/* again: others have run since */
	if (__tsan_release != NULL)
		__tsan_release(barrier);
	xp_race_release(object->clock);
	last = ++object->count == object->limit;
	if (last)
		complete(object);
	else
		await_others(object);
	if (__tsan_acquire != NULL)
		__tsan_acquire(barrier);
	return last ? PTHREAD_BARRIER_SERIAL_THREAD : 0;
}

int
__wrap_pthread_barrier_init(pthread_barrier_t *barrier,
	const pthread_barrierattr_t *attributes, unsigned count)
{
	int error = __real_pthread_barrier_init(barrier, attributes, count);

	if (xp_active() && error == 0)
		xp_object_new(XP_BARRIER_OBJECT, barrier)->limit = count;
	return error;
}

int
__wrap_pthread_barrier_destroy(pthread_barrier_t *barrier)
{
	if (xp_active()) {
		struct xp_object *object = shadow(barrier);

		if (object->count > 0)
			xp_verdict(XP_MISUSE, "%s is destroyed while a "
				"thread waits at it", xp_object_name(object));
		object->known = false;
	}
	return __real_pthread_barrier_destroy(barrier);
}

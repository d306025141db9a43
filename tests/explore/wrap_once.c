/* wrap_once.c - what runs once: pthread_once */
/* SPDX-License-Identifier: MIT */
/*
 * The first to come runs the routine, step by step like everything else; who
 * comes meanwhile waits until it is done. The end of the routine is a step
 * too, since it lets the others go on.
 *
 * The real pthread_once does the running. By the time anybody else calls the
 * real one, it has nothing left to do: it never blocks, and sanitizers see
 * that the routine comes before every return.
 *
 * A routine that comes back to its own pthread_once waits for itself: a
 * deadlock, as with glibc.
 */
#define _GNU_SOURCE
#include "inner.h"

int __real_pthread_once(pthread_once_t *, void (*)(void));
int __wrap_pthread_once(pthread_once_t *, void (*)(void));

enum { NEW, RUNS, DONE };		/* phase of the object */

static bool
is_quiet(struct xp_op *op)
{
	return op->object->phase != RUNS;
}

int
__wrap_pthread_once(pthread_once_t *once, void (*routine)(void))
{
	struct xp_op op = { .kind = XP_ONCE, .ready = is_quiet };
	struct xp_object *object;
	int error;

	if (!xp_active())
		return __real_pthread_once(once, routine);
	object = op.object = xp_object(XP_ONCE_OBJECT, once);
	(void)xp_step(&op);
	if (object->phase == DONE) {
		xp_race_acquire(object->clock);
		return __real_pthread_once(once, routine);
	}
	object->phase = RUNS;
	object->owner = xp_self;
	error = __real_pthread_once(once, routine);
	xp_race_release(object->clock);
	object->phase = DONE;
	object->owner = NULL;
	xp_simple_step(XP_ONCE, object, 1);
	return error;
}

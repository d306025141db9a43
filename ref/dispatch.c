/* dispatch.c - due times, and the one thread that waits for them */
/* SPDX-License-Identifier: MIT */
/*
 * The dispatcher is one thread for the process, started when the first due
 * time needs it. It sleeps until the earliest due time, and has the owner
 * act on it. It never runs application code.
 *
 * Interface: tp_waitable_lock, tp_dispatcher_start, tp_due_set_locked,
 * tp_due_cancel_locked.
 *
 * Two heaps, since two clocks move independently: a relative due time is of
 * the steady clock, an absolute one of the system clock, and follows its
 * steps (TIMER-27, -28). While an absolute one is set the dispatcher sleeps
 * a second at most, so that it notices a step.
 *
 * Expiring is one step under tp_waitable_lock: taken out of the heap and
 * acted upon. Whoever cancels a due time under the same lock therefore
 * knows that it will not come any more, or has come completely, but for what
 * it has asked to be done when the lock is dropped.
 *
 * Locks: tp_waitable_lock guards the heaps here and the state of every
 * kernel object; a pool lock may be taken under it.
 */
#include "pool.h"

#define STEP_CHECK	(1000 * TP_MS)

struct tp_mutex tp_waitable_lock = TP_MUTEX_INIT(TP_RANK_WAITABLE);

/* Guarded by tp_waitable_lock. */
static struct tp_heap due_times[2];	/* by due->absolute */
static struct tp_cond earlier;		/* an earlier due time was set */

/* Guarded by birth. */
static struct tp_mutex birth = TP_MUTEX_INIT(TP_RANK_BIRTH);
static bool started;

/* The due time of one clock that has come, or NULL. */
static struct tp_due *
come_locked(bool absolute, tp_time now)
{
	struct tp_heap_node *node = tp_heap_first(&due_times[absolute]);

	if (node == NULL || node->due > now)
		return NULL;
	return tp_container(node, struct tp_due, node);
}

/* When to look again, by tp_now. */
static tp_time
next_look_locked(tp_time now, tp_time wall)
{
	struct tp_heap_node *relative = tp_heap_first(&due_times[false]);
	struct tp_heap_node *absolute = tp_heap_first(&due_times[true]);
	tp_time next = relative != NULL ? relative->due : TP_FOREVER;

	if (absolute != NULL) {
		tp_time rest = absolute->due - wall;

		if (rest > STEP_CHECK)
			rest = STEP_CHECK;
		if (now + rest < next)
			next = now + rest;
	}
	return next;
}

/* The body of the dispatcher thread. */
static void *
dispatch(void *unused)
{
	(void)unused;
	tp_thread_name("tp-dispatch");
	tp_thread_is("dispatcher", TP_ONLY_ONE);
	tp_lock(&tp_waitable_lock);
	for (;;) {
		tp_time now = tp_now(), wall = tp_wall();
		struct tp_due *due = come_locked(false, now);

		if (due == NULL)
			due = come_locked(true, wall);
		if (due == NULL) {
			(void)tp_cond_wait_until(&earlier,
				&tp_waitable_lock,
				next_look_locked(now, wall));
			continue;
		}
		tp_heap_remove(&due_times[due->absolute], &due->node);
		tp_trace(TP_EVENT_EXPIRY);
		due->expire(due);
		tp_waitable_unlock();
		tp_lock(&tp_waitable_lock);
	}
	return NULL;
}

/*
 * Starts the dispatcher, unless it runs.
 *
 * Fails: ERROR_NOT_ENOUGH_MEMORY; the next call tries again.
 * Locks: waits for another thread that is starting it.
 */
DWORD
tp_dispatcher_start(void)
{
	DWORD error = 0;

	tp_lock(&birth);
	if (!started) {
		tp_trace_open();
		tp_cond_init(&earlier);
		error = tp_thread_start(dispatch, NULL, 0);
		started = error == 0;
		if (!started)
			tp_cond_destroy(&earlier);
	}
	tp_unlock(&birth);
	return error;
}

/*
 * Sets a due time, in place of the one it had. The dispatcher has been
 * started.
 *
 * when: ticks of tp_wall if absolute, of tp_now if not.
 */
void
tp_due_set_locked(struct tp_due *due, tp_time when, bool absolute)
{
	tp_assert_held(&tp_waitable_lock);
	tp_due_cancel_locked(due);
	due->absolute = absolute;
	tp_heap_insert(&due_times[absolute], &due->node, when);
	if (tp_heap_first(&due_times[absolute]) == &due->node)
		tp_cond_signal(&earlier);
}

/* The due time will not come any more; harmless if none is set. */
void
tp_due_cancel_locked(struct tp_due *due)
{
	tp_assert_held(&tp_waitable_lock);
	tp_heap_remove(&due_times[due->absolute], &due->node);
}

/* due.c - due times: which of them has come, and which comes next */
/* SPDX-License-Identifier: MIT */
/*
 * Two heaps, since two clocks move independently: a relative due time is of
 * the steady clock, an absolute one of the system clock, and follows its
 * steps (TIMER-27, -28). While an absolute one is set the dispatcher sleeps
 * a second at most, so that it notices a step.
 *
 * A due time may have a window, by which it may be late. The heaps are
 * ordered by the end of it. So the dispatcher sleeps as long as it may, and
 * when it wakes up it serves not only the first, but those that follow as
 * long as their windows have begun: one wake-up for all of them (TIMER-25).
 *
 * Expiring is one step under tp_waitable_lock: taken out of the heap and
 * acted upon. Whoever cancels a due time under the same lock therefore
 * knows that it will not come any more, or has come completely, but for what
 * it has asked to be done when the lock is dropped.
 *
 * Interface: tp_due_set_locked, tp_due_cancel_locked; for the dispatcher,
 * tp_due_serve_locked and tp_due_next_look_locked; what the due times of
 * the API mean: tp_due_time, tp_due_next, tp_due_has_come.
 *
 * Locks: tp_waitable_lock guards the heaps.
 */
#include "dispatch.h"
#include "trace.h"

#define STEP_CHECK	(1000 * TP_MS)
#define BATCH		64		/* due times under one lock */

/* Guarded by tp_waitable_lock. */
static struct tp_heap due_times[2];	/* by due->absolute */

/* What the dispatcher found first when it last looked: it sleeps for that. */
static tp_time awaited[2] = { TP_FOREVER, TP_FOREVER };

static struct tp_due *
first_locked(bool absolute)
{
	struct tp_heap_node *node = tp_heap_first(&due_times[absolute]);

	return node == NULL ? NULL : tp_container(node, struct tp_due, node);
}

/* Has the due time come, at these times of the two clocks? */
static bool
has_come(const struct tp_due *due, tp_time now, tp_time wall)
{
	return due != NULL && due->when <= (due->absolute ? wall : now);
}

/*
 * Acts on due times that have come, so many at most that others get the
 * lock in between. False: there were none.
 */
bool
tp_due_serve_locked(tp_time now, tp_time wall)
{
	unsigned served;

	tp_assert_held(&tp_waitable_lock);
	for (served = 0; served < BATCH; served++) {
		struct tp_due *due = first_locked(false);

		if (!has_come(due, now, wall))
			due = first_locked(true);
		if (!has_come(due, now, wall))
			break;
		tp_due_cancel_locked(due);
		tp_trace(TP_EVENT_EXPIRY);
		due->expire(due);
	}
	return served > 0;
}

/*
 * When the dispatcher must look again, by tp_now: when a window ends. It is
 * woken earlier only for what has to be served before that.
 */
tp_time
tp_due_next_look_locked(tp_time now, tp_time wall)
{
	struct tp_due *relative = first_locked(false);
	struct tp_due *absolute = first_locked(true);
	tp_time next = relative != NULL ? relative->node.due : TP_FOREVER;

	tp_assert_held(&tp_waitable_lock);
	awaited[false] = next;
	awaited[true] = absolute != NULL ? absolute->node.due : TP_FOREVER;
	if (absolute != NULL) {
		tp_time rest = absolute->node.due - wall;

		if (rest > STEP_CHECK)
			rest = STEP_CHECK;
		if (now + rest < next)
			next = now + rest;
	}
	return next;
}

/*
 * Sets a due time, in place of the one it had. The dispatcher has been
 * started.
 *
 * when: ticks of tp_wall if absolute, of tp_now if not.
 * window: ticks by which it may be served later; 0: as soon as possible.
 */
void
tp_due_set_locked(struct tp_due *due, tp_time when, tp_time window,
	bool absolute)
{
	tp_assert_held(&tp_waitable_lock);
	tp_due_cancel_locked(due);
	due->when = when;
	due->absolute = absolute;
	tp_heap_insert(&due_times[absolute], &due->node,
		tp_time_after(when, window));
	if (first_locked(absolute) == due &&
	    due->node.due < awaited[absolute])
		tp_dispatcher_wake_locked();
}

/* The due time will not come any more; harmless if none is set. */
void
tp_due_cancel_locked(struct tp_due *due)
{
	tp_assert_held(&tp_waitable_lock);
	tp_heap_remove(&due_times[due->absolute], &due->node);
}

/* Has the due time come, or passed? */
bool
tp_due_has_come(const struct tp_due *due)
{
	return due->when <= (due->absolute ? tp_wall() : tp_now());
}

/*
 * What a due time of the API means.
 *
 * due: ticks; positive: since 1601, by the system clock; else its opposite
 * from now on.
 * absolute: receives which clock the result is of.
 */
tp_time
tp_due_time(int64_t due, bool *absolute)
{
	*absolute = due > 0;
	if (due > 0)
		return due;
	/* One number has no opposite. */
	return tp_time_after(tp_now(),
		due == INT64_MIN ? TP_FOREVER : -due);
}

/*
 * The next due time of something periodic that has just expired, by tp_now:
 * a whole number of periods after the last, so that it does not drift, and
 * later than now. Periods that passed meanwhile are left out. After an
 * absolute due time the periods are of the steady clock, from now on.
 *
 * period: ticks, not 0.
 * Source: TIMER-22, -23, -29.
 */
tp_time
tp_due_next(const struct tp_due *due, tp_time period)
{
	tp_time now = tp_now(), last = due->absolute ? now : due->when;

	return last + ((now - last) / period + 1) * period;
}

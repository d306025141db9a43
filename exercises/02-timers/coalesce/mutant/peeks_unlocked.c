/* peeks_unlocked.c - a mutant: looks without the lock whether more has come */
/* SPDX-License-Identifier: MIT */
/*
 * check: timers_keep_their_windows
 * message: nothing orders the two
 * stage: race
 */
#include "dispatch.h"

#define STEP_CHECK (1000 * TP_MS)

static struct tp_heap heaps[2];		/* by due->absolute */

static struct tp_due *
first_locked(bool absolute)
{
	struct tp_heap_node *node = tp_heap_first(&heaps[absolute]);

	return node == NULL ? NULL : tp_container(node, struct tp_due, node);
}

void
tp_due_set_locked(struct tp_due *due, tp_time when, tp_time window,
	bool absolute)
{
	tp_due_cancel_locked(due);
	due->when = when;
	due->absolute = absolute;
	tp_heap_insert(&heaps[absolute], &due->node,
		tp_time_after(when, window));
	if (first_locked(absolute) == due)
		tp_dispatcher_wake_locked();
}

void
tp_due_cancel_locked(struct tp_due *due)
{
	tp_heap_remove(&heaps[due->absolute], &due->node);
}

static bool
serve_clock_locked(bool absolute, tp_time time)
{
	struct tp_due *due = first_locked(absolute);

	if (due == NULL || due->when > time)
		return false;
	tp_due_cancel_locked(due);
	due->expire(due);
	return true;
}

bool
tp_due_serve_locked(tp_time now, tp_time wall)
{
	bool served;

	tp_unlock(&tp_waitable_lock);
	served = heaps[false].first != NULL;
	tp_lock(&tp_waitable_lock);
	served = served && serve_clock_locked(false, now);

	return serve_clock_locked(true, wall) || served;
}

tp_time
tp_due_next_look_locked(tp_time now, tp_time wall)
{
	struct tp_due *relative = first_locked(false);
	struct tp_due *absolute = first_locked(true);
	tp_time next = relative != NULL ? relative->node.due : TP_FOREVER;
	tp_time rest = STEP_CHECK;

	if (absolute == NULL)
		return next;
	if (absolute->node.due - wall < rest)
		rest = absolute->node.due - wall;
	return now + rest < next ? now + rest : next;
}

tp_time
tp_due_next(const struct tp_due *due, tp_time period)
{
	tp_time now = tp_now(), last = due->absolute ? now : due->when;

	return last + ((now - last) / period + 1) * period;
}

bool
tp_due_has_come(const struct tp_due *due)
{
	return due->when <= (due->absolute ? tp_wall() : tp_now());
}

tp_time
tp_due_time(int64_t due, bool *absolute)
{
	*absolute = due > 0;
	if (due > 0)
		return due;
	return tp_time_after(tp_now(), due == INT64_MIN ? TP_FOREVER : -due);
}

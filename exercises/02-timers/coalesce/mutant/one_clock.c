/* one_clock.c - a mutant: keeps both clocks in one heap */
/* SPDX-License-Identifier: MIT */
/*
 * check: the_system_clock_moves_its_own_due_times_only
 * message: for more than a second
 */
#include "dispatch.h"

#define STEP_CHECK (1000 * TP_MS)

static struct tp_heap heap;

static struct tp_due *
first_locked(void)
{
	struct tp_heap_node *node = tp_heap_first(&heap);

	return node == NULL ? NULL : tp_container(node, struct tp_due, node);
}

void
tp_due_set_locked(struct tp_due *due, tp_time when, tp_time window,
	bool absolute)
{
	tp_due_cancel_locked(due);
	due->when = when;
	due->absolute = absolute;
	tp_heap_insert(&heap, &due->node,
		tp_time_after(when, window));
	if (first_locked() == due)
		tp_dispatcher_wake_locked();
}

void
tp_due_cancel_locked(struct tp_due *due)
{
	tp_heap_remove(&heap, &due->node);
}

static bool
serve_first_locked(tp_time now, tp_time wall)
{
	struct tp_due *due = first_locked();

	if (due == NULL || due->when > (due->absolute ? wall : now))
		return false;
	tp_due_cancel_locked(due);
	due->expire(due);
	return true;
}

bool
tp_due_serve_locked(tp_time now, tp_time wall)
{
	return serve_first_locked(now, wall);
}

tp_time
tp_due_next_look_locked(tp_time now, tp_time wall)
{
	struct tp_due *first = first_locked();
	tp_time rest;

	if (first == NULL)
		return TP_FOREVER;
	if (!first->absolute)
		return first->node.due;
	rest = first->node.due - wall;
	return now + (rest < STEP_CHECK ? rest : STEP_CHECK);
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

/* one_list.c - right: one list of everything, ordered by the beginnings */
/* SPDX-License-Identifier: MIT */
/*
 * Both clocks in one list, each in its own numbers: a walk looks at all, so
 * it does not matter how they lie to each other. Serving begins at the front
 * again after each call of expire, which may have changed the list.
 *
 * The dispatcher is woken only if it sleeps longer than the new one allows;
 * until when it sleeps is remembered.
 */
#include "dispatch.h"

#define STEP_CHECK (1000 * TP_MS)

static struct tp_heap_node *list;	/* by node.next; ordered by when */
static tp_time asleep_until = TP_FOREVER;

static struct tp_due *
due_of(struct tp_heap_node *node)
{
	return tp_container(node, struct tp_due, node);
}

/* The last tick of the steady clock at which it must be served. */
static tp_time
latest(const struct tp_due *due, tp_time now, tp_time wall)
{
	tp_time rest = due->node.due - wall;

	if (!due->absolute)
		return due->node.due;
	return now + (rest < STEP_CHECK ? rest : STEP_CHECK);
}

void
tp_due_set_locked(struct tp_due *due, tp_time when, tp_time window,
	bool absolute)
{
	struct tp_heap_node **link = &list;

	tp_due_cancel_locked(due);
	due->when = when;
	due->absolute = absolute;
	due->node.due = tp_time_after(when, window);
	while (*link != NULL && due_of(*link)->when <= when)
		link = &(*link)->next;
	due->node.next = *link;
	due->node.link = link;
	if (*link != NULL)
		(*link)->link = &due->node.next;
	*link = &due->node;
	if (absolute || due->node.due < asleep_until)
		tp_dispatcher_wake_locked();
}

void
tp_due_cancel_locked(struct tp_due *due)
{
	if (due->node.link == NULL)
		return;
	*due->node.link = due->node.next;
	if (due->node.next != NULL)
		due->node.next->link = due->node.link;
	due->node.link = NULL;
}

static struct tp_due *
first_come_locked(tp_time now, tp_time wall)
{
	struct tp_heap_node *node = list;

	while (node != NULL &&
	    due_of(node)->when > (due_of(node)->absolute ? wall : now))
		node = node->next;
	return node == NULL ? NULL : due_of(node);
}

bool
tp_due_serve_locked(tp_time now, tp_time wall)
{
	struct tp_due *due;
	unsigned served = 0;

	while (served < 64 &&
	    (due = first_come_locked(now, wall)) != NULL) {
		tp_due_cancel_locked(due);
		due->expire(due);
		served++;
	}
	return served > 0;
}

tp_time
tp_due_next_look_locked(tp_time now, tp_time wall)
{
	struct tp_heap_node *node;

	asleep_until = TP_FOREVER;
	for (node = list; node != NULL; node = node->next)
		if (latest(due_of(node), now, wall) < asleep_until)
			asleep_until = latest(due_of(node), now, wall);
	return asleep_until;
}

tp_time
tp_due_next(const struct tp_due *due, tp_time period)
{
	tp_time now = tp_now();

	if (due->absolute)
		return now + period;
	if (due->when > now)
		return due->when + period;
	return now + period - (now - due->when) % period;
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

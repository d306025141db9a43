/* show_due.c - the dump of due times, in the order in which they come */
/* SPDX-License-Identifier: MIT */
/*
 * Due times are shown as the dispatcher will serve them: by the ends of their
 * windows, those of the steady clock before those of the system's. The heaps
 * in due.c know that order only by giving up one after the other, and there
 * may be no memory for a list. So the objects are gone through again and
 * again, and each time the next few are shown.
 *
 * Interface: tp_show_due_times.
 *
 * Locks: see show.h; tp_waitable_lock for all of it. An object that has a
 * due time is not freed while that is held.
 */
#include <inttypes.h>

#include "show.h"

#define BATCH		32	/* due times between two looks */
#define LINES_MAX	1000	/* that are shown at most */

/* The next few due times of one clock, in order. */
struct coming {
	bool absolute;			/* the clock: the system's */
	struct tp_object *last;		/* shown; NULL: none yet */
	struct tp_object *next[BATCH];
	unsigned count;
};

/* Does a come before b? */
static bool
earlier(struct tp_object *a, struct tp_object *b)
{
	const struct tp_heap_node *one = &tp_due_of(a)->node;
	const struct tp_heap_node *other = &tp_due_of(b)->node;

	if (one->due != other->due)
		return one->due < other->due;
	return one->sequence < other->sequence;
}

static void
insert(struct coming *coming, struct tp_object *object)
{
	unsigned i = coming->count;

	if (i == BATCH && !earlier(object, coming->next[BATCH - 1]))
		return;
	if (i == BATCH)
		i--;
	else
		coming->count++;
	for (; i > 0 && earlier(object, coming->next[i - 1]); i--)
		coming->next[i] = coming->next[i - 1];
	coming->next[i] = object;
}

/* Belongs the object to what was asked for? */
static bool
belongs(struct tp_show *show, const struct tp_object *object)
{
	bool itself = tp_is_asked_for(show, object);
	bool by_pool = tp_is_asked_for(show, object->pool);

	return itself || by_pool || (object->group != NULL &&
		tp_is_asked_for(show, object->group));
}

/* Sorts in what comes after the last one that has been shown. */
static void
visit_timer(struct tp_show *show, struct tp_list *node)
{
	struct tp_object *object =
		tp_container(node, struct tp_object, bound);
	const struct tp_due *due = tp_due_of(object);
	struct coming *coming = show->walk;

	if (!belongs(show, object) || due == NULL ||
	    !tp_heap_contains(&due->node) ||
	    due->absolute != coming->absolute)
		return;
	if (coming->last == NULL || earlier(coming->last, object))
		insert(coming, object);
}

static void
visit_pool(struct tp_show *show, TP_POOL *pool)
{
	(void)tp_is_asked_for(show, pool);
	tp_show_list(show, &pool->bound, visit_timer);
}

static void
show_due_time(struct tp_show *show, struct tp_object *object)
{
	const struct tp_due *due = tp_due_of(object);
	char name[TP_NAME_SIZE], pool[TP_NAME_SIZE];

	tp_show_object_name(show, name, object);
	tp_show_label(show, pool, &object->pool->label);
	if ((show->flags & TP_SHOW_LINE) != 0)
		tp_say_name(show, 0, name);
	else {
		tp_say(show, "%s\n", name);
		tp_say_name(show, 1, "comes");
	}
	tp_say_time(show, due->when, due->absolute);
	tp_say(show, ", by the %s clock, to %s\n",
		due->absolute ? "system" : "steady", pool);
	if ((show->flags & TP_SHOW_MEMBERS) != 0) {
		tp_say_name(show, 1, "window");
		tp_say(show, "%" PRId64 " ms\n",
			(due->node.due - due->when) / TP_MS);
		tp_show_object_members(show, object);
	}
	show->shown++;
}

static void
show_coming(struct tp_show *show, bool absolute)
{
	struct coming coming = { .absolute = absolute };

	show->walk = &coming;
	do {
		coming.count = 0;
		tp_show_pools(show, visit_pool);
		for (unsigned i = 0; i < coming.count; i++)
			show_due_time(show, coming.next[i]);
		if (coming.count > 0)
			coming.last = coming.next[coming.count - 1];
	} while (coming.count == BATCH && show->shown < LINES_MAX);
	if (coming.count == BATCH)
		tp_say(show, "and more\n");
}

/* All that is due. An address: of one object, pool, group or queue. */
void
tp_show_due_times(struct tp_show *show)
{
	show_coming(show, false);
	show_coming(show, true);
}

/* show_object.c - the dump of callback objects */
/* SPDX-License-Identifier: MIT */
/*
 * In one line an object is its counters. Its members add what it was made
 * with, and what will post it: a due time, a kernel object. An I/O object has
 * more to come while requests are announced or under way.
 *
 * Interface: tp_show_object, tp_show_objects_of and, by kind,
 * tp_show_timers_of, tp_show_wait_objects_of, tp_show_work_of; tp_due_of and
 * tp_target_of find what posts an object.
 *
 * Locks: see show.h. Members need tp_waitable_lock.
 */
#include <inttypes.h>
#include <string.h>

#include "show.h"

static const char *const priorities[TP_CALLBACK_PRIORITY_COUNT] = {
	[TP_CALLBACK_PRIORITY_HIGH] = "high",
	[TP_CALLBACK_PRIORITY_NORMAL] = "normal",
	[TP_CALLBACK_PRIORITY_LOW] = "low"
};

/* The due time that posts the object; NULL: no time does. */
struct tp_due *
tp_due_of(struct tp_object *object)
{
	size_t offset = object->ops->due;

	return offset == 0 ? NULL : (void *)((char *)object + offset);
}

/* The wait that posts it; NULL: it never waits. */
struct tp_target *
tp_target_of(struct tp_object *object)
{
	size_t offset = object->ops->target;

	return offset == 0 ? NULL : (void *)((char *)object + offset);
}

static void
show_counters(struct tp_show *show, const struct tp_object *object)
{
	bool more = object->ops->busy != NULL && object->ops->busy(object);

	tp_say(show, "pending %u, running %u, associated %u, refs %u, "
		"waiters %u%s\n", object->pending, object->running,
		object->associated, object->refs,
		tp_count(&object->waiters) + (object->idler != NULL),
		more ? ", more to come" : "");
}

/* What it was made with. */
static void
show_settings(struct tp_show *show, struct tp_object *object)
{
	tp_say_name(show, 1, "address");
	tp_say(show, "0x%" PRIxPTR "\n", (uintptr_t)object);
#if TP_CHECK
	tp_say_name(show, 1, "function");
	tp_say(show, "0x%" PRIxPTR "\n", (uintptr_t)object->code);
#endif
	tp_say_name(show, 1, "context");
	tp_say(show, "0x%" PRIxPTR "\n", (uintptr_t)object->context);
	tp_say_name(show, 1, "group");
	tp_say(show, "0x%" PRIxPTR "\n", (uintptr_t)object->group);
	tp_say_name(show, 1, "library");
	tp_say(show, "0x%" PRIxPTR "\n", (uintptr_t)object->library);
	tp_say_name(show, 1, "priority");
	tp_say(show, "%s%s%s\n", object->priority <
		TP_CALLBACK_PRIORITY_COUNT ? priorities[object->priority] :
		"?", object->runs_long ? ", runs long" : "",
		object->persistent ? ", persistent" : "");
}

/* What will post it. */
static void
show_triggers(struct tp_show *show, struct tp_object *object)
{
	const struct tp_due *due = tp_due_of(object);
	const struct tp_target *target = tp_target_of(object);

	if (target != NULL) {
		tp_say_name(show, 1, "waits for");
		if (target->block.object != NULL)
			tp_show_target(show, object);
		tp_say(show, target->block.object == NULL ? "nothing\n" :
			"\n");
	}
	if (due != NULL) {
		tp_say_name(show, 1, target != NULL ? "time-out" : "due");
		if (tp_heap_contains(&due->node))
			tp_say_time(show, due->when, due->absolute);
		tp_say(show, tp_heap_contains(&due->node) ? "\n" :
			"no time set\n");
	}
}

void
tp_show_object_members(struct tp_show *show, struct tp_object *object)
{
	char pool[TP_NAME_SIZE];

	tp_show_label(show, pool, &object->pool->label);
	tp_say_name(show, 1, "pool");
	tp_say(show, "%s\n", pool);
	show_settings(show, object);
	tp_say_name(show, 1, "callbacks");
	show_counters(show, object);
	tp_say_name(show, 1, "posted");
	tp_say(show, "%lu\n", object->posted);
	show_triggers(show, object);
}

/* depth 1: as a member of its pool. */
void
tp_show_object(struct tp_show *show, unsigned depth,
	struct tp_object *object, unsigned flags)
{
	char name[TP_NAME_SIZE];

	tp_show_object_name(show, name, object);
	if ((flags & TP_SHOW_LINE) != 0) {
		tp_say_name(show, depth, name);
		tp_say(show, "%s ", object->closed ? "closed" : "open  ");
		show_counters(show, object);
	} else {
		tp_say(show, "%s\n", name);
	}
	if ((flags & TP_SHOW_MEMBERS) != 0)
		tp_show_object_members(show, object);
	show->shown++;
}

/* ---- The objects of a pool, by kind ---- */

static bool
is_timer(const struct tp_object *object)
{
	return object->ops->due != 0 && object->ops->target == 0;
}

static bool
is_wait(const struct tp_object *object)
{
	return object->ops->target != 0;
}

/* What is posted by the program, and by nothing else. */
static bool
is_work(const struct tp_object *object)
{
	static const char *const kinds[] = {
		"work", "simple callback", "work item"
	};

	for (unsigned i = 0; i < sizeof(kinds) / sizeof(*kinds); i++)
		if (strcmp(object->ops->kind, kinds[i]) == 0)
			return true;
	return false;
}

static bool
is_object(const struct tp_object *object)
{
	(void)object;
	return true;
}

static void
show_those(struct tp_show *show, TP_POOL *pool,
	bool (*is_one)(const struct tp_object *object))
{
	unsigned count = 0;

	for (struct tp_list *node = pool->bound.next; node != &pool->bound &&
	     count < TP_SHOW_MAX; node = node->next, count++) {
		struct tp_object *object =
			tp_container(node, struct tp_object, bound);

		if (is_one(object) && tp_is_asked_for(show, object))
			tp_show_object(show, 0, object, show->flags);
	}
}

void
tp_show_objects_of(struct tp_show *show, TP_POOL *pool)
{
	show_those(show, pool, is_object);
}

void
tp_show_timers_of(struct tp_show *show, TP_POOL *pool)
{
	show_those(show, pool, is_timer);
}

void
tp_show_wait_objects_of(struct tp_show *show, TP_POOL *pool)
{
	show_those(show, pool, is_wait);
}

void
tp_show_work_of(struct tp_show *show, TP_POOL *pool)
{
	show_those(show, pool, is_work);
}

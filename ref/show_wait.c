/* show_wait.c - the dump of those who wait */
/* SPDX-License-Identifier: MIT */
/*
 * Three kinds of waiters: threads that sleep until kernel objects are
 * signalled (multiwait.c), threads that sleep until callbacks are over
 * (struct tp_waiting), and wait objects, which need no thread (target.c).
 *
 * An address is that of a wait object, or of an object that threads wait for;
 * or it is the handle of a kernel object.
 *
 * Interface: tp_show_waiters, tp_show_target.
 *
 * Locks: see show.h; tp_waitable_lock for all of it. A kernel object that is
 * waited for is not freed while that is held.
 */
#include "show.h"

#define NAMED		4	/* kernel objects in a line */

/* ---- Kernel objects ---- */

static void
say_kernel_object(struct tp_show *show, struct tp_waitable *object)
{
	char name[TP_NAME_SIZE];

	tp_show_name(show, name, object->kind->name, &object->number);
	tp_say(show, "%s", name);
	if (object->name != NULL)
		tp_say(show, " \"%.80s\"", object->name);
}

/* What the wait object waits for; it waits. */
void
tp_show_target(struct tp_show *show, struct tp_object *object)
{
	say_kernel_object(show, tp_target_of(object)->block.object);
}

/* Is it a handle of this kernel object that was asked for? */
static bool
is_handle_of(const struct tp_show *show, const struct tp_waitable *object)
{
	return show->address != 0 && object != NULL &&
		tp_handle_look((HANDLE)show->address) == object;
}

/* ---- Threads ---- */

static bool
is_own(const struct tp_show *show, const struct tp_label *label)
{
	return show->here && label == tp_thread_label();
}

/* The beginning of a line, or of members: it goes on with "for". */
static void
begin(struct tp_show *show, const char *name)
{
	if ((show->flags & TP_SHOW_LINE) != 0) {
		tp_say_name(show, 0, name);
		tp_say(show, "waits ");
	} else {
		tp_say(show, "%s\n", name);
		tp_say_name(show, 1, "waits");
	}
	show->shown++;
}

static void
show_sleeper(struct tp_show *show, const struct tp_sleeper *sleeper)
{
	char name[TP_NAME_SIZE];

	tp_show_label(show, name, sleeper->label);
	begin(show, name);
	tp_say(show, "for %s", sleeper->count == 1 ? "" :
		sleeper->all ? "all of " : "any of ");
	for (unsigned i = 0; i < sleeper->count && i < NAMED; i++) {
		tp_say(show, "%s", i > 0 ? ", " : "");
		say_kernel_object(show, sleeper->blocks[i].object);
	}
	tp_say(show, sleeper->count > NAMED ? " and others\n" : "\n");
	if ((show->flags & TP_SHOW_MEMBERS) != 0) {
		tp_say_name(show, 1, "time-out");
		tp_say_time(show, sleeper->deadline, false);
		tp_say(show, "\n");
	}
}

static bool
sleeps_for_that(const struct tp_show *show, const struct tp_sleeper *sleeper)
{
	for (unsigned i = 0; i < sleeper->count; i++)
		if (is_handle_of(show, sleeper->blocks[i].object))
			return true;
	return false;
}

/* Threads that wait for kernel objects, unless they are being woken. */
static void
visit_sleeper(struct tp_show *show, struct tp_list *node)
{
	struct tp_sleeper *sleeper =
		tp_container(node, struct tp_sleeper, link);

	if (tp_list_empty(&sleeper->blocks[0].link))
		return;
	if (show->here ? is_own(show, sleeper->label) :
	    show->address == 0 || sleeps_for_that(show, sleeper))
		show_sleeper(show, sleeper);
}

/* Threads that wait for callbacks. */
static void
visit_waiting(struct tp_show *show, struct tp_list *node)
{
	struct tp_waiting *waiting =
		tp_container(node, struct tp_waiting, link);
	char name[TP_NAME_SIZE], object[TP_NAME_SIZE];

	if (show->here ? !is_own(show, waiting->label) :
	    !tp_is_asked_for(show, waiting->object))
		return;
	tp_show_label(show, name, waiting->label);
	tp_show_object_name(show, object, waiting->object);
	begin(show, name);
	tp_say(show, "for %s%s\n", object,
		waiting->for_ever ? ", for ever" : "");
}

/* ---- Wait objects ---- */

static void
visit_object(struct tp_show *show, struct tp_list *node)
{
	struct tp_object *object =
		tp_container(node, struct tp_object, bound);
	const struct tp_target *target = tp_target_of(object);
	char name[TP_NAME_SIZE];

	if (show->here || (!tp_is_asked_for(show, object) &&
	    (target == NULL || !is_handle_of(show, target->block.object))))
		return;
	if (target == NULL || target->block.object == NULL)
		return;
	tp_show_object_name(show, name, object);
	begin(show, name);
	tp_say(show, "for ");
	tp_show_target(show, object);
	tp_say(show, "\n");
	if ((show->flags & TP_SHOW_MEMBERS) != 0)
		tp_show_object_members(show, object);
}

static void
show_waiters_of(struct tp_show *show, TP_POOL *pool)
{
	tp_find_circles(&pool->waits);
	tp_show_list(show, &pool->waits, visit_waiting);
	tp_show_list(show, &pool->bound, visit_object);
}

/* Whoever waits. An address: this wait object, or for that handle. */
void
tp_show_waiters(struct tp_show *show)
{
	if (show->address != 0 &&
	    tp_handle_look((HANDLE)show->address) != NULL)
		show->known = true;
	tp_show_list(show, &tp_sleepers, visit_sleeper);
	tp_show_pools(show, show_waiters_of);
}

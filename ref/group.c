/* group.c - who belongs to a cleanup group */
/* SPDX-License-Identifier: MIT */
/*
 * Membership, and nothing of what happens to members: that is the chapter's
 * module. See group.h.
 *
 * Interface: tp_group_init, tp_group_join, tp_group_join_locked,
 * tp_group_leave; to close the members tp_group_hold, tp_group_next,
 * tp_group_done; tp_group_in_use, tp_group_unref.
 *
 * The group lives as long as anybody may touch its lock: the application's
 * handle, every member, and whoever closes the members, or waits for the
 * turn, hold one ref each. A worker that frees the last object of a group
 * may do so after the application has closed the group.
 *
 * Locks: the group's, and under it the pool's, for an object's counters.
 */
#include <stdlib.h>

#include "pool.h"

/* Prepares a group without members, held by its handle. */
void
tp_group_init(struct tp_group *group)
{
	tp_mutex_init(&group->lock, TP_RANK_GROUP);
	tp_cond_init(&group->turn);
	group->refs = 1;
	tp_list_init(&group->members);
}

/* Gives up one ref and drops the lock. True: the last; the group is freed. */
static bool
unref_and_unlock(struct tp_group *group)
{
	bool last = --group->refs == 0;

	tp_unlock(&group->lock);
	if (!last)
		return false;
	/* Nobody holds it: all members are freed, their callbacks over. */
	if (group->end != NULL)
		group->end(group);
	tp_cond_destroy(&group->turn);
	tp_mutex_destroy(&group->lock);
	free(group);		/* the module's structure begins with it */
	return true;
}

/* The handle is closed. True: nobody else held the group, and it is gone. */
bool
tp_group_unref(struct tp_group *group)
{
	tp_lock(&group->lock);
	return unref_and_unlock(group);
}

/* The object, which is complete, becomes a member of its group. */
void
tp_group_join_locked(struct tp_object *object)
{
	struct tp_group *group = object->group;

	tp_assert_held(&group->lock);
	group->refs++;
	tp_list_append(&group->members, &object->member);
}

/* The same. */
void
tp_group_join(struct tp_object *object)
{
	struct tp_group *group = object->group;

	tp_lock(&group->lock);
	tp_group_join_locked(object);
	tp_unlock(&group->lock);
}

/* The object is about to be freed: nobody finds it any more. */
void
tp_group_leave(struct tp_object *object)
{
	struct tp_group *group = object->group;

	tp_lock(&group->lock);
	tp_list_remove(&object->member);
	unref_and_unlock(group);
}

/* Waits for the caller's turn to close the members, and holds the group. */
static void
take_turn(struct tp_group *group)
{
	tp_blocking_begin();
	tp_lock(&group->lock);
	group->refs++;
	while (group->closing)
		tp_cond_wait(&group->turn, &group->lock);
	group->closing = true;
#if TP_CHECK
	group->closer = pthread_self();
#endif
	tp_unlock(&group->lock);
	tp_blocking_end();
}

/*
 * Waits for the caller's turn, holds every member, and returns how many
 * there are. They are the first of the list from now on, in the same order,
 * until they are let go: new ones come after them, what is held is not
 * freed, and nobody else lets go of members meanwhile. So tp_group_next may
 * walk over that many without the lock. Ends with tp_group_done.
 *
 * A member without references is being freed on another thread, which waits
 * for the lock. Its callbacks are over; it need not be held, only be out of
 * the way.
 *
 * Locks: none may be held. Blocks.
 */
unsigned
tp_group_hold(struct tp_group *group)
{
	struct tp_list *node, *next;
	unsigned count = 0;

	take_turn(group);
	tp_lock(&group->lock);
	for (node = group->members.next; node != &group->members;
	     node = next) {
		struct tp_object *object =
			tp_container(node, struct tp_object, member);

		next = node->next;
		tp_lock(&object->pool->lock);
		if (object->refs > 0) {
			object->refs++;
			count++;
		} else {
			tp_list_remove(node);
		}
		tp_unlock(&object->pool->lock);
	}
	tp_unlock(&group->lock);
	return count;
}

/* The caller's turn is over: it has let go of the members. */
void
tp_group_done(struct tp_group *group)
{
	tp_lock(&group->lock);
	group->closing = false;
	tp_cond_broadcast(&group->turn);
	unref_and_unlock(group);
}

/* The member that follows object; NULL: the first. See tp_group_hold. */
struct tp_object *
tp_group_next(const struct tp_group *group, const struct tp_object *object)
{
	const struct tp_list *node =
		object != NULL ? &object->member : &group->members;

	return tp_container(node->next, struct tp_object, member);
}

static bool
is_in_use_locked(const struct tp_object *object)
{
	return !object->closed || !tp_object_idle_locked(object);
}

/* Is a member open, or being closed, or does anything of it run or wait? */
bool
tp_group_in_use(struct tp_group *group)
{
	bool in_use;

	tp_lock(&group->lock);
	in_use = group->closing;
	for (struct tp_list *node = group->members.next;
	     node != &group->members && !in_use; node = node->next) {
		struct tp_object *object =
			tp_container(node, struct tp_object, member);

		tp_lock(&object->pool->lock);
		in_use = is_in_use_locked(object);
		tp_unlock(&object->pool->lock);
	}
	tp_unlock(&group->lock);
	return in_use;
}

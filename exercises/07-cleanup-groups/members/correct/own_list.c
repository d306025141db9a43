/* own_list.c - right: takes the members out of the group first */
/* SPDX-License-Identifier: MIT */
/*
 * What is being closed is in a list of its own, which nobody else knows; so
 * there is nothing to count, and an empty list is the end.
 */
#include <stdlib.h>

#include "pool.h"
#include "threadpool.h"

struct _TP_CLEANUP_GROUP {
	struct tp_group group;		/* first: it is freed as one */
#if TP_CHECK
	struct tp_registered registered;
#endif
};

PTP_CLEANUP_GROUP WINAPI
CreateThreadpoolCleanupGroup(VOID)
{
	PTP_CLEANUP_GROUP group = calloc(1, sizeof(*group));

	if (group == NULL) {
		SetLastError(ERROR_NOT_ENOUGH_MEMORY);
		return NULL;
	}
	tp_group_init(&group->group);
	tp_register(&group->registered, group, "cleanup group");
	return group;
}

/* Takes the members, which are held, over into a list of its own. */
static void
take_over(struct tp_group *group, struct tp_list *mine, unsigned count)
{
	tp_lock(&group->lock);
	for (; count > 0; count--) {
		struct tp_list *node = group->members.next;

		tp_list_remove(node);
		tp_list_append(mine, node);
	}
	tp_unlock(&group->lock);
}

static struct tp_object *
object_of(struct tp_list *node)
{
	return tp_container(node, struct tp_object, member);
}

/* How often they have been posted; idle: are all of them, one by one? */
static unsigned long
look_at_all(struct tp_list *mine, bool *idle)
{
	unsigned long posted = 0;

	*idle = true;
	for (struct tp_list *node = mine->next; node != mine;
	     node = node->next) {
		struct tp_object *object = object_of(node);

		tp_lock(&object->pool->lock);
		*idle = *idle && tp_object_idle_locked(object);
		posted += object->posted;
		tp_unlock(&object->pool->lock);
	}
	return posted;
}

/* If nothing is posted between two looks at idle members, that is all. */
static void
wait_for_all(struct tp_list *mine)
{
	unsigned long before, after;
	bool idle;

	do {
		for (struct tp_list *node = mine->next; node != mine;
		     node = node->next)
			(void)tp_object_wait_idle(object_of(node));
		before = look_at_all(mine, &idle);
		if (!idle)
			continue;
		after = look_at_all(mine, &idle);
		idle = idle && after == before;
	} while (!idle);
}

/* The object leaves the list before it goes, for it may be held elsewhere. */
static void
end_first(struct tp_group *group, struct tp_list *mine, bool cancel,
	PVOID context)
{
	struct tp_object *object = object_of(mine->next);

	if (tp_object_end(object, "CloseThreadpoolCleanupGroupMembers") &&
	    cancel && object->cancelled != NULL)
		object->cancelled(object->context, context);
	tp_lock(&group->lock);
	tp_list_remove(&object->member);
	tp_unlock(&group->lock);
	tp_object_release(object);
}

VOID WINAPI
CloseThreadpoolCleanupGroupMembers(PTP_CLEANUP_GROUP ptpcg,
	BOOL fCancelPendingCallbacks, PVOID pvCleanupContext)
{
	struct tp_group *group = &ptpcg->group;
	bool cancel = fCancelPendingCallbacks != FALSE;
	struct tp_list mine;

	tp_check(ptpcg, "cleanup group",
		"CloseThreadpoolCleanupGroupMembers");
	tp_object_check_group(&ptpcg->group,
		"CloseThreadpoolCleanupGroupMembers");
	tp_list_init(&mine);
	take_over(group, &mine, tp_group_hold(group));
	for (struct tp_list *node = mine.next; node != &mine;
	     node = node->next)
		tp_object_shut(object_of(node), cancel);
	wait_for_all(&mine);
	while (!tp_list_empty(&mine))
		end_first(group, &mine, cancel, pvCleanupContext);
	tp_group_done(group);
}

VOID WINAPI
CloseThreadpoolCleanupGroup(PTP_CLEANUP_GROUP ptpcg)
{
	tp_check_close(ptpcg, "cleanup group", "CloseThreadpoolCleanupGroup");
	if (TP_CHECK && tp_group_in_use(&ptpcg->group))
		tp_misuse(TP_MISUSE_GROUP_IN_USE,
			"CloseThreadpoolCleanupGroup", ptpcg);
	tp_group_unref(&ptpcg->group);
}

/* polls.c - a mutant: asks again and again whether a member is in use */
/* SPDX-License-Identifier: MIT */
/*
 * check: it_returns_after_the_last_callback
 * message: the threads run on and get nowhere
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

/* Nothing is posted by itself any more; cancel: and nothing is queued. */
static void
shut_all(struct tp_group *group, unsigned count, bool cancel)
{
	struct tp_object *object = NULL;

	for (; count > 0; count--) {
		object = tp_group_next(group, object);
		tp_object_shut(object, cancel);
	}
}

/* Looks until nothing of any member is queued or runs. */
static void
wait_for_all(struct tp_group *group, unsigned count)
{
	struct tp_object *object;
	bool idle;

	do {
		idle = true;
		object = NULL;
		for (unsigned i = 0; i < count; i++) {
			object = tp_group_next(group, object);
			tp_lock(&object->pool->lock);
			idle = idle && tp_object_idle_locked(object);
			tp_unlock(&object->pool->lock);
		}
	} while (!idle);
}

/* Closes those that are open; cancel: and says so. */
static void
end_all(struct tp_group *group, unsigned count, bool cancel, PVOID context)
{
	struct tp_object *object = NULL;
	bool open;

	for (; count > 0; count--) {
		object = tp_group_next(group, object);
		open = tp_object_end(object,
			"CloseThreadpoolCleanupGroupMembers");
		if (open && cancel && object->cancelled != NULL)
			object->cancelled(object->context, context);
	}
}

static void
release_all(struct tp_group *group, unsigned count)
{
	struct tp_object *object = NULL, *next;

	for (; count > 0; count--) {
		next = tp_group_next(group, object);
		if (object != NULL)
			tp_object_release(object);
		object = next;
	}
	if (object != NULL)
		tp_object_release(object);
}

VOID WINAPI
CloseThreadpoolCleanupGroupMembers(PTP_CLEANUP_GROUP ptpcg,
	BOOL fCancelPendingCallbacks, PVOID pvCleanupContext)
{
	struct tp_group *group = &ptpcg->group;
	bool cancel = fCancelPendingCallbacks != FALSE;
	unsigned count;

	tp_check(ptpcg, "cleanup group",
		"CloseThreadpoolCleanupGroupMembers");
	tp_object_check_group(&ptpcg->group,
		"CloseThreadpoolCleanupGroupMembers");
	count = tp_group_hold(group);
	shut_all(group, count, cancel);
	wait_for_all(group, count);
	end_all(group, count, cancel, pvCleanupContext);
	release_all(group, count);
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

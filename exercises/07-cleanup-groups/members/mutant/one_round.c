/* one_round.c - a mutant: waits for each member once */
/* SPDX-License-Identifier: MIT */
/*
 * check: a_callback_may_post_other_members
 * message: returned before a callback that another member's callback had posted
 * stage: schedules
 */
#include <stdlib.h>

#include "engine.h"
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

/* Waits until each of them is idle. Returns how often they were posted. */
static unsigned long
wait_for_each(struct tp_group *group, unsigned count)
{
	struct tp_object *object = NULL;
	unsigned long posted = 0;

	for (; count > 0; count--) {
		object = tp_group_next(group, object);
		posted += tp_object_wait_idle(object);
	}
	return posted;
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
	(void)wait_for_each(group, count);
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

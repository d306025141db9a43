/* there_and_back.c - right: shuts on the way there, ends on the way back */
/* SPDX-License-Identifier: MIT */
/*
 * One function calls itself for the next member, so that each is ended and
 * released by the call that has shut it: the last one first, since the order
 * does not matter. At the far end all are waited for.
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

struct closing {
	struct tp_group *group;
	bool cancel;
	PVOID context;
	unsigned long posted;		/* of all members, when last seen */
};

/* Waits for those that follow object, as long as anything is posted. */
static void
wait_for_all(struct closing *closing, unsigned count)
{
	unsigned long posted;

	do {
		struct tp_object *object = NULL;

		posted = closing->posted;
		closing->posted = 0;
		for (unsigned i = 0; i < count; i++) {
			object = tp_group_next(closing->group, object);
			closing->posted += tp_object_wait_idle(object);
		}
	} while (closing->posted != posted);
}

/*
 * Shuts object, which is held, and those behind it, and waits for all;
 * then, on the way back, ends and releases them, the last one first.
 */
static void
close_from(struct closing *closing, struct tp_object *before, unsigned left,
	unsigned count)
{
	struct tp_object *object;

	if (left == 0) {
		wait_for_all(closing, count);
		return;
	}
	object = tp_group_next(closing->group, before);
	tp_object_shut(object, closing->cancel);
	close_from(closing, object, left - 1, count);
	if (tp_object_end(object, "CloseThreadpoolCleanupGroupMembers") &&
	    closing->cancel && object->cancelled != NULL)
		object->cancelled(object->context, closing->context);
	tp_object_release(object);
}

VOID WINAPI
CloseThreadpoolCleanupGroupMembers(PTP_CLEANUP_GROUP ptpcg,
	BOOL fCancelPendingCallbacks, PVOID pvCleanupContext)
{
	struct closing closing = { .group = &ptpcg->group,
		.cancel = fCancelPendingCallbacks != FALSE,
		.context = pvCleanupContext, .posted = (unsigned long)-1 };
	unsigned count;

	tp_check(ptpcg, "cleanup group",
		"CloseThreadpoolCleanupGroupMembers");
	tp_object_check_group(&ptpcg->group,
		"CloseThreadpoolCleanupGroupMembers");
	count = tp_group_hold(closing.group);
	close_from(&closing, NULL, count, count);
	tp_group_done(closing.group);
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

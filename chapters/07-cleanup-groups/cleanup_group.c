/* cleanup_group.c - cleanup groups: the end of many objects in one call */
/* SPDX-License-Identifier: MIT */
/*
 * A cleanup group knows the objects that were created for it. Closing its
 * members stops, joins and releases them all: what a program must otherwise
 * do for each object by hand, in the right order, and without knowing which
 * callback uses which object.
 *
 * Interface: CreateThreadpoolCleanupGroup,
 * CloseThreadpoolCleanupGroupMembers, CloseThreadpoolCleanupGroup.
 *
 * Invariant: while members are being closed nothing is released before all
 * of them are idle at one moment. A callback may use any member of its
 * group until it returns.
 *
 * Locks: the group's lock guards the list of members (ref/group.c). None is
 * held here: the passes walk over members that they hold a reference of.
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

/*
 * Creates a cleanup group. Objects become members when they are created
 * with an environment that names it (SetThreadpoolCallbackCleanupGroup).
 *
 * Returns the group; NULL with the last error set on failure.
 * Fails: ERROR_NOT_ENOUGH_MEMORY.
 * Locks: none held when it is called.
 * Source: GROUP-01.
 */
PTP_CLEANUP_GROUP WINAPI
CreateThreadpoolCleanupGroup(VOID)
{
	PTP_CLEANUP_GROUP group;

	tp_check_process("CreateThreadpoolCleanupGroup");
	group = calloc(1, sizeof(*group));
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

/*
 * Waits until all of them are idle at one moment.
 *
 * To wait for one after the other is not enough: a callback of the second
 * may post the first, which has been waited for already. But if two rounds
 * count the same number of posts, nothing was posted between them. Each
 * object was idle when the first round counted it and when the second did,
 * and so all the time in between; thus all of them were, at the moment
 * when the first round ended. What is idle then stays so: no trigger is
 * left, and no callback runs that could post.
 */
static void
wait_for_all(struct tp_group *group, unsigned count)
{
	unsigned long posted, before = wait_for_each(group, count);

	while ((posted = wait_for_each(group, count)) != before)
		before = posted;
}

/* Closes what is still open, and tells its owner so: GROUP-10 to -14. */
static void
end_all(struct tp_group *group, unsigned count, bool cancel, PVOID context)
{
	struct tp_object *object = NULL;

	for (; count > 0; count--) {
		object = tp_group_next(group, object);
		if (tp_object_end(object,
		    "CloseThreadpoolCleanupGroupMembers") &&
		    cancel && object->cancelled != NULL)
			object->cancelled(object->context, context);
	}
}

/* Gives up the references; each object is freed with its last one. */
static void
release_all(struct tp_group *group, unsigned count)
{
	struct tp_object *object, *next = NULL;

	if (count > 0)
		next = tp_group_next(group, NULL);
	for (; count > 0; count--) {
		object = next;
		if (count > 1)
			next = tp_group_next(group, object);
		tp_object_release(object);
	}
}

/*
 * Stops all members of the group, waits for their callbacks, also those
 * that have disassociated themselves, and releases the objects: handles
 * must not be used any more. The group remains, without these members.
 *
 * fCancelPendingCallbacks: TRUE drops the callbacks that have not started,
 * and then calls the cancel callback, on this thread, for each member that
 * is still open; FALSE lets them run. In either case no timer or wait
 * object of the group expires any more.
 * pvCleanupContext: handed to the cancel callbacks; may be NULL.
 * Fails: misuse closed-object, not-an-object, self-wait (in a callback or
 * cancel callback of a member).
 * Locks: none held. Blocks; a pool's worker that calls it may be replaced.
 * Source: GROUP-04 to -25, -30.
 * Differs: objects created in the group meanwhile belong to the next call
 * (GROUP-25). Two threads may call it at once: the second waits until the
 * first is done.
 */
VOID WINAPI
CloseThreadpoolCleanupGroupMembers(PTP_CLEANUP_GROUP ptpcg,
	BOOL fCancelPendingCallbacks, PVOID pvCleanupContext)
{
	struct tp_group *group = &ptpcg->group;
	bool cancel = fCancelPendingCallbacks != FALSE;
	unsigned count;

	tp_check(ptpcg, "cleanup group",
		"CloseThreadpoolCleanupGroupMembers");
	tp_object_check_group(group, "CloseThreadpoolCleanupGroupMembers");
	count = tp_group_hold(group);
	shut_all(group, count, cancel);
	wait_for_all(group, count);
	end_all(group, count, cancel, pvCleanupContext);
	release_all(group, count);
	tp_group_done(group);
}

/*
 * Lets go of a group, whose members have been closed.
 *
 * Fails: misuse closed-object, not-an-object, group-in-use (a member is
 * still open or being closed, or a callback of it outstanding).
 * Locks: the group's, briefly.
 * Source: GROUP-26, -27.
 * Differs: without the checking build members that were left behind go on,
 * and the group is freed with the last of them.
 */
VOID WINAPI
CloseThreadpoolCleanupGroup(PTP_CLEANUP_GROUP ptpcg)
{
	tp_check_close(ptpcg, "cleanup group",
		"CloseThreadpoolCleanupGroup");
	if (TP_CHECK && tp_group_in_use(&ptpcg->group))
		tp_misuse(TP_MISUSE_GROUP_IN_USE,
			"CloseThreadpoolCleanupGroup", ptpcg);
	tp_group_unref(&ptpcg->group);
}

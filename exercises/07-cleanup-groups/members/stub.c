/* members.c - a cleanup group that does not close its members yet */
/* SPDX-License-Identifier: MIT */
/*
 * TODO: write CloseThreadpoolCleanupGroupMembers. Begin with a group of one
 * member that is idle; then one that runs; then two that use each other.
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

VOID WINAPI
CloseThreadpoolCleanupGroupMembers(PTP_CLEANUP_GROUP ptpcg,
	BOOL fCancelPendingCallbacks, PVOID pvCleanupContext)
{
	tp_check(ptpcg, "cleanup group",
		"CloseThreadpoolCleanupGroupMembers");
	tp_object_check_group(&ptpcg->group,
		"CloseThreadpoolCleanupGroupMembers");
	(void)fCancelPendingCallbacks;
	(void)pvCleanupContext;		/* TODO */
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

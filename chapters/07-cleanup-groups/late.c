/* SPDX-License-Identifier: MIT */
/*
 * late.c - a member is created while the members are being closed
 *
 * explore: must=misuse brief
 */
#include "must.h"

static TP_CALLBACK_ENVIRON environment;

static VOID CALLBACK
tick(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_TIMER timer)
{
	(void)instance, (void)context, (void)timer;
}

static DWORD WINAPI
create_member(PVOID unused)
{
	(void)unused;
	new_timer(tick, NULL, &environment);
	return 0;
}

int
main(void)
{
	PTP_CLEANUP_GROUP group = new_group(&environment, NULL);
	HANDLE thread = CreateThread(NULL, 0, create_member, NULL, 0, NULL);

	must(thread != NULL, "CreateThread");
	CloseThreadpoolCleanupGroupMembers(group, TRUE, NULL);
	await(thread);
	CloseThreadpoolCleanupGroup(group);
	return 0;
}

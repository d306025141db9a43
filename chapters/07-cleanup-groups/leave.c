/* SPDX-License-Identifier: MIT */
/*
 * leave.c - a member that main closes, one that closes itself, one that has
 * disassociated itself
 *
 * explore: runs=2000
 */
#include "must.h"

static HANDLE may_end;
static HANDLE started[2];	/* the leaver, the dreamer */
static LONG ended;		/* Interlocked only */

static VOID CALLBACK
tell(PVOID object_context, PVOID cleanup_context)
{
	(void)cleanup_context;
	printf("closed by the group: %s\n", (const char *)object_context);
}

static VOID CALLBACK
never(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_TIMER timer)
{
	(void)instance, (void)context, (void)timer;
	must(FALSE, "it was never set");
}

static VOID CALLBACK
leave(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_WORK work)
{
	(void)instance, (void)context;
	SetEvent(started[0]);
	await(may_end);
	CloseThreadpoolWork(work);
	InterlockedIncrement(&ended);
}

static VOID CALLBACK
dream(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_WORK work)
{
	(void)context, (void)work;
	DisassociateCurrentThreadFromCallback(instance);
	SetEvent(started[1]);
	await(may_end);
	InterlockedIncrement(&ended);
}

int
main(void)
{
	TP_CALLBACK_ENVIRON environment;
	PTP_CLEANUP_GROUP group = new_group(&environment, tell);
	PTP_TIMER timer = new_timer(never, "timer", &environment);
	PTP_WORK leaver = new_work(leave, "leaver", &environment);
	PTP_WORK dreamer = new_work(dream, "dreamer", &environment);

	may_end = new_event();
	started[0] = new_event();
	started[1] = new_event();
	SubmitThreadpoolWork(leaver);
	SubmitThreadpoolWork(dreamer);
	await(started[0]);
	await(started[1]);
	CloseThreadpoolTimer(timer);
	WaitForThreadpoolWorkCallbacks(dreamer, FALSE);
	must(ended == 0, "nobody has ended");
	puts("waited for the dreamer, who is still there");
	SetEvent(may_end);
	CloseThreadpoolCleanupGroupMembers(group, TRUE, NULL);
	must(ended == 2, "both have ended");
	puts("waited for the group: both are gone");
	CloseThreadpoolCleanupGroup(group);
	return 0;
}

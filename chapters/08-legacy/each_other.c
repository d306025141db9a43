/* SPDX-License-Identifier: MIT */
/*
 * each_other.c - two callbacks, and each waits for the end of the other timer
 *
 * explore: must=deadlock brief
 */
#include "must.h"

static HANDLE queue, hourly, daily;

static VOID CALLBACK
end_other(PVOID context, BOOLEAN fired)
{
	HANDLE *other = context;

	(void)fired;
	DeleteTimerQueueTimer(queue, *other, INVALID_HANDLE_VALUE);
}

int
main(void)
{
	queue = CreateTimerQueue();
	must(queue != NULL, "CreateTimerQueue");
	must(CreateTimerQueueTimer(&hourly, queue, end_other, &daily, 10, 0,
		WT_EXECUTEDEFAULT), "the first timer");
	must(CreateTimerQueueTimer(&daily, queue, end_other, &hourly, 10, 0,
		WT_EXECUTEDEFAULT), "the second timer");
	Sleep(20);
	DeleteTimerQueueEx(queue, INVALID_HANDLE_VALUE);
	return 0;
}

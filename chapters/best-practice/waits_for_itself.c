/* SPDX-License-Identifier: MIT */
/*
 * waits_for_itself.c - the last callback cleans up, and waits for the last
 *
 * explore: must=misuse brief
 */
#include "must.h"

static LONG left = 3;

static VOID CALLBACK
count_down(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_WORK work)
{
	(void)instance, (void)context;
	if (InterlockedDecrement(&left) > 0)
		return;
	WaitForThreadpoolWorkCallbacks(work, FALSE);
	CloseThreadpoolWork(work);
}

int
main(void)
{
	PTP_WORK work = new_work(count_down, NULL, NULL);

	for (LONG i = left; i > 0; i--)
		SubmitThreadpoolWork(work);
	Sleep(10);
	return 0;
}

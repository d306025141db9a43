/* SPDX-License-Identifier: MIT */
/*
 * closes_itself.c - the last callback closes the object and does not wait
 */
#include "must.h"

static LONG left = 3;

static VOID CALLBACK
count_down(PTP_CALLBACK_INSTANCE instance, PVOID done, PTP_WORK work)
{
	if (InterlockedDecrement(&left) > 0)
		return;
	CloseThreadpoolWork(work);	/* freed after the last of them */
	SetEventWhenCallbackReturns(instance, done);
}

int
main(void)
{
	HANDLE done = new_event();
	PTP_WORK work = new_work(count_down, done, NULL);

	for (int i = 0; i < 3; i++)
		SubmitThreadpoolWork(work);
	WaitForSingleObject(done, INFINITE);
	puts("the object has been closed by its last callback");
	CloseHandle(done);
	return 0;
}

/* SPDX-License-Identifier: MIT */
/*
 * keeps_order.c - one chapter after the other: each posts the next
 */
#include "must.h"

enum { CHAPTERS = 3 };

static LONG printed;

static VOID CALLBACK
print_chapter(PTP_CALLBACK_INSTANCE instance, PVOID done, PTP_WORK work)
{
	printf("chapter %ld\n", (long)++printed);
	if (printed < CHAPTERS)
		SubmitThreadpoolWork(work);
	else
		SetEventWhenCallbackReturns(instance, done);
}

int
main(void)
{
	HANDLE done = new_event();
	PTP_WORK work = new_work(print_chapter, done, NULL);

	SubmitThreadpoolWork(work);
	WaitForSingleObject(done, INFINITE);
	finish(work);
	CloseHandle(done);
	return 0;
}

/* SPDX-License-Identifier: MIT */
/*
 * ends_thread.c - a callback that ends the thread that runs it
 *
 * explore: must=misuse brief
 */
#include "must.h"

static VOID CALLBACK
give_up(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_WORK work)
{
	(void)instance, (void)context, (void)work;
	ExitThread(1);		/* "there is nothing left to do" */
}

int
main(void)
{
	PTP_WORK work = new_work(give_up, NULL, NULL);

	SubmitThreadpoolWork(work);
	finish(work);
	return 0;
}

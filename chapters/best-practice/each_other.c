/* SPDX-License-Identifier: MIT */
/*
 * each_other.c - two callbacks, and each waits for the other's object
 *
 * explore: must=deadlock brief
 */
#include "must.h"

static PTP_WORK sender, receiver;

static VOID CALLBACK
wait_for(PTP_CALLBACK_INSTANCE instance, PVOID other, PTP_WORK work)
{
	(void)instance, (void)work;
	WaitForThreadpoolWorkCallbacks(*(PTP_WORK *)other, FALSE);
}

int
main(void)
{
	sender = new_work(wait_for, &receiver, NULL);
	receiver = new_work(wait_for, &sender, NULL);
	SubmitThreadpoolWork(sender);
	SubmitThreadpoolWork(receiver);
	finish(sender);
	finish(receiver);
	return 0;
}

/* SPDX-License-Identifier: MIT */
/*
 * one_more.c - two callbacks wait for a third, in a pool of two threads
 *
 * explore: must=deadlock brief
 */
#include "must.h"

static HANDLE baked;

static VOID CALLBACK
decorate(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_WORK work)
{
	(void)instance, (void)context, (void)work;
	WaitForSingleObject(baked, INFINITE);
}

static VOID CALLBACK
bake(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_WORK work)
{
	(void)instance, (void)context, (void)work;
	SetEvent(baked);
}

int
main(void)
{
	TP_CALLBACK_ENVIRON environment;
	PTP_POOL pool = new_pool(&environment, 2);
	PTP_WORK decorating = new_work(decorate, NULL, &environment);
	PTP_WORK baking = new_work(bake, NULL, &environment);

	baked = new_event();
	SubmitThreadpoolWork(decorating);
	SubmitThreadpoolWork(decorating);
	SubmitThreadpoolWork(baking);
	finish(decorating);
	finish(baking);
	CloseThreadpool(pool);
	CloseHandle(baked);
	return 0;
}

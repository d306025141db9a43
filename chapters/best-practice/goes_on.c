/* SPDX-License-Identifier: MIT */
/*
 * goes_on.c - the same, and nobody waits: what comes first posts the rest
 */
#include "must.h"

enum { CAKES = 2 };

static LONG decorated;

static VOID CALLBACK
decorate(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_WORK work)
{
	(void)instance, (void)context, (void)work;
	InterlockedIncrement(&decorated);
}

static VOID CALLBACK
bake(PTP_CALLBACK_INSTANCE instance, PVOID decorating, PTP_WORK work)
{
	(void)instance, (void)work;
	for (int i = 0; i < CAKES; i++)
		SubmitThreadpoolWork(decorating);
}

int
main(void)
{
	TP_CALLBACK_ENVIRON environment;
	PTP_POOL pool = new_pool(&environment, 2);
	PTP_WORK decorating = new_work(decorate, NULL, &environment);
	PTP_WORK baking = new_work(bake, decorating, &environment);

	SubmitThreadpoolWork(baking);
	finish(baking);		/* then everything has been posted */
	finish(decorating);
	CloseThreadpool(pool);
	must(decorated == CAKES, "all are decorated");
	printf("%ld cakes, and no thread has waited for an oven\n",
		(long)decorated);
	return 0;
}

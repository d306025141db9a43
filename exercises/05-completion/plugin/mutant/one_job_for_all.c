/* one_job_for_all.c - a mutant: has one job, which all houses share */
/* SPDX-License-Identifier: MIT */
/*
 * check: the_references_of_others_are_left_alone
 * message: was painted
 */
#include "painters.h"

struct job {
	struct order order;	/* a copy; read-only once it has begun */
	PTP_WORK work;		/* posted once for each wall */

	/* Interlocked only. */
	LONG begun;
	LONG unfinished;
};

static VOID CALLBACK
paint_one(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_WORK work)
{
	struct job *job = context;
	const struct order *order = &job->order;

	(void)instance;
	(void)work;
	order->paint(order->house, InterlockedIncrement(&job->begun) - 1);
	if (InterlockedDecrement(&job->unfinished) > 0)
		return;
	order->finished(order->house, TRUE);
}

/* All that needs memory. NULL: there is none. */
static struct job *
prepare(const struct order *order)
{
	static struct job the_job;
	struct job *job = &the_job;
	TP_CALLBACK_ENVIRON environment;

	job->begun = 0;
	job->order = *order;
	job->unfinished = order->walls;
	InitializeThreadpoolEnvironment(&environment);
	SetThreadpoolCallbackPool(&environment, order->pool);
	SetThreadpoolCallbackLibrary(&environment, order->plugin);
	job->work = CreateThreadpoolWork(paint_one, job, &environment);
	DestroyThreadpoolEnvironment(&environment);
	return job->work != NULL ? job : NULL;
}

/* From the first post on, the job may be gone at any time. */
static void
begin(PTP_WORK work, LONG walls)
{
	while (walls-- > 0)
		SubmitThreadpoolWork(work);
	CloseThreadpoolWork(work);
}

VOID CALLBACK
paint_house(PTP_CALLBACK_INSTANCE instance, PVOID context)
{
	const struct order *order = context;
	struct job *job = prepare(order);

	FreeLibraryWhenCallbackReturns(instance, order->plugin);
	if (job == NULL) {
		order->finished(order->house, FALSE);
		return;
	}
	begin(job->work, order->walls);
}

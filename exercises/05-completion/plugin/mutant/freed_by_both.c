/* freed_by_both.c - a mutant: each wall gives back what only the object took */
/* SPDX-License-Identifier: MIT */
/*
 * check: it_is_loaded_until_the_last_one_has_returned
 * message: unloaded while a callback of it was queued or had not returned
 */
#include <stdlib.h>

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

	(void)work;
	FreeLibraryWhenCallbackReturns(instance, order->plugin);
	order->paint(order->house, InterlockedIncrement(&job->begun) - 1);
	if (InterlockedDecrement(&job->unfinished) > 0)
		return;
	order->finished(order->house, TRUE);
	free(job);
}

/* All that needs memory. NULL: there is none. */
static struct job *
prepare(const struct order *order)
{
	struct job *job = calloc(1, sizeof(*job));
	TP_CALLBACK_ENVIRON environment;

	if (job == NULL)
		return NULL;
	job->order = *order;
	job->unfinished = order->walls;
	InitializeThreadpoolEnvironment(&environment);
	SetThreadpoolCallbackPool(&environment, order->pool);
	SetThreadpoolCallbackLibrary(&environment, order->plugin);
	job->work = CreateThreadpoolWork(paint_one, job, &environment);
	DestroyThreadpoolEnvironment(&environment);
	if (job->work == NULL) {
		free(job);
		return NULL;
	}
	return job;
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
